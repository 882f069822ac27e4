"""Plain fields with the checks that every record needs."""

from django import forms
from django.core.validators import RegexValidator, URLValidator
from django.db import models
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from publishing.free_addresses import give_addresses
from publishing.text import search_text, with_plain_line_ends
from publishing.translated import columns
from publishing.visible import refuse_invisible


def validate_visible(value):
    """Refuses characters that nobody can see (controls, zero-width, direction changes)."""
    refuse_invisible(value)


def validate_visible_lines(value):
    """The same for text of several lines."""
    refuse_invisible(value, lines=True)


class LineField(models.CharField):
    """One line of plain text."""

    default_validators = [validate_visible]


class LinesFormField(forms.CharField):
    """Several lines, each ended by ``\n``; browsers send CRLF."""

    def to_python(self, value):
        return with_plain_line_ends(super().to_python(value))


class LinesField(models.TextField):
    """Several lines of plain text."""

    default_validators = [validate_visible_lines]

    def formfield(self, **kwargs):
        return super().formfield(**({"form_class": LinesFormField} | kwargs))


class WebAddressField(models.URLField):
    """A web address; only http and https."""

    default_validators = [
        URLValidator(
            schemes=["http", "https"],
            message=_("Write a full web address that begins with https:// or http://."),
        )
    ]

    def formfield(self, **kwargs):
        return super().formfield(**({"assume_scheme": "https"} | kwargs))


validate_phone = RegexValidator(
    r"^\+?[0-9][0-9 ()/-]{1,38}$",
    _("Write a telephone number with digits, blanks and brackets only, as +994 12 000 00 00."),
)


class AddressField(models.SlugField):
    """The last part of the web address of a record; the site makes one where nobody wrote one.

    The table refuses an empty one: see ``has_address()``.
    """

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **{"max_length": 100, "unique": True, "blank": True} | kwargs)

    def deconstruct(self):
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.SlugField", args, kwargs  # migrations make no addresses

    def pre_save(self, model_instance, add):
        if model_instance.slug in ("", None):
            give_addresses([model_instance])
        return super().pre_save(model_instance, add)


def has_address(name):
    """The constraint, named ``name``, that a record has an address: pages are found by it."""
    return models.CheckConstraint(
        condition=~models.Q(slug=""),
        name=name,
        violation_error_message=_("Every record has an address."),
    )


class SearchTextField(models.TextField):
    """The folded text of other fields of the row, kept right by every save.

    ``sources``: names of the text fields to search in; a translated one stands for its column in
    each language.
    """

    def __init__(self, *args, sources=(), **kwargs):
        self.sources = tuple(sources)
        kwargs.update(editable=False, blank=True, default="")
        super().__init__(*args, **kwargs)

    def deconstruct(self):
        name, path, args, kwargs = super().deconstruct()
        for implied in ("editable", "blank", "default"):
            kwargs.pop(implied, None)
        return name, path, args, {**kwargs, "sources": self.sources}

    @cached_property
    def columns(self):
        """The names of the columns that are searched, those of every language among them."""
        known = {field.name for field in self.model._meta.concrete_fields}
        found = []
        for source in self.sources:
            found += [one for one in columns(source) if one in known] or [source]
        return found

    def pre_save(self, model_instance, add):
        value = search_text(*(str(getattr(model_instance, one) or "") for one in self.columns))
        setattr(model_instance, self.attname, value)
        return value
