"""Dates of the Julian calendar: read as such, stored as the day of the Gregorian calendar."""

import datetime

import pytest
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from chronology import HistoricalDate, InvalidDate, read_date
from chronology.display import display
from chronology.languages import known
from chronology.old_style import explanation
from chronology.reading import understand

READ = {
    # marked as Old Style
    "25 October 1917 (O.S.)": "1917-11-07", "25 October 1917 O.S.": "1917-11-07",
    "25 October 1917 OS": "1917-11-07", "25 October 1917, Old Style": "1917-11-07",
    "October 25, 1917 (Old Style)": "1917-11-07", "O.S. 25 October 1917": "1917-11-07",
    "25 October 1917 (Julian calendar)": "1917-11-07", "25.10.1917 (O. S.)": "1917-11-07",
    "1917-10-25 O.S.": "1917-11-07", "about 25 October 1917 (O.S.)": "1917-11-07~",
    "25 October 1917? (O.S.)": "1917-11-07?", "possibly 25 October 1917 O.S.": "1917-11-07?",
    "köhnə üslubla 25 oktyabr 1917": "1917-11-07", "25 oktyabr 1917 (k.ü.)": "1917-11-07",
    "KÖHNƏ ÜSLUBLA 25 OKTYABR 1917-Cİ İL": "1917-11-07",
    "25 oktyabr 1917-ci il (köhnə üslub)": "1917-11-07",
    "1917-ci il oktyabrın 25-i köhnə üslubla": "1917-11-07",
    "köhnə təqvimlə 25.10.1917": "1917-11-07", "Yuli təqvimi ilə 25.10.1917": "1917-11-07",
    "25 октября 1917 г. ст. ст.": "1917-11-07", "25 октября 1917 года (ст.ст.)": "1917-11-07",
    "25 октября 1917 по старому стилю": "1917-11-07",
    "25 октября 1917 г. (старый стиль)": "1917-11-07",
    # and as New Style
    "7 November 1917 N.S.": "1917-11-07", "7 November 1917 (New Style)": "1917-11-07",
    "yeni üslubla 7 noyabr 1917": "1917-11-07", "7 noyabr 1917 (y.ü.)": "1917-11-07",
    "7 ноября 1917 г. н. ст.": "1917-11-07", "7 ноября 1917 по новому стилю": "1917-11-07",
    "1917 N.S.": "1917", "November 1917 N.S.": "1917-11",
    # both days given
    "7 November (25 October) 1917": "1917-11-07", "25 October (7 November) 1917": "1917-11-07",
    "25 октября (7 ноября) 1917": "1917-11-07", "25 октября (7 ноября) 1917 г.": "1917-11-07",
    "25 oktyabr (7 noyabr) 1917-ci il": "1917-11-07", "13 (26) November 1917": "1917-11-26",
    "13 (26) ноября 1917 года": "1917-11-26", "13/26 November 1917": "1917-11-26",
    "25 October/7 November 1917": "1917-11-07", "October 25 (November 7), 1917": "1917-11-07",
    "25.10 (07.11).1917": "1917-11-07", "25.10/07.11.1917": "1917-11-07",
    "25.10.1917 (07.11.1917)": "1917-11-07", "7 November 1917 (25 October)": "1917-11-07",
    "7 November 1917 (25 October O.S.)": "1917-11-07",
    "7 November [O.S. 25 October] 1917": "1917-11-07",
    "25 October O.S. (7 November N.S.) 1917": "1917-11-07",
    "25 октября 1917 (7 ноября по новому стилю)": "1917-11-07",
    "1917-ci il oktyabrın 25-i (noyabrın 7-si)": "1917-11-07",
    "25 December 1917 (7 January 1918)": "1918-01-07",
    "7 January 1918 (25 December 1917)": "1918-01-07",
    "29 February (13 March) 1900": "1900-03-13", "13 March (29 February) 1900": "1900-03-13",
    "about 25 October (7 November) 1917": "1917-11-07~",
    # in periods
    "25 October 1917 (O.S.) – 7 January 1918 (O.S.)": "1917-11-07/1918-01-20",
    "25 October 1917 (O.S.) – 28 May 1918 N.S.": "1917-11-07/1918-05-28",
    "from 25 October (7 November) 1917 to 28 May 1918": "1917-11-07/1918-05-28",
    "since 25 October 1917 O.S.": "1917-11-07/..", "25 October 1917 O.S. – 1920": "1917-11-07/1920",
    "before 25 October 1917 O.S.": "/1917-11-06", "after 25 October 1917 O.S.": "1917-11-08/",
    # a month of the Julian calendar lies across two of ours
    "October 1917 (O.S.)": "1917-10-14/1917-11-13", "oktyabr 1917 (k.ü.)": "1917-10-14/1917-11-13",
    "about October 1917 (O.S.)": "1917-10-14~/1917-11-13~",
}  # fmt: skip


@pytest.mark.parametrize("text", READ)
def test_read_as_the_day_of_the_gregorian_calendar(text):
    assert read_date(text).text == READ[text]


@pytest.mark.parametrize(
    ("julian", "gregorian"),
    [
        # ten days from 1 March 1500 on, one more after each 29 February that we do not have
        ("1582-10-04", "1582-10-14"),
        ("1582-10-05", "1582-10-15"),
        ("1700-02-18", "1700-02-28"),
        ("1700-02-19", "1700-03-01"),
        ("1700-02-28", "1700-03-10"),
        ("1700-02-29", "1700-03-11"),
        ("1700-03-01", "1700-03-12"),
        ("1800-02-28", "1800-03-11"),
        ("1800-02-29", "1800-03-12"),
        ("1800-03-01", "1800-03-13"),
        ("1899-12-19", "1899-12-31"),
        ("1899-12-20", "1900-01-01"),
        ("1900-02-28", "1900-03-12"),
        ("1900-02-29", "1900-03-13"),
        ("1900-03-01", "1900-03-14"),
        ("1917-12-18", "1917-12-31"),
        ("1917-12-19", "1918-01-01"),
        ("1918-01-31", "1918-02-13"),  # the last one in Soviet Russia
        ("1918-02-01", "1918-02-14"),
        ("1918-04-18", "1918-05-01"),
        ("2000-02-29", "2000-03-13"),
        ("2100-02-28", "2100-03-13"),
        ("2100-03-01", "2100-03-15"),
        ("0001-01-03", "0001-01-01"),
        ("0300-03-01", "0300-03-02"),
        ("9999-10-19", "9999-12-31"),
    ],
)
def test_the_difference_follows_from_the_rule_on_the_very_day(julian, gregorian):
    assert read_date(f"{julian} O.S.").text == gregorian


def day_number_of_julian(year, month, day):
    """The Julian day number of a Julian date (Meeus, "Astronomical Algorithms", chapter 7)."""
    if month <= 2:
        year, month = year - 1, month + 12
    return int(365.25 * (year + 4716)) + int(30.6001 * (month + 1)) + day - 1524


def gregorian_of_day_number(number):
    """The Gregorian date of a Julian day number (Richards, 2013)."""
    f = number + 1401 + (((4 * number + 274277) // 146097) * 3) // 4 - 38
    g = (4 * f + 3) % 1461 // 4
    h = 5 * g + 2
    month = (h // 153 + 2) % 12 + 1
    return (4 * f + 3) // 1461 - 4716 + (12 + 2 - month) // 12, month, h % 153 // 5 + 1


@st.composite
def julian_days(draw):
    year, month = draw(st.integers(2, 1918)), draw(st.integers(1, 12))
    leap = year % 4 == 0
    return (
        year,
        month,
        draw(st.integers(1, [31, 28 + leap, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1])),
    )


@settings(max_examples=1000, deadline=None)
@given(julian_days())
def test_any_day_before_1918_is_the_day_that_day_numbers_say(julian):
    gregorian = gregorian_of_day_number(day_number_of_julian(*julian))
    expected = HistoricalDate.from_date(datetime.date(*gregorian))
    year, month, day = julian
    texts = [f"{year:04}-{month:02}-{day:02} O.S.", f"{day:02}.{month:02}.{year:04} (k.ü.)"]
    if year >= 1000:
        texts += [
            f"{day} {known()['en'].months[month - 1]} {year} Old Style",
            f"köhnə üslubla {day} {known()['az'].months[month - 1]} {year}-ci il",
            f"{day} {known()['ru'].genitives[month - 1]} {year} г. ст. ст.",
        ]
    for text in texts:
        assert read_date(text) == expected
    for language in ("az", "en", "ru"):
        assert read_date(display(expected, language)) == expected


@settings(max_examples=300, deadline=None)
@given(st.dates(datetime.date(1000, 1, 8), datetime.date(1918, 12, 31)), st.integers(-3, 3))
def test_two_days_are_read_only_where_they_are_one(gregorian, wrong):
    for julian in range(gregorian.toordinal() - 14, gregorian.toordinal()):
        julian = datetime.date.fromordinal(julian)
        if read_date(f"{julian} O.S.").exact == gregorian:
            break
    else:
        return  # 29 February of a year that has none here
    other = gregorian + datetime.timedelta(days=wrong)
    for text in (f"{julian} ({other})", f"{other} ({julian})"):
        if not wrong:
            assert read_date(text).exact == gregorian
        else:
            with pytest.raises(InvalidDate, match="do not agree"):
                read_date(text)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            "8 November (25 October) 1917",
            "25 October 1917 Old Style is 7 November 1917, not 8 November 1917",
        ),
        (
            "25 October (8 November) 1917",
            "25 October 1917 Old Style is 7 November 1917, not 8 November 1917",
        ),
        (
            "25 December (7 January) 1917",
            "7 January 1917 Old Style is 20 January 1917, not 25 December 1917",
        ),
        ("7 November O.S. (25 October) 1917", "7 November 1917 Old Style is 20 November 1917"),
        ("13/27 November 1917", "13 November 1917 Old Style is 26 November 1917"),
        ("29 February 1900 N.S.", "days 01 to 28"),
        ("29 February 1901 O.S.", "days 01 to 28"),
        ("32 October 1917 O.S.", "days 01 to 31"),
        ("32 October (7 November) 1917", "days 01 to 31"),
        ("25.13.1917 O.S.", "no month 13"),
        ("0001-01-02 O.S.", "0001 to 9999"),
        ("9999-10-20 O.S.", "0001 to 9999"),
        ("1917 O.S.", "a day or a month"),
        ("köhnə üslubla 1917-ci il", "a day or a month"),
        ("1840s (O.S.)", "a day or a month"),
        ("XIX əsr (k.ü.)", "a day or a month"),
        ("October 1917 (O.S.) – May 1918", "Write the day"),
        ("since October 1917 O.S.", "Write the day"),
        ("25 October 1917 – 7 January 1918 (O.S.)", "for both"),
        ("köhnə üslubla 25 oktyabr 1917 – 7 yanvar 1918", "for both"),
        ("from 25 October 1917 O.S. to May 1918", "for both"),
        ("03/04/1905 O.S.", "day or the month"),
        ("October (November) 1917", "cannot be read"),
        ("1917 (1918)", "cannot be read"),
        ("25 October O.S. (7 November O.S.) 1917", "cannot be read"),
        ("O.S.", "cannot be read"),
        ("25 October 1917 O.S. N.S.", "cannot be read"),
        ("25 October 1917 (7 November", "cannot be read"),
    ],
)
def test_what_does_not_hold_is_refused_with_the_days_or_with_advice(text, words):
    with translation.override("en"), pytest.raises(InvalidDate) as refusal:
        read_date(text)
    assert words in str(refusal.value)


def test_a_conversion_is_told_in_words():
    reading = understand("25 October 1917 (O.S.)")
    with translation.override("en"):
        assert explanation(reading) == "25 October 1917 Old Style is 7 November 1917."
    with translation.override("az"):
        assert explanation(reading) == (
            "Köhnə üslubla 25 oktyabr 1917-ci il yeni üslubla 7 noyabr 1917-ci il deməkdir."
        )


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("29.02.1900 O.S.", "29 February 1900 Old Style is 13 March 1900."),
        ("13 (26) noyabr 1917", "13 November 1917 Old Style is 26 November 1917."),
        ("about 25 October 1917 OS", "25 October 1917 Old Style is 7 November 1917."),
        ("October 1917 OS", "October 1917 Old Style is 14 October 1917 – 13 November 1917."),
        (
            "25 October 1917 OS – 7 January 1918 OS",
            "25 October 1917 Old Style is 7 November 1917. "
            "7 January 1918 Old Style is 20 January 1918.",
        ),
        ("before 25 October 1917 OS", "25 October 1917 Old Style is 7 November 1917."),
        ("7 November 1917 N.S.", ""),
        ("7 November 1917", ""),
        ("1917-11-07", ""),
    ],
)
def test_every_conversion_is_told_and_nothing_else(text, words):
    with translation.override("en"):
        assert explanation(understand(text)) == words
