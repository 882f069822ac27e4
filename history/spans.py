"""The page of a year, a decade or a century: what was in it, and its neighbours."""

from dataclasses import dataclass
from typing import Any

from django.db.models import F
from django.db.models.functions import ExtractYear

from chronology import HistoricalDate
from history.models import DOUBTFUL

EVENTS_SHOWN = 200


@dataclass
class Span:
    """A year, decade or century (``date``) of the history that ``events`` tell."""

    date: HistoricalDate
    events: Any
    user: Any

    @property
    def certain(self):
        """What certainly happened in it, in order."""
        found = self.events.within(self.date.earliest, self.date.latest)
        return list(found.in_time_order().with_participants(self.user)[:EVENTS_SHOWN])

    @property
    def others(self):
        """``(lasting, possible)``: what went on at the time, and what may have happened in it."""
        found = self.events.perhaps_within(self.date.earliest, self.date.latest)
        rows = found.in_time_order().with_participants(self.user)[:EVENTS_SHOWN]
        lasting, possible = [], []
        for event in rows:
            (lasting if self._lasted_through(event) else possible).append(event)
        return lasting, possible

    def _lasted_through(self, event):
        """Whether something that takes its time was certainly going on for a part of it."""
        date = event.date
        if event.is_moment or not date.is_period:
            return False
        begun = date.begin.latest if date.begin else date.earliest
        over = date.end.earliest if date.end else date.latest
        if self._has_surely(date.begin, begun) or self._has_surely(date.end, over):
            return True  # it began or ended then, whether or not the other is known
        if begun is None or over is None:
            return False
        return begun < self.date.earliest and over > self.date.latest

    def _has_surely(self, end, day):
        """Whether the ``day`` on which a period begins or ends lies in it; "about" 1992 may not."""
        if day is None or (end and end.qualifier):
            return False
        return self.date.earliest <= day <= self.date.latest

    @property
    def neighbours(self):
        """``(earlier, later)``: the nearest such spans with an event that certainly was in one
        year; None where there is none. Two queries."""
        in_one_year = self.events.order_by().filter(
            ~DOUBTFUL,
            date_earliest__isnull=False,
            date_latest__isnull=False,
            date_earliest__year=ExtractYear(F("date_latest")),
        )
        days = in_one_year.values_list("date_earliest", flat=True)
        earlier = days.filter(date_latest__lt=self.date.earliest).order_by("-date_earliest")
        later = days.filter(date_earliest__gt=self.date.latest).order_by("date_earliest")
        return self._around(earlier.first()), self._around(later.first())

    def _around(self, day):
        return day and _span_of(day.year, len(self.date.text.rstrip("X")))

    @property
    def around(self):
        """The decade of a year, the century of a decade; None for a century."""
        digits = len(self.date.text.rstrip("X")) - 1
        return _span_of(self.date.latest.year, digits) if digits > 1 else None

    @property
    def inner(self):
        """``(date, number of events)`` of each year of a decade, or decade of a century, that has
        events which certainly happened in it; nothing for a year. One query."""
        digits = len(self.date.text.rstrip("X")) + 1
        if digits > 4:
            return []
        counts = self.events.within(self.date.earliest, self.date.latest).count_by_years()
        found = {}
        for (first, last), number in counts.items():
            date = _span_of(first, digits)
            if date == _span_of(last, digits):
                found[date] = found.get(date, 0) + number
        return sorted(found.items())


def _span_of(year, digits):
    """The span around a year of which so many digits are given: 1992, 3 → 199X."""
    return HistoricalDate(f"{year:04}"[:digits] + "X" * (4 - digits))
