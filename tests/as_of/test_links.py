"""Whoever looks at the past stays there: every link and every form of a page keeps its date."""

import html
import re
from urllib.parse import parse_qs, urlsplit

import pytest

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


def test_pages_of_today_carry_no_date(client, content):
    for path in PAGES:
        page = client.get(f"/en/{path}").content.decode()
        assert [one for one in links(page) if date_of(one)] == [], path


def test_the_walk_would_see_a_link_that_forgets():
    page = '<body><a href="/en/units/">A</a><a href="/en/?on=1958&amp;a=1">B</a></body>'
    assert [date_of(one) for one in links(page)] == [None, ["1958"]]
