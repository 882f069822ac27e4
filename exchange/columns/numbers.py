"""Whole numbers, decimals, yes and no."""

import decimal
import re

from django.core.exceptions import ValidationError
from django.db.backends.base.operations import BaseDatabaseOperations
from django.db.models import Case, CharField, F, Value, When
from django.db.models.functions import Cast, Coalesce
from django.utils.translation import gettext as _

from chronology.languages import known
from exchange.columns.column import Column, refused_by, required
from exchange.problems import Refused


class WholeNumberColumn(Column):
    typed = ("number",)

    def __init__(self, name, field, **kwargs):
        super().__init__(name, field, **kwargs)
        # What every database takes; SQLite alone would take more.
        ranges = BaseDatabaseOperations.integer_field_ranges
        self.smallest, self.largest = ranges[field.get_internal_type()]

    def expression(self):
        cast = Cast(F(self.field.name), CharField())
        return Coalesce(cast, Value("")) if self.field.null else cast

    def value(self, text):
        return int(text) if text else None

    def json(self, text):
        return text or "null"

    def canon(self, cell):
        text = cell.strip()
        if not text:
            if self.required:
                raise required()
            return self.default
        advice = _("Write digits only, such as 1945.")
        if not re.fullmatch(r"[+-]?[0-9]+", text):
            if re.fullmatch(r"[+-]?[0-9]+[eE][+]?[0-9]+", text):
                raise Refused("too_large", _("The number is too large."), advice)
            raise Refused("whole_number", _("This is not a whole number."), advice)
        # Longer texts are refused before int(), whose cost grows with the square of the length.
        if len(text) > 20:
            raise Refused("too_large", _("The number is too large."), _("Check its digits."))
        number = int(text)
        if not self.smallest <= number <= self.largest:
            raise Refused(
                "too_large",
                _("The number must be from %(smallest)s to %(largest)s.")
                % {"smallest": self.smallest, "largest": self.largest},
            )
        for check in self.field.validators:
            try:
                check(number)
            except ValidationError as error:
                raise refused_by(error) from None
        return str(number)


class DecimalColumn(Column):
    typed = ("number",)

    def expression(self):
        cast = Cast(F(self.field.name), CharField())
        return Coalesce(cast, Value("")) if self.field.null else cast

    def post(self, text):
        """SQLite gives floating-point text, PostgreSQL trailing zeros."""
        if not text:
            return ""
        places = decimal.Decimal(1).scaleb(-self.field.decimal_places)
        return self.text(decimal.Decimal(text).quantize(places))

    def text(self, value):
        if value is None:
            return ""
        text = f"{value:f}"
        return text.rstrip("0").rstrip(".") if "." in text else text

    def value(self, text):
        return decimal.Decimal(text) if text else None

    def json(self, text):
        return text or "null"

    def canon(self, cell):
        text = cell.strip()
        if not text:
            if self.required:
                raise required()
            return ""
        if not re.fullmatch(r"[+-]?[0-9]{1,12}(\.[0-9]{1,20})?", text):
            raise Refused(
                "number",
                _("This is not a number."),
                _("Write digits with a full stop before the decimals, such as 40.4093."),
            )
        number = decimal.Decimal(text).normalize() + 0
        for check in self.field.validators:
            try:
                check(number)
            except ValidationError as error:
                raise refused_by(error) from None
        canonical = self.text(number)
        return "0" if canonical in ("-0", "") else canonical


class YesNoColumn(Column):
    typed = ("boolean", "number")
    WORDS = {"yes": "yes", "1": "yes", "no": "no", "0": "no"}
    WORDS |= {word: "yes" for one in known().values() for word in one.yes_words}
    WORDS |= {word: "no" for one in known().values() for word in one.no_words}

    def expression(self):
        return Case(
            When(**{self.field.name: True}, then=Value("yes")),
            default=Value("no"),
            output_field=CharField(),
        )

    def text(self, value):
        return "yes" if value else "no"

    def value(self, text):
        return text == "yes"

    def json(self, text):
        return "true" if text == "yes" else "false"

    def canon(self, cell):
        text = cell.strip()
        if not text:
            return self.default
        if (found := self.WORDS.get(text.lower())) is None:
            raise Refused("yes_no", _("This is neither yes nor no."), _("Write “yes” or “no”."))
        return found
