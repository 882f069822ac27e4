"""Feeds, site map, robots.txt, words for other sites: valid, complete, and without drafts."""

import re
import xml.etree.ElementTree as ElementTree
from datetime import timedelta

import pytest
from django.utils import timezone

from open_data import sitemap
from tests.factories import make_event, make_unit
from units.models import Unit

ATOM = "{http://www.w3.org/2005/Atom}"
MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
LINK = "{http://www.w3.org/1999/xhtml}link"


def xml(client, address):
    response = client.get(address)
    assert response.status_code == 200, address
    body = b"".join(response) if response.streaming else response.content
    return ElementTree.fromstring(body)


@pytest.mark.parametrize("language", ["az", "en"])
def test_the_news_are_valid_atom(client, ministry, language):
    feed = xml(client, f"/{language}/news.atom")
    assert feed.get("{http://www.w3.org/XML/1998/namespace}lang") == language
    for name in ("title", "id", "updated", "author"):
        assert feed.find(f"{ATOM}{name}") is not None
    assert feed.find(f"{ATOM}link[@rel='self']").get("href").startswith("http://testserver/")
    entries = feed.findall(f"{ATOM}entry")
    ids = [entry.find(f"{ATOM}id").text for entry in entries]
    assert sorted(ids) == [
        "tag:testserver,2026:events/split",
        "tag:testserver,2026:units/police",
        "tag:testserver,2026:units/top",
    ]
    for entry in entries:
        for name in ("title", "updated", "link"):
            assert entry.find(f"{ATOM}{name}") is not None


def test_the_latest_change_comes_first(client, ministry):
    make_event(code="new", title_en="New")
    Unit.objects.filter(code="top").update(updated_at=timezone.now() + timedelta(seconds=9))
    titles = [one.text for one in xml(client, "/en/news.atom").iter(f"{ATOM}title")]
    assert titles[1:3] == ["Ministry", "New"]


def test_a_unit_has_a_feed_of_its_own(client, ministry):
    make_event(code="elsewhere", after=[ministry.top])
    feed = xml(client, f"/en/units/{ministry.police.slug}/news.atom")
    ids = [one.text for one in feed.iter(f"{ATOM}id")][1:]
    assert sorted(ids) == ["tag:testserver,2026:events/split", "tag:testserver,2026:units/police"]
    page = client.get(f"/en/units/{ministry.police.slug}/").content.decode()
    assert f'href="/en/units/{ministry.police.slug}/news.atom"' in page
    assert 'href="/en/news.atom"' in page


def test_identifiers_stay_when_the_address_changes(client, ministry):
    Unit.objects.filter(code="police").update(slug="new-address")
    feed = xml(client, "/en/units/new-address/news.atom")
    assert "tag:testserver,2026:units/police" in [one.text for one in feed.iter(f"{ATOM}id")]


def test_drafts_are_in_no_feed_and_no_site_map(client, ministry):
    draft = make_unit(slug="gizli", name_en="Gizli", status="draft")
    make_event(slug="gizli-e", title_en="Gizli", status="archived", after=[ministry.police])
    make_event(
        slug="gizli-s", title_en="Gizli", after=[ministry.police],
        publish_at=timezone.now() + timedelta(hours=1),
    )  # fmt: skip
    assert client.get(f"/en/units/{draft.slug}/news.atom").status_code == 404
    for address in (
        "/en/news.atom", f"/en/units/{ministry.police.slug}/news.atom", "/sitemap-units-1.xml",
        "/sitemap-events-1.xml",
    ):  # fmt: skip
        response = client.get(address)
        body = b"".join(response) if response.streaming else response.content
        assert b"gizli" not in body.lower(), address


def test_a_feed_that_has_not_changed_is_not_sent_again(client, ministry):
    first = client.get("/en/news.atom")
    assert first["Content-Type"] == "application/atom+xml; charset=utf-8"
    again = client.get("/en/news.atom", headers={"if-none-match": first["ETag"]})
    assert again.status_code == 304


def test_the_site_map_leads_to_every_page_in_every_language(client, content):
    parts = [one.text for one in xml(client, "/sitemap.xml").iter(f"{MAP}loc")]
    found = {}
    for part in parts:
        for url in xml(client, part).findall(f"{MAP}url"):
            found[url.find(f"{MAP}loc").text] = url
    assert len(found) > 150
    for address, url in found.items():
        others = {link.get("hreflang"): link.get("href") for link in url.findall(LINK)}
        assert set(others) == {"az", "en", "x-default"}
        assert others["x-default"] == others["az"]
        assert address in others.values()
        assert set(others.values()) <= set(found)
    unit = found["http://testserver/az/units/ministry/"]
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT.*\+00:00", unit.find(f"{MAP}lastmod").text)
    for address in sorted(found)[::15]:
        assert client.get(address).status_code == 200, address


def test_a_large_site_map_comes_in_parts(client, ministry, monkeypatch):
    monkeypatch.setattr(sitemap, "PART", 1)
    parts = [one.text for one in xml(client, "/sitemap.xml").iter(f"{MAP}loc")]
    assert [part for part in parts if "units" in part] == [
        "http://testserver/sitemap-units-1.xml", "http://testserver/sitemap-units-2.xml",
    ]  # fmt: skip
    assert len(xml(client, "/sitemap-units-2.xml")) == 2  # one page in two languages
    for missing in ("units-3", "units-0", "colours-1", "lists-2", "units-99999999999999999999"):
        assert client.get(f"/sitemap-{missing}.xml").status_code == 404


def test_robots_are_told_what_to_leave_alone(client, db):
    text = client.get("/robots.txt").content.decode()
    assert "Sitemap: http://testserver/sitemap.xml" in text
    assert "Disallow: /admin/\n" in text
    # These say noindex, which a robot has to fetch: tests/public/test_search_engines.
    for path in ("/az/search/", "/en/search/", "/preferences/", "/accounts/"):
        assert path not in text


def test_pages_introduce_themselves_to_other_sites(client, ministry):
    Unit.objects.filter(code="police").update(
        name_en='"Quoted" <b> & more', summary_en="It polices."
    )
    page = client.get(f"/en/units/{ministry.police.slug}/").content.decode()
    said = dict(re.findall(r'<meta property="([a-z:_]+)" content="([^"]*)">', page))
    assert said["og:title"] == "&quot;Quoted&quot; &lt;b&gt; &amp; more"
    assert said["og:description"] == "It polices."
    assert said["og:url"] == f"http://testserver/en/units/{ministry.police.slug}/"
    assert (said["og:locale"], said["og:locale:alternate"]) == ("en_GB", "az_AZ")
    assert said["og:type"] == "website"


def test_people_find_all_sections_on_one_page(client, content):
    page = client.get("/en/site-map/").content.decode()
    for path in ("structure", "history", "leadership", "search", "open-data", "open-data/api"):
        assert f'href="/en/{path}/"' in page
