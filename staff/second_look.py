"""Forms that contradict something: what was found is shown, and nothing is saved.

Judged is what the database holds once all of the form is saved, together with whatever saving
writes beside it; then all of it is taken back. What is refused stays so. The rest is saved where
the form comes again with a tick that accepts exactly what was found. What was there before, and has
not changed, is not asked about.
"""

from django.contrib.messages.storage import default_storage
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from publishing import findings
from publishing.finding_groups import LISTED, count_of, grouped

FIELD = "looked_at"


class Contradicted(Exception):
    """A form was saved and contradicts something, so its saving is taken back."""

    def __init__(self, found, places):
        super().__init__()
        self.found, self.places = found, places


class SecondLook:
    """What a form shows of its findings. ``found``: all of them; ``tick``: what accepts those that
    may be accepted, "" for none; ``groups``: the first of these as they are shown, ``more``: how
    many are in none of them; ``places``: {Place without field: prefix of the form it is in}."""

    def __init__(self, contradicted):
        self.found = contradicted.found
        self.places = contradicted.places
        self.refused = [one for one in self.found if one.is_refused]
        self.questions = [one for one in self.found if not one.is_refused]
        self.tick = findings.fingerprint(self.questions) if self.questions else ""
        self.groups = grouped(self.questions)[:LISTED]
        self.more = len(self.questions) - count_of(self.groups)

    def add_errors(self, form):
        """Add to a form, that of the record or of a row, what is refused in it."""
        for finding in self.refused:
            prefix, field = self._placed(finding)
            if prefix == form.prefix:
                form.add_error(field if field in form.fields else None, finding.sentence)
        if self.questions and not form.prefix:
            sentence = _("Look at what is listed above, and say that you have.")
            form.add_error(None, ValidationError(sentence, code="second_look"))

    def _placed(self, finding):
        """(prefix of the form, field) at which a finding is shown; the record's own has none."""
        for model, code, field in finding.places:
            if (model, code) in self.places:
                return self.places[model, code], field
        return None, None


def judged(model_admin, request, object_id, save):
    """The answer of ``save()``, which saves a form or shows it again; Contradicted is raised once
    it was saved and what it newly makes has not been accepted."""
    before = []
    if object_id is not None and (record := model_admin.get_object(request, object_id)):
        before = findings.of_record(record)
    with transaction.atomic():
        answer = save()
        if saved := getattr(request, "saved_form", None):
            form, formsets = saved
            places = _places(form, formsets)
            judge(form.instance, before, request.POST.get(FIELD), places)
    return answer


def judge(record, before, tick, places=()):
    """Raise Contradicted for what a saved record newly contradicts (``before``: what was found
    before it was saved) and the sent ``tick`` does not accept. ``places``: as of SecondLook."""
    found = findings.only_new(findings.of_record(record), before)
    questions = [one for one in found if not one.is_refused]
    accepted = tick == findings.fingerprint(questions)
    if len(questions) < len(found) or (questions and not accepted):
        raise Contradicted(found, dict(places))


def _places(form, formsets):
    """{(label of the model, code): prefix of the form that shows it}."""
    rows = [row for formset in formsets for row in formset.forms]
    return {
        (one.instance._meta.label_lower, one.instance.code): one.prefix
        for one in (form, *rows)
        if getattr(one.instance, "code", "")
    }


def take_back(request, contradicted):
    """Prepare the request to be answered again, by the form with what was found."""
    request.second_look = SecondLook(contradicted)
    request.saved_form = None
    request._messages = default_storage(request)  # those of the saving that was taken back


class SecondLookForm:
    """For a ModelForm, of a record or of a row; its admin sets ``second_look`` on the class."""

    second_look = None

    def clean(self):
        cleaned = super().clean()
        if self.second_look is not None:
            self.second_look.add_errors(self)
        return cleaned
