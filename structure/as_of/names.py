"""What units were called on a date."""

from dataclasses import dataclass, field
from functools import cached_property, reduce
from operator import and_
from typing import Any

from django.db.models import Q
from django.utils import timezone

from chronology import Certainty, HistoricalDate
from chronology.languages import site_codes
from publishing import translated
from publishing.matching import matching
from structure.as_of.succession import Asked, Standing, held
from units import due
from units.existence import day_asked, is_dated, life_of
from units.initials import shown_name
from units.models import DatedName, Unit

_COLUMNS = translated.columns("name")
# As many dated names as this are read at once, so that nobody need prepare() for them.
FEW_DATED_NAMES = 500

_NO_NAME = [Q(**{column: ""}) | Q(**{f"{column}__isnull": True}) for column in _COLUMNS]
NAMES = Standing(DatedName, "name_since", reduce(and_, _NO_NAME))


@dataclass(frozen=True)
class HeldName:
    """A name with how surely it was borne on the date, and from when to when.

    ``texts``: the name in each language of the site, as ``publishing.translated.texts`` has it.
    ``begin`` None: not known; ``end`` None: still borne when ``is_present``, else not known.
    ``expected``: how surely as far as can be foreseen.
    """

    texts: tuple
    certainty: Certainty
    begin: HistoricalDate | None
    end: HistoricalDate | None
    expected: Certainty
    is_present: bool = False

    def text(self, code):
        """The name in one language, "" where it is not known in it."""
        return self.texts[site_codes().index(code)]

    def in_language(self):
        """``(name, language)``: in the reader's language and "", else in one that it is known in
        with that language."""
        return translated.shown(self.texts)


@dataclass
class Listed:
    """By which names units are listed: ``units``, a queryset, by those on their rows; but
    ``elsewhere``, a queryset of some of these or None, by ``rows`` of ``(unit id, name, is former
    name)``, where further names may be. ``own_names``: {unit id: name on its row} of elsewhere."""

    units: Any
    rows: list = field(default_factory=list)
    elsewhere: Any = None
    own_names: dict = field(default_factory=dict)


def listed(records, language, pk="pk"):
    """``(unit id, name)`` of units or former names as readers of ``language`` are shown them, as a
    list; read past modeltranslation, which would look at every row again. One query."""
    named = records.rewrite(False).annotate(shown=shown_name(language))
    return list(named.values_list(pk, "shown"))


def borne_instead(asked):
    """The DatedName rows that are likeliest on the date ``asked`` about, of the units that bear
    another name then than today's."""
    return NAMES.chosen_rows(asked)


def names_held(unit, rows, on, life=None, today=None):
    """The names of one unit on the date from its DatedName ``rows`` that the reader may see.

    ``life``: its Period, ``today``: today's date, where they are known already."""
    life = life or life_of(unit, today)
    found = held(
        rows, on, unit.name_since,
        life=life, lives=lambda row: (), is_unknown=_is_unknown, today=today,
    )  # fmt: skip
    return [
        HeldName(
            _texts(one.value or unit),
            one.certainty,
            one.begin,
            one.end,
            one.expected,
            is_present=one.value is None or due.stands_today(one.value, one.end),
        )
        for one in found
    ]


def _texts(row):
    return tuple([getattr(row, column, None) or "" for column in _COLUMNS])


def _is_unknown(row):
    return not any(_texts(row))


class Names:
    """By which names a page calls units on the date of ``as_of``.

    ``expect()`` and ``prepare()`` read the names of many units at once; whoever asks for that of a
    unit that was not prepared has it read with all that are expected.
    """

    def __init__(self, as_of):
        self.as_of = as_of
        self._held, self._awaited = {}, {}

    def of(self, units):
        """``{unit id: [HeldName, best first]}``; one query. Empty: not known, or the unit did not
        exist."""
        units = list(units)
        pks = {unit.pk for unit in units}
        rows = _by_unit(self.as_of.reader.names().filter(unit__in=pks).order_by("pk"))
        self.as_of.reader.without_dated_names |= pks - rows.keys()
        return {unit.pk: self._names_of(unit, rows) for unit in units}

    def _names_of(self, unit, rows):
        as_of = self.as_of
        life, today = as_of.life(unit), as_of.reader.today
        return names_held(unit, rows.get(unit.pk, []), as_of.on, life, today)

    def prepare(self, units):
        """Read the names of ``units``, and of those expected, at once, so that nothing more is
        asked for them; gives them as a list."""
        units = self.as_of.renew(units) if self.as_of.on is None else list(units)
        if self.as_of.day is not None:
            self.expect(units)
            new = [one for pk, one in self._awaited.items() if pk not in self._held]
            self._held |= self.of(new) if new else {}
            self._awaited.clear()
        return units

    def expect(self, units):
        """Say that the names of ``units`` will be asked for, too: the next ``prepare()`` reads
        them along with others, or whoever first asks for one."""
        self._awaited |= {one.pk: one for one in units if isinstance(one, Unit)}

    def held(self, unit):
        """The HeldName that is likeliest on the date, or None where none is known for it."""
        return next(iter(self._all_of(unit)), None)

    def others(self, unit):
        """The further HeldNames that the unit certainly or possibly bore on the date."""
        return self._all_of(unit)[1:]

    def name_and_language(self, unit):
        """What the unit is called on the date, in the reader's language, and "", or in a language
        that it is known in, with that language.

        Today's name where none is known for the date. Bodies outside have one name only.
        """
        for then in (self.as_of, self.as_of.today):
            if then.day is not None and (held := then.names.held(unit)):
                name, language = held.in_language()
                return name or unit.code, language
        name, language = translated.shown(_texts(unit))
        return name or unit.name or unit.code, language

    def _all_of(self, unit):
        if not isinstance(unit, Unit):
            return []
        if unit.pk not in self._held:
            if unit.pk in self._awaited or self._few_dated is None:
                self.prepare([unit])
            else:
                self._held[unit.pk] = self._names_of(unit, self._few_dated)
        return self._held.get(unit.pk, [])

    @cached_property
    def _few_dated(self):
        """``{unit id: rows}`` of all dated names, or None where they are too many to read."""
        rows = self.as_of.reader.names().order_by("pk")
        if rows.values_list("pk")[FEW_DATED_NAMES : FEW_DATED_NAMES + 1]:
            return None
        return _by_unit(rows)

    def to_list(self, language, *, former=False):
        """By which names readers of ``language`` find units in a list: Listed.

        On a past date a unit with other names is listed by the name that is likeliest then.
        ``former``: also units that have ended, and other names.
        """
        as_of, names = self.as_of, self.as_of.reader.names()
        units = as_of.reader.units() if former else as_of.listed_units()
        found = Listed(units)
        if former:
            old = names.filter(unit__in=units.order_by().values("pk"), takes_effect=None)
            old = old.exclude(NAMES.is_unknown)
            found.rows += [(*row, True) for row in listed(old.order_by(), language, "unit_id")]
        if as_of.day is not None:
            borne = borne_instead(as_of.asked_of_rows).filter(as_of.reader.seen("unit__"))
            if not former and as_of.is_before_institution:
                borne = borne.filter(is_dated(as_of.on, "unit__"))
            found.elsewhere = units.filter(pk__in=borne.values("unit")).order_by()
            named = borne.rewrite(False).annotate(
                shown=shown_name(language), own=shown_name(language, "unit__")
            )
            for pk, name, own in named.values_list("unit_id", "shown", "own"):
                found.rows.append((pk, name, False))
                found.own_names[pk] = own
            if former and as_of.reader.is_due:
                found.rows += _former_when_due(found, language)
        return found

    def like(self, query):
        """Units whose name of today, or what else is searched of them, is like ``query``: a Q."""
        found = matching(query)
        if self.as_of.is_due_today:
            rows = DatedName.objects.filter(matching(query), takes_effect__lte=timezone.localdate())
            found |= Q(pk__in=rows.order_by().values("unit"))
        return found


def _by_unit(rows):
    """``{unit id: [row]}`` of dated rows, in their order."""
    found = {}
    for row in rows:
        found.setdefault(row.unit_id, []).append(row)
    return found


def _former_when_due(listed_units, language):
    """``(unit id, name, True)`` of the names that are over, though no row says so yet."""
    rows = DatedName.objects.filter(takes_effect__lte=timezone.localdate()).order_by()
    rows = rows.filter(unit__in=listed_units.units.order_by().values("pk"))
    borne = borne_instead(Asked(day_asked(None), to_come=True)).values("pk")
    found = listed(rows.exclude(pk__in=borne), language, "unit_id")
    own_names = listed_units.own_names
    new = rows.filter(pk__in=borne).values_list("unit", flat=True)
    found += [(pk, own_names[pk]) for pk in new if pk in own_names]
    return [(*row, True) for row in found]
