"""What the rules of ``units.contradictions`` are asked about: read from the database, or from the
plan of an import as it leaves the tables."""

from functools import lru_cache
from itertools import islice

from django.db import models
from django.db.models import F, Q

from chronology import HistoricalDate
from exchange.planning.planned_rows import PlannedRows
from publishing.findings import finds, finds_all, finds_in_plans, only_new
from publishing.translated import own_first
from units.contradictions import judge
from units.contradictions.claims import NAME, SUPERIOR, RowFacts, UnitFacts
from units.contradictions.cycles import HIGHEST, edges
from units.models import DatedName, DatedSuperior, ExternalBody, Unit

# So many codes go into one question.
_AT_ONCE = 500
# So many of the units that depend on one whose dates change are looked at when it is saved.
DEPENDANTS = 200

_DATES = ("founded", "attested", "dissolved", "name_since", "superior_since")


def title_columns(model):
    """The columns of a name, that of the active language first."""
    return own_first(model.title_fields())


def batches(codes, size=2000):
    """Lists of ``size`` codes each."""
    codes = iter(codes)
    while some := list(islice(codes, size)):
        yield some


class Facts:
    """The units that rules ask about, with their dated rows and all above them.

    ``source``: ``units(codes)``, ``names(codes)`` and ``superiors(codes)`` yield UnitFacts and
    RowFacts, ``bodies(codes)`` those of bodies outside, as UnitFacts.
    """

    def __init__(self, source):
        self.source = source
        self.units, self.names, self.superiors = {}, {}, {}
        self._asked, self._with_superiors, self._edges, self._bodies = set(), set(), {}, {}

    def read(self, codes):
        """Read what is needed to judge the units ``codes``."""
        codes = list(codes)
        self._read_units(codes)
        for row in self.source.names(codes):
            self.names.setdefault(row.unit, []).append(row)
        self._read_superiors(codes)
        named = {unit.parent for code in codes if (unit := self.units.get(code)) and unit.parent}
        self._read_units(named)
        climbing = {row.value for code in codes for row in self.superiors.get(code, ())
                    if row.is_unit and row.value}  # fmt: skip
        self._climb(climbing)

    def climb_from(self, codes):
        """Read all that is above the units ``codes``, too."""
        self._climb({u.parent for code in codes if (u := self.units.get(code)) and u.parent})

    def _climb(self, codes):
        for _step in range(HIGHEST):
            codes = {code for code in codes if code not in self._with_superiors}
            if not codes:
                return
            self._read_units(codes)
            self._read_superiors(codes)
            above = {self.units[code].parent for code in codes if code in self.units}
            rows = [row for code in codes for row in self.superiors.get(code, ())]
            codes = (above | {row.value for row in rows if row.is_unit}) - {None, ""}

    def _read_units(self, codes):
        if new := [code for code in codes if code not in self._asked]:
            self._asked.update(new)
            self.units.update((unit.code, unit) for unit in self.source.units(new))

    def _read_superiors(self, codes):
        if new := [code for code in codes if code not in self._with_superiors]:
            self._with_superiors.update(new)
            for row in self.source.superiors(new):
                self.superiors.setdefault(row.unit, []).append(row)

    def edges(self, code):
        """The superiors of a unit, as ``contradictions.cycles`` gives them."""
        if code not in self._edges:
            unit = self.units.get(code)
            rows = self.superiors.get(code, [])
            self._edges[code] = edges(unit, rows) if unit else []
        return self._edges[code]

    def title(self, code, is_unit=True):
        """The name of a unit or a body outside, else its code."""
        if is_unit:
            unit = self.units.get(code)
            return unit.title if unit else code
        body = self.body(code)
        return body.title if body else code

    def body(self, code):
        """The UnitFacts of a body outside, or None."""
        if code not in self._bodies:
            self._bodies |= {code: None, **{one.code: one for one in self.source.bodies([code])}}
        return self._bodies[code]

    def titles(self, codes):
        return [self.title(code) for code in codes]


def body_facts(code, founded, dissolved, title):
    """UnitFacts of a body outside, of which the site keeps little."""
    return UnitFacts(code, None, founded, None, dissolved, None, None, "", title)


def _rows(model):
    return models.QuerySet(model).order_by()


def _named(titles, code):
    return next(filter(None, titles), code)


class Stored:
    """What the database holds."""

    def units(self, codes):
        columns = ("code", "parent__code", *_DATES, "closing_reason", *title_columns(Unit))
        for some in batches(codes, _AT_ONCE):
            for values in _rows(Unit).filter(code__in=some).values_list(*columns):
                code, parent, *dates, reason = values[:8]
                yield UnitFacts(code, parent, *dates, reason, _named(values[8:], code))

    def names(self, codes):
        columns = ("code", "unit__code", "begin", "end", *title_columns(DatedName))
        for some in batches(codes, _AT_ONCE):
            rows = _rows(DatedName).filter(unit__code__in=some).order_by("pk")
            for code, unit, begin, end, *titles in rows.values_list(*columns):
                name = _named(titles, "")
                yield RowFacts(NAME, code, unit, begin, end, name, not name)

    def superiors(self, codes):
        columns = (
            "code", "unit__code", "begin", "end", "parent__code", "external_body__code", "at_top",
        )  # fmt: skip
        for some in batches(codes, _AT_ONCE):
            rows = _rows(DatedSuperior).filter(unit__code__in=some).order_by("pk")
            for code, unit, begin, end, parent, body, at_top in rows.values_list(*columns):
                value = parent or body or ""
                unknown = not (value or at_top)
                yield RowFacts(SUPERIOR, code, unit, begin, end, value, unknown, bool(parent))

    def bodies(self, codes):
        columns = ("code", "founded", "dissolved", *title_columns(ExternalBody))
        rows = _rows(ExternalBody).filter(code__in=codes)
        for code, founded, dissolved, *titles in rows.values_list(*columns):
            yield body_facts(code, founded, dissolved, _named(titles, code))


@lru_cache(maxsize=50_000)
def date_of(text):
    """The HistoricalDate of a canonical text, None for ""."""
    return HistoricalDate.parse(text) if text else None


class PlannedTables:
    """The tables of units as the plan of an import reads and writes them."""

    def __init__(self, plan):
        columns = ["parent", *_DATES, "closing_reason"]
        self.units = PlannedRows(plan, "units", columns, title_columns(Unit))
        columns = ["founded", "dissolved", *title_columns(ExternalBody)]
        self.bodies = PlannedRows(plan, "external_bodies", columns)
        columns = ["unit", "begin", "end", *title_columns(DatedName)]
        self.names = PlannedRows(plan, "dated_names", columns)
        self.superiors = PlannedRows(
            plan,
            "dated_superiors",
            ["unit", "begin", "end", "parent", "external_body", "at_top"],
        )

    @classmethod
    def of(cls, plan):
        """Those of a plan, read once for all rules."""
        if "tables_of_units" not in plan.remembered:
            plan.remembered["tables_of_units"] = cls(plan)
        return plan.remembered["tables_of_units"]

    @property
    def are_touched(self):
        return any(one.after for one in (self.units, self.bodies, self.names, self.superiors))


class Planned:
    """What the tables would hold after a plan (``was``: what they hold before it)."""

    def __init__(self, tables, was=False):
        self.tables, self.was = tables, was

    def units(self, codes):
        date = date_of
        for texts in self.tables.units.among("code", codes, self.was):
            code, parent, founded, attested, dissolved, name, superior, reason, *titles = texts
            yield UnitFacts(
                code, parent, date(founded), date(attested), date(dissolved), date(name),
                date(superior), reason, titles[0] or _named(titles, code),
            )  # fmt: skip

    def names(self, codes):
        rows = self.tables.names.among("unit", set(codes), self.was)
        for code, unit, begin, end, *titles in rows:
            name = _named(titles, "")
            yield RowFacts(NAME, code, unit, date_of(begin), date_of(end), name, not name)

    def superiors(self, codes):
        rows = self.tables.superiors.among("unit", set(codes), self.was)
        for code, unit, begin, end, parent, body, at_top in rows:
            value = parent or body
            unknown = not value and at_top != "yes"
            yield RowFacts(
                SUPERIOR, code, unit, date_of(begin), date_of(end), value, unknown, bool(parent)
            )

    def bodies(self, codes):
        rows = self.tables.bodies.among("code", set(codes), self.was)
        for code, founded, dissolved, *titles in rows:
            yield body_facts(code, date_of(founded), date_of(dissolved), _named(titles, code))


def _judged(source, codes, moved=()):
    facts = Facts(source)
    facts.read(codes)
    facts.climb_from(moved)
    return judge(facts, codes, frozenset(moved))


@finds("units.unit")
def of_unit(unit):
    """What is found about a stored unit, and about the units whose superior it is or was."""
    codes = [unit.code, *_dependants(unit)]
    return _judged(Stored(), list(dict.fromkeys(codes)), moved=[unit.code])


def _dependants(unit):
    late = Q(superior_since_latest__lt=F("parent__founded_earliest"))
    outlives = Q(dissolved_earliest__gt=F("parent__dissolved_latest"))
    below = _rows(Unit).filter(late | outlives, parent=unit.pk).order_by("pk")
    yield from below.values_list("code", flat=True)[:DEPENDANTS]
    was_below = _rows(DatedSuperior).filter(parent=unit.pk).order_by("pk")
    yield from was_below.values_list("unit__code", flat=True)[:DEPENDANTS]


@finds("units.externalbody")
def of_body(body):
    """What is found about the units that answered to a body outside."""
    below = _rows(DatedSuperior).filter(external_body=body.pk).order_by("pk")
    codes = below.values_list("unit__code", flat=True)[:DEPENDANTS]
    return _judged(Stored(), list(dict.fromkeys(codes)))


@finds_all
def of_all_units():
    codes = _rows(Unit).order_by("pk").values_list("code", flat=True)
    for some in batches(codes.iterator(chunk_size=2000)):
        yield from _judged(Stored(), some)


def _to_be_judged(units):
    """Codes of the units that a plan writes, without new ones whose texts show that nothing can be
    found: those are almost all of a large file, and a look at their years is enough."""
    after, before = units.after, units.before
    for code, texts in after.items():
        if texts is None:
            continue
        _code, parent, founded, attested, dissolved, _name, since, *_rest = texts
        if dissolved or (attested and founded) or code in before:
            yield code
        elif parent:
            superior = after.get(parent)
            if superior is None or superior[4] or not _is_later(since, superior[2]):
                yield code


def _is_later(since, founded):
    """Whether a since is not before the year of a founding, or one of the two is not known; False
    where that takes more than a look."""
    if not since or not founded:
        return True
    year, other = since[1:5] if since[0] == "/" else since[:4], founded[:4]
    later = year > other or (len(since) == len(founded) == 10 and since >= founded)
    return later and year.isdigit() and other.isdigit()


@finds_in_plans
def of_plan(plan):
    """What an import of units, names or superiors would newly make."""
    tables = PlannedTables.of(plan)
    if not tables.are_touched:
        return []
    codes = dict.fromkeys(_to_be_judged(tables.units))
    rows = tables.names.touched("unit") | tables.superiors.touched("unit")
    lives = tables.units.changed("founded", "dissolved")
    if lives:
        rows.update(texts[0] for texts in tables.units.among("parent", lives))
        rows.update(texts[1] for texts in tables.superiors.among("parent", lives))
    if lives := tables.bodies.changed("founded", "dissolved"):
        rows.update(texts[1] for texts in tables.superiors.among("external_body", lives))
    codes.update(dict.fromkeys(sorted(rows - codes.keys())))
    moved = tables.units.changed("parent", "superior_since") & codes.keys()
    after = list(_judged(Planned(tables), list(codes), moved))
    if not after:
        return []
    there = [code for code in codes if code in tables.units.before or code in rows]
    return only_new(after, _judged(Planned(tables, was=True), there, moved))
