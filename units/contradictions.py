"""What cannot be true at the same time of units, their names and superiors; and what seldom is.

Rules over plain values: the same for a form, a file and the whole database (``units.facts`` reads
them). Refused is what certainly contradicts; a second look is asked for what may be true.
"""

import datetime
from collections import defaultdict
from itertools import islice, pairwise
from typing import Any, NamedTuple

from django.utils import timezone
from django.utils.translation import gettext_noop as _

from chronology import Certainty, HistoricalDate, Period
from chronology.overlaps import ONE_DAY, Claim, meeting
from publishing.findings import Finding, Place, Severity, Span, Words
from units.settling import effect_day

UNIT, NAME, SUPERIOR = "units.unit", "units.datedname", "units.datedsuperior"

# A chain of superiors is followed so far, over so many steps.
HIGHEST = 60
STEPS = 2000
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


# --- what is claimed --------------------------------------------------------------------------


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
        end = _date(days[0]) if days else unit.dissolved
        found.append(present._replace(claim=Claim(since, end, "open")))
    for row in rows:
        if row in coming:
            claim = Claim(row.begin, _date(next_day[coming[row]]), "open")
        else:
            claim = Claim(row.begin, row.end)
        field = "name" if row.model == NAME else "parent"
        place = Place(row.model, row.code, field)
        found.append(Held(claim, row, place, row.value, row.is_unknown, row.is_unit))
    return found


def _date(day):
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


# --- rules ------------------------------------------------------------------------------------


def outside_life(place, claim, unit):
    """A period no day of which lies in the life of the unit is refused."""
    period = claim.period.within(Period.of(unit.founded, unit.dissolved))
    first, after = period.begin_earliest, period.end_latest
    if first is None or after is None or first < after:
        return
    own = claim.period
    if own.begin_earliest and own.end_latest and own.begin_earliest >= own.end_latest:
        return  # its end before its begin: another rule says so
    life = Period.of(unit.founded, unit.dissolved)
    if life.begin_earliest and life.end_latest and life.begin_earliest >= life.end_latest:
        return  # and so here
    yield Finding(
        "outside_life",
        Severity.REFUSED,
        _("No day of this period lies in the life of “%(unit)s” (%(life)s)."),
        {"unit": unit.title, "life": life_in_words(unit)},
        _("Correct the period, or when the unit was founded or dissolved."),
        (place, Place(UNIT, unit.code, "dissolved")),
        _texts(claim.begin, claim.end, unit.founded, unit.dissolved),
    )


def present_outside_life(unit):
    """The same of what stands on the row of the unit."""
    for field in ("name_since", "superior_since"):
        if since := getattr(unit, field):
            yield from outside_life(Place(UNIT, unit.code, field), Claim(since, None, "open"), unit)


def life_in_words(unit):
    """The life of a unit, among the values of a finding."""
    return Span(unit.founded, unit.dissolved)


def _texts(*values):
    return tuple(str(value) if value else "" for value in values)


def same_day(rows, since):
    """Two rows to come that take effect on one day are refused."""
    days = defaultdict(list)
    for row, day in to_come(rows, since).items():
        days[day].append(row)
    for day, those in days.items():
        for row in those[1:]:
            yield Finding(
                "same_day",
                Severity.REFUSED,
                _("Two rows take effect on %(day)s."),
                {"day": _date(day)},
                _("Only one of the two can: change the day of one, or delete it."),
                (
                    Place(row.model, row.code, "begin"),
                    Place(those[0].model, those[0].code, "begin"),
                ),
                _texts(day, row.value, those[0].value),
            )


def two_names(unit, rows):
    """Two names that certainly hold on one day are refused; possibly: a second look."""
    own = Held(None, None, Place(UNIT, unit.code, "name_since"), unit.title)
    coming = to_come(rows, unit.name_since)
    held = held_by(unit, rows, unit.name_since, present=own)
    for one, other, sure in pairs(held):
        if {one.row, other.row} <= coming.keys():
            continue  # same_day()
        if None in (one.row, other.row) and (one.is_unknown or other.is_unknown):
            continue  # "not known" outranks what the row of today says
        yield _two_of_a_unit("two_names", one, other, sure)


def _two_of_a_unit(code, one, other, sure):
    first, second = (other, one) if other.row is None else (one, other)
    values = {
        "one": first.value or Words(_("not known")),
        "other": second.value or Words(_("not known")),
        "one_period": Span(*first.claim),
        "other_period": Span(*second.claim),
    }
    about = _texts(first.value, *first.claim[:2], second.value, *second.claim[:2])
    places = (second.place._replace(field="begin"), first.place)
    if first.row is not None:
        places = (places[0], first.place._replace(field="begin"))
    if sure is Certainty.CERTAIN:
        message = _(
            "On some days two names hold: “%(one)s” (%(one_period)s) and “%(other)s” "
            "(%(other_period)s)."
        )
        advice = _("End the earlier one on the day on which the next one begins.")
        return Finding(code, Severity.REFUSED, message, values, advice, places, about)
    message = _(
        "Two names may hold on the same days: “%(one)s” (%(one_period)s) and “%(other)s” "
        "(%(other_period)s)."
    )
    advice = _("If it is known better, write the end of the one like the beginning of the other.")
    return Finding(f"perhaps_{code}", Severity.SECOND_LOOK, message, values, advice, places, about)


def superiors_held(unit, rows):
    """What is claimed of the superiors of a unit, a list of Held; at the top: an empty value."""
    own = Held(None, None, Place(UNIT, unit.code, "superior_since"), unit.parent or "")
    return held_by(unit, rows, unit.superior_since, present=own)


def two_superiors(unit, rows, titles):
    """Two superiors at once ask for a second look. ``titles(value, is_unit)``: their names."""
    coming = to_come(rows, unit.superior_since)
    for one, other, sure in pairs(superiors_held(unit, rows)):
        if sure is not Certainty.CERTAIN or {one.row, other.row} <= coming.keys():
            continue
        if None in (one.row, other.row) and (one.is_unknown or other.is_unknown):
            continue
        first, second = (other, one) if other.row is None else (one, other)
        names = [
            Words(_("not known")) if h.is_unknown
            else f"“{titles(h.value, h.is_unit)}”" if h.value else Words(_("at the top"))
            for h in (first, second)
        ]  # fmt: skip
        yield Finding(
            "two_superiors",
            Severity.SECOND_LOOK,
            _("“%(unit)s” has two superiors at once: %(one)s (%(one_period)s) and %(other)s "
              "(%(other_period)s)."),
            {
                "unit": unit.title,
                "one": names[0],
                "one_period": Span(*first.claim),
                "other": names[1],
                "other_period": Span(*second.claim),
            },
            _("If one followed the other, end the earlier one on the day the next one begins."),
            (second.place._replace(field="begin"), first.place),
            _texts(unit.code, first.value, *first.claim[:2], second.value, *second.claim[:2]),
        )  # fmt: skip


def superior_not_there(unit, held, superior):
    """A superior that did not exist in a part of the period asks for a second look."""
    claim = held.claim
    begun = claim.begin and claim.begin.latest
    missing = []
    founded = superior.founded and superior.founded.earliest
    dissolved = superior.dissolved and superior.dissolved.latest
    if begun and founded and begun < founded:
        missing.append("founded")
    if dissolved and _lasts_until(claim, unit) > dissolved:
        missing.append("dissolved")
    for what in missing:
        yield _superior_missing(what, unit, held, superior)


def _superior_missing(what, unit, held, superior):
    claim = held.claim
    names = {
        "unit": unit.title,
        "superior": superior.title,
        "date": getattr(superior, what),
    }
    place = held.place if held.row is None else held.place._replace(field="parent")
    about = _texts(unit.code, held.value, *claim[:2], superior.founded, superior.dissolved)
    if what == "founded":
        code, places = "superior_not_there", (place, Place(UNIT, superior.code, "founded"))
        message = _("“%(superior)s” was founded later (%(date)s) than “%(unit)s” came under it.")
        advice = _("Write who was its superior before, or correct one of the dates.")
    else:
        code = "outlives_superior" if held.row is None else "superior_not_there"
        if held.row is None:
            place = place._replace(field="parent")
        places = (place, Place(UNIT, superior.code, "dissolved"))
        message = _("“%(superior)s” ended (%(date)s) and “%(unit)s” goes on under it.")
        advice = _(
            "Since then its superior is shown as not known. Write who became its superior, or end "
            "the unit too."
        )
    return Finding(code, Severity.SECOND_LOOK, message, names, advice, places, about)


def _lasts_until(claim, unit):
    """The first day on which a claimed period may be over: while the unit exists."""
    if claim.end is not None:
        end = claim.end.earliest or datetime.date.min
    else:
        end = datetime.date.max if claim.empty_end == "open" else datetime.date.min
    own = unit.dissolved and (unit.dissolved.earliest or datetime.date.min)
    return min(end, own) if own else end


def attested_before(unit):
    """Known to exist before it was founded: a second look. Not, when it had ended: the site fills
    in the day on which the unit was first public, and an earlier end may be learnt later."""
    founded, last = unit.founded and unit.founded.earliest, unit.attested.latest
    if not founded or not last or last >= founded:
        return
    yield Finding(
        "attested_before_founded",
        Severity.SECOND_LOOK,
        _("“%(unit)s” is known to have existed on a day on which it did not (%(life)s)."),
        {"unit": unit.title, "life": life_in_words(unit)},
        _("Correct “known to exist since”, or when it was founded or dissolved."),
        (Place(UNIT, unit.code, "attested"),),
        _texts(unit.attested, unit.founded, unit.dissolved),
    )


# --- rings ------------------------------------------------------------------------------------


def certain_days(claim):
    """(first day, first day outside) on which a claimed period certainly lasted, or None."""
    period = claim.period
    first, after = period.begin_certain, period.end_earliest
    if first is None and claim.end is not None and claim.end.exact and claim.begin is None:
        first = claim.end.exact - ONE_DAY  # it held on the day before its end
    return (first, after) if first and after and first < after else None


def edges(unit, rows):
    """``[(superior, (first day, first day outside), Place)]`` of the superiors that a unit had."""
    found = []
    for held in superiors_held(unit, rows) if rows else _present_superior(unit):
        if not held.value or not held.is_unit:
            continue
        claim = held.claim
        if held.row is None:
            today = _date(timezone.localdate())
            certain = claim.begin and claim.begin.certain
            if certain is None or certain > today.exact:  # its row says so, of today
                claim = claim._replace(begin=today)
        if days := certain_days(claim):
            place = held.place if held.row else held.place._replace(field="parent")
            found.append((held.value, days, place))
    return found


def _present_superior(unit):
    own = Held(None, None, Place(UNIT, unit.code, "superior_since"), unit.parent or "")
    return [own._replace(claim=Claim(unit.superior_since, unit.dissolved, "open"))]


def rings(start, facts, *, with_present=False):
    """Rings of superiors that certainly closed on some day, through the dated superiors of the unit
    ``start`` (a code); ``with_present``: through that of its own row, too."""
    own = facts.edges(start)
    for superior, days, place in own:
        asked = place.model != UNIT or with_present
        if asked and (ring := _ring(start, superior, days, place, facts)):
            yield ring


def _ring(start, superior, days, place, facts):
    stack, seen, steps = [(superior, days, ((start, place),))], defaultdict(list), 0
    while stack and steps < STEPS:
        code, (first, after), path = stack.pop()
        steps += 1
        if code == start:
            return _ring_found(path, first, facts)
        if len(path) > HIGHEST or any(a <= first and after <= b for a, b in seen[code]):
            continue
        seen[code].append((first, after))
        for above, (begin, end), own_place in facts.edges(code):
            shared = max(first, begin), min(after, end)
            if shared[0] < shared[1]:
                stack.append((above, shared, (*path, (code, own_place))))
    return None


def _ring_found(path, day, facts):
    codes = [code for code, _place in path]
    turn = codes.index(min(codes))  # the same ring, wherever it was met
    codes = codes[turn:] + codes[:turn]
    names = facts.titles(codes)
    return Finding(
        "ring",
        Severity.REFUSED,
        _("On %(day)s these are under each other in a ring: %(ring)s."),
        {"day": _date(day), "ring": " → ".join([*names, names[0]])},
        _("Check their superiors and correct the wrong one."),
        tuple(place for _code, place in path[turn:] + path[:turn]),
        tuple(codes),
    )


# --- all of them ------------------------------------------------------------------------------


def judge(facts, codes, moved=()):
    """Yield the findings about the units ``codes``, which ``facts``, a ``units.facts.Facts``, has
    read. ``moved``: those of them whose present superior is to be asked for rings, too."""
    units = facts.units
    for code in codes:
        unit = units.get(code)
        if unit is None:
            continue
        has_rows = code in facts.names or code in facts.superiors
        if has_rows or unit.dissolved or unit.attested or code in moved or _doubtful(unit, units):
            yield from _judge_unit(unit, facts, code in moved)


def _doubtful(unit, units):
    """Whether its superior may not have existed all the time; almost always it did."""
    superior = unit.parent and units.get(unit.parent)
    if not superior:
        return False
    if superior.dissolved:
        return True
    return unit.superior_since and superior.founded and _begun_before(unit, superior)


def _begun_before(unit, superior):
    begun, founded = unit.superior_since.latest, superior.founded.earliest
    return begun and founded and begun < founded


def _judge_unit(unit, facts, is_moved):
    names, superiors = facts.names.get(unit.code), facts.superiors.get(unit.code)
    if unit.attested:
        yield from attested_before(unit)
    if unit.dissolved:
        yield from present_outside_life(unit)
    if names:
        yield from _judge_rows(unit, names, unit.name_since)
        yield from two_names(unit, names)
    if superiors:
        yield from _judge_rows(unit, superiors, unit.superior_since)
        yield from two_superiors(unit, superiors, facts.title)
        for held in superiors_held(unit, superiors):
            superior = held.is_unit and held.value and facts.units.get(held.value)
            if superior and (superior.founded or superior.dissolved):
                yield from superior_not_there(unit, held, superior)
    elif _doubtful(unit, facts.units):
        for held in _present_superior(unit):
            yield from superior_not_there(unit, held, facts.units[unit.parent])
    if superiors or is_moved:
        yield from rings(unit.code, facts, with_present=is_moved)


def _judge_rows(unit, rows, since):
    yield from same_day(rows, since)
    if unit.founded or unit.dissolved:
        for held in held_by(unit, rows, since):
            yield from outside_life(held.place._replace(field="begin"), held.claim, unit)


def batches(codes, size=2000):
    """Lists of ``size`` codes each."""
    codes = iter(codes)
    while some := list(islice(codes, size)):
        yield some
