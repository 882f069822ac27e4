"""The notation: what is accepted, what it means, and how refusals read."""

import copy
import datetime
import pickle

import pytest
from django.core.exceptions import ValidationError
from hypothesis import example, given
from hypothesis import strategies as st

from chronology import HistoricalDate, InvalidDate

from .strategies import dates

D = datetime.date

BOUNDS = {
    "1992": (D(1992, 1, 1), D(1992, 12, 31), "year", ""),
    "0001": (D(1, 1, 1), D(1, 12, 31), "year", ""),
    "9999": (D(9999, 1, 1), D(9999, 12, 31), "year", ""),
    "2004-06": (D(2004, 6, 1), D(2004, 6, 30), "month", ""),
    "2023-02": (D(2023, 2, 1), D(2023, 2, 28), "month", ""),
    "2024-02": (D(2024, 2, 1), D(2024, 2, 29), "month", ""),
    "1900-02": (D(1900, 2, 1), D(1900, 2, 28), "month", ""),
    "2000-02": (D(2000, 2, 1), D(2000, 2, 29), "month", ""),
    "1918-12": (D(1918, 12, 1), D(1918, 12, 31), "month", ""),
    "1918-05-28": (D(1918, 5, 28), D(1918, 5, 28), "day", ""),
    "2024-02-29": (D(2024, 2, 29), D(2024, 2, 29), "day", ""),
    "1840~": (D(1840, 1, 1), D(1840, 12, 31), "year", "~"),
    "1840?": (D(1840, 1, 1), D(1840, 12, 31), "year", "?"),
    "1918-05%": (D(1918, 5, 1), D(1918, 5, 31), "month", "%"),
    "1918-05-28?": (D(1918, 5, 28), D(1918, 5, 28), "day", "?"),
    "184X": (D(1840, 1, 1), D(1849, 12, 31), "decade", ""),
    "000X": (D(1, 1, 1), D(9, 12, 31), "decade", ""),
    "999X": (D(9990, 1, 1), D(9999, 12, 31), "decade", ""),
    "18XX": (D(1800, 1, 1), D(1899, 12, 31), "century", ""),
    "00XX": (D(1, 1, 1), D(99, 12, 31), "century", ""),
    "99XX": (D(9900, 1, 1), D(9999, 12, 31), "century", ""),
    "1957/1961": (D(1957, 1, 1), D(1961, 12, 31), "period", ""),
    "1957/1957": (D(1957, 1, 1), D(1957, 12, 31), "period", ""),
    "1918-05-28/1918-05-28": (D(1918, 5, 28), D(1918, 5, 28), "period", ""),
    "2004-06/2004": (D(2004, 6, 1), D(2004, 12, 31), "period", ""),
    "1918-05-28%/1920-04-28%": (D(1918, 5, 28), D(1920, 4, 28), "period", ""),
    "18XX/190X": (D(1800, 1, 1), D(1909, 12, 31), "period", ""),
    "1991/..": (D(1991, 1, 1), D.max, "period", ""),
    "../1991-10": (D.min, D(1991, 10, 31), "period", ""),
    "1991~/": (D(1991, 1, 1), None, "period", ""),
    "/1991": (None, D(1991, 12, 31), "period", ""),
}


@pytest.mark.parametrize("text", BOUNDS)
def test_a_date_means_the_days_from_earliest_to_latest(text):
    date = HistoricalDate.parse(text)
    assert (date.earliest, date.latest, date.precision, date.qualifier) == BOUNDS[text]
    assert date.text == str(date) == text


def test_only_a_plain_day_is_exact():
    assert HistoricalDate.parse("1918-05-28").exact == D(1918, 5, 28)
    for text in ("1918-05-28~", "1918-05-28?", "1918-05", "1918", "191X", "1918-05-28/.."):
        assert HistoricalDate.parse(text).exact is None


def test_the_year_is_given_only_where_one_is_written():
    years = {"1992": 1992, "1840~": 1840, "1918-05-28": 1918, "184X": None, "1957/1961": None}
    assert {text: HistoricalDate.parse(text).year for text in years} == years


def test_a_period_has_two_ends():
    date = HistoricalDate.parse("1840~/1850-02")
    assert date.is_period
    assert (date.begin, date.end) == (HistoricalDate("1840~"), HistoricalDate("1850-02"))
    assert (HistoricalDate("1991/..").end, HistoricalDate("/1991").begin) == (None, None)
    assert not HistoricalDate("1991").is_period
    assert HistoricalDate("1991").begin is None


REFUSED = {
    # text: words that the sentence must contain
    "": "Write a date",
    "0000": "no year 0000",
    "0000-01": "no year 0000",
    "2024-02-30": "days 01 to 29",
    "2023-02-29": "days 01 to 28",
    "1900-02-29": "days 01 to 28",
    "2024-04-31": "days 01 to 30",
    "2024-04-00": "no day 00",
    "1992-13": "no month 13",
    "1992-00": "no month 00",
    "1957-61": "no month 61",
    "1990-21": "Seasons",
    "1990-41": "Seasons",
    "1918-05-28T12:00": "Times of day",
    "1918-05-28T12:00Z": "Times of day",
    "12:30": "Times of day",
    "[1667,1668]": "Lists and sets",
    "{1667..1668}": "Lists and sets",
    "1957..1961": "1957/1961",
    "-0044": "Years before 0001",
    "+1992": "signs are not kept",
    "Y17000": "four digits",
    "1950S2": "four digits",
    "19920": "four digits",
    "992": "four digits",
    "92": "four digits",
    "1840~?": "one sign at most",
    "1840??": "one sign at most",
    "?1840": "at the very end",
    "1840?-06": "at the very end",
    "~": "before the sign",
    "184X?": "takes no sign",
    "18XX~": "takes no sign",
    "184x": "capital X",
    "1992-XX": "Leave out",
    "1992-05-XX": "Leave out",
    "1XXX": "last digit",
    "X992": "last digit",
    "19X2": "last digit",
    "XXXX": "last digit",
    "1957-1961": "1957/1961",
    "28.05.1918": "year first",
    "28-05-1918": "year first",
    "1992-4": "two digits",
    "1992-04-5": "two digits",
    "19920405": "four digits",
    "199204": "four digits",
    "1957–1961": "slash",
    "1992 ": "no spaces",
    " 1992": "no spaces",
    "1992\n": "no spaces",
    "1992\x00": "invisible",
    "1992-05 - 28": "no spaces",
    "1992\u00a0": "no spaces",
    "١٩٩٢": "digits 0 to 9",  # Arabic-Indic
    "１９９２": "digits 0 to 9",  # fullwidth
    "²⁰⁰⁴": "digits 0 to 9",
    "circa": "a year (1992)",
    "/": "a date at one end",
    "../..": "a date at one end",
    "../": "a date at one end",
    "/..": "a date at one end",
    "1990/1980": "1980/1990",
    "1990-05-02/1990-05-01": "1990-05-01/1990-05-02",
    "191X/1909": "Write the earlier date first",
    "1990/1991/1992": "one slash",
    "2004/06": "hyphen",
    "1990/1991-13": "no month 13",
    "1990/foo": "a year (1992)",
    "1990/ 1991": "no spaces",
    "1" * 100_000: "too long",
    "/" * 100_000: "too long",
}


@pytest.mark.parametrize("text", REFUSED, ids=lambda text: repr(text[:30]))
def test_a_refusal_says_what_to_write(text):
    with pytest.raises(InvalidDate) as refusal:
        HistoricalDate.parse(text)
    assert REFUSED[text] in str(refusal.value)
    assert len(str(refusal.value)) < 250


def test_a_refusal_becomes_a_validation_error_with_its_code():
    with pytest.raises(InvalidDate) as refusal:
        HistoricalDate.parse("2024-02-30")
    error = refusal.value.as_validation_error()
    assert isinstance(error, ValidationError)
    assert error.code == "day"
    assert error.messages == [str(refusal.value)]


def test_only_text_is_parsed():
    for value in (1992, None, b"1992", D(1992, 1, 1)):
        with pytest.raises(TypeError):
            HistoricalDate.parse(value)


@given(st.one_of(st.text(), st.text("0123456789-/.X?~% ", max_size=24)))
@example("\ud800")
@example("1992-02-30/")
def test_any_other_text_is_refused_and_nothing_else_happens(text):
    try:
        date = HistoricalDate.parse(text)
    except InvalidDate as error:
        assert str(error)  # noqa: PT017 - both outcomes are right
    else:
        assert date.text == text
        assert date.earliest or date.latest


@given(dates())
def test_a_date_never_ends_before_it_begins(date):
    if date.earliest and date.latest:
        assert date.earliest <= date.latest


@given(dates(), dates())
def test_order_is_by_first_day_then_last_day_then_text(a, b):
    assert (a == b) == (a.text == b.text)
    assert (a < b) + (a == b) + (a > b) == 1
    if a.earliest and b.earliest and a.earliest != b.earliest:
        assert (a < b) == (a.earliest < b.earliest)


def test_the_order_of_a_history():
    texts = ["1991/", "/1900", "1840~", "18XX", "1840-05", "184X", "../1991", "1840/.."]
    expected = ["../1991", "18XX", "1840~", "184X", "1840/..", "1840-05", "1991/", "/1900"]
    assert sorted(texts) != expected  # the order of the texts would not do
    assert [d.text for d in sorted(map(HistoricalDate, texts))] == expected


def test_an_unknown_start_comes_after_the_last_of_days():
    assert HistoricalDate("9999-12-31") < HistoricalDate("/1900")


def test_it_cannot_be_changed():
    date = HistoricalDate("1992")
    with pytest.raises(AttributeError):
        date.text = "1993"
    with pytest.raises(AttributeError):
        del date.text
    with pytest.raises(AttributeError):
        date.other = 1


def test_it_is_a_value():
    date = HistoricalDate("1918-05/1920")
    assert {date, HistoricalDate("1918-05/1920")} == {date}
    assert date != "1918-05/1920"
    for twin in (copy.deepcopy(date), pickle.loads(pickle.dumps(date))):
        assert twin == date
        assert (twin.earliest, twin.latest, twin.end) == (date.earliest, date.latest, date.end)


def test_from_date():
    assert HistoricalDate.from_date(D(45, 3, 5)).text == "0045-03-05"
    assert HistoricalDate.from_date(datetime.datetime(1918, 5, 28, 23, 59)).text == "1918-05-28"
