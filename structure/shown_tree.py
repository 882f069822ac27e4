"""What pages show of the tree: the whole of a small one, a few levels of a large one.

A tree small enough for the page is read whole. Of a larger one only what is shown is read: level by
level from the top or from one branch, each level in two queries at most, and the number beside a
name is then that of the units right below it.
"""

from dataclasses import dataclass, field

from django.core.paginator import Paginator

from chronology import Certainty
from structure import outline
from structure.as_of import below
from structure.as_of.superiors import Superiors
from structure.as_of.tree import opened_cycles
from structure.outline import Branch
from units.models import Unit

HITS_LIMIT = 200


@dataclass
class ShownTree:
    """``branches`` to draw and, where they are cut into pages, the ``page`` of them.

    ``count``: how many units exist, ``unsure``: of how many more that is not known; both None for
    a large tree. ``folded``: branches at the top of which that is not known. ``unplaced``: branches
    of which it is not known under whom they stood. ``unlisted``: how many of unknown founding are
    only counted, before the institution itself, where nobody asks for a branch. ``hits``: how many
    were found, ``more_hits``: there are more.
    """

    branches: list = field(default_factory=list)
    page: object = None
    count: int | None = None
    unsure: int | None = None
    unlisted: int = 0
    hits: int = 0
    more_hits: bool = False
    large: bool = False
    folded: list = field(default_factory=list)
    unplaced: list = field(default_factory=list)


def shown_tree(as_of, top=None, query="", number=None, limit=None):
    """The ShownTree of the date of ``as_of``, or of the branch of ``top``.

    ``query``: only units that match, with the way down to each. ``number``: of the page wanted.
    ``limit``: about how many units to draw; as many as a page of the tree unless given.
    """
    limit = limit or outline.WHOLE_TREE_LIMIT
    one_more = as_of.units().order_by().values_list("pk")[limit : limit + 1]
    shown = ShownTree(large=bool(one_more))
    hits = set()
    if query:
        found = as_of.units().filter(as_of.names.like(query)).values_list("pk", flat=True)
        hits = set(found[:HITS_LIMIT])
        shown.hits, shown.more_hits = len(hits), len(hits) == HITS_LIMIT
    if shown.large:
        if query:
            shown.branches = _with_the_way(as_of, hits)
        else:
            shown.branches, shown.page = _levels(as_of, top, number, limit)
    else:
        _draw_whole(shown, as_of, top, hits if query else None)
    return shown


def _draw_whole(shown, as_of, top, hits):
    whole, unplaced = as_of.outline, as_of.outline_unplaced
    units = _units_of(outline.walk(whole + unplaced))
    if top is None and hits is None and as_of.is_before_institution:
        undated = {
            pk for pk, unit in units.items() if not (unit.founded or _is_certain(as_of, unit))
        }
        whole, unplaced = (outline.without(some, undated) for some in (whole, unplaced))
        listed = {branch.unit.pk for branch in outline.walk(whole + unplaced)}
        shown.unlisted = len(units.keys() - listed)
        units = {pk: units[pk] for pk in listed}
    sure = sum(_is_certain(as_of, unit) for unit in units.values())
    shown.count, shown.unsure = sure, len(units) - sure
    if top:
        whole = [outline.branch_of(whole + unplaced, top.slug) or Branch(top)]
        unplaced = []
    if hits is not None:
        whole, unplaced = outline.only(whole, hits), outline.only(unplaced, hits)
    shown.branches = outline.cut_to(whole, outline.DEEPEST)
    shown.unplaced = outline.cut_to(unplaced, outline.DEEPEST)
    for branch in outline.walk(shown.branches + shown.unplaced):
        branch.unit = units.get(branch.unit.pk, branch.unit)
    as_of.prepare(units.values())
    _mark_unsure(as_of, shown.branches)
    if hits is None:
        _fold(shown, as_of)


def _mark_unsure(as_of, branches):
    """Mark what may have stood elsewhere; today all stand for certain where they are drawn."""
    if as_of.on is None:
        return
    drawn = list(outline.walk(branches))
    units = [branch.unit for branch in drawn]
    superiors = as_of.superiors_of(units, seen=units)
    for branch in drawn:
        first = next(iter(superiors[branch.unit.pk]), None)
        sure = first is None or first.expected is Certainty.CERTAIN
        branch.unsure = not sure and _is_certain(as_of, branch.unit)


def _units_of(branches):
    pks = [branch.unit.pk for branch in branches]
    return Unit.objects.select_related("kind").in_bulk(pks)


def _is_certain(as_of, unit):
    return as_of.expected_existence(unit) is Certainty.CERTAIN


def _fold(shown, as_of):
    """Put aside, on each level, what is not known to have existed and holds nothing that did."""
    solid = set()
    for branch in reversed(list(outline.walk(shown.branches + shown.unplaced))):
        sure = [one for one in branch.branches if id(one) in solid]
        if sure or _is_certain(as_of, branch.unit):
            solid.add(id(branch))
            branch.folded = [one for one in branch.branches if id(one) not in solid]
            branch.branches = sure
    both = shown.branches + shown.unplaced
    shown.folded = [one for one in both if id(one) not in solid]
    shown.branches = [one for one in shown.branches if id(one) in solid]
    shown.unplaced = [one for one in shown.unplaced if id(one) in solid]


# --- Large trees ------------------------------------------------------------------------------


def _levels(as_of, top, number, limit):
    """``(branches, page)``: as many levels as the page can bear, one at least."""
    tops = as_of.sub_units(top) if top else as_of.known_tops()
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
    _mark_unsure(as_of, first)
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
        if pk in units and pk not in met:  # units under one another in a cycle are drawn once
            met.add(pk)
            found.append(Branch(units[pk]))
            by_id[above].branches.append(found[-1])
    for branch in level:
        branch.branches.sort(key=lambda one: as_of.place(one.unit))
    return found


def _count_below(as_of, branches):
    branches = list(branches)
    shown = [branch.unit.pk for branch in branches]
    counts = below.numbers(as_of, shown)
    for branch in branches:
        branch.direct = counts[branch.unit.pk]
        branch.cut = bool(branch.direct) and not branch.branches


def _with_the_way(as_of, hits):
    """The units found with those above them, climbing all of them one step at a time."""
    units = as_of.units().select_related("kind").in_bulk(hits)
    branches = {pk: Branch(unit, hit=True) for pk, unit in units.items()}
    superiors, above, fresh = Superiors(as_of), {}, list(units.values())
    while fresh and len(above) < 40 * HITS_LIMIT:
        superiors.read(fresh)
        first = {unit.pk: superiors.above(unit) for unit in fresh}
        above |= {pk: one and one.unit_id for pk, one in first.items()}
        missing = {above[pk] for pk in first if above[pk]} - branches.keys()
        fresh = list(as_of.units().select_related("kind").filter(pk__in=missing))
        branches |= {unit.pk: Branch(unit) for unit in fresh}
    as_of.prepare(branch.unit for branch in branches.values())
    for pk in opened_cycles(above):
        above[pk] = None
    top = []
    for branch in sorted(branches.values(), key=lambda one: as_of.place(one.unit)):
        superior = branches.get(above.get(branch.unit.pk))
        (superior.branches if superior else top).append(branch)
    _count_below(as_of, branches.values())
    return top
