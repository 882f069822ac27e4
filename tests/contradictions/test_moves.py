"""Dragging and the page "Place…": what a move contradicts is refused, or asked about."""

import re

import pytest
from django.urls import reverse

from tests.admin.forms import changed_since, fields_of
from tests.admin.test_tree import drop
from tests.factories import make_dated_superior, make_unit
from units.models import DatedSuperior

pytestmark = pytest.mark.django_db


@pytest.fixture
def young(db):
    return make_unit(founded="1980-01-01", name_en="Young")


@pytest.fixture
def old(db):
    return make_unit(founded="1900-01-01", superior_since="1900-01-01", name_en="Old")


def tick_in(html):
    return re.search(r'name="looked_at" value="([0-9a-f]+)"', html)[1]


def test_a_move_that_closes_a_cycle_is_refused(boss):
    top = make_unit(founded="1900-01-01", name_en="Top")
    below = make_unit(founded="1900-01-01", name_en="Below", superior_since="1900-01-01")
    make_dated_superior(top, parent=below, begin="1960-01-01", end="1965-01-01")
    answer = drop(boss, below, "inside", top)
    assert answer.status_code == 400
    assert "in a circle" in answer.json()["sentence"]
    below.refresh_from_db()
    assert below.parent is None


def test_a_superior_founded_later_needs_a_second_look(boss, old, young):
    said = changed_since("superior", "1950-01-01")
    asked = drop(boss, old, "inside", young, **said).json()
    assert "was founded later" in asked["question"]
    old.refresh_from_db()
    assert old.parent is None
    assert not DatedSuperior.objects.exists()
    tick = tick_in(asked["question"])
    other = changed_since("superior", "1951-01-01")
    assert "question" in drop(boss, old, "inside", young, looked_at=tick, **other).json()
    assert "moved" in drop(boss, old, "inside", young, looked_at=tick, **said).json()
    old.refresh_from_db()
    assert old.parent == young


def test_nothing_is_asked_from_the_day_of_the_founding_on(boss, old, young):
    said = changed_since("superior", "1980-01-01")
    assert "moved" in drop(boss, old, "inside", young, **said).json()


def test_the_page_place_asks_too(boss, old, young):
    place = reverse("admin:units_unit_place", args=[old.pk])
    said = changed_since("superior", "1950-01-01")
    values = {**fields_of(boss.get(place)), "superior": young.pk, "position": "", **said}
    answer = boss.post(place, values)
    assert "was founded later" in answer.content.decode()
    assert "The unit was not moved." in answer.content.decode()
    old.refresh_from_db()
    assert old.parent is None
    values["looked_at"] = tick_in(answer.content.decode())
    assert boss.post(place, values).status_code == 302
    old.refresh_from_db()
    assert old.parent == young


def test_a_draft_is_moved_without_a_question(boss, young):
    draft = make_unit(
        founded="1900-01-01", superior_since="1900-01-01", name_since="", status="draft"
    )
    assert "moved" in drop(boss, draft, "inside", young).json()
