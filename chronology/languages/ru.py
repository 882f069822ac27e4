"""Russian: no language of the site yet, but that of many sources, so its dates are read."""

from chronology.languages.language import (
    NUMBER,
    ROMAN,
    YEAR,
    Language,
    are_plain_years,
    century_of,
    roman,
)

# Endings of "год", "годы" and "век" by their place.
_YEAR = {"plain": "год", "from": "года", "until": "год", "at": "году"}
_YEARS = {"plain": "-е годы", "from": "-х годов", "until": "-е годы", "at": "-х годах"}
_CENTURY = {"plain": "век", "from": "века", "until": "век", "at": "веке"}


class Russian(Language):
    code = "ru"
    locale = "ru_RU"

    alphabet = "АБВГДЕЁЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯ"
    yes_words, no_words = ("да",), ("нет",)
    nothing_words = ("нет", "неизвестно")

    months = (
        "январь", "февраль", "март", "апрель", "май", "июнь", "июль", "август", "сентябрь",
        "октябрь", "ноябрь", "декабрь",
    )  # fmt: skip
    # "28 мая", "с июня": after a number or a preposition.
    genitives = (
        "января", "февраля", "марта", "апреля", "мая", "июня", "июля", "августа", "сентября",
        "октября", "ноября", "декабря",
    )  # fmt: skip
    # "в мае"
    prepositionals = tuple(f"{name.rstrip('ьй')}е" for name in months)
    qualifiers = {"~": "примерно ", "?": "предположительно ", "%": "предположительно примерно "}
    nothing_known = "даты неизвестны"
    or_later, or_earlier = "{} или позднее", "{} или ранее"
    between = ("в период с {} по {}", "from", "until")
    at_the_earliest, at_the_latest = or_later, or_earlier
    from_until, since, until = "с {} по {}", "с {}", "по {}"
    unknown_begin, unknown_end = "неизвестной даты", "неизвестную дату"

    other_months = (genitives, prepositionals)
    about = r"около|примерно|приблизительно|ок\."
    possibly = "возможно|предположительно|вероятно"
    prepositions = "в"
    unknown_words = ("неизвестной даты", "неизвестную дату")
    present_words = ("настоящее время",)
    year_word = r" (?:год|года|году)| ?г\.?"
    years_word = r"годы|годов|годах|гг?\.?"
    era_after = r"н\. ?э\."
    decades = (rf"{YEAR}-(?:е|ые|х|ых) (?:годы|годов|годах|гг?\.?)",)
    centuries = (rf"{NUMBER}-й век", rf"{ROMAN} (?:век|века|веке)")
    periods = (
        "(?P<after>.+) или (?:позднее|позже)",
        "(?P<before>.+) или (?:ранее|раньше)",
        "(?:в период )?с (?P<begin>.+?) (?:по|до) (?P<end>.+)",
        "с (?P<begin>.+)",
        "по (?P<end>.+)",
    )
    outside = (
        "(?:до|ранее|раньше) (?P<end>.+)",
        "(?:после|позже|позднее) (?P<begin>.+)",
    )
    old_style = (
        r"ст\. ?ст\.?|(?:по )?(?:старый|старого|старому) стил[ьюя]|(?:по )?юлианск\w+ календар\w+"
    )
    new_style = (
        r"н\. ?ст\.?|(?:по )?(?:новый|нового|новому) стил[ьюя]|(?:по )?григорианск\w+ календар\w+"
    )

    def written(self, date, place):
        words = self.qualifiers.get(date.qualifier, "")
        if place == "at" and date.precision != "day":
            words += "в "
        if date.precision == "century":
            return f"{words}{roman(century_of(date))} {_CENTURY[place]}"
        number = int(date.text[:3]) * 10 if date.precision == "decade" else date.earliest.year
        era = "" if number >= 1000 else " н. э."
        if date.precision == "decade":
            return f"{words}{number}{_YEARS[place]}{era}"
        if date.precision == "year":
            return f"{words}{number} {_YEAR[place]}{era}"
        month = date.earliest.month - 1
        name = self.months[month]
        if date.precision == "day" or place == "from":
            name = self.genitives[month]
        elif place == "at":
            name = self.prepositionals[month]
        if date.precision == "month":
            return f"{words}{name} {number} года{era}"
        return f"{words}{date.earliest.day} {name} {number} года{era}"

    def short_range(self, begin, end, place="plain"):
        if not are_plain_years(begin, end):
            return None
        return f"{begin.year}–{end.year} {'годов' if place == 'from' else 'годы'}"


LANGUAGE = Russian()
