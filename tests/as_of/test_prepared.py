"""SQL that is kept answers for every date, superior, reader and moment, not for the first one."""

import datetime

import pytest
from django.contrib.auth import get_user_model
from django.utils import timezone

from chronology import DaysAsked, HistoricalDate, days_of, in_force, possibly_in_force
from structure.as_of import AsOf, below
from structure.as_of.prepared import Among, Prepared
from tests.factories import make_dated_superior, make_external_body, make_unit
from units.models import Unit

pytestmark = pytest.mark.django_db


@pytest.fixture
def tops():
    """Two tops with a child each; ``child`` stood under the other one until 1950, ``guest`` under
    a body outside."""
    first, second = (
        make_unit(slug="first", founded="1900"),
        make_unit(slug="second", founded="1900"),
    )
    child = make_unit(slug="child", founded="1900", parent=first)
    make_dated_superior(child, parent=second, begin="1900", end="1950")
    guest = make_unit(slug="guest", founded="1900", parent=second)
    make_dated_superior(guest, external_body=make_external_body(), begin="1900", end="1950")
    return first, second


def slugs(units):
    return [unit.slug for unit in units]


def at(year, user=None):
    return AsOf(HistoricalDate(year), user)


def test_one_query_serves_other_dates_and_other_superiors(tops):
    first, second = tops
    assert slugs(at("1920").sub_units(second)) == ["child"]
    assert slugs(at("1960").sub_units(second)) == ["guest"]
    assert slugs(at("1960").sub_units(first)) == ["child"]
    assert slugs(at("1920").sub_units(first)) == []
    assert slugs(at("1940/1960").sub_units(second)) == ["guest"]  # the own row held at the end
    assert slugs(at("1920").known_tops()) == ["first", "second", "guest"]
    assert slugs(at("1960").known_tops()) == ["first", "second"]
    assert slugs(at("1890").known_tops()) == []
    this_year = at(str(timezone.localdate().year))
    assert slugs(this_year.known_tops()) == ["first", "second"]
    assert slugs(this_year.sub_units(second)) == ["guest"]


def test_as_many_superiors_as_there_are(tops):
    first, second = (unit.pk for unit in tops)
    child = Unit.objects.get(slug="child").pk
    guest = Unit.objects.get(slug="guest").pk
    for on, numbers, places in (
        ("1920", {second: 1}, [(child, second)]),
        ("1960", {first: 1, second: 1}, [(child, first), (guest, second)]),
    ):
        assert below.numbers(at(on), [second, first]) == numbers
        assert below.numbers(at(on), [second]) == {second: 1}
        assert below.numbers(at(on), []) == {}
        assert sorted(below.places(at(on), [first, second], 9)) == places
        assert len(below.places(at(on), [first, second], 1)) == 1


def test_who_may_see_drafts_sees_them_and_nobody_else_does(tops):
    Unit.objects.filter(slug="child").update(status="draft")
    boss = get_user_model().objects.create_superuser("boss", "boss@example.org", "x")
    second = tops[1]
    for user, seen in ((None, 0), (boss, 1), (None, 0), (boss, 1)):
        assert len(at("1920", user).sub_units(second)) == seen
        assert below.numbers(at("1920", user), [second.pk])[second.pk] == seen


def test_what_is_published_later_appears_then(tops, monkeypatch):
    first = tops[0]
    later = timezone.now() + datetime.timedelta(hours=2)
    Unit.objects.filter(slug="child").update(publish_at=later)
    assert below.numbers(at("1960"), [first.pk])[first.pk] == 0
    monkeypatch.setattr(timezone, "now", lambda: later + datetime.timedelta(hours=1))
    assert below.numbers(at("1960"), [first.pk])[first.pk] == 1


def test_django_writes_the_query_once_for_each_kind_of_reader(tops):
    built = []

    def build(units, on):
        built.append(on)
        return units.filter(Among("parent")).values("pk")

    prepared = Prepared(build)
    for on in ("1920", "1960"):
        assert len(prepared.rows(at(on), [unit.pk for unit in tops])) == 2
        assert Unit.objects.filter(pk__in=prepared.as_subquery(at(on), [tops[0].pk])).count() == 1
    assert len(built) == 1


@pytest.mark.parametrize("asked", ["1920", "1920-05-03", "/1950", "1950/", "../1917", "1991/.."])
def test_the_days_asked_about_stand_for_the_date(asked):
    on = HistoricalDate(asked)
    days = DaysAsked.of(on)
    assert in_force(days) == in_force(on)
    assert possibly_in_force(days) == possibly_in_force(on)
    assert days_of(days) == days_of(on)
    assert days_of(days, surely=True) == days_of(on, surely=True)
