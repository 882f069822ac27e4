"""What nobody changed in a form stays as it is stored.

A page cannot give back everything that a database holds: inputs drop microseconds and blanks at
the ends, a text area sends every line end as CRLF, NULL comes back as empty text. So a form says
which fields differ from what it showed, and only those are written.
"""

from contextlib import suppress
from functools import cached_property

from django import forms
from django.db import models
from django.utils.encoding import punycode

from publishing.text import with_plain_line_ends
from publishing.to_come import is_hidden


class UnchangedFieldsMixin:
    """For a ModelForm: a field that comes back as it was shown keeps its stored value."""

    @cached_property
    def changed_data(self):
        return [name for name in super().changed_data if self._differs(self[name])]

    @staticmethod
    def _differs(bound):
        """Whether a text that is not the stored one is also not what the page showed of it."""
        stored, sent = bound.initial, bound.data
        if not isinstance(bound.field, forms.CharField) or bound.field.disabled:
            return True
        if not isinstance(stored, str | None) or not isinstance(sent, str):
            return True
        return _as_sent(stored or "", bound) != _as_sent(sent, bound)

    def _post_clean(self):
        if not self.instance._state.adding:
            for name in self._columns() - set(self.changed_data):
                self.cleaned_data[name] = getattr(self.instance, name)
        super()._post_clean()

    def _columns(self):
        """The names of what the form has cleaned that is neither a relation nor a file."""
        fields = {field.name: field for field in self.instance._meta.concrete_fields}
        return {
            name
            for name in fields.keys() & self.cleaned_data.keys()
            if not fields[name].is_relation and not isinstance(fields[name], models.FileField)
        }


def _as_sent(text, bound):
    """How a browser sends a text that the page shows, without the blanks that fields drop."""
    text = with_plain_line_ends(text)
    if not isinstance(bound.field.widget, forms.Textarea):
        text = text.replace("\n", "")  # an input holds one line
    if isinstance(bound.field, forms.EmailField):
        text = _with_ascii_domain(text)
    return text.strip() if bound.field.strip else text


def _with_ascii_domain(address):
    """``press@dövlət.az`` as browsers send it from an input for e-mail addresses."""
    name, sign, domain = address.rpartition("@")
    with suppress(UnicodeError):  # no name of a host
        domain = punycode(domain)
    return name + sign + domain


class UnchangedRecordMixin:
    """For a ModelAdmin: a record of which nothing was changed is not written, so that "last
    changed" stays true. A change to its rows (inlines) is one of the record, but not of those that
    readers may not know of before their day: feeds would tell that there is something."""

    def save_model(self, request, obj, form, change):
        if not change or form.has_changed():
            super().save_model(request, obj, form, change)

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        rows = (row for formset in formsets for row in formset)
        rows_changed = any(row.has_changed() and not is_hidden(row.instance) for row in rows)
        if change and rows_changed and not form.has_changed():
            super().save_model(request, form.instance, form, change)
