"""Who stood under given superiors on a date: the queries behind the branches that pages draw.

Under a superior stood the units whose own row has it and certainly held (``stayed``), and those
that a former row put there (``came``). For a date that contains today the own rows alone count.
"""

from collections import Counter

from django.db.models import Count, Exists, F, OuterRef

from units.as_of.prepared import Among, Prepared
from units.as_of.succession import holds_today
from units.as_of.superiors import placed_by_former_rows, placed_by_their_rows, places_over_hidden


def _own_rows(units, on):
    return placed_by_their_rows(units.filter(Among("parent")), on)


def _former_rows(on):
    return placed_by_former_rows(on, Among("parent"))


def _counted(rows):
    return rows.order_by().values("parent").annotate(number=Count("pk"))


def _children(units, on):
    return _own_rows(units, on).values("pk").union(_former_rows(on).values("unit"), all=True)


def _numbers(units, on):
    came = _former_rows(on).filter(Exists(units.filter(pk=OuterRef("unit"))))
    return _counted(_own_rows(units, on)).union(_counted(came), all=True)


def _known_tops(units, on):
    stayed = placed_by_their_rows(units.filter(parent=None), on)
    # No superior unit means one outside: a row has either. This way an index finds them.
    came = placed_by_former_rows(on, parent=None)
    return stayed.values("pk").union(came.values("unit"), all=True)


STAYED = Prepared(lambda units, on: _own_rows(units, on).values("parent_id", unit_id=F("pk")))
CAME = Prepared(lambda units, on: _former_rows(on).values("parent_id", "unit_id"))
CHILDREN = Prepared(_children)
NUMBERS = Prepared(_numbers)
KNOWN_TOPS = Prepared(_known_tops)


def children(as_of, superior):
    """The units shown on a past date that stood directly under ``superior`` (a Unit)."""
    if holds_today(as_of.on):
        found = as_of.units().filter(parent=superior)
    else:
        found = as_of.units().filter(pk__in=CHILDREN.as_subquery(as_of, [superior.pk]))
    return found.order_by("tree_id", "lft")


def known_tops(as_of):
    """The units shown on a past date that stood under nobody, or under a body outside."""
    if holds_today(as_of.on):
        found = as_of.units().filter(parent=None)
    else:
        found = as_of.units().filter(pk__in=KNOWN_TOPS.as_subquery(as_of))
    return found.order_by("tree_id", "lft")


def numbers(as_of, superiors):
    """``{id: number}`` of the units shown that stand right below those whose ids are ``superiors``
    (0 may be missing); one query. Today, those under hidden superiors are not among them."""
    if not superiors:
        return Counter()
    if holds_today(as_of.on):
        counted = _counted(as_of.units().filter(parent__in=superiors))
    else:
        counted = NUMBERS.rows(as_of, superiors)
    found = Counter()
    for row in counted:
        found[row["parent"]] += row["number"]
    return found


def places(as_of, superiors, limit):
    """``[(unit id, id of its superior), …]`` of the units shown that stand directly under one of
    those whose ids are ``superiors``, at most ``limit``. Today, what stands under a superior that
    is not shown stands under the next above.
    """
    if holds_today(as_of.on):
        rows = as_of.units().filter(parent__in=superiors).order_by()
        found = list(rows.values_list("pk", "parent_id")[:limit])
        if as_of.on is None and len(found) < limit:
            found += places_over_hidden(as_of.units(), superiors, limit - len(found))
        return found
    found = STAYED.rows(as_of, superiors, limit)
    if len(found) < limit:
        found += CAME.rows(as_of, superiors, limit - len(found))
    return [(row["unit_id"], row["parent_id"]) for row in found]
