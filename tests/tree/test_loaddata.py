"""``manage.py loaddata`` takes files without tree numbers, in any order, whole or not at all."""

import json

import pytest
from django.core.management import CommandError, call_command, get_commands

from tests.factories import make_unit, make_unit_kind
from units import tree
from units.models import DatedName, Unit, UnitKind

pytestmark = pytest.mark.django_db


def row(code, parent=None, **fields):
    return {
        "model": "units.unit",
        "fields": {
            "code": code,
            "slug": code,
            "kind": ["office"],
            "name_az": f"{code} idarəsi",
            "name_en": f"Office {code}",
            "parent": [parent] if parent else None,
        }
        | fields,
    }


KIND = {"model": "units.unitkind", "fields": {"code": "office", "name_az": "İdarə"}}


@pytest.fixture
def load(tmp_path):
    def load(**files):
        paths = []
        for name, rows in files.items():
            path = tmp_path / f"{name}.json"
            path.write_text(rows if isinstance(rows, str) else json.dumps(rows), encoding="utf-8")
            paths.append(str(path))
        call_command("loaddata", *paths, verbosity=0)

    return load


def test_it_is_our_command_that_runs():
    assert get_commands()["loaddata"] == "units"


def test_children_may_come_before_their_superiors(load, outline):
    load(kinds=[KIND], units=[row("c", "b"), row("d", "a"), row("b", "a"), row("a")])
    assert outline() == "a(b(c) d)"


def test_files_may_be_named_in_any_order(load, outline):
    name = {"code": "n", "unit": ["a"], "name_az": "Köhnə", "begin": "1920"}
    load(
        names=[{"model": "units.datedname", "fields": name}],
        units=[row("b", "a"), row("a")],
        kinds=[KIND],
    )
    assert outline() == "a(b)"
    assert DatedName.objects.get().unit.code == "a"


def test_what_save_computes_is_there(load):
    load(kinds=[KIND], units=[row("a", founded="1920-04", name_az="Gəncə şöbəsi")])
    unit = Unit.objects.get()
    assert "gence" in unit.search_text
    assert str(unit.founded_earliest) == "1920-04-01"
    assert unit.created_at
    assert unit.updated_at


def test_loading_twice_changes_nothing_but_what_the_file_says(load, outline):
    files = {"kinds": [KIND], "units": [row("b", "a"), row("a")]}
    load(**files)
    first = Unit.objects.get(code="b")
    make_unit(code="own", parent=Unit.objects.get(code="a"), kind=UnitKind.objects.get())
    load(**files)
    again = Unit.objects.get(code="b")
    assert outline() == "a(b own)"
    assert (again.pk, again.created_at) == (first.pk, first.created_at)


def test_a_file_moves_units_that_are_there(load, outline):
    load(kinds=[KIND], units=[row("b", "a"), row("a"), row("c", "b")])
    load(units=[row("b", None, order=0), row("a", "b")])
    assert outline() == "b(a c)"


@pytest.mark.parametrize(
    ("files", "sentence"),
    [
        ({"units": [row("a", "b"), row("b", "a")]}, "in a circle: a → b → a"),
        ({"units": [row("a"), row("b", "nobody")]}, "nobody"),
        ({"units": [row("a"), row("b", slug="a")]}, "units_unit.slug|units_unit_slug"),
        ({"units": [row("a", founded="yesterday")]}, "yesterday|founded"),
        ({"units": [row("a", parent="a")]}, "its own superior"),
        ({"good": [row("a")], "bad": "[{"}, "bad.json is not a fixture"),
        ({"good": [row("a")], "bad": '{"a": 1}'}, "bad.json is not a fixture"),
        ({"bad": [row("a"), {"model": "units.nothing", "fields": {}}]}, "nothing"),
        ({"bad": [row("a", wrong=1)]}, "wrong"),
    ],
)
def test_what_cannot_be_loaded_changes_nothing(load, outline, files, sentence):
    make_unit(code="z", kind=make_unit_kind(code="office"))
    with pytest.raises(CommandError, match=sentence):
        load(**files)
    assert outline() == "z"


def test_a_missing_file_is_told():
    with pytest.raises(CommandError, match="No fixture named"):
        call_command("loaddata", "no-such-file", verbosity=0)


def test_the_tree_is_locked_while_files_are_read(load, monkeypatch):
    from django.db import connection

    from units.management.commands import loaddata

    seen = []
    fill = loaddata.fill_computed
    monkeypatch.setattr(
        loaddata,
        "fill_computed",
        lambda *args: (seen.append(connection.tree_is_locked), fill(*args)),
    )
    load(kinds=[KIND], units=[row("a")])
    assert seen == [True, True]
    assert not connection.tree_is_locked
    assert list(tree.check()) == []
