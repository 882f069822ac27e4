"""Plain text, rich text, addresses, choices."""

import re
import unicodedata
from functools import cache

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator, URLValidator
from django.db import models
from django.db.models import F, Value
from django.db.models.fields import NOT_PROVIDED
from django.db.models.functions import Coalesce
from django.utils import translation
from django.utils.translation import gettext as _

from exchange.columns.column import Column, nearest, refused_by, required
from exchange.problems import Refused, shorten
from publishing.fields import validate_visible, validate_visible_lines
from publishing.models import validate_code
from publishing.richtext import MarkdownField, sanitise, validate_markdown

# More marks than any living script stacks on one letter.
MAX_MARKS = 8

# Addresses that Django's check, which takes them apart twice, lets pass in any case.
_PLAIN_ADDRESS = re.compile(
    r"https?://(?:[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?\.){1,4}[a-z]{2,10}(?:/[A-Za-z0-9._/-]*)?"
)

_OF_THE_WEB = {"http", "https"}


def unless_plain(check):
    """A URLValidator that does not look closer at what is plainly an address."""
    plain = _PLAIN_ADDRESS.fullmatch

    def checked(text):
        if len(text) > 200 or not plain(text):
            check(text)

    return checked


@cache
def _marks():
    """A pattern that finds too many combining marks in a row (“Zalgo”)."""
    ranges, start = [], None
    for number in range(0x300, 0x1F000):
        if unicodedata.category(chr(number)) in ("Mn", "Me"):
            start = number if start is None else start
        elif start is not None:
            ranges.append(f"{chr(start)}-{chr(number - 1)}")
            start = None
    return re.compile(f"[{''.join(ranges)}]{{{MAX_MARKS + 1}}}")


class TextColumn(Column):
    """Plain text, of one line or several, rich text, addresses and choices."""

    def __init__(self, name, field, **kwargs):
        super().__init__(name, field, **kwargs)
        self.lines = isinstance(field, models.TextField)
        self.markdown = isinstance(field, MarkdownField)
        self.max_length = field.max_length
        self.choices = [key for key, _label in field.flatchoices] if field.choices else None
        special = [validate_visible, validate_visible_lines, validate_code, validate_markdown]
        self.fast = [v for v in field.validators if v in special]
        self.validators = [
            unless_plain(v) if isinstance(v, URLValidator) and set(v.schemes) >= _OF_THE_WEB else v
            for v in field.validators
            if v not in special and not isinstance(v, MaxLengthValidator)
        ]
        self.exact = validate_code in self.fast
        self.checks = [v for v in field.validators if not isinstance(v, MaxLengthValidator)]
        if not self.fast:  # plain CharFields are checked like lines: nobody sees U+200B
            self.checks.insert(0, validate_visible_lines if self.lines else validate_visible)
        self.canon = self._compile()

    @property
    def required(self):
        if self._required is not None:
            return self._required
        field = self.field
        return not field.blank and field.default is NOT_PROVIDED

    def expression(self):
        if self.field.null:
            return Coalesce(F(self.field.name), Value(""), output_field=models.TextField())
        return F(self.field.name)

    def value(self, text):
        return text

    def stored(self, text):
        return (text,)

    def show(self, text):
        """A choice by its name, other texts as they are."""
        return str(dict(self.field.flatchoices).get(text, text)) if self.choices else text

    def _compile(self):
        """``canon`` as a closure: this runs for every cell of a file."""
        exact, lines, markdown = self.exact, self.lines, self.markdown
        max_length, choices, checks = self.max_length, self.choices, self.checks
        validators, is_required = self.validators, self.required
        default = "" if is_required else self.default
        known = frozenset(choices or ())

        def canon(cell):
            text = cell if exact else cell.strip()
            if not text:
                if is_required:
                    raise required()
                return default
            if known and text not in known:
                raise self._not_a_choice(text)
            if markdown and ("<" in text or "\r" in text):
                text = sanitise(text).strip()
                if not text and is_required:
                    raise required()
            if max_length and len(text) > max_length:
                raise Refused(
                    "too_long",
                    _("The text has %(length)s characters; %(limit)s are allowed.")
                    % {"length": len(text), "limit": max_length},
                    _("Shorten it."),
                )
            visible = text.isprintable() or (lines and text.replace("\n", "").isprintable())
            if visible and not (markdown and "](" in text) and not (exact and text != text.strip()):
                wanted = validators
            else:
                wanted = checks
            for check in wanted:
                try:
                    check(text)
                except ValidationError as error:
                    raise refused_by(error) from None
            if not text.isascii() and _marks().search(text):
                raise Refused(
                    "marks",
                    _("The text has too many combining marks on one letter."),
                    _("Type that place again."),
                )
            return text

        return canon

    def _not_a_choice(self, text):
        labels = {}
        for language, _name in settings.LANGUAGES:
            with translation.override(language):
                labels |= {str(label): key for key, label in self.field.flatchoices}
        labels |= {key: key for key in self.choices}
        found = nearest(text, labels)
        return Refused(
            "choice",
            _("“%(value)s” is not one of %(choices)s.")
            % {"value": shorten(text), "choices": ", ".join(self.choices)},
            _("Did you mean “%(word)s”?") % {"word": labels[found]}
            if found
            else _("Write one of these words."),
        )
