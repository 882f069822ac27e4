"""Units A–Z: names under their letters, in the order of the language's alphabet.

The database counts the names by their first character, and reads those of the letter that is
shown; Python knows the alphabet. So a page costs what its letter holds, not what the tree holds.
"""

from collections import Counter
from dataclasses import dataclass

from django.core.paginator import Paginator
from django.db.models import Count

from units.alphabet import OTHER, alphabet, letter_of, sort_key
from units.as_of.names import listed
from units.initials import LANGUAGES, initial
from units.models import FormerName, Unit

# More entries than this are shown letter by letter, and a letter in pages.
ONE_PAGE_LIMIT = 300
ENTRIES_A_PAGE = 120


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

    ``former``: also units that have ended, and names that units no longer bear. Four queries or
    less, and one for the units of the page.
    """

    def __init__(self, as_of, language, former=False):
        self.as_of, self.language = as_of, language
        self._units, others = as_of.names_to_list(language, former=former)
        self._initials = {}
        counts, unclear = Counter(), []
        grouped = self._units.order_by().annotate(initial=initial(language)).values_list("initial")
        grouped = grouped.annotate(number=Count("pk"))
        for character, number in grouped:
            if character.isalnum():
                counts[letter_of(character, language)] += number
                self._initials.setdefault(letter_of(character, language), []).append(character)
            else:
                unclear.append(character)
        # Names that begin with a quotation mark and the like, and those from other rows.
        self._placed = {}
        for row in [*others, *(self._rows(unclear) if unclear else ())]:
            letter = letter_of(row[1], language)
            self._placed.setdefault(letter, []).append(row)
            counts[letter] += 1
        self._counts = counts
        self.count = sum(counts.values())

    def _rows(self, initials=None):
        found = self._units.order_by()
        if initials is not None:
            found = found.alias(initial=initial(self.language)).filter(initial__in=initials)
        return [(*row, False) for row in listed(found, self.language)]

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
            rows = {}
            for row in self._rows() if filled else ():
                rows.setdefault(letter_of(row[1], self.language), {})[row] = None
            for known in filled:
                rows.setdefault(known, {}).update(dict.fromkeys(self._placed.get(known, ())))
            groups = [(known, self._entries(rows[known])) for known in filled]
            return Shown(self._with_units(groups))
        letter = letter if letter in filled else filled[0]
        initials = self._initials.get(letter)
        rows = [*(self._rows(initials) if initials else ()), *self._placed.get(letter, ())]
        page = Paginator(self._sorted(rows), ENTRIES_A_PAGE).get_page(number)
        page.object_list = [Entry(*row) for row in page.object_list]
        return Shown(self._with_units([(letter, page.object_list)]), letter, page)

    def _sorted(self, rows):
        return sorted(rows, key=lambda row: sort_key(row[1], self.language))

    def _entries(self, rows):
        return [Entry(*row) for row in self._sorted(rows)]

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
        for row in FormerName.objects.filter(unit__in=wanted) if wanted else ():
            name, language = next(
                ((n, c) for c in LANGUAGES if (n := getattr(row, f"name_{c}"))), ("", "")
            )
            if not getattr(row, f"name_{self.language}", "") and name:
                told[row.unit_id, name] = language
        for entry in entries:
            if entry.is_former_name:
                entry.language = told.get((entry.unit_id, entry.name), "")


@dataclass
class Shown:
    """The groups of one page of the index: ``(letter, entries)``."""

    groups: list
    letter: str = ""
    page: object = None
