"""Killed, stopped or disturbed: an import leaves all or nothing, and others go on working."""

import os
import random
import signal
import threading
import time

import pytest
from django.db import OperationalError, connection, connections

from exchange.writing.locking import writing
from tests.exchange.files import units_csv
from tests.exchange.processes import ask, manage
from tests.factories import make_person, make_unit
from units import tree
from units.models import Unit

pytestmark = pytest.mark.concurrency

ROWS = 20_000


COUNTS = (
    "from units.models import Unit, UnitKind; from django.contrib.admin.models import LogEntry; "
    "print(Unit.objects.count(), UnitKind.objects.count(), LogEntry.objects.count())"
)


def large_file(folder):
    path = folder / "units.csv"
    rows = [[f"u{n}", f"u{n // 10}" if n else "", f"Unit {n}"] for n in range(ROWS)]
    random.Random(1).shuffle(rows)
    path.write_bytes(units_csv(*rows))
    return path


@pytest.mark.django_db(transaction=True)
def test_a_killed_import_leaves_all_or_nothing_and_no_file(site, tmp_path):
    folder = tmp_path / "in"
    folder.mkdir()
    path = large_file(folder)
    begun = time.monotonic()
    assert manage(site, "import_records", "units", path, "--dry-run").wait(120) == 0
    known = time.monotonic() - begun
    seen = set()
    for part in (0.6, 0.9, 1.1, 1.4):
        running = manage(site, "import_records", "units", path, start_new_session=True)
        time.sleep(known * part)
        running.send_signal(signal.SIGKILL)
        running.wait(30)
        counts = ask(site, COUNTS)
        assert counts in ("0 0 0", f"{ROWS} 1 {ROWS + 1}")
        seen.add(counts)
        assert os.listdir(folder) == ["units.csv"]
        if counts != "0 0 0":
            break
    assert "0 0 0" in seen
    assert manage(site, "import_records", "units", path).wait(120) == 0
    assert ask(site, COUNTS) == f"{ROWS} 1 {ROWS + 1}"


@pytest.mark.django_db(transaction=True)
def test_pages_answer_and_editors_get_a_sentence_while_a_large_file_is_written(
    site, tmp_path, settings
):
    """On PostgreSQL; on SQLite readers never wait and writers queue by themselves."""
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer at a time")
    settings.TREE_LOCK_TIMEOUT = 0.3
    make_unit(code="mine", slug="mine")
    running = manage(site, "import_records", "units", large_file(tmp_path))
    reads, saves, refusals, failures, sentences = [], [], [], [], set()
    done = threading.Event()

    def edit():
        try:
            while not done.is_set():
                begun = time.monotonic()
                try:
                    unit = Unit.objects.get(code="mine")
                    unit.phone = f"{len(saves) + 100}"
                    unit.save()
                    saves.append(time.monotonic() - begun)
                except tree.TreeBusy as busy:
                    sentences.add(str(busy.message))
                    refusals.append(time.monotonic() - begun)
                except Exception as error:  # noqa: BLE001 - whatever else would be a 500
                    failures.append(error)
                time.sleep(0.02)
        finally:
            connections.close_all()

    editor = threading.Thread(target=edit)
    editor.start()
    while running.poll() is None:
        begun = time.monotonic()
        assert Unit.objects.filter(slug="mine").get().code == "mine"
        reads.append(time.monotonic() - begun)
        time.sleep(0.02)
    done.set()
    editor.join()
    assert running.returncode == 0, running.stdout.read()
    assert failures == []
    assert saves
    assert refusals, "the editor never met the import"
    assert all(sentences)
    assert max(reads) < 1
    assert max(saves + refusals) < 2
    assert list(tree.check()) == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("kind", ["units", "people"])
def test_nobody_changes_what_an_import_has_planned_and_not_yet_written(kind, settings):
    """The lock is taken before the records are read."""
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer at a time")
    settings.TREE_LOCK_TIMEOUT = 0.3
    record = make_unit() if kind == "units" else make_person()
    outcome = []

    def save():
        try:
            with connections["default"].cursor() as cursor:
                cursor.execute("SET lock_timeout = 300")
            type(record).objects.get(pk=record.pk).save()
            outcome.append("saved")
        except (tree.TreeBusy, OperationalError):
            outcome.append("waited")
        finally:
            connections.close_all()

    for expected in ("waited", "saved"):
        editor = threading.Thread(target=save)
        if expected == "waited":
            with writing([kind]):
                editor.start()
                editor.join()
        else:
            editor.start()
            editor.join()
    assert outcome == ["waited", "saved"]
