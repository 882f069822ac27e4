"""Where events and the lives of the units that take part in them contradict each other."""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.utils.translation import gettext_noop as _

from exchange.columns import split_codes
from exchange.planning.planned_rows import PlannedRows
from history.event_kinds import event_kind
from history.models import Event, Participation, Side
from publishing.findings import Finding, Place, Severity, finds, finds_all, finds_in_plans, only_new
from units.contradictions.rules import life_in_words
from units.facts import Planned, PlannedTables, Stored, batches, date_of, title_columns
from units.models import ClosingReason, Unit

WITH_SUCCESSORS = ClosingReason.with_successors()


@dataclass
class EventFacts:
    """An event with the codes of its units by side, and how many bodies outside come after it."""

    code: str
    kind: str
    date: Any
    title: str
    units: dict = field(default_factory=lambda: defaultdict(list))
    bodies_after: int = 0


def judge(events, units, asked=()):
    """Yield the findings about ``events`` and about the units ``asked`` (codes), of which all
    events are among ``events``. ``units``: {code: UnitFacts}."""
    succeeded = set()
    for event in events:
        before, after = event.units[Side.BEFORE], event.units[Side.AFTER]
        if event_kind(event.kind).makes_successors:
            succeeded.update(
                one for one in before if event.bodies_after or any(o != one for o in after)
            )
        if event.date is not None:
            for side, codes in event.units.items():
                for code in codes:
                    if (unit := units.get(code)) and (unit.founded or unit.dissolved):
                        yield from _dates(event, side, unit)
    for code in asked:
        unit = units.get(code)
        if unit and unit.closing_reason in WITH_SUCCESSORS and code not in succeeded:
            yield _no_successor(unit)


def _dates(event, side, unit):
    kind, first, last = event_kind(event.kind), event.date.earliest, event.date.latest
    founded, dissolved = unit.founded, unit.dissolved
    begun = founded and founded.earliest
    over = dissolved and dissolved.latest
    outside = begun and last and last < begun and not kind.may_precede
    outside = outside or (over and first and first > over)
    if kind.founds and side == Side.AFTER:
        outside = outside or (first and founded and founded.latest and first > founded.latest)
    if kind.surely_closes and side == Side.BEFORE and last and dissolved:
        outside = outside or (dissolved.earliest and last < dissolved.earliest)
    if not outside:
        return
    yield Finding(
        "event_outside_life",
        Severity.SECOND_LOOK,
        _("The date of “%(event)s” (%(date)s) contradicts the life of “%(unit)s” (%(life)s)."),
        {
            "event": event.title,
            "date": event.date,
            "unit": unit.title,
            "life": life_in_words(unit),
        },
        _("Correct the date of the event, or when the unit was founded or dissolved."),
        (Place("history.event", event.code, "date"), Place("units.unit", unit.code, "founded")),
        (event.kind, side, *map(str, (event.date, founded, dissolved))),
    )


def _no_successor(unit):
    return Finding(
        "no_successor",
        Severity.SECOND_LOOK,
        _("“%(unit)s” was closed as “%(reason)s”, and no event names who came after it."),
        {"unit": unit.title, "reason": ClosingReason(unit.closing_reason).label},
        _("Add the event with the unit before it and its successors after it."),
        (Place("units.unit", unit.code, "closing_reason"),),
        (unit.closing_reason,),
    )


# --- the database -----------------------------------------------------------------------------


def _rows(model):
    return models.QuerySet(model).order_by()


def _events(chosen):
    """EventFacts of ``chosen``, a QuerySet of events; two queries."""
    columns = ("pk", "code", "kind", "date", *title_columns(Event))
    found = {}
    for pk, code, kind, date, *titles in chosen.values_list(*columns):
        found[pk] = EventFacts(code, kind, date, next(filter(None, titles), code))
    rows = []
    for some in batches(found, 500):
        taking_part = _rows(Participation).filter(event__in=some).order_by("pk")
        rows += taking_part.values_list("event_id", "side", "unit__code")
    for pk, side, unit in rows:
        if unit:
            found[pk].units[side].append(unit)
        elif side == Side.AFTER:
            found[pk].bodies_after += 1
    return list(found.values())


def _units(events, asked):
    codes = {code for event in events for some in event.units.values() for code in some}
    return {unit.code: unit for unit in Stored().units(codes | set(asked))}


def _of_units(codes):
    part = _rows(Participation).filter(unit__code__in=codes)
    events = _events(_rows(Event).filter(pk__in=part.values("event")))
    return events, _units(events, codes)


@finds("units.unit")
def of_unit(unit):
    events, units = _of_units([unit.code])
    about_it = {code: one for code, one in units.items() if code == unit.code}
    return judge(events, about_it, [unit.code])


@finds("history.event")
def of_event(event):
    events = _events(_rows(Event).filter(pk=event.pk))
    before = [code for one in events for code in one.units[Side.BEFORE]]
    yield from judge(events, _units(events, ()))
    others, units = _of_units(before)
    yield from (found for found in judge(others, units, before) if found.code == "no_successor")


@finds_all
def of_all_events():
    keys = _rows(Event).order_by("pk").values_list("pk", flat=True)
    for some in batches(keys.iterator(chunk_size=2000)):
        events = _events(_rows(Event).filter(pk__in=some))
        yield from judge(events, _units(events, ()))
    closed = _rows(Unit).filter(closing_reason__in=WITH_SUCCESSORS).order_by("pk")
    for some in batches(closed.values_list("code", flat=True).iterator(chunk_size=500), 500):
        events, units = _of_units(some)
        found = judge(events, {code: units[code] for code in some}, some)
        yield from (one for one in found if one.code == "no_successor")


# --- imports ----------------------------------------------------------------------------------

_SIDES = {
    "units_before": Side.BEFORE,
    "units_after": Side.AFTER,
    "units_concerned": Side.SUBJECT,
}


@finds_in_plans
def of_plan(plan):
    """What an import of events or units would newly make."""
    titles = title_columns(Event)
    columns = ["kind", "date", *_SIDES, "bodies_after"]
    events = PlannedRows(plan, "events", columns, titles)
    tables = PlannedTables.of(plan)
    if not (events.after or tables.units.after):
        return []
    lives = tables.units.changed("founded", "dissolved", "closing_reason")
    reason_at = tables.units.names.index("closing_reason")
    closed = {texts[0] for texts in tables.units.written() if texts[reason_at] in WITH_SUCCESSORS}
    for texts in [*events.written(), *events.written(was=True)]:
        closed.update(split_codes(texts[events.names.index("units_before")]))
    closed_now = closed | lives

    def found(was):
        rows = [_planned(texts) for texts in events.written(was)]
        if closed_now and _rows(Event).exists():
            rows += _left_alone(closed_now, events)
        units = {code for event in rows for some in event.units.values() for code in some}
        by_code = {one.code: one for one in Planned(tables, was).units(units | closed_now)}
        return judge(rows, by_code, closed_now)

    after = list(found(False))
    return only_new(after, found(True)) if after else []


def _left_alone(codes, events):
    """The stored events of units that the plan does not write."""
    found = {}
    for some in batches(codes, 500):
        part = _rows(Participation).filter(unit__code__in=some)
        for event in _events(_rows(Event).filter(pk__in=part.values("event"))):
            if event.code not in events.after:
                found[event.code] = event
    return list(found.values())


def _planned(texts):
    code, kind, date, before, after, concerned, bodies, *titles = texts
    event = EventFacts(code, kind, date_of(date), next(filter(None, titles), code))
    for side, codes in zip(_SIDES.values(), (before, after, concerned), strict=True):
        event.units[side.value] = split_codes(codes)
    event.bodies_after = len(split_codes(bodies))
    return event
