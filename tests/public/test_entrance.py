"""Language choice, display preferences, home, search, the frame of every page."""

import re

import pytest

from search.finding import PAGE_SIZE
from tests.factories import make_dated_name, make_external_body, make_unit
from units.models import Unit

pytestmark = pytest.mark.django_db


def text(client, address):
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


# --- Language --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("accepted", "cookie", "target"),
    [
        ("en-GB,en;q=0.9", None, "/en/"),
        ("az", None, "/az/"),
        ("fr,de;q=0.8", None, "/az/"),
        ("", None, "/az/"),
        ("en", "az", "/az/"),
        ("az", "en", "/en/"),
        ("en", "xx", "/en/"),
        (";;;,,", None, "/az/"),
    ],
)
def test_the_entrance_leads_to_the_visitors_language(client, accepted, cookie, target):
    if cookie:
        client.cookies["django_language"] = cookie
    response = client.get("/", headers={"accept-language": accepted})
    assert response.status_code == 302
    assert response["Location"] == target
    assert {"Accept-Language", "Cookie"} <= set(response["Vary"].split(", "))


def test_each_page_says_its_language_and_its_other_address(client, ministry):
    page = text(client, "/az/units/top/?x=1")
    assert '<html lang="az"' in page
    assert '<link rel="canonical" href="http://testserver/az/units/top/">' in page
    assert 'rel="alternate" hreflang' not in page  # it is not the address to keep
    assert '<a href="/en/units/top/?x=1" hreflang="en" lang="en">English</a>' in page
    assert '<meta name="description" content="Asayişi qoruyur.">' in page
    page = text(client, "/az/units/top/")
    for code, language in (("az", "az"), ("en", "en"), ("x-default", "az")):
        link = f'hreflang="{code}" href="http://testserver/{language}/units/top/">'
        assert f'<link rel="alternate" {link}' in page


# --- Preferences -----------------------------------------------------------------------------


def choose(client, **data):
    """What a browser sends when a display form of this site is used."""
    return client.post("/preferences/", data, headers={"origin": "http://testserver"})


def test_the_view_for_impaired_sight_is_kept_by_the_server(client, ministry):
    assert "data-sight" not in text(client, "/en/")
    response = choose(client, sight="large", next="/en/structure/")
    assert response.status_code == 302
    assert response["Location"] == "/en/structure/"
    assert client.cookies["display"]["httponly"]
    assert 'data-sight="large"' in text(client, "/en/structure/")
    choose(client, theme="dark")
    page = text(client, "/en/")
    assert 'data-theme="dark"' in page
    assert 'data-sight="large"' in page
    choose(client, sight="usual")
    assert "data-sight" not in text(client, "/en/")


@pytest.mark.parametrize(
    "address",
    ["https://evil.example/", "//evil.example", "javascript:alert(1)", "\\\\evil.example", "",
     "/\\evil.example", "/\t/evil.example"],
)  # fmt: skip
def test_nobody_is_sent_to_another_site(client, address):
    response = choose(client, theme="dark", next=address)
    assert response["Location"] in ("/az/", "/en/")


@pytest.mark.parametrize("value", ["", "x", "dark.large.more", "<script>", "auto." + "x" * 4000])
def test_a_forged_cookie_changes_nothing(client, ministry, value):
    client.cookies["display"] = value
    page = text(client, "/en/")
    assert "<script>" not in page.split("<body")[1]
    assert "data-sight" not in page


def test_a_form_from_elsewhere_changes_nothing(django_client_without_token):
    response = django_client_without_token.post("/preferences/", {"theme": "dark"})
    assert response.status_code == 403
    assert "display" not in response.cookies


@pytest.fixture
def django_client_without_token():
    from django.test import Client

    return Client(enforce_csrf_checks=True)


def test_the_settings_page_works_without_the_header(client):
    page = text(client, "/preferences/?next=/en/units/")
    assert 'value="/en/units/"' in page
    assert client.put("/preferences/").status_code == 405


# --- Home ------------------------------------------------------------------------------------


def test_home_tells_what_the_ministry_is_and_of_what_it_consists(client, ministry):
    page = text(client, "/en/")
    for words in ("It keeps order.", "tel:102", "Police Department", "Staff", "All 4 units"):
        assert words in page


def test_home_of_an_empty_site_is_a_page(client):
    assert "102" in text(client, "/az/")


def test_queries_of_home_do_not_grow(client, ministry, django_assert_max_num_queries):
    client.get("/en/")
    for number in range(25):
        ministry.refresh_from_db()
        make_unit(parent=ministry, summary_en=f"Summary {number}")
        make_external_body(is_partner=True)
    with django_assert_max_num_queries(30):
        client.get("/en/")


# --- Search ----------------------------------------------------------------------------------


def found(client, address):
    """The page without the marks around what was found."""
    return re.sub("</?mark>", "", text(client, address))


def test_search_finds_names_former_names_and_bodies_whatever_the_signs(client, ministry):
    make_dated_name(Unit.objects.get(code="office"), name_az="Mərdəkan məktəbi")
    make_external_body(name_en="World police")
    assert "Gəncə şöbəsi" in found(client, "/az/search/?q=gence")
    assert "Gəncə şöbəsi" in found(client, "/az/search/?q=Mardakan")
    assert "Şəxsi Heyət" in found(client, "/az/search/?q=ŞƏXSİ")
    page = found(client, "/en/search/?q=police")
    assert "Police Department" in page
    assert "World police" in page


def test_the_closest_hit_comes_first(client, ministry):
    make_unit(name_en="Transport Police", parent=ministry, code="a")
    main = found(client, "/en/search/?q=police").split("<main")[1]
    assert main.index("Police Department") < main.index("Transport Police")


def test_search_says_when_it_found_more_than_it_shows(client, ministry):
    for number in range(PAGE_SIZE + 1):
        ministry.refresh_from_db()
        make_unit(parent=ministry, name_en=f"Bureau {number}")
    page = found(client, "/en/search/?q=bureau")
    assert page.count('<h2 class="hit-title"><a href="/en/units/') == PAGE_SIZE
    assert "Page 1 of 2" in page


@pytest.mark.parametrize(
    "query",
    ["", " ", "%", '"', "'", "\\", "AND OR NOT", "x" * 10_000, "🙂", "<script>alert(1)</script>",
     "* NEAR(", "İ", "a " * 3000, "\u202e", "..", "1' OR '1'='1"],
)  # fmt: skip
def test_any_search_gets_a_page_that_is_not_indexed(client, ministry, query):
    response = client.get("/en/search/", {"q": query})
    assert response.status_code == 200
    page = response.content.decode()
    assert '<meta name="robots" content="noindex' in page
    assert "<script>alert" not in page
    assert 'rel="canonical"' not in page


def test_queries_of_search_do_not_grow(client, ministry, django_assert_max_num_queries):
    client.get("/en/search/?q=police")
    for _ in range(15):
        ministry.refresh_from_db()
        make_unit(parent=ministry, name_en="Police station")
    with django_assert_max_num_queries(14):
        client.get("/en/search/?q=police")
