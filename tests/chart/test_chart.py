"""The chart says what the list says, for any branch and date, bounded, and leaks nothing."""

import re
from xml.etree import ElementTree

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories import make_dated_name, make_dated_superior, make_unit
from units.models import Unit

pytestmark = pytest.mark.django_db


@pytest.fixture
def ministry():
    top = make_unit(code="top", slug="top", name_az="Nazirlik", name_en="Ministry")
    for number in range(3):
        branch = make_unit(
            code=f"d{number}", slug=f"d{number}", name_en=f"Department {number}", parent=top,
            order=number,
        )  # fmt: skip
        for below in range(2):
            make_unit(
                code=f"o{number}-{below}", slug=f"o{number}-{below}", parent=branch,
                name_en=f"Office {number}-{below}", order=below,
            )  # fmt: skip
    return top


@pytest.fixture
def read(client):
    def _read(query="", page="structure/chart/", status=200):
        answer = client.get(f"/en/{page}{query}")
        assert answer.status_code == status
        return answer.content.decode()

    return _read


def drawing(page):
    return re.search(r'<svg class="drawing.*?</svg>', page, re.S)[0]


def listed(page):
    return re.search(r'<ul class="chart-list">.*?</section>', page, re.S)[0]


def unit_links(text):
    return re.findall(r'href="(/en/units/[^"]+)"', text)


def test_drawing_and_list_lead_to_the_same_units_in_the_same_order(read, ministry):
    page = read()
    assert len(unit_links(drawing(page))) == 10
    assert unit_links(drawing(page)) == unit_links(listed(page))


def test_a_branch_is_drawn_on_its_own(read, ministry):
    page = read("?branch=d1")
    assert len(unit_links(drawing(page))) == 3
    assert "Department 0" not in drawing(page)
    read("?branch=nowhere", status=404)


def test_levels_are_cut_where_asked_and_lead_on(read, ministry):
    page = read("?levels=1")
    assert len(unit_links(drawing(page))) == 4
    assert drawing(page).count("2 units below") == 3
    assert 'href="/en/structure/chart/?branch=d0"' in drawing(page)
    assert 'href="/en/structure/chart/?branch=d0"' in listed(page)


@pytest.mark.parametrize(("levels", "drawn"), [(1, 4), (2, 10), (3, 11), (4, 12), (5, 12)])
def test_as_many_levels_as_asked_for_are_drawn(read, ministry, levels, drawn):
    office = Unit.objects.get(code="o0-0")
    desk = make_unit(code="desk", slug="desk", parent=office, name_en="Desk")
    make_unit(code="clerk", slug="clerk", parent=desk, name_en="Clerk")
    page = read(f"?levels={levels}")
    assert len(unit_links(drawing(page))) == drawn
    assert unit_links(drawing(page)) == unit_links(listed(page))
    assert (" below" in drawing(page)) == (drawn < 12)


@pytest.mark.parametrize(("levels", "drawn"), [(1, 2), (2, 5), (3, 11)])
def test_several_tops_are_the_first_level_of_those_asked_for(read, ministry, levels, drawn):
    make_unit(code="other", slug="other", name_en="Other", order=1)
    assert len(unit_links(drawing(read(f"?levels={levels}")))) == drawn


def test_what_possibly_existed_below_the_last_level_is_cut_with_the_rest(read, ministry):
    Unit.objects.exclude(code__startswith="o").update(founded="1900")
    squeezed = re.sub(r"<[^>]+>", "", drawing(read("?on=1935&levels=2")))
    assert "it is not known whether" in squeezed
    page = read("?on=1935&levels=1")
    assert len(unit_links(drawing(page))) == 4
    assert drawing(page).count("2 units below") == 3
    assert "it is not known whether" not in re.sub(r"<[^>]+>", "", drawing(page))


@pytest.mark.parametrize("query", ["?levels=x", "?levels=0", "?levels=99", "?page=x", "?paper=a9"])
def test_what_cannot_be_asked_is_passed_over(read, ministry, query):
    assert len(unit_links(drawing(read(query)))) == 10


def test_the_past_is_drawn_with_its_names_and_places(read, ministry):
    office, other = Unit.objects.get(code="o0-0"), Unit.objects.get(code="d2")
    Unit.objects.update(founded="1900")
    make_dated_name(office, name_en="Guard", begin="1900", end="1950")
    make_dated_superior(office, parent=other, begin="1900", end="1950")
    page = read("?on=1930&branch=d2")
    assert "Guard" in drawing(page)
    assert 'href="/en/units/o0-0/?on=1930"' in drawing(page)
    assert all(one.endswith("?on=1930") for one in unit_links(page[page.index("<main") :]))
    assert "Guard" not in read("?branch=d2")


def test_what_existed_only_possibly_is_put_aside_and_counted_in_both(read, ministry):
    Unit.objects.exclude(code__startswith="o").update(founded="1900")
    Unit.objects.filter(code="d2").update(founded="193X")
    page = read("?on=1935")
    assert unit_links(drawing(page)) == unit_links(listed(page))
    assert len(unit_links(drawing(page))) == 3
    words = "Of 2 units it is not known whether they existed then"
    squeezed = re.sub(r"<[^>]+>", "", drawing(page))
    assert squeezed.count(words) == listed(page).count(words) == 2
    one = "Of 1 unit it is not known whether it existed then"
    assert one in squeezed
    assert one in listed(page)
    assert "/en/structure/?branch=d0&amp;on=1935" in drawing(page)


def test_what_existed_possibly_is_marked_where_it_is_asked_for(read, ministry):
    Unit.objects.filter(code="d2").update(founded="193X")
    page = read("?on=1935&branch=d2")
    assert "possibly existed" in drawing(page)
    assert "possibly existed" in listed(page)


def test_a_branch_that_did_not_exist_says_so(read, ministry):
    Unit.objects.filter(code="d2").update(founded="1950")
    assert "did not exist on this date" in read("?on=1935&branch=d2")


def test_hidden_units_are_in_neither(read, ministry):
    make_unit(parent=ministry, status="draft", name_en="Gizlinxyz", name_az="Gizlinxyz", slug="hid")
    for query in ("", "?levels=1", "?on=1950"):
        assert "Gizlinxyz" not in read(query)
        assert "Gizlinxyz" not in read(query, page="structure/chart.svg")
    read("?branch=hid", status=404)
    read("?branch=hid", page="structure/chart.svg", status=404)


def test_the_file_stands_alone(client, ministry):
    answer = client.get("/en/structure/chart.svg?branch=top&on=1930")
    assert answer["Content-Type"] == "image/svg+xml"
    assert answer["Content-Disposition"] == 'attachment; filename="top-1930.svg"'
    text = answer.content.decode()
    root = ElementTree.fromstring(text)
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert "style" not in text
    assert "State of 1930" in text
    for link in root.iter("{http://www.w3.org/2000/svg}a"):
        assert link.get("href").startswith("http://testserver/en/")


def test_names_cannot_break_out_of_the_drawing(client, ministry):
    make_unit(parent=ministry, name_en="</text><script>alert(1)</script>&\"'", slug="evil")
    page = client.get("/en/structure/chart/").content.decode()
    assert "<script>alert" not in page
    ElementTree.fromstring(client.get("/en/structure/chart.svg").content)


def test_numbers_are_written_for_machines_in_every_language(client, ministry):
    for number in range(20):
        make_unit(parent=ministry, name_az="Uzun adlı bir idarə " * 9, order=10 + number)
    svg = drawing(client.get("/az/structure/chart/").content.decode())
    places = re.findall(r' (?:viewBox|width|height|transform|x|y)="([^"]*)"', svg)
    assert max(float(one) for value in places for one in re.findall(r"[\d.]+", value)) > 1000
    for value in places:
        assert re.fullmatch(r"(translate\()?-?\d+(\.\d+)?( -?\d+(\.\d+)?)*\)?", value), value


def test_very_many_units_are_drawn_in_pages_and_said_so(client, ministry, monkeypatch):
    monkeypatch.setattr("structure.chart.BOXES", 2)
    page = client.get("/en/structure/chart/").content.decode()
    assert len(unit_links(drawing(page))) == 3
    assert "Page 1 of 2" in page
    assert "3 drawn" in page
    second = client.get("/en/structure/chart/?page=2").content.decode()
    assert "Department 2" in drawing(second)


def test_asked_for_more_levels_than_fit_says_so(client, ministry, monkeypatch):
    monkeypatch.setattr("structure.chart.BOXES", 6)
    page = client.get("/en/structure/chart/?levels=2").content.decode()
    assert "So many levels do not fit" in page
    assert "So many levels" not in client.get("/en/structure/chart/").content.decode()


@pytest.mark.parametrize("levels", [1, 2, 3])
def test_levels_that_fit_are_not_said_not_to_fit(read, ministry, levels):
    assert "So many levels" not in read(f"?levels={levels}")
    make_unit(code="other", slug="other", name_en="Other", order=1)
    assert "So many levels" not in read(f"?levels={levels}")


@pytest.mark.parametrize("query", ["", "?on=1930"])
def test_queries_do_not_grow_with_the_units(client, ministry, query, django_assert_max_num_queries):
    with CaptureQueriesContext(
        connection,
    ) as few:
        client.get(f"/en/structure/chart/{query}")
    for number in range(30):
        make_unit(parent=ministry, order=10 + number)
    with django_assert_max_num_queries(len(few)):
        client.get(f"/en/structure/chart/{query}")


def test_no_unit_at_all_is_a_sentence(client):
    assert "No unit is known" in client.get("/en/structure/chart/").content.decode()
