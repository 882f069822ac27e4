"""The calendar of days: right by RFC 5545, whole, and silent about what is not known."""

import datetime

import pytest
from django.utils import timezone

from history.models import Event, Observance
from tests.factories import make_event, make_observance

pytestmark = pytest.mark.django_db
LEAP_AND_NOT = (2027, 2028, 2029)


def entries(made):
    return {str(entry["SUMMARY"]): entry for entry in made.walk("VEVENT")}


def only(made):
    (entry,) = made.walk("VEVENT")
    return entry


def test_the_calendar_says_whose_it_is_and_how_often_to_ask(calendar_at):
    made, response = calendar_at("/en/days.ics")
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert str(made["VERSION"]) == "2.0"
    assert str(made["METHOD"]) == "PUBLISH"
    assert str(made["PRODID"]).startswith("-//Ministry of Internal Affairs")
    assert str(made["NAME"]) == str(made["X-WR-CALNAME"])
    assert b"REFRESH-INTERVAL;VALUE=DURATION:P1D\r\n" in response.content
    assert b"SOURCE;VALUE=URI:http://testserver/en/days.ics\r\n" in response.content


def test_a_yearly_day_returns_every_year_all_day_long(calendar_at, days_of):
    make_observance(title_en="Police Day", month=7, day=2, since="1995", summary_en="A day.")
    made, response = calendar_at("/en/days.ics")
    entry = only(made)
    # Since some day of 1995 unknown to us: the first that was certainly kept is that of 1996.
    assert entry["DTSTART"].dt == datetime.date(1996, 7, 2)
    assert entry["DTEND"].dt == datetime.date(1996, 7, 3)
    assert b"DTSTART;VALUE=DATE:19960702\r\n" in response.content
    assert b"RRULE:FREQ=YEARLY\r\n" in response.content
    assert str(entry["TRANSP"]) == "TRANSPARENT"
    assert "A day." in entry["DESCRIPTION"]
    assert "Kept since: 1995" in entry["DESCRIPTION"]
    assert days_of(entry, (1995, 1996, 2026)) == [
        datetime.date(1996, 7, 2), datetime.date(2026, 7, 2),
    ]  # fmt: skip


def test_a_day_of_unknown_origin_claims_nothing_of_the_years_before(calendar_at):
    made_at = make_observance(month=1, day=1).created_at
    made, _response = calendar_at("/en/days.ics")
    assert only(made)["DTSTART"].dt == datetime.date(made_at.year, 1, 1)


@pytest.mark.parametrize("since", ["9999", "0001", "1991/", "../1991", "199X"])
def test_any_since_makes_a_calendar(since, calendar_at):
    observance = make_observance(month=2, day=29)
    Observance.objects.filter(pk=observance.pk).update(since=since)
    Observance.objects.get(pk=observance.pk)
    calendar_at("/en/days.ics")


def test_only_events_known_to_the_day_have_an_anniversary(calendar_at):
    make_event(title_en="Sure", date="1992-11-24")
    for date in ("1992", "1992-11", "1992-11-24~", "1992-11-24?", "1992-11-24/1992-11-25", "199X"):
        make_event(title_en=f"Vague {date}", date=date)
    make_event(title_en="Undated")
    made, _response = calendar_at("/en/days.ics")
    assert list(entries(made)) == ["Sure (1992)"]


def test_an_old_event_begins_where_calendars_can_count_and_says_its_year(calendar_at, days_of):
    make_event(title_en="Republic", date="1918-05-28")
    make_event(title_en="Bureau", date="1992-11-24")
    found = entries(calendar_at("/en/days.ics")[0])
    old, new = found["Republic (1918)"], found["Bureau (1992)"]
    assert old["DTSTART"].dt == datetime.date(1970, 5, 28)
    assert "28 May 1918" in old["DESCRIPTION"]
    assert new["DTSTART"].dt == datetime.date(1992, 11, 24)
    assert days_of(old, (1969, 2026)) == [datetime.date(2026, 5, 28)]


def test_29_february_is_kept_on_the_last_day_of_february(calendar_at, days_of):
    make_event(title_en="Leap", date="1992-02-29")
    make_observance(title_en="Leap day", month=2, day=29, since="1992-02-29")
    make_event(title_en="Eve", date="1992-02-28")
    made, response = calendar_at("/en/days.ics")
    found = entries(made)
    for title in ("Leap (1992)", "Leap day"):
        assert days_of(found[title], LEAP_AND_NOT) == [
            datetime.date(2027, 2, 28), datetime.date(2028, 2, 29), datetime.date(2029, 2, 28),
        ]  # fmt: skip
        # The first day must itself keep the rule (RFC 5545, 3.8.5.3).
        assert found[title]["DTSTART"].dt == datetime.date(1992, 2, 29)
    assert [day.day for day in days_of(found["Eve (1992)"], LEAP_AND_NOT)] == [28, 28, 28]
    assert response.content.count(b"RRULE:FREQ=YEARLY;BYMONTHDAY=-1;BYMONTH=2\r\n") == 2


def test_the_rule_of_29_february_is_that_of_the_pages():
    """What the calendar says and what ``recalled_on`` says are the same days."""
    make_event(date="1992-02-29")
    for year in LEAP_AND_NOT:
        last = datetime.date(year, 3, 1) - datetime.timedelta(days=1)
        assert Event.objects.recalled_on(last).count() == 1


def test_identifiers_stay_in_every_language_and_after_every_change(calendar_at):
    event = make_event(code="e:1/x", date="1992-11-24", title_en="Old title")
    make_observance(code="e:1/x")
    before = {str(e["UID"]) for e in calendar_at("/en/days.ics")[0].walk("VEVENT")}
    event.title_en, event.slug = "New title", "new"
    event.save()
    after = {str(e["UID"]) for e in calendar_at("/en/days.ics")[0].walk("VEVENT")}
    azerbaijani = {str(e["UID"]) for e in calendar_at("/az/days.ics")[0].walk("VEVENT")}
    assert before == after == azerbaijani
    assert len(before) == 2


def test_each_language_has_its_own_words(calendar_at):
    make_observance(title_en="Police Day", title_az="Polis günü")
    make_observance(title_en="", title_az="Yalnız azərbaycanca")
    english, response = calendar_at("/en/days.ics")
    assert set(entries(english)) == {"Police Day", "Yalnız azərbaycanca"}
    assert b"SUMMARY;LANGUAGE=en:Police Day" in response.content
    assert "SUMMARY;LANGUAGE=az:Yalnız azərbaycanca".encode() in response.content
    assert "Polis günü" in entries(calendar_at("/az/days.ics")[0])


def test_lines_are_folded_and_signs_escaped(calendar_at):
    title = "Əsgər; polis, və \\ ilə " + "ə" * 60
    make_observance(title_en=title, summary_en="Bir\nİki, üç; dörd\r\nEND:VCALENDAR\nBEGIN:VEVENT")
    made, response = calendar_at("/en/days.ics")
    entry = only(made)
    assert str(entry["SUMMARY"]) == title
    assert "Bir\nİki, üç; dörd\nEND:VCALENDAR\nBEGIN:VEVENT" in entry["DESCRIPTION"]
    lines = response.content.split(b"\r\n")
    assert lines[-1] == b""
    assert all(len(line) <= 75 and b"\n" not in line for line in lines)
    for line in lines:
        line.decode()  # no letter is cut in two
    assert lines.count(b"END:VCALENDAR") == 1


def test_a_changed_calendar_is_sent_again_and_no_other(client):
    event = make_event(date="1992-11-24")
    first = client.get("/en/days.ics")
    asked = {"If-None-Match": first["ETag"]}
    assert client.get("/en/days.ics", headers=asked).status_code == 304
    since = {"If-Modified-Since": first["Last-Modified"]}
    assert client.get("/en/days.ics", headers=since).status_code == 304
    Event.objects.filter(pk=event.pk).update(
        title_en="Changed", updated_at=timezone.now() + datetime.timedelta(seconds=5)
    )
    assert client.get("/en/days.ics", headers=asked).status_code == 200
    assert client.get("/az/days.ics", headers=asked).status_code == 200
    Event.objects.all().delete()
    assert client.get("/en/days.ics", headers=asked).status_code == 200


def test_an_entry_says_when_it_was_changed(calendar_at):
    observance = make_observance()
    entry = only(calendar_at("/en/days.ics")[0])
    changed = observance.updated_at.replace(microsecond=0)
    assert entry["DTSTAMP"].dt == entry["LAST-MODIFIED"].dt == changed


def test_one_yearly_day_alone(calendar_at, client):
    make_observance(code="police/day #1", title_en="Police Day")
    make_observance(title_en="Another")
    made, _response = calendar_at("/en/days/police%2Fday%20%231.ics")
    assert list(entries(made)) == ["Police Day"]
    assert client.get("/en/days/nothing.ics").status_code == 404


def test_anniversaries_can_be_left_out(calendar_at):
    make_observance(title_en="Police Day")
    make_event(title_en="Bureau", date="1992-11-24")
    assert set(entries(calendar_at("/en/days.ics?only=days")[0])) == {"Police Day"}
    assert len(entries(calendar_at("/en/days.ics?only=wild")[0])) == 2


@pytest.mark.parametrize("hidden", [{"status": "draft"}, {"status": "archived"}])
def test_what_is_not_public_is_in_no_calendar(hidden, calendar_at, client):
    draft = make_observance(code="hidden", title_en="Hidden", **hidden)
    event = make_event(title_en="Hidden origin", date="1992-11-24", **hidden)
    make_observance(title_en="Open", origin=event)
    made, response = calendar_at("/en/days.ics")
    assert set(entries(made)) == {"Open"}
    assert b"Hidden" not in response.content
    assert client.get(f"/en/days/{draft.code}.ics").status_code == 404


def test_a_calendar_costs_the_same_however_full(client, django_assert_max_num_queries):
    for number in range(12):
        make_observance(day=number + 1, origin=make_event(date=f"1992-11-{number + 1:02}"))
    with django_assert_max_num_queries(5):
        client.get("/en/days.ics")


def test_the_page_of_days_offers_the_calendar(client):
    one = make_observance(code="police-day", title_en="Police Day", month=7, day=2)
    page = client.get("/en/days/?day=07-02").content.decode()
    assert 'href="webcal://testserver/en/days.ics"' in page
    assert 'href="/en/days.ics"' in page
    assert f'href="/en/days/{one.code}.ics"' in page
