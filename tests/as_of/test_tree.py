"""The tree of a date, from the database, is the one that a person would work out by hand."""

import os

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chronology import Certainty, HistoricalDate
from tests.as_of.naive import NaiveTree
from tests.chronology.strategies import dates, plain_texts
from tests.factories import make_external_body, make_former_parent, make_unit, make_unit_kind
from units.as_of import AsOf
from units.models import FormerParent, Unit
from units.outline import walk

pytestmark = pytest.mark.django_db

CODES = "abcdef"
YEARS = st.integers(1900, 1912)
text = st.one_of(st.just(""), plain_texts(YEARS))
an_end = st.one_of(
    text, plain_texts(YEARS), st.just("1903/1907"), st.just("1904/"), st.just("/1904")
)
unit_fields = st.fixed_dictionaries(
    {
        "parent": st.integers(-1, 5),
        "founded": text,
        "dissolved": st.one_of(st.just(""), st.just(""), an_end),
        "hidden": st.sampled_from([False, False, False, True]),
    }
)
former = st.fixed_dictionaries(
    {
        "unit": st.sampled_from(CODES),
        "superior": st.sampled_from([*CODES, "outside"]),
        "begin": text,
        "end": an_end,
    }
)
asked = st.one_of(
    dates(YEARS), plain_texts(YEARS).map(HistoricalDate), st.just("2026"), st.just("1905/..")
)


def stored(units, rows):
    kind = make_unit_kind()
    body = make_external_body()
    ids = {code: place for place, code in enumerate(CODES, 1)}
    Unit.objects.bulk_create(
        Unit(
            pk=ids[code], code=code, slug=code, name_en=code, kind=kind,
            parent_id=ids.get(unit["parent"]), founded=unit["founded"],
            dissolved=unit["dissolved"], status="draft" if unit["hidden"] else "published",
        )
        for code, unit in units.items()
    )  # fmt: skip
    FormerParent.objects.bulk_create(
        FormerParent(
            code=str(number), unit_id=ids[row["unit"]], parent_id=ids.get(row["superior"]),
            external_body=body if row["superior"] == "outside" else None,
            begin=row["begin"], end=row["end"],
        )
        for number, row in enumerate(rows)
    )  # fmt: skip


def sound(drawn):
    """Units as drawn, each superior one that comes before it in the alphabet."""
    units = {}
    for place, (code, unit) in enumerate(zip(CODES, drawn, strict=True)):
        parent = CODES[unit["parent"]] if 0 <= unit["parent"] < place else None
        units[code] = unit | {"parent": parent}
    return units


@settings(
    max_examples=int(os.environ.get("AS_OF_EXAMPLES", 25)),
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
@given(
    drawn=st.lists(unit_fields, min_size=6, max_size=6),
    rows=st.lists(former, max_size=7),
    on=asked,
)
def test_the_tree_from_the_database_is_the_one_worked_out_by_hand(drawn, rows, on):
    on = HistoricalDate(str(on))
    units = sound(drawn)
    rows = [row for row in rows if row["unit"] != row["superior"]]
    naive = NaiveTree(units, rows, on, timezone.localdate())
    with transaction.atomic():
        stored(units, rows)
        as_of = AsOf(on=on)
        for of in (None, *CODES):
            if of and units[of]["hidden"]:
                continue  # nobody who cannot see it asks for what is below it
            record = Unit.objects.get(code=of) if of else None
            found = set(as_of.children(record).values_list("code", flat=True))
            assert found == naive.children(of), of
            if of and naive.exists(of):
                (one,) = as_of.count_sub_units([record])
                assert one.sub_unit_count == len(naive.children(of))
        whole = list(walk(as_of.outline))
        assert sorted(branch.unit.slug for branch in whole) == sorted(filter(naive.exists, units))
        for branch in whole:
            for below in branch.branches:
                assert naive.superior(below.unit.slug) == branch.unit.slug
        transaction.set_rollback(True)


def codes(found):
    return [unit.code for unit in found]


@pytest.fixture
def moved(db):
    """A school under the ministry since 1991, before that under the Union."""
    top = make_unit(code="top", founded="1918")
    union = make_unit(code="union", founded="1917", dissolved="1991-12-26")
    make_unit(code="school", founded="1921", parent=top)
    make_former_parent(
        Unit.objects.get(code="school"), parent=union, begin="1921", end="1991-10-18"
    )
    return {code: Unit.objects.get(code=code) for code in ("top", "union", "school")}


def test_a_unit_stands_under_its_superior_of_the_date(moved):
    before, after = AsOf(HistoricalDate("1950")), AsOf(HistoricalDate("1993"))
    assert codes(before.children(moved["union"])) == ["school"]
    assert codes(before.children(moved["top"])) == []
    assert codes(before.superiors(moved["school"])) == ["union"]
    assert codes(after.children(moved["top"])) == ["school"]
    assert codes(after.superiors(moved["school"])) == ["top"]
    assert codes(AsOf().superiors(moved["school"])) == ["top"]


def test_before_it_was_founded_a_unit_stands_nowhere(moved):
    early = AsOf(HistoricalDate("1920"))
    assert "school" not in codes(early.units())
    assert early.existence(moved["school"]) is Certainty.NO
    assert early.existence(moved["top"]) is Certainty.CERTAIN


def test_a_unit_of_unknown_founding_is_possible_in_the_past_and_certain_today(db):
    unit = make_unit()
    assert AsOf(HistoricalDate("1900")).existence(unit) is Certainty.POSSIBLE
    assert AsOf().existence(unit) is Certainty.CERTAIN
    this_year = HistoricalDate(str(timezone.localdate().year))
    assert AsOf(this_year).existence(unit) is Certainty.CERTAIN


def test_a_body_outside_counts_as_superior(db):
    body = make_external_body(code="moscow")
    hidden = make_external_body(code="secret", status="draft")
    unit, other = make_unit(), make_unit()
    make_former_parent(unit, external_body=body, begin="1920", end="1991")
    make_former_parent(other, external_body=hidden, begin="1920", end="1991")
    as_of = AsOf(HistoricalDate("1950"))
    assert as_of.superior(unit) == body
    assert as_of.superior(other) is None
    found = as_of.superiors_of([unit, other])
    assert [one.body_id for one in found[unit.pk]] == [body.pk]
    assert found[other.pk] == []
    assert set(as_of.children()) == {unit, other}


def test_before_the_first_known_superior_nothing_is_claimed(db):
    top, old = make_unit(founded="1900"), make_unit(founded="1900")
    unit = make_unit(founded="1900", parent=top)
    make_former_parent(unit, parent=old, begin="1950", end="1960")
    as_of = AsOf(HistoricalDate("1920"))
    assert as_of.superiors_of([unit]) == {unit.pk: []}
    assert as_of.superior(unit) is None
    assert unit in as_of.children()


def test_rows_in_a_ring_end(db):
    """A under B and B under A in 1950, as vague dates may say."""
    a, b = make_unit(code="a", founded="1940"), make_unit(code="b", founded="1940")
    make_former_parent(a, parent=b, begin="1950", end="1951")
    make_former_parent(b, parent=a, begin="1950", end="1951")
    as_of = AsOf(HistoricalDate("1950"))
    assert [branch.unit.slug for branch in walk(as_of.outline)] == [a.slug, b.slug]
    assert as_of.superiors(a) == [b]
    assert codes(as_of.children(a)) == ["b"]


def test_a_hidden_superior_of_the_past_leaves_no_trace(db):
    hidden = make_unit(code="hidden", status="draft", founded="1900")
    unit = make_unit(code="seen", founded="1900")
    make_former_parent(unit, parent=hidden, begin="1900", end="1990")
    as_of = AsOf(HistoricalDate("1950"))
    assert as_of.superiors(unit) == []
    assert as_of.superiors_of([unit])[unit.pk] == []
    assert codes(as_of.children()) == ["seen"]


def test_a_unit_that_ended_nobody_knows_when_before_a_date_is_not_there_after_it(db):
    """Hypothesis found this: an end known only as "by 1904" has no earliest day."""
    unit = make_unit(dissolved="/1904")
    assert AsOf(HistoricalDate("1905/..")).existence(unit) is Certainty.NO


def test_of_two_superiors_of_one_time_the_later_one_counts_in_sql_as_in_python(db):
    first, second = (
        make_unit(code="first", founded="1890"),
        make_unit(code="second", founded="1890"),
    )
    unit = make_unit(code="unit", founded="1890")
    make_former_parent(unit, parent=second, begin="1905", end="1950")
    make_former_parent(unit, parent=first, begin="1900", end="1950")
    as_of = AsOf(HistoricalDate("1920"))
    assert as_of.superiors(unit) == [second]
    assert codes(as_of.children(second)) == ["unit"]
    assert codes(as_of.children(first)) == []


def test_the_present_superior_is_not_told_of_a_time_before_the_last_former_one():
    old, new = make_unit(founded="1900"), make_unit(founded="1900")
    unit = make_unit(founded="1900", parent=new)
    make_former_parent(unit, parent=old, begin="1905-06", end="190X")
    as_of = AsOf(on=HistoricalDate("1903"))
    assert as_of.superior(unit) is None
    assert unit in as_of.children()
    assert [branch.unit.pk for branch in as_of.outline] == [old.pk, new.pk, unit.pk]
