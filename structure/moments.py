"""The life line of a unit: everything that happened to it, from every app, in the order of time.

Apps above this one know more of a unit than it does (who led it, what happened to it), and it may
not import them. So each app registers a function with :func:`offers_moments`, and the page asks
them all. A moment brings its own template; the line only sorts.
"""

import datetime
import itertools
import re
from dataclasses import dataclass, field
from typing import Any

from chronology import HistoricalDate

# Moments of one date stand in this order.
BEGINNING, HAPPENING, NAME, SUPERIOR, HEAD, END = range(6)
# So many moments of one sort are shown; offers read one more, to tell that there are more.
OF_A_SORT = 60

_offers = []


@dataclass
class Moment:
    """Something in the life of a unit.

    ``date``: a HistoricalDate, or None where no source gives one. ``until``: when it ended, by
    which it is placed where its beginning is not known. ``template`` shows it and is given
    ``moment``, ``unit`` and ``as_of``. ``name``: unique among the moments of the unit, for its
    ``id`` on the page. ``lasts``: it went on for the whole of its date, like a war. ``sources``:
    what it rests on, where it has no page of its own that says so; ``notes``: their numbers in the
    list of the whole life line.
    """

    name: str
    template: str
    date: HistoricalDate | None = None
    until: HistoricalDate | None = None
    rank: int = HAPPENING
    order: int = 0
    record: Any = None
    lasts: bool = False
    sources: list = field(default_factory=list)
    notes: list = field(default_factory=list, init=False)

    @property
    def id(self):
        return "moment-" + re.sub(r"\s+", "-", self.name)

    @property
    def when(self):
        """What places it on the line, and how: ``(date, known by its end, lasts)``."""
        return (self.date or self.until, not self.date, self.lasts)

    @property
    def is_dated(self):
        return first_day(self.date or self.until) is not None

    def sort_key(self):
        date, by_its_end, _lasts = self.when
        # What is known only to have ended on a day stands before all that began on it.
        return (first_day(date), not by_its_end, date, self.rank, self.order, self.name)


@dataclass
class Stop:
    """The moments of one date. ``ended``: the date is their end, their beginning is not known.

    ``is_here``: no moment, but the date for which the page answers.
    """

    date: HistoricalDate
    ended: bool = False
    lasts: bool = False
    moments: list = field(default_factory=list)
    is_here: bool = False


@dataclass
class LifeLine:
    """``stops`` in the order of time, then what is ``undated``, and after today ``to_come``.

    ``has_more``: of some sort there is more than is read. ``sources``: what the moments rest on,
    in the order in which they cite them.
    """

    stops: list
    undated: list
    to_come: list
    has_more: bool = False
    sources: list = field(default_factory=list)

    def __bool__(self):
        return bool(self.stops or self.undated or self.to_come)


def first_day(date):
    """The first day a date can mean, or its last where that one only is known; or None."""
    return date and (date.earliest or date.latest)


def offers_moments(function):
    """Registers ``function(unit, as_of)``, which yields the Moments of a unit; a decorator.

    It answers for the reader ``as_of.user``, in a bounded number of queries, and yields no more
    than ``OF_A_SORT + 1``.
    """
    _offers.append(function)
    return function


def life_line(unit, as_of):
    """The LifeLine of a unit as the reader of ``as_of`` may see it, from its beginning on."""
    found, has_more = [], False
    for offer in _offers:
        moments = list(itertools.islice(offer(unit, as_of), OF_A_SORT + 1))
        has_more |= len(moments) > OF_A_SORT
        found += moments[:OF_A_SORT]
    in_time = sorted((one for one in found if one.is_dated), key=Moment.sort_key)
    stops = [
        Stop(*when, moments=list(moments))
        for when, moments in itertools.groupby(in_time, key=lambda one: one.when)
    ]
    if stops and as_of.on:
        last_day = as_of.on.latest or datetime.date.max
        stops.insert(_place_of(last_day, stops), Stop(as_of.on, is_here=True))
    undated = sorted(
        (one for one in found if not one.is_dated), key=lambda one: (one.rank, one.order)
    )
    coming = _place_of(as_of.reader.today, stops)
    sources = _numbered_sources([*in_time, *undated])
    return LifeLine(stops[:coming], undated, stops[coming:], has_more, sources)


def _numbered_sources(moments):
    """What the moments rest on, each once; gives every moment its ``notes``."""
    numbers = {}
    for moment in moments:
        notes = [numbers.setdefault(one, len(numbers) + 1) for one in moment.sources]
        moment.notes = sorted(notes)
    return list(numbers)


def _place_of(day, stops):
    """The place of the first stop that begins after a day."""
    later = (place for place, stop in enumerate(stops) if first_day(stop.date) > day)
    return next(later, len(stops))
