"""Who stood under given superiors on a date: the queries behind the branches that pages draw.

Under a superior stood the units whose own row has it (``stayed``), and those that a dated row put
there (``came``). Today the own rows alone count. What stands under a unit that existed but may not
be seen stands, for the reader, under the next above.
"""

from collections import Counter

from django.db.models import Count, Exists, F, OuterRef

from structure.as_of.prepared import Among, Prepared
from structure.as_of.superiors import placed_by_dated_rows, placed_by_their_rows
from units import existence
from units.models import Unit

# So many units that may not be seen are looked under.
MOST_HIDDEN = 2000


def _own_rows(units, asked):
    return placed_by_their_rows(units.filter(Among("parent")), asked, Among("pk"))


def _dated_rows(units, asked):
    came = placed_by_dated_rows(asked, Among("parent"))
    return came.filter(Exists(units.order_by().filter(pk=OuterRef("unit"))))


def _counted(rows):
    return rows.order_by().values("parent").annotate(number=Count("pk"))


def _children(units, asked):
    own = _own_rows(units, asked).values("pk")
    return own.union(_dated_rows(units, asked).values("unit"), all=True)


def _numbers(units, asked):
    return _counted(_own_rows(units, asked)).union(_counted(_dated_rows(units, asked)), all=True)


def _known_tops(units, asked):
    stayed = placed_by_their_rows(units.filter(parent=None), asked)
    # No superior unit means one outside, or the top. This way an index finds them.
    came = placed_by_dated_rows(asked, parent=None)
    came = came.filter(Exists(units.order_by().filter(pk=OuterRef("unit"))))
    return stayed.values("pk").union(came.values("unit"), all=True)


def _stayed(units, asked):
    return _own_rows(units, asked).values("parent_id", unit_id=F("pk"))


def _came(units, asked):
    return _dated_rows(units, asked).values("parent_id", "unit_id")


STAYED, CAME = Prepared(_stayed), Prepared(_came)
CHILDREN, NUMBERS, KNOWN_TOPS = Prepared(_children), Prepared(_numbers), Prepared(_known_tops)
HIDDEN_STAYED, HIDDEN_CAME = Prepared(_stayed, hidden=True), Prepared(_came, hidden=True)
HIDDEN_TOPS = Prepared(_known_tops, hidden=True)


def children(as_of, superior):
    """The units shown on the date that stood right below ``superior`` (a Unit)."""
    if as_of.day is None:
        found = as_of.units().filter(parent=superior)
    else:
        found = as_of.units().filter(pk__in=CHILDREN.as_subquery(as_of, [superior.pk]))
    return _and(as_of, found, [pk for pk, _top in _over_hidden(as_of, [superior.pk])])


def known_tops(as_of):
    """The units shown on the date that stood under nobody, or under a body outside."""
    if as_of.day is None:
        found = as_of.units().filter(parent=None)
    else:
        found = as_of.units().filter(pk__in=KNOWN_TOPS.as_subquery(as_of))
        if as_of.reader.hidden_bodies:
            found = found.exclude(pk__in=_under_hidden_bodies(as_of))
    return _and(as_of, found, _over_hidden_tops(as_of))


def unplaced(as_of):
    """The units shown on the date of which it is not known under whom they stood."""
    units = as_of.units()
    if as_of.day is None:
        gone = Unit.objects.order_by().exclude(existence.possibly(None))
        found = units.filter(parent__in=gone)
        hidden = []
        if as_of.reader.has_hidden_units:
            hidden = _hidden_places(as_of).filter(parent__in=gone).values_list("pk", flat=True)
        return _and(as_of, found, _under(as_of, list(hidden[:MOST_HIDDEN])))
    more = []
    if as_of.reader.hidden_bodies:
        under = units.filter(pk__in=_under_hidden_bodies(as_of))
        more += under.values_list("pk", flat=True)
    if as_of.reader.has_hidden_units:
        hidden = Unit.objects.hidden_from(as_of.user).possibly_in_force(as_of.day).order_by()
        hidden = _unplaced(hidden, as_of.asked_of_rows).values_list("pk", flat=True)
        more += _under(as_of, list(hidden[:MOST_HIDDEN]))
    return _and(as_of, _unplaced(units, as_of.asked_of_rows), more)


def _unplaced(units, asked):
    known = placed_by_their_rows(units, asked).order_by().values("pk")
    return units.exclude(pk__in=known).exclude(pk__in=placed_by_dated_rows(asked).values("unit"))


def _under_hidden_bodies(as_of):
    asked = as_of.asked_of_rows
    return placed_by_dated_rows(asked, external_body__in=as_of.reader.hidden_bodies).values("unit")


def numbers(as_of, superiors):
    """``{id: number}`` of the units shown that stand right below those whose ids are ``superiors``
    (0 may be missing); one query."""
    if not superiors:
        return Counter()
    if as_of.day is None:
        counted = _counted(as_of.units().filter(parent__in=superiors))
    else:
        counted = NUMBERS.rows(as_of, superiors)
    found = Counter()
    for row in counted:
        found[row["parent"]] += row["number"]
    found.update(above for _pk, above in _over_hidden(as_of, superiors))
    return found


def places(as_of, superiors, limit):
    """``[(unit id, id of its superior), …]`` of the units shown that stand right below one of those
    whose ids are ``superiors``, at most ``limit``."""
    found = _direct(as_of, superiors, limit)
    if len(found) < limit:
        found += _over_hidden(as_of, superiors)[: limit - len(found)]
    return found


def _direct(as_of, superiors, limit):
    if as_of.day is None:
        rows = as_of.units().filter(parent__in=superiors).order_by()
        return list(rows.values_list("pk", "parent_id")[:limit])
    found = STAYED.rows(as_of, superiors, limit)
    if len(found) < limit:
        found += CAME.rows(as_of, superiors, limit - len(found))
    return [(row["unit_id"], row["parent_id"]) for row in found]


# --- Over units that may not be seen ----------------------------------------------------------


def _hidden_places(as_of):
    """The units that exist today and may not be seen, with something below them."""
    hidden = Unit.objects.hidden_from(as_of.user).possibly_in_force(None)
    return hidden.order_by().filter(rght__gt=F("lft") + 1)


def _hidden_below(as_of, superiors):
    if as_of.day is None:
        hidden = _hidden_places(as_of).filter(parent__in=superiors)
        return list(hidden.values_list("pk", "parent_id")[:MOST_HIDDEN])
    found = HIDDEN_STAYED.rows(as_of, superiors, MOST_HIDDEN)
    found += HIDDEN_CAME.rows(as_of, superiors, MOST_HIDDEN)
    return [(row["unit_id"], row["parent_id"]) for row in found]


def _over_hidden(as_of, superiors):
    """``[(unit id, id among superiors), …]`` of the units shown with none but hidden units between
    them and one of ``superiors``. Nothing is asked where nothing is hidden."""
    if not as_of.reader.has_hidden_units or not superiors:
        return []
    shown_as, found, met = {pk: pk for pk in superiors}, [], set(superiors)
    while hidden := _hidden_below(as_of, list(shown_as)):
        shown_as = {pk: shown_as[above] for pk, above in hidden if pk not in met}
        met |= shown_as.keys()
        if not shown_as:
            break
        below = _direct(as_of, list(shown_as), MOST_HIDDEN)
        found += [(pk, shown_as[above]) for pk, above in below]
    return found


def _over_hidden_tops(as_of):
    if not as_of.reader.has_hidden_units:
        return []
    if as_of.day is None:
        hidden = list(_hidden_places(as_of).filter(parent=None).values_list("pk", flat=True))
    else:
        hidden = [pk for row in HIDDEN_TOPS.rows(as_of) for pk in row.values()]
    return _under(as_of, hidden[:MOST_HIDDEN])


def _under(as_of, hidden):
    """The ids of the units shown under hidden ones, with none but hidden ones between."""
    if not hidden:
        return []
    places = _direct(as_of, hidden, MOST_HIDDEN) + _over_hidden(as_of, hidden)
    return [pk for pk, _above in places]


def _and(as_of, found, more):
    """``found`` with the units whose ids are ``more``, in the tree's order."""
    if more:
        # Each by its index: joined by OR the database would read all units.
        more = Unit.objects.order_by().filter(pk__in=more).values("pk")
        both = found.order_by().values("pk").union(more)
        found = Unit.objects.filter(pk__in=both)
    return as_of.in_order(found)
