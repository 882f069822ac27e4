"""Django's autocompletes, safe from ids that are no ids.

A refused form is drawn again with what was sent; the stock widgets ask the database for it as it
is, which is a server error for ``x`` everywhere and for 30 digits on SQLite.
"""

from django import forms
from django.contrib.admin.widgets import AutocompleteSelect, AutocompleteSelectMultiple
from django.core.exceptions import ValidationError

_MOST_DIGITS = 18  # a BigAutoField holds 19, not all of them


def is_id(text):
    """Whether ``text`` can be the primary key of a record."""
    text = str(text)
    return text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS


class _KnownIds:
    def optgroups(self, name, value, attrs=None):
        return super().optgroups(name, [one for one in value if not one or is_id(one)], attrs)


class SafeAutocompleteSelect(_KnownIds, AutocompleteSelect):
    pass


class SafeAutocompleteSelectMultiple(_KnownIds, AutocompleteSelectMultiple):
    pass


class SafeModelMultipleChoiceField(forms.ModelMultipleChoiceField):
    """Refuses forged ids before the database sees them."""

    def _check_values(self, value):
        for one in value:
            if not is_id(one):
                raise ValidationError(
                    self.error_messages["invalid_pk_value"],
                    code="invalid_pk_value",
                    params={"pk": str(one)[:40]},
                )
        return super()._check_values(value)
