"""The one place where pages ask what was true on a date: names, superiors, sub-units.

Pages never read ``unit.name`` or ``unit.parent`` themselves. Today's answers come from the row;
answers for a past date come from the dated rows (``succession`` says how they follow one another).
"""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.conf import settings
from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.utils import timezone
from django.utils.translation import get_language

from chronology import Certainty, HistoricalDate, Period, days_of
from publishing.matching import matching
from publishing.models import may_edit
from structure import heads
from structure.as_of import below
from structure.as_of.names import (
    LANGUAGES,
    NAMES,
    HeldName,
    Listed,
    borne_instead,
    listed,
    names_held,
    names_on,
)
from structure.as_of.succession import Asked
from structure.as_of.superiors import HeldSuperior, Superiors, tree_on
from structure.moments import OF_A_SORT
from units import due
from units.changing import NAME, SUPERIOR
from units.existence import (
    day_asked,
    existence,
    expected,
    expected_existence,
    has_today,
    how_surely,
    is_dated,
    is_to_come,
    witnessed,
)
from units.models import DatedName, DatedSuperior, ExternalBody, Link, Unit
from units.tree.climbing import superior_ids

__all__ = ["AsOf", "HeldName", "HeldSuperior"]

# As many dated names as this are read at once, so that nobody need prepare() for them.
FEW_DATED_NAMES = 500
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
    _present: dict = field(default_factory=dict, init=False, repr=False, compare=False)
    _read: dict = field(default_factory=dict, init=False, repr=False, compare=False)

    def once(self, key, read):
        """What ``read()`` gives, read once for a page: several parts of it, and several apps, ask
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
        today._present = self._present
        if "first_change" in self.__dict__:
            today.first_change = self.first_change
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
        return self.visible_units().possibly_in_force(self.on)

    def listed_units(self):
        """``units()`` as lists name them one by one: before the institution itself without those
        of unknown founding, which are counted only (``unlisted``)."""
        return (
            self.units().filter(is_dated(self.on)) if self.is_before_institution else self.units()
        )

    @cached_property
    def unlisted(self):
        """How many of ``units()`` are not among ``listed_units()``."""
        if not self.is_before_institution:
            return 0
        return self.units().order_by().exclude(is_dated(self.on)).count()

    @cached_property
    def is_before_institution(self):
        """Whether the institution had certainly not been founded yet on the date."""
        institution = self.on and self.today.institution
        founded = institution and institution.founded and institution.founded.earliest
        return bool(founded) and days_of(self.on)[1] < founded

    def certain_units(self):
        """The visible units that certainly exist on the date."""
        return self.visible_units().in_force(self.on)

    def expected_units(self):
        """The same, and on a date to come those that exist then if all goes on."""
        return self.visible_units().filter(expected(self.on))

    def existence(self, unit):
        """How surely the unit existed on the date: a Certainty; no query."""
        return existence(unit, self.on)

    def expected_existence(self, unit):
        """The same as far as can be foreseen: nothing is certain after today."""
        return expected_existence(unit, self.on)

    @property
    def is_to_come(self):
        """Whether the date lies after today as a whole, so that nothing is certain of it."""
        return is_to_come(self.on)

    @cached_property
    def asked_of_rows(self):
        """The Asked of dated rows for queries; at most one query a page."""
        if self.day is None:
            return Asked(None)
        _first, last = days_of(self.day)
        hides = last > timezone.localdate() and not may_edit(self.user, Unit)
        first = self.first_change
        return Asked(self.day, first is not None and first <= last, hides)

    @cached_property
    def first_change(self):
        """The day of the first row to come, or None; one query."""
        names, superiors = (
            model.objects.filter(takes_effect__isnull=False).order_by().values_list("takes_effect")
            for model in (DatedName, DatedSuperior)
        )
        found = names.union(superiors).order_by("takes_effect")[:1]
        return next((day for (day,) in found), None)

    @property
    def is_due(self):
        """Whether a row to come has its day and does not stand on the row of its unit yet."""
        return self.first_change is not None and self.first_change <= timezone.localdate()

    @cached_property
    def day(self):
        """The date for which dated rows are asked: ``on``, which for today is None, since the rows
        of the units answer. While a row to come is due they do not: then it is today's date."""
        return day_asked(None) if self.on is None and self.is_due else self.on

    @property
    def _is_due_today(self):
        return (self.on is None or self.on.exact == timezone.localdate()) and self.is_due

    def renew(self, units):
        """Write into ``units``, which are shown and not saved, what will stand on their rows when
        what is due has taken effect, on a page of today; gives them as a list."""
        units = list(units)
        if self._is_due_today:
            due.renew([one for one in units if isinstance(one, Unit)])
        return units

    @property
    def has_today(self):
        """Whether the date has today in it. What is kept without a date (addresses, telephone
        numbers, texts, titles of posts, kinds) is told of no other date, or labelled as today's.
        """
        return has_today(self.on)

    def ended_units(self):
        """The visible units that certainly do not exist any more today."""
        return self.visible_units().filter(dissolved_latest__lte=timezone.localdate())

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
        """``{unit id: [HeldName, best first]}``; one query. Empty: not known, or the unit did not
        exist."""
        return names_on(units, self.on, self.user)

    def prepare(self, units):
        """Read the names of ``units``, and of those expected, at once, so that ``name()`` asks
        nothing more for them."""
        units = self.renew(units) if self.on is None else list(units)
        if self.day is not None:
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
        """The HeldName that is likeliest on the date, or None where none is known for it."""
        return next(iter(self._names_held(unit)), None)

    def other_names(self, unit):
        """The further HeldNames that the unit certainly or possibly bore on the date."""
        return self._names_held(unit)[1:]

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
        for then in (self, self.today):  # that of today stands for one that is not known
            if then.day is not None and (held := then.name_held(unit)):
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
            if unit.pk in self._awaited or self._few_dated_names is None:
                self.prepare([unit])
            else:
                rows = self._few_dated_names.get(unit.pk, [])
                self._names[unit.pk] = names_held(unit, rows, self.on)
        return self._names.get(unit.pk, [])

    @cached_property
    def _few_dated_names(self):
        """``{unit id: rows}`` of all former names, or None where they are too many to read."""
        rows = DatedName.objects.begun_or_announced(self.user).order_by("pk")
        if rows.values_list("pk")[FEW_DATED_NAMES : FEW_DATED_NAMES + 1]:
            return None
        by_unit = {}
        for row in rows:
            by_unit.setdefault(row.unit_id, []).append(row)
        return by_unit

    def names_to_list(self, language, *, former=False):
        """By which names readers of ``language`` find units in a list: Listed.

        On a past date a unit with other names is listed by the name that is likeliest then.
        ``former``: also units that have ended, and other names.
        """
        units = self.visible_units() if former else self.listed_units()
        found = Listed(units)
        names = DatedName.objects.begun_or_announced(self.user)
        if former:
            old = names.filter(unit__in=units.order_by().values("pk"), takes_effect=None)
            old = old.exclude(NAMES.is_unknown)
            found.rows += [(*row, True) for row in listed(old.order_by(), language, "unit_id")]
        if self.day is not None:
            not_over = names.exclude(end_latest__lte=days_of(self.day)[0]).order_by()
            found.elsewhere = units.filter(pk__in=not_over.values("unit")).order_by()
            found.own_names = dict(listed(found.elsewhere, language))
            borne = listed(borne_instead(self.asked_of_rows), language, "unit_id")
            then = {unit: name for unit, name in borne if unit in found.own_names}
            found.rows += [(pk, name, False) for pk, name in (found.own_names | then).items()]
            if former and self.is_due:
                found.rows += self._former_when_due(found, language)
        return found

    def _former_when_due(self, listed_units, language):
        """``(unit id, name, True)`` of the names that are over, though no row says so yet."""
        rows = DatedName.objects.filter(takes_effect__lte=timezone.localdate()).order_by()
        rows = rows.filter(unit__in=listed_units.elsewhere.values("pk"))
        borne = borne_instead(Asked(day_asked(None), to_come=True)).values("pk")
        found = listed(rows.exclude(pk__in=borne), language, "unit_id")
        own_names = listed_units.own_names
        new = rows.filter(pk__in=borne).values_list("unit", flat=True)
        found += [(pk, own_names[pk]) for pk in new if pk in own_names]
        return [(*row, True) for row in found]

    def named_like(self, query):
        """Units whose present name, or what else is searched of them, is like ``query``: a Q."""
        found = matching(query)
        if self._is_due_today:
            rows = DatedName.objects.filter(matching(query), takes_effect__lte=timezone.localdate())
            found |= Q(pk__in=rows.order_by().values("unit"))
        return found

    def dated_names(self, unit):
        """The names that the unit bore before, or is to bear, in the order of time."""
        return _in_time(DatedName.objects.begun_or_announced(self.user).filter(unit=unit))

    def called(self, query):
        """The visible units that bear a name like ``query``, or bore one; also those that ended."""
        former = DatedName.objects.begun_or_announced(self.user)
        former = former.filter(matching(query)).values("unit")
        return self.visible_units().filter(matching(query) | Q(pk__in=former))

    # --- Place in the tree ------------------------------------------------------------------

    def superiors_of(self, units):
        """``{unit id: [HeldSuperior, best first]}``: whom each page names as superior on the date,
        and every other output with it. Empty: not known, or the unit did not exist.

        Three queries, and three more for each step over superiors that may not be seen.
        """
        units = list(units)
        superiors = self._superiors.read(units)
        return {unit.pk: superiors.of(unit) for unit in units}

    @cached_property
    def _superiors(self):
        return Superiors(self)

    def held_superiors(self, unit):
        """``[(Unit, ExternalBody or None, HeldSuperior)]`` of one unit, best first; None: it stood
        at the top. Empty: as ``superiors_of()``."""
        found = self.superiors_of([unit])[unit.pk]
        units = self.visible_units().in_bulk({one.unit_id for one in found} - {None})
        body = self._superiors.body
        return [(units.get(one.unit_id) or body(one.body_id), one) for one in found]

    def superior(self, unit):
        """Whom the unit answered to on the date: a Unit, an ExternalBody, or None."""
        chain = self.superiors(unit)
        return chain[-1] if chain else None

    def superiors(self, unit):
        """The visible superiors of the unit on the date, topmost first, up to the first of whom it
        is not known whom they answered to. A body outside (ExternalBody) may stand at the top."""
        known = {one.pk: one for one in self._present_superiors(unit)}
        superiors = self._superiors.read([unit, *known.values()])
        chain, met, current = [], {unit.pk}, unit
        while len(chain) < HIGHEST and (best := superiors.above(current)):
            if best.body_id:
                chain.append(superiors.body(best.body_id))
                break
            if best.unit_id is None or best.unit_id in met:
                break
            if best.unit_id not in known:
                other = self.visible_units().get(pk=best.unit_id)
                known |= {one.pk: one for one in [other, *self._present_superiors(other)]}
                superiors.read(known.values())
            current = known[best.unit_id]
            met.add(current.pk)
            chain.append(current)
        return chain[::-1]

    def _present_superiors(self, unit):
        """The units above it as the rows of today have them, whether or not they existed."""
        if unit.pk not in self._present:
            above = superior_ids(unit)
            self._present[unit.pk] = (
                list(self.visible_units().filter(pk__in=above)) if above else []
            )
        return self._present[unit.pk]

    def dated_superiors(self, unit):
        """To whom the unit answered before, or is to answer, where the reader may see them, in
        order of time."""
        return _in_time(self.visible_superiors().filter(unit=unit))

    def names_in_time(self, unit):
        """``dated_names()`` as a list, read once a page; of very many the first."""
        return self._rows_in_time(NAME, unit, self.dated_names(unit))

    def superiors_in_time(self, unit):
        """``dated_superiors()`` as a list, read once a page; of very many the first."""
        return self._rows_in_time(SUPERIOR, unit, self.dated_superiors(unit))

    def _rows_in_time(self, fact, unit, rows):
        def read():
            found = list(rows.prefetch_related("sources")[: OF_A_SORT + 1])
            turned = due.turned(fact, [unit]) if self.is_due else {}
            if unit.pk in turned:
                found = due.as_written(found, turned[unit.pk])
                found = [row for row in found if row.pk or self._may_see(row)]
            return found

        return self.once((fact, unit.pk), read)

    def _may_see(self, row):
        superior = getattr(row, "parent_id", None)
        return superior is None or self.visible_units().filter(pk=superior).exists()

    def visible_superiors(self):
        """The DatedSuperior rows, of any unit, that the reader may see with their superiors."""
        seen = Q(parent__in=self.visible_units()) | Q(external_body__in=self.visible_bodies())
        seen |= Q(parent=None, external_body=None)
        rows = DatedSuperior.objects.begun_or_announced(self.user).filter(seen)
        return rows.select_related("parent", "external_body")

    def sub_units(self, unit):
        """The visible units right below the unit on the date, in order, as a queryset; those under
        units that may not be seen are among them."""
        if not self.existence(unit):
            return self.units().none()
        return below.children(self, unit)

    def known_tops(self):
        """The units at the top on the date of which it is known that they stood there: under
        nobody or under a body outside. One indexed query, also in a very large tree."""
        return below.known_tops(self)

    def unplaced(self):
        """The units of which it is not known under whom they stood on the date, in order."""
        return below.unplaced(self)

    @cached_property
    def has_hidden_units(self):
        """Whether there are units that the reader may not see."""
        return Unit.objects.hidden_from(self.user).order_by().exists()

    @cached_property
    def hidden_bodies(self):
        """The ids of the bodies outside that the reader may not see, in a list."""
        hidden = ExternalBody.objects.hidden_from(self.user).order_by()
        return list(hidden.values_list("pk", flat=True))

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
        """Who stands under whom on the date: nested ``Branch`` objects of bare rows at the top.

        Four queries; linear in the number of units.
        """
        return self._tree[0]

    @cached_property
    def outline_unplaced(self):
        """The same of those whose superior on the date is not known."""
        return self._tree[1]

    @cached_property
    def _tree(self):
        rows = self.in_order(self.units()).rewrite(False)
        columns = ("pk", "slug", "parent_id", "superior_since", "founded", "dissolved", "attested")
        return tree_on(self._superiors, rows.values_list(*columns, named=True))

    @cached_property
    def moved(self):
        """``{unit id: place}`` of the units of today that are to stand last under another superior,
        as soon as what is due has taken effect."""
        if self.on is not None or not self.is_due:
            return {}
        return {
            pk: (rows[-1].takes_effect, rows[-1].code)
            for pk, rows in due.rows_due(SUPERIOR).items()
        }

    def in_order(self, units):
        """The units, a queryset, in the tree's order on the date."""
        if not self.moved:
            return units.order_by("tree_id", "lft")
        rows = DatedSuperior.objects.filter(
            unit=OuterRef("pk"), takes_effect__lte=timezone.localdate()
        ).order_by("-takes_effect", "-pk")
        places = (F(name).asc(nulls_first=True) for name in ("moved_on", "moved_by"))
        found = units.annotate(
            moved_on=Subquery(rows.values("takes_effect")[:1]),
            moved_by=Subquery(rows.values("code")[:1]),
        )
        return found.order_by(*places, "tree_id", "lft")

    def place(self, unit):
        """By what units are put in that order in Python."""
        return self.moved.get(unit.pk, ()), unit.tree_id, unit.lft

    def units_below(self, unit):
        """The visible units on the date that stand below the unit, at any depth."""
        return self.units().filter(tree_id=unit.tree_id, lft__gt=unit.lft, rght__lt=unit.rght)

    # --- Heads ------------------------------------------------------------------------------

    def heads_of(self, units):
        """``{unit id: [who led it on the date, the likeliest first]}``, as ``people`` answers it:
        Terms with ``person``, ``post`` and ``certainty``."""
        return heads.heads_of(units, self)

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
        institution = self.today.institution
        if institution is not None and not self.existence(institution):
            return partners.none()
        _first, last = days_of(self.on)
        begun = Q(partner_since_earliest__isnull=True) | Q(partner_since_earliest__lte=last)
        return partners.filter(begun)

    def dated_partners(self):
        """Those of them of whom it is known since when, or that they were on the date; a list."""
        return [
            body
            for body in self.partners()
            if body.partner_since_earliest
            or self.is_to_come
            or how_surely(witnessed(Period.of(body.partner_since, None)), self.on)
            is Certainty.CERTAIN
        ]

    def former_sub_units(self, superior):
        """``DatedSuperior`` rows of the visible units that answered to this unit, or to this body
        outside, with when, in order of time; without those that are to."""
        side = "parent" if isinstance(superior, Unit) else "external_body"
        rows = DatedSuperior.objects.begun_or_announced(self.user).filter(
            Exists(self.visible_units().filter(pk=OuterRef("unit"))),
            takes_effect=None,
            **{side: superior},
        )
        return _in_time(rows.select_related("unit"))

    def sub_units_just_left(self, superior):
        """The same of those that left it today or before, and of which no row says so yet; a list
        of rows that are not saved."""
        if not self._is_due_today:
            return []
        came = DatedSuperior.objects.filter(parent=superior).order_by().values("unit")
        units = self.visible_units().filter(Q(parent=superior) | Q(pk__in=came))
        rows = due.rows_due(SUPERIOR, unit__in=units.order_by().values("pk"))
        turned = due.turned(SUPERIOR, units.filter(pk__in=rows)) if rows else {}
        kept = [row for one in turned.values() for row in one.kept]
        return [row for row in kept if row.parent_id == superior.pk]


def _in_time(rows):
    return rows.order_by(F("begin_earliest").asc(nulls_first=True), "end_earliest", "code")


def _few_tops(units):
    """The units at the top; of more than a few only the one that the setting names."""
    tops = units.filter(parent=None).order_by()
    found = list(tops[: FEW_TOPS + 1])
    return found if len(found) <= FEW_TOPS else list(tops.filter(code=settings.INSTITUTION))
