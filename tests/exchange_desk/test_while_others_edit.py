"""Previewing and importing while others save and delete: nothing fails, nobody waits for ever."""

import json
import sqlite3

import pytest
from django.db import OperationalError, connection
from django.test import override_settings
from django.utils import translation

import exchange
from exchange.desk.imports import jobs, progress, tasks, work
from exchange.models import ImportFile, ImportJob, ImportLine, State
from tests.exchange.files import csv_bytes
from tests.exchange.processes import manage
from tests.exchange_desk.desk import START, address, confirm, job_of, upload
from tests.factories import make_unit, make_unit_kind
from units.models import Unit

NORTH = csv_bytes(["code", "name_en"], ["north", "North"])

SET_UP = """
import exchange
from tests.exchange.files import csv_bytes, read
from tests.factories import make_staff
make_staff("boss", None)
rows = [[f"u{n}", f"u{n // 10}" if n else "", f"Unit {n}"] for n in range(900)]
exchange.run(read(csv_bytes(["code", "parent", "name_en"], *rows)))
"""

# Somebody who adds, changes and deletes units without a pause.
EDIT = """
import os, pathlib
from units.models import Unit, UnitKind
kind = UnitKind.objects.first()
me, done = os.getpid(), 0
while not pathlib.Path({stop!r}).exists():
    code = f"w{{me}}-{{done}}"
    Unit(code=code, slug=code, name_en=code, kind=kind, status="published").save()
    unit = Unit.objects.get(code="u9")
    unit.phone = f"+994 {{done}}"
    unit.save()
    Unit.objects.get(code=code).delete()
    done += 1
print(done)
"""

# Even files leave u9 alone, so that they can be imported; odd ones have a stale preview.
UPLOAD = """
import json
from django.conf import settings
from django.contrib.auth import get_user_model
from django.test import Client
from exchange.desk.imports import work
from exchange.models import ImportJob
from tests.exchange.files import csv_bytes
from tests.exchange_desk.desk import address, upload
settings.ALLOWED_HOSTS = ["testserver"]
settings.SECURE_SSL_REDIRECT = False
settings.STORAGES["staticfiles"] = {{
    "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
}}
settings.IMPORT_AT_ONCE_BYTES = {at_once}
boss = Client(headers={{"accept-language": "en"}}, raise_request_exception=False)
boss.force_login(get_user_model().objects.get(username="boss"))
seen = []
for number in range(3):
    rows = [
        [f"u{{n}}", f"u{{n // 10}}" if n else "", f"Unit {{n}} of {{number}}"]
        for n in range(number % 2, 800, 2)
    ]
    answer = upload(boss, csv_bytes(["code", "parent", "name_en"], *rows), follow=False)
    job = ImportJob.objects.latest("created")
    for _step in ("asked", "answered"):
        if not {at_once}:
            work.check(job.pk)  # as the worker does
        if _step == "asked":
            boss.post(address(job, "since_when"), {{"meant": "correction"}})
        job.refresh_from_db()
    told = [answer.status_code, boss.get(address(job)).status_code, job.state]
    if job.state == "ready":
        answer = boss.post(address(job, "confirm"), {{"token": job.token}})
        if not {at_once}:
            work.carry_out(job.pk)
        job.refresh_from_db()
        told += [answer.status_code, boss.get(address(job)).status_code, job.state, job.sentence]
    seen.append(told)
print(json.dumps(seen))
"""


@pytest.mark.concurrency
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("at_once", [10**9, 0], ids=["in the request", "in the worker"])
def test_files_are_previewed_and_imported_while_others_edit(site, tmp_path, at_once):
    stop = tmp_path / "stop"
    ready = manage(site, "shell", "--verbosity", "0", "--command", SET_UP)
    assert ready.wait(120) == 0, ready.stdout.read()
    editors = [
        manage(site, "shell", "--verbosity", "0", "--command", EDIT.format(stop=str(stop)))
        for _ in range(2)
    ]
    uploads = manage(site, "shell", "--verbosity", "0", "--command", UPLOAD.format(at_once=at_once))
    told = uploads.communicate(timeout=240)[0]
    stop.touch()
    edits = [editor.communicate(timeout=60)[0].split() for editor in editors]
    assert all(len(one) == 1 and int(one[0]) > 3 for one in edits), edits
    seen = json.loads(told.strip().splitlines()[-1])
    assert [one[:3] for one in seen] == [[302, 200, "ready"]] * 3, told
    for number, (*_checked, answer, page, state, sentence) in enumerate(seen):
        assert page == 200
        if state == "done":
            assert answer == 302
        else:  # u9 has changed after the preview: there is a new one, and a sentence
            assert (number % 2, state) == (1, "ready"), told
            assert answer in (302, 409)
            assert "changed by somebody else after the preview" in sentence
    assert seen[0][5] == "done"


def busy(*_args, **_kwargs):
    """What a database says whose writers do not come to an end."""
    if connection.vendor == "postgresql":
        import psycopg

        cause = psycopg.errors.LockNotAvailable()
    else:
        cause = sqlite3.OperationalError("database is locked")
        cause.sqlite_errorcode = 5
    raise OperationalError("database is locked") from cause


SENTENCES = {
    "en": ("The database was too busy to save.", "Others were saving for too long."),
    "az": ("Verilənlər bazası məşğul olduğundan", "Başqaları çox uzun müddət"),
}


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["en", "az"])
@pytest.mark.parametrize(
    ("module", "name", "status"),
    [
        ("exchange.desk.imports.jobs", "create", 503),
        ("exchange.desk.imports.jobs", "queue", 503),
        ("exchange.desk.imports.jobs", "begin", 503),
        ("exchange.desk.imports.jobs", "sweep", 302),
        ("exchange.desk.imports.jobs", "forget_lines", 302),
        ("exchange.desk.imports.lines", "keep_plan", 302),
        ("exchange.planning.plan", "Plan", 302),
    ],
)
def test_who_uploads_while_the_database_is_busy_gets_a_sentence(
    boss, monkeypatch, module, name, status, language
):
    make_unit_kind(code="unit")
    boss.defaults["HTTP_ACCEPT_LANGUAGE"] = language
    boss.raise_request_exception = False
    with monkeypatch.context() as patch, translation.override(language):
        patch.setattr(f"{module}.{name}", busy)
        answer = upload(boss, NORTH, follow=False)
    assert answer.status_code == status
    if status == 503:
        assert SENTENCES[language][0] in answer.content.decode()
    elif name == "sweep":
        assert job_of(boss).state == State.READY
    else:
        job = job_of(boss)
        assert job.state == State.BROKEN
        assert SENTENCES[language][1] in job.sentence
        boss.post(address(job, "again"))
        job.refresh_from_db()
        assert job.state == State.READY
    assert not Unit.objects.exists()


@pytest.mark.django_db
def test_what_cannot_even_be_written_down_falls_silent_and_can_be_repeated(boss, monkeypatch):
    make_unit_kind(code="unit")
    boss.raise_request_exception = False
    with monkeypatch.context() as patch:
        patch.setattr("exchange.desk.imports.jobs.settle", busy)
        assert upload(boss, NORTH, follow=False).status_code == 302
    job = job_of(boss)
    assert (job.state, job.sentence) == (State.CHECKING, "")
    past = job.begun - progress.SILENCE * 2
    ImportJob.objects.filter(pk=job.pk).update(begun=past, beat=past, queued=past)
    assert b"The work was interrupted" in boss.get(address(job)).content
    boss.post(address(job, "again"))
    job.refresh_from_db()
    assert job.state == State.READY


@pytest.mark.django_db
def test_a_small_file_that_was_not_begun_can_be_repeated(boss, monkeypatch):
    make_unit_kind(code="unit")
    boss.raise_request_exception = False
    with monkeypatch.context() as patch:
        patch.setattr("exchange.desk.imports.jobs.begin", busy)
        assert upload(boss, NORTH, follow=False).status_code == 503
    job = job_of(boss)
    past = job.queued - progress.SILENCE * 2
    assert boss.get(address(job)).status_code == 200
    assert ImportJob.objects.get(pk=job.pk).state == State.CHECKING
    ImportJob.objects.filter(pk=job.pk).update(queued=past)
    with override_settings(IMPORT_AT_ONCE_BYTES=0):  # then it waits for the worker
        assert jobs.break_if_silent(ImportJob.objects.get(pk=job.pk)).state == State.CHECKING
    assert b"The work was interrupted" in boss.get(address(job)).content
    boss.post(address(job, "again"))
    job.refresh_from_db()
    assert job.state == State.READY


@pytest.mark.django_db
def test_who_confirms_while_the_database_is_busy_gets_a_sentence(boss, monkeypatch):
    make_unit_kind(code="unit")
    upload(boss, NORTH)
    job = job_of(boss)
    boss.raise_request_exception = False
    for name, status in (("queue", 503), ("begin", 503)):
        with monkeypatch.context() as patch:
            patch.setattr(f"exchange.desk.imports.jobs.{name}", busy)
            answer = confirm(boss, job)
        assert answer.status_code == status
        assert "The database was too busy" in answer.content.decode()
        ImportJob.objects.filter(pk=job.pk).update(state=State.READY, begun=None)
    with monkeypatch.context() as patch:
        patch.setattr("exchange.writing.apply.Plan", busy)
        answer = confirm(boss, job)
    assert answer.status_code == 409
    assert "Somebody else is saving changes" in answer.content.decode()
    assert not Unit.objects.exists()
    confirm(boss, job)
    assert Unit.objects.get().code == "north"


@pytest.mark.django_db
def test_a_worker_waits_longer(boss, monkeypatch, settings):
    make_unit_kind(code="unit")
    settings.IMPORT_AT_ONCE_BYTES = 0
    upload(boss, NORTH)
    job = job_of(boss)
    usual, tried = jobs.begin, []

    def begin(*args):
        tried.append(args)
        return busy() if len(tried) < 4 else usual(*args)

    monkeypatch.setattr("exchange.desk.imports.jobs.begin", begin)
    tasks.check.func(str(job.pk))
    job.refresh_from_db()
    assert job.state == State.READY
    assert len(tried) == 4
    monkeypatch.setattr("exchange.desk.imports.jobs.begin", busy)
    with pytest.raises(exchange.Busy):
        tasks.check.func(str(job.pk))


@pytest.mark.django_db(transaction=True)
def test_every_write_waits_for_its_turn_as_a_transaction(boss):
    """SQLite lets everybody overtake a single statement that waits."""
    make_unit(code="there")
    tables = [model._meta.db_table for model in (ImportJob, ImportFile, ImportLine)]
    alone, written = [], []

    def watch(execute, sql, params, many, context):
        if sql.startswith(("INSERT", "UPDATE", "DELETE")) and any(t in sql for t in tables):
            written.append(sql)
            if not connection.in_atomic_block:
                alone.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(watch):
        upload(boss, NORTH)
        confirm(boss, job_of(boss))
        assert job_of(boss).state == State.DONE
        upload(boss, csv_bytes(["code", "name_en"], ["x", ""]))
        assert job_of(boss).state == State.REFUSED
        boss.post(address(job_of(boss), "cancel"))
        work.check(job_of(boss).pk)
        boss.get(START)
    assert len(written) > 15
    assert alone == []
