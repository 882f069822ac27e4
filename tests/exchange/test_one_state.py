"""A file of several kinds, and a plan, show the site as it was at one moment."""

import csv
import io
import sqlite3
import threading
import zipfile

import pytest
from django.conf import settings
from django.db import connection, connections

import exchange
from exchange.one_state import one_state
from exchange.planning import cells, workflow
from exchange.sending import export as exporting
from exchange.writing import apply as writing
from exchange.writing.writer import Writer
from history.models import Era
from tests.exchange.files import csv_bytes, plan, read
from tests.factories import make_event, make_person, make_unit
from units.models import Unit

# In processes with a file, SQLite is tried in tests/exchange_desk/test_while_others_edit.py.
only_postgresql = pytest.mark.skipif(
    "postgres" not in settings.DATABASES["default"]["ENGINE"], reason="in memory, SQLite has none"
)


@pytest.mark.django_db(transaction=True)
@only_postgresql
def test_what_is_saved_during_an_export_is_not_in_the_file(monkeypatch):
    make_event(code="before", after=[make_unit(code="first")])
    texts = exporting._texts
    added = []

    def add():
        added.append(make_event(code="meanwhile", after=[make_unit(code="second")]))
        connection.close()

    def while_somebody_saves(resource, user, rows=None):
        yield from texts(resource, user, rows)
        if resource.kind == "units":
            other = threading.Thread(target=add)
            other.start()
            other.join(10)

    monkeypatch.setattr(exporting, "_texts", while_somebody_saves)
    stream = io.BytesIO()
    exchange.export("all", stream, "zip")
    assert added
    assert Unit.objects.filter(code="second").exists()
    with zipfile.ZipFile(stream) as package:
        rows = list(csv.DictReader(io.StringIO(package.read("events.csv").decode())))
    assert [row["code"] for row in rows] == ["before"]


def in_another_session(do):
    """Call ``do`` with a connection of its own, and wait for it."""

    def work():
        do()
        done.append(True)
        connection.close()

    done = []
    other = threading.Thread(target=work)
    other.start()
    other.join(10)
    assert done


RENAMED = csv_bytes(["code", "name_en"], ["kept", "New"], ["going", "New"])


@pytest.mark.django_db(transaction=True)
@only_postgresql
@pytest.mark.parametrize("step", ["_load_updates", "list_missing", "check_references"])
def test_what_is_deleted_while_a_plan_is_made_is_in_all_of_it(step, monkeypatch):
    for code in ("kept", "going", "missing"):
        make_unit(code=code, name_en=code.title())
    modules = {"_load_updates": cells, "list_missing": workflow, "check_references": workflow}
    usual = getattr(modules[step], step)

    def while_somebody_deletes(part, *args):
        if Unit.objects.filter(code="going").exists() and part.kind == "units":
            in_another_session(lambda: [Unit.objects.get(code=c).delete() for c in GONE])
        return usual(part, *args)

    GONE = ("going", "missing")
    monkeypatch.setattr(modules[step], step, while_somebody_deletes)
    steps = [while_somebody_deletes if one is usual else one for one in workflow.STEPS]
    monkeypatch.setattr(workflow, "STEPS", steps)
    found = plan(RENAMED, corrections=True)
    assert set(Unit.objects.values_list("code", flat=True)) == {"kept"}
    assert not found.problems
    assert {change.code for change in found.changes("units")} == {"kept", "going"}
    assert found.missing("units") == [("missing", "Missing")]
    with pytest.raises(exchange.StalePlan):
        exchange.apply(found, None)


@pytest.mark.django_db
@pytest.mark.parametrize("delete_missing", [False, True])
def test_a_plan_asks_nothing_more_once_it_is_made(delete_missing, django_assert_num_queries):
    """What a preview shows is written down later, when those records may be gone."""
    for code in ("kept", "going", "missing"):
        make_unit(code=code, name_en=code.title())
    make_person(code="somebody")
    data = csv_bytes(
        ["code", "name_en", "kind"], ["kept", "New", "unit"], ["new", "New", "a kind of its own"]
    )
    found = plan(data, delete_missing=delete_missing, corrections=True)
    assert not found.problems
    with django_assert_num_queries(0):
        shown = found.changes()[:]
        assert {change.code for change in shown if change.kind == "units"} >= {"kept", "new"}
        assert {code for code, _title in found.missing("units")} == {"going", "missing"}
        assert found.counts["create"] == 3  # with two kinds of units
        assert found.counts["missing"] >= 2
        assert not found.is_empty
        assert not found.pictures
        assert found.summary()
        assert found.token
        assert list(found.meanings)
        assert found.notes


@pytest.mark.django_db
def test_a_few_rows_list_what_is_missing_of_many(monkeypatch, django_assert_max_num_queries):
    monkeypatch.setattr("exchange.planning.comparison._FEW", 5)
    monkeypatch.setattr("exchange.planning.missing.LISTED", 4)
    kind = make_unit(code="a0").kind
    for n in range(1, 9):
        make_unit(code=f"a{n}", name_en=f"A {n}", kind=kind)
    with django_assert_max_num_queries(20):
        found = plan(csv_bytes(["code", "name_en"], ["a0", "New"], ["a1", "A 1"]))
    assert found.part("units").missing_count == 7
    assert len(found.missing("units")) == 4
    assert set(found.missing("units")) < {(f"a{n}", f"A {n}") for n in range(2, 9)}


@pytest.mark.django_db
def test_a_file_with_problems_lists_nothing_as_missing():
    make_unit(code="there")
    found = plan(csv_bytes(["code", "name_en", "founded"], ["x", "X", "soon"]))
    assert found.problems
    assert found.missing("units") == []


@pytest.mark.django_db(transaction=True)
def test_a_reference_that_goes_before_it_is_written_is_a_stale_preview(monkeypatch):
    event = make_event(code="there")
    Era.objects.create(code="going", name_en="Going", name_az="Going", slug="going")
    head = ["code", "kind", "era", "title_en"]
    data = csv_bytes(head, ["new", "other", "going", "New"])
    shown = exchange.plan(read(data, "events"))
    assert not shown.problems

    class Late(Writer):
        def write(self):
            Era.objects.filter(code="going").delete()
            super().write()

    monkeypatch.setattr(writing, "Writer", Late)
    with pytest.raises(exchange.StalePlan):
        exchange.apply(shown, None)
    assert [row.code for row in type(event).objects.all()] == ["there"]
    assert Era.objects.filter(code="going").exists()


@pytest.mark.django_db(transaction=True)
@only_postgresql
def test_the_library_s_own_export_is_of_one_moment(monkeypatch):
    from history.resources import EventResource

    make_event(code="first", after=[make_unit(code="one")])
    texts = EventResource.texts.__func__

    def while_somebody_saves(cls, columns, rows, *args):
        list(rows.values_list("code"))
        in_another_session(lambda: make_event(code="second", after=[make_unit(code="two")]))
        return texts(cls, columns, rows, *args)

    monkeypatch.setattr(EventResource, "texts", classmethod(while_somebody_saves))
    assert EventResource().export()["code"] == ["first"]


@pytest.fixture
def file_database(tmp_path, django_db_blocker):
    """The connection to a database of SQLite in a file, with the site's settings."""
    told = {**connections.settings["default"], "ENGINE": "mia_site.sqlite"}
    told |= {"NAME": tmp_path / "site.sqlite3", "OPTIONS": {"transaction_mode": "IMMEDIATE"}}
    connections.settings["file"] = told
    with django_db_blocker.unblock():
        yield connections["file"]
        connections["file"].close()
    del connections["file"], connections.settings["file"]


def test_readers_of_sqlite_hold_up_no_writer(file_database, tmp_path):
    writer = sqlite3.connect(tmp_path / "site.sqlite3", timeout=0, isolation_level=None)
    writer.executescript("PRAGMA journal_mode=WAL; CREATE TABLE a (b); INSERT INTO a VALUES (1)")

    def count():
        with file_database.cursor() as cursor:
            return cursor.execute("SELECT count(*) FROM a").fetchone()[0]

    with one_state(file_database):
        assert count() == 1
        writer.execute("INSERT INTO a VALUES (2)")
        assert count() == 1
    assert count() == 2
    assert file_database.transaction_mode == "IMMEDIATE"
    writer.close()
