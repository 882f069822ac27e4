"""A page of another date than today shows nothing undated as if it held then, and nothing later.

Every page type is asked for 1925 over records that hold a mark in each undated field: how to reach
somebody today (``CONTACT``), what is written or called so today (``TODAY``), what came after 1925
(``LATER``). The walk takes the addresses from the resolver, so that a new page is walked, too.
"""

import json
import re
from datetime import timedelta
from functools import partial

import pytest
from django.test import Client
from django.urls import resolve
from django.utils import timezone, translation

from people.models import Post
from tests.factories import (
    make_dated_superior,
    make_event,
    make_external_body,
    make_figure,
    make_link,
    make_observance,
    make_page,
    make_person,
    make_post,
    make_term,
    make_unit,
    make_unit_kind,
)
from tests.visibility.addresses import public_addresses
from units.models import Unit

pytestmark = pytest.mark.django_db

CONTACT = "Sizexyz"
PHONE, LATITUDE = "+994 12 555 43 21", "40.123456"
TODAY = "Buxyz"
LATER = "Sonraxyz"
THEN = "Ozamanxyz"

# What these say is not about the page's date, and they say so under the frame (the banner). The
# first name later things, each with its date; the second are the same on every date.
ALL_TIMES = {
    "history:timeline",  # also marks what came after the date
    "history:event",
    "history:span",  # a year, decade or century
    "history:lineage",
    "history:compare",  # has two dates of its own
    "people:person",
    "units:external_body",
    "search",  # says of each unit whether it was there
}
OF_TODAY = {"pages:page", "history:days", "data:api"}
# Everything else that is not a page: files, feeds, calendars, the description of the API. They
# take no date; what does (API, structure files) has tests of its own below.
NO_PAGE = ("api:", "open_data:", "data:news", "data:unit_news", "search_suggest",
           "history:day_calendar",
           "history:days_calendar", "history:compare_", "history:lineage_file", "units:chart_file",
           "units:by_code")  # fmt: skip


def both(text, *stems):
    return {f"{stem}_{language}": text for stem in stems for language in ("az", "en")}


def contact():
    return {
        "phone": PHONE, "email": f"{CONTACT}@example.org", "latitude": LATITUDE,
        "longitude": "49.654321", "website": f"https://{CONTACT}.example.org/",
        **both(f"{CONTACT} 5", "address", "opening_hours"),
    }  # fmt: skip


@pytest.fixture
def world(settings):
    """A small institution of 1918 with every undated field filled, and later facts of each kind."""
    kind = make_unit_kind(**both(TODAY, "name"))
    words = both(TODAY, "summary", "body", "mandate", "jurisdiction", "short_name", "abbreviation",
                 "emblem_caption")  # fmt: skip
    undated = {**words, **contact(), "native_name": TODAY, "kind": kind}
    named = partial(both, THEN, "name")
    top = make_unit(code=settings.INSTITUTION, slug="top", founded="1918", **named(), **undated)
    unit = make_unit(slug="unit", founded="1920", parent=top, **named(), **undated)
    make_unit(slug="gone", founded="1919", dissolved="1922", parent=top, **undated)
    later = make_unit(slug="later", founded="1950", **both(LATER, "name"), **undated)
    make_dated_superior(later, parent=unit, begin="1950", end="1960")
    body = make_external_body(slug="body", website=f"https://{CONTACT}.example.org/",
                              **both(TODAY, "summary", "abbreviation"))  # fmt: skip
    make_dated_superior(unit, external_body=body, begin="1920", end="1990")
    make_external_body(is_partner=True, partner_since="1999", **both(LATER, "name"))
    make_external_body(is_partner=True, **both(LATER, "name"))
    person = both(TODAY, "rank", "summary", "body")
    old, new = make_person(slug="old", **person), make_person(slug="new", **person,
                                                              **both(LATER, "name"))  # fmt: skip
    for one in (top, unit):
        post = make_post(one, **both(TODAY, "title", "how_filled"))
        make_term(post, old, begin="1921", end="1930")
        make_term(post, new, begin="1999")
    long_ago = make_event(slug="long-ago", date="1918-05-28", kind="founding", weight=3,
                          after=[top], **both(THEN, "title"))  # fmt: skip
    lately = make_event(slug="lately", date="1999-11-30", weight=3, concerned=[top, unit],
                        **both(LATER, "title", "summary"))  # fmt: skip
    make_event(weight=3, concerned=[top], **both(LATER, "title"))  # nobody knows when
    home = {"on_home_page": True, "unit": top}
    make_figure(event=long_ago, **both(THEN, "label"), **home)
    make_figure(event=lately, **both(LATER, "label"), **home)
    make_figure(**both(LATER, "label"), **home)
    tomorrow = timezone.localdate() + timedelta(days=1)
    yearly = {"unit": top, "month": tomorrow.month, "day": tomorrow.day}
    make_observance(since="1920", **both(THEN, "title"), **yearly)
    make_observance(since="1999", **both(LATER, "title"), **yearly)
    make_observance(**both(LATER, "title"), **yearly)
    make_link(top, target=unit, **both(TODAY, "title"))
    for code in ("about", "contact"):
        make_page(code=code, slug=code, placement="navigation", **both(TODAY, "summary", "body"))
    return top


def asked(address, on):
    return f"{address}{'&' if '?' in address else '?'}on={on}"


def pages(on):
    """``(name, address, text)`` of every page there is, asked for the date; without the foot, which
    belongs to the site and not to the page."""
    addresses = [one for one in public_addresses() if one.startswith("/en/") and "?" not in one]
    addresses += ["/en/search/?q=ozamanxyz", "/en/search/?q=buxyz", "/en/search/?q=sizexyz",
                  "/en/units/?former=1", "/en/structure/?branch=top",
                  "/en/structure/chart/?branch=top", "/en/history/?unit=top"]  # fmt: skip
    for address in addresses:
        with translation.override("en"):
            name = resolve(address.partition("?")[0]).view_name
        if name.startswith(NO_PAGE):
            continue
        response = Client().get(asked(address, on), follow=True)
        if response.status_code == 404:
            continue
        assert response.status_code == 200, address
        assert response["Content-Type"].startswith("text/html"), address
        text = response.content.decode()
        yield name, address, text.split('<footer class="site-footer"')[0]


def without_life_line(page):
    """The life line of a unit tells of its whole life, each moment with its date."""
    return re.sub(r'<section class="section" id="life-line".*?</section>', "", page, flags=re.S)


def test_no_page_of_another_date_says_how_to_reach_somebody_today(world):
    for _name, address, page in pages("1925"):
        for mark in (CONTACT, CONTACT.lower() + "@", PHONE, "994125554321", LATITUDE):
            # The words that a visitor looked for stand in the search field.
            assert mark not in re.sub(r'value="[^"]*"|“[^”]*”', "", page), (address, mark)


def test_the_same_pages_say_it_today(world):
    """So that the walk looks at the right places."""
    found = {name for name, _address, page in pages("") if PHONE in page}
    assert found == {"home", "units:detail", "pages:page"}
    found = {name for name, _address, page in pages("") if LATER in page}
    assert found >= {"home", "units:structure", "units:index", "people:leadership",
                     "history:figures", "history:days", "units:international",
                     "units:detail"}  # fmt: skip


def test_what_is_written_or_called_so_today_stands_under_a_label(world):
    seen = set()
    for name, address, page in pages("1925-06-01"):
        head, body = page.split("</head>")
        assert TODAY not in head, address
        life = without_life_line(body)
        if TODAY in life:
            seen.add(name)
            assert 'class="of-today"' in life.split(TODAY)[0], address
    assert seen == {"home", "units:detail", "people:leadership", "people:person", "search",
                    "units:external_body", "pages:page"}  # fmt: skip


def test_no_label_stands_on_a_page_of_today(world):
    """Nor on one of the year that has today in it."""
    for _name, address, page in pages(timezone.localdate().year):
        assert "of-today" not in page, address


def test_no_page_of_1925_tells_of_anything_later_unless_its_banner_says_so(world):
    for name, address, page in pages("1925"):
        banner = page.split('class="when-banner"')[1].split("</div>")[0]
        page = page.split("</header>", 1)[1]  # the header offers dates to look from
        if name in ALL_TIMES:
            assert "This page tells of all times." in banner, address
        elif name in OF_TODAY:
            assert "It does not answer for:" in banner, address
        else:
            assert "The page as of:" in banner, address
            if "former=1" in address:  # asked for what is of other times, and says so
                assert "did not exist then" in page
            elif "later" not in address:  # the page of a unit that did not exist
                assert LATER not in without_life_line(page), address


def test_a_page_of_something_later_says_that_it_came_later(world):
    told = "This came later than the date from which you look."
    for path in ("history/lately/", "history/1999/"):
        assert told in Client().get(f"/en/{path}?on=1925").content.decode()
        assert told not in Client().get(f"/en/{path}?on=1999").content.decode()
        assert told not in Client().get(f"/en/{path}").content.decode()
    assert told not in Client().get("/en/history/long-ago/?on=1925").content.decode()


def test_a_page_of_1999_has_what_had_happened_by_then(world):
    """On the very day, too."""
    for on, there in (("1999-11-29", False), ("1999-11-30", True), ("1999", True)):
        page = Client().get(f"/en/?on={on}").content.decode().split("</header>", 1)[1]
        assert (LATER in page.split('class="milestones"')[1].split("</ol>")[0]) == there
        assert (LATER in Client().get(f"/en/figures/?on={on}").content.decode()) == there


def test_a_number_of_an_event_that_may_have_gone_on_is_marked(client, db):
    make_figure(event=make_event(date="1914/1918"), label_en="Strays")
    for on, sure in (("1917", False), ("1918", True)):
        page = client.get(f"/en/figures/?on={on}").content.decode()
        assert "Strays" in page
        assert ('class="unsure"' in page) != sure
    assert "unsure" not in client.get("/en/figures/").content.decode()


def test_no_hidden_event_dates_a_number(client, db):
    make_figure(event=make_event(date="1914", status="draft"), label_en="Strays")
    assert "Strays" not in client.get("/en/figures/?on=1920").content.decode()


@pytest.mark.parametrize("accept", ["application/json", "application/ld+json"])
def test_the_api_gives_no_way_to_reach_somebody_for_another_date(world, accept):
    for path in ("units", f"units/{world.code}", "units/unit"):
        code = Unit.objects.get(slug="unit").code
        path = path.replace("/unit", f"/{code}") if path == "units/unit" else path
        headers = {"Accept": accept}
        then = Client().get(f"/api/v1/{path}?on=1925", headers=headers).content.decode()
        for mark in (CONTACT, PHONE, LATITUDE):
            assert mark not in then, path
        for on in ("", timezone.localdate().isoformat(), timezone.localdate().year):
            assert (
                PHONE in Client().get(f"/api/v1/{path}?on={on}", headers=headers).content.decode()
            )


@pytest.mark.parametrize("days", [-1, 1])
def test_the_api_says_null_where_it_says_nothing_and_describes_it(world, days):
    """Yesterday, and tomorrow: what is kept without a date holds on neither."""
    on = timezone.localdate() + timedelta(days=days)
    row = json.loads(Client().get(f"/api/v1/units/{world.code}?on={on}").content)
    names = ["phone", "email", "website", "latitude", "longitude", "address_az", "address_en",
             "opening_hours_az", "opening_hours_en"]  # fmt: skip
    assert [row[name] for name in names] == [None] * len(names)
    described = json.loads(Client().get("/api/v1/openapi.json").content)
    fields = described["components"]["schemas"]["Unit"]["properties"]
    for name, field in fields.items():
        assert ("Kept for today only" in field["description"]) == (name in names)
        if name in names:
            assert {"type": "null"} in field["anyOf"]


def test_the_files_of_the_structure_give_no_way_to_reach_somebody(world):
    for ending in ("csv", "json"):
        text = b"".join(Client().get(f"/open-data/structure.{ending}?on=1925")).decode()
        assert CONTACT not in text
        assert PHONE not in text


def test_the_contact_page_of_another_date_leads_to_the_one_of_today(world):
    page = Client().get("/en/contact/?on=1925").content.decode()
    assert "Addresses and telephone numbers are kept for today only." in page
    assert '<a data-other-date href="/en/contact/">Contact today</a>' in page


def test_what_is_offered_while_one_types_names_no_kind_of_today(world):
    offered = Client().get("/en/search/suggest/?q=ozamanxyz&on=1925").json()["hits"]
    assert {one["kind"] for one in offered} == {"Unit", "Event"}
    offered = Client().get("/en/search/suggest/?q=ozamanxyz").json()["hits"]
    assert TODAY in {one["kind"] for one in offered}
    page = Client().get("/en/search/?q=ozamanxyz&on=1925").content.decode()
    assert TODAY not in "".join(re.findall(r'class="hit-kind muted">(.*?)</p>', page, re.S))


def test_a_head_of_the_past_is_called_head_and_not_by_the_title_of_today(world):
    facts = Client().get("/en/units/unit/?on=1925").content.decode()
    facts = facts.split('class="infobox"')[1].split("</aside>")[0]
    assert "<dt>Head</dt>" in facts
    assert Post.objects.get(unit__slug="unit").title_en not in facts.split("of-today")[0]


@pytest.mark.parametrize(("dates", "on", "lists"), [
    ({"founded": "1900"}, "", 1), ({"founded": "1900"}, "?on=1925", 2),
    ({}, "", 1), ({}, "?on=1925", 1),
])  # fmt: skip
def test_the_facts_of_a_body_outside_stand_together_but_for_those_of_today(dates, on, lists):
    make_external_body(slug="body", **dates)
    facts = Client().get(f"/en/international/body/{on}").content.decode()
    facts = facts.split('class="infobox"')[1].split("</aside>")[0]
    assert facts.count("<dl") == facts.count("</dl>") == lists
    assert facts.count("of-today") == bool(on)
