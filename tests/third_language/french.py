"""French, as somebody who adds it would write it to chronology/languages/fr.py."""

from chronology.languages.language import NUMBER, ROMAN, YEAR, Language, century_of, roman


class French(Language):
    code = "fr"
    locale = "fr_FR"

    small_words = ("de", "du", "des", "la", "le", "les", "et")

    months = (
        "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre",
        "octobre", "novembre", "décembre",
    )  # fmt: skip
    qualifiers = {"~": "vers ", "?": "peut-être ", "%": "peut-être vers "}
    nothing_known = "dates inconnues"
    or_later, or_earlier = "{} ou plus tard", "{} ou plus tôt"
    between = ("entre {} et {}", "plain", "plain")
    at_the_earliest, at_the_latest = "{} au plus tôt", "{} au plus tard"
    from_until, since, until = "de {} à {}", "depuis {}", "jusqu’à {}"
    unknown_begin = unknown_end = "une date inconnue"

    folded_letters = {"é": "e", "è": "e", "û": "u", "ô": "o", "à": "a", "ê": "e"}
    about, possibly = "vers|environ", "peut-etre"
    prepositions = "en|le"
    day_suffix = "er"
    decades = (rf"annees {YEAR}",)
    centuries = (rf"{ROMAN}e siecle", rf"{NUMBER}e siecle")
    periods = (
        "(?P<after>.+) ou plus tard",
        "(?P<before>.+) ou plus tot",
        "entre (?P<begin>.+) et (?P<end>.+)",
        "de (?P<begin>.+?) a (?P<end>.+)",
        "depuis (?P<begin>.+)",
        "jusqu'a (?P<end>.+)",
    )
    outside = ("avant (?P<end>.+)", "apres (?P<begin>.+)")

    def written(self, date, place):
        words = self.qualifiers.get(date.qualifier, "")
        if date.precision == "century":
            return f"{roman(century_of(date))}e siècle"
        if date.precision == "decade":
            return f"années {int(date.text[:3]) * 10}"
        year = f"{date.earliest.year:04}"
        if date.precision == "year":
            return f"{words}{year}"
        month = self.months[date.earliest.month - 1]
        if date.precision == "month":
            return f"{words}{month} {year}"
        return f"{words}{date.earliest.day} {month} {year}"


LANGUAGE = French()
