"""The name of a date: what the unit was called then, and how surely."""

from datetime import timedelta

import pytest
from django.utils import timezone
from django.utils.translation import override

from chronology import Certainty, HistoricalDate
from structure.as_of import AsOf
from structure.as_of import names as names_module
from tests.factories import make_dated_name, make_unit
from units.models import DatedName, Unit

pytestmark = pytest.mark.django_db


def on(text):
    return AsOf(HistoricalDate(text))


@pytest.fixture
def academy(db):
    unit = make_unit(code="academy", name_az="Akademiya", name_en="Academy", founded="1921")
    make_dated_name(unit, name_az="Məktəb", name_en="School", begin="1921", end="1957")
    make_dated_name(
        unit, name_az="Orta məktəb", name_en="Secondary school", begin="1957", end="1992-05-23"
    )
    return Unit.objects.get(pk=unit.pk)


@pytest.mark.parametrize(
    ("text", "name"),
    [("1930", "School"), ("1958", "Secondary school"), ("1992-05-22", "Secondary school"),
     ("1992-05-23", "Academy"), ("2020", "Academy")],
)  # fmt: skip
def test_a_unit_bears_the_name_of_the_date(academy, text, name):
    with override("en"):
        assert on(text).name(academy) == name
    assert on(text).names.held(academy).certainty is Certainty.CERTAIN


def test_of_the_year_of_a_renaming_the_name_that_certainly_held_in_it_is_given(academy):
    assert [one.text("en") for one in on("1957").names.of([academy])[academy.pk]] == [
        "Secondary school"
    ]
    assert [one.text("en") for one in on("1957-06").names.of([academy])[academy.pk]] == [
        "School",
        "Secondary school",
    ]


def test_before_the_first_known_name_none_is_claimed(academy):
    unit = make_unit(name_en="Now", founded="1900")
    make_dated_name(unit, name_en="Then", begin="1950", end="1960")
    as_of = on("1920")
    assert as_of.names.of([unit]) == {unit.pk: []}
    assert as_of.names.held(unit) is None
    with override("en"):
        assert as_of.name(unit) == "Now"  # shown, and marked as today's


@pytest.mark.parametrize(
    ("since", "text", "certainty"),
    [
        ("1930-05-01", "1930-04-30", None), ("1930-05-01", "1930-05-01", Certainty.CERTAIN),
        ("1930?", "1930-12-31", Certainty.POSSIBLE), ("1930?", "1929-12-31", None),
        ("/1930-05-01", "1930-04-30", Certainty.POSSIBLE),
        ("/1930-05-01", "1930-05-01", Certainty.CERTAIN),
        (None, "1930-05-01", Certainty.POSSIBLE),
    ],
)  # fmt: skip
def test_the_present_name_holds_from_its_since(db, since, text, certainty):
    held = on(text).names.held(make_unit(founded="1900", name_since=since))
    assert (held and held.certainty) is certainty


def test_what_is_first_public_today_is_certain_from_today_on(db):
    unit = make_unit(name_since=None)
    today, yesterday = timezone.localdate(), timezone.localdate() - timedelta(days=1)
    assert AsOf().names.held(unit).certainty is Certainty.CERTAIN
    assert on(today.isoformat()).names.held(unit).certainty is Certainty.CERTAIN
    assert on(yesterday.isoformat()).names.held(unit).certainty is Certainty.POSSIBLE


def test_a_row_without_a_name_says_that_none_is_known(db):
    unit = make_unit(name_en="Now", founded="1900", name_since="/1990-01-01")
    make_gap(unit, "1920-04-28", "1991-10-18")
    assert on("1920-04-27").names.held(unit).certainty is Certainty.POSSIBLE
    for text in ("1920-04-28", "1950", "1990-06-01", "1991-10-17"):  # outranks the present one
        assert on(text).names.of([unit]) == {unit.pk: []}
        with override("en"):
            assert on(text).name(unit) == "Now"  # shown, and marked as today's
    assert on("1991-10-18").names.held(unit).certainty is Certainty.CERTAIN


def test_where_not_knowing_is_merely_possible_only_what_is_certain_is_given(db):
    unit = make_unit(name_en="Now", founded="1900", name_since="/1990-01-01")
    make_dated_name(unit, name_en="Old", begin="1900", end="1921")
    make_gap(unit, "1920", "1991")
    unit.name_since = "/1990-01-01"
    unit.save()
    assert [one.text("en") for one in on("1920-06-01").names.of([unit])[unit.pk]] == ["Old"]
    assert on("1991-06-01").names.held(unit).certainty is Certainty.CERTAIN
    unit.name_since = "1995"
    unit.save()
    assert on("1991-06-01").names.of([unit]) == {unit.pk: []}


def make_gap(unit, begin, end):
    return DatedName.objects.create(unit=unit, name_az="", name_en="", begin=begin, end=end)


def test_after_a_name_whose_end_is_unknown_both_are_possible_the_older_first(db):
    unit = make_unit(name_en="Now")
    make_dated_name(unit, name_en="Oldest", begin="1921")
    make_dated_name(unit, name_en="Old", begin="1957")
    found = on("1980").names.of([unit])[unit.pk]
    assert [(one.text("en"), one.certainty) for one in found] == [
        ("Old", Certainty.POSSIBLE),
        ("Now", Certainty.POSSIBLE),
    ]
    assert [one.text("en") for one in on("1930").names.of([unit])[unit.pk]] == ["Oldest"]
    assert str(found[1].begin) == f"1957/{timezone.localdate()}"


def test_today_the_row_says_the_name(academy):
    assert [one.text("en") for one in AsOf().names.of([academy])[academy.pk]] == ["Academy"]


def test_the_language_of_a_former_name_is_told(db):
    unit = make_unit(name_en="Now")
    make_dated_name(unit, name_en="", name_az="Köhnə", begin="1900", end="1950")
    with override("en"):
        assert (on("1930").name(unit), on("1930").name_language(unit)) == ("Köhnə", "az")
        assert on("1960").name_language(unit) == ""


@pytest.mark.parametrize("few", [0, 500])
def test_names_are_read_at_once(academy, monkeypatch, django_assert_num_queries, few):
    monkeypatch.setattr(names_module, "FEW_DATED_NAMES", few)
    as_of = on("1930")
    as_of.prepare(units := [academy, *(make_unit() for _ in range(20))])
    with django_assert_num_queries(0), override("en"):
        assert [as_of.name(unit) for unit in units].count("School") == 1


def test_after_its_end_a_unit_bears_the_last_name_even_if_a_former_one_has_no_known_end(db):
    unit = make_unit(name_en="Police College", founded="1921", dissolved="1992-05-23")
    make_dated_name(unit, name_en="Militia School", begin="1957", end=None)
    with override("en"):
        assert on("1992-05-21").name(unit) == "Militia School"
        assert on("1992-05-22").name(unit) == "Police College"  # with which it ended
        assert on("1992").name(unit) == "Police College"
        assert on("1992-05-23").name(unit) == on("2020").name(unit) == "Police College"
        assert on("2020").names.others(unit) == []


def test_before_it_was_founded_a_unit_goes_by_the_name_on_its_row(db):
    unit = make_unit(name_en="Police College", founded="1921")
    make_dated_name(unit, name_en="Militia School", begin=None, end="1957")
    with override("en"):
        assert on("1842").name(unit) == "Police College"
        assert on("1921").name(unit) == "Militia School"


def test_a_unit_that_may_have_ended_keeps_the_older_name_first(db):
    unit = make_unit(name_en="Police College", founded="1921", dissolved="2010/2030")
    make_dated_name(unit, name_en="Militia School", begin="1957", end=None)
    with override("en"):
        assert on("2020").name(unit) == "Militia School"
