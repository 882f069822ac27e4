"""One line tells the life of a unit, whoever knows what of it, in the order of time."""

import datetime
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from chronology import HistoricalDate
from structure.as_of import AsOf
from structure.moments import life_line
from tests.factories import (
    make_dated_name,
    make_dated_superior,
    make_event,
    make_external_body,
    make_person,
    make_post,
    make_term,
    make_unit,
)

pytestmark = pytest.mark.django_db


def told(unit, on=None):
    """The line as ``[(date or "?", [names of templates])]``; "here" for the page's date."""
    line = life_line(unit, AsOf(on=HistoricalDate(on) if on else None))
    stops = [
        (str(stop.date), ["here"] if stop.is_here else [sort(one) for one in stop.moments])
        for stop in line.stops
    ]
    return stops + ([("?", [sort(one) for one in line.undated])] if line.undated else [])


def sort(moment):
    return re.search(r"_moment_(\w+)", moment.template)[1]


@pytest.fixture
def unit():
    return make_unit(code="u", slug="u", name_en="Academy", founded="1921")


def line_of(client, path="/en/units/u/"):
    page = client.get(path).content.decode()
    found = re.search(r'<ol class="timeline life-line">.*?</ol>', page, re.S)
    return found and found[0]


def test_all_apps_add_what_they_know_in_the_order_of_time(unit):
    make_dated_name(unit, begin="1921", end="1957")
    make_dated_superior(unit, external_body=make_external_body(), begin="1930-05", end="1991")
    make_term(make_post(unit), make_person(), begin="1940-02-03", end="1950")
    make_event(kind="relocation", date="1936", concerned=[unit])
    make_event(kind="founding", date="1921", after=[unit])
    assert told(unit) == [
        ("1921", ["founded", "event", "name"]),
        ("1930-05", ["superior"]),
        ("1936", ["event"]),
        ("1940-02-03", ["head"]),
    ]


def test_vague_dates_stand_where_they_can_begin_and_stay_vague(unit):
    make_event(date="193X", concerned=[unit])
    make_event(date="1935", concerned=[unit])
    make_event(date="/1940", concerned=[unit])
    make_event(date="1930~", concerned=[unit])
    assert [date for date, _sorts in told(unit)] == ["1921", "1930~", "193X", "1935", "/1940"]


def test_what_is_known_only_by_its_end_stands_before_what_began_then(unit):
    make_dated_name(unit, begin="", end="1957")
    make_dated_name(unit, begin="1957", end="")
    assert told(unit) == [("1921", ["founded"]), ("1957", ["name"]), ("1957", ["name"])]
    line = life_line(unit, AsOf())
    assert [stop.ended for stop in line.stops] == [False, True, False]


def test_what_has_no_date_at_all_stands_in_a_group_of_its_own(client, unit):
    make_dated_name(unit, name_en="Nameless", begin="", end="")
    make_event(date="", concerned=[unit], title_en="Somewhen")
    assert told(unit)[-1] == ("?", ["event", "name"])
    html = line_of(client)
    assert html.index("date not known") < html.index("Somewhen")
    assert html.index("Nameless") < html.index("Today")


def test_the_line_begins_with_the_founding_and_ends_with_today_or_the_end(client):
    parent = make_unit(name_en="Ministry")
    make_unit(slug="u", founded="1921", parent=parent, name_en="Academy")
    html = line_of(client)
    assert html.index("Founded") < html.index("Today") < html.index("Ministry")
    gone = make_unit(
        slug="gone", founded="1921", dissolved="1992-05-23", closing_reason="merged", parent=parent
    )
    html = line_of(client, "/en/units/gone/")
    assert "Today" not in html
    assert "Merged" in html
    assert told(gone)[-1] == ("1992-05-23", ["dissolved"])


def test_what_is_to_come_stands_below_today(client, unit):
    tomorrow = timezone.localdate() + datetime.timedelta(1)
    for code, day in (("coming", tomorrow), ("today", timezone.localdate())):
        make_dated_name(unit, code=code, name_en=code, begin=str(day), end=None, announced=True)
    line = life_line(unit, AsOf())
    assert [str(stop.date) for stop in line.to_come] == [str(tomorrow)]
    dates = re.findall(r'<p class="event-date">(.*?)</p>', line_of(client))
    last, coming = (re.sub("<[^>]+>", "", one) for one in dates[-2:])
    assert (last, str(tomorrow.year) in coming) == ("Today", True)


def test_the_date_of_the_page_is_marked_among_the_moments(client, unit):
    make_event(date="1936", concerned=[unit])
    make_event(date="1957", concerned=[unit])
    assert [date for date, _ in told(unit, on="1940")] == ["1921", "1936", "1940", "1957"]
    assert [date for date, _ in told(unit, on="1936")] == ["1921", "1936", "1936", "1957"]
    assert told(unit, on="2000")[-1] == ("2000", ["here"])
    assert told(unit, on="1900")[0] == ("1900", ["here"])
    html = line_of(client, "/en/units/u/?on=1940")
    assert html.count('aria-current="date"') == 1
    assert "aria-current" not in line_of(client)


def test_every_moment_has_an_address_of_its_own(client, unit):
    make_event(date="1936", concerned=[unit], slug="moves")
    make_event(date="1936", concerned=[unit], slug="grows")
    make_dated_name(unit, code="u name/1", begin="1936")
    html = line_of(client)
    ids = re.findall(r'<li class="moment" id="([^"]+)"', html)
    assert len(ids) == len(set(ids)) == 4
    assert "moment-event-moves" in ids
    assert all(" " not in one for one in ids)
    assert html.count('class="moment-address') == 4


def test_dates_are_written_for_machines_where_they_are_known(client, unit):
    make_event(date="1936-05-28", concerned=[unit])
    make_event(date="1940~", concerned=[unit])
    html = line_of(client)
    assert '<time datetime="1936-05-28">' in html
    assert '<time datetime="1921">' in html
    assert 'datetime="1940' not in html


def test_names_and_superiors_say_all_that_their_rows_say(client, unit):
    make_dated_name(unit, name_en="School", begin="1921", end="1957", note_en="By its seal.")
    body = make_external_body(name_en="Commissariat")
    make_dated_superior(unit, external_body=body, begin="1921", note_en="By its act.")
    html = line_of(client)
    for words in ("School", "1921–1957", "By its seal.", "Commissariat", "By its act.", body.slug):
        assert words in html


def test_a_unit_of_which_nothing_is_known_has_no_line(client):
    make_unit(slug="u")
    assert line_of(client) is None


@pytest.mark.parametrize("hidden", ["event", "body", "person", "unit"])
def test_what_is_hidden_stays_hidden(client, unit, hidden):
    state, mark = {"status": "draft"}, {"name_en": "Gizlinxyz", "name_az": "Gizlinxyz"}
    if hidden == "event":
        make_event(date="1950", concerned=[unit], title_en="Gizlinxyz", **state)
    elif hidden == "body":
        body = make_external_body(**mark, **state)
        make_dated_superior(unit, external_body=body, begin="1950", note_en="Gizlinxyz")
    elif hidden == "person":
        make_term(make_post(unit), make_person(**mark, **state), begin="1950", note_en="Gizlinxyz")
    else:
        other = make_unit(**mark, **state)
        make_dated_superior(unit, parent=other, begin="1950")
        make_event(kind="reorganisation", date="1950", before=[other], after=[unit])
    assert "Gizlinxyz" not in client.get("/en/units/u/").content.decode()


def test_the_number_of_queries_does_not_grow(client, unit):
    def fill():
        for year in range(1950, 1953):
            make_event(date=str(year), concerned=[unit, make_unit()])
            make_dated_name(unit, begin=str(year))
            make_dated_superior(unit, parent=make_unit(), begin=str(year))
            post = unit.posts.first() or make_post(unit)
            make_term(post, make_person(), begin=str(year), end=str(year + 1))

    fill()
    with CaptureQueriesContext(connection) as before:
        client.get("/en/units/u/")
    fill()
    with CaptureQueriesContext(connection) as after:
        client.get("/en/units/u/")
    assert len(after) == len(before)


def test_an_endless_life_is_cut_and_leads_on(client, unit):
    for number in range(70):
        make_event(date=str(1930 + number), concerned=[unit])
    page = client.get("/en/units/u/").content.decode()
    assert len(re.findall(r'id="moment-event-', page)) == 60
    assert "/en/history/?unit=u" in page
