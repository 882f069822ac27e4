"""The page and its files: right words, both sides, links of their dates, any question answered."""

import csv
import io
import json
from xml.etree import ElementTree

import pytest

from history.comparison import views
from history.comparison.difference import Change, UnitState
from history.models import Event
from tests.compare.applying import applied
from tests.factories import (
    make_dated_name,
    make_dated_superior,
    make_event,
    make_person,
    make_post,
    make_staff,
    make_term,
    make_unit,
)

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"
FILES = ("changes.csv", "changes.json", "changes.atom")


@pytest.fixture
def read(client):
    def _read(query="", status=200, name="", language="en"):
        response = client.get(f"/{language}/compare/{name}{query}")
        assert response.status_code == status
        return (b"".join(response) if response.streaming else response.content).decode()

    return _read


@pytest.fixture
def institution():
    """A police renamed in 1950, moved in 1955, led anew in 1960; a school founded in 1952."""
    top = make_unit(code="top", slug="top", name_en="Ministry", name_az="Nazirlik", founded="1900")
    police = make_unit(code="police", slug="police", name_en="Police", parent=top, founded="1900")
    school = make_unit(
        code="school", slug="school", name_en="School", parent=police, founded="1952"
    )
    make_dated_name(police, name_en="Militia", name_az="Milis", begin="1900", end="1950")
    make_dated_superior(police, parent=make_unit(code="old", slug="old", name_en="Old top",
                       founded="1890"), begin="1900", end="1955")  # fmt: skip
    post = make_post(police)
    make_term(post, make_person(slug="first", name_en="First"), begin="1930", end="1960")
    make_term(post, make_person(slug="second", name_en="Second"), begin="1960")
    make_event(slug="opening", title_en="Opening", date="1952", kind="founding", after=[school])
    return top


def test_both_sides_stand_with_their_dates_and_links(read, institution):
    page = read("?from=1940&to=1970")
    main = page[page.index("<main") : page.index("</main>")]
    for words in (
        'href="/en/units/police/?on=1940">Militia</a>',
        'href="/en/units/police/?on=1970">Police</a>',
        'href="/en/units/old/?on=1940">Old top</a>', 'href="/en/units/top/?on=1970">Ministry</a>',
        'href="/en/people/first/?on=1940">First</a>',
        'href="/en/people/second/?on=1970">Second</a>',
        'href="/en/units/school/?on=1970">School</a>', 'href="/en/history/opening/">Opening</a>',
        "not there",
    ):  # fmt: skip
        assert words in main, words
    assert "On 1940" not in main


def test_a_successor_stands_beside_what_it_replaced(read):
    old = make_unit(name_en="College", slug="college", founded="1921", dissolved="1992-05-23")
    new = make_unit(name_en="Academy", slug="academy", founded="1992-05-23")
    make_event(
        title_en="Decree", slug="decree", date="1992-05-23", kind="reorganisation",
        before=[old], after=[new],
    )  # fmt: skip
    page = read("?from=1991&to=1993")
    ended = page[page.index('id="kind-abolished"') :]
    assert 'href="/en/history/decree/">Decree</a>' in ended
    assert 'href="/en/units/academy/?on=1993">Academy</a>' in ended
    assert 'href="/en/units/college/?on=1991">College</a>' in ended


def test_counts_stand_on_top_and_lead_to_their_kind(read, institution):
    page = read("?from=1940&to=1970")
    assert 'href="?from=1940&amp;to=1970&amp;kind=moved"' in page
    moved = read("?from=1940&to=1970&kind=moved")
    assert 'id="kind-moved"' in moved
    assert 'id="kind-renamed"' not in moved


def test_the_possible_is_marked(read):
    make_unit(name_en="Vague", founded="1935/1965")
    page = read("?from=1930&to=1960")
    assert 'class="compared is-possible"' in page
    assert "perhaps 1 more" in page
    make_unit(name_en="Sure", founded="1950")
    assert read("?from=1930&to=1960").count('class="compared is-possible"') == 1


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("?from=x&to=1990", "One of the dates could not be read"),
        ("?from=1990-02-30&to=", "There is no day 30"),
        ("?from=1990&to=1990", "Both dates are the same"),
        ("?from=&to=", "Both dates are the same"),
        ("?from=today&to=", "Both dates are the same"),
        ("?from=1990&to=1940", "put in the order of time"),
        ("?from=1990&to=199X", "The two times overlap"),
        ("?from=nonsense&to=2999", "could not be read"),
        ("?from=1990&to=2000&kind=wild", "There is no such kind of change."),
        ("?from=1990&to=2000&branch=nobody", "There is no such unit."),
        ("?from=1801&to=1802", "No change is known between these dates."),
        ("", "Both dates are the same"),
    ],
)
def test_every_question_gets_a_sentence(read, query, words):
    assert words in read(query)


WILD = (
    "\x01", "İ" * 300, "1/1/1/1", "-1", "../..", "9999", "0001", "../1991", "1991/", "%F0%9F",
    "<b>", "{{x}}", "1991&page=x",
)  # fmt: skip


@pytest.mark.parametrize("text", WILD)
def test_no_text_breaks_it(client, institution, text):
    for name in ("", *FILES):
        for query in ({"from": text, "to": "1990"}, {"from": "1950", "to": text},
                      {"from": "1950", "to": "1990", "kind": text, "branch": text}):  # fmt: skip
            response = client.get(f"/en/compare/{name}", query)
            assert response.status_code in (200, 400)
            assert b"<b>" not in (b"".join(response) if response.streaming else response.content)


def test_reversed_dates_tell_the_same(read, institution):
    assert json.loads(read("?from=1970&to=1940", name="changes.json")) == json.loads(
        read("?from=1940&to=1970", name="changes.json")
    )


def test_without_a_question_the_milestones_ask_one(read):
    for year in ("1840", "1918", "1991-10-18", "1992", "2020/"):
        make_event(date=year, weight=3)
    page = read()
    assert 'name="from" value="1991"' in page
    assert 'name="to" value="2020"' in page
    assert '<a href="?from=1918&amp;to=1991">1918–1991</a>' in page
    Event.objects.exclude(date__in=["1840", "1918"]).delete()
    assert 'name="from" value="1840"' in read()


def test_many_changes_stand_in_pages(read, monkeypatch):
    monkeypatch.setattr(views, "ENTRIES_PER_PAGE", 4)
    monkeypatch.setattr(views, "ENTRIES_PER_FEED", 4)
    for number in range(10):
        make_unit(name_en=f"Number {number}.", founded=str(1950 + number))
    page = read("?from=1940&to=1970")
    assert "Number 3." in page
    assert "Number 4." not in page
    assert "Page 1 of 3" in page
    assert '<span class="compare-number">10</span>' in page
    assert "Number 9." in read("?from=1940&to=1970&page=3")
    assert "Number 9." in read("?from=1940&to=1970&page=99999")
    feed = ElementTree.fromstring(read("?from=1940&to=1970&page=2", name="changes.atom"))
    assert len(feed.findall(f"{ATOM}entry")) == 4
    links = {link.get("rel"): link.get("href") for link in feed.findall(f"{ATOM}link")}
    assert links["next"].endswith("?from=1940&to=1970&page=3")
    assert links["previous"].endswith("?from=1940&to=1970")
    assert len(json.loads(read("?from=1940&to=1970", name="changes.json"))["changes"]) == 10


def state_of(row):
    """The UnitState of a row of the JSON file, its lists as tuples."""
    if row is None:
        return None
    lists = {name: tuple(map(str, row[name])) for name in ("names", "superiors", "heads")}
    return UnitState(**row | lists)


def test_the_json_leads_from_one_date_to_the_other(read, institution):
    found = json.loads(read("?from=1940&to=1970", name="changes.json"))
    assert (found["from"], found["to"]) == ("1940", "1970")
    assert found["counts"]["renamed"] == {"certain": 1, "possible": 0}
    assert {(row["kind"], row["code"]) for row in found["changes"]} == {
        ("founded", "school"), ("renamed", "police"), ("moved", "police"), ("heads", "police"),
    }  # fmt: skip
    changes = {
        row["code"]: Change(row["code"], state_of(row["before"]), state_of(row["after"]))
        for row in found["changes"]
    }
    first = {code: change.before for code, change in changes.items() if change.before}
    after = applied(first, changes.values())
    assert after["school"].founded == "1952"
    assert "Police" in after["police"].names[0]


def test_the_csv_has_a_line_for_each_change(read, institution):
    rows = list(csv.DictReader(io.StringIO(read("?from=1940&to=1970", name="changes.csv"))))
    assert len(rows) == 4
    renamed = next(row for row in rows if row["kind"] == "renamed")
    assert renamed["before"] == "Militia, 1900–1950"
    assert renamed["after"] == "Police, since 1950"
    assert renamed["address"] == "http://testserver/en/units/police/"


def test_no_cell_is_a_formula(read):
    make_unit(code="=cmd", name_en="=1+1", name_az="@x", founded="1950")
    row = next(csv.DictReader(io.StringIO(read("?from=1940&to=1970", name="changes.csv"))))
    assert (row["code"], row["name_en"], row["name_az"]) == ("'=cmd", "'=1+1", "'@x")


def test_the_feed_is_whole_and_its_identifiers_stay(read, institution):
    def identifiers(language="en"):
        feed = ElementTree.fromstring(
            read("?from=1940&to=1970", name="changes.atom", language=language)
        )
        for tag in ("id", "title", "updated", "author"):
            assert feed.find(ATOM + tag) is not None
        return [entry.find(f"{ATOM}id").text for entry in feed.findall(f"{ATOM}entry")]

    first = identifiers()
    assert len(set(first)) == 4
    institution.name_en = "Renamed on the site"
    institution.save()
    assert identifiers() == first
    assert not set(identifiers("az")) & set(first)


def test_machines_are_told_what_is_wrong_with_a_question(read):
    for name in FILES:
        assert "There is no day 30" in read("?from=1990-02-30&to=1990", 400, name)
        assert "same" in read("?from=1990&to=1990", 400, name)


def test_drafts_are_on_no_page_and_in_no_file(read, client):
    make_unit(name_en="Gizlin", founded="1950", slug="gizlin", status="draft")
    unit = make_unit(name_en="Open", founded="1950")
    make_event(title_en="Gizlin event", date="1950", kind="founding", after=[unit], status="draft")
    for name in ("", *FILES):
        assert "Gizlin" not in read("?from=1940&to=1970", name=name)
    assert "There is no such unit." in read("?from=1940&to=1970&branch=gizlin")
    client.force_login(make_staff())
    assert "Gizlin" in read("?from=1940&to=1970")


def test_a_unit_named_in_one_language_says_which(read):
    make_unit(name_en="", name_az="Yalnız azərbaycanca", founded="1950")
    assert 'lang="az">Yalnız azərbaycanca</a>' in read("?from=1940&to=1970")


def test_the_page_costs_the_same_however_much_changed(
    client, django_assert_max_num_queries, institution
):
    for _number in range(20):
        unit = make_unit(parent=institution, founded="1945")
        make_dated_name(unit, begin="1900", end="1950")
        make_dated_superior(unit, parent=institution, begin="1900", end="1950")
        make_term(make_post(unit), make_person(), begin="1950")
        make_event(date="1945", kind="founding", after=[unit], weight=3)
    client.get("/en/compare/?from=1940&to=1970")
    with django_assert_max_num_queries(45):
        client.get("/en/compare/?from=1940&to=1970")
    with django_assert_max_num_queries(45):
        client.get("/en/compare/?from=1940&to=1970&branch=top")
