"""What cannot be true at the same time of units, their names and superiors; and what seldom is.

Rules over plain values: the same for a form, a file and the whole database. ``claims`` holds these
values, ``rules`` what is asked of one unit, ``cycles`` the search for units under each other.
"""

from units.contradictions import rules
from units.contradictions.claims import held_by, present_superior, superiors_held
from units.contradictions.cycles import cycles

__all__ = ["judge"]


def judge(facts, codes, moved=()):
    """Yield the findings about the units ``codes``, which ``facts``, a ``units.facts.Facts``, has
    read. ``moved``: those of them whose present superior is to be asked for cycles, too."""
    units = facts.units
    for code in codes:
        unit = units.get(code)
        if unit is None:
            continue
        has_rows = code in facts.names or code in facts.superiors
        has_dates = unit.dissolved or unit.attested
        if has_rows or has_dates or code in moved or rules.is_doubtful(unit, units):
            yield from _judge_unit(unit, facts, code in moved)


def _judge_unit(unit, facts, is_moved):
    names, superiors = facts.names.get(unit.code), facts.superiors.get(unit.code)
    if unit.attested:
        yield from rules.attested_before(unit)
    if unit.dissolved:
        yield from rules.present_outside_life(unit)
    if names:
        yield from _judge_rows(unit, names, unit.name_since)
        yield from rules.two_names(unit, names)
    if superiors:
        yield from _judge_rows(unit, superiors, unit.superior_since)
        yield from rules.two_superiors(unit, superiors, facts.title)
        for held in superiors_held(unit, superiors):
            there = facts.units.get if held.is_unit else facts.body
            superior = held.value and there(held.value)
            if superior and (superior.founded or superior.dissolved):
                yield from rules.superior_not_there(unit, held, superior)
    elif rules.is_doubtful(unit, facts.units):
        for held in present_superior(unit):
            yield from rules.superior_not_there(unit, held, facts.units[unit.parent])
    if superiors or is_moved:
        yield from cycles(unit.code, facts, with_present=is_moved)


def _judge_rows(unit, rows, since):
    yield from rules.same_day(rows, since)
    yield from rules.unknown_after_today(unit, rows, since)
    if unit.founded or unit.dissolved:
        for held in held_by(unit, rows, since):
            yield from rules.outside_life(held.place._replace(field="begin"), held.claim, unit)
