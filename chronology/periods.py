"""Half-open periods and the one question asked of them: what is in force on a date?

A period is a pair of dates, ``begin`` and ``end``; the end is the first day *outside*, so that a
successor may begin on the day its predecessor ends and on no day do two hold one place.

Each of the two may be vague, so each has a first and a last day it can mean, and either may be
unknown. The answer is therefore CERTAIN, POSSIBLE or NO. On a single day D:

- certain when  latest begin ≤ D < earliest end, a begin with "possibly" never being certain
- possible when earliest begin ≤ D < latest end, an unknown bound not standing in the way

Asked about a longer time (a month, a year, a decade, a period), the question is "at any time in
it". A begin that is not known is never certain: that we do not know when a body was founded is no
reason to claim it existed in 1900.
"""

import datetime
import enum
import operator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from .dates import HistoricalDate


class Certainty(enum.Enum):
    """How sure we are that something was so. True in an ``if`` unless it is NO."""

    CERTAIN = "certain"
    POSSIBLE = "possible"
    NO = "no"

    def __bool__(self):
        return self is not Certainty.NO


# The rule, once. in_force() and possibly_in_force() turn each line into SQL, certainty()
# evaluates it in Python. "first" and "last" are the days of the date that is asked about. The
# last line of each keeps out periods that hold no day, which a longer question would match; asked
# about a single day it follows from the others.
_CERTAIN = (
    ("begin_certain", "lte", "last"),
    ("end_earliest", "gt", "first"),
    ("begin_certain", "lt", "end_earliest"),
)
_POSSIBLE = (
    ("begin_earliest", "lte", "last"),
    ("end_latest", "gt", "first"),
    ("begin_earliest", "lt", "end_latest"),
)
_OPERATORS = {"lte": operator.le, "gt": operator.gt, "lt": operator.lt}


@dataclass(frozen=True)
class DaysAsked:
    """The days that a question is about. in_force(), possibly_in_force() and days_of() take it in
    place of a date, also with database expressions for days, where a query is written before the
    date is known. ``sure_``: the days asked about in any case, see days_of()."""

    first: Any
    last: Any
    sure_first: Any
    sure_last: Any

    @classmethod
    def of(cls, on):
        """Those of a HistoricalDate or date."""
        return cls(*days_of(on), *days_of(on, surely=True))


def in_force(on, *, begin="begin", end="end"):
    """Rows whose period certainly contains ``on`` (HistoricalDate or date), as a Q.

    ``begin`` and ``end`` name HistoricalDateFields, also through relations ("terms__begin");
    what a blank end means is the field's ``empty`` option. Across a to-many relation give this Q
    to one ``filter()`` call, else its halves may match two different related rows.
    """
    days, _outer = _spans(on)
    return _as_q(_CERTAIN, days, begin, end, unknown_passes=False)


def possibly_in_force(on, *, begin="begin", end="end"):
    """Rows whose period certainly or possibly contains ``on``; arguments as for in_force()."""
    _inner, days = _spans(on)
    return _as_q(_POSSIBLE, days, begin, end, unknown_passes=True)


@dataclass(frozen=True)
class Period:
    """What is known of a period: the days between which it began and ended, None for not known.

    ``begin_certain``: from when on it had begun for certain. Half-open as all periods.
    """

    begin_earliest: Any = None
    begin_certain: Any = None
    end_earliest: Any = None
    end_latest: Any = None

    @classmethod
    def of(cls, begin, end, *, empty_end="open"):
        """That from ``begin`` to ``end``, each a HistoricalDate, a date or None; no begin is not
        known. ``empty_end`` says what no end means: "open" (still going on) or "unknown"."""
        if empty_end not in ("open", "unknown"):
            raise ValueError('empty_end is "open" or "unknown"')
        begin_earliest, _latest, begin_certain = columns_of(_historical(begin))
        end_earliest, end_latest, _certain = columns_of(_historical(end), empty_end)
        return cls(begin_earliest, begin_certain, end_earliest, end_latest)

    @classmethod
    def of_record(cls, record, *, begin="begin", end="end"):
        """That of a record's two HistoricalDateFields, a blank end as the field defines it."""
        empty_end = record._meta.get_field(end).empty
        return cls.of(getattr(record, begin), getattr(record, end), empty_end=empty_end)

    def within(self, *others):
        """The part of it in which all ``others`` lasted, too."""
        begun, certain = self.begin_earliest, self.begin_certain
        ended, latest = self.end_earliest, self.end_latest
        for one in others:  # a loop, since this is asked of everything that a page shows
            begun = max(begun, one.begin_earliest or begun) if begun else one.begin_earliest
            certain = certain and one.begin_certain and max(certain, one.begin_certain)
            ended = ended and one.end_earliest and min(ended, one.end_earliest)
            latest = min(latest, one.end_latest or latest) if latest else one.end_latest
        return Period(begun, certain, ended, latest)

    def certainty(self, on):
        """Whether ``on`` (HistoricalDate or date) lies in it: a Certainty."""
        inner, outer = _spans(on)
        if not _holds(_POSSIBLE, vars(self), outer, unknown_passes=True):
            return Certainty.NO
        if _holds(_CERTAIN, vars(self), inner, unknown_passes=False):
            return Certainty.CERTAIN
        return Certainty.POSSIBLE


def certainty(on, begin, end, *, empty_end="open"):
    """Whether ``on`` lies in the period from ``begin`` to ``end``: a Certainty.

    Arguments as for ``Period.of``; ``on`` is a HistoricalDate or a date.
    """
    return Period.of(begin, end, empty_end=empty_end).certainty(on)


def certainty_of(record, on, *, begin="begin", end="end"):
    """certainty() of a record's two HistoricalDateFields, blank ends as the field defines them."""
    return Period.of_record(record, begin=begin, end=end).certainty(on)


def validate_period(begin, end, *, field=None):
    """Raise ValidationError if the end certainly leaves the period without a day.

    Takes HistoricalDates or None. Vague dates get the benefit of the doubt: 1992 to 1992 passes.
    ``field`` names the field of the form or model that shall show the error; without it the
    error belongs to the whole record.
    """
    begin, end = _historical(begin), _historical(end)
    if begin is None or end is None or begin.earliest is None or end.latest is None:
        return
    if end.latest < begin.earliest:
        error = ValidationError(_("The end is before the beginning."), code="period_order")
    elif begin.exact and begin.exact == end.exact:
        message = _(
            "The end is the first day outside of the period, so a period that begins and ends on "
            "the same day holds no day. Write the day after the last one."
        )
        error = ValidationError(message, code="period_empty")
    else:
        return
    raise ValidationError({field: error}) if field else error


def bounds_of(date, empty="unknown"):
    """The days (earliest, latest) of a HistoricalDate or None; None stands for unknown."""
    return columns_of(date, empty)[:2]


def columns_of(date, empty="unknown"):
    """(earliest, latest, certain) of a HistoricalDate or None, as HistoricalDateField stores them,
    which is why the Q and the Python function agree. None stands for unknown; a missing date that
    means "open" lies after every day."""
    if date is not None:
        return date.earliest, date.latest, date.certain
    if empty == "open":
        return (datetime.date.max,) * 3
    return None, None, None


def days_of(on, *, surely=False):
    """The first and the last day that ``on`` (HistoricalDate or date) may mean, both included.

    ``surely``: the days that it means in any case; they are fewer only for a period with an
    unknown end, which surely holds the end that is known.
    """
    inner, outer = _spans(on)
    days = inner if surely else outer
    return days["first"], days["last"]


def _historical(value):
    if value is None or isinstance(value, HistoricalDate):
        return value
    if isinstance(value, datetime.date):
        return HistoricalDate.from_date(value)
    raise TypeError(f"expected a HistoricalDate or a date, not {type(value).__name__}")


def _spans(on):
    """The days asked about, surely (inner) and at most (outer), as {"first", "last"} each.

    They differ only for a period with an unknown end: surely it holds the end that is known.
    """
    if isinstance(on, DaysAsked):
        return (
            {"first": on.sure_first, "last": on.sure_last},
            {"first": on.first, "last": on.last},
        )
    on = _historical(on)
    if on is None:
        raise TypeError("in force on which date? None was given")
    return _spans_of(on)


@lru_cache(maxsize=256)
def _spans_of(on):
    known = on.begin or on.end or on
    inner = {
        "first": on.earliest if on.earliest is not None else known.earliest,
        "last": on.latest if on.latest is not None else known.latest,
    }
    outer = {
        "first": on.earliest or datetime.date.min,
        "last": on.latest or datetime.date.max,
    }
    return inner, outer


def _holds(rule, bounds, days, *, unknown_passes):
    for left, comparison, right in rule:
        a, b = bounds[left], days[right] if right in days else bounds[right]
        if a is None or b is None:
            if not unknown_passes:
                return False
        elif not _OPERATORS[comparison](a, b):
            return False
    return True


def _as_q(rule, days, begin, end, *, unknown_passes):
    columns = {
        f"{key}_{bound}": f"{path}_{bound}"
        for key, path in (("begin", begin), ("end", end))
        for bound in ("earliest", "latest", "certain")
    }
    condition, is_one_day = Q(), days["first"] == days["last"]
    for left, comparison, right in rule:
        if is_one_day and right in columns:
            continue
        value = days[right] if right in days else F(columns[right])
        line = Q(**{f"{columns[left]}__{comparison}": value})
        if unknown_passes:
            line |= Q(**{f"{columns[left]}__isnull": True})
            if right in columns:
                line |= Q(**{f"{columns[right]}__isnull": True})
        condition &= line
    return condition
