"""The search for cycles of superiors: units that were under each other on one day."""

from collections import defaultdict

from django.utils import timezone
from django.utils.translation import gettext_noop as _

from chronology.overlaps import ONE_DAY
from publishing.findings import Finding, Severity
from units.contradictions.claims import UNIT, as_date, present_superior, superiors_held

# A chain of superiors is followed so far, over so many steps.
HIGHEST = 60
STEPS = 2000


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
    for held in superiors_held(unit, rows) if rows else present_superior(unit):
        if not held.value or not held.is_unit:
            continue
        claim = held.claim
        if held.row is None:
            today = as_date(timezone.localdate())
            certain = claim.begin and claim.begin.certain
            if certain is None or certain > today.exact:  # its row says so, of today
                claim = claim._replace(begin=today)
        if days := certain_days(claim):
            place = held.place if held.row else held.place._replace(field="parent")
            found.append((held.value, days, place))
    return found


def cycles(start, facts, *, with_present=False):
    """Findings: cycles of superiors that certainly closed on some day, through the dated superiors
    of the unit ``start`` (a code); ``with_present``: through that of its own row, too."""
    own = facts.edges(start)
    for superior, days, place in own:
        asked = place.model != UNIT or with_present
        if asked and (cycle := _cycle(start, superior, days, place, facts)):
            yield cycle


def _cycle(start, superior, days, place, facts):
    stack, seen, steps = [(superior, days, ((start, place),))], defaultdict(list), 0
    while stack and steps < STEPS:
        code, (first, after), path = stack.pop()
        steps += 1
        if code == start:
            return _cycle_found(path, first, facts)
        if len(path) > HIGHEST or any(a <= first and after <= b for a, b in seen[code]):
            continue
        seen[code].append((first, after))
        for above, (begin, end), own_place in facts.edges(code):
            shared = max(first, begin), min(after, end)
            if shared[0] < shared[1]:
                stack.append((above, shared, (*path, (code, own_place))))
    return None


def _cycle_found(path, day, facts):
    codes = [code for code, _place in path]
    turn = codes.index(min(codes))  # the same cycle, wherever it was met
    codes = codes[turn:] + codes[:turn]
    names = facts.titles(codes)
    return Finding(
        "cycle",
        Severity.REFUSED,
        _("On %(day)s these are under each other in a circle: %(cycle)s."),
        {"day": as_date(day), "cycle": " → ".join([*names, names[0]])},
        _("Check their superiors and correct the wrong one."),
        tuple(place for _code, place in path[turn:] + path[:turn]),
        tuple(codes),
    )
