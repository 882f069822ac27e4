"""Pages of very many names: in the order of the alphabet, and each name once."""

import random

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from chronology import HistoricalDate
from exchange.writing import statistics
from structure import stacks
from structure.alphabet import letter_of, sort_key
from structure.as_of import AsOf
from structure.index import ENTRIES_A_PAGE, Index
from tests.factories import make_dated_name, make_unit, make_unit_kind
from tests.public.copies import copy_unit
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
        make_dated_name(unit, name_az=f"Şəki köhnə {number % 25}", begin="1900", end="1950")
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


# --- Names of any kind ------------------------------------------------------------------------

# Of each sort the characters with which names begin, and what follows.
SORTS = {
    "azerbaijani": ("AÇƏĞIİÖŞÜ", ["Şəki idarəsi", "ək", "ıq"]),
    "latin with signs": ("ÀÁÂÄÅĀĂĄÈÉÊËĒĘÌÍÎÏŁÑŃŇÓÔÕØŚŠŤÙÚÛŪŮÝŽžœßþðŋ", ["koda", "ngström"]),
    "cyrillic": ("АБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯЄІЇЎЏҒҚҢҮҺабв", ["правление милиции"]),
    "arabic": ("ابتثجحخدذرزسشصضطظعغفقكلمنهوي", ["إدارة الشرطة"]),
    "georgian": ("აბგდევზთიკლმნოპჟრსტუფქღყშჩცძწჭხჯჰ", ["პოლიცია"]),
    "chinese": ([chr(code) for code in range(0x4E00, 0x9FFF, 7)], ["安局", "派出所"]),
    "digits": ("0123456789٣५Ⅻ½", ["-ci idarə", "th office"]),
    "punctuation": (["«", "“", '"', "—", "«“", " (", "!?", "##", "·«"], ["Şəki»", "7", "公安»"]),
    "letter and sign": (["S\u0327", "e\u0301", "I\u0307", "z\u030c"], ["əki", "idarə"]),
    "emoji": (["🚓", "🚓👮", "👨‍👩‍👧", "🇦🇿", "❤️"], ["Polis", "", "警察"]),
    "nothing but signs": (["—", "…", "🙂", "?"], ["", "…", "🙂🙂", "!"]),
}  # fmt: skip


def irregular(count, seed=1):
    """Names of all these sorts, ``(name_az, name_en)``; some in one language only."""
    chance = random.Random(seed)
    for number in range(count):
        names = []
        for _language in range(2):
            first, rest = SORTS[chance.choice(list(SORTS))]
            end = chance.choice(["", f" {number}", f"-{number % 60}", "  “A”", "…", f"{number}"])
            names.append(f"{chance.choice(first)}{chance.choice(rest)}{end}")
        yield [("", names[1]), (names[0], ""), ("", "")][number % 9] if number % 9 < 3 else names


def copies_with(names, **fields):
    """Units of these names, written at once past the ORM."""
    copy_unit(make_unit(founded="1900", **fields), name=list(names))


LISTS = [("", False), ("", True), ("1925", False), ("1925", True)]


@pytest.mark.parametrize("language", ["az", "en"])
@pytest.mark.parametrize(("on", "former"), LISTS)
def test_whatever_the_names_a_page_takes_few_queries(monkeypatch, language, on, former):
    monkeypatch.setattr(stacks, "AT_ONCE", 60)  # as 80,000 names with the usual number
    copies_with(irregular(2500))
    for number, unit in enumerate(Unit.objects.order_by("pk")[:60]):
        make_dated_name(unit, name_az=f"Şəki {number}", name_en="", begin="1900", end="1950")
    as_of, names = AsOf(HistoricalDate(on) if on else None), []
    with CaptureQueriesContext(connection) as opening:
        index = Index(as_of, language, former=former)
    most = 0
    for letter, count in index.letters:
        pages = -(-count // ENTRIES_A_PAGE)
        for number in range(1, pages + 1):
            with CaptureQueriesContext(connection) as queries:
                shown = index.page(letter, number)
            most = max(most, len(queries))
            names += [(one.unit_id, one.name) for one in shown.groups[0][1]]
    assert len(opening) + most <= 22
    assert len(names) == index.count
    assert len({pk for pk, _name in names}) == 2501  # the first unit is one of them


def test_letters_of_irregular_names_are_in_order(monkeypatch):
    monkeypatch.setattr(stacks, "AT_ONCE", 60)
    names = [
        pair
        for pair in irregular(2500)
        if not any("\u0300" <= sign <= "\u036f" for sign in "".join(pair))
    ]
    copies_with(names)
    index = Index(AsOf(), "az")
    for letter, count in index.letters:
        if count:
            assert pages_of(index, letter) == listed_today(letter, "az")


def test_names_alike_but_for_signs_that_do_not_count(few_at_once):
    names = ["Ş" + "".join(random.Random(n).choices("—…«»🙂!?", k=6)) for n in range(1500)]
    copies_with((name, "") for name in names)
    statistics.refresh()
    index = Index(AsOf(), "az")
    with CaptureQueriesContext(connection) as queries:
        index.page("Ş", 5)
    assert len(queries) <= 20
    assert pages_of(index, "Ş") == listed_today("Ş", "az")


@pytest.mark.parametrize("others", [0, 400])
def test_a_letter_typed_with_its_sign_is_listed_once(client, others):
    """S and a cedilla are Ş; the database sees two characters."""
    copies_with([("S\u0327əki", "S\u0327aki"), *((f"Sabir {n}", "") for n in range(others))])
    index = Index(AsOf(), "az")
    if others:
        names = [name for _pk, name in pages_of(index, "S")]
    else:
        names = [entry.name for _letter, entries in index.page().groups for entry in entries]
    assert names.count("S\u0327əki") == 1
    assert client.get("/az/units/").status_code == 200


# --- A very large register --------------------------------------------------------------------

INITIALS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
# Steps of SQLite's machine, in thousands. Counting by each of the 52 beginnings in all units takes
# some 100,000.
BUDGET = 15_000


@pytest.fixture
def large_register(db):
    copy_unit(
        make_unit(code="one", name_az="Bir", name_en="One", founded="1900"),
        number=140_000,
        name=(f"substr('{INITIALS}', 1 + n %% 52, 1) || 'ame ' || n",
              f"substr('{INITIALS}', 1 + n * 7 %% 52, 1) || 'ffice ' || n"),
    )  # fmt: skip
    statistics.refresh()


def spent(do):
    """What ``do()`` took: thousands of SQLite's steps (0 on PostgreSQL) and the plans of the
    queries that count beginnings. It is broken off where the budget is spent."""
    raw, taken, plans = connection.connection, 0, []

    def step():
        nonlocal taken
        taken += 10
        return taken > BUDGET

    def watch(execute, sql, params, many, context):
        if "begun" in sql:
            raw.set_progress_handler(None, 0)
            plan = raw.execute("EXPLAIN QUERY PLAN " + sql.replace("%s", "?"), params)
            plans.extend(row[3] for row in plan)
            raw.set_progress_handler(step, 10_000)
        return execute(sql, params, many, context)

    if connection.vendor != "sqlite":
        do()
        return 0, []
    raw.set_progress_handler(step, 10_000)
    try:
        with connection.execute_wrapper(watch):
            do()
    finally:
        raw.set_progress_handler(None, 0)
    return taken, plans


def test_a_very_large_register_is_counted_by_its_names(large_register, client):
    for address in ("", "?letter=S&page=9", "?on=1925", "?letter=S&page=9&on=1925", "?former=1"):
        for language in ("az", "en"):
            with CaptureQueriesContext(connection) as queries:
                taken, plans = spent(lambda a=f"/{language}/units/{address}": client.get(a))
            assert taken < BUDGET, address
            assert len(queries) <= 20, address
            searched = [line for line in plans if "units_unit " in line]
            assert all("units_unit_a_z_" in line for line in searched), (address, searched)
            assert searched or connection.vendor != "sqlite"
