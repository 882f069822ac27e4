"""Numbering, checking and the command that does both."""

import io
from itertools import pairwise

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import models

from tests.factories import make_unit
from units import tree
from units.models import Unit

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def family():
    """a(b(c) d) e(f)"""
    a = make_unit(code="a")
    make_unit(code="c", parent=make_unit(code="b", parent=a))
    make_unit(code="d", parent=a)
    make_unit(code="f", parent=make_unit(code="e"))


def damage(unit, **values):
    """Write behind the tree's back, as a bug or a hand in the database would."""
    assert models.QuerySet(Unit).filter(code=unit).update(**values) == 1


def key(code):
    return Unit.objects.get(code=code).pk


def check_tree(*options):
    """(exit code, what was printed)"""
    out = io.StringIO()
    try:
        call_command("check_tree", *options, stdout=out, no_color=True)
    except CommandError as error:
        return error.returncode, f"{out.getvalue()}{error}"
    return 0, out.getvalue()


DAMAGES = [
    ("c", {"lft": 50, "rght": 51}, "do not lie within"),
    ("c", {"lft": 4, "rght": 3}, "is not below right number"),
    ("c", {"level": 1}, "level 1 under its superior b of level 1"),
    ("c", {"tree_id": 77}, "tree number 77 differs"),
    ("d", {"lft": 3, "rght": 4}, "overlap or are in the wrong order"),
    ("d", {"order": 3, "rght": 8}, "do not lie within"),
    ("b", {"order": 3}, "overlap or are in the wrong order"),
    ("e", {"rght": 6}, "do not fit the 1 units below it"),
    ("e", {"lft": 0}, "begin at 0, not 1"),
    ("e", {"level": 1}, "but has level 1"),
    ("e", {"tree_id": 1}, "do not rise"),
    ("a", {"order": 9}, "do not rise"),
]


@pytest.mark.parametrize(("code", "values", "sentence"), DAMAGES)
def test_every_kind_of_damage_is_told_and_repaired(outline, code, values, sentence):
    damage(code, **values)
    status, told = check_tree()
    assert status == 1
    assert sentence in told
    assert "check_tree --repair" in told

    status, told = check_tree("--repair")
    assert status == 0, told
    assert "Repaired" in told
    outline()
    assert check_tree() == (0, "The tree is sound.\n")


def test_parents_are_the_truth(outline):
    damage("c", parent=key("e"))
    damage("d", order=0, code="0")
    tree.renumber()
    assert outline() == "a(0 b) e(c f)"


def test_a_sound_tree_is_not_rewritten():
    assert tree.renumber() == 0


def test_only_changed_rows_are_written():
    damage("f", lft=7)
    assert tree.renumber() == 1


def test_one_tree_can_be_numbered_alone(outline):
    damage("f", lft=7)
    damage("c", lft=7)
    tree.renumber([Unit.objects.get(code="e").tree_id])
    assert all("c" in problem.split(":")[0] for problem in tree.check())
    assert Unit.objects.get(code="f").lft == 2
    tree.renumber([Unit.objects.get(code="a").tree_id])
    assert outline() == "a(b(c) d) e(f)"


def test_numbering_some_trees_numbers_all_when_units_came_from_elsewhere(outline):
    damage("c", parent=key("e"))
    tree.renumber([Unit.objects.get(code="a").tree_id])
    assert outline() == "a(b d) e(c f)"


def test_gaps_among_tree_ids_are_allowed():
    Unit.objects.get(code="f").delete()
    make_unit(code="g")
    Unit.objects.get(code="e").delete()
    assert list(tree.check()) == []


def test_a_cycle_is_named_and_not_repaired_silently(outline):
    damage("b", parent=key("c"))
    status, told = check_tree()
    assert status == 1
    assert "in a circle: b → c → b." in told

    before = list(Unit.objects.order_by("pk").values_list("parent_id", "lft", "rght"))
    status, told = check_tree("--repair")
    assert status == 1
    assert "Nothing was changed" in told
    assert "--break-cycles" in told
    assert before == list(Unit.objects.order_by("pk").values_list("parent_id", "lft", "rght"))
    with pytest.raises(ValidationError, match="b → c → b"):
        tree.renumber()

    status, told = check_tree("--repair", "--break-cycles")
    assert status == 0, told
    assert "Moved b to the top; its superior was c." in told
    assert outline() == "a(d) e(f) b(c)"


def test_a_long_cycle_with_units_hanging_from_it(outline):
    parent = None
    for number in range(30):
        parent = make_unit(code=f"r{number:02}", parent=parent)
    damage("r00", parent=parent.pk)
    damage("d", parent=key("r05"))
    assert tree.cycles() == [[f"r{n:02}" for n in [0, *range(29, 0, -1)]]]
    status, told = check_tree("--repair", "--break-cycles")
    assert status == 0, told
    assert "d" in outline()


def test_breaking_cycles_without_repair_is_a_wrong_call():
    assert check_tree("--break-cycles")[0] == 2


def test_depth_is_limited_by_nothing():
    """Deeper than Python's recursion limit."""
    kind = Unit.objects.first().kind
    units = [
        Unit(code=f"deep-{n:05}", slug=f"deep-{n:05}", name_az="D", kind=kind) for n in range(1100)
    ]
    models.QuerySet(Unit).bulk_create([_numbered(unit) for unit in units], batch_size=1000)
    stored = list(Unit.objects.filter(code__startswith="deep").order_by("code"))
    for above, below in pairwise(stored):
        below.parent = above
    Unit.objects.bulk_update(stored, ["parent"], batch_size=1000)
    assert list(tree.check()) == []
    assert Unit.objects.get(code="deep-01099").level == 1099


def _numbered(unit):
    unit.lft, unit.rght, unit.level, unit.tree_id = 0, 0, 0, 0
    return unit
