"""What each rule about one unit finds: in its life, its names and its superiors.

Refused is what certainly contradicts; a second look is asked for what may be true.
"""

import datetime
from collections import defaultdict
from typing import NamedTuple

from django.utils import timezone
from django.utils.translation import gettext_noop as _

from chronology import Certainty, Period
from chronology.overlaps import Claim
from publishing.findings import Finding, Place, Severity, Span, Together, Words
from units.contradictions.claims import (
    BODY,
    UNIT,
    Held,
    as_date,
    held_by,
    pairs,
    superiors_held,
    to_come,
)


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
    if len(rows) < 2:
        return
    days = defaultdict(list)
    for row, day in to_come(rows, since).items():
        days[day].append(row)
    for day, those in days.items():
        for row in those[1:]:
            yield Finding(
                "same_day",
                Severity.REFUSED,
                _("Two rows take effect on %(day)s."),
                {"day": as_date(day)},
                _("Only one of the two can: change the day of one, or delete it."),
                (
                    Place(row.model, row.code, "begin"),
                    Place(those[0].model, those[0].code, "begin"),
                ),
                _texts(day, row.value, those[0].value),
            )


def unknown_after_today(unit, rows, since):
    """A row "not known" that certainly lasts after today is refused: the row of the unit says what
    holds today, so today's page and the same day's page tomorrow would differ."""
    if not any(row.is_unknown for row in rows):
        return
    today, begun = timezone.localdate(), [date for date in (unit.founded, since) if date]
    if unit.dissolved and unit.dissolved.latest and unit.dissolved.latest <= today:
        return
    if any(date.earliest and date.earliest > today for date in begun):
        return
    for row in rows:
        period = Period.of(row.begin, row.end, empty_end="unknown")
        first, after = period.begin_certain, period.end_earliest
        if row.is_unknown and first and after and max(first, today) < after:
            yield Finding(
                "unknown_after_today",
                Severity.REFUSED,
                _("“Not known” lasts until after today (%(period)s), but the unit itself says what "
                  "holds today."),
                {"period": Span(row.begin, row.end, "unknown")},
                _("End this row today at the latest, or write in the unit since when its present "
                  "name or superior holds and end the row on that day."),
                (Place(row.model, row.code, "end"),),
                _texts(row.begin, row.end),
            )  # fmt: skip


def two_names(unit, rows):
    """Two names that certainly hold on one day are refused; possibly: a second look."""
    own = Held(None, None, Place(UNIT, unit.code, "name_since"), unit.title)
    coming = to_come(rows, unit.name_since) if len(rows) > 1 else {}
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


def two_superiors(unit, rows, titles):
    """Two superiors at once ask for a second look. ``titles(value, is_unit)``: their names."""
    coming = to_come(rows, unit.superior_since) if len(rows) > 1 else {}
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


class _Missing(NamedTuple):
    """What is said of a superior that was not there: of one unit, of several by their own rows
    (``units``) or by dated rows (``rows``), and what to do (``advice``, of several ``todo``)."""

    message: str
    advice: str
    units: str
    rows: str
    todo: str


_MISSING = {
    "founded": _Missing(
        _("“%(superior)s” was founded later (%(date)s) than “%(unit)s” came under it."),
        _("Write who was its superior before, or correct one of the dates."),
        _("“%(superior)s” was founded later (%(date)s) than %(count)s units came under it."),
        _("“%(superior)s” was founded later (%(date)s) than %(count)s rows put a unit under it."),
        _("Write who was their superior before, or correct the dates."),
    ),
    "dissolved": _Missing(
        _("“%(superior)s” ended (%(date)s) and “%(unit)s” goes on under it."),
        _(
            "Since then its superior is shown as not known. Write who became its superior, or end "
            "the unit too."
        ),
        _("“%(superior)s” ended (%(date)s) and %(count)s units go on under it."),
        _("“%(superior)s” ended (%(date)s) and %(count)s rows keep a unit under it."),
        _(
            "Since then their superior is shown as not known. Write who became their superior, or "
            "end these units too."
        ),
    ),
}


def _superior_missing(what, unit, held, superior):
    claim, said, is_own = held.claim, _MISSING[what], held.row is None
    place, model = held.place, UNIT if held.is_unit else BODY
    if not is_own or what == "dissolved":
        place = place._replace(field="parent" if held.is_unit else "external_body")
    return Finding(
        "outlives_superior" if is_own and what == "dissolved" else "superior_not_there",
        Severity.SECOND_LOOK,
        said.message,
        {"unit": unit.title, "superior": superior.title, "date": getattr(superior, what)},
        said.advice,
        (place, Place(model, superior.code, what)),
        _texts(unit.code, held.value, *claim[:2], superior.founded, superior.dissolved),
        Together(
            Place(model, superior.code), said.units if is_own else said.rows, said.todo, unit.title
        ),
    )


def _lasts_until(claim, unit):
    """The first day on which a claimed period may be over: while the unit exists."""
    if claim.end is not None:
        end = claim.end.earliest or datetime.date.min
    else:
        end = datetime.date.max if claim.empty_end == "open" else datetime.date.min
    own = unit.dissolved and (unit.dissolved.earliest or datetime.date.min)
    return min(end, own) if own else end


def is_doubtful(unit, units):
    """Whether the superior of a unit may not have existed all the time; almost always it did."""
    superior = unit.parent and units.get(unit.parent)
    if not superior:
        return False
    if superior.dissolved:
        return True
    return unit.superior_since and superior.founded and _begun_before(unit, superior)


def _begun_before(unit, superior):
    begun, founded = unit.superior_since.latest, superior.founded.earliest
    return begun and founded and begun < founded


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
