"""Whoever looks at the past stays there: every link and every form of a page keeps its date."""

import html
import re
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.factories import make_dated_name, make_unit

pytestmark = pytest.mark.django_db

# One page of each kind.
PAGES = [
    "", "structure/", "structure/?q=polis", "structure/?branch=police", "units/",
    "units/?former=1", "units/ministry/", "units/police-college/", "units/press-service/",
    "structure/chart/", "structure/chart/?branch=ministry&levels=1",
    "units/police-academy/lineage/", "units/ministry/lineage/",
    "leadership/", "people/vilayet-eyvazov/", "history/", "history/?kind=founding",
    "history/baku-police-begins-1841/", "figures/", "days/", "days/?day=05-28", "international/",
    "international/ussr-mia/", "search/", "search/?q=polis", "search/?q=zzzz", "about/",
    "contact/", "no-such-page/",
]  # fmt: skip
# What shows no record, files for keeping, and links that say that they lead to another date.
# The comparison has two dates of its own.
DATELESS = re.compile(
    r"^/(static|media|preferences|admin|accounts|i18n)/|^(tel|mailto|webcal|https?):"
    r"|[.](ics|csv|json|svg|atom|xml|xlsx|zip)([?]|$)|/compare/"
)
OTHER_DATE = re.compile(r"data-(today|other-date)")


def links(page):
    body = page[page.index("<body") :]
    for tag in re.findall(r"<a\b[^>]*>", body):
        address = html.unescape(re.search(r'href="([^"]*)"', tag)[1])
        if (
            not DATELESS.search(address)
            and not address.startswith("#")
            and not OTHER_DATE.search(tag)
        ):
            yield address


def forms(page):
    for form in re.findall(r"<form\b.*?</form>", page, re.S):
        if 'method="post"' not in form:
            yield form


def date_of(address):
    return parse_qs(urlsplit(address).query).get("on")


@pytest.mark.parametrize("language", ["az", "en"])
def test_every_link_and_form_keeps_the_date(client, content, language):
    forgetful = []
    for path in PAGES:
        joint = "&" if "?" in path else "?"
        page = client.get(f"/{language}/{path}{joint}on=1958").content.decode()
        found = list(links(page))
        assert len(found) > 10, path
        forgetful += [(path, one) for one in found if date_of(one) != ["1958"]]
        forgetful += [(path, form) for form in forms(page) if 'name="on"' not in form]
    assert forgetful == []


def suggesting(page):
    """The addresses that the search boxes of a page ask for suggestions."""
    return [html.unescape(one) for one in re.findall(r'data-suggest="([^"]*)"', page)]


@pytest.mark.parametrize("language", ["az", "en"])
def test_suggestions_of_every_search_box_keep_the_date(client, content, language):
    for path in PAGES:
        joint = "&" if "?" in path else "?"
        page = client.get(f"/{language}/{path}{joint}on=1958").content.decode()
        assert suggesting(page), path
        assert [one for one in suggesting(page) if date_of(one) != ["1958"]] == [], path


def test_what_is_suggested_on_a_date_is_of_that_date_and_leads_to_it(client, db):
    unit = make_unit(slug="kestrel", name_az="Kestrel", name_en="Kestrel")
    make_dated_name(unit, name_az="", name_en="Osprey hall", begin="1920", end="1960")
    (hit,) = client.get("/en/search/suggest/?q=osprey&on=1958").json()["hits"]
    assert hit["title"] == [["Osprey", True], [" hall", False]]
    assert hit["url"] == "/en/units/kestrel/?on=1958"
    (hit,) = client.get("/en/search/suggest/?q=kestrel").json()["hits"]
    assert hit["url"] == "/en/units/kestrel/"


def test_pages_of_today_carry_no_date(client, content):
    for path in PAGES:
        page = client.get(f"/en/{path}").content.decode()
        carrying = [one for one in [*links(page), *suggesting(page)] if date_of(one)]
        assert carrying == [], path


def test_the_walk_would_see_a_link_that_forgets():
    page = '<body><a href="/en/units/">A</a><a href="/en/?on=1958&amp;a=1">B</a></body>'
    assert [date_of(one) for one in links(page)] == [None, ["1958"]]
