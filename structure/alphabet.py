"""The order of the alphabet, per language, and the letter under which a name stands.

Databases sort by their own rules and SQLite by none, so lists of names are sorted here.
"""

import unicodedata
from functools import lru_cache

from anyascii import anyascii

# The 32 letters of 1992; Q follows K, X follows H.
AZERBAIJANI = "ABCÇDEƏFGĞHXIİJKQLMNOÖPRSŞTUÜVYZ"
ENGLISH = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
OTHER = "#"

_LETTERS = {"az": AZERBAIJANI, "en": ENGLISH}
# Python's upper() knows no Azerbaijani: i is İ there, ı is I.
_UPPER = str.maketrans("iı", "İI")
# Where foreign letters go that have no place of their own.
_NEAREST = {"az": {"W": "V"}, "en": {}}


def alphabet(language):
    """The letters of the language in their order; English for a language without an own entry."""
    return _LETTERS.get(language, ENGLISH)


def upper(text, language):
    """``text`` in capitals as the language writes them: "i" is "İ" in Azerbaijani."""
    return (text.translate(_UPPER) if language == "az" else text).upper()


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
    return words.translate(_KEYS.get(language, _KEYS["en"])), name


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
        if upper(character, self.language) == letter:
            return place
        return f"{chr(ord(place) + 1)}{character}"


@lru_cache(maxsize=4096)
def _letter(character, language):
    letters = _places(language)
    capital = upper(unicodedata.normalize("NFC", character), language)
    if capital in letters:
        return capital
    capital = _NEAREST.get(language, {}).get(capital, capital)
    base = anyascii(capital)[:1].upper()
    for candidate in (capital, _NEAREST.get(language, {}).get(base, base)):
        if candidate in letters:
            return candidate
    return OTHER


def _places(language):
    return _PLACES.get(language, _PLACES["en"])


_PLACES = {
    language: {letter: place for place, letter in enumerate(letters)}
    for language, letters in _LETTERS.items()
}
_KEYS = {language: _Keys(language) for language in _LETTERS}
