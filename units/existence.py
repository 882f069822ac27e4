"""Whether a unit existed on a date: the rule, once as conditions for queries, once in Python.

A unit exists from ``founded`` to ``dissolved``. Where its founding is not known, or not surely,
``attested``, the earliest day on which it is known to have existed, makes it certain from then on.
Today its row is its own witness: whoever keeps it says that it is there.

Nothing is certain after today: of a day to come it is only *expected* that what holds goes on, and
of a time with today in it only the part up to today is certain.
"""

import datetime
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Case, DateField, F, OuterRef, Q, Value, When
from django.db.models.functions import Coalesce, Least
from django.db.models.lookups import IsNull, LessThan, LessThanOrEqual
from django.utils import timezone

from chronology import (
    Certainty,
    DaysAsked,
    HistoricalDate,
    Period,
    days_of,
    possibly_in_force,
)

NEVER = Value(datetime.date.max)
EVER = Value(datetime.date.min, output_field=DateField())


def day_asked(on):
    """``on``, or today's date where it is None."""
    return HistoricalDate.from_date(timezone.localdate()) if on is None else on


def has_today(on):
    """Whether the date asked about (None: today) has today in it."""
    if on is None:
        return True
    first, last = days_of(on)
    return first <= timezone.localdate() <= last


def surely_has_today(on):
    """The same of the days that are asked about in any case: the row of today counts for them."""
    if on is None or isinstance(on, DaysGiven):
        return on is None or on.has_today
    first, last = days_of(on, surely=True)
    return first <= timezone.localdate() <= last


def is_to_come(on):
    """Whether the date asked about (None: today) lies after today as a whole."""
    return on is not None and days_of(on)[0] > timezone.localdate()


@dataclass(frozen=True)
class DaysGiven(DaysAsked):
    """Days that are known only when a query runs, with what is known of them when it is written:
    whether they surely have today in them, and the place of today's date. See ``prepared``."""

    has_today: bool = False
    today: Any = None


def today_of(on):
    """Today's date, or the place for it in a query that is written before."""
    return on.today if isinstance(on, DaysGiven) else timezone.localdate()


def how_surely(period, on, today=None):
    """How surely ``on`` (HistoricalDate, None for today) lies in a Period: a Certainty.

    ``today``, here and below: today's date, for those who ask often."""
    return as_far_as_today(period.certainty(day_asked(on)), period, on, today)


def as_far_as_today(expected, period, on, today=None):
    """The same where it is known already how surely as far as can be foreseen (``expected``)."""
    if expected is not Certainty.CERTAIN or on is None:
        return expected
    today, (first, last) = today or timezone.localdate(), days_of(on, surely=True)
    if last <= today:
        return expected
    if first <= today:
        return period.certainty(replace(DaysAsked.of(on), sure_last=today))
    return Certainty.POSSIBLE


def witnessed(period, today=None):
    """A Period that began at the latest today, if it may have begun: so says the row of today."""
    today = today or timezone.localdate()
    if period.begin_earliest is not None and period.begin_earliest > today:
        return period
    begun = min(today, period.begin_certain or today)
    return Period(period.begin_earliest, begun, period.end_earliest, period.end_latest)


def life_of(unit, today=None):
    """The Period in which a unit, or a bare row with its three dates, existed."""
    life = Period.of(unit.founded, unit.dissolved)
    if attested := unit.attested and unit.attested.certain:
        begun = min(attested, life.begin_certain or attested)
        life = Period(life.begin_earliest, begun, life.end_earliest, life.end_latest)
    return witnessed(life, today)


def life_outside(body):
    """The Period in which a body outside existed. The site does not describe such bodies, so that
    what is not known of their lives is in the way of nothing."""
    life = Period.of(body.founded, body.dissolved)
    if body.founded:
        return life
    return replace(life, begin_earliest=datetime.date.min, begin_certain=datetime.date.min)


# --- The same for queries ---------------------------------------------------------------------


def possibly(on, path=""):
    """Units that certainly or possibly existed on ``on``, as a Q; ``path``: ``"unit__"`` and the
    like, from the records that are asked for."""
    return possibly_in_force(day_asked(on), begin=f"{path}founded", end=f"{path}dissolved")


def may_last(on):
    """Units that certainly or possibly existed from the first to the last day of ``on``, as a Q.
    Whatever may have been on one of these days and joins such a unit may have met it."""
    first, last = days_of(day_asked(on))
    begun = Q(founded_earliest__lte=first) | Q(founded_earliest__isnull=True)
    return begun & (Q(dissolved_latest__gt=last) | Q(dissolved_latest__isnull=True))


def certainly(on, path=""):
    """Units that certainly existed on ``on``, as a Q."""
    if on is not None:
        today, days = timezone.localdate(), DaysAsked.of(on)
        if days.sure_first > today:
            return Q(pk__in=[])
        on = replace(days, sure_last=min(days.sure_last, today))
    return expected(on, path)


def expected(on, path=""):
    """The same as far as can be foreseen: of a day to come as if all went on."""
    says_so = _row_says_so(on, path)
    return _lasted(on, path, begun_by(path), says_so)


def expected_outside(on, path=""):
    """The same of bodies outside."""
    return _lasted(on, path, outside_begun_by(path), Q(pk__in=[]))


def _lasted(on, path, begun, says_so):
    first, last = days_of(day_asked(on), surely=True)
    return (
        Q(**{f"{path}dissolved_earliest__gt": first})
        & (Q(LessThanOrEqual(begun, last)) | says_so)
        & (Q(LessThan(begun, F(f"{path}dissolved_earliest"))) | says_so)
    )


def is_dated(on, path=""):
    """Units of which anything is known about when they were founded, or that certainly existed on
    ``on``, as a Q."""
    dated = Q(**{f"{path}founded_earliest__isnull": False})
    dated |= Q(**{f"{path}founded_latest__isnull": False})
    return dated | certainly(on, path)


def begun_by(path=""):
    """The first day on which a unit certainly existed, as an expression; NEVER: none."""
    return Least(
        Coalesce(f"{path}founded_certain", NEVER), Coalesce(f"{path}attested_certain", NEVER)
    )


def outside_begun_by(path=""):
    """The same of a body outside: EVER where it is not known when it was founded."""
    founded = Coalesce(f"{path}founded_certain", NEVER)
    is_blank = {f"{path}founded__isnull": True}
    return Case(When(**is_blank, then=EVER), default=founded, output_field=DateField())


def _row_says_so(on, path):
    if not surely_has_today(on):
        return Q(pk__in=[])
    today = today_of(on)
    begun = Q(**{f"{path}founded_earliest__isnull": True})
    begun |= Q(**{f"{path}founded_earliest__lte": today})
    return begun & Q(**{f"{path}dissolved_earliest__gt": today})


# Three times of which every two have a day in common have one in common all together, so that
# beside "each meets the days asked about" it is enough to compare two by two.
#
# In place of a path ``outer()`` of one may be given: from the record of the query around this one.


def outer(path="", around=OuterRef):
    """The columns at a ``path`` from the record of the query around the one that asks."""
    return lambda name: around(f"{path}{name}")


def surely_meet(begin, end, unit, begun=None):
    """A relation, by the fields of its ends, and the life of a unit certainly have a day in common;
    ``end`` None: it goes on. As a Q. ``begun``: what says since when the other end existed."""
    meet = Q(LessThan(_column(begin, "_certain"), _column(unit, "dissolved_earliest")))
    begun = begun or begun_by(unit)
    return meet & Q(LessThan(begun, _column(end, "_earliest"))) if end else meet


def may_meet(begin, end, unit):
    """The same for "possibly", what is not known not standing in the way."""
    meet = _before(_column(begin, "_earliest"), _column(unit, "dissolved_latest"))
    if end:
        meet &= _before(_column(unit, "founded_earliest"), _column(end, "_latest"))
    return meet


def lives_may_meet(unit, other):
    """The lives of two units, each by the path to it, possibly have a day in common, as a Q."""
    return may_meet(_at(unit, "founded"), _at(unit, "dissolved"), other)


def _column(path, name):
    return path(name) if callable(path) else F(f"{path}{name}")


def _at(path, field):
    return (lambda name: path(f"{field}{name}")) if callable(path) else f"{path}{field}"


def _before(begun, ended):
    return Q(LessThan(begun, ended)) | Q(IsNull(begun, True)) | Q(IsNull(ended, True))
