"""Asking the full-text tables: which entries hold the words, of records that the reader may see."""

from dataclasses import dataclass, replace
from functools import cached_property

from django.db import connection, models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from search.kinds import BY_MODEL, KINDS
from search.models import SearchEntry
from search.texts import whole_name, words_of
from search.upkeep import made
from units import due
from units.changes import NAME
from units.models import DatedName, Unit

# So many hits of a kind are looked at and ranked; of more it is said that there are more.
MOST = 1000
# How many units at the top of the tree are looked at when a word is in more names than that.
_TOP = 300

COLUMNS = ("id", "object_id", "name", "former", "short", "summary")


@dataclass
class Candidates:
    """Entries of one kind as tuples of COLUMNS; ``more``: there are more than were taken."""

    kind: object
    rows: list
    more: bool = False


class Visible:
    """The entries of records that the reader may see, for all the questions of one search.

    ``as_of``: structure.as_of.AsOf; ``existing``: without units that did not exist on the date.
    """

    def __init__(self, as_of, existing=False):
        self.as_of, self.existing = as_of, existing
        self._entries = {}

    @cached_property
    def due(self):
        """``{entry key: texts of the PARTS}`` of the visible units whose names are due, as the
        index will have them. No query where none is, four and more where some are."""
        if not self.as_of.reader.is_due:
            return {}
        kind = BY_MODEL[Unit]
        units = kind.visible(self.as_of, self.existing).order_by()
        rows = DatedName.objects.filter(takes_effect__lte=timezone.localdate())
        units = units.filter(pk__in=rows.values("unit"))
        turned = due.turned(NAME, units)
        return made(kind, sorted(turned), turned) if turned else {}

    @property
    def due_words(self):
        """The words that these names bring into the index."""
        return words_of(" ".join(text for parts in self.due.values() for text in parts[:4]))

    def entries(self, kinds):
        """Entries of the kinds, as a queryset of COLUMNS."""
        key = tuple(kind.key for kind in kinds)
        if key not in self._entries:
            seen = Q()
            for kind in kinds:
                records = kind.visible(self.as_of, self.existing).order_by()
                here = Q(Exists(records.filter(pk=OuterRef("object_id"))))
                if len(kinds) > 1:
                    here &= Q(id__range=SearchEntry.ids_of(kind.number))
                seen |= here
            self._entries[key] = SearchEntry.objects.filter(seen).values_list(*COLUMNS)
        return self._entries[key]


def candidates(words, visible, *, any_word=False, most=MOST):
    """At most ``most`` Visible records of each kind that hold all of the words, or any.

    Returns Candidates of each kind. Where there are more, those are preferred that hold the words
    in a name, whose whole name they are, and that stand at the top of the tree. Three queries; a
    constant number more where there are more hits.
    """
    units, *others = KINDS
    asked = _Asked(words, visible, any_word, most)
    return [asked.with_due(asked.of_kind(units)), *asked.of_kinds(others)]


def is_found(word, visible):
    """Whether any Visible record holds the word. At most three queries.

    Asked as ``candidates`` asks: for one row only, or for all kinds at once, PostgreSQL would
    read the whole table rather than its index. The whole word first, which is found at once; for a
    beginning the places of all that it begins are gathered.
    """
    asked = _Asked([word], visible, False, MOST)
    units, *others = KINDS
    ways = [([units], word), (others, word)]
    if word.prefix:
        ways.insert(0, ([units], replace(word, prefix=False)))
    if asked.due_rows():
        return True
    rows = (asked.entries(kinds, [way]).values_list("id") for kinds, way in ways)
    return any(list(some[: MOST + 1]) for some in rows)


@dataclass(frozen=True)
class _Asked:
    words: list
    visible: Visible
    any_word: bool
    most: int

    def due_rows(self):
        """Rows of the units whose names are due and that hold the words."""
        first, combine = SearchEntry.ids_of(BY_MODEL[Unit].number)[0], any if self.any_word else all
        return [
            (key, key - first, *parts[: len(COLUMNS) - 2])
            for key, parts in self.visible.due.items()
            if combine([word.found_in(f" {' '.join(parts)} ") for word in self.words])
        ]

    def with_due(self, found):
        """The Candidates of units with those whose names are due as these will be."""
        if self.visible.due:
            rows = [row for row in found.rows if row[0] not in self.visible.due]
            found.rows = [*self.due_rows(), *rows]
        return found

    def of_kinds(self, kinds):
        """Candidates of neighbouring kinds that are few, at once; each by itself when not."""
        rows = list(self.entries(kinds, self.words)[: self.most + 1])
        if len(rows) > self.most:
            return [self.of_kind(kind) for kind in kinds]
        numbers = [SearchEntry.ids_of(kind.number) for kind in kinds]
        return [
            Candidates(kind, [row for row in rows if first <= row[0] <= last])
            for kind, (first, last) in zip(kinds, numbers, strict=True)
        ]

    def of_kind(self, kind):
        found = []
        if self.words[-1].prefix and not self.any_word:
            # Whole words are found at once; for a beginning, all that it begins are gathered.
            whole = [*self.words[:-1], replace(self.words[-1], prefix=False)]
            found = list(self.entries([kind], whole)[: self.most + 1])
        if len(found) <= self.most:
            found = list(self.entries([kind], self.words)[: self.most + 1])
        if len(found) <= self.most:
            return Candidates(kind, found)
        preferred = []
        if token := whole_name(" ".join(word.forms[0] for word in self.words)):
            preferred += self.entries([kind], [_Token((token,))])[: self.most]
        if kind.model is Unit:
            preferred += self._tops(kind)
        if not all(self._in_names(row) for row in found):
            preferred += self.entries([kind], self.words, names_only=True)[: self.most]
        rows = {row[0]: row for row in [*preferred, *found]}
        return Candidates(kind, list(rows.values())[: self.most + _TOP], more=True)

    def _in_names(self, row):
        names = f" {row[2]} {row[3]} {row[4]} "
        return all(word.found_in(names) for word in self.words)

    def _tops(self, kind):
        """Entries of units at the top of the tree, level by level, that hold all words."""
        first, _last = SearchEntry.ids_of(kind.number)
        # Who may see them is asked of the few that are left, so that the tree's index is used.
        rows = models.QuerySet(kind.model).order_by().values_list("pk", flat=True)
        found, level = [], list(rows.filter(parent=None)[:_TOP])
        for _depth in range(3):
            found += level
            if not level or len(found) >= _TOP:
                break
            level = list(rows.filter(parent__in=level)[: _TOP - len(found)])
        entries = self.visible.entries([kind]).filter(id__in=[first + pk for pk in found])
        return [row for row in entries if self._in_names(row)]

    def entries(self, kinds, words, names_only=False):
        """The visible entries of neighbouring kinds that hold the words, in the database's way."""
        first = SearchEntry.ids_of(kinds[0].number)[0]
        last = SearchEntry.ids_of(kinds[-1].number)[1]
        entries = self.visible.entries(kinds)
        if connection.vendor == "postgresql":
            return entries.extra(
                where=['"search_searchentry"."vector" @@ %s::tsquery'],
                params=[_tsquery(words, self.any_word, names_only)],
            ).filter(id__range=(first, last))
        return entries.extra(
            tables=["search_fulltext"],
            where=[
                '"search_fulltext"."search_fulltext" MATCH %s',
                '"search_fulltext"."rowid" BETWEEN %s AND %s',
                '"search_fulltext"."rowid" = "search_searchentry"."id"',
            ],
            params=[_fts5(words, self.any_word, names_only), first, last],
        )


@dataclass(frozen=True)
class _Token:
    forms: tuple
    prefix: bool = False


# Words are ASCII letters and digits (``fold``), so that nothing in them means anything to either
# database; the quotes keep AND, OR and NOT what they are.


def _fts5(words, any_word, names_only):
    """``("baki" OR "baku") AND ("pol" *)``"""
    groups = (
        "({})".format(" OR ".join(f'"{form}"{" *" * word.prefix}' for form in word.forms))
        for word in words
    )
    asked = (" OR " if any_word else " AND ").join(groups)
    return f"{{name former short}} : ({asked})" if names_only else asked


def _tsquery(words, any_word, names_only):
    """``('baki' | 'baku') & ('pol':*)``; weights A to C are names, former names, abbreviations."""
    mark = "ABC" if names_only else ""
    groups = []
    for word in words:
        tail = ("*" if word.prefix else "") + mark
        forms = (f"'{form}'{':' + tail if tail else ''}" for form in word.forms)
        groups.append("({})".format(" | ".join(forms)))
    return (" | " if any_word else " & ").join(groups)
