"""Which of several things that followed one another held on a date: names, superiors.

What holds today stands on the row of the unit, what held before in dated rows. The present one
begins where the last of the dated rows ends; where that is not known, it may begin any time after
that row began. Without dated rows the present one is all there ever was.

The order of preference: what certainly held, the latest of it first; then what possibly held,
first what had certainly begun, the latest first again; the present one last of these. Outside
the life of the unit its row alone speaks: after the end it tells what the unit ended with, and
before the beginning nothing held that could outrank it.

``held`` answers in Python, ``present_holds``, ``rows_in_force`` and ``preferred`` are the
same rules in SQL; tests hold them against each other.
"""

import datetime
from dataclasses import dataclass
from typing import Any

from django.db.models import (
    Case,
    DateField,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Q,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Least
from django.db.models.lookups import LessThanOrEqual
from django.utils import timezone

from chronology import (
    Certainty,
    DaysAsked,
    HistoricalDate,
    certainty,
    days_of,
    in_force,
    possibly_in_force,
)
from chronology.periods import bounds_of

_LAST_REAL_DAY = datetime.date.max - datetime.timedelta(days=1)


@dataclass(frozen=True)
class Held:
    """What held, how surely, and in which period; ``begin`` and ``end`` None: not known.

    ``value`` is the dated row, None for the present one (whose ``end`` None means "still")."""

    value: Any
    certainty: Certainty
    begin: HistoricalDate | None
    end: HistoricalDate | None


def holds_today(on):
    """Whether the date asked about has today in it; what the rows of today say is then certain."""
    if on is None:
        return True
    if isinstance(on, DaysAsked):  # put together for any past date, see prepared.py
        return False
    first, last = days_of(on)
    return first <= timezone.localdate() <= last


def held(rows, on, *, founded=None, dissolved=None):
    """What held on ``on`` (HistoricalDate or None for today), a list of Held, best first.

    ``rows``: the dated rows of one unit, with ``pk``, ``begin`` and ``end``; an end that is None is
    not known. ``founded``, ``dissolved``: when the unit began and ended, a HistoricalDate or None.
    Empty where nothing is known of the date.
    """
    begin = _begin_of_present(rows)
    if on is None or _outside(founded, dissolved, on):
        return [Held(None, Certainty.CERTAIN, begin, None)]
    found = []
    for row in rows:
        sure = certainty(on, row.begin, row.end, empty_end="unknown")
        if sure and not _superseded(row, rows, on):
            found.append(Held(row, sure, row.begin, row.end))
    if not rows or holds_today(on):
        found.append(Held(None, Certainty.CERTAIN, begin, None))
    elif _last_may_have_begun(rows, on) and (
        sure := certainty(on, begin, None) if begin else _present_without_begin(rows)
    ):
        found.append(Held(None, sure, begin, None))
    return sorted(found, key=lambda one: _preference(one, on))


def alike(held):
    """What stands beside one another of ``held``, best first: where something is certain, without
    what is merely possible."""
    if held and held[0].certainty is Certainty.CERTAIN:
        return [one for one in held if one.certainty is Certainty.CERTAIN]
    return held


def life_of(unit):
    """When a unit, or a bare row of one, began and ended, as ``held`` takes it."""
    return {name: getattr(unit, name, None) for name in ("founded", "dissolved")}


def _outside(founded, dissolved, on):
    """Whether the unit certainly did not exist on any day of ``on``. No query over existing units
    meets one, so that this needs no twin in SQL."""
    begun, ended = bounds_of(founded)[0], bounds_of(dissolved)[1]
    first, last = days_of(on)
    return bool((ended and ended <= first) or (begun and begun > last))


def _present_without_begin(rows):
    """The last row has neither begin nor end that is known: the present one may have begun."""
    return Certainty.POSSIBLE if rows else Certainty.CERTAIN


def _preference(one, on):
    certain = one.certainty is Certainty.CERTAIN
    if one.value is None:
        return (0 if certain else 4,)
    earliest, latest = bounds_of(one.begin)
    _first, last = days_of(on, surely=True)
    rank = 1 if certain else 2 if latest is not None and latest <= last else 3
    return rank, -(earliest.toordinal() if earliest else 0), one.value.pk


def _end_at_the_earliest(row):
    """The first day on which the row may have ended: never before it began."""
    return bounds_of(row.end)[0] or bounds_of(row.begin)[0]


def _last(rows):
    def place(row):
        day, begin = _end_at_the_earliest(row), bounds_of(row.begin)[0]
        return (
            day is not None, day or datetime.date.min,
            begin is not None, begin or datetime.date.min, row.pk,
        )  # fmt: skip

    return max(rows, key=place)


def _begin_of_present(rows):
    """Since when the present one holds: a HistoricalDate, or None where nothing tells."""
    if not rows:
        return None
    last = _last(rows)
    if last.end:
        return last.end
    return HistoricalDate(f"{last.begin}/") if last.begin and not last.begin.is_period else None


def _last_may_have_begun(rows, on):
    """Where the end of the last row is known less exactly than its begin (June 1905 to 190X), the
    present one still did not hold before that row did."""
    begun = bounds_of(_last(rows).begin)[0]
    return begun is None or begun <= days_of(on)[1]


def _superseded(row, rows, on):
    """Whether a row whose end is not known must have ended, since a later one had begun."""
    if bounds_of(row.end)[1] is not None:
        return False
    first, _last_day = days_of(on)
    begun = bounds_of(row.begin)[1]
    if begun is None:
        return False
    for other in rows:
        earliest, latest = bounds_of(other.begin)
        if latest is not None and latest <= first and earliest and earliest > begun:
            return True
    return False


# --- The same in SQL --------------------------------------------------------------------------


def present_holds(rows, on):
    """Whether what stands on the unit's row certainly held: an expression for ``filter()``.

    ``rows``: the dated rows as a queryset on ``OuterRef`` of the unit.
    """
    if holds_today(on):
        return Q()
    _first, last = days_of(on, surely=True)
    last = _real(last)
    may_end = Coalesce("end_earliest", "begin_earliest")
    # annotate() and values() apart: modeltranslation's values() takes no expressions alone.
    end = rows.annotate(ended=Coalesce("end_latest", Value(datetime.date.max))).order_by(
        may_end.desc(nulls_last=True), F("begin_earliest").desc(nulls_last=True), "-pk"
    )
    end = end.values("ended")[:1]
    ended = Coalesce(Subquery(end), Value(datetime.date.min))
    # Almost always there is no row that has not ended: asked first, since that is quickly told.
    going_on = rows.filter(Q(end_latest__isnull=True) | Q(end_latest__gt=last))
    return ~Exists(going_on) | Q(LessThanOrEqual(ended, last))


def _real(last):
    # date.max stands for "never": a question that reaches so far does not make an end of it.
    return Least(last, Value(_LAST_REAL_DAY), output_field=DateField())


def rows_in_force(rows, on):
    """The dated rows that certainly or possibly held, as a queryset."""
    first, _last_day = days_of(on)
    later = rows.model._base_manager.filter(
        unit=OuterRef("unit"),
        begin_latest__lte=first,
        begin_earliest__gt=OuterRef("begin_latest"),
    )
    return rows.filter(possibly_in_force(on)).exclude(Q(end_latest__isnull=True) & Exists(later))


def chosen_rows(rows, on):
    """Of the dated ``rows`` of any units those that are preferred on a past date, one for a unit;
    none of units for which their own row certainly held."""
    of_the_unit = rows.model._base_manager.filter(unit=OuterRef("unit")).order_by()
    holds = present_holds(of_the_unit, on)
    if not holds:
        return rows.none()
    best = preferred(rows_in_force(of_the_unit, on), on).values("pk")[:1]
    chosen = Q(pk=Subquery(best)) & ~Q(holds)
    # Almost always a unit has one row. It has no rival but the present one, which cannot have
    # begun for certain before this row has ended: told without all that is asked above.
    _first, last = days_of(on, surely=True)
    goes_on = Q(end_latest__isnull=True) | Q(end_latest__gt=_real(last))
    only_one = ~Exists(of_the_unit.exclude(pk=OuterRef("pk")))
    return rows_in_force(rows, on).filter(goes_on & Q(only_one) | chosen)


def preferred(rows, on):
    """The rows (all of one unit) in the order of preference."""
    _first, last = days_of(on, surely=True)
    rank = Case(
        When(in_force(on), then=Value(1)),
        When(begin_latest__lte=last, then=Value(2)),
        default=Value(3),
        output_field=IntegerField(),
    )
    return rows.order_by(rank, F("begin_earliest").desc(nulls_last=True), "pk")
