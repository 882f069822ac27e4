"""One page of very many names in the order of an alphabet, of which no more is read than it needs.

A database knows nothing of our alphabet. But it counts quickly, in an index, how many names begin
with the same few characters. These beginnings are put in order here; the names themselves are
read of those alone on which the page falls, and where these are still very many, their longer
beginnings are counted first.
"""

import json
from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any

from django.db import connections
from django.db.models import Value
from django.db.models.expressions import RawSQL

from structure.alphabet import sort_key
from units.initials import FIRST, LAST

# As many names are read and sorted for a page; of more, the beginnings are counted first.
AT_ONCE = 2000
# By how many characters beginnings are lengthened, one query after the other; names that are still
# alike then are read.
STEPS = (2, 2, 12)


@dataclass
class Source:
    """Units that are listed by the name in ``column``, where they have one there.

    ``left_out``: {unit id: name} of those among them that are listed by another name instead.
    """

    units: Any
    column: str
    left_out: dict = field(default_factory=dict)

    def beginnings(self, length):
        """The Beginnings with ``length`` characters of all names; one query."""
        return [one for _number, one in _counted([(self, [(FIRST, LAST, length)])])]

    def rows(self, beginnings):
        """``(unit id, name)`` of the names that begin so, as a queryset."""
        ranges = [(one.least, one.greatest, 0) for one in beginnings]
        sql, params = self._dialect.names(self, ranges)
        found = self.units.filter(pk__in=RawSQL(sql, params))  # noqa: S611 - names are parameters
        return found.order_by().rewrite(False).values_list("pk", self.column)

    def counted(self, ranges):
        """The SQL that counts the names within ``ranges`` by their beginnings."""
        return self._dialect.counted(self, ranges)

    def without_those_left_out(self, rows, ranges):
        """The Beginnings of the rows that ``counted()`` gives."""
        gone = self._gone(ranges) if self.left_out else {}
        for text, length, number, least, greatest in rows:
            if number := number - gone.get((text, length), 0):
                yield Beginning(self, text, number, least, greatest, whole=len(text) < length)

    def _gone(self, ranges):
        """``{(beginning, length): number}`` of the names that are left out."""
        ranges = sorted(ranges)
        least, gone = [one[0] for one in ranges], Counter()
        for name in self.left_out.values():
            place = bisect_right(least, name) - 1
            if place >= 0 and name <= ranges[place][1]:
                length = ranges[place][2]
                gone[name[:length], length] += 1
        return gone

    @property
    def _dialect(self):
        return _SQLite if connections[self.units.db].vendor == "sqlite" else _PostgreSQL

    def _within(self, least, greatest, *columns):
        """The SQL of ``columns`` of the units of which the name lies between two expressions."""
        between = {
            f"{self.column}__from": RawSQL(least, ()),  # noqa: S611 - names of our own
            f"{self.column}__up_to": RawSQL(greatest, ()),  # noqa: S611
        }
        found = self.units.order_by().rewrite(False).filter(**between).values_list(*columns)
        return found.query.get_compiler(using=self.units.db).as_sql()

    def _quoted(self):
        """The table and the column of the names, as SQL writes them."""
        quote = connections[self.units.db].ops.quote_name
        return quote(self.units.model._meta.db_table), quote(self.column)


class _SQLite:
    """It leaps in the index of names from one beginning to the next and counts between, in half
    the time that it takes to put every name into a group."""

    _GIVEN = (
        "(SELECT json_extract(value, '$[0]') AS least, json_extract(value, '$[1]') AS greatest,"
        " json_extract(value, '$[2]') AS length FROM json_each(%s))"
    )

    @classmethod
    def counted(cls, source, ranges):
        table, name = source._quoted()
        count, params = source._within("step.text", "step.upto", "pk")
        names = f"FROM {table} WHERE {name}"
        # A shorter name stands for itself alone; longer ones that begin with it follow.
        upto = "CASE WHEN LENGTH(text) < length THEN text ELSE text || %s END"
        sql = (
            f"WITH RECURSIVE begun(text, greatest, length) AS (SELECT SUBSTR((SELECT MIN({name})"  # noqa: S608 - own names
            f" {names} BETWEEN given.least AND given.greatest), 1, length), greatest, length"
            f" FROM {cls._GIVEN} AS given UNION ALL SELECT SUBSTR((SELECT MIN({name}) {names} >"
            f" {upto} AND {name} <= begun.greatest), 1, length), greatest, length FROM begun"
            f" WHERE text IS NOT NULL),"
            f" step(text, upto, length) AS (SELECT text, {upto}, length FROM begun"
            f" WHERE text IS NOT NULL) SELECT text, length, (SELECT COUNT(*) FROM ({count})),"
            f" (SELECT MIN({name}) {names} BETWEEN step.text AND step.upto),"
            f" (SELECT MAX({name}) {names} BETWEEN step.text AND step.upto) FROM step"
        )
        return sql, [json.dumps(ranges), LAST, LAST, *params]

    @classmethod
    def names(cls, source, ranges):
        table, name = source._quoted()
        sql = (
            f"SELECT named.id FROM {cls._GIVEN} AS given CROSS JOIN {table} AS named"  # noqa: S608
            f" WHERE named.{name} BETWEEN given.least AND given.greatest"
        )
        return sql, [json.dumps(ranges)]


class _PostgreSQL:
    """It reads the names of each range in the index and groups them."""

    _GIVEN = "unnest(%s::text[], %s::text[], %s::int[]) AS given(least, greatest, length)"

    @classmethod
    def counted(cls, source, ranges):
        inner, params = source._within("given.least", "given.greatest", source.column)
        sql = (
            f'SELECT substr(name, 1, length), length, COUNT(*), MIN(name COLLATE "C"),'  # noqa: S608
            f' MAX(name COLLATE "C") FROM {cls._GIVEN} CROSS JOIN LATERAL ({inner}) AS named(name)'
            " GROUP BY 1, 2"
        )
        return sql, [*map(list, zip(*ranges, strict=True)), *params]

    @classmethod
    def names(cls, source, ranges):
        table, name = source._quoted()
        # OFFSET keeps the ranges apart, each with its way through the index.
        sql = (
            f"SELECT named.id FROM {cls._GIVEN} CROSS JOIN LATERAL (SELECT id FROM {table}"  # noqa: S608
            f" WHERE {name} ~>=~ given.least AND {name} ~<=~ given.greatest OFFSET 0) AS named"
        )
        return sql, [*map(list, zip(*ranges, strict=True))]


def _counted(asked):
    """Yields ``(place in the list, Beginning)`` of the names that lie within the ranges asked for:
    ``[(Source, [(least name, greatest name, with how many characters)])]``, where no two ranges of
    a Source overlap. One query."""
    written = [source.counted(ranges) for source, ranges in asked]
    sql = " UNION ALL ".join(
        f"SELECT {place} AS place, counted.* FROM ({one}) AS counted"  # noqa: S608 - our own SQL
        for place, (one, _params) in enumerate(written)
    )
    with connections[asked[0][0].units.db].cursor() as cursor:
        cursor.execute(sql, [value for _sql, params in written for value in params])
        rows = cursor.fetchall()
    for place, (source, ranges) in enumerate(asked):
        mine = [row[1:] for row in rows if row[0] == place]
        for one in source.without_those_left_out(mine, ranges):
            yield place, one


@dataclass
class Beginning:
    """``number`` names of a Source that begin with ``text``, or that are it where it is ``whole``;
    the ``least`` and ``greatest`` of them by their bytes."""

    source: Source
    text: str
    number: int
    least: str
    greatest: str
    whole: bool = False


@dataclass
class Stack:
    """Names that stand together in the alphabet: those of some Beginnings, and other rows."""

    key: str
    is_open: bool = True
    beginnings: list = field(default_factory=list)
    rows: list = field(default_factory=list)

    @property
    def number(self):
        return sum(one.number for one in self.beginnings) + len(self.rows)

    @property
    def can_be_split(self):
        return self.number > AT_ONCE and not all(one.whole for one in self.beginnings)

    def takes(self, key):
        """Whether names whose keys begin with ``key`` may stand among those of this one."""
        return key.startswith(self.key) if self.is_open else key == self.key


def page_of(beginnings, rows, first, last, language):
    """The rows from the place ``first`` up to ``last`` of all that begin so, in the order of the
    alphabet of ``language``.

    ``rows``: rows ``(unit id, name, …)`` of other names that stand among them. Rows of the
    beginnings are ``(unit id, name, False)``. One query for each step that it takes, and one for
    the names.
    """
    stacks = _in_stacks(list(beginnings), list(rows), language)
    begin, stacks = _on_page(0, stacks, first, last)
    for step in STEPS:
        if not any(one.can_be_split for one in stacks):
            break
        begin, stacks = _on_page(begin, _split(stacks, step, language), first, last)
    return _read(stacks, language)[max(0, first - begin) : last - begin]


def _split(stacks, step, language):
    """The same stacks, those that can be split as several."""
    split = [one for one in stacks if one.can_be_split]
    parts = iter(longer([part for one in split for part in one.beginnings], step))
    found = []
    for stack in stacks:
        if stack.can_be_split:
            beginnings = [part for _one in stack.beginnings for part in next(parts)]
            found += _in_stacks(beginnings, stack.rows, language)
        else:
            found.append(stack)
    return found


def _on_page(begin, stacks, first, last):
    """Those of the stacks, the first of which begins at the place ``begin``, on which the page
    falls, and where they begin."""
    kept, kept_from, place = [], first, begin
    for stack in stacks:
        begin, place = place, place + stack.number
        if place > first and begin < last:
            kept_from = kept_from if kept else begin
            kept.append(stack)
    return kept_from, kept


def longer(beginnings, step):
    """For each of the Beginnings a list of the longer ones of the same names, by so many
    characters more than they have in common; one query at most."""
    asked = []
    for source, places in _by_source(beginnings, lambda one: not one.whole):
        several = [beginnings[place] for place in places]
        lengths = [_in_common(one.least, one.greatest) + step for one in several]
        ranges = [(one.least, one.greatest, n) for one, n in zip(several, lengths, strict=True)]
        asked.append((source, ranges))
    counted = _counted(asked) if asked else ()
    found = _given_to(beginnings, ((asked[n][0], part.least, part) for n, part in counted))
    return [[one] if one.whole else parts for one, parts in zip(beginnings, found, strict=True)]


def _by_source(beginnings, wanted=lambda one: True):
    """``[(Source, the places of its beginnings that are wanted)]``."""
    found = {}
    for place, one in enumerate(beginnings):
        if wanted(one):
            found.setdefault(id(one.source), (one.source, []))[1].append(place)
    return list(found.values())


def _given_to(beginnings, named):
    """For each of the Beginnings what is hers of ``(Source, name, thing)``, in a list."""
    found, places = [[] for _one in beginnings], {}
    for source, mine in _by_source(beginnings):
        # They do not overlap, so a name belongs to the one that begins before it.
        places[id(source)] = sorted((beginnings[place].least, place) for place in mine)
    for source, name, thing in named:
        mine = places[id(source)]
        found[mine[bisect_right(mine, name, key=itemgetter(0)) - 1][1]].append(thing)
    return found


def _in_common(one, other):
    """With how many characters both begin."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((n for n, (a, b) in pairs if a != b), min(len(one), len(other)))


def _in_stacks(beginnings, rows, language):
    """The same names as Stacks, in order."""
    keyed = sorted(((sort_key(one.text, language)[0], one) for one in beginnings), key=_key)
    stacks = []
    for key, part in keyed:
        # What counts for nothing in the alphabet (a hyphen) makes one key the beginning of another.
        if not stacks or not stacks[-1].takes(key):
            stacks.append(Stack(key, is_open=False))
        stacks[-1].is_open |= not part.whole
        stacks[-1].beginnings.append(part)
    stacks = stacks or [Stack("")]
    keys = [one.key for one in stacks]
    for row in rows:
        place = bisect_right(keys, sort_key(row[1], language)[0]) - 1
        stacks[max(0, place)].rows.append(row)
    return stacks


def _key(keyed):
    key, part = keyed
    return key, part.whole


def _read(stacks, language):
    """All rows of these Stacks in order.

    Each is put in order by itself, so that a name has its place whatever page is asked for.
    (A letter typed with its sign apart stands in the stack of the plain letter.)
    """
    read = iter(_read_each([one for stack in stacks for one in stack.beginnings]))
    found = []
    for stack in stacks:
        rows = [row for _one in stack.beginnings for row in next(read)]
        found += in_order([*rows, *stack.rows], language)
    return found


def rows_of(beginnings):
    """Rows ``(unit id, name, is former name)`` of all these names; one query at most."""
    return [row for rows in _read_each(beginnings) for row in rows]


def _read_each(beginnings):
    """For each of the Beginnings the rows of its names, in a list; one query at most."""
    asked = _by_source(beginnings)
    if not asked:
        return []
    found = [
        source.rows([beginnings[one] for one in places]).annotate(place=Value(number))
        for number, (source, places) in enumerate(asked)
    ]
    found = found[0].union(*found[1:], all=True) if len(found) > 1 else found[0]
    rows = ((asked[number][0], name, (pk, name, False)) for pk, name, number in found)
    return _given_to(beginnings, (one for one in rows if one[2][0] not in one[0].left_out))


def in_order(rows, language):
    """Rows ``(unit id, name, …)`` sorted by their names; equal names by the id of the unit."""
    keys = {name: sort_key(name, language) for name in {row[1] for row in rows}}
    return sorted(rows, key=lambda row: (keys[row[1]], row[0]))
