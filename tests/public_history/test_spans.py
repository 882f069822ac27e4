"""Years and decades: each event where it certainly belongs, the vague ones told apart."""

import datetime

import pytest

from history.density import MOST_BARS, density
from history.models import Event
from tests.factories import make_era, make_event, make_unit

pytestmark = pytest.mark.django_db


@pytest.fixture
def sections(read):
    """``sections("1992/")`` → {heading: titles of the events under it} of a year's page."""

    def _sections(key):
        page = read(f"history/{key}")
        names = ("certain", "lasting", "possible")
        starts = {name: page.find(f'<h2 id="{name}">') for name in names}
        found = {}
        for name, start in starts.items():
            if start >= 0:
                part = page[start : page.index("</section>", start)]
                found[name] = {e.title_en for e in Event.objects.all() if f">{e}</a>" in part}
        return found

    return _sections


def test_a_year_has_what_happened_lasted_or_may_have_happened_in_it(sections):
    for title, date, kind in (
        ("Day", "1992-11-24", "founding"),
        ("Month", "1992-05", "founding"),
        ("Year", "1992", "founding"),
        ("Decade", "199X", "founding"),
        ("Before", "1991-12-31", "founding"),
        ("After", "1993-01-01", "founding"),
        ("Undated", "", "founding"),
        ("Or later", "1950/", "founding"),
        ("War", "1991-10-18/", "other"),
        ("Long", "1990/1994", "other"),
        ("Between", "1990/1994", "founding"),
        ("Starting", "1992-01-17/", "other"),
        ("Over", "1980/1985", "other"),
        ("About", "1992~", "founding"),
        ("Perhaps on a day", "1992-11-24?", "founding"),
        ("Began about then", "1992%/1994", "other"),
        ("From about a year before", "1991~/1993", "other"),
    ):
        make_event(title_en=title, date=date, kind=kind)
    assert sections("1992/") == {
        "certain": {"Day", "Month", "Year"},
        "lasting": {"Long", "Starting", "From about a year before"},
        "possible": {
            "Decade",
            "Or later",
            "War",
            "Between",
            "About",
            "Perhaps on a day",
            "Began about then",
        },
    }
    assert sections("199X/")["certain"] == {
        "Day", "Month", "Year", "Decade", "Before", "After", "Long", "Between",
    }  # fmt: skip
    assert sections("19XX/")["certain"] >= {"Day", "Decade", "Over"}


def test_a_year_leads_to_the_nearest_years_with_events(read):
    for date in ("1918-05-28", "1992", "1992-11-24", "2004-06-30", "1960/1970", "198X", ""):
        make_event(date=date)
    page = read("history/1992/")
    assert 'rel="prev" href="/en/history/1918/"' in page
    assert 'rel="next" href="/en/history/2004/"' in page
    assert 'href="/en/history/199X/"' in page
    decade = read("history/199X/")
    assert 'rel="prev" href="/en/history/191X/"' in decade
    assert 'rel="next" href="/en/history/200X/"' in decade
    assert 'href="/en/history/1992/"' in decade
    assert 'href="/en/history/1999/"' not in decade
    assert 'href="/en/history/19XX/"' in decade
    empty = read("history/1950/")
    assert "No event is recorded for this time." in empty
    assert "noindex" in empty
    assert 'rel="next" href="/en/history/1992/"' in empty


@pytest.mark.parametrize("key", ["0000", "000X", "00XX", "9999", "99XX", "2199"])
def test_no_page_for_times_that_are_not_or_lie_ahead(client, key):
    make_event(date="1992")
    found = client.get(f"/en/history/{key}/").status_code
    assert found == 404


@pytest.mark.parametrize("key", ["0001", "0999", "00XX", "20XX"])
def test_the_first_and_the_present_century_have_pages(client, key):
    assert client.get(f"/en/history/{key}/").status_code == (404 if key == "00XX" else 200)


def test_an_event_called_like_a_year_keeps_its_page(read):
    make_event(slug="1992", title_en="Called so")
    assert "<h1>Called so</h1>" in read("history/1992/")


def test_the_filter_holds_on_the_page_of_a_year_and_goes_on(read, client):
    unit = make_unit(slug="police")
    make_event(title_en="First", date="1991", kind="founding", after=[unit])
    make_event(title_en="Second", date="1992", kind="founding", after=[unit])
    make_event(title_en="Third", date="1992", kind="other")
    page = read("history/1992/?kind=founding&unit=police")
    assert ">Second</a>" in page
    assert ">Third</a>" not in page
    assert 'href="/en/history/1991/?kind=founding&amp;unit=police"' in page
    assert "There is no such kind of event." in read("history/1992/?kind=wild")


def test_drafts_are_in_no_year_and_in_no_bar(read, client):
    make_event(title_en="Open", date="1980")
    make_event(title_en="Open too", date="1990")
    make_event(title_en="Gizlin", date="1992", status="draft")
    assert "Gizlin" not in read("history/1992/")
    assert "Gizlin" not in read("history/199X/")
    assert "/history/1992/" not in read("history/")


def test_a_year_costs_the_same_however_full(client, django_assert_max_num_queries):
    unit = make_unit()
    for number in range(20):
        make_event(date=f"1992-05-{number + 1:02}", concerned=[unit])
    client.get("/en/history/1992/")
    with django_assert_max_num_queries(24):
        client.get("/en/history/1992/")


def bars_of(events):
    return {str(bar.date): bar.number for bar in density(events).bars}


def test_an_event_is_counted_once_in_the_bar_in_which_it_certainly_was():
    for date in (
        "1990",
        "1991-10-18",
        "1991-10",
        "1993",
        "199X",
        "1991/1992",
        "1991/",
        "",
        "1990?",
    ):
        make_event(date=date)
    found = density(Event.objects.all())
    assert bars_of(Event.objects.all()) == {"1990": 1, "1991": 2, "1992": 0, "1993": 1}
    assert (found.spread, found.undated) == (4, 1)
    assert sum(bar.number for bar in found.bars) + found.spread + found.undated == 9


def test_long_histories_are_counted_by_decade_and_century():
    make_event(date="1828")
    make_event(date="199X")
    make_event(date="2020")
    assert bars_of(Event.objects.all())["199X"] == 1
    assert bars_of(Event.objects.all())["182X"] == 1
    make_event(date="0950")
    assert set(bars_of(Event.objects.all())) >= {"09XX", "20XX"}
    make_event(date="0005")
    make_event(date="1991/..")
    assert len(density(Event.objects.all()).bars) <= MOST_BARS
    assert density(Event.objects.all()).bars[0].date.text == "00XX"


def test_no_events_no_bars():
    assert density(Event.objects.all()).bars == []
    make_event(date="../1991")
    assert density(Event.objects.all()).bars == []


def test_bars_are_links_with_words_and_keep_the_filter(read):
    make_event(date="1992", kind="founding")
    make_event(date="1992-11-24", kind="founding")
    make_event(date="1991", kind="founding")
    page = read("history/?kind=founding")
    assert 'href="/en/history/1992/?kind=founding"' in page
    assert ">1992: 2 events</span>" in page
    assert read("history/?kind=merger").find('class="density"') == -1


def test_a_long_era_is_read_decade_by_decade(read):
    era = make_era(slug="long")
    for year in range(1880, 1910, 2):
        make_event(era=era, date=str(year))
    make_event(era=era, date="1885/")
    page = read("history/")
    assert [page.count(f'id="decade-long-{d}X"') for d in (188, 189, 190)] == [1, 1, 1]
    short = make_era(slug="short")
    make_event(era=short, date="1950")
    assert 'id="decade-short' not in read("history/")


def test_the_place_of_the_date_is_marked(read, client):
    early = make_event(title_en="Early", date="1918-05-28", slug="early")
    make_event(title_en="Perhaps", date="1900/", slug="perhaps")
    make_event(title_en="Late", date="1992-11-24", slug="late")
    make_event(title_en="Undated", slug="undated")
    page = read("history/?on=1950")
    if "you-are-here" not in page:
        pytest.skip("pages do not answer for dates yet")
    assert page.count('id="you-are-here"') == 1
    assert page.index('id="early"') < page.index('id="you-are-here"') < page.index('id="late"')
    assert page.count("is-later") == 1
    assert 'id="you-are-here"' not in read("history/?on=2020")
    assert 'id="you-are-here"' not in read("history/")
    assert early.get_absolute_url() + "?on=1950" in page.replace("/az/", "/en/")


def test_neighbours_of_an_event_stay_within_the_choice(read):
    make_event(slug="a", title_en="A", date="1990", kind="founding")
    make_event(slug="b", title_en="B", date="1991", kind="other")
    make_event(slug="c", title_en="C", date="1992", kind="founding")
    page = read("history/a/?kind=founding")
    assert 'rel="next" href="/en/history/c/?kind=founding"' in page
    assert 'href="/en/history/?kind=founding"' in page
    assert 'rel="next" href="/en/history/b/"' in read("history/a/")
    assert 'rel="next" href="/en/history/b/"' in read("history/a/?kind=wild")
    timeline = read("history/?kind=founding")
    assert 'href="/en/history/c/?kind=founding"' in timeline


def test_today_is_in_the_last_year_with_a_page(client):
    assert client.get(f"/en/history/{datetime.date.today().year}/").status_code == 200


def test_what_is_dated_about_a_year_stands_in_no_bar_and_is_no_neighbour(read):
    make_event(date="1840~")
    make_event(date="1850-05-01?")
    for date in ("1860", "1870"):
        make_event(date=date)
    counted = density(Event.objects.all())
    assert [bar.date.text for bar in counted.bars if bar.number] == ["1860", "1870"]
    assert counted.spread == 2
    page = read("history/1860/")
    assert 'href="/en/history/1840/"' not in page
    assert 'href="/en/history/1850/"' not in page
    assert "0 events are known to have happened then." in read("history/1840/")
    assert 'href="/en/history/1850/"' not in read("history/185X/")
