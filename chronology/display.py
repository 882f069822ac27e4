"""How a date is shown, in the words of ``chronology.languages``.

Kept apart from gettext and from Django's and Babel's date formats: the words bend with their place
in the sentence. Everything display() writes, read_date() reads back.
"""

import re

from .dates import OPEN, UNKNOWN
from .languages import language as language_of

_AFTER_DAY = re.compile(r"(?<![0-9–])([0-9]{1,2}) (?=[^\W\d])")


def unbroken(words):
    """The words of a date for a page, a day and its month on one line."""
    return _AFTER_DAY.sub("\\1\N{NO-BREAK SPACE}", words)


def display(date, language=None):
    """A HistoricalDate in words, "" for None. ``language``: a code, the active one unless given."""
    if date is None:
        return ""
    words = language_of(language)
    if not date.is_period:
        return words.written(date, "plain")
    begin, end = date.text.split("/")
    return _join(date.begin or begin, date.end or end, words)


def display_moment(date, language=None):
    """Something that happened once, at a time known only within bounds, in words.

    ``1828/`` is not "since 1828" for a founding but "in or after 1828"; ``1957/1961`` is
    "between 1957 and 1961". Dates that are no period read as ``display()`` writes them.
    """
    if date is None or not date.is_period:
        return display(date, language)
    words = language_of(language)
    if date.begin and date.end:
        return _between(date, words)
    known, phrase = (date.begin, words.or_later) if date.begin else (date.end, words.or_earlier)
    return phrase.format(words.at(known))


def display_typed(date, language=None):
    """A date in words below the input in which it was typed.

    An input does not know whether a period is a moment or a time that lasted. "1899 or earlier" is
    what people type for a moment, so a period with an unknown end is shown as one.
    """
    moment = date is not None and date.is_period and UNKNOWN in date.text.split("/")
    return (display_moment if moment else display)(date, language)


def display_period(begin, end, language=None, *, empty_end="open"):
    """A pair of dates as one phrase: "since 2004", "1918–1920", "dates unknown".

    A missing begin is unknown; a missing end is what ``empty_end`` says, "open" or "unknown".
    """
    words = language_of(language)
    end = end or (OPEN if empty_end == "open" else UNKNOWN)
    if begin is None and end == UNKNOWN:
        return words.nothing_known
    return _join(begin or UNKNOWN, end, words)


def machine(date):
    """The value of ``<time datetime>``: "1992", "2004-06", "1918-05-28"; None if vaguer."""
    if date is None or date.qualifier or date.precision not in ("day", "month", "year"):
        return None
    return date.text


def _between(period, words):
    """ "between 1957 and 1961", of a period with two dates."""
    phrase, first, last = words.between
    return phrase.format(words.written(period.begin, first), words.written(period.end, last))


def _join(begin, end, words):
    """One phrase for two ends, each a HistoricalDate, OPEN or UNKNOWN."""
    dated = [one for one in (begin, end) if one not in (OPEN, UNKNOWN)]
    simple = len(dated) == 2 and not any(one.qualifier or one.is_period for one in dated)
    if simple and (short := words.short_range(begin, end)):
        return short
    first = _named(begin, words.unknown_begin, "from", words)
    last = _named(end, words.unknown_end, "until", words)
    if not last:
        return words.since.format(first)
    if not first:
        return words.until.format(last)
    if words.from_until_unknown and UNKNOWN in (begin, end):
        return words.from_until_unknown.format(first, last)
    return words.from_until.format(first, last)


def _named(date, unknown, place, words):
    """One end in its place; "" for an open one."""
    if date == UNKNOWN:
        return unknown
    return "" if date == OPEN else _end(date, place, words)


def _end(date, place, words):
    if not date.is_period:
        return words.written(date, place)
    # The begin of something may itself be known as a period only: "since 1957–1961". What is shown
    # of it is a moment within bounds, not a time that lasted.
    if not (date.begin and date.end):
        earliest, latest = words.at_the_earliest, words.at_the_latest
        known, phrase = (date.begin, earliest) if date.begin else (date.end, latest)
        return phrase.format(words.written(known, place))
    years = [one for one in (date.begin, date.end) if one.precision == "year"]
    plain = len(years) == 2 and not any(one.qualifier for one in years)
    if plain and (short := words.short_range(*years, place)):
        return short
    unknown = words.unknown_begin if place == "from" else words.unknown_end
    return words.unknown_between.format(unknown=unknown, between=_between(date, words))
