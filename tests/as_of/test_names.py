"""The name of a date: what the unit was called then, and how surely."""

import pytest
from django.utils.translation import override

from chronology import Certainty, HistoricalDate
from tests.factories import make_former_name, make_unit
from units import as_of as as_of_module
from units.as_of import AsOf
from units.models import Unit

pytestmark = pytest.mark.django_db


def on(text):
    return AsOf(HistoricalDate(text))


@pytest.fixture
def academy(db):
    unit = make_unit(code="academy", name_az="Akademiya", name_en="Academy", founded="1921")
    make_former_name(unit, name_az="Məktəb", name_en="School", begin="1921", end="1957")
    make_former_name(
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
    assert on(text).name_held(academy).certainty is Certainty.CERTAIN


def test_in_the_year_of_a_renaming_both_names_are_known_the_later_first(academy):
    assert [one.en for one in on("1957").names_of([academy])[academy.pk]] == [
        "Secondary school",
        "School",
    ]


def test_before_the_first_known_name_none_is_claimed(academy):
    unit = make_unit(name_en="Now", founded="1900")
    make_former_name(unit, name_en="Then", begin="1950", end="1960")
    as_of = on("1920")
    assert as_of.names_of([unit]) == {unit.pk: []}
    assert as_of.name_held(unit) is None
    with override("en"):
        assert as_of.name(unit) == "Now"  # shown, and marked as today's


def test_without_former_names_the_present_one_was_always_borne(db):
    held = on("1930").name_held(make_unit(founded="1900"))
    assert held.is_present
    assert held.certainty is Certainty.CERTAIN


def test_after_a_name_whose_end_is_unknown_both_are_possible_the_older_first(db):
    unit = make_unit(name_en="Now")
    make_former_name(unit, name_en="Oldest", begin="1921")
    make_former_name(unit, name_en="Old", begin="1957")
    found = on("1980").names_of([unit])[unit.pk]
    assert [(one.en, one.certainty) for one in found] == [
        ("Old", Certainty.POSSIBLE),
        ("Now", Certainty.POSSIBLE),
    ]
    assert [one.en for one in on("1930").names_of([unit])[unit.pk]] == ["Oldest"]
    assert str(found[1].begin) == "1957/"


def test_today_the_row_says_the_name(academy):
    assert [one.en for one in AsOf().names_of([academy])[academy.pk]] == ["Academy"]


def test_the_language_of_a_former_name_is_told(db):
    unit = make_unit(name_en="Now")
    make_former_name(unit, name_en="", name_az="Köhnə", begin="1900", end="1950")
    with override("en"):
        assert (on("1930").name(unit), on("1930").name_language(unit)) == ("Köhnə", "az")
        assert on("1960").name_language(unit) == ""


@pytest.mark.parametrize("few", [0, 500])
def test_names_are_read_at_once(academy, monkeypatch, django_assert_num_queries, few):
    monkeypatch.setattr(as_of_module, "FEW_FORMER_NAMES", few)
    as_of = on("1930")
    as_of.prepare(units := [academy, *(make_unit() for _ in range(20))])
    with django_assert_num_queries(0), override("en"):
        assert [as_of.name(unit) for unit in units].count("School") == 1


def test_after_its_end_a_unit_bears_the_last_name_even_if_a_former_one_has_no_known_end(db):
    unit = make_unit(name_en="Police College", founded="1921", dissolved="1992-05-23")
    make_former_name(unit, name_en="Militia School", begin="1957", end=None)
    with override("en"):
        assert on("1992-05-22").name(unit) == "Militia School"
        assert on("1992").name(unit) == "Militia School"
        assert on("1992-05-23").name(unit) == on("2020").name(unit) == "Police College"
        assert on("2020").other_names(unit) == []


def test_before_it_was_founded_a_unit_goes_by_the_name_on_its_row(db):
    unit = make_unit(name_en="Police College", founded="1921")
    make_former_name(unit, name_en="Militia School", begin=None, end="1957")
    with override("en"):
        assert on("1842").name(unit) == "Police College"
        assert on("1921").name(unit) == "Militia School"


def test_a_unit_that_may_have_ended_keeps_the_older_name_first(db):
    unit = make_unit(name_en="Police College", founded="1921", dissolved="2010/2030")
    make_former_name(unit, name_en="Militia School", begin="1957", end=None)
    with override("en"):
        assert on("2020").name(unit) == "Militia School"
