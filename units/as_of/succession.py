"""Which of several things that followed one another held on a date: names, superiors.

What holds today stands on the row of the unit, with since when it does; every other period stands
in a dated row. Neither says anything about a period that is not its own, and nothing holds outside
the lives of those whom it joins. Where it is not known since when the present one holds, it is
certain from the day on which it was first public (see ``units.settling``) and possible before.

The order of preference: what certainly held, the present one first, then the latest; then what
possibly held, first what had certainly begun, the latest first again, the present one last. A row
that says "not known" outranks the present one, and all that is merely possible where it is certain.

``held`` answers in Python, ``Standing`` is the same in SQL; tests hold them against each other.
"""

from dataclasses import dataclass
from typing import Any

from django.db.models import Case, Exists, F, IntegerField, OuterRef, Q, Subquery, Value, When
from django.db.models.lookups import Exact
from django.utils import timezone

from chronology import (
    Certainty,
    HistoricalDate,
    Period,
    days_of,
    in_force,
    possibly_in_force,
)
from chronology.periods import bounds_of
from publishing.models import Status
from units import existence
from units.existence import day_asked, has_today, witnessed


@dataclass(frozen=True)
class Held:
    """What held, how surely, and in which period; ``begin`` and ``end`` None: not known.

    ``value`` is the dated row, None for the present one (whose ``end`` None means "still")."""

    value: Any
    certainty: Certainty
    begin: HistoricalDate | None
    end: HistoricalDate | None


def held(rows, on, since, *, life, lives, is_unknown):
    """What held on ``on`` (HistoricalDate or None for today), a list of Held, best first; where
    something is certain, without what is merely possible. Empty: nothing is known.

    ``rows``: the dated rows of one unit, with ``pk``, ``begin`` and ``end``; an end that is None is
    not known. ``since``: when the present one began, a HistoricalDate or None. ``life``: the Period
    of the unit; ``lives(value)``: those of the others whom a row, or None for the present one,
    joins. ``is_unknown(row)``: whether a row says that nothing is known.

    What is preferred is asked as if the unit certainly existed; how surely it did counts at last.
    """
    day, found, gaps = day_asked(on), [], []

    def add(value, period, begin, end):
        period = period.within(*lives(value))
        if sure := period.within(life).certainty(day):
            one = period.certainty(day), Held(value, sure, begin, end)
            (gaps if value is not None and is_unknown(value) else found).append(one)

    for row in rows:
        if not _superseded(row, rows, day):
            add(row, Period.of(row.begin, row.end, empty_end="unknown"), row.begin, row.end)
    add(None, witnessed(Period.of(since, None)), since, None)
    if _has_certain(gaps):
        found = [one for one in found if one[1].value is not None and _is_certain(one)]
    elif gaps:
        found = [one for one in found if one[1].value is not None or _is_certain(one)]
    if _has_certain(found):
        found = list(filter(_is_certain, found))
    return [one for _sure, one in sorted(found, key=lambda one: _preference(*one, day))]


def _is_certain(one):
    return one[0] is Certainty.CERTAIN


def _has_certain(found):
    return any(map(_is_certain, found))


def _preference(sure, one, on):
    certain = sure is Certainty.CERTAIN
    if one.value is None:
        return (0 if certain else 4,)
    earliest, latest = bounds_of(one.begin)
    _first, last = days_of(on, surely=True)
    rank = 1 if certain else 2 if latest is not None and latest <= last else 3
    return rank, -(earliest.toordinal() if earliest else 0), one.value.pk


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


@dataclass(frozen=True)
class Standing:
    """The questions about one sort of what follows one another, for queries.

    ``model``: the dated rows; ``since``: the field of the unit; ``is_unknown``: a Q over rows;
    ``other``: the field, of units and of rows alike, that leads to the unit at the other end, if
    there is one.
    """

    model: Any
    since: str
    is_unknown: Q
    other: str = ""

    def present_holds(self, on):
        """A condition over units that exist: what stands on their row is preferred to all rows."""
        rows = self._in_force(self._of(OuterRef("pk")), on)
        gap = Exists(rows.filter(self.is_unknown, self._sure_row(on)))
        sure = self._sure_present(on) & ~Q(gap)
        return self._maybe_present(on) & (sure | ~Q(Exists(rows)))

    def chosen_rows(self, on, *conditions):
        """Of the rows that meet the ``conditions``, those that are preferred on ``on``: one of a
        unit at most, none of units for which their own row holds."""
        of_the_unit = self._of(OuterRef("unit"))
        rivals = self._in_force(of_the_unit, on)
        best = self._preferred(rivals.exclude(self.is_unknown), on).values("pk")[:1]
        gap = Exists(rivals.filter(self.is_unknown, self._sure_row(on)))
        # Almost always a unit has one row, which has no rival but the present one.
        alone = ~Exists(of_the_unit.exclude(pk=OuterRef("pk")))
        rows = self._in_force(self.model.objects.order_by().filter(*conditions), on)
        present = self._sure_present(on, "unit__") & self._maybe_present(on, "unit__")
        rows = rows.exclude(self.is_unknown).filter(_unless(present))
        return rows.filter(Q(alone) | Q(pk=Subquery(best)) & (~Q(gap) | self._sure_row(on)))

    def _of(self, unit):
        return self.model._base_manager.filter(unit=unit).order_by()

    def _in_force(self, rows, on):
        """The rows that certainly or possibly held while those whom they join existed."""
        first, _last_day = days_of(on)
        later = self.model._base_manager.filter(
            unit=OuterRef("unit"),
            begin_latest__lte=first,
            begin_earliest__gt=OuterRef("begin_latest"),
        )
        rows = rows.filter(possibly_in_force(on), existence.possibly(on, "unit__"))
        rows = rows.filter(existence.may_meet("begin", "end", "unit__"))
        if self.other:
            there = existence.possibly(on, f"{self.other}__")
            there &= existence.may_meet("begin", "end", f"{self.other}__")
            there &= existence.lives_may_meet("unit__", f"{self.other}__")
            rows = rows.filter(there | Q(**{f"{self.other}__isnull": True}))
        return rows.exclude(Q(end_latest__isnull=True) & Exists(later))

    def _sure_row(self, on):
        """Rows that certainly held, if their unit existed, while the other certainly did."""
        sure = in_force(on)
        if self.other:
            other = f"{self.other}__"
            there = existence.certainly(on, other) & existence.surely_meet("begin", "end", other)
            sure &= there | self._nobody_to_see()
        return sure

    def _nobody_to_see(self, path=""):
        """There is no unit at the other end, or one that is not published: how surely that existed
        does not count, see ``superiors._as_far_as_possible``."""
        other = f"{path}{self.other}"
        return Q(**{f"{other}__isnull": True}) | ~Q(**{f"{other}__status": Status.PUBLISHED})

    def _sure_present(self, on, path=""):
        since = f"{path}{self.since}"
        if has_today(on):  # the row says so, whether or not it says since when
            sure = ~Q(**{f"{since}_earliest__gt": timezone.localdate()})
        else:
            _first, last = days_of(on, surely=True)
            sure = Q(**{f"{since}_certain__lte": last})
        if self.other:
            other = f"{path}{self.other}__"
            there = existence.certainly(on, other)
            if not has_today(on):
                there &= existence.surely_meet(since, None, other)
            sure &= there | self._nobody_to_see(path)
        return sure

    def _maybe_present(self, on, path=""):
        _first, last = days_of(on)
        since = f"{path}{self.since}"
        begun = Q(**{f"{since}_earliest__isnull": True}) | Q(**{f"{since}_earliest__lte": last})
        maybe = begun & existence.may_meet(since, None, path)
        if self.other:
            other = f"{path}{self.other}__"
            there = existence.possibly(on, other) & existence.may_meet(since, None, other)
            there &= existence.lives_may_meet(path, other)
            maybe &= there | Q(**{f"{path}{self.other}__isnull": True})
        return maybe

    def _preferred(self, rows, on):
        """The rows (all of one unit) in the order of preference."""
        _first, last = days_of(on, surely=True)
        rank = Case(
            When(self._sure_row(on), then=Value(1)),
            When(begin_latest__lte=last, then=Value(2)),
            default=Value(3),
            output_field=IntegerField(),
        )
        return rows.order_by(rank, F("begin_earliest").desc(nulls_last=True), "pk")


def _unless(condition):
    """Not, for a condition that may be NULL."""
    return Exact(Case(When(condition, then=Value(1)), default=Value(0)), 0)
