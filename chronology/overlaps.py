"""Whether two periods have a day in common, asked by rules about what cannot hold at one time.

A bound that is not known says nothing: a row without an end may have ended on any day, also where
the next one begins. And where one ends when the other begins, as they are written ("1992" and
"1992"), that is a handover, however vague.
"""

import datetime
from typing import NamedTuple

from .dates import HistoricalDate
from .periods import Certainty, Period
from .recorded import recorded

ONE_DAY = datetime.timedelta(days=1)


class Claim(NamedTuple):
    """What somebody has written down of a period; ``empty_end`` as for ``Period.of``."""

    begin: HistoricalDate | None
    end: HistoricalDate | None
    empty_end: str = "unknown"

    @property
    def period(self) -> Period:
        return Period.of(self.begin, self.end, empty_end=self.empty_end)


def meeting(a: Claim, b: Claim) -> Certainty:
    """How surely two periods have a day in common.

    Possible only where what is known of their bounds leaves it open, not where a bound is missing.
    """
    one, other = a.period, b.period
    if _share_a_day(one, other) or _holds_last_day(a, other) or _holds_last_day(b, one):
        return Certainty.CERTAIN
    if _is_handover(a, b) or _is_handover(b, a):
        return Certainty.NO
    if _holds_first_day(a, other) or _holds_first_day(b, one):
        return Certainty.POSSIBLE
    most, most_of_other = _longest(a), _longest(b)
    if most is None or most_of_other is None:
        return Certainty.NO
    shared = max(most[0], most_of_other[0]) < min(most[1], most_of_other[1])
    return Certainty.POSSIBLE if shared else Certainty.NO


def overlap(a, b, *, empty_end="open"):
    """Whether two periods, each a pair (begin, end), certainly have a day in common."""
    return meeting(Claim(*a, empty_end), Claim(*b, empty_end)) is Certainty.CERTAIN


def _share_a_day(one, other):
    both = one.within(other)
    if both.begin_certain is None or both.end_earliest is None:
        return False
    return both.begin_certain < both.end_earliest


def _holds_last_day(claim, other):
    """A period with a known end held on the day before it: is that in ``other`` for certain?"""
    end = claim.end
    if end is None or end.certain is None or end.earliest is None or end.latest is None:
        return False
    if other.begin_certain is None or other.end_earliest is None:
        return False
    if end.earliest == datetime.date.min:
        return False
    return other.begin_certain <= end.earliest - ONE_DAY and end.latest <= other.end_earliest


def _holds_first_day(claim, other):
    """A period of which only the begin is known held on that day: is that in ``other``?"""
    begin = claim.begin
    if claim.end is not None or claim.empty_end == "open" or begin is None:
        return False
    if None in (begin.certain, begin.earliest, other.begin_certain, other.end_earliest):
        return False
    return other.begin_certain <= begin.earliest and begin.latest < other.end_earliest


def _is_handover(a, b):
    """Whether ``b`` begins when ``a`` ends, as both are written; also where of the one it is known
    that it lies between that and another date."""
    if not (a.end and b.begin):
        return False
    end, begin = recorded(a.end), recorded(b.begin)
    if end is None or begin is None:
        return a.end == b.begin
    same = {_plain(end)} & {_plain(begin), *_bound(begin.begin)}
    return bool(same) or _plain(begin) in _bound(end.end)


def _bound(date):
    return [_plain(date)] if date else []


def _plain(date):
    """A date without its doubts."""
    return str(date).rstrip("?~%")


def _longest(claim):
    """(first day, first day outside) of the longest time that the bounds, both known, can mean."""
    first = claim.begin and claim.begin.earliest
    after = claim.end and claim.end.latest
    if claim.end is None and claim.empty_end == "open":
        after = datetime.date.max
    return (first, after) if first and after else None
