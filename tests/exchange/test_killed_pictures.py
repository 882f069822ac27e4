"""Pictures of an import that was killed go again; those of others stay, whatever runs beside."""

import io
import os
import signal
import time
import zipfile
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

import exchange
from exchange.models import ComingPictures
from exchange.writing import coming_pictures
from publishing.models import Status
from tests.exchange.files import csv_bytes
from tests.exchange.processes import ask, manage
from tests.exchange.test_media import picture
from tests.factories import make_unit
from units.models import Unit


def processes(test):
    """Of a test that reads what other processes have committed."""
    return pytest.mark.concurrency(pytest.mark.django_db(transaction=True)(test))


NAME = "emblems/lion.png"

# Imports a file; what shall happen when the records are written and not yet committed is put in.
IMPORT = """
import os, signal, time
import exchange
from exchange.writing import audit
from units.models import Unit
from django.core.files.storage import default_storage
own = audit.record
def written(*args):
    assert default_storage.exists({name!r}) and Unit.objects.filter(code="lion").exists()
    {then}
    return own(*args)
audit.record = written
{first}
plan, applied = exchange.run(exchange.read({path!r}, "all"))
print("done" if applied else [str(problem) for problem in plan.problems])
"""
KILLED = "os.kill(os.getpid(), signal.SIGKILL)"
STATE = (
    "from units.models import Unit; from exchange.models import ComingPictures; "
    "print(Unit.objects.filter(code='lion').count(), ComingPictures.objects.count())"
)


def site_zip(*units):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        package.writestr("units.csv", csv_bytes(["code", "name_en", "emblem"], *units))
        for _code, _name, emblem in units:
            if emblem:
                package.writestr(f"media/{emblem}", picture())
    return out.getvalue()


@pytest.fixture
def lion(tmp_path):
    path = tmp_path / "site.zip"
    path.write_bytes(site_zip(["lion", "Lion", NAME]))
    return str(path)


def stored(env):
    folder = f"{env['VAR_DIR']}/media/emblems"
    return os.listdir(folder) if os.path.isdir(folder) else []


def start(env, path, then="pass", first="pass"):
    code = IMPORT.format(name=NAME, path=path, then=then, first=first)
    return manage(env, "shell", "--verbosity", "0", "--command", code)


def said(process):
    return process.communicate(timeout=60)[0].strip().splitlines()[-1]


def kill(env, path):
    """An import that dies when its picture is stored and its records are not committed."""
    assert start(env, path, then=KILLED).wait(60) == -signal.SIGKILL
    assert stored(env) == ["lion.png"]


def small_file(folder):
    path = folder / "units.csv"
    path.write_bytes(csv_bytes(["code", "name_en"], ["owl", "Owl"]))
    return path


def by_the_next_import(env, folder):
    assert manage(env, "import_records", "units", small_file(folder)).wait(60) == 0


def by_the_set_up(env, folder):
    assert manage(env, "setup_site").wait(120) == 0


def by_the_worker(env, folder):
    worker = manage(env, "db_worker", "--no-reload", "--batch", "--verbosity", "0")
    assert worker.wait(60) == 0


@processes
def test_the_picture_of_a_killed_import_goes(site, lion, tmp_path):
    for swept in (by_the_next_import, by_the_worker, by_the_set_up):
        kill(site, lion)
        swept(site, tmp_path)
        assert "lion.png" not in stored(site), swept
        assert ask(site, STATE).startswith("0 ")


@processes
def test_the_same_file_again_brings_the_picture_under_its_own_name(site, lion):
    kill(site, lion)
    assert said(start(site, lion)) == "done"
    assert stored(site) == ["lion.png"]
    assert ask(site, STATE).startswith("1 ")


@processes
def test_killed_after_the_records_are_committed_it_leaves_their_picture(
    site,
    lion,
    tmp_path,
):
    first = "from exchange.writing import statistics; from django.db import transaction; "
    first += f"statistics.refresh_after = lambda *a: transaction.on_commit(lambda: {KILLED})"
    assert start(site, lion, first=first).wait(60) == -signal.SIGKILL
    by_the_next_import(site, tmp_path)
    assert stored(site) == ["lion.png"]
    assert ask(site, STATE) == "1 0"


@processes
def test_nobody_takes_the_picture_of_an_import_that_runs(site, lion, tmp_path):
    """Another one was killed before it, so that there is something to sweep."""
    kill(site, lion)
    here, go = tmp_path / "here", tmp_path / "go"
    wait = f"open({str(here)!r}, 'w').close()\n    while not os.path.exists({str(go)!r}): "
    running = start(site, lion, then=wait + "time.sleep(0.05)")
    try:
        until = time.monotonic() + 60
        while not here.exists() and time.monotonic() < until and running.poll() is None:
            time.sleep(0.05)
        assert here.exists()
        ask(
            site,
            "from exchange.writing import coming_pictures; coming_pictures.sweep(); print('swept')",
        )
        assert stored(site) == ["lion.png"]
        go.touch()
        assert said(running) == "done"
    finally:
        running.kill()
    assert stored(site) == ["lion.png"]
    assert ask(site, STATE).startswith("1 ")


# --- in one process -----------------------------------------------------------------------------
@pytest.fixture
def media(settings, tmp_path, db):
    settings.MEDIA_ROOT = tmp_path / "media"
    return settings.MEDIA_ROOT


def left_over(name=NAME):
    """What a killed import leaves."""
    coming_pictures.note([name])
    default_storage.save(name, ContentFile(picture()))


@pytest.mark.parametrize("status", Status.values)
def test_a_picture_that_a_record_names_is_never_swept(status, media):
    left_over()
    make_unit(code="a", status=status)
    Unit.objects.filter(code="a").update(emblem=NAME)
    coming_pictures.sweep()
    assert default_storage.exists(NAME)


def test_a_picture_that_may_go_again_is_not_relied_upon(media):
    left_over()
    table = exchange.read(csv_bytes(["code", "name_en", "emblem"], ["a", "A", NAME]), "units")
    plan = exchange.plan(table)
    assert "There is no uploaded picture of this name" in str(plan.problems[0])


def test_a_note_of_an_import_that_waits_for_its_turn_stays(media):
    coming_pictures.note([NAME])
    coming_pictures.sweep()
    assert ComingPictures.objects.count() == 1
    ComingPictures.objects.update(since=timezone.now() - timedelta(hours=2))
    coming_pictures.sweep()
    assert ComingPictures.objects.count() == 0


def test_an_import_whose_note_was_swept_meanwhile_stores_nothing(media, monkeypatch):
    noted = coming_pictures.note

    def swept(names):
        row = noted(names)
        ComingPictures.objects.all().delete()
        return row

    monkeypatch.setattr(coming_pictures, "note", swept)
    book = exchange.read(site_zip(["lion", "Lion", NAME]), "all", name="site.zip")
    with pytest.raises(exchange.Busy):
        exchange.run(book)
    assert not default_storage.exists(NAME)
    assert not Unit.objects.filter(code="lion").exists()


def test_an_import_that_stores_nothing_leaves_no_note(media):
    book = exchange.read(site_zip(["lion", "Lion", NAME], ["b", "", ""]), "all", name="site.zip")
    plan, applied = exchange.run(book)
    assert plan.problems
    assert applied is None
    assert not ComingPictures.objects.exists()
    assert not default_storage.exists(NAME)
