"""Units A–Z: names under their letters, in the order of the language's alphabet.

The database counts the names by their first characters, and reads those among which the page
stands (``structure.stacks``); Python knows the alphabet.
"""

from collections import Counter
from dataclasses import dataclass
from itertools import chain

from django.core.paginator import Paginator
from django.db.models import Q

from publishing import translated
from structure.alphabet import OTHER, alphabet, letter_of
from structure.stacks import AT_ONCE, Source, in_order, longer, page_of, rows_of
from units.initials import columns_of
from units.models import DatedName, Unit

# More entries than this are shown letter by letter, and a letter in pages.
ONE_PAGE_LIMIT = 300
ENTRIES_A_PAGE = 120
# So many signs, as quotation marks, are looked past to find the first letter of very many names.
SIGNS_BEFORE = 4


@dataclass
class Entry:
    """A line of the index. ``language``: of a former name that is not in the page's, else ""."""

    unit_id: int
    name: str
    is_former_name: bool
    language: str = ""
    unit: Unit | None = None


class Index:
    """An index for readers of ``language``: the names that units bear on the date of ``as_of``.

    ``former``: also units that have ended, and names that units no longer have. At most 22
    queries, whatever the names, the units of the page and their names included.
    """

    def __init__(self, as_of, language, former=False):
        self.as_of, self.language = as_of, language
        listed = as_of.names.to_list(language, former=former)
        self._counts = Counter()
        self._beginnings = {}
        clear, unclear = [], _first_characters(listed, language)
        if len(listed.rows) + sum(one.number for one in unclear) > ONE_PAGE_LIMIT:
            clear, unclear = _under_letters(unclear)
        for one in clear:
            letter = letter_of(one.text, language)
            self._counts[letter] += one.number
            self._beginnings.setdefault(letter, []).append(one)
        # A short index is read whole. Of a long one: names of nothing but quotation marks and the
        # like, and those from other rows.
        self._placed = {}
        for row in [*listed.rows, *rows_of(unclear)]:
            letter = letter_of(row[1], language)
            self._placed.setdefault(letter, []).append(row)
            self._counts[letter] += 1
        self.count = sum(self._counts.values())

    @property
    def is_large(self):
        return self.count > ONE_PAGE_LIMIT

    @property
    def letters(self):
        """``(letter, how many entries)`` for the whole alphabet; digits and the like last."""
        letters = list(alphabet(self.language))
        if OTHER in self._counts:
            letters.append(OTHER)
        return [(letter, self._counts.get(letter, 0)) for letter in letters]

    def page(self, letter="", number=None):
        """What one page shows: every letter of a short index, one letter of a long one.

        ``letter``: an unknown or empty one means the first that has entries. ``number``: of the
        page within the letter; anything else than a page's number means the first or last page.
        """
        filled = [known for known, count in self.letters if count]
        if not self.is_large:
            groups = [(known, self._entries(self._placed[known])) for known in filled]
            return Shown(self._with_units(groups))
        letter = letter if letter in filled else filled[0]
        page = Paginator(range(self._counts[letter]), ENTRIES_A_PAGE).get_page(number)
        begun, placed = self._beginnings.get(letter, []), self._placed.get(letter, [])
        first, last = page.start_index() - 1, page.end_index()
        rows = page_of(begun, placed, first, last, self.language)
        page.object_list = [Entry(*row) for row in rows]
        groups = self._with_units([(letter, page.object_list)])
        return Shown(groups, letter, page, is_first=letter == filled[0] and page.number == 1)

    def _entries(self, rows):
        return [Entry(*row) for row in in_order(set(rows), self.language)]

    def _with_units(self, groups):
        wanted = {entry.unit_id for _letter, entries in groups for entry in entries}
        units = Unit.objects.select_related("kind").in_bulk(wanted)
        for _letter, entries in groups:
            for entry in entries:
                entry.unit = units.get(entry.unit_id)
        self.as_of.prepare(units.values())
        self._tell_languages([one for _letter, several in groups for one in several])
        return groups

    def _tell_languages(self, entries):
        """Say which former names stand in another language than the page's; one query."""
        wanted = {entry.unit_id for entry in entries if entry.is_former_name}
        told = {}
        for row in DatedName.objects.filter(unit__in=wanted) if wanted else ():
            name, language = translated.shown(translated.texts(row, "name"), self.language)
            if language:
                told[row.unit_id, name] = language
        for entry in entries:
            if entry.is_former_name:
                entry.language = told.get((entry.unit_id, entry.name), "")


def _under_letters(beginnings):
    """``(those that tell under which letter their names stand, the others)``.

    Of very many names that begin with a quotation mark and the like longer beginnings are counted;
    of a few, or where these do not tell either, the names are read.
    """
    clear = [one for one in beginnings if _tells(one)]
    unclear = [one for one in beginnings if not _tells(one)]
    if sum(one.number for one in unclear) > AT_ONCE:
        parts = list(chain.from_iterable(longer(unclear, SIGNS_BEFORE)))
        clear += [one for one in parts if _tells(one)]
        unclear = [one for one in parts if not _tells(one)]
    return clear, unclear


def _tells(one):
    return any(map(str.isalnum, one.text))


def _first_characters(listed, language):
    """The Beginnings of one character of the names on the rows of Listed units: in the language,
    else in another, else the codes."""
    blank, found = Q(), []
    for column in (*columns_of(language), "code"):
        units = listed.units.filter(blank)
        blank_here = blank & (Q(**{column: ""}) | Q(**{f"{column}__isnull": True}))
        has_more = listed.units.filter(blank_here).order_by().exists()
        left_out = listed.own_names
        if has_more and left_out:
            here = listed.elsewhere.filter(blank, **{f"{column}__gt": ""})
            here = set(here.values_list("pk", flat=True))
            left_out = {pk: name for pk, name in left_out.items() if pk in here}
        begun = list(Source(units, column, left_out).beginnings(1))
        found += begun
        if not has_more:
            break
        if begun or left_out:  # else no unit has a name here, and it need not be asked again
            blank = blank_here
    return found


@dataclass
class Shown:
    """The groups of one page of the index: ``(letter, entries)``."""

    groups: list
    letter: str = ""
    page: object = None
    is_first: bool = True

    @property
    def parameters(self):
        """The parameters of its address; none for what is shown without any."""
        return {} if self.is_first else {"letter": self.letter, "page": self.page.number}
