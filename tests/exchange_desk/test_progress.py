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


def make_job(owner=None):
    file = SimpleUploadedFile("file.csv", NORTH)
    return jobs.create(owner or make_staff(), file, kind="units", new_status="draft")


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


def ago(time):
    """A little longer ago than ``time``."""
    return timezone.now() - time - timedelta(seconds=1)


def stored(job, **values):
    ImportJob.objects.filter(pk=job.pk).update(**values)
    return ImportJob.objects.get(pk=job.pk)


class TestGivingUp:
    def test_an_import_that_only_waits_for_its_turn_is_forgotten(self, db):
        job = stored(make_job(), state=State.APPLYING, begun=None)
        assert jobs.give_up(job)
        assert not ImportJob.objects.exists()

    def test_one_that_is_only_being_checked_is_forgotten(self, db):
        job = stored(make_job(), state=State.CHECKING, begun=timezone.now())
        assert jobs.give_up(job)
        assert not ImportJob.objects.exists()

    def test_one_whose_records_are_being_written_is_not(self, db):
        job = stored(make_job(), state=State.APPLYING, begun=timezone.now())
        assert not jobs.give_up(job)
        assert ImportFile.objects.filter(job=job).exists()

    def test_others_stay(self, db):
        job = make_job()
        other = make_job(job.owner)
        assert jobs.give_up(job)
        assert ImportJob.objects.get() == other
        assert not jobs.give_up(job)  # it is gone already


class TestWhoFallsSilent:
    @pytest.fixture
    def waiting(self, db):
        return stored(make_job(), queued=ago(progress.SILENCE))

    def state_of(self, job):
        return jobs.break_if_silent(job).state

    def test_a_small_file_that_nobody_begins_is_broken(self, waiting):
        assert self.state_of(waiting) == State.BROKEN
        assert "Nothing was imported" in waiting.sentence

    def test_a_large_one_waits_for_the_worker(self, waiting, settings):
        settings.IMPORT_AT_ONCE_BYTES = waiting.size - 1
        assert self.state_of(waiting) == State.CHECKING

    def test_a_file_of_just_the_limit_is_the_work_of_its_request(self, waiting, settings):
        settings.IMPORT_AT_ONCE_BYTES = waiting.size
        assert self.state_of(waiting) == State.BROKEN

    def test_a_large_one_that_was_begun_is_broken_when_its_worker_is_silent(
        self, waiting, settings
    ):
        settings.IMPORT_AT_ONCE_BYTES = 0
        assert self.state_of(stored(waiting, begun=ago(progress.SILENCE))) == State.BROKEN

    def test_one_that_was_queued_long_ago_and_begun_just_now_is_not(self, waiting):
        assert self.state_of(stored(waiting, begun=timezone.now())) == State.CHECKING

    def test_one_that_was_queued_just_now_is_not(self, waiting):
        assert self.state_of(stored(waiting, queued=timezone.now())) == State.CHECKING

    @pytest.mark.parametrize("state", [State.READY, State.DONE, State.REFUSED])
    def test_one_that_is_not_at_work_stays_as_it_is(self, waiting, state):
        assert self.state_of(stored(waiting, state=state)) == state


class TestWaitingInVain:
    @pytest.fixture
    def waiting(self, db):
        return stored(make_job(), queued=ago(jobs.PATIENCE))

    def another(self, waiting, **values):
        return stored(make_job(waiting.owner), **values)

    def test_nobody_takes_it_up(self, waiting):
        assert jobs.waits_in_vain(waiting)

    def test_not_at_once(self, waiting):
        assert not jobs.waits_in_vain(stored(waiting, queued=timezone.now()))

    def test_not_when_it_is_begun(self, waiting):
        assert not jobs.waits_in_vain(stored(waiting, begun=timezone.now()))
        assert not jobs.waits_in_vain(stored(waiting, begun=ago(progress.SILENCE)))

    @pytest.mark.parametrize("state", [State.CHECKING, State.APPLYING])
    def test_not_while_the_worker_is_at_another(self, waiting, state):
        self.another(waiting, state=state, begun=timezone.now())
        assert not jobs.waits_in_vain(waiting)

    def test_another_whose_worker_is_silent_is_no_hope(self, waiting):
        self.another(waiting, state=State.APPLYING, begun=ago(progress.SILENCE))
        assert jobs.waits_in_vain(waiting)
        self.another(waiting, state=State.APPLYING, begun=timezone.now())
        assert not jobs.waits_in_vain(waiting)  # but one that is heard of is

    def test_nor_is_another_that_waits_itself_or_is_done(self, waiting):
        self.another(waiting, state=State.CHECKING, begun=None)
        self.another(waiting, state=State.DONE, begun=timezone.now())
        assert jobs.waits_in_vain(waiting)


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
