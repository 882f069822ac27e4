"""Which records are found by what somebody types, and in which order."""

import pytest
from django.utils.translation import override

from search.finding import search, suggest
from structure.as_of import AsOf
from tests.factories import (
    make_dated_name,
    make_event,
    make_external_body,
    make_page,
    make_person,
    make_unit,
)

pytestmark = pytest.mark.django_db


def asked(typed, **options):
    return search(typed, as_of=AsOf(None, None), **options)


# --- What is found ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "typed",
    ["Əliyeva", "eliyeva", "ELIYEVA", "aliyeva", "əliy", "  eliyeva  ", "Алиева", '"eliyeva"',
     "eliyeva*", "aydan eliyeva", "eliyeva aydan", "of eliyeva"],
)  # fmt: skip
def test_a_person_is_found_however_the_name_is_typed(find, typed):
    make_person(code="aydan", name_az="Aydan Əliyeva", name_en="Aydan Aliyeva")
    make_person(code="other", name_az="Vilayət Eyvazov", name_en="Vilayat Eyvazov")
    assert find(typed) == ["aydan"]


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("Mərdəkan", "mardakan"),
        ("Mərdəkan", "merdekan"),
        ("Şəki", "Sheki"),
        ("Gəncə", "Ganja"),
        ("Naxçıvan", "Nakhchivan"),
        ("Ağdam", "Aghdam"),
        ("Xətai", "Khatai"),
        ("Bakı", "БАКЫ"),
        ("İsmayıllı", "ismayilli"),
        ("İSMAYILLI", "ısmayıllı"),
        ("Hacı-Zeynalabdin", "haci zeynal"),
    ],
)
def test_azerbaijani_places_are_found_in_the_spellings_of_others(find, name, typed):
    make_unit(code="place", name_az=f"{name} şöbəsi", name_en="")
    make_unit(code="other", name_az="Lerik bölməsi", name_en="Lerik station")
    assert find(typed) == ["place"]


def test_every_kind_and_every_part_is_searched(find):
    unit = make_unit(code="u1", name_en="Kestrel squad")
    make_dated_name(unit, name_en="Osprey squad")
    make_unit(code="u2", abbreviation_en="OSPREY", summary_en="x")
    make_unit(code="u3", body_en="They feed an **osprey**.")
    make_person(code="p1", name_variants="Osprey, John")
    make_event(code="e1", place_en="Osprey Hill")
    make_external_body(code="b1", summary_en="An osprey in its arms.")
    make_page(code="g1", body_en="[osprey](https://example.org/falcon)")
    assert set(find("osprey")) == {"u1", "u2", "u3", "p1", "e1", "b1", "g1"}
    assert find("falcon") == []  # addresses of links are nothing that one reads


def test_all_words_are_asked_before_any_word(find):
    make_unit(code="both", name_en="Harbour Police")
    make_unit(code="one", name_en="Harbour Office")
    assert find("harbour police") == ["both"]
    found = asked("harbour zeppelin")
    assert found.any_word
    assert {hit.record.code for hit in found.hits} == {"both", "one"}


def test_words_may_stand_in_different_languages_and_parts(find):
    make_unit(code="u", name_az="Gəmi bölməsi", name_en="Ship section", summary_en="On the sea.")
    assert find("gemi section sea") == ["u"]


def test_the_end_of_the_last_word_may_be_missing_but_not_of_the_others(find):
    make_unit(code="u", name_en="Department of Transport Police")
    assert find("department trans") == ["u"]
    assert find("depart transport") == ["u"]  # endings are cut when nothing else is found
    make_unit(code="x", name_en="Depart transport")
    assert find("depart transport") == ["x"]


@pytest.mark.parametrize("typed", ["acadmey", "acedemy", "academyy", "cademy", "acadeemy"])
def test_a_mistyped_word_is_corrected_and_said_so(typed):
    make_unit(code="u", name_en="Police Academy")
    found = asked(f"police {typed}")
    if typed != "cademy":  # on SQLite the first letter has to be right
        assert [hit.record.code for hit in found.hits] == ["u"]
        assert found.corrected == "police academy"
    assert asked("police academy").corrected == ""


# --- Order ----------------------------------------------------------------------------------


def test_the_whole_name_comes_before_its_parts_and_these_before_texts(find):
    make_unit(code="text", name_en="Archive", body_en="About the police.")
    make_unit(code="summary", name_en="Museum", summary_en="Of the police.")
    former = make_unit(code="former", name_en="Guard")
    make_dated_name(former, name_en="Police of the port")
    make_unit(code="holds", name_en="Transport Police")
    make_unit(code="begins", name_en="Police School")
    make_unit(code="abbreviated", name_en="Militia", abbreviation_en="Police")
    make_unit(code="whole", name_en="Police")
    with override("en"):
        assert find("police") == [
            "whole", "abbreviated", "begins", "holds", "former", "summary", "text",
        ]  # fmt: skip


def test_the_readers_own_language_comes_first(find):
    make_unit(code="az", name_az="Forum", name_en="Meeting")
    make_unit(code="en", name_az="Yığıncaq", name_en="Forum")
    with override("az"):
        assert find("forum") == ["az", "en"]
    with override("en"):
        assert find("forum") == ["en", "az"]


def test_a_unit_with_many_below_it_comes_before_a_small_one(find):
    top = make_unit(code="top", name_en="Office A")
    make_unit(code="leaf", name_en="Office B", order=9)
    for number in range(3):
        top.refresh_from_db()
        make_unit(parent=top, name_en=f"Desk {number}")
    assert find("office") == ["top", "leaf"]


def test_events_and_pages_come_after_what_they_are_named_after(find):
    make_event(code="event", title_en="Osprey founded", weight=3)
    make_page(code="page", title_en="Osprey and others")
    make_external_body(code="body", name_en="The Osprey")
    make_person(code="person", name_en="John Osprey")
    with override("en"):
        assert set(find("osprey")[:2]) == {"body", "person"}


# --- What is shown --------------------------------------------------------------------------


def test_what_was_found_is_marked_in_the_text_as_it_is_written():
    make_unit(name_az="Mərdəkan Polis Şöbəsi <b>", name_en="")
    with override("az"):
        title = asked("mardakan sobes").hits[0].title.html
    assert title == "<mark>Mərdəkan</mark> Polis <mark>Şöbəsi</mark> &lt;b&gt;"


def test_a_hit_in_the_other_language_says_so():
    make_unit(name_az="Gəmi bölməsi", name_en="Ship section")
    with override("en"):
        hit = asked("gemi").hits[0]
    assert (str(hit.title), str(hit.other), hit.other.lang) == (
        "Ship section", "Gəmi bölməsi", "az",
    )  # fmt: skip


def test_a_former_name_is_shown_with_its_period():
    unit = make_unit(name_en="Ministry of Internal Affairs")
    make_dated_name(unit, name_en="People's Commissariat", begin="1920", end="1946")
    hit = asked("commissariat").hits[0]
    assert str(hit.former.begin) == "1920"
    assert "<mark>Commissariat</mark>" in hit.former_name.html
    assert asked("ministry").hits[0].former is None


def test_of_several_names_the_one_that_holds_most_words_is_shown_then_the_shortest():
    unit = make_unit(name_en="Osprey Hall")
    make_dated_name(unit, name_en="The Osprey Kestrel School of the land", end="1930")
    make_dated_name(unit, name_en="Osprey Kestrel School", begin="1930")
    make_dated_name(unit, name_en="Osprey Room", end="1910")
    with override("en"):
        hit = asked("osprey kestrel").hits[0]
    assert str(hit.former_name) == "Osprey Kestrel School"


def test_counts_say_how_many_of_which_kind_and_one_kind_can_be_chosen():
    for _ in range(3):
        make_unit(name_en="Osprey")
    make_person(code="p", name_en="Osprey", name_az="Osprey")
    found = asked("osprey")
    assert {count.key: count.count for count in found.counts} == {"unit": 3, "person": 1}
    found = asked("osprey", kind="person")
    assert [hit.record.code for hit in found.hits] == ["p"]
    assert {count.key: count.count for count in found.counts} == {"unit": 3, "person": 1}
    assert asked("osprey", kind="nonsense").total == 4


def test_units_that_ended_can_be_left_out(find):
    make_unit(code="now", name_en="Osprey now")
    make_unit(code="past", name_en="Osprey past", dissolved="1920")
    assert set(find("osprey")) == {"now", "past"}
    assert find("osprey", existing=True) == ["now"]


def test_pages_hold_all_hits_once():
    for number in range(25):
        make_unit(name_en=f"Osprey {number}")
    seen = [
        hit.record.pk for page in (1, 2, 3) for hit in asked("osprey", page=page, page_size=10).hits
    ]
    assert len(seen) == len(set(seen)) == 25
    assert asked("osprey", page="nonsense").page.number == 1
    assert asked("osprey", page=99).page.number == 2


# --- Any number of records --------------------------------------------------------------------


def test_queries_do_not_grow_with_the_hits(django_assert_max_num_queries):
    for number in range(30):
        unit = make_unit(name_en=f"Osprey {number}")
        make_dated_name(unit, name_en="Old osprey")
        make_person(name_en="Osprey")
        make_event(title_en="Osprey")
        make_external_body(name_en="Osprey")
        make_page(title_en="Osprey")
    with django_assert_max_num_queries(16):
        assert len(asked("osprey").hits) == 20
    with django_assert_max_num_queries(16):
        assert len(suggest("ospr", AsOf(None, None))) == 8


def test_of_more_hits_than_are_ranked_the_best_are_found_all_the_same():
    make_unit(code="top", name_en="Main osprey office of the land")
    for number in range(12):
        make_unit(name_en=f"Branch {number}", body_en="osprey")
    for number in range(12):
        make_unit(name_en=f"Local osprey office {number}")
    make_unit(code="whole", name_en="Osprey")
    results = search("osprey", as_of=AsOf(None, None), most=5)
    codes = [hit.record.code for hit in results.hits]
    assert codes[0] == "whole"
    assert "top" in codes
    assert results.more
    assert next(count for count in results.counts if count.key == "unit").more
