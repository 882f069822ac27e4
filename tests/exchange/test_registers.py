"""Registers that nobody here has seen: what their clerks are told, and what simply works."""

import pytest
from django.utils import translation

from tests.exchange.files import export_rows, plan, read, run, units_csv
from tests.factories import make_unit
from units import tree
from units.models import Unit

pytestmark = pytest.mark.django_db


def told(data, **options):
    return [problem.sentence for problem in plan(data, **options).problems]


def dates_told(*texts):
    rows = [[f"d{n}", "Office", text] for n, text in enumerate(texts)]
    found = plan(units_csv(*rows, columns=("code", "name_en", "founded")))
    return {problem.value: problem.sentence for problem in found.problems}


# --- headings -----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("heading", "word"),
    [
        ("established", "founded"),
        ("Valid from", "founded"),
        ("valid_to", "dissolved"),
        ("End date", "dissolved"),
        ("type", "kind"),
        ("URL", "website"),
        ("Parent ID", "parent"),
        ("organisation", "name_en"),
        ("acronym", "abbreviation_en"),
        ("foundd", "founded"),
    ],
)
def test_a_foreign_heading_gets_the_column_that_it_probably_means(heading, word):
    (sentence,) = told(units_csv(["a", "A", "x"], columns=("code", "short_name_en", heading)))[:1]
    assert f"“{word}”" in sentence
    assert "Did you mean" in sentence


def test_no_foreign_heading_is_taken_without_asking():
    data = units_csv(["a", "A", "1918"], columns=("code", "name_en", "valid_from"))
    assert plan(data).problems


def test_when_no_heading_is_known_all_renamings_are_said_at_once():
    data = units_csv(["1", "Ministry", "1918"], columns=("ID", "Title", "Start date"))
    (sentence,) = told(data)
    assert "“ID” → “code”, “Title” → “name_en”, “Start date” → “founded”" in sentence


def test_a_missing_code_is_looked_for_among_the_other_columns():
    data = units_csv(["1", "Ministry"], columns=("key", "name_en"))
    assert any("If “key” is the permanent identifier" in sentence for sentence in told(data))


def test_advice_names_columns_as_the_file_or_the_editor_does():
    """Codes in a file of codes; the editor's words otherwise."""
    with translation.override("az"):
        codes = read(units_csv(["a", "A", "x"], columns=("code", "name_az", "zzzzzz")))
        words = read(units_csv(["a", "A", "x"], columns=("Kod", "Ad (az)", "zzzzzz")))
    (by_code,) = [p.advice for p in codes.problems]
    (by_word,) = [p.advice for p in words.problems]
    assert "parent" in by_code.split(": ")[1]
    assert "name_en" not in by_word
    assert "Ad (en)" in by_word


def test_advice_does_not_list_forty_columns():
    (sentence,) = told(units_csv(["a", "A", "x"], columns=("code", "name_en", "zzzzzz")))
    assert sentence.count(",") <= 13
    assert "…" in sentence


# --- superiors ----------------------------------------------------------------------------------
def test_a_superior_given_by_name_is_told_its_code():
    data = units_csv(["A", "", "Ministry of the Interior"], ["B", "ministry of the interior", "P"])
    (sentence,) = told(data)
    assert "It is the name of the record “A”: write that code." in sentence


def test_a_superior_in_the_database_may_be_named_and_two_of_one_name_are_counted():
    make_unit(code="X", name_en="Police")
    (sentence,) = told(units_csv(["B", "Police", "P"]))
    assert "the name of the record “X”" in sentence
    make_unit(code="Y", name_en="Police")
    (sentence,) = told(units_csv(["B", "Police", "P"]))
    assert "the name of 2 records" in sentence


@pytest.mark.parametrize("word", ["NULL", "n/a", "-", "0", "None"])
def test_a_word_for_no_superior_is_recognised(word):
    (sentence,) = told(units_csv(["B", word, "P"]))
    assert "The cell is empty only for what stands at the very top." in sentence


def test_a_unit_whose_code_is_such_a_word_is_a_superior_like_any_other():
    run(units_csv(["0", "", "Root"], ["1", "0", "Below"]))
    assert Unit.objects.get(code="1").parent.code == "0"


def test_a_unit_under_itself_is_told_once():
    assert len(told(units_csv(["B", "B", "P"]))) == 1


def test_several_roots_and_duplicated_names_and_odd_codes_are_fine():
    codes = ["MI/1.2#a", "MI:3", "MI 4 b", "ÄÖ/ş", "0012", "1e5", "=A1", "Q'1", "a;b"]
    rows = [[code, "", "Office"] for code in codes]
    rows += [[f"{code}/x", code, "Office"] for code in codes]
    run(units_csv(*rows))
    assert Unit.objects.count() == 18
    assert list(tree.check()) == []
    assert {row["code"] for row in export_rows("units")} >= set(codes)
    assert run(units_csv(*rows))[0].is_empty


def test_a_deep_chain_says_where_it_becomes_too_deep():
    rows = [[f"c{n}", f"c{n - 1}" if n else "", f"Unit {n}"] for n in range(52)]
    found = plan(units_csv(*rows))
    assert [problem.row for problem in found.problems] == [52, 53]
    assert "level 51; 50 levels are allowed" in found.problems[0].message


@pytest.mark.parametrize("others", [0, 600], ids=["few", "many"])
def test_a_unit_that_moves_takes_those_below_it_down_with_it(others):
    """Also where a new unit stands under one that the file does not mention."""
    rows = [[f"c{n}", f"c{n - 1}" if n else "", f"Unit {n}"] for n in range(48)]
    rows += [["m", "", "M"], ["below", "m", "Below"], ["other", "", "Other"]]
    rows += [[f"o{n}", f"c{n % 9}", "O"] for n in range(others)]
    run(units_csv(*rows))
    rows = [["m", "c47", "M"], ["new", "below", "New"], ["fine", "other", "Fine"]]
    rows += [[f"o{n}", f"o{n + 1}" if n % 2 else "c0", "O"] for n in range(others - 1)]
    (problem,) = plan(units_csv(*rows)).problems
    assert (problem.row, problem.value) == (3, "below")
    assert "level 51; 50 levels are allowed" in problem.message


# --- versions -----------------------------------------------------------------------------------
def test_a_unit_twice_with_other_periods_is_told_where_former_names_go():
    columns = ("code", "name_en", "founded", "dissolved")
    two = units_csv(["a", "Office", "1920", "1950"], ["a", "Dept", "1950", ""], columns=columns)
    assert "If these are its periods, keep the row that holds now" in told(two)[0]
    same = units_csv(["a", "Office", "1920", ""], ["a", "Dept", "1920", ""], columns=columns)
    assert "if they are several, give each a code of its own" in told(same)[0]


# --- values -------------------------------------------------------------------------------------
def test_dates_of_machines_are_understood_or_get_a_suggestion():
    found = dates_told(
        "1999-12-31T00:00:00", "1999-12-31 00:00:00", "1999-12-31T00:00:00Z", "1999-12-31 10:30",
        "1990-00-00", "1990-05-00", "20010131", "44197", "99999", "n/a", "present", "?",
    )  # fmt: skip
    assert not any("00:00:00" in text for text in found)
    assert "Times of day are not kept" in found["1999-12-31 10:30"]
    assert found["1990-00-00"].endswith("write 1990.")
    assert found["1990-05-00"].endswith("write 1990-05.")
    assert found["20010131"].endswith("write it as 2001-01-31.")
    assert found["44197"].endswith("it is 2021-01-01.")
    assert "99999" in found
    for word in ("n/a", "present", "?"):
        assert "Leave the cell empty" in found[word]


def test_a_unit_closed_in_a_year_stays_as_vague_as_that():
    columns = ("code", "name_en", "dissolved")
    run(units_csv(["a", "Office", "1950"], columns=columns))
    assert Unit.objects.get().dissolved.text == "1950"


def test_names_of_five_hundred_characters_are_kept_whole():
    name = "Office of the Deputy Minister " * 16 + "x" * 20
    assert len(name) == 500
    run(units_csv(["a", "", name]))
    assert Unit.objects.get().name_en == name
    assert "501 characters; 500 are allowed" in told(units_csv(["b", "", name + "x"]))[0]
