"""What begins, ends or takes over, asked on the very day: the same in Python and in SQL."""

import datetime

import pytest
from django.utils import timezone

from chronology import Certainty, HistoricalDate, Period
from people.models import Term
from structure.as_of import AsOf
from tests.factories import make_dated_superior, make_person, make_post, make_term, make_unit
from units import due
from units.existence import witnessed
from units.models import DatedName, Unit

pytestmark = pytest.mark.django_db

CERTAIN, POSSIBLE, NO = Certainty.CERTAIN, Certainty.POSSIBLE, Certainty.NO


def on(text):
    return AsOf(HistoricalDate(text))


@pytest.fixture
def handed_over():
    """Under "first" since 1990; since 1 January 2000 it is not known any more under whom."""
    first = make_unit(code="first", founded="1900")
    unit = make_unit(code="unit", founded="1900")
    make_dated_superior(unit, parent=first, begin="1990-01-01")
    make_dated_superior(unit, begin="2000-01-01")
    unit.superior_since = HistoricalDate("2010")
    unit.save()
    return first, unit


@pytest.mark.parametrize(("text", "is_below"), [("1999-12-31", True), ("2000-01-01", False)])
def test_a_row_without_an_end_is_over_when_a_later_one_has_begun(handed_over, text, is_below):
    _first, unit = handed_over
    assert bool(on(text).superiors_of([unit])[unit.pk]) == is_below


@pytest.mark.parametrize(("text", "is_below"), [("1999-12-31", True), ("2000-01-01", False)])
def test_the_same_in_sql(handed_over, text, is_below):
    first, unit = handed_over
    assert list(on(text).sub_units(first)) == [unit] * is_below
    assert list(on(text).unplaced()) == [unit] * (not is_below)


@pytest.mark.parametrize(("days", "is_due"), [(-1, True), (0, True), (1, False)])
def test_a_row_to_come_is_due_on_its_day(days, is_due):
    unit, today = make_unit(founded="1900", name_since="1900"), timezone.localdate()
    day = today + datetime.timedelta(days=days)
    row = DatedName.objects.create(unit=unit, name_en="New", begin=str(day))
    DatedName.objects.filter(pk=row.pk).update(takes_effect=day)
    row.refresh_from_db()
    assert due.is_due(row) == due.any_due() == is_due
    (fact,) = (fact for fact in due.FACTS if fact.model is DatedName)
    assert bool(due.rows_due(fact)) == AsOf().reader.is_due == is_due


@pytest.mark.parametrize(("text", "unlisted"), [("1918-05-27", 1), ("1918-05-28", 0)])
def test_on_the_day_of_its_founding_the_institution_is_there(settings, text, unlisted):
    settings.INSTITUTION = "root"
    root = make_unit(code="root", founded="1918-05-28")
    make_unit(code="old", parent=root)
    then = on(text)
    assert then.is_before_institution == bool(unlisted)
    assert then.unlisted == unlisted


@pytest.mark.parametrize(
    ("text", "end", "holds"),
    [
        ("1939-12-31", "1999-12-31", True),
        ("1939-12-31", "2000-01-01", False),
        ("1940-01-01", "2000-01-01", True),
        ("1940-01-01", "2000-12-31", True),
        ("1940-01-01", "2001-01-01", False),
    ],
)
def test_nobody_served_for_more_than_sixty_years(text, end, holds):
    term = make_term(make_post(make_unit(founded="1800")), make_person(), end=end)
    date = HistoricalDate(text)
    assert Term.objects.in_office(date).exists() == holds
    assert bool(term.period.certainty(date)) == holds


def test_nor_one_who_serves_still():
    term = make_term(make_post(make_unit(founded="1800")), make_person())
    Term.objects.filter(pk=term.pk).update(begin=None, begin_earliest=None, begin_latest=None)
    term = Term.objects.get(pk=term.pk)
    year = timezone.localdate().year - 60
    for asked, holds in ((year, True), (year - 1, False)):
        date = HistoricalDate(f"{asked}-12-31")
        assert Term.objects.in_office(date).exists() == holds
        assert bool(term.period.certainty(date)) == holds


@pytest.mark.parametrize(("days", "sure"), [(-1, CERTAIN), (0, CERTAIN), (1, NO)])
def test_what_may_have_begun_today_has_begun(days, sure):
    """So says its row of today: in Python and in SQL."""
    today = timezone.localdate()
    first = today + datetime.timedelta(days=days)
    period = Period(first, today + datetime.timedelta(days=90), datetime.date.max, None)
    assert witnessed(period).certainty(today) is sure
    unit = make_unit(founded=f"{first}/{today + datetime.timedelta(days=90)}", status="draft")
    Unit.objects.filter(pk=unit.pk).update(attested=None, attested_certain=None)
    unit = Unit.objects.get(pk=unit.pk)
    assert AsOf().existence(unit) is sure
    assert Unit.objects.in_force(None).exists() == (sure is CERTAIN)


@pytest.mark.parametrize(("text", "sure"), [("1990-04-30", POSSIBLE), ("1990-05-01", CERTAIN)])
def test_from_the_day_on_which_a_unit_is_known_it_is_certain(text, sure):
    unit = make_unit(attested="1990-05-01")
    date = HistoricalDate(text)
    assert AsOf(date).existence(unit) is sure
    assert Unit.objects.in_force(date).exists() == (sure is CERTAIN)


@pytest.mark.parametrize(("dissolved", "sure"), [("1990-05-01", False), ("1990-05-02", True)])
def test_a_life_that_holds_no_day_is_not_certain_in_its_year(dissolved, sure):
    unit = make_unit(attested="1990-05-01", dissolved=dissolved)
    Unit.objects.filter(pk=unit.pk).update(attested_certain="1990-05-01")
    date = HistoricalDate("1990")
    assert Unit.objects.in_force(date).exists() == sure
