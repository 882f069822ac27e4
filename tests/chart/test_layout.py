"""Drawn text fits its box, and boxes of any tree stand apart, in order, in linear time."""

import cProfile
import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drawing.shapes import PADDING, Box
from drawing.text import width, wrapped
from drawing.tree import Node, drawn

names = st.text(
    st.sampled_from("AaƏəBÇçDğĞhHIıİiKLMmNOÖöPQRSŞşTUÜüVvXYyZz0189 -–/.,'“”ЖщЮ中"), max_size=120
)


@given(names, st.integers(30, 300), st.booleans())
def test_no_line_is_wider_than_its_room_and_no_word_is_lost(words, room, bold):
    lines = wrapped(words, room, 13, bold=bold)
    assert lines
    for line in lines:
        assert width(line, 13, bold=bold) <= room or len(line.rstrip("-")) == 1
    joined = "".join(lines).replace(" ", "").replace("-", "")
    assert joined == words.replace(" ", "").replace("-", "")


def test_a_long_azerbaijani_word_is_divided_with_a_hyphen():
    lines = wrapped("Respublikalararasılaşdırılmışdan", 100, 13)
    assert len(lines) > 1
    assert all(line.endswith("-") for line in lines[:-1])


def test_a_box_grows_with_its_words():
    assert Box("a " * 100).height > Box("a").height
    box = Box("Name", note="Remark", more="3 units below")
    last = box.more_lines[-1]
    assert last.y < box.height
    assert last.x == PADDING


def tree_of(shape, name="Unit"):
    return Node(Box(name * (len(shape) % 5 + 1)), [tree_of(below) for below in shape])


shapes = st.recursive(st.just([]), lambda below: st.lists(below, max_size=14), max_leaves=60)


@settings(max_examples=80, deadline=None)
@given(st.lists(shapes, min_size=1, max_size=3))
def test_boxes_of_any_tree_stand_apart_and_superiors_above(tops):
    nodes = [tree_of(shape) for shape in tops]
    drawing = drawn(nodes)
    boxes = drawing.boxes
    for a, b in itertools.combinations(boxes, 2):
        beside = a.right <= b.x or b.right <= a.x
        assert beside or a.bottom <= b.y or b.bottom <= a.y
    assert all(box.x >= 0 and box.y >= 0 for box in boxes)
    assert max(box.right for box in boxes) <= drawing.width
    assert max(box.bottom for box in boxes) <= drawing.height
    waiting = list(nodes)
    while waiting:
        node = waiting.pop()
        assert all(node.box.bottom < below.box.y for below in node.below)
        waiting.extend(node.below)
    for x, y in itertools.chain(*drawing.lines):
        assert -0.1 <= x <= drawing.width
        assert -0.1 <= y <= drawing.height


@settings(max_examples=80, deadline=None)
@given(st.lists(shapes, min_size=1, max_size=3))
def test_lines_cross_no_box(tops):
    drawing = drawn([tree_of(shape) for shape in tops])
    for line in drawing.lines:
        for (x, y), (z, w) in itertools.pairwise(line):
            left, right, top, bottom = min(x, z), max(x, z), min(y, w), max(y, w)
            for box in drawing.boxes:
                inside = left < box.right - 1 and right > box.x + 1
                assert not (inside and top < box.bottom - 1 and bottom > box.y + 1), box.name


def test_boxes_come_in_the_order_of_the_tree():
    leaf = Node(Box("c"))
    drawing = drawn([Node(Box("a"), [Node(Box("b"), [leaf]), Node(Box("d"))])])
    assert [box.name for box in drawing.boxes] == ["a", "b", "c", "d"]


@pytest.mark.parametrize("below", [[], [[]], [[], [[]]]], ids=["leaves", "branches", "deeper"])
def test_the_work_is_linear(below):
    def calls(number):
        node = tree_of([below] * number, name="U")
        with cProfile.Profile() as profile:
            drawn([node])
        return sum(entry.callcount for entry in profile.getstats())

    few, many = calls(100), calls(1600)
    assert many < 18 * few, "sixteen times the boxes"
