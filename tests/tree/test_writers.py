"""No code writes units past the lock: found by watching the database, and by reading the code."""

import ast
import re
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection, models

from tests.factories import make_unit, make_unit_kind
from units import tree
from units.models import Unit

ROOT = Path(__file__).resolve().parents[2]
# Those that write many rows at once do so under the lock; tests of their own watch them.
APPS = {file.parent.name for file in ROOT.glob("*/apps.py")} - {"exchange", "search"}

# What decides or tells the place of a unit.
_PLACE = re.compile(r'"(lft|rght|level|tree_id|parent_id|order|code)" = |\b(lft|rght) = ')


class Watch:
    """Refuses statements that change the tree while its lock is not held."""

    def __init__(self):
        self.writes = 0

    def __call__(self, execute, sql, params, many, context):
        if re.match(r'\s*(INSERT INTO|DELETE FROM|UPDATE) "?units_unit"?\b', sql):
            changed = sql.split("WHERE")[0] if "UPDATE" in sql else ""
            if "UPDATE" not in sql[:12] or _PLACE.search(changed):
                self.writes += 1
                assert getattr(connection, "tree_is_locked", False), sql
        return execute(sql, params, many, context)


def new(code, **fields):
    return Unit(code=code, slug=code, name_az=code, kind=make_unit_kind(), **fields)


def one():
    return Unit.objects.get(code="a")


def copy(**fields):
    unit = one()
    for name, value in fields.items():
        setattr(unit, name, value)
    return unit


WRITERS = {
    "create": lambda: make_unit(code="b"),
    "save a new one": lambda: new("b").save(),
    "save a renamed one": lambda: copy(name_az="Y").save(),
    "save a moved one": lambda: copy(parent=Unit.objects.get(code="top")).save(),
    "save with named fields": lambda: copy(order=9).save(update_fields=["order"]),
    "get_or_create": lambda: Unit.objects.get_or_create(
        code="b", defaults={"slug": "b", "name_az": "B", "kind": make_unit_kind()}
    ),
    "update_or_create": lambda: Unit.objects.update_or_create(code="a", defaults={"order": 4}),
    "delete": lambda: one().delete(),
    "delete a queryset": lambda: Unit.objects.filter(code="a").delete(),
    "update": lambda: Unit.objects.filter(code="a").update(order=7),
    "bulk_create": lambda: Unit.objects.bulk_create([new("b")]),
    "bulk_update": lambda: Unit.objects.bulk_update([copy(order=7)], ["order"]),
    "through the superior": lambda: Unit.objects.get(code="top").children.create(
        code="b", slug="b", name_az="B", kind=make_unit_kind()
    ),
    "taken over by the superior": lambda: Unit.objects.get(code="top").children.add(one()),
    "move": lambda: tree.move("a", "top"),
    "mptt's move": lambda: one().move_to(Unit.objects.get(code="top")),
    "mptt's move of the manager": lambda: Unit.objects.move_node(one(), None),
    "mptt's insertion": lambda: new("b").insert_at(one(), "left", save=True),
    "mptt's insertion of the manager": lambda: Unit.objects.insert_node(new("b"), one(), save=True),
    "rebuild": lambda: (_damage(), Unit.objects.rebuild()),
    "check_tree": lambda: (_damage(), call_command("check_tree", "--repair", verbosity=0)),
}


def _damage():
    with tree.writing():
        models.QuerySet(Unit).filter(code="a").update(lft=50, rght=51)


@pytest.mark.django_db
@pytest.mark.parametrize("writer", WRITERS)
def test_every_way_to_write_a_unit_holds_the_lock(writer):
    make_unit(code="top")
    make_unit(code="a", kind=make_unit_kind())
    watch = Watch()
    with connection.execute_wrapper(watch):
        WRITERS[writer]()
    assert watch.writes, "this way of writing was not seen"
    assert list(tree.check()) == []


@pytest.mark.django_db
def test_the_watch_sees_a_writer_without_the_lock():
    """The red run, kept."""
    make_unit(code="a")
    with connection.execute_wrapper(Watch()), pytest.raises(AssertionError, match="units_unit"):
        models.QuerySet(Unit).update(order=3)


# Ways into the table that lead past Unit.save() and Unit.objects.
PAST_THE_GUARD = {
    "_base_manager", "_close_gap", "_create_space", "_create_tree_space", "_insert",
    "_inter_tree_move_and_close_gap", "_manage_space", "_move_node", "_mptt_update",
    "_raw_delete", "_tree_manager", "_update", "bulk_insert", "delay_mptt_updates",
    "disable_mptt_updates", "insert_at", "insert_node", "save_base",
}  # fmt: skip
WRITES = {"update", "delete", "create", "bulk_create", "bulk_update"}


def writers_past_the_guard(source):
    """Lines of Python code that could write units past the guard, each with what it uses."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            if re.search(r"\b(UPDATE|INSERT INTO|DELETE FROM|COPY)\s+\W?units_unit\b", node.value):
                yield node.lineno, "SQL"
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            if node.func.attr in PAST_THE_GUARD - {"_base_manager", "_tree_manager"}:
                yield node.lineno, node.func.attr
            elif node.func.attr in WRITES:
                inside = {n.attr for n in ast.walk(node.func) if isinstance(n, ast.Attribute)}
                if inside & {"_base_manager", "_tree_manager", "QuerySet"}:
                    yield node.lineno, node.func.attr


def test_no_room_writes_past_the_guard():
    found = [
        f"{path.relative_to(ROOT)}:{line}: {what}"
        for app in sorted(APPS)
        for path in sorted((ROOT / app).rglob("*.py"))
        if ROOT / "units" / "tree" not in path.parents and "migrations" not in path.parts
        for line, what in writers_past_the_guard(path.read_text(encoding="utf-8"))
    ]
    assert found == []


@pytest.mark.parametrize(
    "code",
    [
        "Unit._base_manager.filter(pk=1).update(parent=None)",
        "models.QuerySet(Unit).filter(pk=1).delete()",
        "unit.insert_at(other)",
        "unit.save_base(raw=True)",
        "with Unit.objects.delay_mptt_updates(): pass",
        "cursor.execute('UPDATE units_unit SET parent_id = NULL')",
        "cursor.execute('delete from x; DELETE FROM \"units_unit\"')",
    ],
)
def test_the_reader_of_code_finds_such_writers(code):
    assert list(writers_past_the_guard(code))


def test_the_reader_of_code_lets_others_pass():
    code = "Unit.objects.filter(pk=1).update(parent=None)\nunit.save()\nx = 'units_unit'"
    assert list(writers_past_the_guard(code)) == []
