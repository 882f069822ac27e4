"""The structure chart: the branches of a date, cut to what a sheet can hold, as a drawing.

The chart and the list beside it are made from the same branches, so they cannot differ.
"""

import re
from functools import cached_property

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from chronology import Certainty, HistoricalDate
from chronology.display import display, unbroken
from drawing.shapes import Box
from drawing.tree import Node, drawn
from structure import outline
from structure.dated_addresses import dated
from structure.shown_tree import shown_tree
from units.models import Unit

# So many boxes can still be read on a sheet of A3.
BOXES = 180
TOP_WIDTH = 280


class Chart:
    """The chart of one branch, or of the whole, on the date of ``as_of``.

    ``top``: the unit to begin with; None begins at the top of the tree. ``levels``: how many
    levels below it to draw, None for as many as fit. ``number``: of very many units side by side,
    which page of them.

    ``branches``, ``folded``: what is drawn and listed, also what nobody knows under whom it stood
    (``unplaced``), and what is put aside at the top, since nobody knows whether it existed.
    ``shown`` units are drawn; ``total``, None for a large tree: of how many that are known.
    ``unlisted``: as of a ShownTree. ``is_cut``: some branch goes on farther than it is drawn;
    ``fewer_levels``: that many levels as asked for do not fit.
    """

    def __init__(self, as_of, top=None, levels=None, number=None):
        self.as_of, self.top = as_of, top
        tree = shown_tree(as_of, top, number=number, limit=BOXES)
        if [branch.cut for branch in tree.branches] == [True]:  # more right below than fit
            tree = shown_tree(as_of, tree.branches[0].unit, number=number, limit=BOXES)
        self.page, self.folded, self.unlisted = tree.page, tree.folded, tree.unlisted
        self.branches = tree.branches + tree.unplaced
        self.unplaced = {id(branch) for branch in tree.unplaced}
        if top:  # who asks for one unit shall see it, however little is known of it
            self.branches, self.folded = self.branches + self.folded, []
        self.total = None if tree.large else len(list(outline.walk(self.branches)))
        if levels is not None:
            # Several units at the top are themselves the first level below an unnamed top.
            levels = levels if len(self.branches) == 1 else levels - 1
            _cut(self.branches, levels)
        shown = list(outline.walk(self.branches))
        self.shown = len(shown)
        self.is_cut = any(branch.cut for branch in shown)
        self.fewer_levels = bool(levels and self.is_cut and _depth(self.branches) < levels)

    def __bool__(self):
        return bool(self.branches or self.folded)

    @cached_property
    def drawing(self):
        nodes = [self._node(branch, is_top=True) for branch in self.branches]
        return drawn(nodes + self._rest(self.folded, self.top))

    def _node(self, branch, *, is_top=False):
        unit = branch.unit
        is_top = is_top and bool(branch.branches)
        possible = self.as_of.existence(unit) is Certainty.POSSIBLE
        box = Box(
            name=self.as_of.name(unit),
            language=self.as_of.name_language(unit),
            address=dated(unit.get_absolute_url(), self.as_of),
            kind="top" if is_top else "possible" if possible else "",
            note=self._note(branch, possible),
            more=number_below(branch) if branch.cut else "",
            more_address=self.address_of(unit) if branch.cut else "",
            **({"width": TOP_WIDTH} if is_top else {}),
        )
        below = [self._node(one) for one in branch.branches]
        return Node(box, below + self._rest(branch.folded, unit))

    def _note(self, branch, possible):
        """What is not certain of a unit in its box, the first of it."""
        if possible:
            return _("possibly existed")
        if id(branch) in self.unplaced:
            return _("superior not known")
        if branch.unsure:
            return _("place not certain")
        if self.as_of.on is not None and self.as_of.names.held(branch.unit) is None:
            return _("today’s name")
        return ""

    def _rest(self, folded, superior):
        """A box that stands for those put aside, and leads to the tree, where they can be seen."""
        if not folded:
            return []
        words = ngettext(
            "Of %(count)s unit it is not known whether it existed then",
            "Of %(count)s units it is not known whether they existed then",
            len(folded),
        )
        address = self.tree_address_of(superior)
        return [Node(Box(words % {"count": len(folded)}, address, kind="rest"))]

    def address_of(self, unit):
        """The chart of the branch of ``unit`` on the same date."""
        return self._address("units:chart", unit)

    def tree_address_of(self, unit):
        """The tree page of the branch of ``unit``, or of the whole for None, on the same date."""
        return self._address("units:structure", unit)

    def _address(self, name, unit):
        query = f"?{urlencode({'branch': unit.slug})}" if unit else ""
        return dated(f"{reverse(name)}{query}", self.as_of)


def _cut(branches, levels):
    """Draws nothing below ``levels`` levels under the first; the branches remember their size."""
    for branch in branches:
        below = branch.branches
        if levels > 0:
            _cut(below, levels - 1)
        elif below or branch.folded:
            branch.cut = True
            branch.branches, branch.folded = [], []


def _depth(branches):
    """How many levels stand below the first of these branches."""
    depth, level = 0, branches
    while level := [one for branch in level for one in branch.branches]:
        depth += 1
    return depth


def units_below(count):
    return ngettext("%(count)s unit below", "%(count)s units below", count) % {"count": count}


def number_below(branch):
    """How many units stand below a branch, or right below it where no more is read; in words."""
    if branch.direct is None:
        return units_below(branch.size)
    words = ngettext("%(count)s unit right below", "%(count)s units right below", branch.direct)
    return words % {"count": branch.direct}


class ChartQuestion:
    """What a reader asks for: ``?branch=``, ``?levels=``, ``?page=``, ``?paper=``.

    Anything that is no number of levels means as many as fit, any other paper A4; a branch that
    the reader may not see raises Http404.
    """

    LEVELS = range(1, 7)
    PAPERS = ("a4", "a3")

    def __init__(self, request):
        asked, as_of = request.GET, request.as_of
        slug = asked.get("branch")
        units = as_of.reader.units() if as_of.on else as_of.units()
        self.top = get_object_or_404(units, slug=slug) if slug else None
        superiors = as_of.superiors(self.top) if self.top else []
        self.superiors = [one for one in superiors if isinstance(one, Unit)]
        levels = asked.get("levels", "")
        self.levels = int(levels) if levels in map(str, self.LEVELS) else None
        self.paper = "a3" if asked.get("paper") == "a3" else "a4"
        self.chart = Chart(as_of, self.top, self.levels, asked.get("page"))

    @property
    def unit(self):
        """The unit whose chart it is: the branch asked for, or the only one at the top."""
        branches = self.chart.branches
        return self.top or (branches[0].unit if len(branches) == 1 else None)

    @property
    def title(self):
        """The name of the unit whose chart it is, or "Structure" for several tops."""
        return self.chart.as_of.name(self.unit) if self.unit else _("Structure")

    @property
    def state(self):
        """Of which day the chart tells, in words."""
        return _("State of %(date)s") % {"date": unbroken(display(self.day))}

    @property
    def day(self):
        return self.chart.as_of.on or HistoricalDate.from_date(timezone.localdate())

    @property
    def address(self):
        return self._address("units:chart")

    @property
    def file_address(self):
        return self._address("units:chart_file")

    def _address(self, name):
        """The page or file with what was asked for, the date always written out."""
        asked = {
            "branch": self.top.slug if self.top else None,
            "levels": self.levels,
            "page": self.chart.page.number if self.chart.page else None,
            "on": self.chart.as_of.on,
        }
        query = urlencode({name: str(value) for name, value in asked.items() if value})
        return f"{reverse(name)}?{query}" if query else reverse(name)

    def headed_drawing(self, address):
        """The drawing with its heading, for a file: whose chart, of which day, from where."""
        return self.chart.drawing.head_with(self.title, f"{self.state} · {address}")

    @property
    def file_name(self):
        day = re.sub(r"[^0-9X-]+", "_", str(self.day)).strip("_")
        return f"{self.top.slug if self.top else 'structure'}-{day}.svg"
