"""Writers of SQLite wait for their turn without standing in each other's way."""

import gc
import threading
import time

import pytest
from django.db import OperationalError
from django.db.utils import ConnectionHandler


@pytest.fixture
def database(tmp_path, django_db_blocker):
    """Calling ``database()`` gives each thread a connection of its own to a database in a file."""
    options = {"transaction_mode": "IMMEDIATE", "timeout": 2}
    options["init_command"] = "PRAGMA journal_mode=WAL"
    told = {"ENGINE": "mia_site.sqlite", "NAME": tmp_path / "site.sqlite3", "OPTIONS": options}
    connections = ConnectionHandler({"default": told})

    def connection():
        connections["default"].ensure_connection()
        return connections["default"]

    gc.disable()
    with django_db_blocker.unblock():
        yield connection
        connections.close_all()
    gc.enable()


def leave_garbage(connection):
    """A cursor in a cycle, like exceptions with their frames: only the collector takes it away."""
    cycle = [connection.connection.execute("SELECT 1")]
    cycle.append(cycle)


def begin(connection):
    connection._start_transaction_under_autocommit()


def test_garbage_of_who_waits_can_be_collected_by_who_is_waited_for(database):
    """Else both stand until the time is up (seen with eight editors at once)."""
    events, waits = [], threading.Event()
    begin(database())

    def wait():
        own = database()
        leave_garbage(own)
        waits.set()
        try:
            begin(own)
            own.rollback()
            events.append("had its turn")
        except OperationalError:
            events.append("gave up")
        own.close()

    other = threading.Thread(target=wait)
    other.start()
    waits.wait()
    time.sleep(0.2)
    gc.collect()
    events.append("collected")
    database().rollback()
    other.join()
    assert events == ["collected", "had its turn"]


def test_who_waits_too_long_is_told(database):
    begin(database())
    told = []

    def wait():
        own = database()
        own.patience = 0.1
        try:
            begin(own)
        except OperationalError as error:
            told.append(str(error))
        with own.cursor() as cursor:
            told.append(cursor.execute("PRAGMA busy_timeout").fetchone()[0])
        own.close()

    other = threading.Thread(target=wait)
    other.start()
    other.join()
    database().rollback()
    assert told == ["database is locked", 2000]
