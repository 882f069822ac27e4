"""A file that changes what readers have seen: the preview asks what that means."""

import pytest

from exchange.models import State
from tests.exchange.files import csv_bytes
from tests.exchange_desk.desk import answer, confirm, job_of, offers_confirmation, upload
from tests.factories import make_unit
from units.models import DatedName, Unit

NAMES = csv_bytes(("code", "name_en"), ("police", "Station"), ("fire", "Brigade"))
QUESTION = "What does that mean?"


@pytest.fixture
def police(db):
    make_unit(code="fire", name_en="Fire", name_since="2000", superior_since="2000")
    return make_unit(code="police", name_en="Police", name_since="2000", superior_since="2000")


def test_the_preview_asks_and_cannot_be_confirmed(boss, police):
    response = upload(boss, NAMES)
    text = response.content.decode()
    assert QUESTION in text
    assert "row 2, column “name_en”: Readers have seen this unit under another name" in text
    assert "There is 1 more such change." in text
    assert "Station" in text
    assert not offers_confirmation(response)
    response = confirm(boss, job_of(boss))
    assert response.status_code == 400
    assert "Say first what the changed values mean." in response.content.decode()
    assert Unit.objects.get(code="police").name_en == "Police"


def test_after_the_answer_the_preview_is_made_anew_and_says_what_it_means(boss, police):
    upload(boss, NAMES)
    response = answer(boss, meant="change", since="1 June 2010")
    text = response.content.decode()
    assert offers_confirmation(response)
    assert text.count("changed since 1 June 2010: the former value is kept") == 2
    assert "police-name-until-2010-06-01" in text
    confirm(boss, job_of(boss))
    assert Unit.objects.get(code="police").name_en == "Station"
    assert {row.name_en for row in DatedName.objects.all()} == {"Police", "Fire"}


def test_corrections_keep_nothing_and_the_answer_may_be_changed_before(boss, police):
    upload(boss, NAMES)
    answer(boss, meant="change", since="2010")
    text = answer(boss, meant="correction").content.decode()
    assert text.count("a correction: the former value is not kept") == 2
    confirm(boss, job_of(boss))
    assert Unit.objects.get(code="police").name_en == "Station"
    assert not DatedName.objects.exists()


def test_what_is_to_come_may_be_announced(boss, police):
    upload(boss, NAMES)
    text = answer(boss, meant="change", since="2999-01-01", announced="on").content.decode()
    assert text.count("takes effect on 1 January 2999, announced now") == 2
    confirm(boss, job_of(boss))
    assert Unit.objects.get(code="police").name_en == "Police"
    assert DatedName.objects.filter(announced=True).count() == 2


@pytest.mark.parametrize(("values", "sentence"), [
    ({"since": "2010"}, "Choose one of the two."),
    ({"meant": "change"}, "Write since when."),
    ({"meant": "change", "since": "soon"}, "soon"),
])  # fmt: skip
def test_half_an_answer_is_none(boss, police, values, sentence):
    upload(boss, NAMES)
    response = answer(boss, **values)
    assert response.status_code == 400
    assert sentence in response.content.decode()
    assert job_of(boss).since == ""


def test_an_answer_that_cannot_be_is_asked_for_again(boss, police):
    upload(boss, NAMES)
    response = answer(boss, meant="change", since="1999")
    text = response.content.decode()
    assert job_of(boss).state == State.READY
    assert "The present value holds since 2000" in text
    assert QUESTION in text
    assert not offers_confirmation(response)
    assert offers_confirmation(answer(boss, meant="change", since="2001"))


def test_an_empty_token_confirms_nothing(boss, police):
    upload(boss, NAMES)
    job = job_of(boss)
    job.summary = {**job.summary, "asks": []}  # as if the page were older than the question
    job.save()
    assert confirm(boss, job, token="").status_code == 409
    assert Unit.objects.get(code="police").name_en == "Police"


def test_other_files_are_not_asked(boss, police):
    text = upload(boss, csv_bytes(("code", "name_en"), ("north", "North"))).content.decode()
    assert QUESTION not in text
    assert "What the changed values mean" not in text
