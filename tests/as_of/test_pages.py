"""Every page at old dates, with any text as its date; what is not certain is said to be so."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from structure import outline
from tests.as_of.test_links import PAGES
from tests.factories import (
    make_dated_name,
    make_dated_superior,
    make_event,
    make_external_body,
    make_person,
    make_post,
    make_term,
    make_unit,
)
from units.models import Unit

pytestmark = pytest.mark.django_db

DATES = ["1842", "1917-11-20", "1925", "1958", "1993-01-01", "2021", "18XX", "1918/1920", "1991/..",
         "../1917", "1945~", "/1950", "0001", "2026"]  # fmt: skip
WRITTEN = {
    "June 2004": "2004-06",
    "28.05.1918": "1918-05-28",
    "1918-ci il": "1918",
    "2004-cü ilin iyunu": "2004-06",
    "  1992 ": "1992",
}
BAD = ["abc", "2023-02-30", "99999", "1905-W12", "x" * 10_000, "1992-13",
       "03/04/1905", "<script>", "\ud7ff", "🙂", "-5000", "' OR 1=1 --", "1990..1995", "%s%n",
       "2004-21", "[1667,1668]", "..", "/", "1992-11-24T10:00", "Ⅻ", "١٩٩٢"]  # fmt: skip


PAST_PAGES = ["structure/", "structure/?branch=top", "units/top/", "units/", "structure/chart/",
              "search/?q=unit"]  # fmt: skip


def main(client, address, on=""):
    joint = "&" if "?" in address else "?"
    response = client.get(f"{address}{joint}on={on}")
    assert response.status_code == 200, address
    return response.content.decode().split("<main")[1].split("</main>")[0]


def test_every_page_answers_for_every_date(client, content):
    for path in PAGES:
        for on in DATES if path in ("", "structure/", "units/ministry/") else DATES[:6]:
            joint = "&" if "?" in path else "?"
            response = client.get(f"/az/{path}{joint}on={on}")
            assert response.status_code in (200, 404), (path, on)
            if response.status_code == 200:
                assert "when-banner" in response.content.decode(), (path, on)


@pytest.mark.parametrize("written", WRITTEN)
def test_dates_are_read_as_people_write_them(client, db, written):
    page = client.get("/en/structure/", {"on": written}).content.decode()
    assert f"?on={WRITTEN[written]}" in page


@pytest.mark.parametrize("language", ["az", "en"])
@pytest.mark.parametrize("path", ["", "structure/", "units/", "leadership/", "search/"])
def test_a_bad_date_gets_a_sentence_and_today(client, db, path, language):
    make_unit(name_en="Here today", name_az="Bu gün burada")
    for bad in BAD:
        response = client.get(f"/{language}/{path}", {"on": bad})
        assert response.status_code == 200, bad
        page = response.content.decode()
        assert "is-refused" in page, bad
        assert "noindex" not in page or path == "search/"
        assert len(page) < 100_000
    assert client.get(f"/{language}/{path}?on=%00").status_code == 400


def test_a_date_that_is_refused_is_explained_in_the_readers_language(client, db):
    assert "The page shows today." in client.get("/en/?on=abc").content.decode()
    assert "Səhifə bu günü göstərir." in client.get("/az/?on=abc").content.decode()


@pytest.mark.parametrize("on", ["2030-01-01", "9999", "2090", "../2090"])
def test_a_date_to_come_is_answered(client, db, on):
    make_unit(name_en="Here today", name_az="Bu gün burada")
    page = client.get("/en/structure/", {"on": on}).content.decode()
    assert "is-refused" not in page
    assert "Here today" in page


def test_today_as_a_date_is_today(client, db):
    page = client.get("/en/structure/", {"on": timezone.localdate().isoformat()}).content.decode()
    assert "when-banner" not in page
    assert 'rel="canonical"' in page


def test_a_page_of_the_past_is_not_for_search_engines(client, db):
    page = client.get("/en/structure/?on=1925").content.decode()
    assert '<meta name="robots" content="noindex, follow">' in page
    assert 'rel="canonical"' not in page


def test_the_dates_to_choose_come_from_the_events_that_may_be_seen(client, db):
    unit = make_unit(founded="1918-05-28")
    make_event(after=[unit], kind="founding", weight=3, date="1918-05-28")
    make_event(concerned=[unit], kind="subordination", weight=3, date="1920")
    make_event(concerned=[unit], kind="award", weight=3, date="1945")
    make_event(concerned=[unit], kind="reorganisation", weight=3, date="1991", status="draft")
    make_event(after=[make_unit(parent=unit)], kind="founding", weight=3, date="1999")
    page = client.get("/en/structure/").content.decode()
    choices = re.findall(
        r"[?]on=([0-9-]+)", page.split('class="when-choices"')[1].split("</ul>")[0]
    )
    assert choices == ["1918-05-28", "1920"]


def test_a_unit_of_the_past_does_not_pass_off_todays_facts(client, db):
    make_unit(slug="u", founded="1900", name_en="Now", phone="+994 12 000 00 00", address_en="1 St",
              summary_en="Serves today.", email="u@example.org", abbreviation_en="NW")  # fmt: skip
    page = main(client, "/en/units/u/", on="1950")
    for fact in ("+994 12 000", "1 St", "u@example.org"):
        assert fact not in page
        assert fact in main(client, "/en/units/u/")
    assert '<p class="of-today">Text of today</p><p class="lede">Serves today.</p>' in page
    assert "Text of today" not in main(client, "/en/units/u/")


def test_a_unit_that_did_not_exist_says_when_it_did(client, db):
    make_unit(slug="u", founded="1950", dissolved="1960-03", name_en="Short-lived")
    for on in ("1940", "1970"):
        page = main(client, "/en/units/u/", on=on)
        assert "This unit did not exist on this date." in page
        assert "1950" in page
        assert "March 1960" in page
    assert "did not exist" not in main(client, "/en/units/u/", on="1955")


def test_a_unit_of_unknown_founding_is_never_claimed_to_have_existed(client, db):
    make_unit(slug="u", name_en="Ageless")
    page = main(client, "/en/units/u/", on="1900")
    assert "Whether this unit existed on this date is not certain." in page
    tree = main(client, "/en/structure/", on="1900")
    assert "0 units" in tree
    assert "Of 1 unit it is not known whether it existed then" in tree
    assert "possibly existed" in main(client, "/en/units/", on="1900")
    assert "possibly existed" not in main(client, "/en/units/")


def test_before_the_institution_units_of_unknown_founding_are_one_line(client, db, settings):
    ministry = make_unit(code="the-ministry", founded="1918-05-28", name_en="Ministry")
    settings.INSTITUTION = ministry.code
    make_unit(parent=ministry, name_en="Ageless")
    make_unit(parent=ministry, founded="1950", name_en="Young")
    make_unit(founded="1842", name_en="Old Police")
    above = make_unit(name_en="Ageless with an old part")
    make_unit(parent=above, founded="1850", superior_since="1850", name_en="Old Part")
    make_unit(parent=ministry, attested="1880", name_en="Attested")
    line = "{} not listed: no source says when"
    for page in ("structure/", "structure/chart/"):
        early = main(client, f"/en/{page}", on="1918-05-27")
        assert line.format("1 unit is") in early
        assert "Ageless<" not in early
        for name in ("Old Police", "Ageless with an old part", "Old Part", "Attested"):
            assert name in early
        later = main(client, f"/en/{page}", on="1918-05-28")
        assert "not listed" not in later
    names = main(client, "/en/units/", on="1918-05-27")
    assert line.format("2 units are") in names
    assert "Attested" in names
    assert "Ageless" not in names
    assert "Ageless<" in main(client, "/en/units/", on="1918-05-28")
    assert "Ageless<" in main(client, "/en/structure/?q=Ageless", on="1900")


def test_names_superiors_and_heads_are_those_of_the_date(client, db):
    body = make_external_body(name_en="Union Ministry")
    top = make_unit(founded="1918", name_en="Ministry")
    unit = make_unit(slug="u", founded="1921", name_en="Academy", parent=top)
    make_dated_name(unit, name_en="Militia school", begin="1921", end="1992")
    make_dated_superior(unit, external_body=body, begin="1921", end="1992")
    post = make_post(unit, title_en="Head")
    make_term(post, make_person(name_en="A. Early"), begin="1950", end="1960")
    make_term(post, make_person(name_en="B. Late"), begin="1993")
    page = main(client, "/en/units/u/", on="1955")
    for words in ("<h1>Militia school</h1>", "Union Ministry", "A. Early", "Today it is called:"):
        assert words in page
    assert "B. Late" not in page.split('id="life-line"')[0]
    assert "Militia school" in main(client, "/en/structure/", on="1955")
    assert "not known for this date" in main(client, "/en/units/u/", on="1970")
    leadership = main(client, "/en/leadership/", on="1970")
    assert "Not known for this date" in leadership
    assert "Vacant" not in leadership
    assert "<h1>Academy</h1>" in main(client, "/en/units/u/", on="1993")


def test_nobody_is_made_head_before_living_memory(client, db):
    unit = make_unit(founded="1918", name_en="Ministry")
    make_term(make_post(unit), make_person(name_en="C. Present"))
    assert "C. Present" not in main(client, "/en/leadership/", on="1925")
    page = main(client, "/en/leadership/", on="2020")
    assert "C. Present" in page
    assert "not certain" in page
    assert "not certain" not in main(client, "/en/leadership/")


def test_before_the_institution_was_founded_the_pages_say_when_it_was(client, db):
    make_unit(founded="1918-05-28", name_en="Ministry")
    for path in ("", "structure/", "leadership/"):
        page = main(client, f"/en/{path}", on="1842")
        assert "The Ministry itself did not exist on this date." in page
        assert "28\N{NO-BREAK SPACE}May 1918" in page
        assert "did not exist" not in main(client, f"/en/{path}", on="1925")


def test_partners_of_the_past_are_those_of_that_time(client, db):
    make_external_body(name_en="Interpol", is_partner=True, partner_since="1992")
    make_external_body(name_en="Old friends", is_partner=True)
    page = main(client, "/en/international/", on="1950")
    assert "Interpol" not in page.split("Other bodies")[0]
    assert "Old friends" not in page  # nobody knows whether they were friends so early
    assert "For 1 more body no date is recorded." in page
    assert "no date is recorded" not in main(client, "/en/international/")
    assert "Interpol" in main(client, "/en/international/", on="1993")


def test_a_z_has_the_names_of_the_date(client, db):
    unit = make_unit(founded="1900", name_en="Academy")
    make_dated_name(unit, name_en="Militia school", begin="1921", end="1992")
    page = main(client, "/en/units/", on="1955")
    assert "Militia school" in page
    assert "Academy" not in page
    assert "Academy" in main(client, "/en/units/", on="1993")


def count_queries(client, address):
    client.get(address)
    with CaptureQueriesContext(connection) as found:
        assert client.get(address).status_code == 200
    return len(found)


@pytest.mark.parametrize("limit", [5, 10_000])
def test_as_many_queries_for_a_thousand_units_as_for_ten(client, db, monkeypatch, limit):
    """Also where the tree is too large to be drawn whole."""
    monkeypatch.setattr(outline, "WHOLE_TREE_LIMIT", limit)
    top = make_unit(slug="top", founded="1900")
    old = make_unit(slug="old", founded="1900")
    addresses = [
        f"/en/{path}{'&' if '?' in path else '?'}on={on}"
        for path in (
            "structure/",
            "structure/?branch=top",
            "units/top/",
            "units/",
            "leadership/",
            "",
        )
        for on in ("1950", "")
    ]

    def grow(count):
        start = Unit.objects.count()
        Unit.objects.bulk_create(
            Unit(code=f"x{n}", slug=f"x{n}", name_en=f"X {n}", kind=top.kind, founded="1900",
                 status="published", parent=(top, old)[n % 2])
            for n in range(start, start + count)
        )  # fmt: skip
        for unit in Unit.objects.filter(code__startswith="x")[:: max(1, count // 10)]:
            if not unit.dated_names.exists():
                make_dated_name(unit, begin="1900", end="1990")
                make_dated_superior(unit, parent=old, begin="1900", end="1990")

    grow(60)
    before = {address: count_queries(client, address) for address in addresses}
    grow(1000)
    after = {address: count_queries(client, address) for address in addresses}
    assert {a: (before[a], after[a]) for a in addresses if after[a] > before[a] + 1} == {}


def test_a_large_tree_of_the_past_is_drawn_by_branches(client, db, monkeypatch):
    monkeypatch.setattr(outline, "WHOLE_TREE_LIMIT", 4)
    top = make_unit(slug="top", founded="1900", name_en="Top")
    for n in range(3):
        unit = make_unit(slug=f"d{n}", founded="1900", name_en=f"Division {n}", parent=top)
        make_unit(slug=f"o{n}", founded="1900", name_en=f"Office {n}", parent=unit)
    stray = make_unit(slug="stray", founded="1900", name_en="Stray", parent=top)
    make_dated_superior(stray, parent=Unit.objects.get(slug="d1"), begin="1900", end="1990")
    page = main(client, "/en/structure/", on="1950")
    assert "Division 2" in page
    assert "Office 1" not in page
    assert "2 units right below" in page
    assert "Stray" in main(client, "/en/structure/?branch=d1", on="1950")
    assert "Stray" not in main(client, "/en/structure/?branch=d1")
    found = main(client, "/en/structure/?q=stray", on="1950")
    assert found.index("Top") < found.index("Division 1") < found.index("Stray")


def test_a_large_tree_hides_a_draft_without_a_gap(client, db, monkeypatch):
    monkeypatch.setattr(outline, "WHOLE_TREE_LIMIT", 3)
    top = make_unit(slug="top", name_en="Top")
    draft = make_unit(slug="draft", name_en="Unseen", parent=top, status="draft")
    for n in range(2):
        make_unit(slug=f"o{n}", name_en=f"Office {n}", parent=draft)
    make_unit(slug="last", name_en="Last", parent=top)
    page = main(client, "/en/structure/")
    branch = main(client, "/en/structure/?branch=top")
    assert "Unseen" not in page + branch
    assert "3 units right below" in page
    assert "Office 1" in branch
    Unit.objects.filter(slug="top").update(status="draft")
    make_unit(slug="more", parent=Unit.objects.get(slug="last"))
    page = main(client, "/en/structure/")
    assert "Office 1" in page
    assert "Last" in page
    assert "Top" not in page


@pytest.mark.parametrize("path", PAST_PAGES)
def test_pages_of_the_past_ask_nothing_unit_by_unit(client, db, path):
    def queries():
        with CaptureQueriesContext(connection) as asked:
            assert client.get(f"/en/{path}{'&' if '?' in path else '?'}on=1925").status_code == 200
        return len(asked)

    top = make_unit(slug="top", founded="1900")
    for number in range(40):
        unit = make_unit(parent=top, founded="1900")
        make_unit(parent=unit, founded="1900")
        if number == 3:
            few = queries()
        make_dated_name(unit, begin="1900", end="1950")
        make_dated_superior(unit, parent=top, begin="1900", end="1950")
    assert queries() <= few + 3  # what is asked at all once there are former names and superiors
