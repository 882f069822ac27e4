"""The tree as pages draw it: nested branches, cut to a size that a page can bear."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

# A page draws about as many units as this and offers the rest branch by branch, page by page.
WHOLE_TREE_LIMIT = 400
# Nested deeper than this, lists become unreadable (and templates slow): the rest opens by itself.
DEEPEST = 10


@dataclass
class Branch:
    """A unit (or a bare row of its tree columns) with the branches below it.

    ``unsure``: that it stands here is not certain. ``hit``: the reader searched for it. ``cut``:
    its branches are not drawn here. ``folded``: those put aside, since nobody knows whether they
    existed. ``direct``: how many units stand right below, where those farther down are not counted.
    """

    unit: Any
    branches: list = field(default_factory=list)
    hit: bool = False
    cut: bool = False
    folded: list = field(default_factory=list)
    direct: int | None = None
    unsure: bool = False

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


def without(branches, unwanted):
    """The branches without units whose id is ``unwanted``; one with others below it stays."""
    kept = []
    for branch in branches:
        below = without(branch.branches, unwanted)
        if below or branch.unit.pk not in unwanted:
            kept.append(Branch(branch.unit, below))
    return kept


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
