"""One routine places units: for dragging, for the form, for undoing."""

import json

import pytest
from django.core.exceptions import ValidationError

from tests.factories import make_unit
from units import tree
from units.models import Unit

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def family():
    """a(b c d) e(f); all with the same position, so by code."""
    a = make_unit(code="a")
    for code in "bcd":
        make_unit(code=code, parent=a)
    make_unit(code="f", parent=make_unit(code="e"))


@pytest.mark.parametrize(
    ("code", "parent", "position", "expected"),
    [
        ("d", "a", 0, "a(d b c) e(f)"),
        ("d", "a", 1, "a(b d c) e(f)"),
        ("b", "a", 1, "a(c b d) e(f)"),
        ("b", "a", None, "a(c d b) e(f)"),
        ("b", "a", 99, "a(c d b) e(f)"),
        ("b", "a", -1, "a(b c d) e(f)"),
        ("b", "a", 0, "a(b c d) e(f)"),
        ("f", "a", 1, "a(b f c d) e"),
        ("e", "a", 3, "a(b c d e(f))"),
        ("c", None, 0, "c a(b d) e(f)"),
        ("c", None, 1, "a(b d) c e(f)"),
        ("c", None, None, "a(b d) e(f) c"),
        ("e", None, 0, "e(f) a(b c d)"),
        ("a", "f", None, "e(f(a(b c d)))"),
    ],
)
def test_a_unit_goes_where_it_is_told(outline, code, parent, position, expected):
    before = outline()
    former = tree.move(code, parent, position)
    assert outline() == expected
    assert tree.placement_of(code).parent == parent

    undone = tree.restore(code, former)
    assert outline() == before
    tree.restore(code, undone)
    assert outline() == expected


@pytest.mark.parametrize(
    ("target", "where", "expected"),
    [
        ("b", "left", "a(d b c) e(f)"),
        ("b", "right", "a(b d c) e(f)"),
        ("c", "right", "a(b c d) e(f)"),
        ("d", "left", "a(b c d) e(f)"),
        ("e", "first-child", "a(b c) e(d f)"),
        ("e", "last-child", "a(b c) e(f d)"),
        ("e", "left", "a(b c) d e(f)"),
        (None, "last-child", "a(b c) e(f) d"),
    ],
)
def test_dragging(outline, target, where, expected):
    target = target and Unit.objects.get(code=target)
    tree.move_to(Unit.objects.get(code="d"), target, where)
    assert outline() == expected


def test_an_unknown_word_for_where_is_an_error():
    with pytest.raises(ValueError, match="above"):
        tree.move_to("d", "b", "above")


def test_the_unit_in_hand_is_brought_up_to_date():
    d = Unit.objects.get(code="d")
    tree.move(d, "e", 0)
    assert d.parent.code == "e"
    assert (d.lft, d.level) == (2, 1)


def test_undo_finds_its_place_again_although_the_siblings_changed(outline):
    former = tree.move("b", "e")
    make_unit(code="0", parent=Unit.objects.get(code="a"))
    tree.restore("b", former)
    assert outline() == "a(0 b c d) e(f)"

    former = tree.move("b", "e")
    tree.move("c", "e")
    tree.restore("b", former)
    assert outline() == "a(0 b d) e(f c)"


def test_a_placement_can_be_kept_in_a_session():
    former = tree.move("b", "e")
    assert tree.Placement(**json.loads(json.dumps(former.as_dict()))) == former


def test_undo_is_refused_when_the_former_superior_is_gone(outline):
    former = tree.move("f", "a")
    Unit.objects.get(code="e").delete()
    with pytest.raises(tree.UnitGone):
        tree.restore("f", former)
    assert outline() == "a(b c d f)"


def test_a_cycle_is_refused(outline):
    with pytest.raises(ValidationError, match="stands below it"):
        tree.move("a", "c")
    assert outline() == "a(b c d) e(f)"


def test_a_unit_that_is_gone_is_refused():
    with pytest.raises(tree.UnitGone):
        tree.move("nobody", "a")
    with pytest.raises(tree.UnitGone):
        tree.move("a", "nobody")


def test_positions_at_the_limit_of_the_column_are_shared_out_anew(outline):
    Unit.objects.filter(code="d").update(order=2_147_483_647)
    tree.move("f", "a")
    assert outline() == "a(b c d f) e"


def test_siblings_are_rewritten_only_as_far_as_needed():
    for order, code in enumerate("bcd"):
        Unit.objects.filter(code=code).update(order=order * 10)
    tree.move("f", "a", 1)
    orders = Unit.objects.filter(parent__code="a").values_list("code", "order")
    assert dict(orders) == {"b": 0, "f": 1, "c": 10, "d": 20}


def test_a_move_is_told_as_a_change_of_the_unit():
    before = Unit.objects.get(code="d")
    tree.move("d", "e")
    assert Unit.objects.get(code="d").updated_at > before.updated_at
