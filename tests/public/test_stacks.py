"""Pages of very many names: in the order of the alphabet, and each name once."""

import random

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from chronology import HistoricalDate
from tests.factories import make_former_name, make_unit_kind
from units import stacks
from units.alphabet import letter_of, sort_key
from units.as_of import AsOf
from units.index import ENTRIES_A_PAGE, Index
from units.models import Unit, UnitKind

pytestmark = pytest.mark.django_db

BEGINNINGS = ("Şəki idarəsi", "Şəki", "Şəki-idarə", "ŞƏKİ", "şəki", "Şamaxı", "Şa", "Ş", "Şuşa “A”")
ENDS = ("", " 1", " 12", " 12-a", "-x", "x", " şöbəsi", "  ", ".", " Ъ", " 🙂", " %", "_", "\\")


@pytest.fixture
def few_at_once(monkeypatch):
    monkeypatch.setattr(stacks, "AT_ONCE", 7)


def make_units(names, **fields):
    """Units of these names, written at once."""
    start = Unit.objects.count()
    fields = {"kind": UnitKind.objects.first() or make_unit_kind(), "status": "published"} | fields
    Unit.objects.bulk_create(
        Unit(code=f"n{number}", slug=f"n{number}", **name, **fields)
        for number, name in enumerate(names, start)
    )


def make_names(count, seed=3, **fields):
    """Units with names under one letter that begin alike, many of them more than once."""
    make_units(({"name_az": name} for name in names_alike(count, seed)), **fields)


def names_alike(count, seed=3):
    chance = random.Random(seed)
    for _ in range(count):
        yield f"{chance.choice(BEGINNINGS)}{chance.choice(ENDS)}{chance.choice(ENDS)}".strip()


def pages_of(index, letter):
    """All entries of the letter, page after page, as ``(unit id, name)``."""
    first, found, number = index.page(letter, 1), [], 1
    while True:
        shown = index.page(letter, number) if number > 1 else first
        found += [(one.unit_id, one.name) for one in shown.groups[0][1]]
        if number >= shown.page.paginator.num_pages:
            return found
        number += 1


def in_alphabet(names, language):
    return sorted(names, key=lambda row: (sort_key(row[1], language), row[0]))


def listed_today(letter, language):
    own, other = ("name_az", "name_en") if language == "az" else ("name_en", "name_az")
    rows = Unit.objects.rewrite(False).values_list("pk", own, other, "code")
    names = [(pk, one or two or code) for pk, one, two, code in rows]
    return in_alphabet([row for row in names if letter_of(row[1], language) == letter], language)


@pytest.mark.parametrize("language", ["az", "en"])
def test_pages_of_a_full_letter_hold_each_name_once_in_order(few_at_once, language):
    make_names(330)
    index = Index(AsOf(), language)
    for letter, count in index.letters:
        if count:
            found = pages_of(index, letter)
            assert found == listed_today(letter, language)
            assert len(found) == count


def test_names_in_either_language_stand_together(few_at_once):
    make_names(200)
    make_units(
        {
            "name_en": f"Şəki office {n % 40}",
            "name_az": ("" if n % 2 else None) if n % 3 else f"Ş {n}",
        }
        for n in range(150)
    )
    for language in ("az", "en"):
        index = Index(AsOf(), language)
        assert pages_of(index, "Ş" if language == "az" else "S") == listed_today(
            "Ş" if language == "az" else "S", language
        )


def test_on_a_past_date_former_names_stand_among_them_and_others_are_left_out(few_at_once):
    make_names(320, founded="1900")
    units = list(Unit.objects.order_by("pk"))
    for number, unit in enumerate(units[::3]):
        make_former_name(unit, name_az=f"Şəki köhnə {number % 25}", begin="1900", end="1950")
    names = dict(listed_today("Ş", "az"))
    names |= {unit.pk: f"Şəki köhnə {n % 25}" for n, unit in enumerate(units[::3])}
    index = Index(AsOf(HistoricalDate("1925")), "az")
    assert pages_of(index, "Ş") == in_alphabet(names.items(), "az")
    assert index.count == len(units)


def test_hidden_names_neither_count_nor_show(few_at_once):
    make_names(310)
    make_names(60, seed=9, status="draft")
    index = Index(AsOf(), "az")
    seen = set(Unit.objects.published().values_list("pk", flat=True))
    assert {pk for pk, _name in pages_of(index, "Ş")} == seen


def test_a_page_of_a_full_letter_reads_few_names_in_few_queries(monkeypatch):
    monkeypatch.setattr(stacks, "AT_ONCE", 50)
    make_units({"name_az": f"Şəki idarəsi {n}"} for n in range(1500))
    index = Index(AsOf(), "az")
    with CaptureQueriesContext(connection) as queries:
        shown = index.page("Ş", 7)
    assert len(shown.groups[0][1]) == ENTRIES_A_PAGE
    assert len(queries) < 16


def test_many_units_of_one_name_come_in_a_fixed_order(few_at_once):
    make_units({"name_az": "Şöbə"} for _ in range(310))
    found = pages_of(Index(AsOf(), "az"), "Ş")
    assert found == sorted(found)
    assert len(found) == 310
