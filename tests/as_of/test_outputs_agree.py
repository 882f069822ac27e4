"""Every output names the superior, and how surely, that the page of the unit names on the date.

The page is read as visitors see it; API, files of the structure, linked data, comparison, chart,
tree and breadcrumb are held against it.
"""

import csv
import datetime
import io
import json
import re

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from chronology import HistoricalDate
from history.comparison.difference import difference
from history.comparison.entries import entries_of, within_branch
from history.comparison.states import state, states
from open_data.linked import everything
from people.models import Term
from structure.as_of import AsOf
from structure.chart import Chart
from tests.as_of.examples import examples
from tests.factories import (
    make_dated_name,
    make_dated_superior,
    make_external_body,
    make_person,
    make_post,
    make_term,
    make_unit,
)
from units.models import DatedName, DatedSuperior, Unit


def get(path, on=""):
    joint = "&" if "?" in path else "?"
    return Client().get(f"{path}{joint}on={on}" if on else path)


def on_the_page(page):
    """``[(slug of the superior or "" for none, certainty)]``; None: the page names no superior."""
    facts = re.search(r"<dt>Superior</dt>(.*?)</div>", page, re.S)
    if not facts:
        return None
    found = []
    for line in re.findall(r"<dd>(.*?)</dd>", facts[1], re.S):
        if "not known" in line:
            continue
        slug = re.search(r'href="/en/[^"]*?([^"/]+)/(?:\?[^"]*)?"', line)
        found.append((slug[1] if slug else "", "possible" if "not certain" in line else "certain"))
    return found


def head_on_the_page(page):
    """``[(slug of the head, certainty)]`` of the unit's facts: one, or nobody."""
    found = re.findall(r"<dt[^>]*>(?:Chief of \w+|Head)</dt><dd>(.*?)</dd>", page, re.S)
    return [one for text in found for one in _person(text)]


def heads_listed(page):
    """``{slug of a unit: the same of its post}`` as the leadership page has them."""
    found = {}
    for text in re.findall(
        r'<(?:section class="leader"|li class="person-card").*?</(?:section|li)>', page, re.S
    ):
        found[re.search(r"Chief of (\w+)", text)[1]] = _person(
            text.partition("holder-")[2].partition("post-title")[0]
        )
    return found


def _person(text):
    slug = re.search(r'href="/en/[^"]*?([^"/]+)/(?:\?[^"]*)?"', text)
    return [(slug[1], "possible" if "not certain" in text else "certain")] if slug else []


def check_heads(on, html, single, table):
    """The same of who led them; post titles are "Chief of" and the code."""
    page = {code: head_on_the_page(text) for code, text in html.items()}
    for code, row in single.items():
        found = [(one["person"], one["certainty"]) for one in row["heads"]]
        assert found[:1] == page[code], ("head", code, on)
    listed = heads_listed(get("/en/leadership/", on).content.decode())
    assert {code: found for code, found in page.items() if found} == {
        code: found for code, found in listed.items() if found
    }
    for code, one in state(HistoricalDate(on) if on else None, None).items():
        found = [(head.person, head.certainty) for head in one.heads]
        assert found == [(head["person"], head["certainty"]) for head in single[code]["heads"]]
    for row in table:
        people = [head["person"] for head in single[row["code"]]["heads"]]
        assert row["heads"] == "; ".join(people), ("heads of the structure", row["code"], on)


def heading(page):
    return re.sub(r"<[^>]*>", "", re.search(r"<h1>(.*?)</h1>", page, re.S)[1]).strip()


def breadcrumb(page):
    links = re.search(r'class="breadcrumb".*?</nav>', page, re.S)[0]
    return re.findall(r'href="/en/(?:units|international)/([^"/]+)/', links)


def drawn_under(branches):
    """``{code: code of the superior under which it is drawn, or ""}``."""
    found = {}
    for branch in branches:
        found.setdefault(branch.unit.slug, "")
        for below in branch.branches:
            found[below.unit.slug] = branch.unit.slug
        found |= {k: v for k, v in drawn_under(branch.branches).items() if v}
    return found


def check_all(on=""):
    """Hold every output against the pages of all public units; codes and slugs are the same."""
    date = HistoricalDate(on) if on else None
    units = list(Unit.objects.published())
    html = {one.code: get(f"/en/units/{one.slug}/", on).content.decode() for one in units}
    pages = {code: on_the_page(page) for code, page in html.items()}
    named, single = {}, {}
    existing = set(AsOf(date, None).units().values_list("code", flat=True))

    def compared(code, found, what):
        page = pages[code] if code in existing else None
        if on in ("", TODAY.isoformat()) and page is None and code in existing:
            page = [("", "certain")]  # it says nothing of a unit at the top
        assert found == (page or []), (what, code, on)

    for unit in units:
        row = single[unit.code] = json.loads(get(f"/api/v1/units/{unit.code}", on).content)
        found = [
            (one["unit"] or one["external_body"] or "", one["certainty"])
            for one in row["superiors"]
        ]
        compared(unit.code, found, "API")
        if on:
            first = row["superiors"][:1]
            assert row["parent"] == (first[0]["unit"] if first else None)
        names = [one["name_en"] or one["name_az"] for one in row["names"]]
        if names:
            assert heading(html[unit.code]) == names[0], ("heading", unit.code, on)
            named[unit.code] = names[0]
    listed = {row["code"]: row for row in json.loads(get("/api/v1/units", on).content)["results"]}
    assert existing <= listed.keys()
    for code in existing:
        assert listed[code] == single[code]
    files = json.loads(b"".join(get("/open-data/structure.json", on)))
    table = list(
        csv.DictReader(io.StringIO(b"".join(get("/open-data/structure.csv", on)).decode()))
    )
    for rows in (files, table):
        assert {row["code"] for row in rows} == existing
        for row in rows:
            superior = row["parent"] or row["external_superior"]
            found = [(superior, row["superior_certainty"])] if row["superior_certainty"] else []
            page = pages[row["code"]]
            if page is not None:
                assert found == page[:1], ("structure", row["code"], on)
            assert row["parent"] in existing | {""}
            name = row["name_en"] or row["name_az"]
            assert name == named.get(row["code"], ""), ("name", row["code"], on)
    if Term.objects.exists():
        check_heads(on, html, single, table)
    keys = [unit.pk for unit in units]
    for options in ({}, {"among": keys}, {"near": (min(keys, default=0), max(keys, default=0))}):
        for code, one in state(date, None, **options).items():
            found = [(s.unit or s.body, s.certainty) for s in one.superiors]
            compared(code, found, "comparison")
    for other in (date, HistoricalDate("1905"), None):
        whole = [state(on, None, expected=True) for on in (date, other)]
        assert told(difference(*states(date, other, None))) == told(difference(*whole))
    then = AsOf(date, None)
    above = drawn_under(then.outline) | drawn_under(then.outline_unplaced)
    for branch in then.outline_unplaced:
        assert pages[branch.unit.slug] == [], ("not placed", branch.unit.slug, on)
    assert set(above) == existing
    chart = drawn_under(Chart(AsOf(date, None)).branches)
    for drawn in (above, chart):
        for code, superior in drawn.items():
            if superior and pages[code] is not None:
                assert pages[code][:1] in ([(superior, "certain")], [(superior, "possible")])
    for unit in units:
        crumbs = breadcrumb(html[unit.code])
        if crumbs and unit.code in existing and pages[unit.code] is not None:
            assert pages[unit.code][0][0] == crumbs[-1], (unit.code, on)
    if not on:
        linked = linked_superiors()
        for code in pages:
            page = pages[code][0][0] if pages[code] else ""
            assert linked.get(code, "") == page, ("JSON-LD", code)


def told(changes):
    """What a comparison tells of changes, without how surely the rest of a unit held."""
    entries = entries_of(changes)
    return {(e.code, e.kind, e.certain, e.gone, e.come, e.date) for e in entries}


def linked_superiors():
    """``{code: superior}`` of the units themselves; a dated superior is a role with a period."""
    found = {}
    for node in everything("http://testserver/"):
        superior = node.get("schema:parentOrganization", {}).get("@id", "")
        if "/id/units/" in node["@id"] and superior and "/id/dated_superiors/" not in superior:
            found[node["@id"].rsplit("/", 1)[-1]] = superior.rsplit("/", 1)[-1]
    return found


# --- Named examples ---------------------------------------------------------------------------


@pytest.fixture
def archive(db):
    """An archive of 1790 that stands today under a ministry of 1959, which ended in 1999."""
    top = make_unit(code="top", slug="top", founded="1900")
    minister = make_unit(
        code="min", slug="min", founded="1959-03-10", dissolved="1999-06-01", parent=top
    )
    return make_unit(code="arc", slug="arc", founded="1790-05-05", parent=minister)


@pytest.mark.parametrize(
    ("on", "superiors"),
    [
        ("1790-05-04", []), ("1790-05-05", []), ("1810", []),
        ("1959-03-09", []), ("1959-03-10", [("min", "certain")]), ("1959", [("min", "certain")]),
        ("1999-05-31", [("min", "certain")]), ("1999-06-01", []), ("2005", []),
        ("", []),
    ],
)  # fmt: skip
def test_a_superior_is_named_only_while_it_existed(archive, on, superiors):
    row = json.loads(get("/api/v1/units/arc", on).content)
    assert [(one["unit"], one["certainty"]) for one in row["superiors"]] == superiors
    check_all(on)


@pytest.mark.parametrize("on", ["1949-12-31", "1950-01-01", "1950", "1959-12-31", "1960-01-01"])
def test_the_same_for_a_former_superior(db, on):
    old = make_unit(code="old", slug="old", founded="1950-01-01", dissolved="1960-01-01")
    body = make_external_body(code="body", slug="body")
    unit = make_unit(code="unit", slug="unit", founded="1900")
    make_dated_superior(unit, parent=old, begin="1940", end="1970")
    other = make_unit(code="other", slug="other", founded="1900", parent=old)
    make_dated_superior(other, external_body=body, begin="1900", end="1955")
    check_all(on)


@pytest.mark.parametrize(
    ("on", "sure"),
    [
        ("1946-03-14", "none"), ("1946-03-15", "certain"), ("1991-12-25", "certain"),
        ("1991-12-26", "none"), ("", "none"), ("1991", "certain"),
    ],
)  # fmt: skip
def test_a_body_outside_is_a_superior_only_while_it_existed(db, on, sure):
    body = make_external_body(
        code="body", slug="body", founded="1946-03-15", dissolved="1991-12-26",
        is_partner=True, partner_since="1940",
    )  # fmt: skip
    unit = make_unit(code="unit", slug="unit", founded="1900", superior_since="2000")
    make_dated_superior(unit, code="row", external_body=body, begin="1940", end="1999")
    row = json.loads(get("/api/v1/units/unit", on).content)
    found = {one["external_body"]: one["certainty"] for one in row["superiors"]}
    assert found.get("body", "none") == sure
    rows = json.loads(get("/api/v1/dated_superiors", on or str(TODAY)).content)["results"]
    assert bool(rows) == (sure != "none")
    page = get("/en/international/", on).content.decode()
    assert ('href="/en/international/body/' in page) == (sure != "none")
    check_all(on)


def test_nobody_doubts_a_superior_outside_of_which_the_site_keeps_no_dates(db):
    unit = make_unit(code="unit", slug="unit", founded="1900", superior_since="2000")
    body = make_external_body(code="body", slug="body")
    make_dated_superior(unit, external_body=body, begin="1940", end="1999")
    row = json.loads(get("/api/v1/units/unit", "1950").content)
    assert [(one["external_body"], one["certainty"]) for one in row["superiors"]] == [
        ("body", "certain")
    ]
    check_all("1950")


@pytest.mark.parametrize("founded", ["1950", "1950~", "", "194X"])
@pytest.mark.parametrize("on", ["1949", "1950-06", "1950", "1960", ""])
def test_a_superior_that_possibly_existed(db, founded, on):
    superior = make_unit(code="superior", slug="superior", founded=founded or None)
    make_unit(code="unit", slug="unit", founded="1900", parent=superior)
    check_all(on)


@pytest.mark.parametrize("on", ["1989", "1990", "2000", ""])
def test_a_unit_that_has_ended_has_no_superior_names_or_heads(client, db, on):
    superior = make_unit(code="superior", slug="superior", founded="1900")
    unit = make_unit(
        code="unit", slug="unit", founded="1950", dissolved="1990-01-01", parent=superior
    )
    post = make_post(unit, title_en="Chief of unit")
    make_term(
        post,
        make_person(code="chief", slug="chief", name_en="Old Chief"),
        code="term",
        begin="1980",
    )
    make_dated_name(unit, code="name", name_en="Old name", begin="1950", end="2010")
    check_all(on)
    there = on in ("1989",)
    row = json.loads(get("/api/v1/units/unit", on).content)
    assert bool(row["heads"]) == bool(row["names"]) == bool(row["superiors"]) == there
    page = get("/en/units/unit/", on).content.decode().split('class="life-line', 1)[0]
    assert ("Old Chief" in re.sub(r'(?s)id="life-line".*', "", page)) == there
    if on:
        for kind in ("terms", "dated_names"):
            rows = json.loads(get(f"/api/v1/{kind}", on).content)["results"]
            assert bool(rows) == there, kind
        for path in ("terms/term", "dated_names/name"):
            row = json.loads(get(f"/api/v1/{path}", on).content)
            assert row["in_force"] == ("certain" if there else "no")


@pytest.mark.parametrize("on", ["1949-12-31", "1950-01-01", "1969-12-31", "1970-01-01"])
def test_a_former_superior_is_in_force_only_while_both_existed(db, on):
    old = make_unit(code="old", founded="1950-01-01", dissolved="1970-01-01")
    make_dated_superior(make_unit(founded="1900"), code="row", parent=old, begin="1940", end="1980")
    row = json.loads(get("/api/v1/dated_superiors/row", on).content)
    assert row["in_force"] == ("certain" if "1950" <= on < "1970" else "no")
    rows = json.loads(get("/api/v1/dated_superiors", on).content)["results"]
    assert bool(rows) == ("1950" <= on < "1970")


@pytest.mark.parametrize(("on", "is_listed"), [("1850", False), ("1960", True)])
def test_nobody_serves_longer_than_a_life_in_the_api_either(db, on, is_listed):
    """As on the leadership page: a term of unknown begin reaches back 60 years at most."""
    make_term(make_post(make_unit(founded="1800")), make_person(), code="term", end="2000")
    rows = json.loads(get("/api/v1/terms", on).content)["results"]
    assert [row["code"] for row in rows] == ["term"] * is_listed
    assert (json.loads(get("/api/v1/terms/term", on).content)["in_force"] == "no") != is_listed


@pytest.mark.parametrize("fields", [{"status": "draft"}, {"dissolved": "2000"}])
def test_a_superior_that_is_hidden_or_has_ended_is_no_move(db, fields):
    """What may not be seen is passed over on every date; what has ended leaves "not known"."""
    top = make_unit(code="top", slug="top", founded="1900")
    between = make_unit(code="between", slug="between", founded="1900", parent=top, **fields)
    make_unit(code="unit", slug="unit", founded="1900", parent=between)
    then, now = (state(on, None)["unit"].superiors for on in (HistoricalDate("1990"), None))
    ended = "dissolved" in fields
    assert [one.unit for one in then] == ["between" if ended else "top"]
    assert [one.unit for one in now] == ([] if ended else ["top"])
    assert list(entries_of(difference(*states(HistoricalDate("1990"), None, None)))) == [] or ended
    check_all()


def test_a_comparison_within_a_branch_takes_the_superiors_of_the_pages(archive):
    """Nothing stood below the ministry before it was founded."""
    make_dated_name(archive, name_en="Old archive", begin="1790", end="1820")

    def entries(first, second, branch):
        dates = HistoricalDate(first), HistoricalDate(second)
        found = entries_of(difference(*states(*dates, None)))
        return {(e.code, e.kind) for e in within_branch(list(found), branch, *dates, None)}

    assert ("arc", "renamed") in entries("1800", "1850", "arc")
    assert entries("1800", "1850", "min") == set()
    assert ("arc", "moved") in entries("1950", "1960", "min")


# --- Random trees -----------------------------------------------------------------------------

DATES = [
    "1800",
    "1850",
    "1900",
    "1900-06",
    "1900-06-15",
    "190X",
    "1950~",
    "1950",
    "1960/1970",
    "2000",
]
date = st.sampled_from(["", *DATES])
unit = st.tuples(st.integers(-1, 4), date, date, st.sampled_from("pppd"))
row = st.tuples(st.integers(0, 4), st.integers(-1, 4), date, date)
term = st.tuples(st.integers(0, 4), date, date)
to_come = st.tuples(
    st.integers(0, 4), st.integers(-2, 4), st.sampled_from([1, 40, 400]), st.booleans()
)
ASKED = ["1799", "1850-01-01", "1900-06-14", "1900-06-15", "1905", "1950", "1949/1951", "1969",
         "1999-12-31", "2000-01-01", "../1900", "1970/..", ""]  # fmt: skip


TODAY = timezone.localdate()


def in_days(number):
    return (TODAY + datetime.timedelta(days=number)).isoformat()


AHEAD = [*map(in_days, (0, 1, 39, 40, 400)), str(TODAY.year + 1), f"{in_days(-9)}/{in_days(50)}"]


def _in_order(begin, end):
    """``begin`` and ``end`` so that the end is not before the beginning."""
    first, last = HistoricalDate(begin) if begin else None, HistoricalDate(end) if end else None
    return (begin, end) if not (first and last) or first.earliest < last.latest else (end, begin)


class RandomTreesTest(TestCase):
    @examples(100)
    @given(
        st.lists(unit, min_size=2, max_size=5),
        st.lists(row, max_size=4),
        st.lists(to_come, max_size=3),
        st.lists(term, max_size=3),
        st.tuples(st.sampled_from(["", "1950", "1900-06", "1960?"]), st.sampled_from(["", "1991"])),
        st.sampled_from([*ASKED, *AHEAD]),
    )
    def test_every_output_gives_the_superior_of_the_page(
        self, units, rows, to_come, terms, outside, on
    ):
        made = []
        for number, (above, founded, dissolved, status) in enumerate(units):
            founded, dissolved = _in_order(founded, dissolved)
            parent = made[above] if 0 <= above < len(made) else None
            made.append(
                make_unit(
                    code=f"u{number}", slug=f"u{number}", founded=founded or None,
                    dissolved=dissolved or None, status="draft" if status == "d" else "published",
                    parent=Unit.objects.get(pk=parent.pk) if parent else None,
                )
            )  # fmt: skip
        founded, dissolved = outside
        body = make_external_body(code="body", slug="body", founded=founded, dissolved=dissolved)
        for which, above, begin, end in rows:
            begin, end = _in_order(begin, end)
            below, superior = made[which % len(made)], made[above % len(made)]
            if above < 0 or below == superior:
                make_dated_superior(below, external_body=body, begin=begin or None, end=end or None)
            else:
                make_dated_superior(below, parent=superior, begin=begin or None, end=end or None)
        for which, above, days, announced in to_come:
            below, superior = made[which % len(made)], made[above % len(made)]
            row = {"unit": below, "begin": in_days(days), "announced": announced}
            if above == -2:
                DatedName.objects.create(name_en=f"Name after {days}", **row)
            elif above == -1 or below == superior:
                DatedSuperior.objects.create(at_top=True, **row)
            else:
                DatedSuperior.objects.create(parent=superior, **row)
        for number, (which, begin, end) in enumerate(terms):
            begin, end = _in_order(begin, end)
            unit = made[which % len(made)]
            post = unit.posts.first() or make_post(unit, title_en=f"Chief of {unit.code}")
            person = make_person(code=f"p{number}", slug=f"p{number}", name_en=f"P {number}")
            make_term(post, person, begin=begin or None, end=end or None)
        check_all(on)


@pytest.mark.parametrize("kind", ["superior", "name"])
def test_a_comparison_finds_what_is_told_only_before_the_present_value_is_certain(db, kind):
    """Its begin is not known, so only the day from which it is certain lies between the dates."""
    unit = make_unit(code="unit", slug="unit", founded="1800")
    Unit.objects.filter(pk=unit.pk).update(
        **Unit._meta.get_field(f"{kind}_since").bounds_columns(HistoricalDate("/1950-01-01"))
    )
    if kind == "superior":
        DatedSuperior.objects.create(
            unit=unit, code="row", external_body=make_external_body(code="body"), begin="1900"
        )
    else:
        DatedName.objects.create(unit=unit, code="row", name_en="Old", begin="1900")
    dates = [HistoricalDate(year) for year in ("1960", "1940")]
    whole = told(difference(*(state(date, None, expected=True) for date in dates)))
    assert whole
    assert told(difference(*states(*dates, None))) == whole
