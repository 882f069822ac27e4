"""What the format of a cell shows of the number in it.

A date is as precise as it is shown: ``mmm yyyy`` shows a month, ``yyyy`` a year. ECMA-376 part 1,
18.8.30 and 18.8.31. Files hold format codes in English whatever the language of the program.
"""

import re
from enum import Enum, auto
from typing import NamedTuple


class Shows(Enum):
    NUMBER = auto()
    PERCENT = auto()
    YEAR = auto()
    MONTH = auto()
    DAY = auto()
    MOMENT = auto()  # a day with a time
    TIME = auto()  # a time without a day, or how long something took
    NO_YEAR = auto()  # a day or a month of any year
    UNCLEAR = auto()  # a date in a way that is not known here


class NumberFormat(NamedTuple):
    """``digits``: how many the format shows at least (``0000`` makes 0123 of 123), 0 if one."""

    shows: Shows
    digits: int = 0


GENERAL = NumberFormat(Shows.NUMBER)

# Those that every program knows by number. The others between 27 and 58 differ from language to
# language: what is a whole day in Taiwan is a month in China.
_BUILT_IN = {
    **dict.fromkeys((9, 10), Shows.PERCENT),
    **dict.fromkeys((14, 15, 30, 31), Shows.DAY),
    16: Shows.NO_YEAR,
    17: Shows.MONTH,
    **dict.fromkeys((18, 19, 20, 21, 32, 33, 45, 46, 47), Shows.TIME),
    22: Shows.MOMENT,
    **dict.fromkeys((27, 28, 29, 34, 35, 36, *range(50, 59)), Shows.UNCLEAR),
}


def built_in(number):
    """The format of a style that names a number without a code in the file."""
    return NumberFormat(_BUILT_IN.get(number, Shows.NUMBER))


_ELAPSED = re.compile(r"\[(?:h+|m+|s+)\]", re.IGNORECASE)
_LOCALE = re.compile(r"\[\$[^\]-]*-([0-9a-f]+)", re.IGNORECASE)
# Quoted and escaped characters, blanks as wide as a character, fillings, brackets.
_NOT_SHOWN = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]')
_HALF_OF_A_DAY = re.compile(r"AM/PM|A/P", re.IGNORECASE)
_WORDS = re.compile(r"general|standard|E[+-]", re.IGNORECASE)
_TOKEN = re.compile(r"y+|m+|d+|h+|s+|e+|g+|b+|[^\W\d_]+", re.IGNORECASE)


def number_format(code):
    """What a format code shows."""
    first = _first_section(code)
    elapsed = _ELAPSED.search(first)
    plain = _NOT_SHOWN.sub("", first)
    plain = _HALF_OF_A_DAY.sub("h", plain)
    tokens = [token.lower() for token in _TOKEN.findall(_WORDS.sub("", plain))]
    year, month, day, time = _parts(tokens)
    if elapsed:
        return NumberFormat(Shows.TIME)
    if not (year or month or day or time):
        return _of_number(plain, tokens)
    if time and not (year or month or day):
        return NumberFormat(Shows.TIME)
    if not year:
        return NumberFormat(Shows.NO_YEAR)
    if day and month:
        return NumberFormat(Shows.MOMENT if time else Shows.DAY)
    known = set("".join(tokens)) <= set("ymdhse")
    if day or time or not known or _has_own_calendar(first):
        return NumberFormat(Shows.UNCLEAR)
    return NumberFormat(Shows.MONTH if month else Shows.YEAR)


def _first_section(code):
    """The format of positive numbers; semicolons may be quoted."""
    hidden = re.sub(r'"[^"]*"|\\.', lambda match: "\0" * len(match[0]), code)
    return code[: hidden.find(";")] if ";" in hidden else code


def _parts(tokens):
    """Whether year, month, day of the month and time of day are shown."""
    year = month = day = time = False
    for i, token in enumerate(tokens):
        letter = token[0]
        if letter == "m":
            # One or two are minutes behind an hour or before a second.
            minutes = len(token) < 3 and (
                (i and tokens[i - 1][0] == "h") or tokens[i + 1 : i + 2][:1] in (["s"], ["ss"])
            )
            time, month = time or minutes, month or not minutes
        elif letter in "hs" and set(token) == {letter}:
            time = True
        elif letter == "d" and set(token) == {"d"}:
            day = day or len(token) < 3  # three and four are the day of the week
        elif letter in "yeb" and set(token) == {letter}:
            year = True
    return year, month, day, time


def _of_number(plain, tokens):
    if "%" in plain:
        return NumberFormat(Shows.PERCENT)
    if tokens and not re.search("[0#?@]", plain):
        return NumberFormat(Shows.UNCLEAR)  # ДД.ММ.ГГГГ, from a program that translates codes
    zeros = re.fullmatch("0{2,}", plain.strip())
    return NumberFormat(Shows.NUMBER, len(zeros[0]) if zeros else 0)


def _has_own_calendar(code):
    """Whether months and years are shown in another calendar (Buddhist, Hijri, of an emperor)."""
    found = _LOCALE.search(code)
    number = int(found[1], 16) if found else 0
    return (number >> 16) & 0xFF not in (0, 1) or re.match(r"b[12]", code, re.IGNORECASE)
