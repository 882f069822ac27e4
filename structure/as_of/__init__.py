"""The one place where pages ask what was true on a date: names, superiors, sub-units.

Pages never read ``unit.name`` or ``unit.parent`` themselves. Today's answers come from the row;
answers for a past date come from the dated rows (``succession`` says how they follow one another).
"""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.conf import settings
from django.utils import timezone

from chronology import HistoricalDate, days_of
from structure import heads
from structure.as_of import below
from structure.as_of.names import HeldName, Names
from structure.as_of.reader import FEW_TOPS, Reader
from structure.as_of.succession import Asked
from structure.as_of.superiors import HeldSuperior, Superiors
from structure.as_of.tree import Order, tree_on
from units import due
from units.existence import (
    day_asked,
    expected,
    has_today,
    how_surely,
    is_dated,
    is_to_come,
    life_of,
)
from units.models import Unit

__all__ = ["AsOf", "HeldName", "HeldSuperior"]


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
    _lives: dict = field(default_factory=dict, init=False, repr=False, compare=False)
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
        today.reader = self.reader
        return today

    @cached_property
    def reader(self):
        """The Reader: what the user may see, whatever the date."""
        return Reader(self.user)

    # --- Existence --------------------------------------------------------------------------

    def units(self):
        """The visible units that certainly or possibly exist on the date, in the tree's order."""
        return self._units.all()

    @cached_property
    def _units(self):  # put together once, since a page asks for them again and again
        return self.reader.units().possibly_in_force(self.on)

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

    def expected_units(self):
        """The visible units that certainly exist on the date, or, on a date to come, will exist if
        all goes on."""
        return self.reader.units().filter(expected(self.on))

    def life(self, unit):
        """The Period in which the unit, or a bare row of it, existed."""
        if unit.pk not in self._lives:
            self._lives[unit.pk] = life_of(unit, self.reader.today)
        return self._lives[unit.pk]

    def existence(self, unit):
        """How surely the unit existed on the date: a Certainty; no query."""
        return how_surely(self.life(unit), self.on, self.reader.today)

    def expected_existence(self, unit):
        """The same as far as can be foreseen: of a day to come as if all went on."""
        return self.life(unit).certainty(day_asked(self.on))

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
        hides = last > timezone.localdate() and not self.reader.may_edit_units
        first = self.reader.first_change
        return Asked(self.day, first is not None and first <= last, hides)

    @cached_property
    def day(self):
        """The date for which dated rows are asked: ``on``, which for today is None, since the rows
        of the units answer. While a row to come is due they do not, nor where one of them puts a
        unit under a superior that may not exist any more: then it is today's date."""
        asks_rows = self.on is None and (self.reader.is_due or self.reader.rows_decide_today)
        return day_asked(None) if asks_rows else self.on

    @property
    def is_due_today(self):
        """Whether the date is today, and a row to come is due that nobody turned over yet."""
        return (self.on is None or self.on.exact == timezone.localdate()) and self.reader.is_due

    def renew(self, units):
        """Write into ``units``, which are shown and not saved, what will stand on their rows when
        what is due has taken effect, on a page of today; gives them as a list."""
        units = list(units)
        if self.is_due_today:
            due.renew([one for one in units if isinstance(one, Unit)])
        return units

    @cached_property
    def has_today(self):
        """Whether the date has today in it. What is kept without a date (addresses, telephone
        numbers, texts, titles of posts, kinds) is told of no other date, or labelled as today's.
        """
        return has_today(self.on)

    def ended_units(self):
        """The visible units that certainly do not exist any more today."""
        return self.reader.units().filter(dissolved_latest__lte=timezone.localdate())

    @cached_property
    def institution(self):
        """The body that the site is about, or None: at the top, with the code that the setting
        ``INSTITUTION`` names, or else, of a few, with more than half of all units. Many registers
        are a forest without such a body, and have none on any date. Where none exists on the
        date: that of any date."""
        tops = self._tops()
        if named := [top for top in tops if top.code == settings.INSTITUTION]:
            return named[0]
        if self.on is not None and self.today.institution is None:
            return None
        all_sizes = sum(top.rght for top in tops)  # the numbers of a tree begin with 1
        return next((top for top in tops if 2 * top.rght > all_sizes), None)

    def _tops(self):
        """The units at the top on the date, or, where none is, on any date; of more than a few only
        the one that the setting names."""
        tops = self.reader.tops
        if len(tops) <= FEW_TOPS:
            return [one for one in tops if self.existence(one)] or tops
        named = self.reader.units().filter(parent=None, code=settings.INSTITUTION).order_by()
        return _few_tops(self.units()) or list(named)

    # --- Names ------------------------------------------------------------------------------

    @cached_property
    def names(self):
        """The Names by which the page calls units."""
        return Names(self)

    def prepare(self, units):
        """``names.prepare()``: read the names of units at once; gives the units as a list."""
        return self.names.prepare(units)

    def name(self, unit):
        """What the unit is called on the date, in the reader's language; today's name where none
        is known for the date."""
        return self.names.name_and_language(unit)[0]

    def name_language(self, unit):
        """The language the name is written in, when it is not the page's; else ''."""
        return self.names.name_and_language(unit)[1]

    # --- Place in the tree ------------------------------------------------------------------

    @cached_property
    def _superiors(self):
        return Superiors(self)

    def superiors_of(self, units, seen=()):
        """``{unit id: [HeldSuperior, best first]}``: whom each page names as superior on the date,
        and every other output with it. Empty: not known, or the unit did not exist.

        ``seen``: units that the reader may see, so that none of them has to be read as a superior.
        Three queries, and three more for each step over superiors that may not be seen.
        """
        units = list(units)
        superiors = self._superiors.read(units, seen)
        return {unit.pk: superiors.of(unit) for unit in units}

    def held_superiors(self, unit):
        """Those of one unit, with their records: see ``Superiors.told``."""
        return self._superiors.told(unit)

    def superiors(self, unit):
        """The visible superiors of the unit, topmost first: see ``Superiors.chain``."""
        return self._superiors.chain(unit)

    def superior(self, unit):
        """Whom the unit answered to on the date: a Unit, an ExternalBody, or None."""
        chain = self.superiors(unit)
        return chain[-1] if chain else None

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
        return tree_on(self._superiors, self.in_order(self.units()))

    @cached_property
    def _order(self):
        return Order(self)

    def in_order(self, units):
        """The units, a queryset, in the tree's order on the date."""
        return self._order.of(units)

    def place(self, unit):
        """By what units are put in that order in Python."""
        return self._order.place(unit)

    def units_below(self, unit):
        """The visible units on the date that stand below the unit, at any depth."""
        return self.units().filter(tree_id=unit.tree_id, lft__gt=unit.lft, rght__lt=unit.rght)

    # --- Heads ------------------------------------------------------------------------------

    def heads_of(self, units):
        """``{unit id: [who led it on the date, the likeliest first]}``, as ``people`` answers it:
        Terms with ``person``, ``post`` and ``certainty``."""
        return heads.heads_of(units, self)


def _few_tops(units):
    """The units at the top; of more than a few only the one that the setting names."""
    tops = units.filter(parent=None).order_by()
    found = list(tops[: FEW_TOPS + 1])
    return found if len(found) <= FEW_TOPS else list(tops.filter(code=settings.INSTITUTION))
