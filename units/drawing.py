"""What the structure page draws: the whole of a small tree, a few levels of a large one.

A tree that the page can bear is read whole. Of a larger one only what is drawn is read: level by
level from the top or from one branch, each level in two queries at most, and the number beside a
name is then that of the units right below it.
"""

from dataclasses import dataclass, field

from django.core.paginator import Paginator

from publishing.matching import matching
from units import outline
from units.as_of import MOST_OVER_HIDDEN, below, superiors
from units.models import Unit
from units.outline import Branch

HITS_LIMIT = 200


@dataclass
class Drawing:
    """``branches`` to draw and, where they are cut into pages, the ``page`` of them.

    ``count``: how many units exist, ``unsure``: of how many more that is not known; both None for
    a large tree. ``folded``: branches at the top of which that is not known. ``hits``: how many
    were found, ``more_hits``: there are more.
    """

    branches: list = field(default_factory=list)
    page: object = None
    count: int | None = None
    unsure: int | None = None
    hits: int = 0
    more_hits: bool = False
    large: bool = False
    folded: list = field(default_factory=list)


def draw(as_of, top=None, query="", number=None, limit=None):
    """The Drawing of the tree of ``as_of``, or of the branch of ``top``.

    ``query``: only units that match, with the way down to each. ``number``: of the page wanted.
    ``limit``: about how many units to draw; as many as a page of the tree unless given.
    """
    limit = limit or outline.WHOLE_TREE_LIMIT
    one_more = as_of.units().order_by().values_list("pk")[limit : limit + 1]
    drawing = Drawing(large=bool(one_more))
    hits = set()
    if query:
        found = as_of.units().filter(matching(query)).values_list("pk", flat=True)
        hits = set(found[:HITS_LIMIT])
        drawing.hits, drawing.more_hits = len(hits), len(hits) == HITS_LIMIT
    if drawing.large:
        if query:
            drawing.branches = _with_the_way(as_of, hits)
        else:
            drawing.branches, drawing.page = _levels(as_of, top, number, limit)
    else:
        _draw_whole(drawing, as_of, top, hits if query else None)
    return drawing


def _draw_whole(drawing, as_of, top, hits):
    whole = as_of.outline
    units = _units_of(outline.walk(whole))
    sure = sum(_is_certain(as_of, unit) for unit in units.values())
    drawing.count, drawing.unsure = sure, len(units) - sure
    if top:
        whole = [outline.branch_of(whole, top.slug) or Branch(top)]
    if hits is not None:
        whole = outline.only(whole, hits)
    drawing.branches = outline.cut_to(whole, outline.DEEPEST)
    for branch in outline.walk(drawing.branches):
        branch.unit = units.get(branch.unit.pk, branch.unit)
    as_of.prepare(units.values())
    if as_of.on is not None and hits is None:
        _fold(drawing, as_of)


def _units_of(branches):
    pks = [branch.unit.pk for branch in branches]
    return Unit.objects.select_related("kind").in_bulk(pks)


def _is_certain(as_of, unit):
    return as_of.existence(unit).value == "certain"


def _fold(drawing, as_of):
    """Put aside, on each level, what is not known to have existed and holds nothing that did."""
    solid = set()
    for branch in reversed(list(outline.walk(drawing.branches))):
        sure = [one for one in branch.branches if id(one) in solid]
        if sure or _is_certain(as_of, branch.unit):
            solid.add(id(branch))
            branch.folded = [one for one in branch.branches if id(one) not in solid]
            branch.branches = sure
    top = Branch(None, drawing.branches)
    top.folded = [one for one in top.branches if id(one) not in solid]
    drawing.branches = [one for one in top.branches if id(one) in solid]
    drawing.folded = top.folded


# --- Large trees ------------------------------------------------------------------------------


def _levels(as_of, top, number, limit):
    """``(branches, page)``: as many levels as the page can bear, one at least."""
    tops = as_of.nearest_below(top) if top else as_of.known_tops()
    page = Paginator(tops.select_related("kind"), limit).get_page(number)
    level = first = [Branch(unit) for unit in page.object_list]
    met, room, depth = {branch.unit.pk for branch in level}, limit, 1
    while level and depth < outline.DEEPEST:
        room -= len(level)
        lower = _below(as_of, level, met, room)
        if lower is None:
            break
        level, depth = lower, depth + 1
    _count_below(as_of, outline.walk(first))
    as_of.prepare(branch.unit for branch in outline.walk(first))
    if top:
        branch = Branch(top, first)
        branch.direct = page.paginator.count
        first = [branch]
    return first, page


def _below(as_of, level, met, room):
    """Hang the next level under the branches of one and return it; None when it has no room."""
    if room <= 0:
        return None
    by_id = {branch.unit.pk: branch for branch in level}
    places = below.places(as_of, list(by_id), room + 1)
    if len(places) > room:
        return None
    units = as_of.units().select_related("kind").in_bulk([pk for pk, _above in places])
    found = []
    for pk, above in places:
        if pk in units and pk not in met:  # units under one another in a ring are drawn once
            met.add(pk)
            found.append(Branch(units[pk]))
            by_id[above].branches.append(found[-1])
    for branch in level:
        branch.branches.sort(key=lambda one: (one.unit.tree_id, one.unit.lft))
    return found


def _count_below(as_of, branches):
    branches = list(branches)
    shown = [branch.unit.pk for branch in branches]
    counts = below.numbers(as_of, shown)
    if as_of.on is None:
        over_hidden = superiors.places_over_hidden(as_of.units(), shown, MOST_OVER_HIDDEN)
        counts.update(above for _pk, above in over_hidden)
    for branch in branches:
        branch.direct = counts[branch.unit.pk]
        branch.cut = bool(branch.direct) and not branch.branches


def _with_the_way(as_of, hits):
    """The units found with those above them, climbing all of them one step at a time."""
    units = as_of.units().select_related("kind").in_bulk(hits)
    branches = {pk: Branch(unit, hit=True) for pk, unit in units.items()}
    above, fresh = {}, list(units.values())
    while fresh and len(above) < 40 * HITS_LIMIT:
        found = superiors.superior_ids(as_of, fresh)
        above |= found
        missing = {pk for pk in found.values() if pk} - branches.keys()
        fresh = list(as_of.units().select_related("kind").filter(pk__in=missing))
        branches |= {unit.pk: Branch(unit) for unit in fresh}
    as_of.prepare(branch.unit for branch in branches.values())
    for pk in superiors.opened_rings(above):
        above[pk] = None
    top = []
    for branch in sorted(branches.values(), key=lambda one: (one.unit.tree_id, one.unit.lft)):
        superior = branches.get(above.get(branch.unit.pk))
        (superior.branches if superior else top).append(branch)
    _count_below(as_of, branches.values())
    return top
