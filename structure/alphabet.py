"""The order of the alphabet, per language, and the letter under which a name stands.

Databases sort by their own rules and SQLite by none, so lists of names are sorted here.
"""

import unicodedata
from functools import cache, lru_cache

from anyascii import anyascii

from chronology.languages import language as language_of

OTHER = "#"


def alphabet(language):
    """The letters of the language, a code, in their order."""
    return language_of(language).alphabet


def letter_of(name, language):
    """The letter under which a name is listed; "#" when it begins with none (digits)."""
    for character in unicodedata.normalize("NFC", name):
        if character.isalpha():
            return _letter(character, language)
        if character.isalnum():
            return OTHER
    return OTHER


def sort_key(name, language):
    """Compares names as the language's dictionaries do: punctuation aside, digits first.

    Names that differ only in case or signs keep a fixed order by the text itself. One pass of
    ``str.translate``, so that many thousand names are sorted within a page's time.
    """
    # NFC: "Ş" typed as S and a cedilla is one letter here.
    words = " ".join(unicodedata.normalize("NFC", name).split())
    return words.translate(_keys(language)), name


@cache
def _keys(language):
    return _Keys(language_of(language).code)


class _Keys(dict):
    """What each character counts for in a comparison, worked out when it is first met."""

    def __init__(self, language):
        super().__init__()
        self.language = language

    def __missing__(self, code):
        self[code] = key = self._key(chr(code))
        return key

    def _key(self, character):
        if character == " ":
            return "\x01"
        if not character.isalnum():
            return ""
        if character.isdigit():
            return f"\x02{character}"
        places = _places(self.language)
        letter = _letter(character, self.language)
        place = chr(0x10 + 2 * places.get(letter, len(places)))
        # A letter with a foreign sign follows its plain one; one of another script comes last.
        if language_of(self.language).upper(character) == letter:
            return place
        return f"{chr(ord(place) + 1)}{character}"


@lru_cache(maxsize=4096)
def _letter(character, language):
    letters, own = _places(language), language_of(language)
    capital = own.upper(unicodedata.normalize("NFC", character))
    if capital in letters:
        return capital
    capital = own.nearest.get(capital, capital)
    base = anyascii(capital)[:1].upper()
    for candidate in (capital, own.nearest.get(base, base)):
        if candidate in letters:
            return candidate
    return OTHER


@cache
def _places(language):
    return {letter: place for place, letter in enumerate(alphabet(language))}
