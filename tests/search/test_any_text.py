"""Whatever somebody types gets an answer, and every word of a public name finds it."""

import json
import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from publishing.text import fold
from search import query
from search.finding import search, suggest
from search.query import QUERY_LENGTH
from search.spelling import edits
from structure.as_of import AsOf
from tests.extent import examples
from tests.factories import make_dated_name, make_person, make_unit

pytestmark = pytest.mark.django_db

IN_ONE_DATABASE = settings(
    max_examples=examples(60),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
LETTERS = st.text(
    st.sampled_from("abcdefghijkqlmnoprstuvxyzəğıöşüçƏĞIİÖŞÜÇ0123456789 -'’.,№/БакуШ"), max_size=60
)
STRANGE = [
    "", " ", "%", '"', "'", "\\", "AND", "OR NOT", "NEAR(a b)", "a AND", "name:polis", "^polis",
    "-polis", "polis*", "**", "{name} : x", "x" * 10_000, "a " * 3000, "🙂", "🚓🚓", "شرطة",
    "\u202epolis", "..", "1' OR '1'='1", "'; DROP TABLE units_unit; --", "a:*", "a & b | !c",
    "<->", "(", ")", "polis)", "\\'", "E'\\\\'", "北京" * 150, "ﬀ", "İ" * 300, "1e5", "1.5e-3",
    "12-34", "x\ty\nz", "<script>alert(1)</script>", "%s %(a)s {}", "NULL", "\ud800",
]  # fmt: skip


def asked(typed, **options):
    return search(typed, as_of=AsOf(None, None), **options)


@pytest.mark.parametrize("typed", STRANGE)
def test_strange_texts_are_answered(typed):
    make_unit(name_en="Police 1e5")
    make_person(name_en="x")
    assert asked(typed).total >= 0
    assert asked(typed, page=typed, kind=typed).total >= 0
    suggest(typed, AsOf(None, None))


@pytest.mark.parametrize("typed", STRANGE)
def test_and_by_the_pages(client, typed):
    make_unit(name_en="Police")
    for address in ("/en/search/", "/en/search/suggest/"):
        data = dict.fromkeys(("q", "kind", "page", "existing"), typed)
        if "\ud800" in typed:
            continue  # no browser can send it
        response = client.get(address, data)
        assert response.status_code == 200
        assert b"<script>alert" not in response.content


def test_a_null_character_is_refused(client):
    for address in ("/en/search/?q=%00", "/en/search/suggest/?q=%00"):
        assert client.get(address).status_code == 400


@IN_ONE_DATABASE
@given(st.one_of(st.text(max_size=300), LETTERS))
def test_any_text_is_answered(typed):
    asked(typed)
    suggest(typed, AsOf(None, None))


@IN_ONE_DATABASE
@given(LETTERS.filter(fold), LETTERS.filter(fold), st.data())
def test_every_word_of_a_public_name_finds_it(name, former, data):
    unit = make_unit(name_az=name, name_en="")
    make_dated_name(unit, name_az=former, name_en="")
    for text in (name, former):
        word = data.draw(st.sampled_from(fold(text).split()))
        for typed in (word, word.upper(), text):
            found = asked(typed, page_size=1000)
            assert unit in [hit.record for hit in found.hits], typed
            assert not found.any_word
    unit.delete()


@IN_ONE_DATABASE
@given(st.text(max_size=120), LETTERS)
def test_marking_changes_nothing_but_the_marks(text, typed):
    from search import highlighting
    from search.query import Query

    cut = highlighting.pieces(text, Query.of(typed).words)
    assert "".join(piece for piece, _hit in cut) == text
    passage = highlighting.passage(text, Query.of(typed).words, 30)
    assert "".join(t for t, _h in passage).removeprefix("… ").removesuffix(" …") in text


@given(st.text("abc", max_size=6), st.text("abc", max_size=6))
def test_edits_are_counted_as_the_definition_says(one, other):
    def distance(a, b):
        if not a or not b:
            return len(a) + len(b)
        best = min(
            distance(a[1:], b) + 1, distance(a, b[1:]) + 1, distance(a[1:], b[1:]) + (a[0] != b[0])
        )
        if len(a) > 1 and len(b) > 1 and a[:2] == b[1::-1]:
            best = min(best, distance(a[2:], b[2:]) + 1)
        return best

    assert edits(one, other, 2) == min(distance(one, other), 3)


def test_a_query_is_cut_to_what_the_box_takes(client):
    make_unit(name_en="Osprey")
    page = client.get("/en/search/", {"q": "osprey " * 100}).content.decode()
    assert "Osprey" in page.split("<main")[1].replace("<mark>", "").replace("</mark>", "")
    assert len(asked("a" * 500).query) == QUERY_LENGTH


@pytest.mark.parametrize("address", ["/en/", "/en/search/", "/en/no-such-page/"])
def test_every_box_takes_as_much_as_is_read(client, monkeypatch, address):
    monkeypatch.setattr(query, "QUERY_LENGTH", 77)
    page = client.get(address).content.decode()
    boxes = re.findall("<input [^>]*data-suggest[^>]*>", page)
    assert len(boxes) == 2  # that of the header, and one of the page
    assert all('maxlength="77"' in box for box in boxes)


def test_suggestions_are_json_with_links_and_pieces(client):
    make_unit(slug="osprey", name_az="Sahil", name_en="Osprey <b>")
    answer = client.get("/en/search/suggest/?q=ospr")
    assert answer["Content-Type"] == "application/json"
    (hit,) = json.loads(answer.content)["hits"]
    assert hit["url"] == "/en/units/osprey/"
    assert hit["title"] == [["Osprey", True], [" <b>", False]]
    assert json.loads(client.get("/en/search/suggest/").content) == {"hits": []}
    assert client.post("/en/search/suggest/").status_code == 405
