"""The tree of a date, from the database, is the one that a person would work out by hand."""

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import example, given
from hypothesis import strategies as st

from chronology import Certainty, HistoricalDate
from structure.as_of import AsOf
from structure.outline import walk
from tests.as_of.examples import examples
from tests.as_of.naive import NaiveTree
from tests.chronology.strategies import dates, plain_texts
from tests.factories import make_dated_superior, make_external_body, make_unit, make_unit_kind
from units.first_public import effect_day, settle
from units.models import DatedSuperior, Unit

pytestmark = pytest.mark.django_db

CODES = "abcdef"
YEARS = st.integers(1900, 1912)
text = st.one_of(st.just(""), plain_texts(YEARS))
an_end = st.one_of(
    text, plain_texts(YEARS), st.just("1903/1907"), st.just("1904/"), st.just("/1904")
)
since = st.one_of(text, st.just("/1904"), st.just("1903/1907"), st.just("1904?"))
unit_fields = st.fixed_dictionaries(
    {
        "parent": st.integers(-1, 5),
        "since": since,
        "founded": text,
        "attested": st.one_of(st.just(""), plain_texts(YEARS)),
        "dissolved": st.one_of(st.just(""), st.just(""), an_end),
        "hidden": st.sampled_from([False, False, False, True]),
    }
)
dated = st.fixed_dictionaries(
    {
        "unit": st.sampled_from(CODES),
        "superior": st.sampled_from([*CODES, "outside", "top", "?"]),
        "begin": since,
        "end": an_end,
        "announced": st.booleans(),
    }
)
# The first of January to come is a day of the tests, and two later ones; those in the past are due.
NEXT = timezone.localdate().year + 1
A_DAY = [f"{NEXT}-01-01", f"{NEXT}-06-15", f"{NEXT + 1}-01-01", "1904-05-01", "1906-01-01"]
to_come = st.fixed_dictionaries(
    {
        "unit": st.sampled_from(CODES),
        "superior": st.sampled_from([*CODES, "outside", "top", "?"]),
        "begin": st.sampled_from(A_DAY),
        "end": st.just(""),
        "announced": st.booleans(),
    }
)
asked = st.one_of(
    dates(YEARS), plain_texts(YEARS).map(HistoricalDate), st.just("2025"), st.just("1905/..")
)
asked_later = st.sampled_from(
    [
        *A_DAY, str(NEXT - 1), str(NEXT), str(NEXT + 1), f"{NEXT - 1}-12-31", f"{NEXT}-06-14",
        f"{NEXT}-06", f"{str(NEXT)[:3]}X", f"{NEXT}/..", f"1905/{NEXT}", "9999", "1905", "1906/..",
        timezone.localdate().isoformat(),
    ]
)  # fmt: skip
DATES = {"founded": "founded", "attested": "attested", "dissolved": "dissolved",
         "superior_since": "since"}  # fmt: skip


def stored(units, rows, outside):
    """Stores them; writes into ``units`` what settling has made of their dates."""
    kind = make_unit_kind()
    body = make_external_body(founded=outside[0], dissolved=outside[1])
    ids = {code: place for place, code in enumerate(CODES, 1)}
    made = []
    for code, unit in units.items():
        made.append(
            Unit(
                pk=ids[code], code=code, slug=code, name_en=code, kind=kind,
                parent_id=ids.get(unit["parent"]),
                status="draft" if unit["hidden"] else "published",
                **{name: unit[ours] for name, ours in DATES.items()},
            )
        )  # fmt: skip
        settle(made[-1])
        unit |= {ours: str(getattr(made[-1], name) or "") for name, ours in DATES.items()}
    Unit.objects.bulk_create(made)
    DatedSuperior.objects.bulk_create(
        DatedSuperior(
            code=str(number), unit_id=ids[row["unit"]], parent_id=ids.get(row["superior"]),
            external_body=body if row["superior"] == "outside" else None,
            at_top=row["superior"] == "top", begin=row["begin"], end=row["end"],
            announced=row["announced"],
            takes_effect=effect_day(
                *(HistoricalDate(row[end]) if row[end] else None for end in ("begin", "end")),
                made[ids[row["unit"]] - 1].superior_since,
            ),
        )
        for number, row in enumerate(rows)
    )  # fmt: skip
    return {pk: code for code, pk in ids.items()}


def sound(drawn):
    """Units as drawn, each superior one that comes before it in the alphabet."""
    units = {}
    for place, (code, unit) in enumerate(zip(CODES, drawn, strict=True)):
        parent = CODES[unit["parent"]] if 0 <= unit["parent"] < place else None
        units[code] = unit | {"parent": parent}
    return units


@examples(60, shrink=True)
@given(
    drawn=st.lists(unit_fields, min_size=6, max_size=6),
    rows=st.lists(dated, max_size=7),
    on=asked,
    outside=st.tuples(text, text),
)
@example(  # a hidden unit that is at the top today and may have stood under another before
    drawn=[
        {"parent": parent, "since": "", "founded": "", "attested": "", "dissolved": "",
         "hidden": parent < 0}
        for parent in (-1, -1, 0, 0, 0, 0)
    ],
    rows=[{"unit": "a", "superior": "b", "begin": "", "end": "", "announced": False}],
    on="2025",
    outside=("", ""),
)  # fmt: skip
def test_the_tree_from_the_database_is_the_one_worked_out_by_hand(drawn, rows, on, outside):
    check(drawn, rows, on, outside=outside)


@examples(60, shrink=True)
@given(
    drawn=st.lists(unit_fields, min_size=6, max_size=6),
    rows=st.lists(st.one_of(to_come, to_come, dated), max_size=7),
    on=asked_later,
    editor=st.booleans(),
)
def test_so_is_the_tree_of_a_day_to_come(drawn, rows, on, editor):
    if editor:  # to whom nobody is hidden
        drawn = [unit | {"hidden": False} for unit in drawn]
    check(drawn, rows, on, editor)


class Editor:
    """Somebody who may edit everything."""

    is_active = is_staff = True

    @staticmethod
    def has_perm(name):
        return True


def check(drawn, rows, on, editor=False, outside=("", "")):
    on = HistoricalDate(str(on))
    units = sound(drawn)
    rows = [row for row in rows if row["unit"] != row["superior"]]
    with transaction.atomic():
        names = stored(units, rows, outside)
        naive = NaiveTree(units, rows, on, timezone.localdate(), editor, outside)
        as_of = AsOf(on=on, user=Editor() if editor else None)
        records = {unit.code: unit for unit in Unit.objects.all()}
        seen = {code: unit for code, unit in records.items() if not units[code]["hidden"]}
        held = as_of.superiors_of(seen.values())
        for code, unit in seen.items():
            found = [
                (
                    one.certainty.value,
                    names.get(one.unit_id) or ("outside" if one.body_id else "top"),
                )
                for one in held[unit.pk]
            ]
            told = [one for one in naive.superiors(code) if one[1] != "top over hidden"]
            assert found == told, told_of(naive, code)
        check_outline(as_of, naive, units)
        # Of several superiors, one of them hidden, queries prefer before they pass it over.
        hidden = any(unit["hidden"] for unit in units.values())
        if not (hidden and any(len(naive.candidates(code)) > 1 for code in units)):
            check_queries(as_of, naive, records)
        transaction.set_rollback(True)


def told_of(naive, code):
    """What a failing example is about."""
    rows = [row for row in naive.rows if row["unit"] == code]
    named = {code, naive.units[code]["parent"], *(row["superior"] for row in rows)}
    units = [{one: list(unit.values())} for one, unit in naive.units.items() if one in named]
    return str(naive.on), str(units), str(rows), naive.candidates(code)


def check_outline(as_of, naive, units):
    whole = list(walk(as_of.outline + as_of.outline_unplaced))
    missing = set(filter(naive.seen, units)) - {branch.unit.slug for branch in whole}
    assert not missing, [(code, units[code], naive.superiors(code)) for code in missing]
    for branch in whole:
        for below in branch.branches:
            assert naive.place(below.unit.slug) == branch.unit.slug
    for branch in as_of.outline_unplaced:
        assert naive.place(branch.unit.slug) == "?"


def check_queries(as_of, naive, records):
    for code, unit in records.items():
        if naive.seen(code):
            found = set(as_of.sub_units(unit).values_list("code", flat=True))
            assert found == naive.placed(code), [
                told_of(naive, one) for one in found ^ naive.placed(code)
            ]
            (one,) = as_of.count_sub_units([unit])
            assert one.sub_unit_count == len(found)
    assert set(codes(as_of.known_tops())) == naive.placed("top")
    assert set(codes(as_of.unplaced())) == naive.placed("?")


def codes(found):
    return [unit.code for unit in found]


@pytest.fixture
def moved(db):
    """A school under the ministry since 1991, before that under the Union."""
    top = make_unit(code="top", founded="1918")
    union = make_unit(code="union", founded="1917", dissolved="1991-12-26")
    make_unit(code="school", founded="1921", parent=top)
    make_dated_superior(
        Unit.objects.get(code="school"), parent=union, begin="1921", end="1991-10-18"
    )
    return {code: Unit.objects.get(code=code) for code in ("top", "union", "school")}


def test_a_unit_stands_under_its_superior_of_the_date(moved):
    before, after = AsOf(HistoricalDate("1950")), AsOf(HistoricalDate("1993"))
    assert codes(before.sub_units(moved["union"])) == ["school"]
    assert codes(before.sub_units(moved["top"])) == []
    assert codes(before.superiors(moved["school"])) == ["union"]
    assert codes(after.sub_units(moved["top"])) == ["school"]
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
    make_dated_superior(unit, external_body=body, begin="1920", end="1991")
    make_dated_superior(other, external_body=hidden, begin="1920", end="1991")
    as_of = AsOf(HistoricalDate("1950"))
    assert as_of.superior(unit) == body
    assert as_of.superior(other) is None
    found = as_of.superiors_of([unit, other])
    assert [one.body_id for one in found[unit.pk]] == [body.pk]
    assert found[other.pk] == []
    assert set(as_of.known_tops()) == {unit}
    assert set(as_of.unplaced()) == {other}


def test_before_the_first_known_superior_nothing_is_claimed(db):
    top, old = make_unit(founded="1900"), make_unit(founded="1900")
    unit = make_unit(founded="1900", parent=top)
    make_dated_superior(unit, parent=old, begin="1950", end="1960")
    as_of = AsOf(HistoricalDate("1920"))
    assert as_of.superiors_of([unit]) == {unit.pk: []}
    assert as_of.superior(unit) is None
    assert unit in as_of.unplaced()


def test_rows_in_a_cycle_end(db):
    """A under B and B under A in 1950, as vague dates may say."""
    a, b = make_unit(code="a", founded="1940"), make_unit(code="b", founded="1940")
    make_dated_superior(a, parent=b, begin="1950", end="1951")
    make_dated_superior(b, parent=a, begin="1950", end="1951")
    as_of = AsOf(HistoricalDate("1950"))
    assert [branch.unit.slug for branch in walk(as_of.outline)] == [a.slug, b.slug]
    assert as_of.superiors(a) == [b]
    assert codes(as_of.sub_units(a)) == ["b"]


@pytest.mark.parametrize("on", ["1950", ""])
def test_a_superior_that_existed_and_is_hidden_is_passed_over(db, on):
    top = make_unit(code="top", founded="1890")
    hidden = make_unit(code="hidden", status="draft", founded="1900", parent=top)
    unit = make_unit(code="seen", founded="1900", parent=hidden)
    other = make_unit(code="other", founded="1900", parent=None if on else hidden)
    if on:
        make_dated_superior(other, parent=hidden, begin="1900", end="1990")
    as_of = AsOf(HistoricalDate(on) if on else None)
    for one in (unit, other):
        assert as_of.superiors(one) == [top]
        assert [held.unit_id for held in as_of.superiors_of([one])[one.pk]] == [top.pk]
    assert codes(as_of.sub_units(top)) == ["other", "seen"]
    assert codes(as_of.known_tops()) == ["top"]
    assert codes(as_of.unplaced()) == []
    assert as_of.count_sub_units([top])[0].sub_unit_count == 2


@pytest.mark.parametrize(
    ("on", "known"),
    [("1994-12-31", True), ("1995-01-01", False), ("1996", False), ("", False)],
)
def test_under_whom_a_unit_stands_whose_superior_ended_is_not_known(db, on, known):
    top = make_unit(code="top", founded="1890")
    ended = make_unit(code="ended", founded="1900", dissolved="1995-01-01", parent=top)
    unit = make_unit(code="unit", founded="1900", parent=ended)
    as_of = AsOf(HistoricalDate(on) if on else None)
    assert as_of.superiors(unit) == ([top, ended] if known else [])
    assert bool(as_of.superiors_of([unit])[unit.pk]) == known
    assert codes(as_of.unplaced()) == ([] if known else ["unit"])
    assert [branch.unit.slug for branch in as_of.outline_unplaced] == ([] if known else [unit.slug])


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
    make_dated_superior(unit, parent=second, begin="1905", end="1950")
    make_dated_superior(unit, parent=first, begin="1900", end="1950")
    as_of = AsOf(HistoricalDate("1920"))
    assert as_of.superiors(unit) == [second]
    assert codes(as_of.sub_units(second)) == ["unit"]
    assert codes(as_of.sub_units(first)) == []


def test_a_superior_of_a_part_of_the_time_counts_though_none_is_known_of_the_rest(db):
    first, second = (
        make_unit(code="first", founded="1890"),
        make_unit(code="second", founded="1890"),
    )
    unit = make_unit(code="unit", founded="1890", parent=second, superior_since="1970-01-01")
    make_dated_superior(unit, parent=first, begin="1960-01-01", end="1965-01-01")
    make_dated_superior(unit, begin="1965-01-01", end="1970-01-01")
    answers = {"1960/1969": [first], "1960/1975": [first], "1966/1975": [], "1971": [second]}
    for on, superiors in answers.items():
        as_of = AsOf(HistoricalDate(on))
        assert as_of.superiors(unit) == superiors
        assert codes(as_of.sub_units(first)) == ["unit"] * (first in superiors)
        assert codes(as_of.sub_units(second)) == ["unit"] * (second in superiors)
        assert codes(as_of.unplaced()) == ["unit"] * (not superiors)


def test_a_superior_that_ended_before_the_present_one_is_certain_is_not_certain(db):
    """Also where the question reaches to today, when the unit's row is its own witness."""
    former = make_unit(code="former", founded="1890")
    parent = make_unit(code="parent", founded="1890", dissolved="1907")
    unit = make_unit(code="unit", founded="1890", parent=parent)
    make_dated_superior(unit, parent=former)
    as_of = AsOf(HistoricalDate("1906/.."))
    assert as_of.superiors(unit) == [former]
    assert codes(as_of.sub_units(former)) == ["unit"]
    assert codes(as_of.sub_units(parent)) == []
