"""Since when what nobody has dated is certain: since the day on which it was first public."""

import datetime
from unittest import mock

import pytest
from django.utils import timezone

from chronology import HistoricalDate
from chronology.recorded import recorded, says_the_same, settled
from tests.factories import make_external_body, make_person, make_post, make_term, make_unit

DAY = datetime.date(2026, 11, 29)


@pytest.mark.parametrize(
    ("since", "stored", "shown"),
    [
        (None, "/2026-11-29", None),
        ("2026", "2026-01-01/2026-11-29", "2026"),
        ("2026-11", "2026-11-01/2026-11-29", "2026-11"),
        ("202X", "2020-01-01/2026-11-29", "202X"),
        ("2026~", "2026~/2026-11-29", "2026~"),
        ("1950?", "1950?/2026-11-29", "1950?"),
        ("1950-05-01%", "1950-05-01%/2026-11-29", "1950-05-01%"),
        ("1950?/1955", "1950?/1955", "1950?/1955"),
        ("1950/1955?", "1950/2026-11-29", "1950/2026-11-29"),
        ("1991/", "1991/2026-11-29", "1991/2026-11-29"),
        ("2026-11-29", "2026-11-29", "2026-11-29"),
        ("2026-11-28", "2026-11-28", "2026-11-28"),
        ("2025", "2025", "2025"),
        ("1950~", "1950~", "1950~"),
        ("/1917-11-20", "/1917-11-20", None),
        ("../1917", "../1917", "../1917"),
        ("2026-11-30", "2026-11-30", "2026-11-30"),  # begins only then: no business of settling
        ("2027", "2027", "2027"),
    ],
)
def test_what_is_not_certain_by_the_day_is_closed_at_it(since, stored, shown):
    since = since and HistoricalDate(since)
    found = settled(since, DAY)
    assert str(found) == stored
    assert found.certain is None or found.certain <= DAY or found.earliest > DAY
    assert settled(found, DAY) == found
    assert says_the_same(since, found)
    shown = recorded(found)
    assert shown is None or says_the_same(shown, found)


@pytest.mark.parametrize(
    ("stored", "shown"),
    [("/2026-11-29", None), ("2026-01-01/2026-11-29", "2026"), ("1950?/2026-11-29", "1950?"),
     ("2026-11-01/2026-11-29", "2026-11"), ("../1917", "../1917"), ("1992", "1992"),
     ("2026-11-15/2026-11-29", "2026-11-15/2026-11-29")],
)  # fmt: skip
def test_readers_see_what_was_recorded(stored, shown):
    assert recorded(HistoricalDate(stored)) == (shown and HistoricalDate(shown))


@pytest.mark.parametrize(
    ("file", "stored", "same"),
    [("2026", "2026-01-01/2026-11-29", True), ("", "/2026-11-29", True),
     ("2025", "2026-01-01/2026-11-29", False), ("", "1992", False), ("1992", "1992", True),
     ("2026", "2026", True), ("", "2026-01-01/2026-11-29", False)],
)  # fmt: skip
def test_a_file_that_has_it_as_it_was_says_the_same(file, stored, same):
    file, stored = (HistoricalDate(text) if text else None for text in (file, stored))
    assert says_the_same(file, stored) == same


def texts(unit):
    unit.refresh_from_db()
    dates = (unit.attested, unit.name_since, unit.superior_since)
    return tuple(str(date) if date else "" for date in dates)


@pytest.fixture
def today(db):
    return timezone.localdate().isoformat()


def test_a_draft_is_settled_when_it_is_published_and_only_once(today):
    unit = make_unit(status="draft")
    assert texts(unit) == ("", "", "")
    unit.status = "published"
    unit.save()
    assert texts(unit) == (today, f"/{today}", f"/{today}")
    later = timezone.now() + datetime.timedelta(days=40)
    with mock.patch("django.utils.timezone.now", return_value=later):
        unit.save()
    assert texts(unit) == (today, f"/{today}", f"/{today}")
    unit.status = "draft"
    unit.save()
    assert unit.has_been_public
    assert not make_unit(status="draft").has_been_public


def test_a_scheduled_unit_is_certain_from_the_day_on_which_it_will_be_public(today):
    at = timezone.now() + datetime.timedelta(days=10)
    unit = make_unit(publish_at=at)
    day = timezone.localdate(at).isoformat()
    assert texts(unit) == (day, f"/{day}", f"/{day}")
    unit.publish_at = None  # published at once instead
    unit.save()
    assert texts(unit) == (today, f"/{today}", f"/{today}")


def test_a_unit_with_known_dates_is_left_as_it_is(db):
    unit = make_unit(founded="1918-05-28", name_since="1991-10-18", superior_since="1991")
    assert texts(unit) == ("", "1991-10-18", "1991")


@pytest.mark.parametrize(
    ("dissolved", "last"),
    [
        ("1995-06-01", "1995-05-31"),
        ("1995", "1994-12-31"),
        ("/1995-06-01", "1995-05-31"),
        ("../1995-06-01", "1995-05-31"),
        ("0001-01-01", "0001-01-01"),
    ],
)
def test_what_a_unit_ended_with_is_certain_for_its_last_day(db, dissolved, last):
    assert texts(make_unit(dissolved=dissolved)) == ("", f"/{last}", f"/{last}")


def test_an_end_known_only_to_have_been_is_closed(today):
    unit = make_unit(dissolved="1995/")
    unit.refresh_from_db()
    assert str(unit.dissolved) == f"1995/{today}"


def test_a_term_is_settled_when_person_and_unit_are_public(today):
    person = make_person(status="draft")
    term = make_term(make_post(make_unit()), person)
    assert term.begin is None
    person.status = "published"
    person.save()
    term.refresh_from_db()
    assert str(term.begin) == f"/{today}"
    ended = make_term(make_post(make_unit()), person, end="1990")
    assert ended.begin is None


def test_a_partnership_is_settled(today):
    body = make_external_body(is_partner=True)
    body.refresh_from_db()
    assert str(body.partner_since) == f"/{today}"
    assert make_external_body().partner_since is None
