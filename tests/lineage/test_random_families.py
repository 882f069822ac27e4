"""Whatever happened, the lineage ends, and list, drawing and both directions agree."""

import itertools

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from drawing.layers import drawn
from drawing.shapes import Box
from history.family import Family
from history.family_drawing import drawing_of
from history.lineage import has_lineage, successors
from structure.as_of import AsOf
from tests.extent import examples
from tests.factories import make_event, make_external_body, make_unit
from units.models import Unit

pytestmark = pytest.mark.django_db

BODIES = 6
sides = st.sets(st.integers(0, BODIES - 1), max_size=3)
happenings = st.tuples(
    sides, sides, st.sampled_from(["merger", "split", "absorption", "reorganisation", "transfer"]),
    st.sampled_from(["", "1920", "1920-05", "193X", "1940/1945", "1950~"]),
    st.booleans(),
)  # fmt: skip


def world(happened, hidden):
    """Units and one body outside, the units in ``hidden`` drafts, with what happened to them."""
    bodies = [
        make_unit(status="draft" if number in hidden else "published")
        for number in range(BODIES - 1)
    ]
    bodies.append(make_external_body())
    for before, after, kind, date, public in happened:
        make_event(
            kind=kind, date=date, status="published" if public else "draft",
            before=[bodies[one] for one in before], after=[bodies[one] for one in after],
        )  # fmt: skip
    return bodies


def expected(happened, hidden, backwards):
    """``{number: numbers of all kin}`` by the definition, without a database."""
    near = {number: set() for number in range(BODIES)}
    for before, after, kind, _date, public in happened:
        if not public or kind == "transfer":
            continue
        for old, new in itertools.product(before - hidden, after - hidden):
            if old != new:
                near[new if backwards else old].add(old if backwards else new)
    kin = {}
    for number in near:
        found, waiting = set(), [number]
        while waiting:
            fresh = near[waiting.pop()] - found
            found |= fresh
            waiting.extend(fresh)
        kin[number] = found - {number}
    return kin


def _key(body):
    return "unit" if isinstance(body, Unit) else "body", body.pk


class RandomFamilies(TestCase):
    @settings(max_examples=examples(40), deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.lists(happenings, max_size=7), st.sets(st.integers(0, BODIES - 2), max_size=2))
    def test_it_ends_and_agrees_with_the_definition(self, happened, hidden):
        bodies = world(happened, hidden)
        numbers = {(type(one).__name__, one.pk): number for number, one in enumerate(bodies)}

        def numbered(family, keys):
            return {numbers[type(family.body(key)).__name__, key[1]] for key in keys}

        back, forth = (expected(happened, hidden, way) for way in (True, False))
        for number in set(range(BODIES - 1)) - hidden:
            unit = bodies[number]
            family = Family(unit)
            assert numbered(family, family.ancestors) == back[number]
            assert numbered(family, family.descendants) == forth[number]
            next_ones = {key for key, distance in family.descendants.items() if distance == 1}
            assert {_key(one.participant) for one in successors(unit)} == next_ones
            assert has_lineage(unit) == bool(back[number] or forth[number])
            self._same_as_a_list_and_as_a_drawing(family)
        for one, other in itertools.product(range(BODIES), repeat=2):
            assert (one in back[other]) == (other in forth[one])

    def _same_as_a_list_and_as_a_drawing(self, family):
        drawing = drawing_of(family, AsOf())
        listed = {family.body(k).get_absolute_url() for s in family.steps for k in s.before}
        listed |= {family.body(k).get_absolute_url() for s in family.steps for k in s.after}
        listed |= {step.event.get_absolute_url() for step in family.steps}
        assert {box.address for box in drawing.boxes} == listed
        number_of_links = sum(
            len(s.before) + len(s.after) + bool(s.rest_before) + bool(s.rest_after)
            for s in family.steps
        )
        assert len(drawing.lines) == number_of_links
        # Every line begins at the right edge of a box and ends at the left edge of another.
        ends = {(box.right, box.y + box.height / 2) for box in drawing.boxes}
        starts = {(box.x, box.y + box.height / 2) for box in drawing.boxes}
        for first, *_rest, last in drawing.lines:
            assert any(abs(x - first[0]) + abs(y - first[1]) < 1 for x, y in ends)
            assert any(abs(x - last[0]) + abs(y - last[1]) < 1 for x, y in starts)
        no_box_over_another(drawing)


def no_box_over_another(drawing):
    for a, b in itertools.combinations(drawing.boxes, 2):
        beside = a.right <= b.x or b.right <= a.x
        assert beside or a.bottom <= b.y or b.bottom <= a.y, (a.name, b.name)


@settings(max_examples=examples(60), deadline=None)
@given(st.lists(st.tuples(st.integers(0, 14), st.integers(0, 14)), max_size=40))
def test_any_graph_without_cycles_is_drawn_without_overlaps(pairs):
    arcs = [(min(pair), max(pair), max(pair)) for pair in pairs if len(set(pair)) == 2]
    boxes = {number: Box(f"Body number {number} " * (number % 4 + 1)) for number in range(15)}
    drawing = drawn(boxes, arcs)
    assert len(drawing.boxes) == 15
    no_box_over_another(drawing)
    assert all(box.x >= 0 and box.y >= 0 for box in drawing.boxes)
    assert all(box.right <= drawing.width for box in drawing.boxes)
    assert all(box.bottom <= drawing.height for box in drawing.boxes)
    for line in drawing.lines:
        assert all(a[0] <= b[0] for a, b in itertools.pairwise(line)), "time runs to the right"


def test_a_cycle_is_refused_rather_than_drawn_wrong():
    with pytest.raises(ValueError, match="cycle"):
        drawn({1: Box("a"), 2: Box("b")}, [(1, 2, 1), (2, 1, 2)])
