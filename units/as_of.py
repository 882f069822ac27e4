"""The one place where pages ask what was true on a date: names, superiors, sub-units.

Pages never read ``unit.name`` or ``unit.parent`` themselves. Today's answers come from the row;
answers for a past date come from the dated rows.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import Count, Q
from django.utils.translation import get_language

from chronology import HistoricalDate
from units.models import Unit


@dataclass
class AsOf:
    """The institution as ``user`` may see it on a date.

    ``on``: a HistoricalDate, or None for today. (Dates other than today come with ``?on=``.)
    """

    on: HistoricalDate | None = None
    user: Any = None

    def visible_units(self):
        """Every unit that the user may see, whether or not it exists on the date."""
        return Unit.objects.visible_to(self.user)

    def units(self):
        """The visible units that exist on the date, in the order of the tree."""
        if self.on is None:
            return self.visible_units().current()
        return self.visible_units().possibly_in_force(self.on)

    def name(self, unit):
        """What the unit is called on the date, in the reader's language."""
        return unit.name

    def name_language(self, unit):
        """The language the name is written in, when it is not the page's; else ''."""
        language = get_language()
        if getattr(unit, f"name_{language}", None):
            return ""
        return next((c for c in ("az", "en") if getattr(unit, f"name_{c}", None)), "")

    def superiors(self, unit):
        """The visible superiors of the unit on the date, topmost first."""
        visible = self.visible_units()
        return list(
            visible.filter(tree_id=unit.tree_id, lft__lt=unit.lft, rght__gt=unit.rght).order_by(
                "lft"
            )
        )

    def sub_units(self, unit):
        """The visible direct sub-units of the unit on the date, in order, as a queryset."""
        return self.units().filter(parent=unit).order_by("lft")

    def with_sub_unit_counts(self, units):
        """The same queryset, each unit with ``sub_unit_count`` (direct, current, public)."""
        existing = self.units()
        return units.annotate(
            sub_unit_count=Count("children", filter=Q(children__in=existing), distinct=True)
        )

    @cached_property
    def tree(self):
        """The visible units on the date as nested ``Branch`` objects; one query."""
        return nest(list(self.units().select_related("kind").order_by("tree_id", "lft")))


@dataclass
class Branch:
    """A unit with the branches below it."""

    unit: Unit
    branches: list

    @cached_property
    def size(self):
        """How many units stand below, at any depth."""
        return sum(1 + branch.size for branch in self.branches)


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
        branch = Branch(unit, [])
        (open_branches[-1].branches if open_branches else roots).append(branch)
        open_branches.append(branch)
    return roots
