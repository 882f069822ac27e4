"""The one place where pages ask what was true on a date: names, superiors, sub-units.

Pages never read ``unit.name`` or ``unit.parent`` themselves. Today's answers come from the row;
answers for a past date come from the dated rows (``succession`` says how they follow one another).
"""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.conf import settings
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.translation import get_language

from chronology import Certainty, HistoricalDate, certainty_of, days_of
from publishing.matching import matching
from units.as_of import below
from units.as_of import superiors as placing
from units.as_of.names import (
    LANGUAGES,
    DatedName,
    Listed,
    borne_instead,
    dated_names,
    listed,
    names_on,
)
from units.as_of.succession import alike, holds_today
from units.as_of.superiors import DatedSuperior
from units.models import ExternalBody, FormerName, FormerParent, Link, Unit
from units.outline import nest
from units.tree.climbing import superior_ids

__all__ = ["AsOf", "DatedName", "DatedSuperior"]

# As many former names as this are read at once, so that nobody need prepare() for them.
FEW_FORMER_NAMES = 500
# As many units under hidden ones are drawn in the place of those.
MOST_OVER_HIDDEN = 2000
# Of more units at the top than this none is above all others.
FEW_TOPS = 20
# A chain of superiors that is longer than this is cut.
HIGHEST = 40


@dataclass
class AsOf:
    """The institution as ``user`` may see it on a date.

    ``on``: a HistoricalDate, or None for today; a span (a year) means "at any time in it".
    ``asked`` and ``problem``: what the visitor wrote as a date that could not be used, and the
    sentence that says why; the page then answers for today.
    """

    on: HistoricalDate | None = None
    user: Any = None
    asked: str = ""
    problem: Any = ""
    _names: dict = field(default_factory=dict, init=False, repr=False, compare=False)
    _awaited: dict = field(default_factory=dict, init=False, repr=False, compare=False)
    _above: dict = field(default_factory=dict, init=False, repr=False, compare=False)
    _chains: dict = field(default_factory=dict, init=False, repr=False, compare=False)
    _former_parents: dict = field(default_factory=dict, init=False, repr=False, compare=False)
    _read: dict = field(default_factory=dict, init=False, repr=False, compare=False)

    def once(self, key, read):
        """What ``read()`` gives, read once for a page: several parts of it, and several rooms, ask
        whether there is anything to tell of a unit before they ask for it."""
        if key not in self._read:
            self._read[key] = read()
        return self._read[key]

    def known(self, key):
        """What ``once()`` has read under the key for this page, or None."""
        return self._read.get(key)

    @cached_property
    def today(self):
        """The same for today, for the same reader."""
        if self.on is None:
            return self
        today = AsOf(user=self.user)
        today._above = self._above
        return today

    def visible_units(self):
        """Every unit that the user may see, whether or not it exists on the date."""
        return self._visible_units.all()

    @cached_property
    def _visible_units(self):
        return Unit.objects.visible_to(self.user)

    def units(self):
        """The visible units that certainly or possibly exist on the date, in the tree's order."""
        return self._units.all()

    @cached_property
    def _units(self):  # put together once, since a page asks for them again and again
        if self.on is None:
            return self.visible_units().current()
        return self.visible_units().possibly_in_force(self.on)

    def certain_units(self):
        """The visible units that certainly exist on the date; for today, all that exist."""
        if holds_today(self.on):
            return self.visible_units().current()
        return self.visible_units().in_force(self.on)

    def existence(self, unit):
        """How surely the unit existed on the date: a Certainty; no query."""
        if self._has_today:
            today = timezone.localdate()
            begun = unit.founded_earliest is None or unit.founded_earliest <= today
            if begun and unit.dissolved_earliest and unit.dissolved_earliest > today:
                return Certainty.CERTAIN
            if self.on is None:
                return Certainty.NO
        return certainty_of(unit, self.on, begin="founded", end="dissolved")

    @cached_property
    def _has_today(self):
        return holds_today(self.on)

    @property
    def has_today(self):
        """Whether the date has today in it. What is kept without a date (addresses, telephone
        numbers, texts, titles of posts, kinds) is told of no other date, or labelled as today's.
        """
        return self._has_today

    def ended_units(self):
        """The visible units that no longer exist today."""
        return self.visible_units().filter(dissolved_earliest__lte=timezone.localdate())

    @cached_property
    def institution(self):
        """The body that the site is about, or None: at the top, with the code that the setting
        ``INSTITUTION`` names, or else, of a few, with more than half of all units. Many registers
        are a forest without such a body, and have none on any date. Where none exists on the
        date: that of any date."""
        tops = _few_tops(self.units()) or _few_tops(self.visible_units())
        if named := [top for top in tops if top.code == settings.INSTITUTION]:
            return named[0]
        if self.on is not None and self.today.institution is None:
            return None
        all_sizes = sum(top.rght for top in tops)  # the numbers of a tree begin with 1
        return next((top for top in tops if 2 * top.rght > all_sizes), None)

    # --- Names ------------------------------------------------------------------------------

    def names_of(self, units):
        """``{unit id: [DatedName, best first]}``; one query. Empty: not known for the date."""
        return names_on(units, self.on)

    def prepare(self, units):
        """Read the names of ``units``, and of those expected, at once, so that ``name()`` asks
        nothing more for them."""
        if self.on is not None:
            units = list(units)
            self.expect(units)
            new = [one for pk, one in self._awaited.items() if pk not in self._names]
            self._names |= self.names_of(new) if new else {}
            self._awaited.clear()
        return units

    def expect(self, units):
        """Say that the names of ``units`` will be asked for, too: the next ``prepare()`` reads
        them along with others, or whoever first asks for one."""
        self._awaited |= {one.pk: one for one in units if isinstance(one, Unit)}

    def name_held(self, unit):
        """The DatedName that is likeliest on the date, or None where none is known for it."""
        return next(iter(self._names_held(unit)), None)

    def other_names(self, unit):
        """The further DatedNames that the unit certainly or possibly bore on the date."""
        return alike(self._names_held(unit))[1:]

    def name(self, unit):
        """What the unit is called on the date, in the reader's language.

        Today's name where none is known for the date. Bodies outside have one name only.
        """
        return self.name_and_language(unit)[0]

    def name_language(self, unit):
        """The language the name is written in, when it is not the page's; else ''."""
        return self.name_and_language(unit)[1]

    def name_and_language(self, unit):
        """Both of these at once."""
        if self.on is not None and (held := self.name_held(unit)):
            name, language = held.in_language()
            return name or unit.code, language
        if name := getattr(unit, f"name_{get_language()}", None):
            return name, ""
        language = next((c for c in LANGUAGES if getattr(unit, f"name_{c}", None)), "")
        return unit.name or unit.code, language

    def _names_held(self, unit):
        if not isinstance(unit, Unit):
            return []
        if unit.pk not in self._names:
            if unit.pk in self._awaited or self._few_former_names is None:
                self.prepare([unit])
            else:
                rows = self._few_former_names.get(unit.pk, [])
                self._names[unit.pk] = dated_names(unit, rows, self.on)
        return self._names.get(unit.pk, [])

    @cached_property
    def _few_former_names(self):
        """``{unit id: rows}`` of all former names, or None where they are too many to read."""
        rows = FormerName.objects.order_by("pk")
        if rows.values_list("pk")[FEW_FORMER_NAMES : FEW_FORMER_NAMES + 1]:
            return None
        by_unit = {}
        for row in rows:
            by_unit.setdefault(row.unit_id, []).append(row)
        return by_unit

    def names_to_list(self, language, *, former=False):
        """By which names readers of ``language`` find units in a list: Listed.

        On a past date a unit with former names that had not all ended is listed by the name that
        is likeliest then. ``former``: also units that have ended, and former names.
        """
        units = self.visible_units() if former else self.units()
        found = Listed(units)
        if former:
            old = FormerName.objects.filter(unit__in=units.order_by().values("pk"))
            found.rows += [(*row, True) for row in listed(old.order_by(), language, "unit_id")]
        if self.on is not None:
            not_over = FormerName.objects.exclude(end_latest__lte=days_of(self.on)[1]).order_by()
            found.elsewhere = units.filter(pk__in=not_over.values("unit")).order_by()
            found.own_names = dict(listed(found.elsewhere, language))
            borne = listed(borne_instead(self.on), language, "unit_id")
            then = {unit: name for unit, name in borne if unit in found.own_names}
            found.rows += [(pk, name, False) for pk, name in (found.own_names | then).items()]
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

    def superiors_of(self, units):
        """``{unit id: [DatedSuperior, best first]}``: whom each page names as superior on the date,
        and every other output with it. Three queries; today two, and two more for each step over
        superiors that are not shown. Empty: not known, or the unit did not exist.
        """
        found, _units, _bodies = self._named_superiors(units)
        return found

    def held_superiors(self, unit):
        """``[(Unit, ExternalBody or None, DatedSuperior)]`` of one unit, best first; None: it stood
        at the top. Empty: as ``superiors_of()``."""
        found, units, bodies = self._named_superiors([unit])
        return [(units.get(one.unit_id) or bodies.get(one.body_id), one) for one in found[unit.pk]]

    def _named_superiors(self, units):
        """``(what superiors_of() gives, {id: Unit}, {id: ExternalBody})``."""
        known = self._with_former_parents(units)
        held = {
            pk: placing.dated_superiors(unit, rows, self.on) if self.existence(unit) else []
            for pk, (unit, rows) in known.items()
        }
        several = [one for each in held.values() for one in each]
        ids, over = {one.unit_id for one in several} - {None}, None
        if self.on is None:
            over = placing.over_those_not_there(self, ids)
            ids = ids - over.keys() | set(over.values()) - {None}
        seen = self.visible_units().in_bulk(ids)
        there = {pk for pk, unit in seen.items() if self.existence(unit)}
        bodies = {one.body_id for one in several} - {None}
        bodies = self.visible_bodies().in_bulk(bodies)
        found = {
            pk: placing.named(each, seen=seen, there=there, bodies=bodies, over=over)
            for pk, each in held.items()
        }
        return found, seen, bodies

    def superior(self, unit):
        """Whom the unit answered to on the date: a Unit, an ExternalBody, or None."""
        chain = self.superiors(unit)
        return chain[-1] if chain else None

    def superiors(self, unit):
        """The visible superiors of the unit on the date, topmost first.

        Units that existed then; a body outside (ExternalBody) may stand at the top. Today, a
        superior that may not be seen is passed over; on a past date the chain ends there.
        """
        if self.on is None:
            return self._present_superiors(unit)
        known = self._with_former_parents([unit, *self._present_superiors(unit)])
        chain, met, current = [], {unit.pk}, unit
        while len(chain) < HIGHEST:
            best = next(iter(placing.dated_superiors(current, known[current.pk][1], self.on)), None)
            if best is None or best.unit_id in met:
                break
            if best.body_id:
                chain += self.visible_bodies().filter(pk=best.body_id)
                break
            if best.unit_id not in known:
                other = self.units().filter(pk=best.unit_id).first()
                if other is None:
                    break
                known |= self._with_former_parents([other, *self._present_superiors(other)])
            current = known[best.unit_id][0]
            met.add(current.pk)
            chain.append(current)
        return chain[::-1]

    def _present_superiors(self, unit):
        if unit.pk not in self._above:
            self._above[unit.pk] = superior_ids(unit)
        if unit.pk not in self._chains:
            above = self._above[unit.pk]
            chain = self.units().filter(pk__in=above).order_by("lft") if above else []
            self._chains[unit.pk] = list(chain)
        return list(self._chains[unit.pk])

    def _with_former_parents(self, units):
        """``{unit id: (unit, its FormerParent rows)}``; one query for those not read before."""
        units = list(units)
        new = {unit.pk: [] for unit in units if unit.pk not in self._former_parents}
        for row in FormerParent.objects.filter(unit__in=new).order_by("pk") if new else ():
            new[row.unit_id].append(row)
        self._former_parents |= new
        return {unit.pk: (unit, self._former_parents[unit.pk]) for unit in units}

    def former_superiors(self, unit):
        """To whom the unit answered before, where the reader may see them, in order of time."""
        if not self._with_former_parents([unit])[unit.pk][1]:  # as of most units
            return FormerParent.objects.none()
        seen = Q(parent__in=self.visible_units()) | Q(external_body__in=self.visible_bodies())
        return (
            FormerParent.objects.filter(seen, unit=unit)
            .select_related("parent", "external_body")
            .order_by(F("begin_earliest").asc(nulls_first=True), "end_earliest", "code")
        )

    def sub_units(self, unit):
        """The visible direct sub-units of the unit on the date, in order, as a queryset."""
        if self.on is None:
            return self.units().filter(parent=unit).order_by("lft")
        if not self.existence(unit):
            return self.units().none()
        return below.children(self, unit)

    def known_tops(self):
        """The units at the top on the date of which it is known that they stood there: under
        nobody or under a body outside. One indexed query, also in a very large tree; the units
        whose superior then is not known or not shown are only among ``children()``.
        """
        if self.on is None:
            return self.children()
        return below.known_tops(self)

    def children(self, of=None):
        """The branches right below the unit ``of`` (None: those at the top) on the date, in order,
        as a queryset; one indexed query."""
        if of is not None:
            return self.sub_units(of)
        if self.on is None:
            shown = self.units().order_by().filter(pk=OuterRef("pk"))
            # Only those with units below: there may be very many dissolved bodies at the top.
            superiors = Unit.objects.filter(parent=None, rght__gt=F("lft") + 1)
            hidden = superiors.exclude(Exists(shown))
            return self._and_over_hidden(Q(parent=None), list(_pks(hidden)), itself=True)
        return placing.tops_on(self.units(), self.on)

    def nearest_below(self, unit):
        """As ``sub_units``, and today also those under sub-units that may not be seen: what a
        drawn tree shows right below the unit."""
        if self.on is not None:
            return self.sub_units(unit)
        return self._and_over_hidden(Q(parent=unit), [unit.pk])

    def _and_over_hidden(self, condition, superiors, *, itself=False):
        units = self.units()
        places = placing.places_over_hidden(units, superiors, MOST_OVER_HIDDEN)
        if itself:  # the superiors are hidden themselves
            places += units.filter(parent__in=superiors).values_list("pk", "parent")
        found = units.filter(condition)
        if places:
            # Each by its index: joined by OR, or asked again whether they may be seen, they would
            # make the database read all units.
            over_hidden = Unit.objects.filter(pk__in=[pk for pk, _above in places])
            found = Unit.objects.filter(pk__in=_pks(found).union(_pks(over_hidden)))
        return found.order_by("tree_id", "lft")

    def count_sub_units(self, units):
        """Give each of ``units`` its ``sub_unit_count`` (direct, on the date, visible) and return
        them as a list; one query."""
        units = list(units)
        counts = below.numbers(self, [one.pk for one in units])
        for unit in units:
            unit.sub_unit_count = counts[unit.pk]
        return units

    @cached_property
    def outline(self):
        """Who stands under whom on the date: nested ``Branch`` objects of bare rows.

        One query for today, two for a past date; linear in the number of units.
        """
        rows = self.units().order_by("tree_id", "lft")
        if self.on is None:
            return nest(rows.values_list("pk", "tree_id", "lft", "rght", "slug", named=True))
        former = FormerParent.objects.filter(unit__in=self.units().order_by().values("pk"))
        rows = rows.values_list("pk", "tree_id", "lft", "rght", "slug", "parent_id", named=True)
        return placing.tree_on(rows, former.order_by("pk"), self.on)

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

    def partners(self):
        """The bodies outside that were partners on the date for all we know, in order: those that
        became partners later are left out, those of whom nobody knows since when are not."""
        partners = self.visible_bodies().filter(is_partner=True).order_by("order", "code")
        if self.on is None:
            return partners
        _first, last = days_of(self.on)
        begun = Q(partner_since_earliest__isnull=True) | Q(partner_since_earliest__lte=last)
        return partners.filter(begun)

    def former_sub_units(self, superior):
        """``FormerParent`` rows of the visible units that answered to this unit, or to this body
        outside, with when, in order of time."""
        side = "parent" if isinstance(superior, Unit) else "external_body"
        return (
            FormerParent.objects.filter(
                Exists(self.visible_units().filter(pk=OuterRef("unit"))), **{side: superior}
            )
            .select_related("unit")
            .order_by(F("begin_earliest").asc(nulls_first=True), "end_earliest", "code")
        )


def _few_tops(units):
    """The units at the top; of more than a few only the one that the setting names."""
    tops = units.filter(parent=None).order_by()
    found = list(tops[: FEW_TOPS + 1])
    return found if len(found) <= FEW_TOPS else list(tops.filter(code=settings.INSTITUTION))


def _pks(rows):
    return rows.order_by().values_list("pk", flat=True)
