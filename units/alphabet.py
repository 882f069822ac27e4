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

    Names that differ only in case or signs keep a fixed order by the text itself.
    """
    # NFC: "Ş" typed as S and a cedilla is one letter here.
    words = unicodedata.normalize("NFC", name).split()
    return [[_place(c, language) for c in word if c.isalnum()] for word in words], name


@lru_cache(maxsize=4096)
def _place(character, language):
    places = _places(language)
    if character.isdigit():
        return (0, character)
    letter = _letter(character, language)
    # A letter with a foreign sign follows its plain one; a letter of another script comes last.
    plain = upper(character, language) == letter
    return (1, places.get(letter, len(places)), 0 if plain else 1, "" if plain else character)


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
