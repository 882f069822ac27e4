"""What the desk does not do: without the right, for somebody else, twice, too late, out of date."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

import exchange
from exchange.desk.imports import jobs, work
from exchange.models import ImportFile, ImportJob, State
from tests.exchange.files import csv_bytes, export
from tests.exchange_desk.desk import (
    START,
    address,
    answer,
    confirm,
    job_of,
    offers_confirmation,
    upload,
)
from tests.factories import make_unit, make_unit_kind
from units.models import ExternalBody, Unit

HEAD = ["code", "parent", "name_en"]
NORTH = csv_bytes(HEAD, ["north", "police", "North"])


@pytest.fixture
def police(db):
    kind = make_unit_kind(code="unit")
    return make_unit(code="police", slug="police", kind=kind, name_en="Police")


@pytest.fixture
def shown(boss, police):
    """A preview of the boss."""
    upload(boss, NORTH)
    return job_of(boss)


# --- rights ------------------------------------------------------------------------------------
def test_without_a_right_there_is_no_page_no_button_and_no_link(signed_in, police):
    client = signed_in("ann", "units.view_unit", "units.change_unit")
    assert client.get(START).status_code == 403
    assert "You have no right to import" in client.get(START).content.decode()
    assert upload(client, NORTH).status_code == 403
    assert not ImportJob.objects.exists()
    assert START not in client.get("/admin/").content.decode()
    assert START not in client.get("/admin/units/unit/").content.decode()


def test_visitors_are_asked_to_sign_in(police):
    assert Client().get(START).status_code == 302


def test_a_right_counts_for_its_kind_alone(signed_in, police):
    client = signed_in("ann", "units.import_unit", "units.view_externalbody")
    text = client.get(START).content.decode()
    assert '<option value="units"' in text
    assert '<option value="external_bodies"' not in text
    assert upload(client, NORTH, kind="external_bodies").status_code == 400
    assert START not in client.get("/admin/units/externalbody/").content.decode()


def test_a_file_for_everything_needs_the_right_for_each_kind_in_it(signed_in, police):
    client = signed_in("ann", "units.import_unit")
    response = upload(client, export("all", "zip"), kind="all", name="site.zip")
    text = response.content.decode()
    assert "You may not import: kinds of units." in text
    assert not offers_confirmation(response)


def test_closing_what_is_missing_is_a_right_of_its_own(signed_in, police):
    client = signed_in("ann", "units.import_unit")
    assert "delete_missing" not in client.get(START).content.decode()
    upload(client, NORTH, delete_missing="on")
    assert not job_of(client).delete_missing

    other = signed_in("eve", "units.import_unit", "people.import_person",
                      "people.close_missing_person")  # fmt: skip
    assert upload(other, NORTH, delete_missing="on").status_code == 400


def test_a_right_taken_away_after_the_preview_counts(signed_in, police):
    client = signed_in("ann", "units.import_unit", "units.publish_unit")
    upload(client, NORTH)
    job = job_of(client)
    assert job.state == State.READY
    jobs.queue(job, State.APPLYING, of_states=[State.READY])
    client.user.user_permissions.clear()
    work.carry_out(job.pk)
    job.refresh_from_db()
    assert job.state == State.BROKEN
    assert "You may not import" in job.sentence
    assert Unit.objects.count() == 1


def test_without_the_right_to_publish_new_records_are_drafts(signed_in, police):
    client = signed_in("ann", "units.import_externalbody")
    assert "new_status" not in client.get(START).content.decode()
    data = csv_bytes(["code", "name_en", "kind"], ["un", "United Nations", "international"])
    upload(client, data, kind="external_bodies", new_status="published")
    confirm(client, job_of(client))
    assert ExternalBody.objects.get(code="un").status == "draft"


# --- forged, foreign, repeated, late -------------------------------------------------------------
@pytest.mark.parametrize("step", ["", "progress", "problems"])
def test_another_persons_import_is_not_shown(step, signed_in, shown):
    other = signed_in("eve", "units.import_unit")
    response = other.get(address(shown, step))
    assert response.status_code == 409
    assert "no longer valid" in response.content.decode()


@pytest.mark.parametrize("step", ["confirm", "cancel", "again"])
def test_another_person_cannot_act_on_an_import(step, signed_in, shown):
    other = signed_in("eve", "units.import_unit")
    response = other.post(address(shown, step), {"token": shown.token})
    assert response.status_code == 409
    shown.refresh_from_db()
    assert shown.state == State.READY
    assert Unit.objects.count() == 1


@pytest.mark.parametrize(
    "key", ["1", "99", "%2e%2e", "etc-passwd", "00000000-0000-0000-0000-000000000000", "a" * 500]
)
def test_forged_numbers_are_refused(key, boss, shown):
    for step in ("", "progress/", "problems/"):
        assert boss.get(f"{START}{key}/{step}").status_code == 409
    for step in ("confirm/", "cancel/", "again/"):
        assert boss.post(f"{START}{key}/{step}", {"token": shown.token}).status_code == 409


@pytest.mark.parametrize("token", ["", "forged", "0" * 64, "../../etc/passwd"])
def test_a_confirmation_without_its_preview_is_refused(token, boss, shown):
    response = confirm(boss, shown, token=token, format="99", user="eve")
    assert response.status_code == 409
    assert Unit.objects.count() == 1


def test_a_second_click_is_refused(boss, shown):
    assert confirm(boss, shown).status_code == 200
    response = confirm(boss, shown)
    assert response.status_code == 409
    assert "upload again" in response.content.decode()
    assert Unit.objects.count() == 2


def test_after_a_day_the_preview_is_gone(boss, shown):
    ImportJob.objects.update(expires=timezone.now())
    assert boss.get(address(shown)).status_code == 409
    assert confirm(boss, shown).status_code == 409
    boss.get(START)
    assert not ImportJob.objects.exists()
    assert not ImportFile.objects.exists()
    assert Unit.objects.count() == 1


def test_problems_cannot_be_confirmed_away(boss, police):
    upload(boss, csv_bytes(HEAD, ["north", "nobody", "North"]))
    assert confirm(boss, job_of(boss)).status_code == 409
    assert Unit.objects.count() == 1


def test_reading_an_address_that_acts_does_nothing(boss, shown):
    for step in ("confirm", "cancel", "again"):
        assert boss.get(address(shown, step)).status_code == 405
    assert ImportJob.objects.get().state == State.READY


def test_a_stale_preview_is_refused_and_made_anew(boss, police):
    upload(boss, csv_bytes(HEAD, ["police", "", "Constabulary"]))
    answer(boss)
    old = job_of(boss)
    Unit.objects.filter(pk=police.pk).update(name_en="Militia")

    response = confirm(boss, old)
    text = response.content.decode()
    assert response.status_code == 409
    assert "changed by somebody else after the preview" in text
    assert "Militia" in text
    assert Unit.objects.get().name_en == "Militia"

    assert confirm(boss, old).status_code == 409  # the old page is of no use any more
    assert confirm(boss, job_of(boss)).status_code == 200
    assert Unit.objects.get().name_en == "Constabulary"


def test_when_others_are_writing_nothing_is_lost(boss, shown, monkeypatch):
    def busy(*args):
        raise exchange.Busy

    monkeypatch.setattr(exchange.writing.apply, "apply_shown", busy)
    response = confirm(boss, shown)
    assert response.status_code == 409
    assert "Somebody else is saving" in response.content.decode()
    assert offers_confirmation(response)

    monkeypatch.undo()
    assert confirm(boss, shown).status_code == 200
    assert Unit.objects.count() == 2


# --- what is killed ----------------------------------------------------------------------------
def test_work_that_was_killed_is_told_and_can_be_repeated(boss, police, settings):
    settings.IMPORT_AT_ONCE_BYTES = 0
    upload(boss, NORTH)
    job = job_of(boss)
    assert jobs.begin(job.pk, State.CHECKING)
    assert "Checking the file" in boss.get(address(job)).content.decode()

    ImportJob.objects.update(
        begun=timezone.now() - timedelta(minutes=1), beat=timezone.now() - timedelta(minutes=1)
    )
    assert "interrupted" in boss.get(address(job)).content.decode()
    boss.post(address(job, "again"))
    work.check(job.pk)
    assert offers_confirmation(boss.get(address(job)))


def test_a_worker_that_comes_back_too_late_imports_nothing(boss, shown, monkeypatch):
    """The page has told that nothing was imported: then nothing may be."""
    jobs.queue(shown, State.APPLYING, of_states=[State.READY])
    apply = exchange.writing.apply.apply_shown

    def slow(plan, user):
        ImportJob.objects.update(state=State.BROKEN)
        return apply(plan, user)

    monkeypatch.setattr(exchange.writing.apply, "apply_shown", slow)
    work.carry_out(shown.pk)
    assert Unit.objects.count() == 1
    assert ImportJob.objects.get().state == State.BROKEN


def test_an_error_in_the_midst_is_a_sentence_and_a_number(boss, shown, monkeypatch, caplog):
    def fail(*args):
        raise RuntimeError("SELECT secret")

    monkeypatch.setattr(exchange.writing.apply, "apply_shown", fail)
    response = confirm(boss, shown)
    text = response.content.decode()
    assert str(shown.pk)[:8] in text
    assert "secret" not in text
    assert "Nothing was imported" in text
    assert any(record.levelname == "ERROR" for record in caplog.records)


def test_without_a_worker_the_page_says_so(boss, police, settings):
    settings.IMPORT_AT_ONCE_BYTES = 0
    upload(boss, NORTH)
    job = job_of(boss)
    assert "Waiting for its turn" in boss.get(address(job)).content.decode()
    ImportJob.objects.update(queued=timezone.now() - timedelta(seconds=9))
    assert "does not seem to run" in boss.get(address(job)).content.decode()


def test_behind_another_import_one_only_waits(boss, signed_in, police, settings):
    settings.IMPORT_AT_ONCE_BYTES = 0
    other = signed_in("eve", "units.import_unit")
    upload(other, NORTH)
    jobs.begin(job_of(other).pk, State.CHECKING)
    upload(boss, NORTH)
    ImportJob.objects.filter(owner=boss.user).update(queued=timezone.now() - timedelta(seconds=9))
    assert "Waiting for its turn" in boss.get(address(job_of(boss))).content.decode()


def test_work_is_not_done_twice(boss, shown):
    jobs.queue(shown, State.APPLYING, of_states=[State.READY])
    assert jobs.begin(shown.pk, State.APPLYING)
    assert jobs.begin(shown.pk, State.APPLYING) is None


def test_what_is_being_written_cannot_be_given_up(boss, shown):
    jobs.queue(shown, State.APPLYING, of_states=[State.READY])
    jobs.begin(shown.pk, State.APPLYING)
    response = boss.post(address(shown, "cancel"))
    assert response.status_code == 409
    assert ImportJob.objects.exists()
