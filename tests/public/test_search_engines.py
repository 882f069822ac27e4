"""What search engines are told of each page does not contradict itself.

Every public address is walked, with every parameter that some page knows.
"""

import itertools
import re
import urllib.robotparser
import xml.etree.ElementTree as ElementTree
from html import unescape
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.conf import settings
from django.urls import resolve, reverse
from django.utils.translation import override

from people import views as people_views
from structure import index, views
from tests.factories import make_event, make_post, make_unit
from tests.visibility.addresses import public_addresses, public_patterns
from tests.visibility.records import PublicWorld

pytestmark = pytest.mark.django_db

HERE = "http://testserver"
MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
LINK = "{http://www.w3.org/1999/xhtml}link"
LANGUAGES = [code for code, _name in settings.LANGUAGES]
# Each parameter that a page knows, with values that mean something somewhere and some that do not.
PARAMETERS = [
    "former=1", "q=era", "letter=C", "letter=%C5%9E", "letter=none", "page=1", "page=2", "page=02",
    "page=99999", "page=x", "page=-1", "branch=child", "era=era", "era=none", "kind=founding",
    "unit=child", "from=1900&to=", "day=07-02", "levels=2", "paper=a3", "on=1995", "on=abc",
    "only=days", "to=1990", "existing=1", "next=/en/", "utm_source=x", "branch=child&page=2",
    "era=era&page=2", "letter=C&page=2", "page=2&letter=C", "former=1&letter=C&page=2",
    "era=era&kind=founding", "q=C&branch=child",
]  # fmt: skip


@pytest.fixture(autouse=True)
def _own_files(settings, tmp_path):
    settings.OPEN_DATA_DIR = tmp_path / "open_data"


# What tells where in a list a page is: with long lists these alone are asked for.
OF_LISTS = ("page", "letter", "former", "branch")


@pytest.fixture(params=["short lists", "long lists"])
def world(request, monkeypatch):
    """A small institution; "long lists": each list of the site goes over several pages."""
    made = PublicWorld("draft")
    made.parameters = PARAMETERS
    for number in range(4):
        unit = make_unit(parent=made.root, name_en=f"C {number}", name_az=f"C {number}")
        make_post(unit)
        make_event(era=made.era, concerned=[unit], date=f"19{number + 10}")
    if request.param == "long lists":
        made.parameters = [one for one in PARAMETERS if one.startswith(OF_LISTS)]
        monkeypatch.setattr(index, "ENTRIES_A_PAGE", 2)
        monkeypatch.setattr(index, "ONE_PAGE_LIMIT", 2)
        monkeypatch.setattr(views, "BODIES_A_PAGE", 2)
        monkeypatch.setattr(views, "SUB_UNITS_A_PAGE", 2)
        monkeypatch.setattr(people_views, "HEADS_PER_PAGE", 2)
        monkeypatch.setattr("history.timeline.EVENTS_PER_PAGE", 2)
        monkeypatch.setattr("structure.outline.WHOLE_TREE_LIMIT", 2)
    return made


class Told:
    """What a page tells search engines."""

    def __init__(self, html):
        head = html.split("</head>")[0]
        self.canonical = self._found(r'<link rel="canonical" href="([^"]*)">', head)
        self.noindex = "noindex" in "".join(
            re.findall(r'<meta name="robots" content="([^"]*)"', head)
        )
        found = re.findall(r'<link rel="alternate" hreflang="([^"]*)" href="([^"]*)">', head)
        self.alternates = {code: unescape(address) for code, address in found}
        assert len(found) == len(self.alternates)

    def _found(self, pattern, head):
        found = re.findall(pattern, head)
        assert len(found) <= 1, found
        return unescape(found[0]) if found else None


class Pages:
    """Asks each address once."""

    def __init__(self, client):
        self.client, self.asked = client, {}

    def __call__(self, address):
        if address not in self.asked:
            response = self.client.get(address.removeprefix(HERE))
            is_page = response.status_code == 200 and "html" in response["Content-Type"]
            told = Told(response.content.decode()) if is_page else None
            self.asked[address] = response.status_code, told
        return self.asked[address]


@pytest.fixture
def pages(client):
    return Pages(client)


def addresses(pages, parameters):
    """Every page as it is, and one page of each view with each of the parameters.

    In English; the walk comes to the others by hreflang.
    """
    plain = {one.partition("?")[0] for one in public_addresses() if one.startswith("/en/")}
    plain = sorted({"/preferences/", "/az/nothing/"} | {one for one in plain if one[-1] == "/"})
    one_of_each = {}
    for path in plain:
        if pages(path)[1]:
            one_of_each[resolve(path).view_name] = path
    assert len(one_of_each) > 15
    many = itertools.product(one_of_each.values(), parameters)
    return [*plain, *(f"{path}?{query}" for path, query in many)]


def test_no_page_contradicts_itself_or_another_one(world, pages):
    robot = urllib.robotparser.RobotFileParser()
    robot.parse(pages.client.get("/robots.txt").content.decode().splitlines())
    own = foreign = hidden = 0
    for address in addresses(pages, world.parameters):
        status, told = pages(address)
        assert status < 500, address
        if told is None:
            continue
        may_fetch = robot.can_fetch("*", HERE + address)
        if told.noindex:
            hidden += 1
            assert may_fetch, f"{address} says noindex, which no robot may read"
            assert told.canonical is None, address
            assert told.alternates == {}, address
            continue
        assert may_fetch, address
        assert (told.canonical or "").startswith(f"{HERE}/"), address
        status, there = pages(told.canonical)
        assert status == 200, (address, told.canonical)
        assert not there.noindex, (address, told.canonical)
        assert there.canonical == told.canonical, (address, told.canonical, there.canonical)
        if told.canonical != HERE + address:
            foreign += 1
            assert told.alternates == {}, address
            continue
        own += 1
        if "letter=" in address:  # units with these beginnings: others in the other language
            assert told.alternates == {}, address
            continue
        assert set(told.alternates) == {*LANGUAGES, "x-default"}, address
        assert told.alternates["x-default"] == told.alternates[settings.LANGUAGE_CODE]
        assert HERE + address in told.alternates.values()
        for other in told.alternates.values():
            status, there = pages(other)
            assert status == 200, (address, other)
            assert there.canonical == other, (address, other)
            assert there.alternates == told.alternates, (address, other)
    assert own > 30
    assert foreign > 200
    assert hidden > 20


def test_what_is_on_the_site_map_is_for_search_engines(world, pages):
    robot = urllib.robotparser.RobotFileParser()
    robot.parse(pages.client.get("/robots.txt").content.decode().splitlines())
    read = lambda path: ElementTree.fromstring(  # noqa: E731
        b"".join(got) if (got := pages.client.get(path)).streaming else got.content
    )
    found = 0
    for part in [one.text for one in read("/sitemap.xml").iter(f"{MAP}loc")]:
        for url in read(part.removeprefix(HERE)).findall(f"{MAP}url"):
            address = url.find(f"{MAP}loc").text
            others = {link.get("hreflang"): link.get("href") for link in url.findall(LINK)}
            status, told = pages(address)
            assert status == 200, address
            assert robot.can_fetch("*", address), address
            assert not told.noindex, address
            assert told.canonical == address
            assert told.alternates == others, address
            found += 1
    assert found > 30


def test_the_walk_knows_every_parameter():
    """A parameter that a page reads and this test does not know shows in the pages' own words."""
    known = {name for query in PARAMETERS for name, _value in parse_qsl(query)}
    named = set()
    others = ("chronology", "exchange", "open_data", "publishing", "staff")  # no pages of visitors
    for app in settings.BASE_DIR.glob("*/apps.py"):
        if app.parent.name in others:
            continue
        for path in app.parent.rglob("*.py"):
            text = path.read_text()
            if "admin" in path.name:
                continue
            named |= set(re.findall(r'GET\.get\("(\w+)"', text))
            named |= {
                name for doc in re.findall(r"``(\?[^`]*)``", text)
                for name in re.findall(r"[?&](\w+)=", doc)
            }  # fmt: skip
    assert named - known == {"token"} & named


@pytest.mark.parametrize(
    ("address", "canonical"),
    [
        ("/en/units/?former=1", "/en/units/"),
        ("/en/?page=2", "/en/"),
        ("/en/structure/?q=x", "/en/structure/"),
        ("/en/structure/?branch=child", "/en/structure/?branch=child"),
        ("/en/structure/?branch=child&q=x&utm=1", "/en/structure/?branch=child"),
        ("/en/history/?era=era", "/en/history/?era=era"),
        ("/en/history/?era=none", "/en/history/"),
        ("/en/history/?kind=founding", "/en/history/"),
        ("/en/compare/?from=1900&to=1990&branch=child", "/en/compare/"),
    ],
)
def test_the_address_to_keep(pages, address, canonical):
    PublicWorld("draft")
    _status, told = pages(address)
    assert told.canonical == HERE + canonical
    assert bool(told.alternates) == (address == canonical)


def test_search_may_be_fetched_and_says_that_it_is_not_to_be_kept(client, db):
    text = client.get("/robots.txt").content.decode()
    for code in LANGUAGES:
        with override(code):
            path = reverse("search")
        assert path not in text
        assert Told(client.get(path).content.decode()).noindex
    assert {name for name, _arguments in public_patterns()} >= {"search"}
    assert urlsplit(re.search(r"Sitemap: (\S+)", text)[1]).path == "/sitemap.xml"
