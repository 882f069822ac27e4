"""To whom units answered on a date, and so who stood under whom.

A unit stands in one place of the tree of a date: under the superior that ``succession`` prefers.
Where that superior is not shown (it did not exist then, the reader may not see it, it stands
outside, nobody knows it) the unit stands at the top: no superior is made up for it.
"""

from dataclasses import dataclass, replace

from django.db.models import Exists, F, OuterRef, Q, Subquery

from chronology import Certainty, HistoricalDate
from units.as_of.succession import (
    alike,
    chosen_rows,
    held,
    life_of,
    preferred,
    present_holds,
    rows_in_force,
)
from units.models import FormerParent, Unit
from units.outline import Branch

# So many ids go into one question; databases take a few ten thousand.
BATCH = 15_000


@dataclass(frozen=True)
class DatedSuperior:
    """A superior unit or body outside (the other id is None; both None: none, at the top), how
    surely on the date, and from when to when (None: not known, or still when ``is_present``)."""

    unit_id: int | None
    body_id: int | None
    certainty: Certainty
    begin: HistoricalDate | None
    end: HistoricalDate | None
    is_present: bool = False


def superiors_on(units, on):
    """``{unit id: [DatedSuperior, best first]}``, whether or not they existed and may be seen: for
    placing units, not for telling of them (see ``named``). One query.

    Empty for a unit whose superior on the date is not known.
    """
    units = list(units)
    rows = {}
    found = FormerParent.objects.filter(unit__in={unit.pk for unit in units}).order_by("pk")
    for row in found:
        rows.setdefault(row.unit_id, []).append(row)
    return {unit.pk: dated_superiors(unit, rows.get(unit.pk, []), on) for unit in units}


def dated_superiors(unit, rows, on):
    """The superiors of one unit on the date from its FormerParent ``rows``."""
    return [
        DatedSuperior(
            one.value.parent_id if one.value else unit.parent_id,
            one.value.external_body_id if one.value else None,
            one.certainty,
            one.begin,
            one.end,
            is_present=one.value is None,
        )
        for one in held(rows, on, **life_of(unit))
    ]


def named(held, *, seen, there, bodies, over=None):
    """Of the superiors of a unit that exists, from ``dated_superiors``, those that are named to a
    reader: on its page, in files and answers alike. Empty: not known.

    A superior is named only while it existed itself. ``seen``: the ids of the units, ``bodies``: of
    the bodies outside that the reader may see, ``there``: of the units that existed on the date and
    may be seen. ``over``, for today: ``{id of a unit that is not there: id of the nearest above
    it that is, or None}``; that one is named instead.
    """
    if over is not None:
        held = [
            replace(one, unit_id=over[one.unit_id], begin=None) if one.unit_id in over else one
            for one in held
            if one.unit_id not in over or over[one.unit_id]
        ]
    known = [
        one
        for one in held
        if (one.unit_id is None or one.unit_id in seen)
        and (one.body_id is None or one.body_id in bodies)
    ]
    return [one for one in alike(known) if one.unit_id is None or one.unit_id in there]


def over_those_not_there(as_of, superiors):
    """``{id: id of the nearest unit above it that is shown, or None}`` of those of ``superiors``,
    ids, that are not shown today. One query, and two more for each step up."""
    superiors = list(superiors)
    found = {}
    for start in range(0, len(superiors), BATCH):
        near = superiors[start : start + BATCH]
        shown = set(as_of.units().filter(pk__in=near).values_list("pk", flat=True))
        if hidden := set(near) - shown:
            found |= superior_ids(as_of, list(Unit.objects.filter(pk__in=hidden)))
    return found


def _rows_of(reference):
    return FormerParent.objects.filter(unit=OuterRef(reference)).order_by()


def _best(reference, on, column):
    """The ``column`` of the row that is preferred, of the unit that ``reference`` names."""
    return Subquery(preferred(rows_in_force(_rows_of(reference), on), on).values(column)[:1])


def placed_by_their_rows(units, on):
    """Those of ``units`` that stood then where their own row has them."""
    return units.filter(present_holds(_rows_of("pk"), on))


def placed_by_former_rows(on, *condition, **superior):
    """The preferred FormerParent rows that put a unit under ``superior`` (``parent=…`` or
    ``external_body=…``, or a condition) on the date."""
    return chosen_rows(FormerParent.objects.filter(*condition, **superior).order_by(), on)


def tops_on(units, on):
    """Those of ``units`` that stood at the top on a past date: under nobody, under a body outside,
    under one who is not among ``units``, or under nobody knows whom."""
    shown = units.order_by().values("pk")
    holds = present_holds(_rows_of("pk"), on)
    free = Q(parent=None) | ~Q(parent__in=shown)
    if not holds:
        return units.filter(free).order_by("tree_id", "lft")
    then = _best("pk", on, "parent")
    moved = units.exclude(holds).annotate(then=then).filter(Q(then=None) | ~Q(then__in=shown))
    both = units.filter(holds, free).order_by().values("pk")
    both = both.union(moved.order_by().values("pk"), all=True)
    return units.filter(pk__in=both).order_by("tree_id", "lft")


def places_over_hidden(units, superiors, limit):
    """``[(unit id, id of its superior), …]`` of those of ``units`` that stand today under one of
    the units whose ids are ``superiors`` with none but hidden units between, at most ``limit``.
    One query where nothing is hidden, two more for each step down."""
    places, shown_as = [], {pk: pk for pk in superiors}
    while shown_as and len(places) < limit:
        hidden = Unit.objects.filter(parent__in=list(shown_as), rght__gt=F("lft") + 1).order_by()
        hidden = hidden.exclude(Exists(units.order_by().filter(pk=OuterRef("pk"))))
        shown_as = {pk: shown_as[above] for pk, above in hidden.values_list("pk", "parent_id")}
        below = units.filter(parent__in=list(shown_as)).order_by().values_list("pk", "parent_id")
        found = below[: limit - len(places)] if shown_as else ()
        places += [(pk, shown_as[above]) for pk, above in found]
    return places


def superior_ids(as_of, units):
    """``{unit id: id of the superior under which it is drawn, or None}``; two queries for a past
    date; for today one, and one more for each step over superiors that are not shown."""
    if as_of.on is not None:
        held = superiors_on(units, as_of.on)
        best = {pk: several[0].unit_id if several else None for pk, several in held.items()}
    else:
        best = {unit.pk: unit.parent_id for unit in units}
    shown = set(as_of.units().filter(pk__in=set(best.values())).values_list("pk", flat=True))
    hidden = {pk for pk in best.values() if pk and pk not in shown}
    if as_of.on is None and hidden:
        over = superior_ids(as_of, list(Unit.objects.filter(pk__in=hidden)))
        best = {pk: over.get(above, above) for pk, above in best.items()}
    else:
        best = {pk: above if above in shown else None for pk, above in best.items()}
    return best


def tree_on(rows, former, on):
    """Nested ``Branch`` objects of ``rows``, the units that are shown, in their order.

    ``rows``: with ``pk`` and ``parent_id``. ``former``: all FormerParent rows of theirs. Linear;
    no recursion; of units that stand below one another in a ring, the first stands at the top.
    """
    rows = list(rows)
    dated = {}
    for row in former:
        dated.setdefault(row.unit_id, []).append(row)
    branches = {row.pk: Branch(row) for row in rows}
    above = {}
    for row in rows:
        if row.pk in dated:
            best = next(iter(dated_superiors(row, dated[row.pk], on)), None)
            superior = best.unit_id if best else None
        else:
            superior = row.parent_id
        above[row.pk] = superior if superior in branches else None
    for pk in opened_rings(above):
        above[pk] = None
    top = []
    for row in rows:
        superior = above[row.pk]
        (branches[superior].branches if superior else top).append(branches[row.pk])
    return top


def opened_rings(above):
    """Of every ring of superiors the unit that comes first; ``above``: ``{id: superior id}``."""
    order = {pk: place for place, pk in enumerate(above)}
    done, found = set(), []
    for start in above:
        path, pk = [], start
        while pk is not None and pk not in done:
            done.add(pk)
            path.append(pk)
            pk = above[pk]
        if pk in path:
            found.append(min(path[path.index(pk) :], key=order.get))
    return found
