"""The lineage of a unit: whole, bounded, the same as a list and as a drawing."""

from itertools import pairwise

import pytest

from history.family import A_SIDE, Family
from history.family_drawing import drawing_of
from structure.as_of import AsOf
from tests.factories import (
    make_dated_name,
    make_event,
    make_external_body,
    make_staff,
    make_unit,
)

pytestmark = pytest.mark.django_db


def units(*codes):
    return [make_unit(code=code, slug=code, name_en=code.upper()) for code in codes]


def codes(family, keys):
    return {family.body(key).code for key in keys}


def steps(family):
    return [
        (
            sorted(codes(family, step.before)),
            sorted(codes(family, step.after)),
            step.rest_before,
            step.rest_after,
        )
        for step in family.steps
    ]


def test_the_family_goes_through_mergers_splits_and_bodies_outside():
    a, b, c, d, e = units("a", "b", "c", "d", "e")
    body = make_external_body(code="body")
    make_event(kind="merger", date="1950", before=[a, b], after=[c])
    make_event(kind="reorganisation", date="1940", before=[body], after=[a])
    make_event(kind="split", date="1960", before=[c], after=[d, e])
    family = Family(c)
    assert codes(family, family.ancestors) == {"a", "b", "body"}
    assert codes(family, family.descendants) == {"d", "e"}
    assert steps(family) == [
        (["body"], ["a"], 0, 0),
        (["a", "b"], ["c"], 0, 0),
        (["c"], ["d", "e"], 0, 0),
    ]


def test_a_body_outside_is_passed_through():
    a, b = units("a", "b")
    body = make_external_body(code="body")
    make_event(kind="reorganisation", date="1940", before=[a], after=[body])
    make_event(kind="reorganisation", date="1950", before=[body], after=[b])
    family = Family(b)
    assert codes(family, family.ancestors) == {"a", "body"}


def test_those_who_share_an_event_but_not_the_family_are_counted():
    a, b, c, d = units("a", "b", "c", "d")
    make_event(kind="split", date="1960", before=[a], after=[b, c, d])
    assert steps(Family(b)) == [(["a"], ["b"], 0, 2)]


def test_what_takes_another_in_is_no_kin_of_itself():
    a, b = units("a", "b")
    make_event(kind="absorption", date="1940", before=[a, b], after=[a])
    assert steps(Family(a)) == [(["b"], ["a"], 0, 0)]
    assert steps(Family(b)) == [(["b"], ["a"], 0, 0)]


def test_an_event_that_only_changed_a_body_itself_is_no_step():
    a, b = units("a", "b")
    make_event(kind="reorganisation", date="1940", before=[a], after=[a], concerned=[b])
    make_event(kind="reorganisation", date="1950", before=[a], after=[b])
    make_event(kind="reorganisation", date="1960", before=[b], after=[b])
    assert steps(Family(a)) == steps(Family(b)) == [(["a"], ["b"], 0, 0)]


def test_who_was_only_concerned_is_neither_named_nor_counted():
    a, b, c = units("a", "b", "c")
    make_event(kind="reorganisation", date="1950", before=[a], after=[b], concerned=[a, c])
    assert steps(Family(a)) == [(["a"], ["b"], 0, 0)]


def test_a_loop_over_time_ends_and_the_drawing_shows_who_came_back():
    a, b = units("a", "b")
    make_event(kind="separation", date="1950", before=[a], after=[a, b])
    make_event(kind="absorption", date="1960", before=[a, b], after=[a])
    family = Family(b)
    assert steps(family) == [(["a"], ["b"], 0, 0), (["b"], ["a"], 0, 0)]
    again = [box.address for box in drawing_of(family, AsOf()).boxes if box.kind == "again"]
    assert again == [a.get_absolute_url()]


def test_no_draft_leaks_and_nothing_is_reached_through_one(client):
    a, b, c = units("a", "b", "c")
    hidden = make_unit(code="hidden", status="draft", name_en="Gizlinxyz", name_az="Gizlinxyz")
    make_event(kind="reorganisation", date="1950", before=[a], after=[hidden])
    make_event(kind="reorganisation", date="1960", before=[hidden], after=[b])
    make_event(kind="merger", date="1970", before=[b, hidden], after=[c])
    make_event(kind="merger", before=[a], after=[c], status="draft", title_en="Gizlinxyz")
    assert steps(Family(a)) == []
    assert steps(Family(c)) == [(["b"], ["c"], 0, 0)]  # and no number tells of the hidden one
    seen_by_staff = Family(c, make_staff())
    assert codes(seen_by_staff, seen_by_staff.ancestors) == {"a", "b", "hidden"}
    for path in ("units/c/lineage/", "units/c/lineage.svg"):
        assert "Gizlinxyz" not in client.get(f"/en/{path}").content.decode()
    hidden_slug = hidden.slug
    assert client.get(f"/en/units/{hidden_slug}/lineage/").status_code == 404
    assert client.get(f"/en/units/{hidden_slug}/lineage.svg").status_code == 404


def test_five_hundred_predecessors_are_borne_and_counted(client, django_assert_max_num_queries):
    (whole,) = units("whole")
    make_event(kind="merger", date="1950", before=[make_unit() for _ in range(500)], after=[whole])
    with django_assert_max_num_queries(14):
        family = Family(whole)
    (step,) = family.steps
    assert (len(step.before), step.rest_before) == (A_SIDE, 500 - A_SIDE)
    page = client.get("/en/units/whole/lineage/").content.decode()
    assert page.count("and 476 more") == 2  # in the drawing and in the list


def test_generations_cost_a_constant_number_of_queries(django_assert_num_queries):
    def family_of(width, prefix):
        last = units(f"{prefix}-last")[0]
        top = [make_unit() for _ in range(width)]
        middle = [make_unit() for _ in range(width)]
        for older, newer in zip(top, middle, strict=True):
            make_event(kind="reorganisation", date="1950", before=[older], after=[newer])
        make_event(kind="merger", date="1960", before=[*middle, make_unit()], after=[last])
        return last

    small, large = family_of(1, "small"), family_of(20, "large")
    with django_assert_num_queries(10):
        Family(small)
    with django_assert_num_queries(10):
        assert len(Family(large).ancestors) == 41


def test_a_family_larger_than_can_be_shown_says_so(client, monkeypatch):
    monkeypatch.setattr("history.family.BODIES", 3)
    a, *others = units("a", "b", "c", "d", "e")
    for year, other in enumerate(others, 1950):
        make_event(kind="separation", date=str(year), before=[a], after=[a, other])
    family = Family(a)
    assert len(family.descendants) == 3
    assert family.left_out
    assert "The family is larger" in client.get("/en/units/a/lineage/").content.decode()


def chain(length):
    """Units a, b, c … each of which became the next."""
    made = units(*"abcdefgh"[:length])
    for year, (older, newer) in enumerate(pairwise(made), 1950):
        make_event(kind="reorganisation", date=str(year), before=[older], after=[newer])
    return made


@pytest.mark.parametrize(("length", "goes_on"), [(3, False), (4, True)])
def test_a_family_is_said_to_go_on_only_beyond_the_last_generation(monkeypatch, length, goes_on):
    monkeypatch.setattr("history.family.GENERATIONS", 2)
    made = chain(length)
    forth, back = Family(made[0]), Family(made[-1])
    assert sorted(forth.descendants.values()) == sorted(back.ancestors.values()) == [1, 2]
    assert forth.left_out is back.left_out is goes_on
    assert len(forth.steps) == len(back.steps) == 2


def test_who_comes_back_in_the_last_generation_is_not_beyond_it(monkeypatch):
    monkeypatch.setattr("history.family.GENERATIONS", 2)
    a, _b, c = chain(3)
    make_event(kind="absorption", date="1960", before=[c, a], after=[a])
    family = Family(a)
    assert not family.left_out
    assert steps(family)[-1] == (["c"], ["a"], 0, 0)


def test_who_is_reached_again_keeps_the_nearest_generation():
    a, b, c = chain(3)
    make_event(kind="reorganisation", date="1960", before=[c], after=[b])
    family = Family(a)
    assert {family.body(key): far for key, far in family.descendants.items()} == {b: 1, c: 2}
    assert not family.left_out


@pytest.mark.parametrize(("limit", "goes_on"), [(4, False), (3, True)])
@pytest.mark.parametrize("name", ["BODIES", "EVENTS"])
def test_a_family_of_just_as_many_as_can_be_shown_is_whole(monkeypatch, name, limit, goes_on):
    monkeypatch.setattr(f"history.family.{name}", limit)
    a, *others = units("a", "b", "c", "d", "e")
    for year, other in enumerate(others, 1950):
        make_event(kind="separation", date=str(year), before=[a], after=[a, other])
    family = Family(a)
    assert len(family.descendants) == limit
    assert family.left_out is goes_on


def test_a_unit_without_kin_has_a_page_that_says_so(client):
    units("alone")
    page = client.get("/en/units/alone/lineage/").content.decode()
    assert "No event is recorded" in page
    assert 'class="drawing-box"' not in page


def test_the_date_is_kept_and_names_are_those_of_the_date(client):
    a, b = units("a", "b")
    make_dated_name(a, name_en="Militia", begin="1920", end="1950")
    make_event(kind="reorganisation", date="1960", before=[a], after=[b])
    page = client.get("/en/units/b/lineage/?on=1930").content.decode()
    assert "Militia" in page
    assert 'href="/en/units/a/?on=1930"' in page
    assert "Militia" not in client.get("/en/units/b/lineage/").content.decode()
