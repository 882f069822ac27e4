"""The form with which an import begins."""

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

import exchange
from chronology.forms import HistoricalDateFormField
from exchange.desk.imports import jobs
from exchange.desk.imports.words import kind_name
from exchange.problems import BadFile
from exchange.reading import format_of
from exchange.registry import EVERYTHING, resource_for
from publishing.models import Publishable, Status, may_publish
from staff.since_when_form import SinceWhenForm


class UploadForm(forms.Form):
    """What kind of records, which file, and what is meant by what it leaves out."""

    kind = forms.ChoiceField(label=_("What the file holds"))
    file = forms.FileField(
        label=_("File"),
        allow_empty_file=True,  # said like everything else that is wrong with a file
        max_length=200,
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx,.json,.zip"}),
    )
    new_status = forms.ChoiceField(
        label=_("New records without a status"),
        choices=[(Status.PUBLISHED, _("are published")), (Status.DRAFT, _("become drafts"))],
        widget=forms.RadioSelect,
        initial=Status.PUBLISHED,
        required=False,
    )
    delete_missing = forms.BooleanField(
        label=_("The file is complete: close or delete the records that it does not mention"),
        help_text=_(
            "Units are not deleted but closed at the date below; records of other kinds are "
            "deleted. The preview lists each of them, and nothing happens before you confirm it."
        ),
        required=False,
    )
    closing_date = HistoricalDateFormField(
        label=_("Closed on"),
        help_text=_("Left empty: at an unknown time up to today, since a file does not say when."),
        periods=True,
        required=False,
    )

    def __init__(self, *args, user, kinds, **kwargs):
        """``kinds``: those that ``user`` may import, in the order of the choice."""
        super().__init__(*args, **kwargs)
        self.user = user
        self.fields["kind"].choices = [
            *((kind, kind_name(kind)) for kind in kinds),
            (EVERYTHING, _("Several kinds: the workbook or zip of the whole site")),
        ]
        models = [resource_for(kind)._meta.model for kind in kinds]
        if not any(issubclass(m, Publishable) and may_publish(user, m) for m in models):
            del self.fields["new_status"]
        if not any(exchange.may_close_missing(user, kind) for kind in kinds):
            del self.fields["delete_missing"], self.fields["closing_date"]

    def clean_file(self):
        upload = self.cleaned_data["file"]
        if upload.size > settings.IMPORT_MAX_BYTES:
            raise forms.ValidationError(
                _("The file is larger than %(limit)s MB.")
                % {"limit": f"{settings.IMPORT_MAX_BYTES / 1024 / 1024:g}"}
            )
        try:
            format_of(upload.name)
        except BadFile as bad:
            raise forms.ValidationError([p.sentence for p in bad.problems]) from None
        return upload

    def clean(self):
        data = super().clean()
        kind = data.get("kind")
        wanted = data.get("delete_missing")
        if wanted and kind != EVERYTHING and not exchange.may_close_missing(self.user, kind):
            self.add_error(
                "delete_missing", _("You have no right to do this with records of this kind.")
            )
        return data

    def create_job(self):
        data = self.cleaned_data
        return jobs.create(
            self.user,
            data["file"],
            kind=data["kind"],
            delete_missing=data.get("delete_missing", False),
            new_status=data.get("new_status") or Status.PUBLISHED,
            closing_date=str(data.get("closing_date") or ""),
        )


class AnswerForm(SinceWhenForm):
    """What the values mean that a file changes and readers have seen; ``answer``, once valid."""

    CORRECTION = "correction"

    meant = forms.ChoiceField(
        choices=[
            (SinceWhenForm.CHANGE, _("They changed on a date")),
            (CORRECTION, _("They are corrections: it was always so")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one of the two.")},
    )
    legend = _("The file changes what readers have seen. What does that mean?")
    hints = {
        SinceWhenForm.CHANGE: _(
            "The former values are kept, and pages of earlier dates show them. Rows that say "
            "themselves since when the new value holds keep their own date."
        ),
        CORRECTION: _("The former values were mistakes. They are not kept."),
    }

    @classmethod
    def given(cls, job):
        """The answer of a job, as ``initial`` of the form."""
        if job.corrections:
            return {"meant": cls.CORRECTION}
        meant = {"meant": cls.CHANGE} if job.since else {}
        return {**meant, "since": job.since, "announced": job.announce}

    def clean(self):
        data = super().clean()
        changed = data.get("meant") == self.CHANGE
        if changed and "since" not in self.errors and not data.get("since"):
            self.add_error("since", _("Write since when."))
        return data

    @property
    def answer(self):
        """For ``jobs.answer``."""
        changed = self.cleaned_data["meant"] == self.CHANGE
        return {
            "corrections": not changed,
            "since": self.cleaned_data["since"] if changed else None,
            "announce": changed and self.cleaned_data["announced"],
        }
