"""Predecessors and successors come from the events alone."""

import itertools

import pytest

from history.lineage import FARTHEST, closing_event, predecessors, successors
from tests.factories import make_event, make_external_body, make_staff, make_unit

pytestmark = pytest.mark.django_db


def names(kin):
    return [(one.participant.code, one.distance) for one in kin]


def units(*codes):
    return [make_unit(code=code) for code in codes]


def test_a_merger_makes_several_predecessors_and_one_successor():
    a, b, c = units("a", "b", "c")
    event = make_event(kind="merger", date="1950", before=[a, b], after=[c])
    assert names(predecessors(c)) == [("a", 1), ("b", 1)]
    assert names(successors(a)) == [("c", 1)]
    assert successors(a)[0].event == event
    assert predecessors(a) == []


def test_the_walk_goes_on_through_the_generations():
    a, b, c = units("a", "b", "c")
    make_event(kind="reorganisation", date="1950", before=[a], after=[b])
    make_event(kind="reorganisation", date="1960", before=[b], after=[c])
    assert names(predecessors(c)) == [("b", 1), ("a", 2)]
    assert names(successors(a)) == [("b", 1), ("c", 2)]


def test_circles_over_time_end_where_they_began():
    a, b = units("a", "b")
    make_event(kind="reorganisation", date="1950", before=[a], after=[b])
    make_event(kind="reorganisation", date="1960", before=[b], after=[a])
    assert names(successors(a)) == [("b", 1)]
    assert names(predecessors(a)) == [("b", 1)]


def test_what_remains_after_a_separation_is_not_its_own_kin():
    a, b = units("a", "b")
    make_event(kind="separation", before=[a], after=[a, b])
    assert names(successors(a)) == [("b", 1)]
    assert names(predecessors(a)) == []
    assert names(predecessors(b)) == [("a", 1)]


@pytest.mark.parametrize("kind", ["transfer", "subordination", "other"])
def test_a_superior_is_not_a_predecessor(kind):
    a, old, new = units("a", "old", "new")
    make_event(kind=kind, before=[old], after=[new], concerned=[a])
    assert predecessors(new) == []
    assert successors(old) == []


def test_a_body_outside_may_be_a_predecessor():
    (a,) = units("a")
    make_event(kind="reorganisation", before=[make_external_body(code="body")], after=[a])
    assert names(predecessors(a)) == [("body", 1)]


def test_no_draft_is_met_on_the_way():
    a, c = units("a", "c")
    hidden = make_unit(code="hidden", status="draft")
    make_event(kind="reorganisation", before=[a], after=[hidden])
    make_event(kind="reorganisation", before=[hidden], after=[c])
    make_event(kind="merger", before=[a], after=[c], status="draft")
    assert successors(a) == []
    assert predecessors(c) == []
    assert set(names(successors(a, make_staff()))) == {("c", 1), ("hidden", 1)}


def test_the_walk_is_bounded_whatever_the_chain(django_assert_max_num_queries):
    chain = units(*(f"u{number}" for number in range(FARTHEST + 4)))
    for older, newer in itertools.pairwise(chain):
        make_event(kind="reorganisation", before=[older], after=[newer])
    with django_assert_max_num_queries(2 * FARTHEST):
        assert len(successors(chain[0])) == FARTHEST


def test_the_closing_event_is_the_last_one_that_the_unit_did_not_outlive():
    a, b = units("a", "b")
    make_event(kind="absorption", date="1940", before=[a, b], after=[a])
    end = make_event(kind="abolition", date="1950", before=[a])
    make_event(kind="abolition", date="1960", before=[a], status="draft")
    assert closing_event(a) == end
    assert closing_event(make_unit()) is None
