"""Which of several things that followed one another held on a date: names, superiors.

What holds today stands on the row of the unit, with since when it does; every other period stands
in a dated row. Neither says anything about a period that is not its own, and nothing holds outside
the lives of those whom it joins. Where it is not known since when the present one holds, it is
certain from the day on which it was first public (see ``units.first_public``) and possible before.

The order of preference: what certainly held, the present one first, then the latest; then what
possibly held, first what had certainly begun, the latest first again, the present one last. A row
that says "not known" outranks the present one, and all that is merely possible where it is certain.

A row to come (``takes_effect``) has no end of its own: it ends where the next one begins, and the
present one where the first of them does. How surely something will hold on a day to come is asked
as if all went on (``expected``), so that the order is the same as ever; but it is never certain.

``held`` answers in Python, ``Standing`` is the same in SQL; tests hold them against each other.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import (
    BooleanField,
    Case,
    DateField,
    Exists,
    F,
    Func,
    IntegerField,
    OuterRef,
    Q,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Greatest, Least
from django.db.models.lookups import Exact, IsNull, LessThan, LessThanOrEqual
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
from publishing.to_come import begun_or_announced
from units import existence
from units.existence import as_far_as_today, outer, surely_has_today, today_of, witnessed
from units.models import ExternalBody, Unit


@dataclass(frozen=True)
class Held:
    """What held, how surely, and in which period; ``begin`` and ``end`` None: not known.

    ``value`` is the dated row, None for the present one (whose ``end`` None means "still").
    ``expected``: how surely as far as can be foreseen."""

    value: Any
    certainty: Certainty
    begin: HistoricalDate | None
    end: HistoricalDate | None
    expected: Certainty


@dataclass(frozen=True)
class Asked:
    """What is asked of dated rows in SQL: ``on``, a date or DaysAsked; ``to_come``: whether a row
    to come may have begun by then; ``hides``: rows that the public may not see yet are left out."""

    on: Any
    to_come: bool = False
    hides: bool = False


def held(rows, on, since, *, life, lives, is_unknown, today=None):
    """What held on ``on`` (HistoricalDate or None for today), a list of Held, best first; where
    something is certain, without what is merely possible. Empty: nothing is known.

    ``rows``: the dated rows of one unit that the reader may see, with ``pk``, ``begin``, ``end``
    and ``takes_effect``; an end that is None is not known. ``since``: when the present one began, a
    HistoricalDate or None. ``life``: the Period of the unit; ``lives(value)``: those of the others
    whom a row, or None for the present one, joins. ``is_unknown(row)``: whether a row says that
    nothing is known. ``today``: today's date, for those who ask often.

    What is preferred is asked as if the unit certainly existed; how surely it did counts at last.
    """
    today = today or timezone.localdate()
    day, found, gaps = HistoricalDate.from_date(today) if on is None else on, [], []
    if not rows:  # as of most units
        whole = witnessed(Period.of(since, None), today).within(*lives(None), life)
        expected = whole.certainty(day)
        sure = as_far_as_today(expected, whole, on, today)
        return [Held(None, sure, since, None, expected)] if expected else []
    to_come = sorted({row.takes_effect for row in rows} - {None})

    def add(value, begin, end, empty_end):
        period = Period.of(begin, end, empty_end=empty_end)
        period = witnessed(period, today) if value is None else period
        period = period.within(*lives(value))
        whole = period.within(life)
        if expected := whole.certainty(day):
            sure = as_far_as_today(expected, whole, on, today)
            held = Held(value, sure, begin, end, expected)
            is_gap = value is not None and is_unknown(value)
            (gaps if is_gap else found).append((period.certainty(day), held))

    for row in rows:
        if not _superseded(row, rows, day):
            if row.takes_effect:
                add(row, row.begin, _first(to_come, row.takes_effect), "open")
            else:
                add(row, row.begin, row.end, "unknown")
    add(None, since, _first(to_come), "open")
    if _has_certain(gaps):
        found = [one for one in found if one[1].value is not None and _is_certain(one)]
    elif gaps:
        found = [one for one in found if one[1].value is not None or _is_certain(one)]
    if _has_certain(found):
        found = list(filter(_is_certain, found))
    return [one for _sure, one in sorted(found, key=lambda one: _preference(*one, day))]


def _first(days, after=None):
    """The first of ``days`` (in order) after another, as a HistoricalDate, or None."""
    day = next((day for day in days if after is None or day > after), None)
    return day and HistoricalDate.from_date(day)


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
    there is one; ``outside``: that of rows that leads to a body outside.
    """

    model: Any
    since: str
    is_unknown: Q
    other: str = ""
    outside: str = ""

    def present_holds(self, asked, others=None):
        """A condition over units that exist: what stands on their row is preferred to all rows.
        ``others``: a condition that only few units meet, all at the other end among them."""
        every = self._of(OuterRef("pk"), asked)
        # 2: the present one is outranked even where it is certain, 1: where it is possible.
        gap = self.is_unknown & self._sure_row(asked)
        rank = Case(When(gap, then=Value(2)), default=Value(1))
        rows = self._in_force(every, asked, of_one=True).annotate(outranks=rank)
        outranked = Coalesce(Subquery(rows.order_by("-outranks").values("outranks")[:1]), 0)
        own = Case(When(self._sure_present(asked), then=Value(2)), default=Value(1))
        # Almost always a unit has no dated row, which is quickly seen.
        maybe = self._maybe_present(asked, others=others)
        return maybe & (~Q(Exists(every)) | Q(LessThan(outranked, own)))

    def chosen_rows(self, asked, *conditions):
        """Of the rows that meet the ``conditions``, those that are preferred on the date: one of a
        unit at most, none of units for which their own row holds."""
        of_the_unit = self._of(OuterRef("unit"), asked)
        rivals = self._in_force(of_the_unit, asked)
        best = self._preferred(rivals, asked).values("pk")[:1]
        # Almost always a unit has one row, which has no rival but the present one.
        alone = ~Exists(of_the_unit.exclude(pk=OuterRef("pk")))
        rows = self._seen(self.model.objects.order_by().filter(*conditions), asked)
        rows = self._in_force(rows, asked)
        present = Unit.objects.order_by().filter(
            self._sure_present(asked), self._maybe_present(asked), pk=OuterRef("unit")
        )
        # A value, not whether there is one: PostgreSQL would look for those of all units at once.
        no_present = Q(IsNull(Subquery(present.values("pk")), True))
        gaps = self._in_force(self._seen(self.model.objects.order_by(), asked), asked)
        gaps = gaps.filter(self.is_unknown, self._sure_row(asked))
        # All that outrank a present one, of which there are few, and asked only if one is certain.
        is_outranked = Q(unit__in=gaps.values("unit"))
        rows = rows.exclude(self.is_unknown).filter(no_present | is_outranked)
        return rows.filter(Q(alone) | Q(pk=Subquery(best)))

    def _of(self, unit, asked):
        return self._seen(self.model._base_manager.filter(unit=unit).order_by(), asked)

    def _seen(self, rows, asked):
        return rows.filter(begun_or_announced(today_of(asked.on))) if asked.hides else rows

    def _to_come(self, unit, asked, *days):
        """Whether a row to come of ``unit`` has begun by the last of ``days``, not known or not."""
        rows = self._of(unit, asked)
        day = Greatest(*(Coalesce(day, EVER) for day in days)) if len(days) > 1 else days[0]
        return Exists(rows.filter(takes_effect__lte=day))

    def _next_to_come(self, asked, *days):
        """The same of the one that follows a row to come."""
        rows = self._of(OuterRef("unit"), asked).filter(takes_effect__gt=OuterRef("takes_effect"))
        day = Greatest(*(Coalesce(day, EVER) for day in days)) if len(days) > 1 else days[0]
        return Exists(rows.filter(takes_effect__lte=day))

    def _in_force(self, rows, asked, of_one=False):
        """The rows that certainly or possibly held while those whom they join existed. ``of_one``:
        they are those of a unit in the query around this one, which existed."""
        on = asked.on
        first, _last_day = days_of(on)
        later = self._seen(
            self.model._base_manager.filter(
                unit=OuterRef("unit"),
                begin_latest__lte=first,
                begin_earliest__gt=OuterRef("begin_latest"),
            ),
            asked,
        )
        if of_one:  # seen from the query over those at the other end: two queries out
            unit, unit_there = outer(), outer(around=lambda name: OuterRef(OuterRef(name)))
        else:
            rows = rows.filter(existence.possibly(on, "unit__"))
            unit, unit_there = "unit__", outer("unit__")
        rows = rows.filter(possibly_in_force(on), existence.may_meet("begin", "end", unit))
        for end in filter(None, (self.other, self.outside)):
            there = existence.possibly(on) & existence.may_meet(BEGIN, END, "")
            there &= existence.lives_may_meet(unit_there, "")
            rows = rows.filter(_nobody(end) | self._at(end, there))
        rows = rows.exclude(Q(end_latest__isnull=True) & Exists(later))
        if asked.to_come:
            days = [_day(first), OuterRef("unit__founded_earliest")]
            days += [OuterRef(f"{self.other}__founded_earliest")] if self.other else []
            over = Q(takes_effect__isnull=False) & self._next_to_come(asked, *days)
            rows = rows.filter(_unless(over))
        return rows

    def _sure_row(self, asked):
        """Rows that certainly held, if their unit existed, while the other certainly did."""
        on = asked.on
        sure = in_force(on)
        if self.other:
            exists = existence.expected(on)
            there = exists & existence.surely_meet(BEGIN, END, "")
            sure &= self._surely_under(there)
        if self.outside:
            begun = existence.outside_begun_by()
            there = existence.expected_outside(on)
            there &= existence.surely_meet(BEGIN, END, "", begun)
            sure &= _nobody(self.outside) | self._at(self.outside, there)
        if asked.to_come:  # never under a body outside
            first, last = days_of(on, surely=True)
            coming = Q(takes_effect__lte=last) & ~Q(self._next_to_come(asked, _day(first)))
            if self.other:
                there = exists & existence.surely_meet(BEGIN, None, "")
                over = self._next_to_come(asked, _outer_begun_by(f"{self.other}__"))
                coming &= self._surely_under(there, over)
            sure |= coming
        return sure

    def _surely_under(self, there, over=None):
        """Whether the unit at the other end certainly exists so that it meets ``there``, unless
        it is ``over`` for another reason. Where there is no such unit, or one that is not
        published, how surely that existed does not count, as ``superior_rows`` has it."""
        sure = self._at(self.other, there | ~Q(status=Status.PUBLISHED))
        if over is not None:
            status = Unit.objects.order_by().filter(pk=OuterRef(self.other)).values("status")
            sure &= ~Q(over) | ~Q(Exact(Subquery(status), Value(Status.PUBLISHED)))
        return _nobody(self.other) | sure

    def _at(self, end, condition):
        """Whether the record at an ``end`` meets a condition. A query of its own,
        so that the records at all ends are not joined before it is known which count."""
        model = ExternalBody if end == self.outside else Unit
        return Q(Exists(model.objects.order_by().filter(condition, pk=OuterRef(end))))

    def _sure_present(self, asked):
        on, since = asked.on, self.since
        first, last = days_of(on, surely=True)
        begun = self._certainly_begun()
        if surely_has_today(on):  # the row says so, whether or not it says since when
            today = today_of(on)
            sure = ~Q(**{f"{since}_earliest__gt": today})
        else:
            sure = Q(LessThanOrEqual(begun, _day(last)))
        if self.other:
            begun = self._certainly_begun(OuterRef)
            if surely_has_today(on):
                begun = Least(Coalesce(begun, _day(today)), _day(today))
            there = existence.expected(on) & Q(LessThan(begun, F("dissolved_earliest")))
            over = None
            if asked.to_come:
                over = self._to_come(OuterRef("pk"), asked, _outer_begun_by(f"{self.other}__"))
            sure &= self._surely_under(there, over)
        if asked.to_come:
            begun = self._certainly_begun(OuterRef)
            if surely_has_today(on):
                begun = Least(Coalesce(begun, _day(today)), _day(today))
            sure &= ~Q(self._to_come(OuterRef("pk"), asked, _day(first), begun))
        return sure

    def _certainly_begun(self, column=F):
        """Since when what stands on the row of a unit certainly holds, as an expression. Of a unit
        that is not published all that is possible counts, as ``superior_rows`` has it."""
        certain = column(f"{self.since}_certain")
        if not self.other:
            return certain
        possible = Coalesce(column(f"{self.since}_earliest"), EVER)
        is_published = Exact(column("status"), Value(Status.PUBLISHED))
        return Case(When(is_published, then=certain), default=possible)

    def _maybe_present(self, asked, others=None):
        first, last = days_of(asked.on)
        on, since = asked.on, self.since
        begun = Q(**{f"{since}_earliest__isnull": True}) | Q(**{f"{since}_earliest__lte": last})
        maybe = begun & existence.may_meet(since, None, "")
        if self.other:
            there = existence.possibly(on) & existence.may_meet(outer(since), None, "")
            there &= existence.lives_may_meet(outer(), "")
            there = _nobody(self.other) | self._at(self.other, there)
            if others is not None:  # almost all of them lasted all the time: told once for each
                lasting = Unit.objects.order_by().filter(others, existence.may_last(on))
                there = Q(**{f"{self.other}__in": lasting.values("pk")}) | there
            maybe &= there
        if asked.to_come:
            days = [_day(first), OuterRef(f"{since}_earliest"), OuterRef("founded_earliest")]
            days += [OuterRef(f"{self.other}__founded_earliest")] if self.other else []
            maybe &= ~Q(self._to_come(OuterRef("pk"), asked, *days))
        return maybe

    def _preferred(self, rows, asked):
        """The rows (all of one unit) in the order of preference. Those that say "not known" are
        among them, last of what is certain and last of all: only the former outrank others."""
        _first, last = days_of(asked.on, surely=True)
        rank = Case(
            When(self._sure_row(asked), then=Value(1)),
            When(self.is_unknown, then=Value(4)),
            When(begin_latest__lte=last, then=Value(2)),
            default=Value(3),
            output_field=IntegerField(),
        )
        is_gap = Case(When(self.is_unknown, then=Value(1)), default=Value(0))
        return rows.order_by(rank, is_gap, F("begin_earliest").desc(nulls_last=True), "pk")


# Those of the row of the query around this one.
BEGIN, END = outer("begin"), outer("end")
EVER = Value(date.min, output_field=DateField())


class _IsNotTrue(Func):
    # PostgreSQL estimates from the condition how many rows are left; of a CASE it takes 1 of 200.
    template, output_field = "(%(expressions)s) IS NOT TRUE", BooleanField()


def _nobody(end):
    return Q(**{f"{end}__isnull": True})


def _day(day):
    """A day, or the place of one, as an expression."""
    return day if hasattr(day, "resolve_expression") else Value(day, output_field=DateField())


def _outer_begun_by(path):
    """``existence.begun_by`` of a unit of the query around this one."""
    founded, attested = OuterRef(f"{path}founded_certain"), OuterRef(f"{path}attested_certain")
    return Least(Coalesce(founded, existence.NEVER), Coalesce(attested, existence.NEVER))


def _unless(condition):
    """Not, for a condition that may be NULL."""
    return _IsNotTrue(condition)
