"""What is claimed of units: the names and superiors of rows and units, each with its period.

Plain values, the same from a form, a file and the database; ``units.facts`` reads them.
"""

import datetime
from itertools import pairwise
from typing import Any, NamedTuple

from chronology import HistoricalDate
from chronology.overlaps import Claim, meeting
from publishing.findings import Place
from units.first_public import effect_day

UNIT, NAME, SUPERIOR = "units.unit", "units.datedname", "units.datedsuperior"
BODY = "units.externalbody"

# Of one unit so many rows that hold at the same time are compared with each other.
AT_ONCE = 50


class UnitFacts(NamedTuple):
    """What a unit's row says; records are codes, dates HistoricalDates or None."""

    code: str
    parent: str | None
    founded: Any
    attested: Any
    dissolved: Any
    name_since: Any
    superior_since: Any
    closing_reason: str
    title: str


class RowFacts(NamedTuple):
    """What a dated row says; ``value``: the name, or the code of the superior; "" for none;
    ``is_unknown``: it says that nothing is known."""

    model: str
    code: str
    unit: str
    begin: Any
    end: Any
    value: str
    is_unknown: bool
    is_unit: bool = False


class Held(NamedTuple):
    """A name or superior with the period that is claimed for it. ``row``: the RowFacts, None for
    what stands on the row of the unit."""

    claim: Claim
    row: RowFacts | None
    place: Place
    value: str
    is_unknown: bool = False
    is_unit: bool = True


def to_come(rows, since):
    """``{row: its day}`` of the rows that will take the place of the present one, by their day."""
    days = {row: day for row in rows if (day := effect_day(row.begin, row.end, since))}
    return dict(sorted(days.items(), key=lambda item: (item[1], item[0].code)))


def held_by(unit, rows, since, *, present=None):
    """What is claimed of one unit: a list of Held. ``present``: the Held of its own row, without
    its end: it ends with the unit, or by the first row to come; these end where the next begins."""
    coming = to_come(rows, since)
    days = sorted(set(coming.values()))
    next_day = dict(pairwise([*days, None]))
    found = []
    if present is not None:
        end = as_date(days[0]) if days else unit.dissolved
        found.append(present._replace(claim=Claim(since, end, "open")))
    for row in rows:
        if row in coming:
            claim = Claim(row.begin, as_date(next_day[coming[row]]), "open")
        else:
            claim = Claim(row.begin, row.end)
        field = "name" if row.model == NAME else "parent"
        place = Place(row.model, row.code, field)
        found.append(Held(claim, row, place, row.value, row.is_unknown, row.is_unit))
    return found


def as_date(day):
    """The HistoricalDate of a day, None for None."""
    return day and HistoricalDate.from_date(day)


def pairs(held, *, of=lambda one: one.claim):
    """Yield (one, other, how surely) of what may hold at the same time, in bounded steps."""
    if len(held) < 2:
        return
    in_order = sorted(held, key=lambda one: _first(of(one)))
    for number, one in enumerate(in_order):
        for other in in_order[max(0, number - AT_ONCE) : number]:
            if sure := meeting(of(other), of(one)):
                yield other, one, sure


def _first(claim):
    begin, end = claim.begin, claim.end
    dates = (begin and (begin.earliest or begin.latest), end and (end.earliest or end.latest))
    return next((day for day in dates if day), datetime.date.min)


def superiors_held(unit, rows):
    """What is claimed of the superiors of a unit, a list of Held; at the top: an empty value."""
    own = Held(None, None, Place(UNIT, unit.code, "superior_since"), unit.parent or "")
    return held_by(unit, rows, unit.superior_since, present=own)


def present_superior(unit):
    """The same of a unit without dated superiors."""
    own = Held(None, None, Place(UNIT, unit.code, "superior_since"), unit.parent or "")
    return [own._replace(claim=Claim(unit.superior_since, unit.dissolved, "open"))]
