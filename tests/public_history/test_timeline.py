"""The timeline: eras, filters, honest dates, no draft, no surprise."""

import itertools

import pytest

from history import timeline
from history.models import Event
from tests.factories import make_era, make_event, make_external_body, make_unit

pytestmark = pytest.mark.django_db


def test_the_order_is_era_then_date_and_undated_events_close_their_era(ministry):
    late = make_era(order=2)
    early = make_era(order=1)
    codes = ["a", "b", "c", "d", "e"]
    make_event(code="e", era=late, date="1950")
    make_event(code="d", era=early)
    make_event(code="c", era=early, date="1920-05-01")
    make_event(code="b", era=early, date="1920")
    make_event(code="a", era=early, date="/1919")
    assert [event.code for event in Event.objects.in_time_order()] == codes
    for before, after in itertools.pairwise(codes):
        earlier, later = Event.objects.get(code=before), Event.objects.get(code=after)
        assert Event.objects.just_after(earlier) == later
        assert Event.objects.just_before(later) == earlier
    assert Event.objects.just_before(Event.objects.get(code="a")) is None
    assert Event.objects.just_after(Event.objects.get(code="e")) is None


def test_each_era_stands_with_its_words_its_count_and_a_jump_link(read):
    first = make_era(slug="old", name_en="Old times", summary_en="Long ago.", begin="1828",
                     end="1917")  # fmt: skip
    make_event(era=first, date="1840-04-10", title_en="A beginning", place_en="Baku")
    make_event(era=make_era(slug="new", name_en="New times"), title_en="Without a date")
    make_era(name_en="An era without events")
    page = read("history/")
    assert "2 events" in page
    assert '<a href="#era-old">' in page
    assert 'id="era-old"' in page
    assert "Long ago." in page
    assert "1828–1917" in page
    assert '<time datetime="1840-04-10">10\N{NO-BREAK SPACE}April 1840</time>' in page
    assert "date not known" in page
    assert '<h2 id="era-new"' in page
    assert page.count('<h2 id="era-') == 2


def test_a_milestone_is_marked(read):
    make_event(weight=3)
    make_event(weight=2)
    assert read("history/").count('class="event is-milestone') == 1


def test_filters_by_kind_unit_era_and_words(read, ministry, police):
    make_era(order=1)
    other_era = make_era(slug="other-era", order=2)
    make_event(title_en="First", kind="founding", after=[police], place_en="Şəki")
    make_event(title_en="Second", kind="renaming", concerned=[ministry])
    make_event(title_en="Third", kind="renaming", concerned=[police], era=other_era)

    def found(query):
        page = read(f"history/?{query}")
        return {title for title in ("First", "Second", "Third") if f">{title}</a>" in page}

    assert found("kind=renaming") == {"Second", "Third"}
    assert found("unit=police") == {"First", "Third"}
    assert found("era=other-era") == {"Third"}
    assert found("q=seki") == {"First"}
    assert found("q=police department") == {"First", "Third"}
    assert found("q=third&kind=renaming&unit=police") == {"Third"}
    assert found("q=first&kind=renaming") == set()


@pytest.mark.parametrize(
    "query",
    [
        "kind=wild",
        "unit=nobody",
        "unit=" + "x" * 3000,
        "unit=%C4%B0%20%22%3E",
        "era=never",
        "q=" + "x" * 500,
        "q=nothing-like-this",
        "q=%F0%9F%9A%93",
        "q=%27%22%3B--",
        "q=%25_",
    ],
)
def test_wild_filters_find_nothing_and_offer_a_way_back(read, query):
    make_event(title_en="First")
    page = read(f"history/?{query}")
    assert "Nothing found." in page
    assert '<a class="button" href="/en/history/">' in page
    assert ">First</a>" not in page


@pytest.mark.parametrize(
    "query", ["page=99999999999999999999999", "page=-1", "page=x", "page=", "kind=", "q=%20"]
)
def test_a_wild_page_or_an_empty_filter_still_shows_the_events(read, query):
    event = make_event(title_en="First")
    assert ">First</a>" in read(f"history/?{query}&era={event.era.slug}")


def test_a_wrong_choice_says_what_is_wrong(read):
    page = read("history/?kind=wild&era=never&unit=nobody")
    assert "There is no such kind of event." in page
    assert "There is no such era." in page
    assert "There is no such unit." in page


def test_without_any_event_the_page_says_so_and_offers_no_reset(read):
    page = read("history/")
    assert "No event is published yet." in page
    assert "Show all events" not in page


def test_a_draft_is_neither_shown_counted_nor_found(read, ministry):
    hidden = make_unit(name_en="Gizlin unit", slug="gizlin", status="draft")
    body = make_external_body(name_en="Gizlin body", status="draft")
    make_event(title_en="Gizlin event", status="draft", concerned=[ministry])
    make_event(title_en="Open", concerned=[ministry, hidden, body])
    page = read("history/")
    assert "1 event" in page
    assert "Gizlin" not in page
    assert 'value="gizlin"' not in page
    assert ">Ministry</a>" in page
    assert "Nothing found." in read("history/?unit=gizlin")
    assert "Nothing found." in read("history/?q=gizlin")


def test_a_long_era_is_cut_and_leads_to_pages(read, monkeypatch):
    monkeypatch.setattr(timeline, "EVENTS_PER_ERA", 3)
    monkeypatch.setattr(timeline, "EVENTS_PER_PAGE", 4)
    era = make_era(slug="long", name_en="Long era")
    make_event(era=make_era(), title_en="Elsewhere")
    for number in range(6):
        make_event(era=era, date=str(1900 + number), title_en=f"Number {number}")
    page = read("history/")
    assert "7 events" in page
    assert "Number 2<" in page
    assert "Number 3<" not in page
    assert 'href="?era=long"' in page
    first = read("history/?era=long")
    assert "Number 3<" in first
    assert "Number 4<" not in first
    assert "Elsewhere" not in first
    second = read("history/?era=long&page=2")
    assert "Number 5<" in second
    assert "Number 3<" not in second
    assert "Number 5<" in read("history/?era=long&page=77")


def test_the_number_of_queries_does_not_grow(client, ministry, django_assert_max_num_queries):
    def grow(times):
        for _number in range(times):
            unit = make_unit(parent=ministry)
            make_event(era=make_era(), concerned=[unit], after=[make_external_body()])

    grow(2)
    with django_assert_max_num_queries(14) as few:
        client.get("/en/history/")
    grow(20)
    with django_assert_max_num_queries(len(few)):
        client.get("/en/history/")


@pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
@pytest.mark.parametrize("address", ["history/", "figures/", "days/", "leadership/"])
def test_pages_are_only_read(client, method, address):
    assert getattr(client, method)(f"/en/{address}").status_code in (403, 405)


def test_the_page_speaks_azerbaijani(client):
    make_event(title_az="Yaradılma", title_en="Founding", date="1918-05-28")
    page = client.get("/az/history/").content.decode()
    assert "Yaradılma" in page
    assert "28\N{NO-BREAK SPACE}may 1918-ci il" in page


def test_a_title_in_another_language_is_marked_as_such(read):
    make_event(title_az="Yalnız azərbaycanca", title_en="")
    assert ' lang="az">Yalnız azərbaycanca</a>' in read("history/")
