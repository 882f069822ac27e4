"""Old Style: days of the Julian calendar, which the Russian Empire kept until 1918.

The site keeps days of the Gregorian calendar only, also for the time before it was made (as ISO
8601 does), so a Julian day is converted when it is read. The difference is counted, not looked
up: both calendars count the same days, and the Julian one has a 29 February in every fourth year.
"""

import datetime
import re
from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .dates import HistoricalDate, InvalidDate, days_in, no_such_day
from .display import display
from .languages import known

# 1 January of the year 1 was, by the Gregorian rule, 30 December of the year before: two days
# before the day that datetime.date counts as 1.
_FIRST_DAY = datetime.date.min.toordinal() - 2


def _words(piece):
    return "|".join(said for one in known().values() if (said := getattr(one, piece)))


_MARKS = tuple(
    (style, re.compile(rf",? ?(?:\((?:{words})\)|\[(?:{words})\]|(?<![\w.])(?:{words})(?!\w)),? ?"))
    for style, words in (("old", _words("old_style")), ("new", _words("new_style")))
)
_DAY_OR_MONTH = re.compile(r"([0-9]{4})-([0-9]{2})(?:-([0-9]{2}))?([?~%]?)")


class OldStyle(NamedTuple):
    """A day, or a month (``day`` is None), of the Julian calendar; display() can write it."""

    year: int
    month: int
    day: int | None = None

    qualifier = ""
    is_period = False

    @property
    def precision(self):
        return "day" if self.day else "month"

    @property
    def earliest(self):
        return self


class Conversion(NamedTuple):
    """What was written, and the day, or the days of a month, that it is."""

    old: OldStyle
    new: HistoricalDate


def style_of(text):
    """("old", "new" or "" as folded ``text`` is marked, the text without that mark)."""
    for style, pattern in _MARKS:
        rest, count = pattern.subn(" ", text, count=1)
        if count:
            return style, " ".join(rest.split())
    return "", text


def converted(written):
    """The HistoricalDate of ``written``, which is EDTF but for the calendar, and its Conversion.

    A Julian month lies across two of ours, so it becomes the period from its first day to its
    last. A year would be off by as many days, but who marks a year alone may as well mean that it
    began in March, as in England until 1752: what has two meanings is refused. Raises InvalidDate.
    """
    match = _DAY_OR_MONTH.fullmatch(written)
    if not match:
        raise InvalidDate(
            gettext_lazy(
                "Only a day or a month can be Old Style. Write, for example, "
                "25 October 1917 (O.S.), or the year alone."
            ),
            "old_style",
        )
    year, month, day = (int(part) if part else None for part in match.groups()[:3])
    last = _length(year, month)
    if day is not None and not 1 <= day <= last:
        raise no_such_day(year, month, day, last)
    first, final = (_gregorian(year, month, one) for one in ((day, day) if day else (1, last)))
    old, sign = OldStyle(year, month, day), match[4]
    if day:
        return HistoricalDate(f"{first}{sign}"), Conversion(old, HistoricalDate(f"{first}"))
    return (
        HistoricalDate(f"{first}{sign}/{final}{sign}"),
        Conversion(old, HistoricalDate(f"{first}/{final}")),
    )


def explanation(reading):
    """One sentence for each day of a Reading that was converted, "" if there is none."""
    return " ".join(
        _("%(julian)s Old Style is %(gregorian)s.")
        % {"julian": display(one.old), "gregorian": display(one.new)}
        for one in reading.conversions
    )


def _length(year, month):
    """The days of a Julian month: a fourth year is like the year 4, any other like the year 1."""
    return days_in(1 if year % 4 else 4, month)


def _gregorian(year, month, day):
    days_before = 365 * (year - 1) + (year - 1) // 4
    days_before += sum(_length(year, earlier) for earlier in range(1, month))
    try:
        return datetime.date.fromordinal(_FIRST_DAY + days_before + day - 1).isoformat()
    except (ValueError, OverflowError):
        raise InvalidDate(
            gettext_lazy("In today's calendar this day lies outside of the years 0001 to 9999."),
            "year",
        ) from None
