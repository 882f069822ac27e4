"""The form in which staff edit a record, whatever its kind."""

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from publishing.models import Publishable, Status, may_publish


class RowForm(forms.ModelForm):
    """A record whose code may be left to the site. ``user``: set by the admin on the class."""

    user = None

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "code" in self.fields:
            self.fields["code"].required = False
            self.fields["code"].help_text = gettext_lazy(
                "Permanent identifier. Leave it empty and the site makes one from the name."
            )


class RecordForm(RowForm):
    """A record with an address and a state, which notices that somebody else saved meanwhile."""

    version = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.current_version = self.version_of(self.instance)
        self.initial["version"] = self.current_version

    def version_of(self, record):
        """A text that changes with every save of the record; "" for a new one."""
        updated_at = getattr(record, "updated_at", None)
        return updated_at.isoformat() if record.pk and updated_at else ""

    def clean(self):
        cleaned = super().clean()
        sent = self.data.get(self.add_prefix("version"))
        if sent and sent != self.current_version:
            self._refuse_stale()
        return cleaned

    def _refuse_stale(self):
        """Names what the other person saved; saving once more then overwrites it knowingly."""
        differing = [
            (self.fields[name].label or name, self._shown(name))
            for name in self.changed_data
            if name in self.fields and name != "version" and name in self.cleaned_data
        ]
        saved = format_html_join("", "<li>{}: {}</li>", differing)
        self.data = self.data.copy()
        self.data[self.add_prefix("version")] = self.current_version
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
        return text[:200] or _("(empty)")

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
