"""Progress is seen from outside while the import holds its transaction; nothing stays behind."""

import os
import time
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.utils import timezone

from exchange.desk.imports import jobs, progress, work
from exchange.models import KEPT, ImportFile, ImportJob, ImportLine, State
from exchange.signals import applied
from tests.exchange.files import csv_bytes
from tests.exchange_desk.desk import address, confirm, job_of, upload
from tests.factories import make_staff, make_unit, make_unit_kind
from units.models import Unit

NORTH = csv_bytes(["code", "name_en"], ["north", "North"])


def make_job():
    file = SimpleUploadedFile("file.csv", NORTH)
    return jobs.create(make_staff(), file, kind="units", new_status="draft")


def eventually(true):
    until = time.monotonic() + 10
    while not true() and time.monotonic() < until:
        time.sleep(0.02)
    return true()


@pytest.mark.django_db(transaction=True)
def test_progress_is_told_while_a_transaction_writes(monkeypatch):
    monkeypatch.setattr(progress, "EVERY", 0.02)
    job = make_job()
    kind = make_unit_kind(code="unit")
    with progress.Progress(job) as tell:
        with transaction.atomic():
            make_unit(code="held", slug="held", kind=kind)  # holds the one writer of SQLite
            tell("Writing", 5, 10)

            def seen():
                return progress.of(ImportJob.objects.get(pk=job.pk)) == ("Writing", 5, 10)

            assert eventually(seen)
            begun = time.monotonic()
            tell("Writing", 6, 10)
        assert time.monotonic() - begun < 2
    assert not list(progress._folder().glob("*"))


def test_silence_means_that_the_worker_is_gone(db):
    job = make_job()
    assert not progress.is_silent(job)  # nobody has begun
    jobs.begin(job.pk, State.CHECKING)
    job.refresh_from_db()
    assert not progress.is_silent(job)
    job.begun = job.beat = timezone.now() - progress.SILENCE - timedelta(seconds=1)
    assert progress.is_silent(job)


@pytest.mark.skipif(connection.vendor != "sqlite", reason="files are for SQLite")
def test_files_of_killed_processes_are_swept(db):
    progress._write("left", "Writing", 1, 2)
    jobs.sweep()
    assert list(progress._folder().glob("*"))  # it may still be at work
    old = time.time() - 3600
    os.utime(progress._file("left"), (old, old))
    jobs.sweep()
    assert not list(progress._folder().glob("*"))


def test_done_is_said_in_the_transaction_of_the_records(boss, db):
    """Killed between the records and the end of the transaction: neither is there."""
    make_unit_kind(code="unit")
    upload(boss, NORTH)
    job = job_of(boss)

    def die(**kwargs):
        assert ImportJob.objects.get().state == State.DONE  # as the transaction sees it
        raise SystemError

    applied.connect(die)
    try:
        confirm(boss, job)
    finally:
        applied.disconnect(die)
    assert not Unit.objects.exists()
    job.refresh_from_db()
    assert job.state == State.BROKEN
    assert ImportFile.objects.filter(role=ImportFile.UPLOAD).exists()

    boss.post(address(job, "again"))
    confirm(boss, job_of(boss))
    assert Unit.objects.filter(code="north").exists()


def test_the_page_waits_for_the_sentence_that_says_what_was_done(boss, db):
    """The state is there a moment before it."""
    make_unit_kind(code="unit")
    upload(boss, NORTH)
    confirm(boss, job_of(boss))
    ImportJob.objects.update(sentence="")
    assert "<progress" in boss.get(address(job_of(boss))).content.decode()
    assert boss.get(address(job_of(boss), "progress")).json()["working"]
    ImportJob.objects.update(expires=timezone.now() + KEPT - jobs.UNSAID)
    assert "The file was imported." in boss.get(address(job_of(boss))).content.decode()


@pytest.mark.django_db(transaction=True)
def test_an_import_given_up_during_its_check_leaves_nothing(boss, monkeypatch, settings):
    settings.IMPORT_AT_ONCE_BYTES = 0
    make_unit_kind(code="unit")
    upload(boss, NORTH)
    job = job_of(boss)
    keep = work.lines.keep_plan

    def meanwhile(*args):
        boss.post(address(job, "cancel"))
        return keep(*args)

    monkeypatch.setattr(work.lines, "keep_plan", meanwhile)
    work.check(job.pk)
    assert not ImportJob.objects.exists()
    assert not ImportLine.objects.exists()
