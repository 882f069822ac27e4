"""Azerbaijani.

The words bend with their place in the sentence ("1918-ci il", "1918-ci ildən") and the suffix
follows how the number is read. Django and Babel capitalise the months and write "2000-cu".
"""

from chronology.languages.language import (
    NUMBER,
    ROMAN,
    YEAR,
    Language,
    are_plain_years,
    century_of,
    roman,
)

# The suffix of the last number word that is spoken: its last vowel decides.
_SUFFIX_OF_UNIT = ("cı", "ci", "ci", "cü", "cü", "ci", "cı", "ci", "ci", "cu")
_SUFFIX_OF_TEN = ("", "cu", "ci", "cu", "cı", "ci", "cı", "ci", "ci", "cı")

# Endings of "il", "illər", "ayı" and "əsr" by their place.
_YEAR = {"plain": "il", "from": "ildən", "until": "ilədək", "at": "ildə"}
_YEARS = {"plain": "illər", "from": "illərdən", "until": "illərədək", "at": "illərdə"}
_MONTH = {"plain": "ayı", "from": "ayından", "until": "ayınadək", "at": "ayında"}
_CENTURY = {"plain": "əsr", "from": "əsrdən", "until": "əsrədək", "at": "əsrdə"}

# What "-dən" and "-dək" hang on: a word for a time, a month ("mayından"), a number with its hyphen
# ("28-dən", "28-nədək").
_STEM = "il|iller|ayin|esr|vaxt"


def _ablative(end):
    return rf"(?P<{end}>.+?)(?:(?P<{end}_stem>{_STEM})|[iu]n|-[a-z]{{0,3}}?)d[ae]n"


_FROM = rf"{_ablative('begin')}(?: beri| etibaren)?"
_UNTIL = (
    rf"(?P<end>.+?)(?:(?P<end_stem>{_STEM})[ae]|[iu]n[ae]|-[a-z]{{0,3}}?)(?:d[ae]k| qeder| kimi)"
)


class Azerbaijani(Language):
    code = "az"
    locale = "az_AZ"

    # The 32 letters of 1992; Q follows K, X follows H.
    alphabet = "ABCÇDEƏFGĞHXIİJKQLMNOÖPRSŞTUÜVYZ"
    capitals = {"i": "İ", "ı": "I"}
    nearest = {"W": "V"}
    small_words = ("ve", "va", "ile", "uzre")
    yes_words, no_words = ("bəli", "hə"), ("xeyr", "yox")
    nothing_words = ("yoxdur", "məlum deyil", "naməlum")

    months = (
        "yanvar", "fevral", "mart", "aprel", "may", "iyun", "iyul", "avqust", "sentyabr", "oktyabr",
        "noyabr", "dekabr",
    )  # fmt: skip
    qualifiers = {"~": "təxminən ", "?": "ehtimal ki, ", "%": "ehtimal ki, təxminən "}
    nothing_known = "tarixi naməlum"
    or_later, or_earlier = "{} və ya sonra", "{} və ya əvvəl"
    between = ("{} ilə {} arasında", "plain", "plain")
    at_the_earliest, at_the_latest = "ən tezi {}", "ən geci {}"
    from_until, since, until = "{} {}", "{}", "{}"
    unknown_begin, unknown_end = "naməlum vaxtdan", "naməlum vaxtadək"
    unknown_between = "{between} {unknown}"

    folded_letters = dict(zip("İIıƏəÖöÜüŞşÇçĞğ", "iiieeoouussccgg", strict=True))
    # "2004-cü ilin iyunu", "mayın 28-i", "iyununda"
    month_endings = ("inda", "unda", "inde", "in", "un", "i", "u")
    about = "texminen|teqriben|texmini"
    possibly = "ehtimal ki|ehtimal|ehtimalen|ola bilsin|ola biler"
    unknown_words = ("namelum vaxt", "namelum tarix", "namelum")
    present_words = ("indi",)
    year_suffix = "-?c[iu]"
    year_word = " (?:il|ili|ilde|ilinde)"
    year_first = " (?:il|ilin)"
    years_word = "il|iller|illeri|illerde|illerinde"
    day_suffix_behind = "-[a-z]+"
    month_word = " (?:ayi|ayinda)"
    era_before = r"b\.e\."
    decades = (rf"{YEAR}-?c[iu] iller(?:i|de|inde)?",)
    centuries = (rf"{NUMBER}-?c[iu] esr(?:de)?", rf"{ROMAN} esr(?:de)?")
    periods = (
        "(?P<after>.+) ve ya sonra",
        "(?P<before>.+) ve ya evvel",
        "(?P<begin>.+) ile (?P<end>.+) arasinda",
        rf"{_FROM} {_UNTIL}",
        rf"{_FROM} (?:indiyed[ae]k|bu gune(?:d[ae]k| qeder))",
        _FROM,
        _UNTIL,
    )
    outside = (rf"{_ablative('end')} (?:evvel|qabaq)", rf"{_ablative('begin')} sonra")
    stems = {"il": "il", "iller": "iller", "ayin": "ayi", "esr": "esr", "vaxt": "vaxt"}
    old_style = r"k\. ?u\.|kohne (?:uslub(?:la)?|teqvim(?:le)?)|yuli(?:an)? teqvimi(?: ile|yle)?"
    new_style = r"y\. ?u\.|yeni (?:uslub(?:la)?|teqvim(?:le)?)|qriqori(?:an)? teqvimi(?: ile|yle)?"

    def written(self, date, place):
        words = self.qualifiers.get(date.qualifier, "")
        if date.precision == "century":
            return f"{roman(century_of(date))} {_CENTURY[place]}"
        if date.precision == "decade":
            return f"{_year(int(date.text[:3]) * 10)} {_YEARS[place]}"
        year = _year(date.earliest.year)
        if date.precision == "year":
            return f"{words}{year} {_YEAR[place]}"
        month = self.months[date.earliest.month - 1]
        if date.precision == "month":
            return f"{words}{year} ilin {month} {_MONTH[place]}"
        return f"{words}{date.earliest.day} {month} {year} {_YEAR[place]}"

    def short_range(self, begin, end, place="plain"):
        if not are_plain_years(begin, end):
            return None
        return f"{begin.year}–{_year(end.year)} {_YEARS[place]}"


def _year(number):
    era = "" if number >= 1000 else "b.e. "  # bizim eranın: a bare "92-ci il" reads as 1992
    return f"{era}{number}-{ordinal_suffix(number)}"


def ordinal_suffix(number):
    """The ordinal suffix, "ci", "cı", "cu" or "cü", for 0 to 999,999."""
    if not 0 <= number < 1_000_000:
        raise ValueError("ordinal suffixes are known for 0 to 999,999")
    if number % 10 or number == 0:
        return _SUFFIX_OF_UNIT[number % 10]
    if number % 100:
        return _SUFFIX_OF_TEN[number // 10 % 10]
    return "cü" if number % 1000 else "ci"  # yüz, min


LANGUAGE = Azerbaijani()
