"""Who led a unit on a date: every page, file and answer names the same person first."""

import json

import pytest
from django.contrib.auth.models import AnonymousUser

from chronology import HistoricalDate
from history.comparison.states import state
from people.models import Post, Term
from search.finding import search
from structure.as_of import AsOf
from tests.factories import make_person, make_post, make_term

pytestmark = pytest.mark.django_db

# Each: the terms of A and B, the date, who stands first then.
CASES = {
    "a begin that is not known": (("", "2019"), ("1993", "2000"), "1996", "B"),
    "a begin known only as not before": (("1995/", "2010"), ("1990", "2000"), "1996-05", "B"),
    "an end that is not known": (("1980", "1990/"), ("1985", "1999"), "1992", "B"),
    "a month of handing over": (("2001", "2004-06"), ("2004-06", "2010"), "2004-06", "B"),
    "the last day": (("2001", "2004-06-10"), ("2004-06-10", "2010"), "2004-06-09", "A"),
    "the first day": (("2001", "2004-06-10"), ("2004-06-10", "2010"), "2004-06-10", "B"),
    "two that are possible": (("", "1990"), ("", "2000"), "1980", "B"),
    "two that are certain": (("1991~", "2010"), ("1993~", "2000"), "1996", "B"),
    "today": (("", "2999"), ("1993", ""), None, "A"),
}


@pytest.fixture(params=CASES)
def case(request, ministry, police):
    """``(date, code of the person who stands first)``; the terms are written in both orders."""
    a, b, on, first = CASES[request.param]
    post = make_post(police, title_en="Chief")
    for code, (begin, end) in (("B", b), ("A", a)):
        person = make_person(code=code, name_en=f"Chief {code}")
        make_term(post, person, code=code, begin=begin, end=end)
    return police, on, first


def query(on):
    return f"?on={on}" if on else ""


def named_first(text, first):
    other = {"A": "B", "B": "A"}[first]
    assert f"Chief {first}" in text
    assert f"Chief {other}" not in text


def test_the_page_of_the_unit(read, case):
    unit, on, first = case
    page = read(f"units/{unit.slug}/{query(on)}")
    sure = 'class="holder-name"' in page
    holder = page[page.index('class="holder-name"' if sure else 'class="holder-since"') :]
    named_first(holder[: holder.index("</p>")], first)


def test_the_page_of_who_leads(read, case):
    _unit, on, first = case
    page = read(f"leadership/{query(on)}")
    named_first(page[page.index('id="heads"') : page.index('id="former"')], first)


def test_the_answer_for_programs(client, case):
    unit, on, first = case
    answer = client.get(f"/api/v1/units/{unit.code}{query(on)}").json()
    if on:  # an answer for today names no heads
        assert answer["heads"][0]["person"] == first


def test_the_table_to_download(client, case):
    unit, on, first = case
    rows = json.loads(client.get(f"/open-data/structure.json{query(on)}").getvalue())
    (row,) = [row for row in rows if row["code"] == unit.code]
    assert row["heads"][0] == first
    lines = client.get(f"/open-data/structure.csv{query(on)}").getvalue().decode().splitlines()
    (line,) = [line for line in lines if line.startswith(f"{unit.code},")]
    assert f",{first}" in line


def test_what_is_compared(case):
    unit, on, first = case
    then = state(on and HistoricalDate.parse(on), None)
    assert then[unit.code].heads[0].person == first


def test_a_search(case):
    _unit, on, first = case
    as_of = AsOf(on and HistoricalDate.parse(on), AnonymousUser())
    found = [hit.record.code for hit in search("chief", as_of=as_of).hits if hit.kind == "person"]
    assert found[0] == first


def test_the_words_of_one_rule(case):
    unit, on, first = case
    date = on and HistoricalDate.parse(on)
    post = Post.objects.with_holders(None, date).get()
    heads = AsOf(date, None).heads_of([unit])[unit.pk]
    assert [term.pk for term in post.holders] == [term.pk for term in heads]
    rows = Term.objects.in_office(date).likeliest_first(date)
    assert [term.pk for term in rows] == [term.pk for term in heads]
    assert heads[0].person.code == first


def test_a_person_found_by_two_posts_is_shown_with_the_likelier_term(ministry):
    """The search names one post for a person: the one held for certain on the date."""
    person = make_person(code="P", name_en="Somebody")
    sure = make_term(make_post(ministry, title_en="Chief one"), person, begin="1990", end="2000")
    vague = make_post(ministry, title_en="Chief two", is_head=False)
    make_term(vague, person, begin="1995/", end="2010")
    as_of = AsOf(HistoricalDate.parse("1996"), AnonymousUser())
    (hit,) = [hit for hit in search("chief", as_of=as_of).hits if hit.kind == "person"]
    assert hit.term == sure
