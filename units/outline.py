"""The tree as pages draw it: nested branches, cut to a size that a page can bear."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.core.paginator import Paginator

from units.models import Unit

# A page draws about as many units as this and offers the rest branch by branch, page by page.
WHOLE_TREE_LIMIT = 400
# Nested deeper than this, lists become unreadable (and templates slow): the rest opens by itself.
DEEPEST = 10


@dataclass
class Branch:
    """A unit (or a bare row of its tree columns) with the branches below it.

    ``hit``: the reader searched for it. ``cut``: its branches are not drawn here.
    """

    unit: Any
    branches: list = field(default_factory=list)
    hit: bool = False
    cut: bool = False

    @cached_property
    def size(self):
        """How many units stand below, at any depth."""
        return sum(1 for _branch in walk(self.branches))


def walk(branches):
    """Every branch among these and below them; a superior before what stands under it."""
    waiting = list(branches)
    while waiting:
        branch = waiting.pop()
        yield branch
        waiting.extend(branch.branches)


def nest(units):
    """Branches of units given in tree order.

    A unit whose superior is not among them hangs under its nearest superior that is, or stands
    at the top, so hidden superiors leave no gap and no trace.
    """
    roots, open_branches = [], []
    for unit in units:
        while open_branches and not (
            open_branches[-1].unit.tree_id == unit.tree_id
            and open_branches[-1].unit.rght > unit.rght
        ):
            open_branches.pop()
        branch = Branch(unit)
        (open_branches[-1].branches if open_branches else roots).append(branch)
        open_branches.append(branch)
    return roots


def total(branches):
    """How many units these branches hold, themselves included."""
    return sum(1 + branch.size for branch in branches)


def branch_of(branches, slug):
    """The branch of the unit with this slug, or None."""
    return next((branch for branch in walk(branches) if branch.unit.slug == slug), None)


def cut_to(branches, levels):
    """The same branches, nothing drawn below ``levels`` levels; ``size`` still counts it."""
    copies = []
    for branch in branches:
        copy = redrawn(branch, cut_to(branch.branches, levels - 1) if levels > 1 else [])
        copy.cut = levels <= 1 and bool(branch.branches)
        copies.append(copy)
    return copies


def redrawn(branch, below):
    """The same branch with only ``below`` drawn; ``size`` still counts all of it."""
    copy = Branch(branch.unit, below)
    copy.size = branch.size
    return copy


def drawn(branches, number):
    """What a page can bear of these branches: ``(branches, page)``.

    Very many of them stand side by side on pages (``number``: of the page wanted; anything else
    than one means the first or last); then as many levels are drawn as the limit allows.
    """
    page = Paginator(branches, WHOLE_TREE_LIMIT).get_page(number)
    rows = list(page.object_list)
    return cut_to(rows, levels_within(rows, WHOLE_TREE_LIMIT)), page


def levels_within(branches, limit):
    """How many levels of these branches, one at least, hold no more than ``limit`` units."""
    levels, count, level = 0, 0, list(branches)
    while level and levels < DEEPEST:
        count += len(level)
        if levels and count > limit:
            break
        levels += 1
        level = [child for branch in level for child in branch.branches]
    return levels or 1


def only(branches, wanted):
    """The branches that hold units whose id is ``wanted``, with the way down to each."""
    kept = {}
    for branch in reversed(
        list(walk(branches))
    ):  # from below, so that a branch knows what it holds
        below = [kept[id(child)] for child in branch.branches if id(child) in kept]
        hit = branch.unit.pk in wanted
        if hit or below:
            kept[id(branch)] = copy = Branch(branch.unit, below, hit=hit)
            copy.size = branch.size
    return [kept[id(branch)] for branch in branches if id(branch) in kept]


def filled(branches):
    """The same branches with the units themselves, and their kinds, for bare rows; one query."""
    rows = list(walk(branches))
    units = Unit.objects.select_related("kind").in_bulk([branch.unit.pk for branch in rows])
    for branch in rows:
        branch.unit = units.get(branch.unit.pk, branch.unit)
    return branches
