"""After much has been written at once, the database knows how large its tables are."""

import csv
import json

import pytest
from django.core.management import call_command
from django.db import connection

import exchange
from exchange.writing import statistics
from exchange.writing.apply import run
from tests.factories import make_unit_kind
from units.models import Unit

pytestmark = pytest.mark.django_db
HEADING = ["code", "parent", "kind", "name_en"]


def known_rows(table="units_unit"):
    """How many rows the planner takes the table to have; 0 when it has never counted."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT reltuples FROM pg_class WHERE relname = %s", [table])
            return max(0, int(cursor.fetchone()[0]))
        cursor.execute("SELECT 1 FROM sqlite_master WHERE name = 'sqlite_stat1'")
        if not cursor.fetchone():
            return 0
        cursor.execute("SELECT stat FROM sqlite_stat1 WHERE tbl = %s", [table])
        return max((int(stat.split()[0]) for (stat,) in cursor.fetchall()), default=0)


@pytest.fixture
def imported(tmp_path, django_capture_on_commit_callbacks):
    """imported(number of units): import them, the transaction's end included."""
    statistics.refresh()
    kind = make_unit_kind().code

    def work(count, finish=True):
        path = tmp_path / "units.csv"
        with path.open("w", newline="", encoding="utf-8") as file:
            rows = [[f"u{n}", "u0" if n else "", kind, f"Office {n}"] for n in range(count)]
            csv.writer(file).writerows([HEADING, *rows])
        with django_capture_on_commit_callbacks(execute=finish):
            plan, applied = run(exchange.read(path, "units"))
        assert applied, plan.problems[:3]

    return work


def test_a_large_import_counts(imported):
    assert known_rows() == 0
    imported(700)
    assert known_rows() == 700
    assert known_rows("search_searchentry") >= 700
    assert known_rows("django_admin_log") >= 700


def test_a_small_import_does_not(imported):
    imported(statistics.MANY - 1)
    assert known_rows() == 0


def test_a_failure_to_count_leaves_the_import(imported, monkeypatch):
    def fail(*arguments):
        raise RuntimeError

    monkeypatch.setattr(statistics, "refresh", fail)
    imported(700)
    assert Unit.objects.count() == 700


def test_fixtures_count(imported, tmp_path, django_capture_on_commit_callbacks):
    imported(600, finish=False)
    path = tmp_path / "units.json"
    call_command("dumpdata", "units", natural_foreign=True, natural_primary=True, output=str(path))
    assert len(json.loads(path.read_text())) > 600
    assert known_rows() == 0
    with django_capture_on_commit_callbacks(execute=True):
        call_command("loaddata", str(path), verbosity=0)
    assert known_rows() == 600


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL shares its counts itself")
def test_other_connections_notice():
    """They read the counts again when the number of the schema has changed."""
    statistics.refresh()

    def schema():
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA schema_version")
            return cursor.fetchone()[0]

    before = schema()
    statistics.refresh()
    assert schema() != before
