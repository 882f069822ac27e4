"""The form in which staff edit a record, whatever its kind."""

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.html import format_html, format_html_join
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from publishing.models import Publishable, Status, may_publish
from staff.second_look import SecondLookForm
from staff.unchanged import UnchangedFieldsMixin
from staff.versions import changed_parts


class RowForm(SecondLookForm, UnchangedFieldsMixin, forms.ModelForm):
    """A record whose code may be left to the site. ``user``: set by the admin on the class."""

    user = None

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "code" in self.fields:
            self.fields["code"].required = False
            self.fields["code"].help_text = gettext_lazy(
                "Permanent identifier. Leave it empty and the site makes one from the name."
            )


class VersionedForm(RowForm):
    """A record with its rows, which notices that somebody else saved meanwhile.

    Its admin sets on the class: ``stored_version``, what the database holds, read before the
    record is (for a new record: a token that is used once), and ``part_labels``, the names of
    what the version's parts stand for, that of the record first.
    """

    stored_version = ""
    part_labels = ()
    version = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial["version"] = self.stored_version

    def clean(self):
        cleaned = super().clean()
        sent = self.data.get(self.add_prefix("version"))
        if not sent or not self.stored_version:
            raise ValidationError(
                _(
                    "The form arrived incomplete, so nothing was saved. "
                    "Open the page again and repeat your change."
                ),
                code="no_version",
            )
        if sent != self.stored_version:
            self._refuse_stale(changed_parts(sent, self.stored_version))
        return cleaned

    def _refuse_stale(self, changed):
        """Names what the other person saved; saving once more then overwrites it knowingly."""
        differing = [
            (self.fields[name].label or name, self._shown(name))
            for name in self.changed_data
            if 0 in changed
            and name in self.fields
            and name != "version"
            and name in self.cleaned_data
        ]
        rows = [(self.part_labels[i], _("rows were changed")) for i in changed if i]
        saved = format_html_join("", "<li>{}: {}</li>", [*differing, *rows])
        self.data = self.data.copy()
        self.data[self.add_prefix("version")] = self.stored_version
        raise ValidationError(
            format_html(
                "{} {}<ul>{}</ul>",
                _("Somebody else saved this record after you opened it. Nothing was overwritten."),
                _("What you typed is below; save again to keep it. Stored now:"),
                saved,
            ),
            code="stale",
        )

    def _shown(self, name):
        value = self.initial.get(name)
        if isinstance(value, (list, models.QuerySet)):
            value = ", ".join(map(str, value))
        text = str(value if value is not None else "").strip()
        return Truncator(text).chars(200) or _("(empty)")


class RecordForm(VersionedForm):
    """A record with an address and a state."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "slug" in self.fields:
            self.fields["slug"].required = False

    def _post_clean(self):
        if isinstance(self.instance, Publishable) and not self._may_publish():
            # Whatever a forged form says: without the right a record stays a draft.
            self.cleaned_data.pop("publish_at", None)
            self.cleaned_data.pop("status", None)
        super()._post_clean()

    def _may_publish(self):
        return self.user is None or may_publish(self.user, type(self.instance))

    def clean_status(self):
        return self.cleaned_data.get("status") or Status.DRAFT
