"""What is in force on a date: the rule, by hand, by brute force, and the same in SQL."""

import datetime
import itertools

import pytest
from django.core.exceptions import ValidationError
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from chronology import (
    Certainty,
    HistoricalDate,
    certainty,
    certainty_of,
    in_force,
    overlap,
    possibly_in_force,
    validate_period,
)

from .models import Holding, Place
from .strategies import dates, singles

D = datetime.date
CERTAIN, POSSIBLE, NO = Certainty.CERTAIN, Certainty.POSSIBLE, Certainty.NO


def H(text):
    return HistoricalDate.parse(text) if text is not None else None


@pytest.mark.parametrize(
    ("on", "begin", "end", "answer"),
    [
        # exact days: the begin is inside, the end is outside
        ("1918-05-27", "1918-05-28", "1920-04-28", NO),
        ("1918-05-28", "1918-05-28", "1920-04-28", CERTAIN),
        ("1920-04-27", "1918-05-28", "1920-04-28", CERTAIN),
        ("1920-04-28", "1918-05-28", "1920-04-28", NO),
        # years: sure between the latest begin and the earliest end
        ("1991-12-31", "1992", "2004", NO),
        ("1992-01-01", "1992", "2004", POSSIBLE),
        ("1992-12-30", "1992", "2004", POSSIBLE),
        ("1992-12-31", "1992", "2004", CERTAIN),
        ("2003-12-31", "1992", "2004", CERTAIN),
        ("2004-01-01", "1992", "2004", POSSIBLE),
        ("2004-12-30", "1992", "2004", POSSIBLE),
        ("2004-12-31", "1992", "2004", NO),  # at the latest, this is the first day outside
        # a leap day
        ("2024-02-29", "2024-02", "2024-03", CERTAIN),
        ("2024-02-28", "2024-02", "2024-03", POSSIBLE),
        # decades
        ("1849-12-31", "184X", None, CERTAIN),
        ("1849-12-30", "184X", None, POSSIBLE),
        ("1839-12-31", "184X", None, NO),
        # an unknown begin is never certain
        ("1900", None, "1950", POSSIBLE),
        ("1900", None, None, POSSIBLE),
        ("1951", None, "1950", NO),
        ("1960", "/1950", None, CERTAIN),  # begun by 1950 whenever it was
        ("1900", "/1950", None, POSSIBLE),
        # a longer time asks "at any time in it"
        ("1992", "1992-11-24", "1993-05", CERTAIN),
        ("1993", "1992-11-24", "1993-05", CERTAIN),
        ("1993-05", "1992-11-24", "1993-05", POSSIBLE),
        ("1993-06", "1992-11-24", "1993-05", NO),
        ("199X", "1992-11-24", "1992-11-25", CERTAIN),
        ("19XX", "1992", "1993", CERTAIN),
        ("1992", "1992", "1993", CERTAIN),
        ("1992", "1992", "1992", POSSIBLE),  # it may have lasted from spring to autumn
        ("1992-11", "1992", None, POSSIBLE),
        ("1990/1995", "1992-11-24", "1993", CERTAIN),
        ("1990/1991", "1992-11-24", "1993", NO),
        # the asked date itself has an open or an unknown end
        ("1990/..", "2004", "2005", CERTAIN),
        ("../1990", "2004", "2005", NO),
        ("1990/", "2004", "2005", POSSIBLE),
        ("1990/", "1980", "2005", CERTAIN),
        ("/1990", "1980", "1985", POSSIBLE),
        ("/1990", "1980", "1995", CERTAIN),
        ("/1990", "1991", "1995", NO),
        # "about" does not widen
        ("1991", "1992~", None, NO),
        ("1993", "1992~", None, CERTAIN),
        ("1993", "1992?", None, POSSIBLE),  # whether it was 1992 at all is open
        ("1993", "1992%", None, POSSIBLE),
        ("1993", "1990/1992?", None, POSSIBLE),
        ("1993", "1990?/1992", None, CERTAIN),
    ],
)
def test_in_force(on, begin, end, answer):
    assert certainty(H(on), H(begin), H(end)) is answer


def test_a_missing_end_is_open_or_unknown():
    assert certainty(D(2020, 1, 1), H("1992"), None) is CERTAIN
    assert certainty(D(2020, 1, 1), H("1992"), None, empty_end="unknown") is POSSIBLE
    assert certainty(D(1991, 1, 1), H("1992"), None, empty_end="unknown") is NO
    with pytest.raises(ValueError, match="open"):
        certainty(D(2020, 1, 1), H("1992"), None, empty_end="never")


def test_days_are_taken_for_dates_and_nothing_else_is():
    assert certainty(D(1992, 5, 1), D(1992, 5, 1), D(1992, 5, 2)) is CERTAIN
    assert certainty(datetime.datetime(1992, 5, 1, 13), D(1992, 5, 1), D(1992, 5, 2)) is CERTAIN
    for wrong in ("1992", 1992, None):
        with pytest.raises(TypeError):
            certainty(wrong, None, None)
    with pytest.raises(TypeError):
        in_force(None)


def test_certainty_is_true_unless_it_is_no():
    assert [bool(one) for one in (CERTAIN, POSSIBLE, NO)] == [True, True, False]


YEARS = st.integers(1988, 1993)
NEAR = st.one_of(singles(YEARS), dates(YEARS))
MAYBE = st.one_of(st.none(), NEAR)


@given(
    st.dates(D(1988, 1, 1), D(1993, 12, 31)),
    st.dates(D(1988, 1, 1), D(1993, 12, 31)),
    singles(YEARS),
)
def test_on_no_day_do_predecessor_and_successor_both_hold_the_place(day, begin, handover):
    before = certainty(day, begin, handover)
    after = certainty(day, handover, None)
    assert (before, after) != (CERTAIN, CERTAIN)
    if handover.exact and handover.exact > begin <= day:
        assert {before, after} == {CERTAIN, NO}  # and on none of them is it empty


@st.composite
def short_dates(draw):
    """Days of three weeks and the months around them: few enough to try every meaning."""
    return H(draw(st.sampled_from(["1991-12", "1992-01", "1991-12-20", "1991-12-31",
                                   "1992-01-01", "1992-01-02", "1992-01-31"])))  # fmt: skip


def days(date):
    return [D.fromordinal(n) for n in range(date.earliest.toordinal(), date.latest.toordinal() + 1)]


@settings(max_examples=60, deadline=None)
@given(short_dates(), short_dates(), short_dates())
def test_certain_is_what_holds_in_every_possible_world(on, begin, end):
    asked = days(on)
    worlds = [
        max(asked[0], first) <= min(asked[-1], outside - datetime.timedelta(1))
        for first, outside in itertools.product(days(begin), days(end))
    ]
    expected = CERTAIN if all(worlds) else POSSIBLE if any(worlds) else NO
    assert certainty(on, begin, end) is expected


@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    rows=st.lists(st.tuples(MAYBE, MAYBE), min_size=1, max_size=12),
    on=st.one_of(NEAR, NEAR, dates(), st.dates(D(1987, 12, 30), D(1994, 1, 2))),
)
@example(rows=[(None, None)], on=D.max)
@example(rows=[(H("1992"), None)], on=D.min)
@example(rows=[(H("../1992"), H("1991/.."))], on=H("1990/"))
def test_the_query_and_the_python_function_agree(db, tables, rows, on):
    Holding.objects.all().delete()
    holdings = [Holding(begin=begin, end=end, until=end) for begin, end in rows]
    Holding.objects.bulk_create(holdings)
    for end, empty_end in (("end", "open"), ("until", "unknown")):
        answers = [certainty(on, b, e, empty_end=empty_end) for b, e in rows]
        sure = Holding.objects.filter(in_force(on, end=end)).order_by("pk")
        assert list(sure) == [h for h, a in zip(holdings, answers, strict=True) if a is CERTAIN]
        maybe = Holding.objects.filter(possibly_in_force(on, end=end)).order_by("pk")
        assert list(maybe) == [h for h, a in zip(holdings, answers, strict=True) if a]
        assert answers == [certainty_of(h, on, end=end) for h in holdings]
        rest = Holding.objects.exclude(in_force(on, end=end))
        assert rest.count() == len(rows) - answers.count(CERTAIN)


def test_the_query_reaches_through_relations_to_one_row(db, tables):
    place = Place.objects.create(name="a chair")
    place.holdings.create(begin="1990", end="1993")
    place.holdings.create(begin="1996", end="1999")
    through = {"begin": "holdings__begin", "end": "holdings__end"}
    assert Place.objects.filter(in_force(H("1992"), **through)).get() == place
    # No single holding covers 1994, although one begins before and one ends after it.
    assert not Place.objects.filter(in_force(H("1994"), **through)).exists()
    assert not Place.objects.filter(possibly_in_force(H("1994-06"), **through)).exists()


def test_overlap_is_claimed_only_where_it_is_certain():
    def together(*texts):
        a, b, c, d = map(H, texts)
        assert overlap((a, b), (c, d)) is overlap((c, d), (a, b))
        return overlap((a, b), (c, d))

    assert together("1990", "1995", "1992", "1999")
    assert together("1990", None, "1992", None)
    assert together("1990-01-01", "1995-05-02", "1995-05-01", None)
    assert not together("1990-01-01", "1995-05-01", "1995-05-01", None)  # handover
    assert not together("1990", "1995", "1995", "1999")  # perhaps, in 1995
    assert together(None, "1995", "1990", "1999")  # it held on the day before its end
    assert together(None, "1995-05-01", "1995-04-30", "1999")
    assert not together(None, "1995-05-01", "1995-05-01", "1999")
    assert not together(None, "1995", "1995", "1999")
    assert not together(None, "1995?", "1990", "1999")
    assert not together("1990", "1991", "1995", "1999")
    assert not overlap((H("1990"), None), (H("1992"), None), empty_end="unknown")


def test_an_end_before_the_beginning_is_refused():
    for begin, end, code in (
        ("1992", "1991", "period_order"),
        ("1992-05-02", "1992-05-01", "period_order"),
        ("1992-05-02", "1992-04", "period_order"),
        ("1992-05-01", "1992-05-01", "period_empty"),
    ):
        with pytest.raises(ValidationError) as refusal:
            validate_period(H(begin), H(end))
        assert refusal.value.code == code
        with pytest.raises(ValidationError) as refusal:
            validate_period(H(begin), H(end), field="dissolved")
        assert list(refusal.value.message_dict) == ["dissolved"]


def test_what_may_be_in_order_is_accepted():
    for begin, end in (
        ("1992", "1992"),
        ("1992-05", "1992"),
        ("1992-05-01", "1992-05-02"),
        ("1992-05-01?", "1992-05-01"),
        (None, "1992"),
        ("1992", None),
        (None, None),
        ("/1992", "1991"),
    ):
        validate_period(H(begin), H(end))
