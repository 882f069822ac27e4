"""Predecessors and successors come from the events alone."""

import pytest

from history.family import Family
from history.lineage import closing_event, has_lineage, successors
from tests.factories import make_event, make_external_body, make_staff, make_unit

pytestmark = pytest.mark.django_db


def units(*codes):
    return [make_unit(code=code) for code in codes]


def became(unit, user=None):
    """Codes of what the unit became at once."""
    return [one.participant.code for one in successors(unit, user)]


def family_of(unit, user=None):
    """Codes of all ancestors and of all descendants, with the number of generations."""
    family = Family(unit, user)
    return tuple(
        {family.body(key).code: distance for key, distance in found.items()}
        for found in (family.ancestors, family.descendants)
    )


def test_a_merger_makes_several_predecessors_and_one_successor():
    a, b, c = units("a", "b", "c")
    event = make_event(kind="merger", date="1950", before=[a, b], after=[c])
    assert became(a) == became(b) == ["c"]
    assert successors(a)[0].event == event
    assert became(c) == []
    assert family_of(c) == ({"a": 1, "b": 1}, {})
    assert has_lineage(a)
    assert has_lineage(c)


def test_successors_are_those_of_one_step_and_the_family_goes_on():
    a, b, c = units("a", "b", "c")
    make_event(kind="reorganisation", date="1950", before=[a], after=[b])
    make_event(kind="reorganisation", date="1960", before=[b], after=[c])
    assert became(a) == ["b"]
    assert family_of(a) == ({}, {"b": 1, "c": 2})
    assert family_of(c) == ({"b": 1, "a": 2}, {})


def test_successors_come_in_the_order_of_time_each_once():
    a, b, c = units("a", "b", "c")
    make_event(kind="separation", date="1960", before=[a], after=[b, c])
    make_event(kind="separation", date="1950", before=[a], after=[c])
    assert [(one.participant, one.event.date.text) for one in successors(a)] == [
        (c, "1950"), (b, "1960"),
    ]  # fmt: skip


def test_who_came_of_the_same_event_or_was_only_concerned_is_no_kin():
    a, b, c, concerned = units("a", "b", "c", "concerned")
    make_event(kind="split", before=[a], after=[b, c], concerned=[concerned])
    assert became(b) == []
    assert family_of(b) == ({"a": 1}, {})
    assert family_of(concerned) == ({}, {})
    assert not has_lineage(concerned)


def test_what_alone_stands_before_and_after_has_no_kin():
    (a,) = units("a")
    make_event(kind="reorganisation", before=[a], after=[a])
    assert became(a) == []
    assert family_of(a) == ({}, {})
    assert not has_lineage(a)


def test_circles_over_time_end_where_they_began():
    a, b = units("a", "b")
    make_event(kind="reorganisation", date="1950", before=[a], after=[b])
    make_event(kind="reorganisation", date="1960", before=[b], after=[a])
    assert became(a) == ["b"]
    assert family_of(a) == ({"b": 1}, {"b": 1})


def test_what_remains_after_a_separation_is_not_its_own_kin():
    a, b = units("a", "b")
    make_event(kind="separation", before=[a], after=[a, b])
    assert became(a) == ["b"]
    assert family_of(a) == ({}, {"b": 1})
    assert family_of(b) == ({"a": 1}, {})


@pytest.mark.parametrize("kind", ["transfer", "subordination", "other"])
def test_a_superior_is_not_a_predecessor(kind):
    a, old, new = units("a", "old", "new")
    make_event(kind=kind, before=[old], after=[new], concerned=[a])
    assert became(old) == []
    assert family_of(new) == family_of(old) == ({}, {})
    assert not has_lineage(new)


def test_a_body_outside_may_be_a_predecessor_or_a_successor():
    (a,) = units("a")
    body = make_external_body(code="body")
    make_event(kind="reorganisation", date="1950", before=[body], after=[a])
    make_event(kind="reorganisation", date="1960", before=[a], after=[body])
    assert family_of(a) == ({"body": 1}, {"body": 1})
    assert became(a) == ["body"]


def test_a_body_outside_and_a_unit_of_one_number_are_two_successors():
    a, b = units("a", "b")
    body = make_external_body(pk=b.pk, code="body")
    make_event(kind="split", before=[a], after=[b, body])
    assert became(a) == ["b", "body"]


def test_no_draft_is_met_on_the_way():
    a, c = units("a", "c")
    hidden = make_unit(code="hidden", status="draft")
    make_event(kind="reorganisation", before=[a], after=[hidden])
    make_event(kind="reorganisation", before=[hidden], after=[c])
    make_event(kind="merger", before=[a], after=[c], status="draft")
    assert became(a) == []
    assert family_of(a) == family_of(c) == ({}, {})
    assert set(became(a, make_staff())) == {"c", "hidden"}


def test_successors_cost_the_same_however_many(django_assert_num_queries):
    a, *others = units("a", *(f"u{number}" for number in range(12)))
    make_event(kind="split", before=[a], after=[*others, make_external_body()])
    with django_assert_num_queries(3):
        assert len([one.participant for one in successors(a)]) == 13


def test_the_closing_event_is_the_last_one_that_the_unit_did_not_outlive():
    a, b = units("a", "b")
    make_event(kind="absorption", date="1940", before=[a, b], after=[a])
    make_event(kind="abolition", date="1930", before=[a])  # it was founded anew
    end = make_event(kind="abolition", date="1950", before=[a])
    make_event(kind="absorption", date="1955", before=[a, b], after=[a])
    make_event(kind="abolition", date="1960", before=[a], status="draft")
    assert closing_event(a) == end
    assert closing_event(make_unit()) is None


def test_an_event_that_a_unit_outlives_does_not_close_it():
    a, b = units("a", "b")
    make_event(kind="absorption", before=[a, b], after=[a])
    assert closing_event(a) is None
    assert closing_event(b) is not None


def test_what_others_outlive_and_what_founds_or_only_concerns_a_unit_does_not_close_it():
    a, b = units("a", "b")
    make_event(kind="separation", before=[a], after=[b])
    make_event(kind="merger", before=[make_unit(), make_unit()], after=[a], concerned=[b])
    assert closing_event(a) is None
    assert closing_event(b) is None
