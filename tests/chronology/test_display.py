"""How dates read in Azerbaijani, English and Russian."""

import pytest
from django.utils import translation

from chronology import HistoricalDate, read_date
from chronology.display import (
    display,
    display_moment,
    display_period,
    machine,
)
from chronology.languages.az import ordinal_suffix

SHOWN = {
    # EDTF: (English, Azerbaijani)
    "1992": ("1992", "1992-ci il"),
    "2004-06": ("June 2004", "2004-cü ilin iyun ayı"),
    "1918-05-28": ("28 May 1918", "28 may 1918-ci il"),
    "1840~": ("about 1840", "təxminən 1840-cı il"),
    "1920?": ("possibly 1920", "ehtimal ki, 1920-ci il"),
    "1920%": ("possibly about 1920", "ehtimal ki, təxminən 1920-ci il"),
    "1918-05~": ("about May 1918", "təxminən 1918-ci ilin may ayı"),
    "184X": ("1840s", "1840-cı illər"),
    "190X": ("1900s (decade)", "1900-cü illər"),
    "18XX": ("19th century", "XIX əsr"),
    "19XX": ("20th century", "XX əsr"),
    "20XX": ("21st century", "XXI əsr"),
    "10XX": ("11th century", "XI əsr"),
    "0045": ("AD 45", "b.e. 45-ci il"),
    "1957/1961": ("1957–1961", "1957–1961-ci illər"),
    "1918/1920": ("1918–1920", "1918–1920-ci illər"),
    "1918-05-28/1920-04-28": (
        "28 May 1918 – 28 April 1920",
        "28 may 1918-ci ildən 28 aprel 1920-ci ilədək",
    ),
    "2004-06/2005": ("June 2004 – 2005", "2004-cü ilin iyun ayından 2005-ci ilədək"),
    "1840~/1850": (
        "from about 1840 to 1850",
        "təxminən 1840-cı ildən 1850-ci ilədək",
    ),
    "184X/185X": ("1840s–1850s", "1840-cı illərdən 1850-ci illərədək"),
    "18XX/19XX": ("19th century – 20th century", "XIX əsrdən XX əsrədək"),
    "1991/..": ("since 1991", "1991-ci ildən"),
    "184X/..": ("since the 1840s", "1840-cı illərdən"),
    "../1991-10-18": ("until 18 October 1991", "18 oktyabr 1991-ci ilədək"),
    "1991/": ("from 1991 until an unknown date", "1991-ci ildən naməlum vaxtadək"),
    "/1991": ("from an unknown date until 1991", "naməlum vaxtdan 1991-ci ilədək"),
}


@pytest.mark.parametrize("text", SHOWN)
def test_shown_in_english_and_azerbaijani(text):
    date = HistoricalDate(text)
    assert (display(date, "en"), display(date, "az")) == SHOWN[text]


def test_shown_in_russian():
    shown = {
        "1992": "1992 год",
        "2004-06": "июнь 2004 года",
        "1918-05-28": "28 мая 1918 года",
        "1840~": "примерно 1840 год",
        "184X": "1840-е годы",
        "18XX": "XIX век",
        "1957/1961": "1957–1961 годы",
        "2004-06/..": "с июня 2004 года",
    }
    assert {text: display(HistoricalDate(text), "ru") for text in shown} == shown


def test_the_active_language_counts_and_others_see_english():
    date = HistoricalDate("2004-06")
    with translation.override("az"):
        assert display(date) == "2004-cü ilin iyun ayı"
    with translation.override("en"):
        assert display(date) == "June 2004"
    assert display(date, "de") == display(date, "en-gb") == "June 2004"
    assert display(None) == ""


def test_azerbaijani_months_have_small_letters():
    for month in range(1, 13):
        name = display(HistoricalDate(f"1918-{month:02}-28"), "az")
        assert name == name.lower()
        assert "i̇" not in name  # i with a stray dot: "İ".lower() of the wrong library


UNITS = ["bir", "iki", "üç", "dörd", "beş", "altı", "yeddi", "səkkiz", "doqquz"]
TENS = ["on", "iyirmi", "otuz", "qırx", "əlli", "altmış", "yetmiş", "səksən", "doxsan"]
HARMONY = {"a": "cı", "ı": "cı", "o": "cu", "u": "cu", "ö": "cü", "ü": "cü"} | dict.fromkeys(
    "eəi", "ci"
)


def spoken(number):
    """A number from 1 to 9999 in Azerbaijani words."""
    words = []
    for value, word in ((1000, "min"), (100, "yüz")):
        count, number = divmod(number, value)
        if count:
            words += ([UNITS[count - 1]] if count > 1 else []) + [word]
    tens, units = divmod(number, 10)
    return words + ([TENS[tens - 1]] if tens else []) + ([UNITS[units - 1]] if units else [])


def test_the_suffix_follows_the_last_vowel_of_the_spoken_number_for_every_year():
    assert spoken(1992) == ["min", "doqquz", "yüz", "doxsan", "iki"]
    for number in range(1, 10_000):
        last_vowel = [letter for letter in spoken(number)[-1] if letter in HARMONY][-1]
        assert ordinal_suffix(number) == HARMONY[last_vowel], number


def test_suffixes_known_from_print():
    known = {
        1000: "ci", 1900: "cü", 1906: "cı", 1910: "cu", 1918: "ci", 1920: "ci", 1930: "cu",
        1940: "cı", 1950: "ci", 1960: "cı", 1970: "ci", 1980: "ci", 1990: "cı", 1992: "ci",
        1993: "cü", 2000: "ci", 2004: "cü", 2009: "cu", 2016: "cı",
    }  # fmt: skip
    assert {number: ordinal_suffix(number) for number in known} == known
    for number in (-1, 1_000_000):
        with pytest.raises(ValueError, match="known for"):
            ordinal_suffix(number)


def test_machine_dates_only_for_what_is_precise():
    assert [machine(HistoricalDate(t)) for t in ("1992", "2004-06", "1918-05-28")] == [
        "1992",
        "2004-06",
        "1918-05-28",
    ]
    for text in ("1992~", "1918-05-28?", "184X", "18XX", "1957/1961", "1991/.."):
        assert machine(HistoricalDate(text)) is None
    assert machine(None) is None


def test_a_pair_of_dates_as_one_phrase():
    begin, end = HistoricalDate("1918-05-28"), HistoricalDate("1920")
    assert display_period(begin, end, "en") == "28 May 1918 – 1920"
    assert display_period(HistoricalDate("1918"), end, "az") == "1918–1920-ci illər"
    assert display_period(begin, None, "en") == "since 28 May 1918"
    assert display_period(begin, None, "az") == "28 may 1918-ci ildən"
    unknown = display_period(begin, None, "en", empty_end="unknown")
    assert unknown == "from 28 May 1918 until an unknown date"
    assert display_period(None, end, "en") == "from an unknown date until 1920"
    assert display_period(None, None, "en") == "since an unknown date"
    assert display_period(None, None, "az", empty_end="unknown") == "tarixi naməlum"


def test_a_begin_that_is_itself_a_period():
    begin, end = HistoricalDate("1957/1961"), HistoricalDate("1970")
    assert display_period(begin, None, "en") == "since 1957–1961"
    assert display_period(begin, None, "az") == "1957–1961-ci illərdən"
    assert display_period(begin, end, "en") == "from 1957–1961 to 1970"
    assert display_period(begin, end, "az") == "1957–1961-ci illərdən 1970-ci ilədək"


@pytest.mark.parametrize(
    ("begin", "azerbaijani", "english", "russian"),
    [
        (
            "/1917-11-20",  # at some time, at the latest on that day
            "ən geci 20 noyabr 1917-ci ildən",
            "since 20 November 1917 at the latest",
            "с 20 ноября 1917 года или ранее",
        ),
        (
            "../1917",
            "ən geci 1917-ci ildən",
            "since 1917 at the latest",
            "с 1917 года или ранее",
        ),
        (
            "1828/",
            "ən tezi 1828-ci ildən",
            "since 1828 at the earliest",
            "с 1828 года или позднее",
        ),
        (
            "1950?/2026-11-29",
            "ehtimal ki, 1950-ci il ilə 29 noyabr 2026-cı il arasında naməlum vaxtdan",
            "since an unknown date between possibly 1950 and 29 November 2026",
            "с неизвестной даты в период с предположительно 1950 года по 29 ноября 2026 года",
        ),
        (
            "184X/1917-05",
            "1840-cı illər ilə 1917-ci ilin may ayı arasında naməlum vaxtdan",
            "since an unknown date between the 1840s and May 1917",
            "с неизвестной даты в период с 1840-х годов по май 1917 года",
        ),
        ("1957/1961", "1957–1961-ci illərdən", "since 1957–1961", "с 1957–1961 годов"),
    ],
)
def test_since_a_time_known_within_bounds(begin, azerbaijani, english, russian):
    shown = [display_period(HistoricalDate(begin), None, lang) for lang in ("az", "en", "ru")]
    assert shown == [azerbaijani, english, russian]


@pytest.mark.parametrize(
    ("end", "azerbaijani", "english", "russian"),
    [
        (
            "/1917-11-20",
            "1900-cü ildən ən geci 20 noyabr 1917-ci ilədək",
            "from 1900 to 20 November 1917 at the latest",
            "с 1900 года по 20 ноября 1917 года или ранее",
        ),
        (
            "1950?/2026-11-29",
            "1900-cü ildən ehtimal ki, 1950-ci il ilə 29 noyabr 2026-cı il arasında "
            "naməlum vaxtadək",
            "from 1900 to an unknown date between possibly 1950 and 29 November 2026",
            "с 1900 года по неизвестную дату в период с предположительно 1950 года "
            "по 29 ноября 2026 года",
        ),
    ],
)
def test_until_a_time_known_within_bounds(end, azerbaijani, english, russian):
    begin, end = HistoricalDate("1900"), HistoricalDate(end)
    shown = [display_period(begin, end, lang) for lang in ("az", "en", "ru")]
    assert shown == [azerbaijani, english, russian]


@pytest.mark.parametrize(
    ("text", "english", "azerbaijani"),
    [
        ("1828/", "in 1828 or later", "1828-ci ildə və ya sonra"),
        ("/1917", "in 1917 or earlier", "1917-ci ildə və ya əvvəl"),
        (
            "1991-10-18/",
            "on 18 October 1991 or later",
            "18 oktyabr 1991-ci ildə və ya sonra",
        ),
        (
            "1917-11-13?/",
            "possibly on 13 November 1917 or later",
            "ehtimal ki, 13 noyabr 1917-ci ildə və ya sonra",
        ),
        ("184X/", "in the 1840s or later", "1840-cı illərdə və ya sonra"),
        ("1957/1961", "between 1957 and 1961", "1957-ci il ilə 1961-ci il arasında"),
        (
            "184X/18XX",
            "between the 1840s and the 19th century",
            "1840-cı illər ilə XIX əsr arasında",
        ),
        (
            "1950?/2026-11-29",
            "between possibly 1950 and 29 November 2026",
            "ehtimal ki, 1950-ci il ilə 29 noyabr 2026-cı il arasında",
        ),
        ("/1917-11-20", "on 20 November 1917 or earlier", "20 noyabr 1917-ci ildə və ya əvvəl"),
        ("1992", "1992", "1992-ci il"),
    ],
)
def test_a_moment_known_within_bounds_is_no_duration(text, english, azerbaijani):
    date = HistoricalDate.parse(text)
    assert display_moment(date, "en") == english
    assert display_moment(date, "az") == azerbaijani
    assert read_date(english) == date
    assert read_date(azerbaijani) == date


@pytest.mark.parametrize(
    ("text", "russian"),
    [
        ("1828/", "в 1828 году или позднее"),
        ("/1917", "в 1917 году или ранее"),
        ("/1917-11-20", "20 ноября 1917 года или ранее"),
        ("1918-05/", "в мае 1918 года или позднее"),
        ("/1917?", "предположительно в 1917 году или ранее"),
        ("184X/", "в 1840-х годах или позднее"),
        ("/18XX", "в XIX веке или ранее"),
        ("/0045", "в 45 году н. э. или ранее"),
        ("1957/1961", "в период с 1957 года по 1961 год"),
        (
            "1950?/2026-11-29",
            "в период с предположительно 1950 года по 29 ноября 2026 года",
        ),
    ],
)
def test_a_moment_known_within_bounds_in_russian(text, russian):
    date = HistoricalDate.parse(text)
    assert display_moment(date, "ru") == russian
    assert read_date(russian) == date
