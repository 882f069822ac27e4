"""English."""

from chronology.languages.language import NUMBER, ROMAN, YEAR, Language, century_of


class English(Language):
    code = "en"
    locale = "en_GB"

    thousands = ","
    small_words = ("of", "the", "and", "for", "in", "a", "an")
    yes_words, no_words = ("yes", "true"), ("no", "false")
    nothing_words = (
        "n/a", "na", "null", "nil", "none", "nan", "unknown", "not known", "undefined", "present",
        "current", "ongoing",
    )  # fmt: skip

    months = (
        "January", "February", "March", "April", "May", "June", "July", "August", "September",
        "October", "November", "December",
    )  # fmt: skip
    qualifiers = {"~": "about ", "?": "possibly ", "%": "possibly about "}
    nothing_known = "dates unknown"
    or_later, or_earlier = "{} or later", "{} or earlier"
    between = ("between {} and {}", "at", "at")
    at_the_earliest, at_the_latest = "{} at the earliest", "{} at the latest"
    from_until, since, until = "from {} to {}", "since {}", "until {}"
    from_until_unknown = "from {} until {}"
    unknown_begin = unknown_end = "an unknown date"

    other_months = (
        tuple(name[:3] for name in months),
        tuple("Sept" if name == "September" else name for name in months),
    )
    about = r"about|around|circa|approximately|approx\.?|ca?\."
    possibly = "possibly|perhaps|probably|maybe"
    prepositions = "(?:in|on|the)(?: the)?"
    unknown_words = ("an unknown date", "unknown date", "unknown")
    present_words = ("present", "the present", "now", "today")
    before_year = "year "
    day_suffix = "st|nd|rd|th"
    of = " of"
    era_before, era_after = "ad", "ad|ce"
    decades = (rf"{YEAR}'?(?P<vague>s)(?P<sure> \(decade\))?",)
    centuries = (rf"{NUMBER}(?:st|nd|rd|th) (?:century|c\.)", rf"{ROMAN} century")
    periods = (
        "(?P<after>.+) or later",
        "(?P<before>.+) or earlier",
        "between (?P<begin>.+) and (?P<end>.+)",
        "from (?P<begin>.+?) (?:to|until|till) (?P<end>.+)",
        "(?:since|from) (?P<begin>.+)",
        "(?:up to|until|till) (?P<end>.+)",
    )
    outside = (
        "(?:before|prior to|earlier than) (?P<end>.+)",
        "(?:after|later than) (?P<begin>.+)",
    )
    old_style = r"o\. ?s\.?|os|old style|julian(?: calendar)?"
    new_style = r"n\. ?s\.?|ns|new style|gregorian(?: calendar)?"

    def written(self, date, place):
        words = self.qualifiers.get(date.qualifier, "")
        number = date.earliest.year
        article = "" if place == "plain" else "the "
        if date.precision == "century":
            number = century_of(date)
            return f"{article}{number}{_ordinal(number)} century"
        if date.precision == "decade":
            number = int(date.text[:3]) * 10
            # "1900s" alone may also mean the century.
            return f"{article}{_year(number)}s{'' if number % 100 else ' (decade)'}"
        year = _year(number)
        if date.precision == "year":
            return f"{words}{year}"
        month = self.months[date.earliest.month - 1]
        if date.precision == "month":
            return f"{words}{month} {year}"
        return f"{words}{date.earliest.day} {month} {year}"

    def at(self, date):
        preposition = "on" if date.precision == "day" else "in"
        words = self.written(date, "at")
        doubt = "possibly " if words.startswith("possibly ") else ""
        return f"{doubt}{preposition} {words.removeprefix(doubt)}"

    def short_range(self, begin, end, place="plain"):
        first, last = (self.written(one, "plain") for one in (begin, end))
        return f"{first} – {last}" if " " in first + last else f"{first}–{last}"


def _year(number):
    return str(number) if number >= 1000 else f"AD {number}"


def _ordinal(number):
    if number % 100 in (11, 12, 13):
        return "th"
    return {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")


LANGUAGE = English()
