"""What people type, and what is made of it."""

import re

import pytest
from django.conf import settings
from hypothesis import example, given
from hypothesis import settings as trying
from hypothesis import strategies as st

from chronology import HistoricalDate, InvalidDate, read_date
from chronology.display import display, display_typed

from .strategies import dates

READ = {
    # EDTF
    "1992": "1992", " 1992 ": "1992", "1918-05-28": "1918-05-28", "1957/1961": "1957/1961",
    "184X": "184X", "184x": "184X", "1840~": "1840~", "1991/..": "1991/..", "/1991": "/1991",
    # numbers
    "28.05.1918": "1918-05-28", "8.5.1918": "1918-05-08", "28.05.1918-": None,
    "28/05/1918": "1918-05-28", "05/28/1918": "1918-05-28", "05/05/1918": "1918-05-05",
    "28-05-1918": "1918-05-28", "06.2004": "2004-06", "6/2004": "2004-06",
    "2004-6": "2004-06", "1918-5-8": "1918-05-08", "1918/05/28": "1918-05-28",
    # English
    "28 May 1918": "1918-05-28", "28th of May, 1918": "1918-05-28", "May 28, 1918": "1918-05-28",
    "MAY 28 1918": "1918-05-28", "June 2004": "2004-06", "Sept. 2004": "2004-09",
    "2004 June": "2004-06", "in 1992": "1992", "about 1840": "1840~", "c. 1840": "1840~",
    "c.1840": "1840~", "ca. 1840": "1840~", "circa 1840": "1840~", "around 1840": "1840~",
    "possibly 1920": "1920?", "1920 (?)": "1920?", "possibly about 1920": "1920%",
    "about 1920?": "1920%", "about 28 May 1918": "1918-05-28~", "1840s": "184X",
    "the 1840s": "184X", "1840's": "184X", "20th century": "19XX", "the 1st century": "00XX",
    "1957–1961": "1957/1961", "1957-1961": "1957/1961", "1957 - 1961": "1957/1961",
    "1957—1961": "1957/1961", "about 1840–1850": "1840~/1850~", "June 2004 – May 2005":
    "2004-06/2005-05", "since 1991": "1991/..", "until 1991": "../1991",
    "from 1918 to 1920": "1918/1920", "from 1991 until an unknown date": "1991/",
    "2004–present": "2004/..", "AD 45": "0045", "28.05.1918 – 28.04.1920":
    "1918-05-28/1920-04-28",
    # Azerbaijani
    "1992-ci il": "1992", "1992-CI İL": "1992", "1992 ci il": None, "1992-ci ildə": "1992",
    "28 may 1918": "1918-05-28", "28 may 1918-ci il": "1918-05-28",
    "28 MAY 1918-Cİ İL": "1918-05-28", "1918-ci il mayın 28-i": "1918-05-28",
    "1918-ci il mayın 28-də": "1918-05-28", "iyun 2004": "2004-06", "İyun 2004": "2004-06",
    "IYUN 2004": "2004-06", "2004-cü ilin iyunu": "2004-06", "2004-cü ilin iyun ayı": "2004-06",
    "2004-cü il iyun": "2004-06", "təxminən 1840": "1840~", "TƏXMİNƏN 1840-CI İL": "1840~",
    "texminen 1840": "1840~", "təqribən 1840-cı il": "1840~", "ehtimal ki, 1920-ci il": "1920?",
    "1840-cı illər": "184X", "1840-ci illerde": "184X", "1900-cü illər": "190X",
    "XX əsr": "19XX", "xix əsr": "18XX", "20-ci əsr": "19XX", "1957-1961-ci illər": "1957/1961",
    "1957–1961-ci illərdə": "1957/1961", "1991-ci ildən": "1991/..",
    "1991-ci ildən bəri": "1991/..", "1991-ci ilə qədər": "../1991",
    "1918-ci ildən 1920-ci ilədək": "1918/1920", "1991-ci ildən indiyədək": "1991/..",
    "1 sentyabr 1918-ci il": "1918-09-01", "1918-ci ilin apreli": "1918-04",
    "1918-ci ilin sentyabrında": "1918-09",
    # Russian
    "28 мая 1918 года": "1918-05-28", "июнь 2004": "2004-06", "около 1840 года": "1840~",
    "1840-е годы": "184X", "XIX век": "18XX", "с 1991 года": "1991/..", "по 1991 год": "../1991",
    "28 мая 1918г.": "1918-05-28", "с 28 мая 1918 по 28 апреля 1920": "1918-05-28/1920-04-28",
    "с 28 мая 1918 г. по 28 апреля 1920 г.": "1918-05-28/1920-04-28",
    # the month in Roman numerals
    "28.V.1918": "1918-05-28", "28. V. 1918": "1918-05-28", "28 V 1918": "1918-05-28",
    "28/v/1918": "1918-05-28", "28-V-1918-ci il": "1918-05-28", "1.XII.1918 г.": "1918-12-01",
    "28.Х.1918": "1918-10-28", "V.1918": "1918-05",  # a Cyrillic Х
    # numbers and the Azerbaijani year
    "28.05.1918-ci il": "1918-05-28", "28.05.1918 il": "1918-05-28", "28.05.1918г.": "1918-05-28",
    "28.05.1918-ci ildə": "1918-05-28", "1918-ci il 28 may": "1918-05-28",
    # Azerbaijani periods
    "1918-ci il mayın 28-dən 1920-ci il aprelin 28-dək": "1918-05-28/1920-04-28",
    "1918-ci il mayın 28-dən 1920-ci il aprelin 28-nədək": "1918-05-28/1920-04-28",
    "1918-ci il mayın 28-dən 1920-ci il aprelin 28-nə qədər": "1918-05-28/1920-04-28",
    "28 may 1918-ci ildən 28 aprel 1920-ci ilədək": "1918-05-28/1920-04-28",
    "28.05.1918-ci ildən 28.04.1920-ci ilədək": "1918-05-28/1920-04-28",
    "1918-ci ilin mayından 1920-ci ilin aprelinədək": "1918-05/1920-04",
    # one year for both ends
    "1918-ci il mayın 28-dən iyunun 15-dək": "1918-05-28/1918-06-15",
    "1918-ci ilin mayından sentyabrınadək": "1918-05/1918-09",
    "from 28 May to 15 June 1918": "1918-05-28/1918-06-15", "May – June 1918": "1918-05/1918-06",
    "28 may – 15 iyun 1918-ci il": "1918-05-28/1918-06-15",
    "с 28 мая по 15 июня 1918 г.": "1918-05-28/1918-06-15",
    "19th century – 1918": "18XX/1918", "May 1918 – 1920": "1918-05/1920",
    "1918-ci il mayın 28-dən": "1918-05-28/..", "1920-ci il aprelin 28-dək": "../1920-04-28",
    "from 28 May 1918 to 28 April 1920": "1918-05-28/1920-04-28",
    # a moment whose bound is the day outside
    "before 1900": "/1899", "after 1905": "1906/", "prior to May 1918": "/1918-04",
    "before 1 January 1900": "/1899-12-31", "after 28 February 1904": "1904-02-29/",
    "after 31.12.1904": "1905-01-01/", "after December 1904": "1905-01/",
    "before the 1840s": "/1839", "after the 19th century": "1900/",
    "possibly before 1900": "/1899?", "in about 1900 or earlier": "/1900~",
    "possibly in about 1900": "1900%", "in the 1840s": "184X",
    "1900-cü ildən əvvəl": "/1899", "1905-ci ildən sonra": "1906/",
    "28 may 1918-ci ildən sonra": "1918-05-29/", "1918-ci il mayın 28-dən əvvəl": "/1918-05-27",
    "1918-ci ilin may ayından əvvəl": "/1918-04", "1840-cı illərdən sonra": "1850/",
    "до 1900": "/1899", "до 1900 года": "/1899", "после 1905": "1906/",
    "до мая 1918 г.": "/1918-04", "после 28 мая 1918 года": "1918-05-29/",
    "с 1918 до 1920": "1918/1920", "в мае 1918 года": "1918-05", "в XIX веке": "18XX",
    "1900 or earlier": "/1900", "about 1900 or later": "1900~/",
}  # fmt: skip


@pytest.mark.parametrize("text", [text for text in READ if READ[text]])
def test_read_as_people_mean_it(text):
    assert read_date(text).text == READ[text]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("03/04/05", "four digits"),
        ("03.04.05", "four digits"),
        ("3-4-05", "four digits"),
        ("92", "four digits"),
        ("92-ci il", "four digits"),
        ("May 92", "four digits"),
        ("28 may 18", "four digits"),
        ("'92", "four digits"),
        ("1939–45", "four digits"),
        ("90s", "four digits"),
        ("03/04/1905", "day or the month"),
        ("03-04-1905", "day or the month"),
        ("1900s", "190X"),
        ("2000s", "20XX"),
        ("1845s", "ends in 0"),
        ("about 1840s", "leave out"),
        ("təxminən XX əsr", "leave out"),
        ("about June 1840 – 1850", "not clear"),
        ("31.02.2024", "days 01 to 29"),
        ("31 June 1918", "days 01 to 30"),
        ("29 fevral 2023", "days 01 to 28"),
        ("32/13/1918", "no month 13"),
        ("28.XIII.1918", "no month 13"),
        ("31.IV.1918", "days 01 to 30"),
        ("before about 1900", "Nobody can say"),
        ("about before 1900", "Nobody can say"),
        ("təxminən 1900-cü ildən əvvəl", "Nobody can say"),
        ("before 0001", "0001 to 9999"),
        ("after 9999", "0001 to 9999"),
        ("before 1900–1905", "cannot be read"),
        ("before /1991", "cannot be read"),
        ("from 28 December to 15 January 1918", "cannot be read"),
        ("from 28 December 1918 to 15 January", "cannot be read"),
        ("from 28 May to 15 June", "four digits"),
        ("May – June", "cannot be read"),
        ("after 1991/..", "cannot be read"),
        ("from 1991/.. to 1995", "cannot be read"),
        ("May 1918 until somebody took over", "cannot be read"),
        ("28.25.1918", "no month 25"),
        ("13.13.1918", "no month 13"),
        ("0 May 1918", "no day 00"),
        ("1961-1957", "1957/1961"),
        ("101st century", "1st to the 100th"),
        ("IIII əsr", "1st to the 100th"),
        ("2004/06", "hyphen"),
        ("1992-13", "no month 13"),
        ("1990-21", "Seasons"),
        ("spring 1990", "cannot be read"),
        ("yaz 1990", "cannot be read"),
        ("hello", "cannot be read"),
        ("28 Florbruary 1918", "cannot be read"),
        ("1918-05-28 12:00", "Times of day"),
        ("28.05.1918-", "not a date"),
        ("44 BC", "cannot be read"),
        ("", "Write a date"),
        ("   ", "Write a date"),
        ("1992\x00", "cannot be read"),
        ("١٩٩٢", "cannot be read"),
        ("about " * 50_000, "too long"),
        ("x" * 100_000, "too long"),
    ],
    ids=lambda value: repr(value[:30]),
)
def test_what_is_ambiguous_or_impossible_is_refused_with_advice(text, words):
    with pytest.raises(InvalidDate) as refusal:
        read_date(text)
    assert words in str(refusal.value)


@trying(max_examples=1500, deadline=None)
@given(dates(), st.sampled_from(["az", "en", "ru"]))
@example(HistoricalDate("1840~/1850"), "en")
@example(HistoricalDate("190X/191X"), "en")
@example(HistoricalDate("1900/1900"), "az")
def test_what_is_shown_can_be_typed(date, language):
    assert read_date(display(date, language)) == date


@trying(max_examples=500, deadline=None)
@given(dates(), st.sampled_from(["az", "en", "ru"]))
@example(HistoricalDate("1840~/"), "en")
@example(HistoricalDate("/1840%"), "en")
@example(HistoricalDate("2004-03/"), "ru")
def test_what_stands_below_an_input_can_be_typed(date, language):
    assert read_date(display_typed(date, language)) == date


@pytest.mark.parametrize("language", ["az", "en", "ru"])
def test_every_year_month_decade_and_century_can_be_typed_as_shown(language):
    texts = [f"{year:04}" for year in range(1, 10_000)]
    texts += [f"1918-{month:02}{sign}" for month in range(1, 13) for sign in ("", "-07")]
    texts += [f"{decade:03}X" for decade in range(1000)]
    texts += [f"{century:02}XX" for century in range(100)]
    for text in texts:
        assert read_date(display(HistoricalDate(text), language)).text == text


WORDS = st.sampled_from(
    [
        "1918",
        "1920",
        "28",
        "5",
        "May",
        "may",
        "iyun",
        "about",
        "from",
        "to",
        "until",
        "since",
        "təxminən",
        "-",
        "–",
        "/",
        ".",
        ",",
        "s",
        "th",
        "century",
        "əsr",
        "il",
        "ilin",
        "ildən",
        "ilədək",
        "-ci",
        "illər",
        "(",
        ")",
        "?",
        "~",
        "%",
        "AD",
        "b.e.",
        "с",
        "по",
        "X",
        "XIX",
        "..",
        "naməlum",
        "vaxtdan",
        "год",
        "before",
        "əvvəl",
        "после",
        "or earlier",
        "O.S.",
        "(N.S.)",
        "köhnə üslubla",
        "25 October",
        "(7 November)",
        "mayın",
        "-dən",
        "-dək",
        "V",
        "/1991",
        "1991/..",
        "0001",
        "9999-12-31",
    ]
)
PHRASES = st.lists(WORDS, max_size=9).map(" ".join)


@trying(max_examples=500)
@given(st.one_of(st.text(), PHRASES, st.lists(WORDS).map("".join)))
@example("\ud800 1992")
@example("may may 1918")
@example("before /1991")
@example("from 184x/185x to 1900")
@example("(7 November) O.S. 9999-12-31")
@example("from  to ")
@example("—" * 119)
@example(("about " * 20)[:119])
def test_reading_never_fails_in_any_other_way(text):
    try:
        date = read_date(text)
    except InvalidDate as error:
        assert str(error)  # noqa: PT017 - both outcomes are right
    else:
        assert HistoricalDate.parse(date.text) == date


@pytest.mark.parametrize(
    ("guide", "heading"), [("editors-guide.md", "Dates"), ("editors-guide.az.md", "Tarixlər")]
)
def test_every_date_in_the_guide_for_editors_can_be_typed(guide, heading):
    text = (settings.BASE_DIR / "docs" / guide).read_text()
    section = re.search(rf"^## {heading}\n(.*?)^## ", text, re.DOTALL | re.MULTILINE)[1]
    examples = re.findall("`([^`]+)`", section)
    assert len(examples) > 10
    read = {example: read_date(" ".join(example.split())).text for example in examples}
    old_style = [example for example in read if read[example] == "1917-11-07"]
    assert len(old_style) >= 3


def test_only_text_is_read():
    with pytest.raises(TypeError):
        read_date(1992)
