"""A text that is put into another language (HTML, XML, addresses, CSV, iCalendar) stays that text.

Records of every kind get codes and texts that mean something in each of those languages; whoever
reads the answer with a reader of that language finds them again as they were written.
"""

import csv
import html
import io
import itertools
import json
import re
import xml.etree.ElementTree as ElementTree

import icalendar
import pytest
import rdflib
from django.urls import reverse
from rdflib import BNode, Literal, Namespace, URIRef
from rdflib.term import _is_valid_uri

from open_data.kinds import KINDS
from open_data.linked.names import Names, iri
from tests.factories import (
    make_dated_name,
    make_dated_superior,
    make_event,
    make_external_body,
    make_link,
    make_observance,
    make_person,
    make_post,
    make_source,
    make_term,
    make_unit,
    make_unit_kind,
)
from units.models import Unit

pytestmark = pytest.mark.django_db

CODES = [
    "A 12", "a#b", "what?x=1&y", "100%", "50%25", "a/b", "Şəki-ə", 'say "no"', "<A-12>", "a\\b",
    "a|b", "{x}", "[1]", "^`", "1+1", "a;b,c:d", "it's", "=1+1",
]  # fmt: skip
TEXT = 'The <A-12> & "B" road; 5 < 6, 100% of a\\b: it\'s &amp; <b>so</b> #1?'
SCHEMA = Namespace("https://schema.org/")
# RFC 3987, with every letter beyond ASCII taken for one that may stand there.
_CHARACTER = r"(?:[A-Za-z0-9._~!$&'()*+,;=:@/?\[\]-]|%[0-9A-Fa-f]{2}|[^\x00-\x9f])"
IRI = re.compile(rf"[a-z][a-z0-9+.-]*:{_CHARACTER}*(?:#{_CHARACTER}*)?")
# Values that are things with a type or an address, in the words of their vocabularies.
THINGS = {
    "schema:mainEntityOfPage", "schema:parentOrganization", "schema:location", "schema:geo",
    "schema:url", "schema:logo", "schema:image", "schema:about", "schema:citation",
    "schema:publisher", "schema:license", "org:subOrganizationOf", "org:classification",
    "org:postIn", "org:member", "org:organization", "org:memberDuring", "org:originalOrganization",
    "org:resultingOrganization", "dcterms:relation", "dcterms:temporal", "time:hasBeginning",
    "time:hasEnd",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _texts_as_written(monkeypatch):
    monkeypatch.setattr(rdflib, "NORMALIZE_LITERALS", False)


@pytest.fixture
def world(db):
    """Every kind of record under each code, with texts of signs, and some with nothing but what
    they must have."""
    plain = make_unit(code="plain", name_az="", summary_az="")
    for number, code in enumerate(CODES):
        texts = {"name_az": TEXT, "name_en": TEXT, "summary_az": TEXT, "summary_en": TEXT}
        titled = {"title_az": TEXT, "title_en": TEXT}
        unit = make_unit(
            code=code, kind=make_unit_kind(code=code), parent=plain, native_name=TEXT,
            website=f"https://example.org/{number}?q={code}", address_en=TEXT, **texts,
        )  # fmt: skip
        body = make_external_body(code=code, website="https://example.org/<a>|b", **texts)
        make_dated_name(unit, code=code, name_en=TEXT, end="1990")
        make_dated_superior(unit, code=code, external_body=body, end="1990")
        person = make_person(code=code, name_variants=f"{TEXT}; {code}", **texts)
        post = make_post(unit, code=code, **titled)
        make_term(post, person, code=code, begin="2001")
        source = make_source(
            code=code, publisher_az=TEXT, publisher_en=TEXT, url="https://x.org/ ^"
        )
        event = make_event(
            code=code, date="1992-07-02", kind="award", place_az=TEXT, place_en=TEXT,
            concerned=[unit, body], **titled, summary_az=TEXT, summary_en=TEXT,
        )  # fmt: skip
        event.sources.add(source)
        make_observance(code=code, unit=unit, origin=event, summary_en=TEXT, **titled)
        make_link(unit, code=code, target=plain)


def body_of(response):
    assert response.status_code == 200
    return b"".join(response) if response.streaming else response.content


def linked(client, address="/open-data/files/all.jsonld"):
    return json.loads(body_of(client.get(address, headers={"accept": "application/ld+json"})))


def values(node, name=None):
    """Yields (name, value) of everything in a JSON document, lists opened."""
    if isinstance(node, dict):
        for key, value in node.items():
            yield key, value
            yield from values(value, key)
    elif isinstance(node, list):
        for one in node:
            yield name, one
            yield from values(one, name)


@pytest.mark.parametrize("content_too", [False, True], ids=["signs", "content"])
def test_linked_data_hold_nothing_empty_and_no_truth_values(client, world, request, content_too):
    if content_too:
        request.getfixturevalue("content")
    found = [
        (name, value)
        for name, value in values(linked(client))
        if value in (None, "", [], {}) or isinstance(value, bool)
    ]
    assert found == []


@pytest.mark.parametrize("content_too", [False, True], ids=["signs", "content"])
def test_what_a_vocabulary_wants_as_a_thing_is_one(client, world, request, content_too):
    if content_too:
        request.getfixturevalue("content")
    for name, value in values(linked(client)):
        if name in THINGS and not isinstance(value, list):
            assert isinstance(value, dict), (name, value)
            assert "@value" not in value, (name, value)
        elif ":" in str(name) and isinstance(value, dict):
            thing = value.get("@type", "") in ("time:Instant", "schema:Role")
            assert thing or "@value" in value, (name, value)


def test_every_address_in_linked_data_is_one(client, world):
    graph = rdflib.Graph().parse(data=json.dumps(linked(client)), format="json-ld")
    places = {node for triple in graph for node in triple if isinstance(node, URIRef)}
    assert len(places) > 10 * len(CODES)
    for place in places:
        assert _is_valid_uri(place), place
        assert IRI.fullmatch(place), place
    graph.serialize(format="turtle")  # rdflib refuses here what is none


def test_a_place_and_a_publisher_are_one_thing_with_a_name_in_each_language(client, world):
    graph = rdflib.Graph().parse(data=json.dumps(linked(client)), format="json-ld")
    events = list(graph.subjects(SCHEMA.citation))
    assert len(events) == len(CODES)
    for predicate, subjects in (
        (SCHEMA.location, events),
        (SCHEMA.publisher, list(graph.subjects(SCHEMA.datePublished | SCHEMA.publisher))),
    ):
        for subject in subjects:
            (thing,) = graph.objects(subject, predicate)
            assert isinstance(thing, BNode)
            assert {one.language for one in graph.objects(thing, SCHEMA.name)} == {"az", "en"}


def test_a_permanent_address_leads_to_the_record_of_its_code(client, world):
    names, reached = Names(base="/"), 0
    for kind, code in itertools.product(KINDS, CODES):
        if kind.public().filter(code=code).exists():
            wanted = {"accept": "application/json"}
            answer = client.get(names(kind.name, code), headers=wanted, follow=True)
            assert json.loads(body_of(answer))["code"] == code
            ((place, _status),) = answer.redirect_chain
            assert IRI.fullmatch(f"http://testserver{place}"), place
            reached += 1
    assert reached == 12 * len(CODES)


@pytest.mark.parametrize(
    ("written", "address"),
    [
        ("https://example.org/a?b=c#d", "https://example.org/a?b=c#d"),
        ("https://[2001:db8::1]:81/", "https://[2001:db8::1]:81/"),
        ("https://nümunə.az/ş", "https://nümunə.az/ş"),
        ("https://example.org/a b", "https://example.org/a%20b"),
        ("https://example.org/%41%4", "https://example.org/%41%254"),
        ("https://example.org/#a#b", "https://example.org/#a%23b"),
        ("https://example.org/[1]?a[]=1", "https://example.org/%5B1%5D?a%5B%5D=1"),
        ('https://example.org/<">{|}\\^`', "https://example.org/%3C%22%3E%7B%7C%7D%5C%5E%60"),
        ("https://example.org/\x7f\x85", "https://example.org/%7F%C2%85"),
    ],
)
def test_an_address_keeps_all_that_may_stand_in_it(written, address):
    assert iri(written) == address
    assert iri(address) == address
    assert IRI.fullmatch(address)


ATOM = "{http://www.w3.org/2005/Atom}"


def atom_text(element):
    """What a reader shows of a text construct (RFC 4287 §3.1.1)."""
    if element.get("type", "text") == "html":
        # A reader takes tags for tags.
        return html.unescape(re.sub(r"<[^>]*>", "", element.text))
    return element.text


@pytest.mark.parametrize("language", ["az", "en"])
def test_feeds_show_the_very_texts(client, world, language):
    unit = Unit.objects.get(code="<A-12>")
    for address in (f"/{language}/news.atom", f"/{language}/units/{unit.slug}/news.atom"):
        feed = ElementTree.fromstring(body_of(client.get(address)))
        entries = feed.findall(f"{ATOM}entry")
        assert entries
        for entry in entries:
            if "plain" in entry.find(f"{ATOM}id").text:
                continue
            assert atom_text(entry.find(f"{ATOM}title")) == TEXT
            assert atom_text(entry.find(f"{ATOM}summary")) == TEXT
        ids = [one.text for one in feed.iter(f"{ATOM}id")]
        assert len(set(ids)) == len(ids)
        for one in [*ids, *(link.get("href") for link in feed.iter(f"{ATOM}link"))]:
            assert IRI.fullmatch(one), one
    assert atom_text(feed.find(f"{ATOM}title")) == TEXT  # of the unit's own feed


def test_the_feed_of_changes_shows_the_very_texts(client, world):
    address = "/en/compare/changes.atom?from=1980&to=2000"
    feed = ElementTree.fromstring(body_of(client.get(address)))
    entries = feed.findall(f"{ATOM}entry")
    assert len(entries) >= len(CODES)
    for entry in entries:
        assert TEXT in atom_text(entry.find(f"{ATOM}title"))
        assert TEXT in atom_text(entry.find(f"{ATOM}summary"))


@pytest.mark.parametrize("host", ["[::1]:8000", "127.0.0.1:8000", "localhost"])
def test_the_identifiers_of_feeds_are_addresses_on_every_host(client, world, host):
    feed = ElementTree.fromstring(body_of(client.get("/en/news.atom", headers={"host": host})))
    for one in feed.iter(f"{ATOM}id"):
        assert re.fullmatch(r"tag:[\w.%-]+,2026:[\w./%~-]+", one.text), one.text


def test_calendars_show_the_very_texts(client, world):
    for address in ("/en/days.ics", "/az/days.ics"):
        calendar = icalendar.Calendar.from_ical(body_of(client.get(address)))
        entries = calendar.walk("VEVENT")
        assert len(entries) == 2 * len(CODES)
        for entry in entries:
            assert str(entry["summary"]) in (TEXT, f"{TEXT} (1992)")
            assert IRI.fullmatch(str(entry["url"]))
            assert TEXT in str(entry["description"]) or address.startswith("/az")


def test_the_calendar_of_one_day_knows_its_own_address(client, world):
    for code in CODES:
        address = reverse("history:day_calendar", args=[code])
        calendar = icalendar.Calendar.from_ical(body_of(client.get(address)))
        assert IRI.fullmatch(str(calendar["source"])), calendar["source"]
        assert client.get(str(calendar["source"])).status_code == 200


def test_the_structure_as_csv_keeps_codes_and_names(client, world):
    rows = list(
        csv.DictReader(io.StringIO(body_of(client.get("/open-data/structure.csv")).decode()))
    )
    found = {row["code"].removeprefix("'"): row for row in rows}
    for code in CODES:
        assert found[code]["name_en"] == TEXT


def test_pages_of_a_unit_name_only_addresses(client, world):
    for code in CODES:
        page = body_of(client.get(Unit.objects.get(code=code).get_absolute_url())).decode()
        found = [
            html.unescape(one)
            for one in re.findall(r'(?:href|action|content)="(https?:[^"]*)"', page)
        ]
        cited = re.findall(r"http://testserver/[^\s<\"]+", html.unescape(page))
        assert len(found) > 3
        for one in [*found, *cited]:
            if "example.org" not in one:  # the unit's own, shown as the editor wrote it
                assert IRI.fullmatch(one), (code, one)


def test_a_page_that_is_not_there_leads_to_itself_in_the_other_language(client, world):
    page = client.get("/en/what%3F/100%25%23/").content.decode()
    assert 'href="/az/what%3F/100%25%23/"' in page


def test_an_address_of_post_stays_whole(client):
    unit = make_unit(code="mia", email="a?b&c%d#e@example.org")
    page = body_of(client.get(unit.get_absolute_url())).decode()
    links = set(re.findall(r'href="(mailto:[^"]*)"', page))
    assert links == {"mailto:a%3Fb%26c%25d%23e@example.org"}


def test_literals_keep_the_text(client, world):
    graph = rdflib.Graph().parse(data=json.dumps(linked(client)), format="json-ld")
    assert Literal(TEXT, lang="en") in set(graph.objects(None, SCHEMA.name))
