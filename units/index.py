"""Units A–Z: names under their letters, in the order of the language's alphabet."""

from dataclasses import dataclass

from django.core.paginator import Paginator

from units.alphabet import OTHER, alphabet, letter_of, sort_key
from units.models import Unit

# More entries than this are shown letter by letter, and a letter in pages.
ONE_PAGE_LIMIT = 300
ENTRIES_A_PAGE = 200


@dataclass
class Entry:
    """A line of the index. ``language``: of the name, when it is not the page's, else ""."""

    unit_id: int
    name: str
    language: str
    is_former_name: bool
    unit: Unit | None = None


class Index:
    """An index of ``names`` (rows of ``AsOf.names``) for readers of ``language``."""

    def __init__(self, names, language):
        self.language = language
        self.by_letter = {}
        for row in names:
            self.by_letter.setdefault(letter_of(row[1], language), []).append(row)
        self.count = sum(map(len, self.by_letter.values()))

    @property
    def is_large(self):
        return self.count > ONE_PAGE_LIMIT

    @property
    def letters(self):
        """``(letter, how many entries)`` for the whole alphabet; digits and the like last."""
        letters = list(alphabet(self.language))
        if OTHER in self.by_letter:
            letters.append(OTHER)
        return [(letter, len(self.by_letter.get(letter, ()))) for letter in letters]

    def page(self, letter="", number=None):
        """What one page shows: every letter of a short index, one letter of a long one.

        ``letter``: an unknown or empty one means the first that has entries. ``number``: of the
        page within the letter; anything else than a page's number means the first or last page.
        """
        filled = [known for known, count in self.letters if count]
        if not self.is_large:
            groups = [(known, self._entries(known)) for known in filled]
            return Shown(_with_units(groups))
        letter = letter if letter in filled else filled[0]
        page = Paginator(self._sorted(letter), ENTRIES_A_PAGE).get_page(number)
        page.object_list = [Entry(*row) for row in page.object_list]
        return Shown(_with_units([(letter, page.object_list)]), letter, page)

    def _sorted(self, letter):
        """The rows of one letter in order; only what is shown is worth sorting."""
        return sorted(self.by_letter[letter], key=lambda row: sort_key(row[1], self.language))

    def _entries(self, letter):
        return [Entry(*row) for row in self._sorted(letter)]


@dataclass
class Shown:
    """The groups of one page of the index: ``(letter, entries)``."""

    groups: list
    letter: str = ""
    page: object = None


def _with_units(groups):
    wanted = {entry.unit_id for _letter, entries in groups for entry in entries}
    units = Unit.objects.select_related("kind").in_bulk(wanted)
    for _letter, entries in groups:
        for entry in entries:
            entry.unit = units.get(entry.unit_id)
    return groups
