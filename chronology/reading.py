"""Reading dates as people write them, in every language that has a file in ``languages``.

A text is folded first (lower case, letters without the marks that people leave out, one kind of
dash), so that "1992-cı İL", "1992-ci il" and "1992-ci il " are one. Then a period is split into its
ends, and each end is matched against the ways to write a single date. All languages are tried: no
phrase means two things in two of them. Whatever has two meanings is refused, never guessed. Days
that are marked as Old Style are converted, see ``old_style``.
"""

import datetime
import re
import unicodedata
from typing import NamedTuple

from django.utils.translation import gettext_lazy as _

from .dates import OPEN, UNKNOWN, HistoricalDate, InvalidDate, too_long
from .display import display
from .languages import known
from .languages.language import DAY, MONTH, YEAR, roman
from .old_style import Conversion, converted, style_of

# Longer than the longest form that display() writes (two qualified days in Russian).
MAX_READ = 120

_LANGUAGES = tuple(known().values())

_FOLD = str.maketrans(
    {letter: plain for one in _LANGUAGES for letter, plain in one.folded_letters.items()}
    | dict.fromkeys("’ʼ`", "'")
)


def fold(text):
    """Lower case without the marks that people leave out, single spaces, every dash an en dash but
    "-"."""
    text = unicodedata.normalize("NFC", text).translate(_FOLD).lower()
    return re.sub(r"[‐‑‒–—―−]", "–", " ".join(text.split()))


def _any(piece, more=()):
    """One pattern for what the languages say of ``piece``; it matches nothing but an empty text
    where none says anything."""
    return "|".join([*(said for one in _LANGUAGES if (said := getattr(one, piece))), *more])


def _all(piece):
    """What the languages say of ``piece``, each several, in one tuple."""
    return tuple(said for one in _LANGUAGES for said in getattr(one, piece))


# {name of a month: its number} in each language, with the endings that may hang on it.
_MONTHS = tuple(
    (
        {
            fold(name): number
            for names in (one.months, *one.other_months)
            for number, name in enumerate(names, 1)
        },
        one.month_endings,
    )
    for one in _LANGUAGES
)

_QUALIFIER_WORDS = (("~", _any("about", ["~"])), ("?", _any("possibly")))
_PREPOSITION = re.compile(rf"^(?:{_any('prepositions')}) ")
_UNKNOWN_WORDS = set(_all("unknown_words"))
_PRESENT_WORDS = set(_all("present_words"))
_ERA = re.compile(
    rf"(?:(?<= )|^)(?:{_any('era_before')}) (?=[0-9])|(?<=[\w.]) (?:{_any('era_after')})$"
)

# Set by us between a year and the month and day that follow it; people cannot mean it.
_YEAR_FIRST = "\ue000"
_SUFFIX = f"(?:{_any('year_suffix')})?"
_YEAR_WORD = f"(?:{_any('year_word')})?"
_BEHIND_YEAR = f"(?:{_any('year_first', [f' {_YEAR_FIRST}'])})"
_OF = f"(?:{_any('of')})?"
_DAY = f"{DAY}(?:{_any('day_suffix')})?"

_SINGLES = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?:{_any('before_year')})?{YEAR}{_SUFFIX}{_YEAR_WORD}",
        rf"{YEAR}{_SUFFIX}{_BEHIND_YEAR}?,? {MONTH}(?:{_any('month_word')})?",
        rf"{MONTH},?{_OF} {YEAR}{_SUFFIX}{_YEAR_WORD}",
        rf"{_DAY}\.?{_OF} {MONTH},? {YEAR}{_SUFFIX}{_YEAR_WORD}",
        rf"{MONTH} {_DAY},? {YEAR}",
        rf"{YEAR}{_SUFFIX}{_BEHIND_YEAR},? {MONTH} {DAY}(?:{_any('day_suffix_behind')})?",
        rf"{YEAR}{_SUFFIX}{_BEHIND_YEAR},? {_DAY} {MONTH}",
        rf"(?P<day>[0-9]{{1,2}})\.(?P<month>[0-9]{{1,2}})\.(?P<year>[0-9]{{4}}){_SUFFIX}{_YEAR_WORD}",
        # "28.V.1918", as in Russian and Azerbaijani papers; the second x is the Cyrillic letter.
        r"(?P<day>[0-9]{1,2})(?P<sign>\. ?|[ /-])(?P<roman>[ivxх]+)(?P=sign)(?P<year>[0-9]{4})"
        rf"{_SUFFIX}{_YEAR_WORD}",
        rf"(?P<roman>[ivxх]+)[. /-](?P<year>[0-9]{{4}}){_SUFFIX}{_YEAR_WORD}",
        r"(?P<month>[0-9]{1,2})[./](?P<year>[0-9]{4})",
        r"(?P<year>[0-9]{4})(?P<sign>[./])(?P<month>[0-9]{1,2})(?P=sign)(?P<day>[0-9]{1,2})",
        r"(?P<year>[0-9]{4})-(?P<month>[0-9]{1,2})(?:-(?P<day>[0-9]{1,2}))?",
    )
)
_EITHER_ORDER = re.compile(r"([0-9]{1,2})([/-])([0-9]{1,2})\2([0-9]{4})")
_SHORT_YEAR = re.compile(r"[0-9]{1,2}[./-][0-9]{1,2}[./-][0-9]{2}|.*[^0-9]'[0-9]{2}|'[0-9]{2}s?")
_DECADES = tuple(map(re.compile, _all("decades")))
_CENTURIES = tuple(map(re.compile, _all("centuries")))
_ROMAN = {roman(number).lower(): number for number in range(1, 101)}

_YEARS = re.compile(
    r"(?P<before>.*?)(?P<first>[0-9]{4}) ?– ?(?P<last>[0-9]{4})"
    rf"{_SUFFIX}(?: (?:{_any('years_word')}))?"
)
_DASHED = re.compile(r"(?P<begin>[^–]+?) ?(?P<dash>–) ?(?P<end>[^–]+)")
_PERIODS = (
    *((re.compile(pattern), one.stems) for one in _LANGUAGES for pattern in one.periods),
    (_DASHED, {}),
)
# A moment whose bound is the day outside: "before 1900" is "in 1899 or earlier", "/1899".
_OUTSIDE = tuple((re.compile(pattern), one.stems) for one in _LANGUAGES for pattern in one.outside)

# One day by both calendars: "7 November (25 October) 1917", "13/26 November 1917".
_BOTH_DAYS = tuple(
    re.compile(pattern)
    for pattern in (
        r"(?P<before>[^(\[]*)[(\[](?P<inner>[^)\]]*[0-9][^)\]]*)[)\]](?P<after>.*)",
        r"(?P<before>[0-9]{1,2}) ?/ ?(?P<inner>[0-9]{1,2})(?P<after>[ .].+)",
        r"(?P<before>[0-9]{1,2}[. ][^ ./]+) ?/ ?(?P<inner>[0-9]{1,2}[. ][^ ./]+)(?P<after>[ .].+)",
    )
)
_WHOLE_DAY = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})([?~%]?)")


class Reading(NamedTuple):
    """What was understood: the date, what was converted for it, and how its calendar was named
    ("old", "new", "both" or "")."""

    date: HistoricalDate
    conversions: tuple[Conversion, ...] = ()
    style: str = ""


def read_date(text):
    """The HistoricalDate that a person means by ``text``: "28.05.1918", "about 1840", EDTF …

    Raises InvalidDate, also for what is ambiguous ("03/04/1905"); TypeError for anything but text.
    """
    return understand(text).date


def understand(text):
    """The Reading of ``text``. Raises InvalidDate as read_date() does."""
    if not isinstance(text, str):
        raise TypeError(f"expected text, not {type(text).__name__}")
    if len(text) > MAX_READ:
        raise too_long()
    stripped = text.strip()
    try:
        return Reading(HistoricalDate.parse(stripped))
    except InvalidDate as error:
        strict = error
    folded = fold(stripped)
    try:
        return _read_period(folded) or _read_single(folded)
    except _NotUnderstood:
        # What looks like EDTF is explained in terms of EDTF.
        if strict.code not in ("invalid", "space", "dash", "character", "time", "set", "too_long"):
            raise strict from None
        if not stripped or re.fullmatch(r"[0-9X?~%/. \[\]{},:TZ+-]+", stripped):
            raise strict from None
        raise InvalidDate(
            _(
                "This cannot be read as a date. Write, for example, 1992, June 2004, 28.05.1918, "
                "about 1840, 1840s, 20th century or 1957–1961."
            ),
            "unreadable",
        ) from None


class _NotUnderstood(Exception):
    """No form of writing matched; the caller knows what to say."""


def _read_period(text):
    """The Reading of the period that ``text`` says, None if it does not have the form of one."""
    text = re.sub(r"^([^0-9]*[0-9]{4}) ?- ?(?=[0-9]{4}(?![0-9]))", r"\1–", text)
    text = text.replace(" - ", " – ")
    if match := _YEARS.fullmatch(text):
        qualifier, rest = _qualifier(match["before"])
        if not rest:  # "about 1840–1850" speaks of both years
            first, last = (match[end] + qualifier for end in ("first", "last"))
            return Reading(HistoricalDate.parse(f"{first}/{last}"))
    if outside := _read_outside(text):
        return outside
    for pattern, stems in _PERIODS:
        if match := pattern.fullmatch(text):
            found = match.groupdict()
            if known := found.get("after") or found.get("before"):
                end = _read_end(known)
                ends = (end, None) if found.get("after") else (None, end)
                return _between(*ends, missing=UNKNOWN)
            return _read_ends(found, text, stems)
    return None


def _read_ends(found, text, stems):
    """The Reading of a period from the groups of its pattern."""
    texts = whole = tuple(_ends_of(found, stems))
    try:
        begin, end = (_read_end(one) for one in texts)
    except (InvalidDate, _NotUnderstood):
        whole = _with_years(*texts)
        if whole == texts:
            raise
        begin, end = (_read_end(one) for one in whole)
    dashed = found.get("dash") and isinstance(begin, Reading)
    if dashed and begin.date.text[-1] in "?~%" and _qualifier(text)[0]:
        raise InvalidDate(
            _(
                "It is not clear whether the word before the first date is meant for "
                "both. Write “from about 1840 to 1850” or “from about 1840 to about 1850”."
            ),
            "ambiguous",
        )
    try:
        return _between(begin, end)
    except InvalidDate as error:
        if error.code == "order" and whole != texts:
            raise _NotUnderstood from None  # "28 December – 15 January 1918"
        raise


def _ends_of(found, stems):
    """The texts of both ends, with the word back from which an ending was cut."""
    for name in ("begin", "end"):
        end, word = found.get(name), found.get(f"{name}_stem")
        yield end + stems[word] if end and word else end


def _with_years(begin, end):
    """Both ends with the year that only one of them says: "from 28 May to 15 June 1918"."""
    if begin and end:
        first, last = (re.search("[0-9]{4}", one) for one in (begin, end))
        if last and not first and _names_month(begin):
            begin = f"{begin} {last[0]}"
        elif first and not last and _names_month(end):
            end = f"{first[0]} {_YEAR_FIRST} {end}"
    return begin, end


def _names_month(text):
    return any(_month(word) for word in re.findall(r"[^\W\d_]+", text))


def _read_outside(text):
    """The Reading of "before 1900" and "after 1905", None for anything else."""
    doubt, rest = _qualifier(text)
    for pattern, stems in _OUTSIDE:
        if match := pattern.fullmatch(rest):
            begin, end = _ends_of(match.groupdict(), stems)
            reading = _read_one(begin or end)
            if doubt not in ("", "?") or reading.date.text[-1] in "?~%":
                raise InvalidDate(
                    _(
                        "Nobody can say where “about” or “possibly” ends. Write the date alone "
                        "(before 1900), or “in about 1900 or earlier”."
                    ),
                    "qualifier",
                )
            return _beyond(reading, doubt, earlier=begin is None)
    return None


def _beyond(reading, doubt, *, earlier):
    """A moment before, or after, all days that the date of ``reading`` can mean."""
    date, a_day = reading.date, datetime.timedelta(days=1)
    try:
        day = date.earliest - a_day if earlier else date.latest + a_day
    except OverflowError:
        raise InvalidDate(
            _("There is nothing outside of the years 0001 to 9999."), "year"
        ) from None
    # As precise as what was written; the day outside of a century is told by its year.
    length = {"day": 10, "period": 10, "month": 7}.get(date.precision, 4)
    bound = Reading(HistoricalDate(day.isoformat()[:length] + doubt), reading.conversions)
    return _between(*((None, bound) if earlier else (bound, None)), missing=UNKNOWN)


def _read_end(text):
    """The Reading of one end of a period; OPEN and UNKNOWN as they are, None where none is said."""
    if text is None:
        return None
    if text in _PRESENT_WORDS:
        return OPEN
    if text in _UNKNOWN_WORDS:
        return UNKNOWN
    return _read_one(text)


def _read_one(text):
    """The Reading of a date within a phrase: a period in EDTF is none, a month Old Style is one."""
    reading = _read_single(text)
    if reading.date.is_period and not reading.conversions:
        raise _NotUnderstood
    return reading


def _between(begin, end, missing=OPEN):
    """The Reading of a period; each end as _read_end() gives it, ``missing`` where it gave None."""
    dated = [one for one in (begin, end) if isinstance(one, Reading)]
    if any(one.date.is_period for one in dated):
        raise InvalidDate(
            _("A month Old Style lies across two of our months. Write the day."), "old_style"
        )
    if {"old", ""} <= {one.style for one in dated if one.date.precision in ("day", "month")}:
        raise InvalidDate(
            _(
                "It is not clear whether Old Style is meant for both dates. Write (O.S.) or (N.S.) "
                "after each of them."
            ),
            "ambiguous",
        )
    texts = (
        one.date.text if isinstance(one, Reading) else missing if one is None else one
        for one in (begin, end)
    )
    conversions = tuple(conversion for one in dated for conversion in one.conversions)
    return Reading(HistoricalDate.parse("/".join(texts)), conversions)


def _qualifier(text):
    """The EDTF sign for the words at the start of ``text``, and the rest of it.

    A preposition may stand before or between: "in about 1900", "possibly in 1900".
    """
    found = set()
    changed = True
    while changed:
        text = _PREPOSITION.sub("", text)
        changed = False
        for sign, words in _QUALIFIER_WORDS:
            if match := re.match(rf"(?:{words}),?(?: |$|(?=[0-9]))", text):
                found.add(sign)
                text = text[match.end() :]
                changed = True
    return "%" if len(found) == 2 else "".join(found), text


def _read_single(text):
    for pattern in _BOTH_DAYS:
        if match := pattern.fullmatch(text):
            return _read_both_days(**match.groupdict())
    style, text = style_of(text)
    written = _written(text)
    if style == "old":
        date, conversion = converted(written)
        return Reading(date, (conversion,), style)
    return Reading(HistoricalDate.parse(written), style=style)


def _read_both_days(before, inner, after):
    """The Reading of a day that is written by both calendars, if the two agree."""
    outer_style, outer = style_of(_tidy(f"{before} {after}"))
    inner_style, inner = style_of(inner)
    qualifier, outer = _outer_day(outer)
    inner = _inner_day(inner, after, outer[:4])
    # Of the two the earlier is usually Old Style; before the year 300 it was the other way round.
    days = sorted([(outer, outer_style), (inner, inner_style)])
    orders = [
        (old, new)
        for (old, old_style), (new, new_style) in (days, days[::-1])
        if old_style != "new" and new_style != "old"
    ]
    if not orders:
        raise _NotUnderstood
    for old, new in orders:
        try:
            date, conversion = converted(old)
        except InvalidDate:
            continue
        if date.text == new:
            return Reading(HistoricalDate(new + qualifier), (conversion,), "both")
    old, new = orders[0]
    _date, conversion = converted(old)
    raise InvalidDate(
        _(
            "The two dates do not agree: %(julian)s Old Style is %(gregorian)s, not %(other)s. "
            "Check them, or write one of them alone."
        ),
        "calendars",
        {
            "julian": display(conversion.old),
            "gregorian": display(conversion.new),
            "other": display(HistoricalDate(new)),
        },
    )


def _outer_day(text):
    """The qualifier and the EDTF text of the date outside of the brackets."""
    match = _WHOLE_DAY.fullmatch(_written(text))
    if not match:
        raise _NotUnderstood
    return match[2], match[1]


def _inner_day(text, after, year):
    """The EDTF text of the date in the brackets, which may leave its month and year to the other
    one: "13 (26) November 1917"."""
    for whole in (f"{text} {after}", text, f"{text} {year}", f"{year} {_YEAR_FIRST} {text}"):
        try:
            match = _WHOLE_DAY.fullmatch(_written(_tidy(style_of(whole)[1])))
        except (InvalidDate, _NotUnderstood):
            continue
        if match and not match[2]:
            return match[1]
    raise _NotUnderstood


def _tidy(text):
    """Without the spaces that a bracket left behind."""
    return re.sub(r" (?=[.,])", "", " ".join(text.split()))


def _written(text):
    """EDTF for a single date in words; what is no day of our calendar is not yet refused."""
    qualifier, text = _qualifier(text)
    if match := re.fullmatch(r"(.*?) ?\(?([?~%])\)?", text):
        if qualifier:
            qualifier = "%"
        text, qualifier = match[1], qualifier or match[2]
    text, eras = _ERA.subn("", text)
    if found := _groups(_DECADES, text):
        return _vague(_decade(found, eras), qualifier)
    if found := _groups(_CENTURIES, text):
        number = int(found["number"]) if "number" in found else _ROMAN.get(found["roman"], 0)
        if not 1 <= number <= 100:
            raise InvalidDate(_("Write a century from the 1st to the 100th."), "century")
        return _vague(f"{number - 1:02}XX", qualifier)
    if _SHORT_YEAR.fullmatch(text):
        raise _short_year()
    if match := _EITHER_ORDER.fullmatch(text):
        return _either_order(match) + qualifier
    for pattern in _SINGLES:
        if match := pattern.fullmatch(text):
            found = match.groupdict()
            month = _month(found.get("month"))
            if numeral := found.get("roman"):
                month = _ROMAN.get(numeral.replace("х", "x"), 0)
            if month == 0:
                continue
            if len(found["year"]) < 4 and not eras:
                raise _short_year()
            written = f"{int(found['year']):04}"
            if month is not None:
                written += f"-{month:02}"
            if found.get("day"):
                written += f"-{int(found['day']):02}"
            return written + qualifier
    try:
        return HistoricalDate.parse(text.upper() + qualifier).text  # EDTF at one end of a phrase
    except InvalidDate:
        raise _NotUnderstood from None


def _groups(patterns, text):
    """The groups, by name, of the first pattern that is the whole text; None where none is."""
    matches = (pattern.fullmatch(text) for pattern in patterns)
    return next((match.groupdict() for match in matches if match), None)


def _month(word):
    """1 to 12 for a month's name or number, None for none, 0 for another word."""
    if word is None:
        return None
    if word.isdigit():
        return int(word)
    for months, _endings in _MONTHS:
        if word in months:
            return months[word]
    for months, endings in _MONTHS:
        for ending in endings:
            stem = word.removesuffix(ending)
            if stem != word and stem in months and len(stem) > 2:
                return months[stem]
    return 0


def _either_order(match):
    """A day, a month and a year where only one order makes a date."""
    first, second = int(match[1]), int(match[3])
    if first <= 12 and second <= 12 and first != second:
        raise InvalidDate(
            _(
                "%(first)s and %(second)s may each be the day or the month. Write the month as a "
                "word (28 May 1918) or the year first (1918-05-28)."
            ),
            "ambiguous",
            {"first": str(first), "second": str(second)},
        )
    day, month = (second, first) if first <= 12 < second else (first, second)
    return f"{match[4]}-{month:02}-{day:02}"


def _decade(found, eras):
    year = int(found["year"])
    if len(found["year"]) < 4 and not eras:
        raise _short_year()
    if year % 10:
        raise InvalidDate(_("A decade begins with a year that ends in 0, such as 1840s."), "decade")
    if found.get("vague") and not found["sure"] and year % 100 == 0 and not eras:
        raise InvalidDate(
            _(
                "“%(year)ss” may be ten years or a hundred. Write %(decade)sX for the decade or "
                "%(century)sXX for the century."
            ),
            "ambiguous",
            {
                "year": found["year"],
                "decade": found["year"][:3],
                "century": found["year"][:2],
            },
        )
    return f"{year // 10:03}X"


def _vague(text, qualifier):
    if qualifier:
        raise InvalidDate(
            _("A decade or a century is vague already: leave out “about” and “possibly”."),
            "qualifier",
        )
    return text


def _short_year():
    return InvalidDate(
        _("Write the year with four digits, such as 1992, or 0092 for the year 92."), "short_year"
    )
