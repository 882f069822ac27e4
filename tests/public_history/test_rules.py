"""Each kind of event accepts what it means and tells editors what it lacks."""

import pytest
from django.utils import translation

from history.event_kinds import KINDS, kinds_that
from history.models import Participation, Side
from history.rules import problems
from units.models import ExternalBody, Unit


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


def take_part(before=0, after=0, concerned=0):
    """Unsaved participations of different units."""
    numbers = iter(range(1, 100))
    sides = [Side.BEFORE] * before + [Side.AFTER] * after + [Side.SUBJECT] * concerned
    return [
        Participation(side=side, unit=Unit(pk=number, name=f"Unit {number}"))
        for side, number in zip(sides, numbers, strict=False)
    ]


GOOD = [
    ("founding", 0, 1, 0),
    ("founding", 0, 3, 1),
    ("renaming", 0, 0, 1),
    ("transfer", 1, 1, 1),
    ("transfer", 0, 1, 2),
    ("relocation", 0, 0, 1),
    ("merger", 2, 1, 0),
    ("merger", 5, 1, 2),
    ("absorption", 1, 1, 0),
    ("split", 1, 2, 0),
    ("separation", 1, 1, 0),
    ("separation", 1, 3, 1),
    ("reorganisation", 2, 3, 0),
    ("reorganisation", 0, 0, 1),
    ("subordination", 0, 1, 1),
    ("abolition", 1, 0, 0),
    ("award", 0, 0, 1),
    ("membership", 0, 0, 1),
    ("legal-act", 0, 0, 0),
    ("other", 0, 0, 0),
    ("other", 4, 4, 4),
]
BAD = [
    ("founding", 0, 0, 0),
    ("founding", 1, 1, 0),
    ("renaming", 1, 1, 0),
    ("renaming", 0, 0, 0),
    ("transfer", 0, 0, 1),
    ("transfer", 1, 1, 0),
    ("transfer", 1, 2, 1),
    ("relocation", 0, 0, 0),
    ("merger", 1, 1, 0),
    ("merger", 2, 2, 0),
    ("absorption", 0, 1, 0),
    ("absorption", 2, 0, 0),
    ("split", 1, 1, 0),
    ("split", 2, 2, 0),
    ("separation", 1, 0, 0),
    ("separation", 2, 1, 0),
    ("reorganisation", 1, 0, 0),
    ("reorganisation", 0, 0, 0),
    ("subordination", 0, 0, 1),
    ("subordination", 1, 1, 0),
    ("abolition", 0, 0, 1),
    ("abolition", 1, 1, 0),
    ("award", 0, 0, 0),
    ("membership", 1, 0, 1),
    ("legal-act", 0, 1, 0),
]


def test_every_kind_is_tried_here():
    assert {kind for kind, *_numbers in GOOD} == set(KINDS)
    assert {kind for kind, *_numbers in BAD} == set(KINDS) - {"other"}


@pytest.mark.parametrize(("kind", "before", "after", "concerned"), GOOD)
def test_what_a_kind_means_is_accepted(kind, before, after, concerned):
    assert problems(kind, take_part(before, after, concerned)) == []


@pytest.mark.parametrize(("kind", "before", "after", "concerned"), BAD)
def test_what_contradicts_a_kind_is_told_with_the_numbers(kind, before, after, concerned):
    rule, numbers = problems(kind, take_part(before, after, concerned))
    assert rule == str(KINDS[kind].sentence)
    assert numbers == (f"Entered now: {before} before, {after} after, {concerned} concerned.")


def test_bodies_outside_count_too():
    body = Participation(side="after", external_body=ExternalBody(pk=1))
    assert problems("founding", [body]) == []


def test_an_empty_row_of_the_form_does_not_count():
    assert problems("founding", [*take_part(after=1), Participation(side="before")]) == []


def test_in_a_merger_nothing_survives():
    first, second, third = take_part(before=2, after=1)
    third.unit = first.unit
    assert problems("merger", [first, second, third]) == [
        "Unit 1 stands both before and after. In this kind of event nothing does."
    ]


def test_what_absorbs_or_is_left_may_stand_on_both_sides():
    first, second, third = take_part(before=2, after=1)
    third.unit = first.unit
    assert problems("absorption", [first, second, third]) == []
    first, second, third = take_part(before=1, after=2)
    second.unit = first.unit
    assert problems("separation", [first, second, third]) == []


def test_a_separation_leaves_something_new_and_an_absorption_takes_something_in():
    first, second = take_part(before=1, after=1)
    second.unit = first.unit
    assert problems("separation", [first, second]) == [
        "Enter after the separation at least one unit that is new."
    ]
    assert problems("absorption", [first, second]) == [
        "Enter before the absorption at least one unit that is taken in."
    ]


def test_an_unknown_kind_is_left_to_the_form():
    assert problems("wild", take_part(before=1)) == []


MEANINGS = {
    "changes_units": set(KINDS) - {"award", "membership", "legal-act", "other"},
    "may_begin": {
        "founding", "merger", "absorption", "split", "separation", "reorganisation",
    },
    "closes": {"abolition", "merger", "absorption", "split", "reorganisation"},
    "surely_closes": {"abolition", "merger", "split"},
    "is_landmark": {"founding", "merger", "separation", "reorganisation", "subordination"},
    "is_moment": set(KINDS) - {"other"},
    "is_named": set(KINDS) - {"other"},
}  # fmt: skip


@pytest.mark.parametrize("meaning", MEANINGS)
def test_what_kinds_mean(meaning):
    assert set(kinds_that(meaning)) == MEANINGS[meaning]
