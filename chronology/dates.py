"""Dates that are only as precise as what is known.

The notation is a strict subset of EDTF (ISO 8601-2, clauses 4 to 8; Library of Congress,
"Extended Date/Time Format Specification", levels 0 and 1):

========================  =================================================================
``1992``                  a year
``2004-06``               a month
``1918-05-28``            a day
``1840~``                 about (approximate); ``1840?`` possibly (uncertain); ``1840%`` both
``184X``, ``18XX``        a decade, a century (here: the hundred years that begin with 18)
``1957/1961``             a period; both ends belong to it
``1991/..``, ``../1991``  a period with an open end
``1991/``, ``/1991``      a period with an unknown end
========================  =================================================================

Years run from 0001 to 9999. Anything else is refused with a sentence that says what to write.
"""

import calendar
import datetime
import re
from functools import lru_cache, total_ordering

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

# The longest text is 1918-05-28%/1920-04-28%: 23 characters. Columns have room to spare.
MAX_LENGTH = 32

# The signs that leave open whether a date is right; "about" does not.
DOUBTFUL = ("?", "%")

OPEN = ".."
UNKNOWN = ""

PERIOD_REFUSED = _("Write one date here, not a period.")

_PLAIN = re.compile(
    r"(?P<year>[0-9]{4})(?:-(?P<month>[0-9]{2})(?:-(?P<day>[0-9]{2}))?)?(?P<qualifier>[?~%]?)"
)
_VAGUE = re.compile(r"(?P<decade>[0-9]{3})X|(?P<century>[0-9]{2})XX")


class InvalidDate(ValueError):
    """A text that is not a date we keep.

    ``message`` is a lazily translated sentence for the person who typed the text, ``code`` a
    stable word for programs, ``params`` what the sentence quotes.
    """

    def __init__(self, message, code="invalid", params=None):
        super().__init__(message)
        self.message = message
        self.code = code
        self.params = params or {}

    def __str__(self):
        return str(self.message) % self.params if self.params else str(self.message)

    def as_validation_error(self):
        """The same refusal for forms and ``full_clean()``."""
        return ValidationError(self.message, code=self.code, params=self.params or None)


@total_ordering
class HistoricalDate:
    """A date, or a period, as precise as what is known. Immutable and hashable.

    ``earliest`` and ``latest`` are the first and last day it can mean, both included; ``None``
    where that side is unknown, ``date.min`` and ``date.max`` where it is open. "About" and
    "possibly" do not widen them: how far "about 1840" reaches is nobody's to compute, so it
    counts as 1840 and is shown with its word.

    ``certain``: the first day on which what begins with this date has begun for certain. It is
    ``latest``, but None where "possibly" leaves open whether the date is right at all.

    Sorts by the first possible day, then the last, then the text; an unknown start comes last.
    Raises InvalidDate for a text outside of the notation, TypeError for anything but text.
    """

    __slots__ = ("begin", "certain", "earliest", "end", "latest", "precision", "qualifier", "text")

    def __new__(cls, text):
        if not isinstance(text, str):
            raise TypeError(f"expected an EDTF text, not {type(text).__name__}")
        if len(text) > MAX_LENGTH:
            raise too_long()
        return _build(text)

    @classmethod
    def parse(cls, text):
        """Read EDTF strictly: ``HistoricalDate.parse("1918-05-28")``. Raises InvalidDate."""
        return cls(text)

    @classmethod
    def from_date(cls, day):
        """The day of a ``datetime.date`` (or the date part of a ``datetime``)."""
        return cls(f"{day.year:04}-{day.month:02}-{day.day:02}")

    @property
    def is_period(self):
        return self.precision == "period"

    @property
    def exact(self):
        """The one day it means as ``datetime.date``, or None if it is any vaguer than that."""
        if self.precision == "day" and not self.qualifier:
            return self.earliest
        return None

    @property
    def year(self):
        """The year that is written (also "about 1840"), None for decade, century and period."""
        return self.earliest.year if self.precision in ("day", "month", "year") else None

    def _sort_key(self):
        return (
            self.earliest is None,
            self.earliest or datetime.date.max,
            self.latest is None,
            self.latest or datetime.date.max,
            self.text,
        )

    def __setattr__(self, name, value):
        raise AttributeError("a HistoricalDate cannot be changed")

    def __delattr__(self, name):
        raise AttributeError("a HistoricalDate cannot be changed")

    def __reduce__(self):
        return (HistoricalDate, (self.text,))

    def __str__(self):
        return self.text

    def __repr__(self):
        return f"HistoricalDate({self.text!r})"

    def __eq__(self, other):
        return self.text == other.text if isinstance(other, HistoricalDate) else NotImplemented

    def __lt__(self, other):
        if not isinstance(other, HistoricalDate):
            return NotImplemented
        return self._sort_key() < other._sort_key()

    def __hash__(self):
        return hash((HistoricalDate, self.text))


@lru_cache(maxsize=4096)
def _build(text):
    if "/" in text:
        return _period(text)
    return _single(text)


def _make(**values):
    date = object.__new__(HistoricalDate)
    for name in HistoricalDate.__slots__:
        object.__setattr__(date, name, values.get(name))
    return date


def _single(text):
    if match := _VAGUE.fullmatch(text):
        if match["decade"]:
            first, years, precision = int(match["decade"]) * 10, 10, "decade"
        else:
            first, years, precision = int(match["century"]) * 100, 100, "century"
        return _make(
            text=text,
            # There is no year 0, so the first decade and century begin in the year 1.
            earliest=datetime.date(max(first, 1), 1, 1),
            latest=datetime.date(first + years - 1, 12, 31),
            certain=datetime.date(first + years - 1, 12, 31),
            precision=precision,
            qualifier="",
        )
    match = _PLAIN.fullmatch(text)
    if not match:
        raise _explain(text)
    year = int(match["year"])
    if not year:
        raise InvalidDate(_("There is no year 0000. Years run from 0001 to 9999."), "year")
    month, day = (int(match[part]) if match[part] else None for part in ("month", "day"))
    if month is None:
        precision, earliest, latest = "year", (year, 1, 1), (year, 12, 31)
    else:
        last = days_in(year, month, season=day is None)
        if day is None:
            precision, earliest, latest = "month", (year, month, 1), (year, month, last)
        else:
            if not 1 <= day <= last:
                raise no_such_day(year, month, day, last)
            precision, earliest, latest = "day", (year, month, day), (year, month, day)
    return _make(
        text=text,
        earliest=datetime.date(*earliest),
        latest=datetime.date(*latest),
        certain=None if match["qualifier"] in DOUBTFUL else datetime.date(*latest),
        precision=precision,
        qualifier=match["qualifier"],
    )


def no_such_day(year, month, day, last):
    """The InvalidDate for a day that a month of ``last`` days does not have."""
    return InvalidDate(
        _(
            "There is no day %(day)s in month %(month)s of %(year)s: "
            "it has the days 01 to %(last)s."
        ),
        "day",
        {
            "day": f"{day:02}",
            "month": f"{month:02}",
            "year": f"{year:04}",
            "last": str(last),
        },
    )


def days_in(year, month, season=False):
    """How many days the month has. Raises InvalidDate for a number that is no month."""
    if 1 <= month <= 12:
        return calendar.monthrange(year, month)[1]
    if season and 21 <= month <= 41:  # EDTF's codes for seasons, quarters and semesters
        raise InvalidDate(
            _("Seasons and quarters are not kept. Write the year or the month, such as 1992-11."),
            "season",
        )
    raise InvalidDate(
        _(
            "There is no month %(month)s: write a month from 01 to 12, such as 1992-11. "
            "For a period write both years in full, such as 1957/1961."
        ),
        "month",
        {"month": f"{month:02}"},
    )


def _period(text):
    ends = text.split("/")
    if len(ends) > 2:
        raise InvalidDate(
            _("A period has one slash between its two ends, such as 1957/1961."), "period"
        )
    if re.fullmatch(r"[0-9]{1,2}", ends[1]):
        raise InvalidDate(
            _(
                "A slash stands between the two ends of a period. Write a month with a hyphen "
                "(2004-06) and both years of a period in full (1957/1961)."
            ),
            "period",
        )
    begin, end = (None if one in (OPEN, UNKNOWN) else _single(one) for one in ends)
    if begin is None and end is None:
        raise InvalidDate(
            _("A period needs a date at one end at least, such as 1991/.. or ../1991."), "period"
        )
    if begin and end and end.latest < begin.earliest:
        raise InvalidDate(
            _("The period ends before it begins. Write the earlier date first: %(text)s."),
            "order",
            {"text": f"{end}/{begin}"},
        )
    earliest = begin.earliest if begin else (datetime.date.min if ends[0] == OPEN else None)
    latest = end.latest if end else (datetime.date.max if ends[1] == OPEN else None)
    return _make(
        text=text,
        earliest=earliest,
        latest=latest,
        certain=end.certain if end else latest,
        precision="period",
        qualifier="",
        begin=begin,
        end=end,
    )


def too_long():
    return InvalidDate(
        _("This is too long for a date. Write it shortly, for example 1992 or 1992-11-24."),
        "too_long",
    )


def _explain(text):
    """The InvalidDate for a text that has not the shape of a date: the likeliest mistake first."""
    for pattern, code, message in _MISTAKES:
        if re.search(pattern, text):
            return InvalidDate(message, code)
    return InvalidDate(
        _(
            "This is not a date we can keep. Write a year (1992), a month (1992-11), "
            "a day (1992-11-24) or a period (1957/1961)."
        )
    )


_MISTAKES = (
    (r"^$", "empty", _("Write a date, for example 1992, 1992-11 or 1992-11-24.")),
    (
        r"[0-9]T|:",
        "time",
        _("Times of day are not kept. Write only the date, such as 1992-11-24."),
    ),
    (
        r"[^\S ]|[\x00-\x1f\x7f]| ",
        "space",
        _("A date has no spaces or invisible characters inside. Write it like 1992-11-24."),
    ),
    (
        r"[‐‑‒–—―−]",
        "dash",
        _("Write plain hyphens inside a date (1992-11-24) and a slash in a period (1957/1961)."),
    ),
    (r"[^\x00-\x7f]", "character", _("Write dates with the digits 0 to 9, such as 1992-11-24.")),
    (
        r"[\[\]{},]|\.\.",
        "set",
        _("Lists and sets of dates are not kept. Write one date, or a period such as 1957/1961."),
    ),
    (
        r"^-|^\+",
        "year",
        _("Years before 0001 and signs are not kept. Write a year from 0001 to 9999."),
    ),
    (
        r"^Y|[0-9][ESes][0-9]|[0-9]{5}",
        "year",
        _("Write the year with four digits, from 0001 to 9999."),
    ),
    (
        r"^[0-9]{4}-?[0-9X]*-?[0-9X]*[?~%]{2}",
        "qualifier",
        _("Write one sign at most: “~” for about, “?” for possibly, “%” for both, such as 1840~."),
    ),
    (
        r"[?~%].",
        "qualifier",
        _("Write the sign ~, ? or % at the very end, such as 1992-11~."),
    ),
    (r"^[?~%]", "qualifier", _("Write a date before the sign, such as 1840~.")),
    (
        r"X[?~%]$",
        "qualifier",
        _("A decade or a century takes no sign: write 184X or 18XX alone."),
    ),
    (r"x", "x", _("Write a capital X, such as 184X for a decade and 18XX for a century.")),
    (
        r"^[0-9]{4}-.*X",
        "x",
        _("Leave out the month or day that is not known: write 1992 or 1992-11."),
    ),
    (
        r"X",
        "x",
        _("An X may stand only for the last digit of a decade (184X) or two of a century (18XX)."),
    ),
    (
        r"^[0-9]{4}-[0-9]{4}$",
        "period",
        _("Write a period with a slash, such as 1957/1961."),
    ),
    (
        r"^[0-9]{1,2}[.-][0-9]{1,2}[.-][0-9]{4}$",
        "order",
        _("Write the year first, then the month, then the day, such as 1992-11-24."),
    ),
    (
        r"^[0-9]{1,3}[?~%]?$",
        "year",
        _("Write the year with four digits, from 0001 to 9999."),
    ),
    (
        r"^[0-9]{4}-[0-9](-|$)|^[0-9]{4}-[0-9]{2}-[0-9]$|^[0-9]{6,8}$",
        "digits",
        _("Write months and days with two digits and hyphens between, such as 1992-04-05."),
    ),
)
