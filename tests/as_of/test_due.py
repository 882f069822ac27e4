"""From the first second of its day what was to come is told by every page, though nothing ran."""

import difflib
import json
import re

import pytest
from django.test import Client

from tests.as_of.test_turn_over import MIDNIGHT, NEW_YEAR, SECOND, at, move_to_come, to_come
from tests.factories import make_person, make_post, make_term, make_unit
from units.turn_over import turn_over

pytestmark = pytest.mark.django_db


@pytest.fixture(params=[False, True], ids=["hidden", "announced"])
def world(request, settings):
    """Two units change their names, one of them twice since; one moves, one leaves the top, one
    goes there, and two change places."""
    settings.INSTITUTION = "root"  # else it is found by the numbers of the stored tree
    said = {"announced": request.param}
    root = make_unit(code="root", slug="root", founded="1918", name_en="Ministry", name_az="Nazir")
    other = make_unit(code="other", slug="other", founded="1920", parent=root, name_en="Other")
    police = make_unit(
        code="police", slug="police", founded="1930", parent=root, name_az="Polis",
        name_en="Police", abbreviation_en="POL", native_name="Polis idarəsi",
    )  # fmt: skip
    make_unit(code="station", slug="station", founded="1931", parent=police, name_en="Station")
    fire = make_unit(code="fire", slug="fire", founded="1930", parent=other, name_en="Fire office")
    a = make_unit(code="a", slug="a", founded="1930", parent=root, name_en="Upper")
    b = make_unit(code="b", slug="b", founded="1930", parent=a, name_en="Lower")
    free = make_unit(code="free", slug="free", founded="1930", name_en="Free", name_az="Azad")
    make_term(make_post(police, title_en="Chief"), make_person(name_en="The Chief"), begin="2020")
    to_come(
        police, name_en="Zeppelin squadron", name_az="Zeplin dəstəsi", abbreviation_en="ZZ", **said
    )
    move_to_come(police, other, **said)
    to_come(fire, "2026-12-31", name_en="Kindled", name_az="Odlu", **said)
    to_come(fire, code="fire-name-2", name_en="Quenched", name_az="Sönmüş", **said)
    draft = make_unit(code="draft", name_en="Secret", status="draft", parent=root)
    to_come(draft, name_en="Zeppelin secret", name_az="Sirr", **said)
    move_to_come(draft, other, **said)
    move_to_come(a, b, **said)
    move_to_come(b, root, **said)
    move_to_come(other, **said)
    move_to_come(free, root, **said)
    return said


def body(path, **query):
    answer = Client().get(path, query)
    assert answer.status_code == 200, path
    return (b"".join(answer) if answer.streaming else answer.content).decode()


# What a page says of itself, which the turn-over changes too.
_OWN = re.compile(r'(?s)<time datetime="[^"]*">[^<]*</time> · |csrf[^>]*>|nonce="[^"]*"')

PAGES = [
    *(f"/{language}/{path}" for language in ("en", "az") for path in (
        "", "structure/", "structure/?branch=other", "structure/?branch=root",
        "structure/?q=zeppelin", "structure/chart/", "structure/chart.svg?branch=other",
        "units/", "units/?former=1", "leadership/", "site-map/",
        *(f"units/{slug}/" for slug in (
            "root", "other", "police", "station", "fire", "a", "b", "free")),
        *(f"search/?q={words}" for words in (
            "zeppelin+squadron", "police", "polis", "quenched", "kindled", "fire+office", "zz",
            "pol", "zepelin+squadron", "zeppelin+nothing")),
    )),
    "/open-data/structure.csv", "/open-data/structure.json",
    f"/open-data/structure.csv?on={NEW_YEAR}",
]  # fmt: skip


def told():
    """``{address: what it says}``."""
    found = {path: _OWN.sub("", body(path)) for path in PAGES}
    for row in json.loads(body("/api/v1/units", on=NEW_YEAR))["results"]:
        del row["updated_at"], row["order"]
        found["API", row["code"]] = row
    for row in json.loads(body("/api/v1/units"))["results"]:
        found["names", row["code"]] = row["names"], row["superiors"]
    return found


def test_every_page_says_at_once_what_it_says_after_the_turn_over(world):
    with at(MIDNIGHT):
        before = told()
        assert turn_over().rows == 10
        after = told()
    both = before, after
    differing = {
        address: list(difflib.unified_diff(*(str(one[address]).split("\n") for one in both), n=0))
        for address in before
        if before[address] != after[address]
    }
    assert differing == {}
    assert not [path for path in PAGES if re.search("Secret|Zeppelin secret|Sirr", before[path])]


def test_a_second_before_midnight_nothing_has_changed(world):
    with at(MIDNIGHT - SECOND):
        turn_over()  # the name of the last day of the year
        police = body("/en/units/police/")
        assert "<h1>Police</h1>" in police
        assert 'href="/en/units/root/">Ministry' in police
        found = body("/en/search/", q="zeppelin squadron")
        assert ("/en/units/police/" in found) == world["announced"]
        row = json.loads(body("/api/v1/units/police", on="2026-12-31"))
        assert (row["name_en"], row["parent"]) == ("Police", "root")
    with at(MIDNIGHT):
        assert "<h1>Zeppelin squadron</h1>" in body("/en/units/police/")
        row = json.loads(body("/api/v1/units/police"))
        assert (row["name_en"], row["parent"]) == ("Police", "root")  # the stored row
