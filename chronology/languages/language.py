"""What a language file says: how a language words dates, reads them and a few more words, sorts."""

from functools import cached_property

# The parts of a date in a pattern for reading.
YEAR = r"(?P<year>[0-9]{1,4})"
MONTH = r"(?P<month>[^\W\d_]+)\.?"
DAY = r"(?P<day>[0-9]{1,2})"
ROMAN = r"(?P<roman>[ivxlc]+)"
NUMBER = r"(?P<number>[0-9]{1,3})"


class Language:
    """A language. Each file has one sub-class, and its only instance as ``LANGUAGE``.

    Words for dates and ``written()`` are needed; what is read beside EDTF and numbers may be left
    out. A *place* of a date in a phrase is "plain", "from", "until" or "at".
    """

    code = ""
    # As Open Graph and others name it with its country.
    locale = ""

    # --- The alphabet ------------------------------------------------------------------------
    # Capital letters in the order of the dictionary.
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    # {small letter: capital}, where Python's upper() knows another one.
    capitals: dict = {}
    # {foreign capital: letter under which it is listed}, where that is not the nearest of ASCII.
    nearest: dict = {}
    # Between groups of three digits.
    thousands = "\N{NO-BREAK SPACE}"
    # Words that a search leaves out, as publishing.text.fold() writes them.
    small_words: tuple = ()
    # What a cell of a file may say, in small letters: yes, no, and that there is nothing to say.
    yes_words: tuple = ()
    no_words: tuple = ()
    nothing_words: tuple = ()

    # --- Words for dates ------------------------------------------------------------------------
    # The twelve months as they stand in a sentence.
    months: tuple = ()
    # What stands before a date with one of EDTF's signs: {"~": "about ", "?": …, "%": …}.
    qualifiers: dict = {}
    nothing_known = ""
    # Of something that happened once: at a date or after it, at a date or before it.
    or_later = or_earlier = ""
    # At some time between two dates, and the places of the two in it.
    between = ("", "plain", "plain")
    # Since or until a date at the earliest, at the latest.
    at_the_earliest = at_the_latest = ""
    # From one date to another, since, until.
    from_until = since = until = ""
    # From one to another where one of them is not known; None: as ever.
    from_until_unknown = None
    # The words for a date that is not known, in the first place and in the second.
    unknown_begin = unknown_end = ""
    # A begin or an end of which only two dates are known between which it lies.
    unknown_between = "{unknown} {between}"

    def written(self, date, place):
        """A date that is no period in words, as they stand in ``place``."""
        raise NotImplementedError

    def at(self, date):
        """The date with its preposition or case: "in 1828", "on 28 May 1918", "1828-ci ildə"."""
        return self.written(date, "at")

    def short_range(self, begin, end, place="plain"):
        """Two dates without any doubt in the short form with a dash; None where there is none."""
        return None

    # --- Reading ------------------------------------------------------------------------------
    # All as patterns for text that ``chronology.reading.fold`` has folded, without groups of their
    # own unless it is said; "" and () where there is nothing.

    # {letter: what people may write for it}, for folding.
    folded_letters: dict = {}
    # Further rows of twelve names of months, and what may hang on a name.
    other_months: tuple = ()
    month_endings: tuple = ()
    about = possibly = ""
    # What may stand before a date without meaning anything.
    prepositions = ""
    # Texts, not patterns.
    unknown_words: tuple = ()
    present_words: tuple = ()
    # What may stand before a year alone, hang on its number, follow it (with its blank), or follow
    # it before a month and a day; what may follow several years.
    before_year = year_suffix = year_word = year_first = years_word = ""
    # What may hang on the number of a day, and also where the day stands behind the month.
    day_suffix = day_suffix_behind = ""
    # Between the day and its month and between a month and its year; behind a month.
    of = month_word = ""
    # Before and after a year to say that it is one of our era.
    era_before = era_after = ""
    # Patterns with the group YEAR; one that may also mean a hundred years has a group "vague", and
    # a group "sure" where it does not.
    decades: tuple = ()
    # Patterns with one of the groups NUMBER and ROMAN.
    centuries: tuple = ()
    # Periods, with the groups "begin" and "end"; without one of them it is open on that side.
    # "after" and "before" are the one known end of a moment within bounds ("in 1900 or earlier").
    periods: tuple = ()
    # "before 1900" and "after 1905", with the group "end" or "begin".
    outside: tuple = ()
    # {text: word} of the groups "begin_stem" and "end_stem" of these: what is left of a word of
    # which an ending was cut, and the word.
    stems: dict = {}
    # How the calendar of a date is named: the Julian one, ours.
    old_style = new_style = ""

    # --- For all languages ----------------------------------------------------------------------
    def upper(self, text):
        """``text`` in capitals as the language writes them."""
        return (text.translate(self._capitals) if self.capitals else text).upper()

    @cached_property
    def _capitals(self):
        return str.maketrans(self.capitals)


def roman(number):
    """A number from 1 to 100 in Roman numerals, as centuries are written."""
    tens, units = divmod(number, 10)
    return (
        "C" * (tens // 10)
        + ("", "X", "XX", "XXX", "XL", "L", "LX", "LXX", "LXXX", "XC")[tens % 10]
        + ("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX")[units]
    )


def century_of(date):
    """The number of the century that ``18XX`` stands for: 19."""
    return date.latest.year // 100 + 1


def are_plain_years(*dates):
    """Whether they are years of four digits, which a short range can have."""
    return all(one.precision == "year" and one.year >= 1000 for one in dates)
