"""The one place where pages ask what was true on a date: names, superiors, sub-units.

Pages never read ``unit.name`` or ``unit.parent`` themselves. Today's answers come from the row;
answers for a past date come from the dated rows.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import Count, F, Q
from django.utils import timezone
from django.utils.translation import get_language

from chronology import HistoricalDate
from publishing.matching import matching
from units.models import ExternalBody, FormerName, FormerParent, Link, Unit
from units.outline import nest

_LANGUAGES = ("az", "en")


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

    def ended_units(self):
        """The visible units that no longer exist today."""
        return self.visible_units().filter(dissolved_earliest__lte=timezone.localdate())

    @cached_property
    def institution(self):
        """The body at the top, or None: of several tops, the one with most beneath it."""
        return self.units().filter(parent=None).order_by(F("lft") - F("rght"), "tree_id").first()

    # --- Names ------------------------------------------------------------------------------

    def name(self, unit):
        """What the unit is called on the date, in the reader's language."""
        return unit.name or unit.code

    def name_language(self, unit):
        """The language the name is written in, when it is not the page's; else ''."""
        language = get_language()
        if getattr(unit, f"name_{language}", None):
            return ""
        return next((c for c in _LANGUAGES if getattr(unit, f"name_{c}", None)), "")

    def names(self, *, former=False):
        """``(unit id, name, language or "", is former name)`` of every unit, in no order.

        ``former``: also units that have ended, and names that units no longer bear. The language
        is given where the name is not written in the reader's. At most two queries.
        """
        units = self.visible_units() if former else self.units()
        columns = [f"name_{code}" for code in _LANGUAGES]
        rows = list(units.order_by().values_list("pk", *columns, "code"))
        found = [(pk, *_in_readers_language(names, code), False) for pk, *names, code in rows]
        if former:
            old = FormerName.objects.filter(unit__in=units).order_by()
            found += [
                (pk, *_in_readers_language(names, code), True)
                for pk, *names, code in old.values_list("unit_id", *columns, "code")
            ]
        return found

    def former_names(self, unit):
        """The names that the unit bore before, in the order of time."""
        return FormerName.objects.filter(unit=unit).order_by(
            F("begin_earliest").asc(nulls_first=True), "end_earliest", "code"
        )

    def called(self, query):
        """The visible units that bear a name like ``query``, or bore one; also those that ended."""
        former = FormerName.objects.filter(matching(query)).values("unit")
        return self.visible_units().filter(matching(query) | Q(pk__in=former))

    # --- Place in the tree ------------------------------------------------------------------

    def superiors(self, unit):
        """The visible superiors of the unit on the date, topmost first."""
        visible = self.visible_units()
        return list(
            visible.filter(tree_id=unit.tree_id, lft__lt=unit.lft, rght__gt=unit.rght).order_by(
                "lft"
            )
        )

    def former_superiors(self, unit):
        """To whom the unit answered before, where the reader may see them, in order of time."""
        seen = Q(parent__in=self.visible_units()) | Q(external_body__in=self.visible_bodies())
        return (
            FormerParent.objects.filter(seen, unit=unit)
            .select_related("parent", "external_body")
            .order_by(F("begin_earliest").asc(nulls_first=True), "end_earliest", "code")
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
    def outline(self):
        """Who stands under whom on the date: nested ``Branch`` objects of bare rows; one query."""
        rows = self.units().order_by("tree_id", "lft")
        return nest(rows.values_list("pk", "tree_id", "lft", "rght", "slug", named=True))

    def units_below(self, unit):
        """The visible units on the date that stand below the unit, at any depth."""
        return self.units().filter(tree_id=unit.tree_id, lft__gt=unit.lft, rght__lt=unit.rght)

    # --- What else a unit's page tells ------------------------------------------------------

    def links(self, unit):
        """“See also” of the unit, without those that lead to a unit the reader may not see."""
        return (
            Link.objects.filter(
                Q(target__isnull=True) | Q(target__in=self.visible_units()), unit=unit
            )
            .select_related("target")
            .order_by("order", "code")
        )

    def visible_bodies(self):
        """The bodies outside that the reader may see."""
        return ExternalBody.objects.visible_to(self.user)

    def former_sub_units(self, superior):
        """``FormerParent`` rows of the visible units that answered to this unit, or to this body
        outside, with when, in order of time."""
        side = "parent" if isinstance(superior, Unit) else "external_body"
        return (
            FormerParent.objects.filter(**{side: superior}, unit__in=self.visible_units())
            .select_related("unit")
            .order_by(F("begin_earliest").asc(nulls_first=True), "end_earliest", "code")
        )


def _in_readers_language(names, code):
    """The name in the reader's language, else in the first that has one, with that language."""
    by_language = dict(zip(_LANGUAGES, names, strict=True))
    own = get_language()
    if by_language.get(own):
        return by_language[own], ""
    return next(((name, code) for code, name in by_language.items() if name), (code, ""))
