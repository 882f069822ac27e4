"""Reading dates as people write them, in Azerbaijani, English and Russian.

A text is folded first (lower case, Azerbaijani letters without their marks, one kind of dash), so
that "1992-cı İL", "1992-ci il" and "1992-ci il " are one. Then a period is split into its ends,
and each end is matched against the ways to write a single date. Whatever has two meanings is
refused, never guessed. Days that are marked as Old Style are converted, see ``old_style``.
"""

import datetime
import re
import unicodedata
from typing import NamedTuple

from django.utils.translation import gettext_lazy as _

from .dates import OPEN, UNKNOWN, HistoricalDate, InvalidDate, _too_long
from .display import MONTHS, RUSSIAN_GENITIVES, RUSSIAN_PREPOSITIONALS, display, roman
from .old_style import Conversion, converted, style_of

# Longer than the longest form that display() writes (two qualified days in Russian).
MAX_READ = 120

_FOLD = str.maketrans("İIıƏəÖöÜüŞşÇçĞğ’ʼ`", "iiieeoouussccgg'''")


def fold(text):
    """Lower case without Azerbaijani marks, single spaces, every dash an en dash but "-"."""
    text = unicodedata.normalize("NFC", text).translate(_FOLD).lower()
    return re.sub(r"[‐‑‒–—―−]", "–", " ".join(text.split()))


_MONTHS = {
    fold(name): number
    for names in (*MONTHS.values(), RUSSIAN_GENITIVES, RUSSIAN_PREPOSITIONALS)
    for number, name in enumerate(names, 1)
}
_MONTHS |= {fold(name[:3]): number for number, name in enumerate(MONTHS["en"], 1)}
_MONTHS["sept"] = 9
# "2004-cü ilin iyunu", "mayın 28-i", "iyununda"
_AZ_MONTH_ENDINGS = ("inda", "unda", "inde", "in", "un", "i", "u")

_QUALIFIER_WORDS = (
    (
        "~",
        r"about|around|circa|approximately|approx\.?|ca?\.|~|texminen|teqriben|texmini"
        r"|около|примерно|приблизительно|ок\.",
    ),
    (
        "?",
        r"possibly|perhaps|probably|maybe|ehtimal ki|ehtimal|ehtimalen|ola bilsin|ola biler"
        r"|возможно|предположительно|вероятно",
    ),
)
_PREPOSITION = re.compile(r"^(?:in|on|the|в) (?:the )?")
_UNKNOWN_WORDS = {
    "an unknown date",
    "unknown date",
    "unknown",
    "namelum vaxt",
    "namelum tarix",
    "namelum",
    "неизвестной даты",
    "неизвестную дату",
}
_PRESENT_WORDS = {"present", "the present", "now", "today", "indi", "настоящее время"}

_YEAR = r"(?P<year>[0-9]{1,4})"
_SUFFIX = r"(?:-?c[iu])?"
_MONTH = r"(?P<month>[a-zа-я]+)\.?"
_DAY = r"(?P<day>[0-9]{1,2})(?:st|nd|rd|th)?"
_YEAR_WORD = r"(?: (?:il|ili|ilde|ilinde|год|года|году)| ?г\.?)?"

_SINGLES = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?:year )?{_YEAR}{_SUFFIX}{_YEAR_WORD}",
        rf"{_YEAR}{_SUFFIX}(?: il| ilin)?,? {_MONTH}(?: ayi| ayinda)?",
        rf"{_MONTH},?(?: of)? {_YEAR}{_SUFFIX}{_YEAR_WORD}",
        rf"{_DAY}\.?(?: of)? {_MONTH},? {_YEAR}{_SUFFIX}{_YEAR_WORD}",
        rf"{_MONTH} {_DAY},? {_YEAR}",
        rf"{_YEAR}{_SUFFIX}(?: il| ilin),? {_MONTH} (?P<day>[0-9]{{1,2}})(?:-[a-z]+)?",
        rf"{_YEAR}{_SUFFIX}(?: il| ilin),? {_DAY} {_MONTH}",
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
_DECADE = re.compile(
    rf"{_YEAR}(?:'?(?P<english>s)(?P<sure> \(decade\))?"
    r"|-?c[iu] iller(?:i|de|inde)?|-(?:е|ые|х|ых) (?:годы|годов|годах|гг?\.?))"
)
_CENTURY = re.compile(
    r"(?P<number>[0-9]{1,3})(?:(?:st|nd|rd|th) (?:century|c\.)|-?c[iu] esr(?:de)?|-й век)"
    r"|(?P<roman>[ivxlc]+) (?:esr(?:de)?|век|века|веке|century)"
)
_ROMAN = {roman(number).lower(): number for number in range(1, 101)}

_YEARS = re.compile(
    r"(?P<before>.*?)(?P<first>[0-9]{4}) ?– ?(?P<last>[0-9]{4})"
    r"(?:-?c[iu])?(?: (?:il|iller|illeri|illerde|illerinde|годы|годов|годах|гг?\.?))?"
)
_AZ_STEMS = {"il": "il", "iller": "iller", "ayin": "ayi", "esr": "esr", "vaxt": "vaxt"}
# What "-dən" and "-dək" hang on: a word for a time, a month ("mayından"), a number with its hyphen
# ("28-dən", "28-nədək").
_AZ_BEGIN = r"(?P<begin>.+?)(?:(?P<stem1>il|iller|ayin|esr|vaxt)|[iu]n|-[a-z]{0,3}?)d[ae]n"
_AZ_FROM = rf"{_AZ_BEGIN}(?: beri| etibaren)?"
_AZ_UNTIL = (
    r"(?P<end>.+?)(?:(?P<stem2>il|iller|ayin|esr|vaxt)[ae]|[iu]n[ae]|-[a-z]{0,3}?)"
    r"(?:d[ae]k| qeder| kimi)"
)
# Groups: begin, end; a pattern without one of them is open on that side. "after" and "before" are
# the one known end of a moment whose other end is unknown ("in 1900 or earlier").
_PERIODS = tuple(
    re.compile(pattern)
    for pattern in (
        r"(?P<after>.+) or later",
        r"(?P<before>.+) or earlier",
        r"(?P<after>.+) или (?:позднее|позже)",
        r"(?P<before>.+) или (?:ранее|раньше)",
        r"between (?P<begin>.+) and (?P<end>.+)",
        r"(?P<after>.+) ve ya sonra",
        r"(?P<before>.+) ve ya evvel",
        r"(?P<begin>.+) ile (?P<end>.+) arasinda",
        r"from (?P<begin>.+?) (?:to|until|till) (?P<end>.+)",
        r"(?:since|from) (?P<begin>.+)",
        r"(?:up to|until|till) (?P<end>.+)",
        rf"{_AZ_FROM} {_AZ_UNTIL}",
        rf"{_AZ_FROM} (?:indiyed[ae]k|bu gune(?:d[ae]k| qeder))",
        _AZ_FROM,
        _AZ_UNTIL,
        r"(?:в период )?с (?P<begin>.+?) (?:по|до) (?P<end>.+)",
        r"с (?P<begin>.+)",
        r"по (?P<end>.+)",
        r"(?P<begin>[^–]+?) ?(?P<dash>–) ?(?P<end>[^–]+)",
    )
)
# A moment whose bound is the day outside: "before 1900" is "in 1899 or earlier", "/1899".
_OUTSIDE = tuple(
    re.compile(pattern)
    for pattern in (
        r"(?:before|prior to|earlier than) (?P<end>.+)",
        r"(?:after|later than) (?P<begin>.+)",
        rf"{_AZ_BEGIN.replace('begin', 'end')} (?:evvel|qabaq)",
        rf"{_AZ_BEGIN} sonra",
        r"(?:до|ранее|раньше) (?P<end>.+)",
        r"(?:после|позже|позднее) (?P<begin>.+)",
    )
)

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


def read(text, language=None):
    """The HistoricalDate that a person means by ``text``; see ``HistoricalDate.read``.

    ``language`` is accepted so that callers may say what they expect; all are tried anyway.
    """
    return understand(text).date


def understand(text):
    """The Reading of ``text``. Raises InvalidDate as read() does."""
    if not isinstance(text, str):
        raise TypeError(f"expected text, not {type(text).__name__}")
    if len(text) > MAX_READ:
        raise _too_long()
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
    for pattern in _PERIODS:
        if match := pattern.fullmatch(text):
            found = match.groupdict()
            if known := found.get("after") or found.get("before"):
                end = _read_end(known)
                ends = (end, None) if found.get("after") else (None, end)
                return _between(*ends, missing=UNKNOWN)
            return _read_ends(found, text)
    return None


def _read_ends(found, text):
    """The Reading of a period from the groups of its pattern."""
    texts = whole = tuple(_ends_of(found))
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


def _ends_of(found):
    """The texts of both ends, with the word back from which an Azerbaijani ending was cut."""
    for name, stem in (("begin", "stem1"), ("end", "stem2")):
        end, word = found.get(name), found.get(stem)
        yield end + _AZ_STEMS[word] if end and word else end


def _with_years(begin, end):
    """Both ends with the year that only one of them says: "from 28 May to 15 June 1918"."""
    if begin and end:
        first, last = (re.search("[0-9]{4}", one) for one in (begin, end))
        if last and not first and _names_month(begin):
            begin = f"{begin} {last[0]}"
        elif first and not last and _names_month(end):
            end = f"{first[0]} il {end}"
    return begin, end


def _names_month(text):
    return any(_month(word) for word in re.findall("[a-zа-я]+", text))


def _read_outside(text):
    """The Reading of "before 1900" and "after 1905", None for anything else."""
    doubt, rest = _qualifier(text)
    for pattern in _OUTSIDE:
        if match := pattern.fullmatch(rest):
            found = match.groupdict()
            word = _AZ_STEMS.get(found.pop("stem1", None), "")
            ((name, known),) = found.items()
            reading = _read_one(known + word)
            if doubt not in ("", "?") or reading.date.text[-1] in "?~%":
                raise InvalidDate(
                    _(
                        "Nobody can say where “about” or “possibly” ends. Write the date alone "
                        "(before 1900), or “in about 1900 or earlier”."
                    ),
                    "qualifier",
                )
            return _beyond(reading, doubt, earlier=name == "end")
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
    for whole in (f"{text} {after}", text, f"{text} {year}", f"{year} il {text}"):
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
    text, eras = re.subn(
        r"(?:(?<= )|^)(?:ad|b\.e\.) (?=[0-9])|(?<=[0-9a-zа-я.]) (?:ad|ce|н\. ?э\.)$", "", text
    )
    if match := _DECADE.fullmatch(text):
        return _vague(_decade(match, eras), qualifier)
    if match := _CENTURY.fullmatch(text):
        number = int(match["number"]) if match["number"] else _ROMAN.get(match["roman"], 0)
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


def _month(word):
    """1 to 12 for a month's name or number, None for none, 0 for another word."""
    if word is None:
        return None
    if word.isdigit():
        return int(word)
    if word in _MONTHS:
        return _MONTHS[word]
    for ending in _AZ_MONTH_ENDINGS:
        stem = word.removesuffix(ending)
        if stem != word and stem in _MONTHS and len(stem) > 2:
            return _MONTHS[stem]
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


def _decade(match, eras):
    year = int(match["year"])
    if len(match["year"]) < 4 and not eras:
        raise _short_year()
    if year % 10:
        raise InvalidDate(_("A decade begins with a year that ends in 0, such as 1840s."), "decade")
    if match["english"] and not match["sure"] and year % 100 == 0 and not eras:
        raise InvalidDate(
            _(
                "“%(year)ss” may be ten years or a hundred. Write %(decade)sX for the decade or "
                "%(century)sXX for the century."
            ),
            "ambiguous",
            {
                "year": match["year"],
                "decade": match["year"][:3],
                "century": match["year"][:2],
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
