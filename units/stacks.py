"""One page of very many names in the order of an alphabet, of which no more is read than it needs.

A database knows nothing of our alphabet. But it counts quickly, in an index, how many names begin
with the same few characters. These beginnings are put in order here; the names themselves are
read of those alone on which the page falls, and where these are still very many, their longer
beginnings are counted first.
"""

from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass, field
from functools import reduce
from operator import or_
from typing import Any

from django.db import connections
from django.db.models import Count, Max, Min, Q
from django.db.models.expressions import RawSQL
from django.db.models.functions import Substr

from units.alphabet import sort_key
from units.initials import LAST, bytewise

# As many names are read and sorted for a page; of more, the beginnings are counted first.
AT_ONCE = 2000
# By how many characters beginnings are lengthened.
_STEP = 2
# Names that differ in nothing but what the alphabet does not count are not split for ever.
_DEEPEST = 12


@dataclass
class Source:
    """Units that are listed by the name in ``column``, where they have one there.

    ``left_out``: {unit id: name} of those among them that are listed by another name instead.
    """

    units: Any
    column: str
    left_out: dict = field(default_factory=dict)

    def beginnings(self, length, within=""):
        """The Beginnings with ``length`` characters of the names that begin with ``within``."""
        leaping = connections[self.units.db].vendor == "sqlite"
        found = self._leaped(length, within) if leaping else self._grouped(length, within)
        gone = Counter(name[:length] for name in self.left_out.values() if name.startswith(within))
        for text, number, least, greatest in found:
            if number := number - gone[text]:
                yield Beginning(self, text, number, least, greatest, whole=len(text) < length)

    def _grouped(self, length, within):
        """``(beginning, number, least, greatest)``, all names read one after the other."""
        found = self.units.order_by().rewrite(False)
        named = f"{self.column}__begins" if within else f"{self.column}__gt"
        found = found.filter(**{named: within})
        found = found.annotate(beginning=Substr(self.column, 1, length)).values_list("beginning")
        name = bytewise(self.column)
        return found.annotate(number=Count("*"), least=Min(name), greatest=Max(name))

    def _leaped(self, length, within):
        """The same as SQLite does it in half the time: it leaps in the index of names from one
        beginning to the next and counts between, rather than put every name into a group."""
        connection = connections[self.units.db]
        quote = connection.ops.quote_name
        table, column = quote(self.units.model._meta.db_table), quote(self.column)
        bounds = {"gte": RawSQL("step.text", ()), "lte": RawSQL("step.upto", ())}
        between = {f"{self.column}__{lookup}": bound for lookup, bound in bounds.items()}
        counted = self.units.order_by().filter(**between).values("pk")
        count, params = counted.query.get_compiler(using=self.units.db).as_sql()
        names = f"FROM {table} WHERE {column}"
        least = ">=" if within else ">"
        # A shorter name stands for itself alone; longer ones that begin with it follow.
        upto = "CASE WHEN LENGTH(begun.text) < %s THEN begun.text ELSE begun.text || %s END"
        sql = (
            f"WITH RECURSIVE begun(text) AS (SELECT SUBSTR((SELECT MIN({column}) {names} {least} %s"  # noqa: S608 - own names
            f" AND {column} < %s), 1, %s) UNION ALL SELECT SUBSTR((SELECT MIN({column}) {names} >"
            f" {upto} AND {column} < %s), 1, %s) FROM begun WHERE begun.text IS NOT NULL),"
            f" step(text, upto) AS (SELECT begun.text, {upto} FROM begun"
            f" WHERE begun.text IS NOT NULL) SELECT text, (SELECT COUNT(*) FROM ({count})),"
            f" (SELECT MIN({column}) {names} BETWEEN step.text AND step.upto),"
            f" (SELECT MAX({column}) {names} BETWEEN step.text AND step.upto) FROM step"
        )
        last, step = within + LAST, [length, LAST]
        steps = [within, last, length, *step, last, length, *step]
        with connection.cursor() as cursor:
            return cursor.execute(sql, [*steps, *params]).fetchall()

    def rows(self, beginnings):
        """Rows ``(unit id, name, is former name)`` of the names that begin so."""
        found = self.units.filter(reduce(or_, (one.condition for one in beginnings)))
        rows = found.order_by().rewrite(False).values_list("pk", self.column)
        return [(*row, False) for row in rows if row[0] not in self.left_out]


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

    @property
    def condition(self):
        return Q(**{f"{self.source.column}{'' if self.whole else '__begins'}": self.text})

    def parts(self):
        """Longer Beginnings of the same names: some characters more than all have in common."""
        if self.whole:
            return [self]
        length = _in_common(self.least, self.greatest) + _STEP
        shorter = {}
        for part in self.source.beginnings(length, within=self.text):
            shorter.setdefault(part.text[: length - 1], []).append(part)
        found = []
        for text, parts in shorter.items():
            together = sum(part.number for part in parts)
            if len(parts) > 1 and together <= AT_ONCE:  # as few pieces as can be read at once
                least = min(part.least for part in parts)
                greatest = max(part.greatest for part in parts)
                found.append(Beginning(self.source, text, together, least, greatest))
            else:
                found += parts
        return found


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

    def takes(self, key):
        """Whether names whose keys begin with ``key`` may stand among those of this one."""
        return key.startswith(self.key) if self.is_open else key == self.key


def page_of(beginnings, rows, first, last, language):
    """The rows from the place ``first`` up to ``last`` of all that begin so, in the order of the
    alphabet of ``language``.

    ``rows``: rows ``(unit id, name, …)`` of other names that stand among them. Rows of the
    beginnings are ``(unit id, name, False)``.
    """
    return _page(Stack("", True, list(beginnings), list(rows)), first, last, language)


def _page(stack, first, last, language, depth=0):
    can_be_split = depth < _DEEPEST and not all(one.whole for one in stack.beginnings)
    if stack.number <= AT_ONCE or not can_be_split:
        return _read([stack], language)[first:last]
    found, few, place = [], [], 0
    for part in _split(stack, language):
        begin, place = place, place + part.number
        if place <= first or begin >= last:
            continue
        if part.number <= AT_ONCE:  # neighbours are read together
            few.append((begin, part))
            continue
        found += _read_few(few, first, last, language)
        few = []
        found += _page(part, max(0, first - begin), last - begin, language, depth + 1)
    return found + _read_few(few, first, last, language)


def _read_few(few, first, last, language):
    if not few:
        return []
    begin = few[0][0]
    rows = _read([part for _begin, part in few], language)
    return rows[max(0, first - begin) : last - begin]


def _in_common(one, other):
    """With how many characters both begin."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((n for n, (a, b) in pairs if a != b), min(len(one), len(other)))


def _split(stack, language):
    """The same names as Stacks of fewer, in order."""
    parts = [part for one in stack.beginnings for part in one.parts()]
    keyed = sorted(((sort_key(part.text, language)[0], part) for part in parts), key=_key)
    stacks = []
    for key, part in keyed:
        # What counts for nothing in the alphabet (a hyphen) makes one key the beginning of another.
        if not stacks or not stacks[-1].takes(key):
            stacks.append(Stack(key, is_open=False))
        stacks[-1].is_open |= not part.whole
        stacks[-1].beginnings.append(part)
    keys = [one.key for one in stacks]
    for row in stack.rows:
        place = bisect_right(keys, sort_key(row[1], language)[0]) - 1
        stacks[max(0, place)].rows.append(row)
    return stacks


def _key(keyed):
    key, part = keyed
    return key, part.whole


def _read(stacks, language):
    """All rows of these Stacks in order."""
    rows = rows_of([one for stack in stacks for one in stack.beginnings])
    return in_order([*rows, *(row for stack in stacks for row in stack.rows)], language)


def rows_of(beginnings):
    """Rows ``(unit id, name, is former name)`` of all these names; one query for each Source."""
    by_source = {}
    for one in beginnings:
        by_source.setdefault(id(one.source), []).append(one)
    return [row for several in by_source.values() for row in several[0].source.rows(several)]


def in_order(rows, language):
    """Rows ``(unit id, name, …)`` sorted by their names; equal names by the id of the unit."""
    keys = {name: sort_key(name, language) for name in {row[1] for row in rows}}
    return sorted(rows, key=lambda row: (keys[row[1]], row[0]))
