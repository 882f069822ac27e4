"""Linked data, read as others read it: with rdflib, and without asking any other host."""

import json
import re

import pytest
import rdflib
from rdflib import RDF, XSD, Literal, Namespace, URIRef

from open_data.linked.dates import EDTF, literal
from tests.factories import (
    make_dated_name,
    make_event,
    make_person,
    make_staff,
    make_term,
    make_unit,
)

ORG = Namespace("http://www.w3.org/ns/org#")
SCHEMA = Namespace("https://schema.org/")
TIME = Namespace("http://www.w3.org/2006/time#")
DCTERMS = Namespace("http://purl.org/dc/terms/")
ID = "http://testserver/id/"


@pytest.fixture(autouse=True)
def _texts_as_written(monkeypatch):
    # rdflib would turn the year "1992" into 1992-01-01 in its own copy.
    monkeypatch.setattr(rdflib, "NORMALIZE_LITERALS", False)
    monkeypatch.setattr("urllib.request.urlopen", lambda *a, **k: pytest.fail("asked another host"))


def parsed(text):
    return rdflib.Graph().parse(data=text, format="json-ld")


def of_record(client, path):
    response = client.get(f"/api/v1/{path}", headers={"accept": "application/ld+json"})
    assert response["Content-Type"] == "application/ld+json; charset=utf-8"
    assert "Accept" in response["Vary"]
    return parsed(response.content.decode())


def of_page(client, address):
    html = client.get(address).content.decode()
    scripts = re.findall(r'<script type="application/ld\+json">(.*?)</script>', html, re.DOTALL)
    graph = rdflib.Graph()
    for text in scripts:
        graph.parse(data=text, format="json-ld")
    return graph


def iri(path):
    return URIRef(ID + path)


def test_a_unit_in_the_words_of_schema_org_and_org(client, ministry):
    graph = of_record(client, "units/police")
    unit = iri("units/police")
    assert (unit, RDF.type, SCHEMA.GovernmentOrganization) in graph
    assert (unit, RDF.type, ORG.OrganizationalUnit) in graph
    assert (unit, ORG.subOrganizationOf, iri("units/top")) in graph
    assert (unit, SCHEMA.name, Literal("Polis İdarəsi", lang="az")) in graph
    assert (unit, SCHEMA.foundingDate, Literal("1992", datatype=XSD.gYear)) in graph
    assert (iri("posts/chief"), ORG.postIn, unit) in graph
    top = of_record(client, "units/top")
    assert (iri("units/top"), RDF.type, ORG.FormalOrganization) in top


def test_a_former_name_and_superior_have_their_periods(client, ministry):
    graph = of_record(client, "units/police")
    name = iri("dated_names/police-1")
    assert (iri("units/police"), SCHEMA.alternateName, name) in graph
    assert (name, SCHEMA.alternateName, Literal("Militia", lang="en")) in graph
    period = graph.value(name, DCTERMS.temporal)
    end = graph.value(period, TIME.hasEnd)
    assert graph.value(end, TIME.inXSDgYearMonth) == Literal("2004-06", datatype=XSD.gYearMonth)
    superior = iri("dated_superiors/police-s1")
    assert (superior, SCHEMA.parentOrganization, iri("external_bodies/nkvd")) in graph


def test_a_change_says_what_was_before_and_after(client, ministry):
    graph = of_record(client, "events/split")
    event = iri("events/split")
    assert (event, RDF.type, ORG.ChangeEvent) in graph
    assert set(graph.objects(event, ORG.originalOrganization)) == {iri("units/top")}
    assert set(graph.objects(event, ORG.resultingOrganization)) == {
        iri("units/police"), iri("units/top"),
    }  # fmt: skip
    assert (event, SCHEMA.about, iri("external_bodies/nkvd")) in graph
    assert (event, DCTERMS.date, Literal("1992", datatype=XSD.gYear)) in graph


def test_an_award_changes_no_body(client, ministry):
    make_event(code="award", kind="award", after=[ministry.police])
    graph = of_record(client, "events/award")
    assert (iri("events/award"), RDF.type, ORG.ChangeEvent) not in graph
    assert list(graph.objects(None, ORG.resultingOrganization)) == []
    assert (iri("events/award"), SCHEMA.about, iri("units/police")) in graph


def test_a_membership_has_person_body_and_time(client, ministry):
    graph = of_record(client, "people/eyvazov")
    term = iri("terms/chief-1")
    assert (term, RDF.type, ORG.Membership) in graph
    assert (term, ORG.member, iri("people/eyvazov")) in graph
    assert (term, ORG.organization, iri("units/police")) in graph
    interval = graph.value(term, ORG.memberDuring)
    begin = graph.value(interval, TIME.hasBeginning)
    assert graph.value(begin, TIME.inXSDgYear) == Literal("2019", datatype=XSD.gYear)
    assert graph.value(interval, TIME.hasEnd) is None  # still in office


@pytest.mark.parametrize(
    ("text", "precision", "datatype"),
    [
        ("1992", "year", "xsd:gYear"), ("2004-06", "month", "xsd:gYearMonth"),
        ("1918-05-28", "day", "xsd:date"), ("1840~", "year", EDTF), ("1917-11-13?", "day", EDTF),
        ("184X", "decade", EDTF), ("1957/1961", "period", EDTF), ("1828/", "period", EDTF),
    ],
)  # fmt: skip
def test_a_date_is_no_more_exact_than_it_is_known(text, precision, datatype):
    value = literal({"edtf": text, "precision": precision})
    assert value == {"@value": text, "@type": datatype}


def test_what_is_hidden_is_linked_from_nowhere(client, ministry):
    hidden = make_unit(code="hidden", status="draft", name_en="Hidden")
    make_event(code="h-event", status="draft", after=[ministry.police])
    make_event(code="h-part", after=[ministry.police, hidden])
    make_term(ministry.post, make_person(code="h-person", status="draft"), begin="1990")
    for path in ("units/police", "events/h-part", "posts/chief"):
        text = of_record(client, path).serialize(format="nt")
        for code in ("units/hidden", "events/h-event", "people/h-person"):
            assert code not in text, (path, code)


def pages_of(ministry):
    return {
        "/en/": "units/top",
        ministry.police.get_absolute_url(): "units/police",
        ministry.body.get_absolute_url(): "external_bodies/nkvd",
        ministry.person.get_absolute_url(): "people/eyvazov",
        ministry.event.get_absolute_url(): "events/split",
    }


def test_pages_say_in_their_head_what_they_are_about(client, ministry):
    for address, path in pages_of(ministry).items():
        graph = of_page(client, address)
        assert (iri(path), RDF.type, None) in graph, address


def test_no_text_ends_the_block_of_data(client, ministry):
    hostile = "</script><script>alert(1)</script><!-- &amp; "
    type(ministry.police).objects.filter(code="police").update(
        name_en=hostile, name_az=hostile, summary_en=hostile
    )
    html = client.get(ministry.police.get_absolute_url()).content.decode()
    start = html.index('<script type="application/ld+json">')
    block = html[start : html.index("</script>", start)]
    assert "alert" in block
    assert "<" not in block[1:]
    assert (iri("units/police"), SCHEMA.name, Literal(hostile, lang="en")) in of_page(
        client, ministry.police.get_absolute_url()
    )


def test_a_draft_that_its_editor_looks_at_is_not_described(client, ministry):
    draft = make_unit(status="draft")
    client.force_login(make_staff())
    response = client.get(draft.get_absolute_url())
    assert response.status_code == 200
    assert b"application/ld+json" not in response.content


def test_the_content_of_the_site_can_be_read_whole(client, content):
    response = client.get("/open-data/files/all.jsonld")
    graph = parsed(b"".join(response).decode())
    assert len(set(graph.subjects(RDF.type, ORG.ChangeEvent))) >= 10
    assert len(set(graph.subjects(RDF.type, SCHEMA.GovernmentOrganization))) >= 45
    for instant in graph.subjects(RDF.type, TIME.Instant):
        assert len(list(graph.predicate_objects(instant))) == 2


def test_codes_with_signs_of_addresses_stay_one_iri(client, ministry):
    unit = make_unit(code="a/b ş", parent=ministry.top)
    make_dated_name(unit)
    graph = of_record(client, "units/a%2Fb%20%C5%9F")
    assert (iri("units/a%2Fb%20%C5%9F"), SCHEMA.identifier, Literal("a/b ş")) in graph
    assert json.loads(client.get("/api/v1/units/a%2Fb%20%C5%9F").content)["code"] == "a/b ş"
