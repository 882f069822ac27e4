"""The lock: one writer at a time, a sentence when it takes too long, nothing half done."""

import sqlite3
from contextlib import contextmanager

import pytest
from django.db import OperationalError, connection, transaction

from tests.factories import make_unit
from units import tree
from units.models import Unit

pytestmark = pytest.mark.django_db(transaction=True)


@contextmanager
def somebody_else_writing():
    """Another connection to the same database that holds the lock."""
    if connection.vendor == "postgresql":
        import psycopg

        other = psycopg.connect(**connection.get_connection_params() | {"cursor_factory": None})
        other.execute("LOCK TABLE units_unit IN SHARE ROW EXCLUSIVE MODE")
    else:
        name = str(connection.settings_dict["NAME"])
        other = sqlite3.connect(name, uri=name.startswith("file:"), isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        other.execute("UPDATE units_unit SET lft = lft")
    try:
        yield
    finally:
        other.rollback()
        other.close()


@pytest.mark.parametrize(
    "write",
    [
        lambda unit: unit.save(),
        lambda unit: unit.delete(),
        lambda unit: tree.move(unit, None, 0),
        lambda unit: tree.renumber(),
        lambda unit: Unit.objects.filter(pk=unit.pk).delete(),
        lambda unit: Unit.objects.update(order=3),
        lambda unit: make_unit(code="new", kind=unit.kind),
    ],
)
def test_who_waits_too_long_is_told_so_and_nothing_is_saved(settings, write, outline):
    settings.TREE_LOCK_TIMEOUT = 0.2
    unit = make_unit(code="a")
    assert unit.kind
    with somebody_else_writing(), pytest.raises(tree.TreeBusy, match="please try again"):
        write(unit)
    assert outline() == "a"
    unit.save()  # the connection is in order and nobody holds the lock


def test_readers_do_not_wait(settings):
    settings.TREE_LOCK_TIMEOUT = 0.2
    make_unit(code="a")
    if connection.vendor != "postgresql":
        pytest.skip("the SQLite database in memory has no WAL, in which readers do not wait")
    with somebody_else_writing():
        assert Unit.objects.get().code == "a"
        assert list(tree.check()) == []


def test_a_status_change_does_not_wait_for_the_tree():
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer for everything")
    make_unit(code="a")
    with tree.writing(), connection.cursor() as cursor:
        Unit.objects.update(status="draft")
        cursor.execute(
            "SELECT mode FROM pg_locks WHERE relation = 'units_unit'::regclass "
            "AND pid = pg_backend_pid()"
        )
        assert ("ShareRowExclusiveLock",) in cursor.fetchall()
    with transaction.atomic(), connection.cursor() as cursor:
        Unit.objects.update(status="published")
        cursor.execute(
            "SELECT mode FROM pg_locks WHERE relation = 'units_unit'::regclass "
            "AND pid = pg_backend_pid()"
        )
        assert ("ShareRowExclusiveLock",) not in cursor.fetchall()


def test_the_lock_is_taken_once_and_given_back(monkeypatch):
    from units.tree import lock

    taken = []
    take = lock._take_lock
    monkeypatch.setattr(lock, "_take_lock", lambda c: (taken.append(c.in_atomic_block), take(c)))
    with tree.writing():
        with tree.writing():
            make_unit(code="a")
        make_unit(code="b")
        assert taken == [True]
        assert connection.tree_is_locked
    assert not connection.tree_is_locked
    assert not connection.in_atomic_block
    make_unit(code="c")
    assert taken == [True, True]


def make_and_fail(code):
    with tree.writing():
        make_unit(code=code)
        raise RuntimeError


def test_an_inner_block_that_fails_is_undone_alone(outline):
    with tree.writing():
        make_unit(code="a")
        with pytest.raises(RuntimeError):
            make_and_fail("b")
        assert connection.tree_is_locked
        make_unit(code="c")
    assert outline() == "a c"


def test_an_outer_block_that_fails_is_undone_as_a_whole(outline):
    with pytest.raises(RuntimeError):
        make_and_fail("a")
    assert outline() == ""
    assert not connection.tree_is_locked


def test_inside_another_transaction_the_lock_is_taken_all_the_same(outline):
    with transaction.atomic():
        Unit.objects.exists()
        with tree.writing():
            make_unit(code="a")
        assert not connection.tree_is_locked
        with tree.writing():
            make_unit(code="b")
    assert outline() == "a b"


def test_sqlite_waits_elsewhere_as_long_as_before():
    if connection.vendor != "sqlite":
        pytest.skip("about SQLite")

    def patience():
        with connection.cursor() as cursor:
            return cursor.execute("PRAGMA busy_timeout").fetchone()[0]

    usual = patience()
    with tree.writing():
        assert patience() == usual
    assert patience() == usual


def test_other_database_errors_stay_what_they_are():
    wrong = {"postgresql": "SET LOCAL statement_timeout = 10; SELECT pg_sleep(1)"}
    with connection.cursor() as cursor, pytest.raises(OperationalError), tree.writing():
        cursor.execute(wrong.get(connection.vendor, "SELECT * FROM no_such_table"))
    assert not connection.tree_is_locked
