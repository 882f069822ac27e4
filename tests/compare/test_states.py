"""States read from the database: right on each date, without drafts, in few queries."""

import itertools

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from chronology import HistoricalDate
from history.comparison import states as reading
from history.comparison.difference import difference
from history.comparison.states import state, states
from tests.compare.applying import applied
from tests.extent import examples
from tests.factories import (
    make_dated_name,
    make_dated_superior,
    make_external_body,
    make_person,
    make_post,
    make_staff,
    make_term,
    make_unit,
)
from units.models import Unit


@pytest.mark.django_db
def test_a_state_has_names_superiors_heads_and_how_surely(on):
    empire = make_external_body(code="empire")
    top = make_unit(code="top", founded="1918-05-28")
    unit = make_unit(code="police", name_en="Police", parent=top, founded="1840~")
    make_dated_name(unit, name_az="Köhnə", name_en="Old", begin="1840", end="1917-03-07")
    make_dated_superior(unit, external_body=empire, begin="1840", end="1917-03-07")
    post = make_post(unit)
    make_term(post, make_person(code="first"), begin="1900", end="1910")
    make_term(post, make_person(code="second"), begin="1910", acting=True)
    then = state(on("1905"), None)
    assert set(then) == {"police"}
    police = then["police"]
    assert police.existence == "certain"
    assert [(one.text("en"), one.certainty, one.end) for one in police.names] == [
        ("Old", "certain", "1917-03-07")
    ]
    assert [(one.unit, one.body) for one in police.superiors] == [("", "empire")]
    assert [one.person for one in police.heads] == ["first"]
    vague = state(on("1910"), None)["police"]
    assert {(one.person, one.certainty) for one in vague.heads} == {
        ("first", "possible"), ("second", "certain"),
    }  # fmt: skip
    now = state(None, None)
    assert now["police"].names[0].text("en") == "Police"
    assert now["police"].superiors[0].unit == "top"
    assert now["police"].heads[0].acting
    assert now["top"].superiors[0].key == ("", "")


@pytest.mark.django_db
def test_what_may_have_existed_is_possible_and_today_the_row_is_witness(on):
    make_unit(code="unknown")
    make_unit(code="vague", founded="1950/1960", dissolved="1990")
    assert {c: s.existence for c, s in state(on("1955"), None).items()} == {
        "unknown": "possible", "vague": "possible",
    }  # fmt: skip
    assert {c: s.existence for c, s in state(None, None).items()} == {"unknown": "certain"}


@pytest.mark.django_db
@pytest.mark.parametrize("hidden", [{"status": "draft"}, {"status": "archived"}])
def test_nothing_hidden_is_in_a_state(hidden, on):
    draft = make_unit(code="hidden-unit", **hidden)
    body = make_external_body(code="hidden-body", **hidden)
    open_unit = make_unit(code="open", parent=draft)
    make_dated_superior(open_unit, external_body=body, begin="1900", end="1950")
    make_dated_superior(open_unit, parent=draft, begin="1950", end="1990")
    make_term(make_post(open_unit), make_person(code="hidden-person", **hidden), begin="1900")
    for text in ("1920", "1960", "2000", ""):
        found = state(on(text), None)
        assert set(found) == {"open"}
        assert "hidden" not in repr(found)
        seen = state(on(text), make_staff(f"boss-{text}"))
        assert "hidden-unit" in seen
        assert found["open"].heads == ()
        # Not "at the top" either: of a superior that may not be seen nothing is claimed.
        assert found["open"].superiors == ()


@pytest.mark.django_db
def test_a_state_costs_the_same_however_many_units(django_assert_max_num_queries, on):
    top = make_unit()
    for number in range(15):
        unit = make_unit(parent=top, founded="1900")
        make_dated_name(unit, begin="1900", end="1950")
        make_dated_superior(unit, parent=top, begin="1900", end="1950")
        make_term(make_post(unit), make_person(), begin=str(1900 + number))
    with django_assert_max_num_queries(7):
        state(on("1920"), None)
    with django_assert_max_num_queries(15):
        states(on("1920"), on("1970"), None)


# --- Through the database, with any content ---------------------------------------------------

YEARS = [str(year) for year in range(1900, 1907)]
DATES = [*YEARS, "1902-06", "1903-02-28", "190X", "1904~", "1901/", "/1905", "1902/1904", ""]
BEGINS = [*YEARS, "1902-06", "1903-02-28", "190X", "1904~", ""]
ASKED = [*YEARS, "1903-02-28", "1903-03-01", "190X", "1901/1903", "1899", "1950", "2020", ""]


@st.composite
def contents(draw):
    date, begin = st.sampled_from(DATES), st.sampled_from(BEGINS)
    number = draw(st.integers(1, 4))
    rows = st.tuples(st.integers(0, number - 1), st.integers(0, 3), begin, date)
    return {
        "units": draw(st.lists(st.tuples(date, date), min_size=number, max_size=number)),
        "names": draw(st.lists(rows, max_size=4)),
        "superiors": draw(st.lists(rows, max_size=4)),
        "terms": draw(st.lists(rows, max_size=3)),
    }


def write(content):
    """Writes generated content, whatever it says: states are read of what is there."""
    units = []
    for number, (founded, dissolved) in enumerate(content["units"]):
        parent = units[number // 2] if number else None
        units.append(
            make_unit(
                code=f"u{number}", slug=f"u{number}", parent=parent,
                founded=founded, dissolved=dissolved,
            )
        )  # fmt: skip
    body = make_external_body(code="body")
    people = [make_person(code=f"p{number}") for number in range(4)]
    posts = {}
    for unit, which, begin, end in content["names"]:
        make_dated_name(units[unit], name_en=f"n{which}", name_az="", begin=begin, end=end)
    for unit, which, begin, end in content["superiors"]:
        above = {"parent": units[which]} if which < len(units) and which != unit else {}
        make_dated_superior(units[unit], begin=begin, end=end, **(above or {"external_body": body}))
    for unit, which, begin, end in content["terms"]:
        posts[unit] = posts.get(unit) or make_post(units[unit])
        make_term(posts[unit], people[which], begin=begin, end=end)


class ThroughTheDatabase(TestCase):
    @settings(max_examples=examples(30), deadline=None, suppress_health_check=list(HealthCheck))
    @given(contents(), st.sampled_from(ASKED), st.sampled_from(ASKED))
    def test_the_difference_leads_from_date_to_date(self, content, first, second):
        write(content)
        first, second = (HistoricalDate(text) if text else None for text in (first, second))
        whole = state(first, None), state(second, None)
        assert applied(whole[0], difference(*whole)) == whole[1]
        # What the page reads, only the units that may differ, tells the same difference.
        assert difference(*states(first, second, None)) == difference(*whole)
        assert applied(whole[0], difference(*states(first, second, None))) == whole[1]


@pytest.mark.django_db
def test_few_or_many_units_are_read_alike(monkeypatch, on):
    top = make_unit()
    for year in range(1900, 1910):
        unit = make_unit(parent=top, founded=str(year))
        make_dated_name(unit, begin=str(year), end="1950")
    pairs = list(itertools.combinations(("1899", "1905", "1960", ""), 2))
    before = [difference(*states(on(a), on(b), None)) for a, b in pairs]
    # In several batches, by their ids or from the lowest to the highest; so many that all are read.
    for batch, cost in ((3, 0), (3, 100), (1, 0)):
        monkeypatch.setattr(reading, "BATCH", batch)
        monkeypatch.setattr(reading, "COST_OF_AN_ID", cost)
        assert [difference(*states(on(a), on(b), None)) for a, b in pairs] == before
    assert Unit.objects.count() == 11
