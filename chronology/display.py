"""How a date is shown in Azerbaijani, English and Russian; other languages see English.

Kept apart from gettext and from Django's and Babel's date formats: the words bend with their
place in the sentence ("1918-ci il", "1918-ci ildən"), the Azerbaijani suffix follows how the
number is read, and those libraries capitalise Azerbaijani months and write "2000-cu".
Everything display() writes, HistoricalDate.read() reads back.
"""

from django.utils.translation import get_language

from .dates import OPEN, UNKNOWN

MONTHS = {
    "az": (
        "yanvar",
        "fevral",
        "mart",
        "aprel",
        "may",
        "iyun",
        "iyul",
        "avqust",
        "sentyabr",
        "oktyabr",
        "noyabr",
        "dekabr",
    ),
    "en": (
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ),
    "ru": (
        "январь",
        "февраль",
        "март",
        "апрель",
        "май",
        "июнь",
        "июль",
        "август",
        "сентябрь",
        "октябрь",
        "ноябрь",
        "декабрь",
    ),
}
# "28 мая", "с июня": Russian months after a number or a preposition.
RUSSIAN_GENITIVES = (
    "января",
    "февраля",
    "марта",
    "апреля",
    "мая",
    "июня",
    "июля",
    "августа",
    "сентября",
    "октября",
    "ноября",
    "декабря",
)
# "в мае"
RUSSIAN_PREPOSITIONALS = tuple(f"{name.rstrip('ьй')}е" for name in MONTHS["ru"])

_QUALIFIERS = {
    "az": {"~": "təxminən ", "?": "ehtimal ki, ", "%": "ehtimal ki, təxminən "},
    "en": {"~": "about ", "?": "possibly ", "%": "possibly about "},
    "ru": {"~": "примерно ", "?": "предположительно ", "%": "предположительно примерно "},
}
_NOTHING_KNOWN = {"az": "tarixi naməlum", "en": "dates unknown", "ru": "даты неизвестны"}

# The suffix of the last number word that is spoken: its last vowel decides.
_SUFFIX_OF_UNIT = ("cı", "ci", "ci", "cü", "cü", "ci", "cı", "ci", "ci", "cu")
_SUFFIX_OF_TEN = ("", "cu", "ci", "cu", "cı", "ci", "cı", "ci", "ci", "cı")


def display(date, language=None):
    """A HistoricalDate in words, "" for None. ``language`` is the active one unless given."""
    if date is None:
        return ""
    language = _supported(language)
    if not date.is_period:
        return _WRITERS[language](date, "plain")
    begin, end = date.text.split("/")
    return _join(date.begin or begin, date.end or end, language)


def display_moment(date, language=None):
    """Something that happened once, at a time known only within bounds, in words.

    ``1828/`` is not "since 1828" for a founding but "in or after 1828"; ``1957/1961`` is
    "between 1957 and 1961". Dates that are no period read as ``display()`` writes them.
    """
    language = _supported(language)
    if date is None or not date.is_period:
        return display(date, language)
    if date.begin and date.end:
        return _between(date, language)
    after, before = _MOMENTS[language]
    known, phrase = (date.begin, after) if date.begin else (date.end, before)
    return phrase.format(_at(known, language))


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
    language = _supported(language)
    end = end or (OPEN if empty_end == "open" else UNKNOWN)
    if begin is None and end == UNKNOWN:
        return _NOTHING_KNOWN[language]
    return _join(begin or UNKNOWN, end, language)


def machine(date):
    """The value of ``<time datetime>``: "1992", "2004-06", "1918-05-28"; None if vaguer."""
    if date is None or date.qualifier or date.precision not in ("day", "month", "year"):
        return None
    return date.text


def ordinal_suffix(number):
    """The Azerbaijani ordinal suffix, "ci", "cı", "cu" or "cü", for 0 to 999,999."""
    if not 0 <= number < 1_000_000:
        raise ValueError("ordinal suffixes are known for 0 to 999,999")
    if number % 10 or number == 0:
        return _SUFFIX_OF_UNIT[number % 10]
    if number % 100:
        return _SUFFIX_OF_TEN[number // 10 % 10]
    return "cü" if number % 1000 else "ci"  # yüz, min


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


def _supported(language):
    language = (language or get_language() or "en").split("-")[0].lower()
    return language if language in _WRITERS else "en"


def _english(date, place):
    words = _QUALIFIERS["en"].get(date.qualifier, "")
    number = date.earliest.year
    article = "" if place == "plain" else "the "
    if date.precision == "century":
        number = century_of(date)
        return f"{article}{number}{_english_ordinal(number)} century"
    if date.precision == "decade":
        number = int(date.text[:3]) * 10
        # "1900s" alone may also mean the century.
        return f"{article}{_english_year(number)}s{'' if number % 100 else ' (decade)'}"
    year = _english_year(number)
    if date.precision == "year":
        return f"{words}{year}"
    month = MONTHS["en"][date.earliest.month - 1]
    if date.precision == "month":
        return f"{words}{month} {year}"
    return f"{words}{date.earliest.day} {month} {year}"


def _english_year(number):
    return str(number) if number >= 1000 else f"AD {number}"


def _english_ordinal(number):
    if number % 100 in (11, 12, 13):
        return "th"
    return {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")


# Endings of "il", "illər", "ayı" and "əsr": as they stand, "from", "until" and "in".
_AZ_YEAR = {"plain": "il", "from": "ildən", "until": "ilədək", "at": "ildə"}
_AZ_YEARS = {"plain": "illər", "from": "illərdən", "until": "illərədək", "at": "illərdə"}
_AZ_MONTH = {"plain": "ayı", "from": "ayından", "until": "ayınadək", "at": "ayında"}
_AZ_CENTURY = {"plain": "əsr", "from": "əsrdən", "until": "əsrədək", "at": "əsrdə"}


def _azerbaijani(date, place):
    words = _QUALIFIERS["az"].get(date.qualifier, "")
    if date.precision == "century":
        return f"{roman(century_of(date))} {_AZ_CENTURY[place]}"
    if date.precision == "decade":
        return f"{_azerbaijani_year(int(date.text[:3]) * 10)} {_AZ_YEARS[place]}"
    year = _azerbaijani_year(date.earliest.year)
    if date.precision == "year":
        return f"{words}{year} {_AZ_YEAR[place]}"
    month = MONTHS["az"][date.earliest.month - 1]
    if date.precision == "month":
        return f"{words}{year} ilin {month} {_AZ_MONTH[place]}"
    return f"{words}{date.earliest.day} {month} {year} {_AZ_YEAR[place]}"


def _azerbaijani_year(number):
    era = "" if number >= 1000 else "b.e. "  # bizim eranın: a bare "92-ci il" reads as 1992
    return f"{era}{number}-{ordinal_suffix(number)}"


# Endings of "год", "годы" and "век" in the same places.
_RU_YEAR = {"plain": "год", "from": "года", "until": "год", "at": "году"}
_RU_YEARS = {"plain": "-е годы", "from": "-х годов", "until": "-е годы", "at": "-х годах"}
_RU_CENTURY = {"plain": "век", "from": "века", "until": "век", "at": "веке"}


def _russian(date, place):
    words = _QUALIFIERS["ru"].get(date.qualifier, "")
    if place == "at" and date.precision != "day":
        words += "в "
    if date.precision == "century":
        return f"{words}{roman(century_of(date))} {_RU_CENTURY[place]}"
    number = int(date.text[:3]) * 10 if date.precision == "decade" else date.earliest.year
    era = "" if number >= 1000 else " н. э."
    if date.precision == "decade":
        return f"{words}{number}{_RU_YEARS[place]}{era}"
    if date.precision == "year":
        return f"{words}{number} {_RU_YEAR[place]}{era}"
    month = date.earliest.month - 1
    name = MONTHS["ru"][month]
    if date.precision == "day" or place == "from":
        name = RUSSIAN_GENITIVES[month]
    elif place == "at":
        name = RUSSIAN_PREPOSITIONALS[month]
    if date.precision == "month":
        return f"{words}{name} {number} года{era}"
    return f"{words}{date.earliest.day} {name} {number} года{era}"


_WRITERS = {"az": _azerbaijani, "en": _english, "ru": _russian}

# For each language: at a date or after it, at a date or before it.
_MOMENTS = {
    "az": ("{} və ya sonra", "{} və ya əvvəl"),
    "en": ("{} or later", "{} or earlier"),
    "ru": ("{} или позднее", "{} или ранее"),
}
# At some time between two dates, and how the two are written in it.
_BETWEEN = {
    "az": ("{} ilə {} arasında", "plain", "plain"),
    "en": ("between {} and {}", "at", "at"),
    "ru": ("в период с {} по {}", "from", "until"),
}
# Since or until a date at the earliest, at the latest.
_BOUNDS = {
    "az": ("ən tezi {}", "ən geci {}"),
    "en": ("{} at the earliest", "{} at the latest"),
    "ru": ("{} или позднее", "{} или ранее"),
}


def _at(date, language):
    """The date with its preposition or case: "in 1828", "on 28 May 1918", "1828-ci ildə"."""
    if language != "en":
        return _WRITERS[language](date, "at")
    preposition = "on" if date.precision == "day" else "in"
    words = _english(date, "at")
    doubt = "possibly " if words.startswith("possibly ") else ""
    return f"{doubt}{preposition} {words.removeprefix(doubt)}"


def _between(period, language):
    """ "between 1957 and 1961", of a period with two dates."""
    phrase, first, last = _BETWEEN[language]
    write = _WRITERS[language]
    return phrase.format(write(period.begin, first), write(period.end, last))


# For each language: from one to another, since, until, and the words for an unknown date in the
# first place and in the second.
_PHRASES = {
    "az": ("{} {}", "{}", "{}", "naməlum vaxtdan", "naməlum vaxtadək"),
    "en": ("from {} to {}", "since {}", "until {}", "an unknown date", "an unknown date"),
    "ru": ("с {} по {}", "с {}", "по {}", "неизвестной даты", "неизвестную дату"),
}


def _join(begin, end, language):
    """One phrase for two ends, each a HistoricalDate, OPEN or UNKNOWN."""
    both, since, until, unknown_begin, unknown_end = _PHRASES[language]
    dated = [one for one in (begin, end) if one not in (OPEN, UNKNOWN)]
    simple = len(dated) == 2 and not any(one.qualifier or one.is_period for one in dated)
    if simple and (short := _range(begin, end, language)):
        return short
    first = unknown_begin if begin == UNKNOWN else begin != OPEN and _end(begin, "from", language)
    last = unknown_end if end == UNKNOWN else end != OPEN and _end(end, "until", language)
    if not last:
        return since.format(first)
    if not first:
        return until.format(last)
    if language == "en" and UNKNOWN in (begin, end):
        return f"from {first} until {last}"
    return both.format(first, last)


def _end(date, place, language):
    if not date.is_period:
        return _WRITERS[language](date, place)
    # The begin of something may itself be known as a period only: "since 1957–1961". What is shown
    # of it is a moment within bounds, not a time that lasted.
    if not (date.begin and date.end):
        earliest, latest = _BOUNDS[language]
        known, phrase = (date.begin, earliest) if date.begin else (date.end, latest)
        return phrase.format(_WRITERS[language](known, place))
    years = [one for one in (date.begin, date.end) if one.precision == "year"]
    plain = len(years) == 2 and not any(one.qualifier for one in years)
    if plain and (short := _range(*years, language, place)):
        return short
    unknown = _PHRASES[language][3 if place == "from" else 4]
    words = (unknown, _between(date, language))
    return " ".join(words[::-1] if language == "az" else words)


def _range(begin, end, language, place="plain"):
    """The short form with a dash, where the language has one; else None."""
    if language == "en":
        first, last = (_english(one, "plain") for one in (begin, end))
        return f"{first} – {last}" if " " in first + last else f"{first}–{last}"
    plain_years = all(one.precision == "year" and one.year >= 1000 for one in (begin, end))
    if not plain_years:
        return None
    if language == "az":
        return f"{begin.year}–{_azerbaijani_year(end.year)} {_AZ_YEARS[place]}"
    return f"{begin.year}–{end.year} {'годов' if place == 'from' else 'годы'}"
