"""What each change is called, how surely, and which event brought it about."""

import pytest
from django.http import QueryDict

from history.comparison.asked import Comparison
from tests.factories import (
    make_dated_name,
    make_dated_superior,
    make_event,
    make_external_body,
    make_person,
    make_post,
    make_staff,
    make_term,
    make_unit,
)

pytestmark = pytest.mark.django_db


def test_founded_and_abolished_between_the_dates_and_not_outside(compared):
    make_unit(code="before", founded="1900")
    make_unit(code="in-it", founded="1950")
    make_unit(code="after", founded="1980")
    make_unit(code="ended", founded="1900", dissolved="1960")
    make_unit(code="ended-later", founded="1900", dissolved="1990")
    make_unit(code="came-and-went", founded="1945", dissolved="1955")
    assert compared("1940", "1970") == {
        ("founded", "in-it", "certain"), ("abolished", "ended", "certain"),
    }  # fmt: skip


def test_what_the_sources_leave_open_is_only_possible(compared):
    make_unit(code="vague", founded="1935/1965")
    make_unit(code="unknown")
    make_unit(code="maybe-over", founded="1900", dissolved="1950/")
    assert compared("1930", "1960") == {
        ("founded", "vague", "possible"), ("abolished", "maybe-over", "possible"),
    }  # fmt: skip
    assert compared("1930", "") & {("founded", "unknown", "possible")} == set()


def test_an_end_with_a_date_of_its_own_is_certain_whenever_it_began(compared):
    make_unit(code="ended", dissolved="1960-05-01")
    assert compared("1940", "1970") == {("abolished", "ended", "certain")}
    assert compared("1960", "1970") == {("abolished", "ended", "possible")}


def test_a_new_name_and_a_new_superior(compared):
    body = make_external_body(code="empire")
    top = make_unit(code="top", founded="1900")
    unit = make_unit(code="police", parent=top, founded="1900")
    make_dated_name(unit, begin="1900", end="1950-05-01")
    make_dated_superior(unit, external_body=body, begin="1900", end="1951")
    assert compared("1940", "1970") == {
        ("renamed", "police", "certain"), ("moved", "police", "certain"),
    }  # fmt: skip
    assert compared("1940", "1950-04-30") == set()
    assert compared("1940", "1951") == {
        ("renamed", "police", "certain"), ("moved", "police", "certain"),
    }  # fmt: skip
    assert compared("1940", "1951-06-01") == {
        ("renamed", "police", "certain"), ("moved", "police", "possible"),
    }  # fmt: skip


def test_the_spelling_of_what_stayed_is_no_change(compared):
    """Certain on one side and possible on the other: the same name, only less surely known."""
    unit = make_unit(code="police", founded="1900")
    make_dated_name(unit, begin="1900~", end="1980")
    assert compared("1940", "1970") == set()


def test_new_heads_and_heads_that_went(compared):
    unit = make_unit(code="police", founded="1900")
    post = make_post(unit)
    make_term(post, make_person(code="a"), begin="1930", end="1950")
    make_term(post, make_person(code="b"), begin="1950", end="1960")
    make_term(make_post(unit, is_head=False), make_person(code="c"), begin="1945")
    assert compared("1940", "1955") == {("heads", "police", "certain")}
    assert compared("1955", "1970") == {("heads", "police", "certain")}
    assert compared("1935", "1945") == set()


def test_a_unit_that_one_side_lacks_is_told_once(compared):
    unit = make_unit(code="new", founded="1950")
    make_term(make_post(unit), make_person(), begin="1950")
    make_dated_name(unit, begin="1950", end="1955")
    assert compared("1940", "1970") == {("founded", "new", "certain")}


def test_mergers_and_splits_are_told_by_their_events(compared):
    a = make_unit(code="a", founded="1900", dissolved="1950-06-01")
    b = make_unit(code="b", founded="1900", dissolved="1950-06-01")
    both = make_unit(code="a-and-b", founded="1950-06-01")
    make_event(kind="merger", date="1950-06-01", before=[a, b], after=[both])
    whole = make_unit(code="whole", founded="1900", dissolved="1960")
    halves = [make_unit(code=f"half-{n}", founded="1960") for n in (1, 2)]
    make_event(kind="split", date="1960", before=[whole], after=halves)
    assert compared("1940", "1970") == {
        ("merged", "a", "certain"), ("merged", "b", "certain"), ("merged", "a-and-b", "certain"),
        ("split", "whole", "certain"), ("split", "half-1", "certain"),
        ("split", "half-2", "certain"),
    }  # fmt: skip
    assert compared("1940", "1955", kind="split") == set()


TIMES = {
    "1950-06-01": "merged", "1950": "merged", "1945/": "merged", "1939": "abolished",
    "1945": "abolished", "1958": "abolished", "": "abolished",
}  # fmt: skip


@pytest.mark.parametrize(("date", "word"), TIMES.items())
def test_only_an_event_of_the_right_time_explains(date, word, compared):
    gone = make_unit(code="gone", founded="1900", dissolved="1950-06-01")
    stays = make_unit(code="stays", founded="1900")
    make_event(kind="absorption", date=date, before=[gone, stays], after=[stays])
    assert compared("1940", "1970") == {(word, "gone", "certain")}


EXPLAINS = {
    ("renaming", "renamed"), ("reorganisation", "renamed"),
    ("transfer", "moved"), ("subordination", "moved"), ("reorganisation", "moved"),
}  # fmt: skip


@pytest.mark.parametrize(
    "kind", ["renaming", "transfer", "subordination", "reorganisation", "relocation", "award"]
)
def test_a_new_name_and_a_new_superior_are_explained_by_their_events(kind):
    top = make_unit(code="top", founded="1900")
    unit = make_unit(code="police", parent=top, founded="1900")
    make_dated_name(unit, begin="1900", end="1950-05-01")
    make_dated_superior(
        unit, external_body=make_external_body(code="empire"), begin="1900", end="1950-05-01"
    )
    event = make_event(kind=kind, date="1950-05-01", concerned=[unit])
    query = QueryDict("from=1940&to=1970")
    explained = {(kind, one.kind) for one in Comparison(query, None).entries if one.events}
    assert explained == {(of, entry) for of, entry in EXPLAINS if of == kind}
    assert all(one.events in ((), (event.pk,)) for one in Comparison(query, None).entries)


def test_a_draft_explains_nothing_and_is_nothing(compared):
    gone = make_unit(code="gone", founded="1900", dissolved="1950")
    stays = make_unit(code="stays", founded="1900")
    make_event(kind="merger", date="1950", before=[gone], after=[stays], status="draft")
    make_unit(code="draft", founded="1950", status="draft")
    assert compared("1940", "1970") == {("abolished", "gone", "certain")}
    assert ("founded", "draft", "certain") in compared("1940", "1970", user=make_staff())


def test_a_branch_is_what_stood_below_on_either_date(compared):
    old = make_unit(code="old", slug="old", founded="1900")
    new = make_unit(code="new", slug="new", founded="1900")
    middle = make_unit(code="middle", slug="middle", parent=new, founded="1900")
    make_dated_superior(middle, parent=old, begin="1900", end="1950")
    make_unit(code="below", parent=middle, founded="1955")
    make_unit(code="elsewhere", founded="1955")
    both = {("founded", "below", "certain"), ("moved", "middle", "certain")}
    assert compared("1940", "1970", branch="new") == both
    assert compared("1940", "1970", branch="old") == both
    assert compared("1940", "1970", branch="middle") == both
    assert compared("1951", "1970", branch="old") == set()
    assert compared("1920", "1930", branch="old") == set()


def test_that_a_founding_is_unknown_on_both_dates_is_no_founding_in_between(compared):
    make_unit(code="unknown")
    make_unit(code="vague", founded="2015/")
    assert compared("2021", "") == {("founded", "vague", "possible")}
    assert compared("1850", "") == {("founded", "vague", "certain")}
