"""A year stays a year in every output for machines."""

import io
import json
import re
import zipfile

import pytest

from tests.factories import (
    make_event,
    make_observance,
    make_person,
    make_post,
    make_term,
    make_unit,
)

# Years that no other text has; each is known no more exactly than it is written.
VAGUE = {"1771": "1771", "1772-03": "1772-03", "1773": "1773~", "1774": "1774/1775", "1776": "1776"}
EXACT = re.compile(r"177[1-6]-\d\d(-\d\d)?")


@pytest.fixture
def vague(db):
    unit = make_unit(code="v", founded="1771", dissolved="1772-03")
    make_event(code="e", date="1773~", after=[unit])
    make_event(code="e2", date="1774/1775", after=[unit])
    make_term(make_post(unit, code="p"), make_person(code="w"), code="t", begin="1776")
    make_observance(code="o", since="1771")
    return unit


def without_bounds(value):
    """A JSON value without the bounds that are there to compare by, and say so."""
    if isinstance(value, list):
        return [without_bounds(one) for one in value]
    if isinstance(value, dict):
        return {
            name: without_bounds(one)
            for name, one in value.items()
            if name not in ("earliest", "latest")
        }
    return value


def exact_dates(text):
    return {found[0] for found in EXACT.finditer(text)} - {"1772-03"}


@pytest.mark.parametrize("kind", ["units", "events", "terms", "observances"])
def test_in_the_api(client, vague, kind):
    page = json.loads(client.get(f"/api/v1/{kind}").content)
    assert "177" in json.dumps(page)
    assert exact_dates(json.dumps(without_bounds(page))) == set()


def test_bounds_are_never_alone(client, vague):
    row = json.loads(client.get("/api/v1/units/v").content)
    assert row["founded"]["edtf"] == "1771"
    assert row["founded"]["precision"] == "year"


@pytest.mark.parametrize(
    "address",
    [
        "/en/units/{slug}/", "/en/history/{event}/", "/en/news.atom", "/az/units/{slug}/news.atom",
        "/open-data/structure.csv?on=1771", "/open-data/structure.json?on=1771",
        "/open-data/files/all.json", "/open-data/files/all.jsonld", "/sitemap-events-1.xml",
    ],
)  # fmt: skip
def test_in_pages_feeds_and_files(client, vague, address):
    from history.models import Event

    event = Event.objects.get(code="e").slug
    response = client.get(address.format(slug=vague.slug, event=event))
    assert response.status_code == 200
    body = b"".join(response) if response.streaming else response.content
    assert exact_dates(body.decode()) == set()


def test_in_linked_data(client, vague):
    for path in ("units/v", "events/e2", "people/w"):
        response = client.get(f"/api/v1/{path}", headers={"accept": "application/ld+json"})
        assert exact_dates(response.content.decode()) == set()


def test_in_tables(client, vague):
    data = b"".join(client.get("/open-data/files/all.zip"))
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        texts = "".join(package.read(name).decode() for name in package.namelist())
    assert exact_dates(texts) == set()
    assert all(text in texts for text in VAGUE.values())
