"""What a changed name or superior means, as a form: part of the form of a unit, of "Place…", and
of the dialog after dragging."""

import json

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from chronology import HistoricalDate
from publishing.models import why_not_add
from sources.models import Source
from staff.autocomplete import SafeAutocompleteSelectMultiple, SafeModelMultipleChoiceField
from staff.since_when_form import SinceWhenForm
from units.changes import NAME, SUPERIOR, Change, Meant, check, is_later
from units.models import DatedName, Unit

_LEGENDS = {
    NAME: _("The name is changed. What does that mean?"),
    SUPERIOR: _("The superior is changed. What does that mean?"),
}
_HINTS = {
    NAME: {
        Meant.CHANGE: _("Pages of earlier dates keep the former name."),
        Meant.UNKNOWN: _("Both names are kept, and pages say that the day is not known."),
        Meant.CORRECTION: _("The former name was a mistake. It is not kept."),
    },
    SUPERIOR: {
        Meant.CHANGE: _("Pages of earlier dates keep the former superior."),
        Meant.UNKNOWN: _("Both superiors are kept, and pages say that the day is not known."),
        Meant.CORRECTION: _("The former superior was a mistake. It is not kept."),
    },
}
_UNANSWERED = {
    NAME: _(
        "Nothing was saved yet. Readers have seen this unit under its former name, so say at the "
        "name whether it was changed or corrected."
    ),
    SUPERIOR: _(
        "Nothing was saved yet. Readers have seen this unit under its former superior, so say at "
        "the superior whether it was changed or corrected."
    ),
}

_WRONG_DATE = _("Nothing was saved yet. The date that was given for a change cannot be kept.")


class ChangeForm(SinceWhenForm):
    """The question for one Fact; after validation ``change`` is the answer.

    ``stored_since``: since when the present value holds. ``stored``: ``{name of a field of the
    page: its stored value}``, by which the script sees whether anything is changed. ``cites``:
    also sources are asked for, such as the act; the dialog after dragging is too small for that.
    ``second_look``: the SecondLook that a move needs, or None.
    """

    meant = forms.ChoiceField(
        choices=Meant.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one of the three.")},
    )
    sources = SafeModelMultipleChoiceField(
        Source.objects.all(),
        label=_("The act, or where else it is written"),
        required=False,
        widget=SafeAutocompleteSelectMultiple(DatedName._meta.get_field("sources"), admin.site),
    )
    template_name = "admin/units/unit/_since_when.html"

    class Media:
        js = ["admin_site/since_when.js"]

    def __init__(self, data=None, *, fact, stored_since, stored=None, cites=False, **kwargs):
        prefix = "name" if fact is NAME else "superior"
        super().__init__(data, prefix=prefix, use_required_attribute=False, **kwargs)
        if not cites:
            del self.fields["sources"]
        self.fact, self.stored_since = fact, stored_since
        self.stored = json.dumps(stored) if stored else ""
        self.legend, self.hints = _LEGENDS[fact], _HINTS[fact]
        self.unanswered = _UNANSWERED[fact]
        self.second_look = None
        # Whether the page shows it as it comes; otherwise the script does when it has to.
        self.is_asked = False
        self.change = None

    @property
    def is_answered(self):
        """Whether anything was sent of it."""
        return self.add_prefix("meant") in self.data

    def suggest(self, since):
        """Show a change since this date as the answer; somebody has still to send it."""
        self.data = self.data.copy()
        self.data[self.add_prefix("meant")] = Meant.CHANGE.value
        self.data[self.add_prefix("since")] = since.text

    def clean(self):
        cleaned = super().clean()
        if self.errors:
            return cleaned
        meant = Meant(cleaned["meant"])
        change = Change(meant)
        if meant is Meant.CHANGE:
            sources = tuple(one.pk for one in cleaned.get("sources", ()))
            change = Change(meant, cleaned["since"], cleaned["announced"], sources)
        try:
            check(self.stored_since, change)
        except ValidationError as error:
            self.add_error("since", error)
        else:
            self.change = change
        return cleaned


def superior_question(unit, data=None, *, field=None):
    """The ChangeForm for a unit that is moved. ``unit``: a Unit, or None for one that the page
    has still to name; ``field``: the field of the page in which the superior is chosen."""
    today = HistoricalDate.from_date(timezone.localdate())
    return ChangeForm(
        data,
        fact=SUPERIOR,
        stored_since=unit and unit.superior_since,
        stored=field and {field: str(unit.parent_id or "")},
        cites=field is not None,
        initial={"meant": Meant.CHANGE, "since": today},
    )


class Questions:
    """The questions that belong to the form of a unit (``form``), and their answers.

    None for a unit that readers have never seen. ``stored``: the unit as the database has it.
    """

    def __init__(self, form, stored):
        self.form, self.stored = form, stored
        self.by_fact = {}
        if stored is None or not stored.has_been_public:
            return
        for fact in (NAME, SUPERIOR):
            values = {_field(name): str(v or "") for name, v in fact.values(stored).items()}
            shown = {form.add_prefix(n): v for n, v in values.items() if n in form.fields}
            if shown:
                self.by_fact[fact] = ChangeForm(
                    form.data if form.is_bound else None,
                    fact=fact,
                    stored_since=getattr(stored, fact.since),
                    stored=shown,
                    cites=True,
                )

    def judge(self):
        """Ask what the form changes; unanswered questions and wrong answers become its errors."""
        for fact, question in self.by_fact.items():
            question.is_asked = self._is_changed(fact)
            if question.is_asked:
                self._judge(fact, question)

    def _is_changed(self, fact):
        cleaned, touched = self.form.cleaned_data, self.form.changed_data
        for name, old in fact.values(self.stored).items():
            field = _field(name)
            if field in touched and field in cleaned:
                new = cleaned[field]
                if (getattr(new, "pk", new) or None) != (old or None):
                    return True
        return False

    def _judge(self, fact, question):
        typed = None
        if fact.since in self.form.changed_data:
            typed = self.form.cleaned_data.get(fact.since)
        answer = question.change if question.is_valid() else None
        if answer and answer.meant is Meant.CORRECTION:
            return
        if answer and (sentence := why_not_add(self.form.user, fact.model)):
            self.form.add_error(None, sentence)
        if answer and typed and typed != answer.since:
            sentence = _(
                "This is another date than the one that you gave for the change. Write here since "
                "when the former one held, as it was, or the same date."
            )
            self.form.add_error(fact.since, sentence)
        if answer is None:
            wrong_date = "since" in question.errors
            self.form.add_error(None, _WRONG_DATE if wrong_date else question.unanswered)
            if typed and not question.is_answered and is_later(typed, question.stored_since):
                question.suggest(typed)
        if fact.since in self.form.cleaned_data:  # the answer says since when
            self.form.cleaned_data[fact.since] = getattr(self.stored, fact.since)

    def answers(self):
        """``[(Fact, Change)]`` of what the form changes."""
        return [(fact, one.change) for fact, one in self.by_fact.items() if one.is_asked]


def _field(name):
    """The field of the form for what a Fact calls ``name``."""
    return Unit._meta.get_field(name).name
