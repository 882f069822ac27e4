"""The calendar of yearly days: twelve months with their weeks."""

import calendar
import datetime
import re
from dataclasses import dataclass

_DAY = re.compile(r"(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])", re.ASCII)


def day_asked_for(text, today):
    """The day of this year that ``text`` (``MM-DD``) names, and whether it could not be read.

    Without a text, or with one that is no day, it is ``today``. 29 February becomes the 28th in a
    year that has none.
    """
    if not text:
        return today, False
    match = _DAY.fullmatch(text)
    if not match:
        return today, True
    month, day = int(match[1]), int(match[2])
    if day > calendar.monthrange(2000, month)[1]:
        return today, True
    last = calendar.monthrange(today.year, month)[1]
    return datetime.date(today.year, month, min(day, last)), False


@dataclass(frozen=True)
class Day:
    """A square of the calendar; ``date`` is None before the first and after the last of a month."""

    date: datetime.date | None
    is_kept: bool = False
    is_recalled: bool = False
    is_today: bool = False
    is_shown: bool = False

    @property
    def has_page(self):
        return self.is_kept or self.is_recalled

    @property
    def key(self):
        """How ``?day=`` names it."""
        return f"{self.date.month:02}-{self.date.day:02}"


class Month:
    """A month with its weeks (Monday first) and its yearly days."""

    def __init__(self, number, weeks, observances):
        self.number, self.weeks, self.observances = number, weeks, observances


class Year:
    """The months of ``today``'s year.

    ``observances``: the yearly days to show. ``anniversaries``: ``{(month, day), …}`` of events.
    ``shown``: the day whose events the page lists.
    """

    def __init__(self, today, shown, observances, anniversaries):
        self.number = today.year
        self._today, self._shown = today, shown
        self._anniversaries = anniversaries
        self._observances = list(observances)
        self._kept = {(one.month, one.day) for one in self._observances}

    @property
    def months(self):
        return [self._month(number) for number in range(1, 13)]

    def _month(self, number):
        weeks = calendar.Calendar().monthdatescalendar(self.number, number)
        return Month(
            number,
            [[self._day(day, number) for day in week] for week in weeks],
            [one for one in self._observances if one.month == number],
        )

    def _day(self, date, month):
        if date.month != month:
            return Day(None)
        days = [(date.month, date.day)]
        if days == [(2, 28)] and not calendar.isleap(date.year):
            days.append((2, 29))
        return Day(
            date,
            is_kept=any(day in self._kept for day in days),
            is_recalled=any(day in self._anniversaries for day in days),
            is_today=date == self._today,
            is_shown=date == self._shown,
        )
