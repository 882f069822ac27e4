"""Dates as precise as is known, days of the calendar, moments."""

import datetime
import re
from functools import lru_cache

from django.db.models import CharField, ExpressionWrapper, F, Value
from django.db.models.functions import Cast, Coalesce
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from chronology import HistoricalDate, InvalidDate, read_date
from chronology.dates import PERIOD_REFUSED
from chronology.display import display, display_typed
from chronology.fields import BOUNDS
from chronology.recorded import says_the_same
from exchange.columns.column import Column, required
from exchange.columns.empty_words import refused, says_nothing
from exchange.problems import Refused, told_apart

_MIDNIGHT = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})[T ]00:00(?::00(?:\.0+)?)?(?:Z|\+00:00)?")
_ZEROS = re.compile(r"([0-9]{4}(?:-(?!00)[0-9]{2})?)(?:-00){1,2}")
_OF_NUMBERS = re.compile(r"[0-9]{4}-[0-9]{1,2}(-[0-9]{1,2})?")
_NUMBERS_ONLY = re.compile(r"[0-9]{5}|[0-9]{8}")


def of_digits(text):
    """What a date without its signs may be: a spreadsheet's count of days, or year, month, day."""
    try:
        if len(text) == 5:
            day = datetime.date(1899, 12, 30) + datetime.timedelta(days=int(text))
            return _("If this is a spreadsheet's number of a day, it is %(date)s.") % {
                "date": day.isoformat()
            }
        day = datetime.date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except (ValueError, OverflowError):
        return ""
    return _("If this is a day, write it as %(date)s.") % {"date": day.isoformat()}


class HistoricalDateColumn(Column):
    """A date as precise as is known, in EDTF; other unambiguous forms are understood."""

    typed = ("date", "number")

    @property
    def model_field_names(self):
        name = self.field.name
        return [name, *(f"{name}_{bound}" for bound in BOUNDS)]

    def expression(self):
        # Without the wrapper every row would be parsed to a date and written out again.
        return ExpressionWrapper(F(self.field.name), output_field=CharField())

    def text(self, value):
        return value.text if value else ""

    def value(self, text):
        return HistoricalDate.parse(text) if text else None

    def stored(self, text):
        return (text, *self.field.bounds(self.value(text)))

    def show(self, text):
        return f"{text} ({display_typed(self.value(text))})" if text else ""

    def reader(self, part):
        """The same days and years come again and again."""
        return lru_cache(maxsize=10_000)(self.canon)

    def canon(self, cell):
        text = cell.strip()
        if not text:
            if not self.field.blank:
                raise required()
            return ""
        if says_nothing(text):
            raise refused(self._where_empty_says_more())
        if match := _MIDNIGHT.fullmatch(text):
            text = match[1]  # how databases write a day
        try:
            # 2024-1-1 is a slip in a file, where a machine wrote the dates.
            strict = _OF_NUMBERS.fullmatch(text)
            date = HistoricalDate.parse(text) if strict else read_date(text)
        except InvalidDate as error:
            wrong, todo = told_apart(error)
            hint = self._hint(text)
            raise Refused("date", wrong, f"{todo} {hint}".strip()) from None
        if date.is_period and not self.field.periods:
            raise Refused(
                "period",
                str(PERIOD_REFUSED),
                _("Write a year (1992), a month (1992-11) or a day (1992-11-24)."),
            )
        return date.text

    def _where_empty_says_more(self):
        """Advice for a word such as “unknown” where an empty cell means “not yet over”."""
        if self.field.empty != "open":
            return ""
        if not self.field.periods:
            return _("Leave the cell empty only if it is not over; otherwise write the date.")
        return _(
            "Leave the cell empty only if it has not happened. If it has and nobody knows when, "
            "write /%(day)s: at some time up to that day."
        ) % {"day": timezone.localdate().isoformat()}

    def _hint(self, text):
        """What somebody probably meant who wrote ``text`` where a date is expected."""
        if match := _ZEROS.fullmatch(text):
            return _("If only this much is known, write %(date)s.") % {"date": match[1]}
        if _NUMBERS_ONLY.fullmatch(text):
            return of_digits(text)
        if self.field.periods and not any(map(str.isdigit, text)):
            return _(
                "If it is only known that it has happened, write /%(day)s: at some time up to that "
                "day. If it has not, leave the cell empty."
            ) % {"day": timezone.localdate().isoformat()}
        return ""


class SinceColumn(HistoricalDateColumn):
    """Since when something holds that holds now. The site closes what is not known at the day on
    which the record is first public; a file that still has it as it was says the same."""

    def says_the_same(self, text, stored):
        return says_the_same(self.value(text), self.value(stored))


class FilledDateColumn(SinceColumn):
    """The same; an empty cell keeps what the site has filled in."""

    generated = True


class DayColumn(Column):
    """A day of the calendar, ``2026-11-22``."""

    typed = ("date",)

    def expression(self):
        return Coalesce(Cast(F(self.field.name), CharField()), Value(""))

    def text(self, value):
        return value.isoformat() if value else ""

    def value(self, text):
        return datetime.date.fromisoformat(text) if text else None

    def show(self, text):
        return f"{text} ({display(HistoricalDate.parse(text))})" if text else ""

    def canon(self, cell):
        text = cell.strip()
        if not text:
            if self.required:
                raise required()
            return ""
        if match := re.fullmatch(r"([0-9]{2})\.([0-9]{2})\.([0-9]{4})", text):
            text = f"{match[3]}-{match[2]}-{match[1]}"
        try:
            date = HistoricalDate.parse(text)
        except InvalidDate as error:
            raise Refused("date", str(error)) from None
        if date.exact is None:
            raise Refused("date", _("A whole date is needed here."), _("Write it like 2026-11-22."))
        return date.text


class MomentColumn(Column):
    """A day and a time; files hold it in UTC, ``2026-11-22T10:00:00Z``."""

    typed = ("date",)

    def expression(self):
        return F(self.field.name)

    def post(self, value):
        return self.text(value)

    def text(self, value):
        if not value:
            return ""
        return value.astimezone(datetime.UTC).replace(tzinfo=None).isoformat() + "Z"

    def value(self, text):
        return datetime.datetime.fromisoformat(text) if text else None

    def show(self, text):
        moment = self.value(text)
        return timezone.localtime(moment).strftime("%Y-%m-%d %H:%M") if moment else ""

    def canon(self, cell):
        text = cell.strip()
        if not text:
            if self.required:
                raise required()
            return ""
        if match := re.fullmatch(r"([0-9]{2})\.([0-9]{2})\.([0-9]{4})((?:[ T].*)?)", text):
            text = f"{match[3]}-{match[2]}-{match[1]}{match[4]}"
        if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
            text += " 00:00"
        try:
            moment = parse_datetime(text)
            if moment is not None and timezone.is_naive(moment):
                moment = timezone.make_aware(moment)
            if moment is not None:
                return self.text(moment)
        except (ValueError, OverflowError):
            pass
        raise Refused(
            "moment",
            _("This is not a date with a time."),
            _("Write it like 2026-11-22 09:30."),
        )
