"""A file of several kinds shows the site as it was at one moment."""

import csv
import io
import sqlite3
import threading
import zipfile

import pytest
from django.conf import settings
from django.db import connection, connections

import exchange
from exchange import exporting
from exchange.one_state import one_state
from tests.factories import make_event, make_unit
from units.models import Unit


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(
    "postgres" not in settings.DATABASES["default"]["ENGINE"], reason="in memory, SQLite has none"
)
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
