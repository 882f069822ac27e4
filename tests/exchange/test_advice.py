"""Following the advice of a problem never destroys data, and solves the problem."""

import pytest
from django.utils import translation

from chronology import HistoricalDate
from exchange.problems import shorten
from publishing.models import Status
from tests.exchange.files import csv_bytes, json_bytes, openpyxl_bytes, plan, read, run
from tests.factories import make_era, make_event, make_person, make_post, make_staff, make_unit
from units.models import Unit

# Advice that empties cells, or takes away rows and columns, without saying what that does.
HARMFUL = {
    "en": ("Remove the col", "Remove the others", "Remove the row", "Remove one of", "or delete"),
    "az": ("sütunu silin", "Qalanlarını silin", "sətri silin", "Onlardan birini silin"),
}


@pytest.fixture
def police(db):
    top = make_unit(code="police", name_en="Police", name_az="Polis")
    return make_unit(code="baku", slug="baku", name_en="Baku", parent=top)


def told(data, kind="units", name="file.csv", **options):
    return [p.sentence for p in plan(data, kind, name, **options).problems]


@pytest.mark.parametrize("word", ["n/a", "-", "0", "none", "unknown", "naməlum", "?"])
def test_an_unknown_superior_is_never_answered_with_an_empty_cell(police, word):
    """Emptied, the unit would move to the top of the structure."""
    data = csv_bytes(["code", "parent"], ["baku", word])
    for language, wanted in (("en", "Write the code of the superior."), ("az", "kodunu yazın")):
        with translation.override(language):
            (sentence,) = told(data)
        assert wanted in sentence
        assert "Leave the cell empty" not in sentence
        assert "boş saxlayın" not in sentence
    run(csv_bytes(["code", "parent"], ["baku", "police"]))
    assert Unit.objects.get(code="baku").parent.code == "police"


def test_an_empty_reference_says_what_it_does(police):
    event = make_event(code="e")
    data = csv_bytes(["code", "unit", "month", "day"], ["o", "n/a", "1", "1"])
    sentences = told(data, "observances")
    assert any("that also takes away the one that the site has" in one for one in sentences)
    assert event.era.code


@pytest.mark.parametrize("word", ["unknown", "?", "n/a", "ongoing"])
def test_unknown_is_not_answered_with_an_empty_cell_where_that_means_still_there(police, word):
    """A unit with an empty ``dissolved`` exists."""
    Unit.objects.filter(code="baku").update(
        **Unit._meta.get_field("dissolved").bounds_columns(HistoricalDate("1992"))
    )
    data = csv_bytes(["code", "dissolved"], ["baku", word])
    (sentence,) = told(data)
    assert "only if it has not happened" in sentence
    (written,) = [w.rstrip(":") for w in sentence.split() if w.startswith("/2")]
    run(csv_bytes(["code", "dissolved"], ["baku", written]))
    assert Unit.objects.get(code="baku").dissolved.text == written
    (sentence,) = told(csv_bytes(["code", "founded"], ["baku", word]))
    assert "Leave the cell empty where there is nothing to say." in sentence
    with translation.override("az"):
        assert "yalnız" in told(data)[0]
    make_era(code="old")
    (sentence,) = told(csv_bytes(["code", "end"], ["old", word]), "eras")
    assert "only if it is not over" in sentence


UNKNOWN = {
    "one unknown column": (
        csv_bytes(["code", "name_en", "colour"], ["x", "a", "red"]),
        "Check its spelling",
    ),
    "nothing known": (
        csv_bytes(["Kennung", "Bezeichnung", "Zzz"], ["x", "a", "b"]),
        "leave out only what is not meant for the site",
    ),
    "a column twice": (csv_bytes(["code", "name_en", "name_en"], ["x", "a", "b"]), "Compare the"),
    "a heading that is empty": (
        csv_bytes(["code", "", "name_en"], ["x", "a", "b"]),
        "Only what is not meant for the site may go",
    ),
    "1,000 columns": (csv_bytes([f"c{n}" for n in range(99)], ["1"] * 99), "meant for the site"),
    "a code twice": (
        csv_bytes(["code", "name_en"], ["x", "a"], ["x", "b"]),
        "bring them into one row; if they are several, give each a code of its own",
    ),
    "no code": (csv_bytes(["name_en", "parent"], ["x", ""]), "as an export shows it"),
    "no unit": (csv_bytes(["code", "unit"], ["x", ""]), "Write the value that belongs"),
    "too many digits": (csv_bytes(["code", "name_en", "order"], ["x", "a", "9" * 30]), "Check its"),
    "an address twice": (
        csv_bytes(["code", "name_en", "slug"], ["x", "a", "baku"]),
        "If it is the same record, write its code",
    ),
    "a cycle": (csv_bytes(["code", "parent"], ["police", "baku"]), "correct the wrong one"),
}  # fmt: skip


@pytest.mark.parametrize("name", UNKNOWN)
def test_advice_keeps_what_the_file_holds(police, name):
    data, wanted = UNKNOWN[name]
    kind = "dated_names" if name == "no unit" else "units"
    sentences = told(data, kind)
    assert any(wanted in one for one in sentences), sentences
    with translation.override("az"):
        translated = told(data, kind)
    assert not set(sentences) & set(translated)
    assert not any(word in one for one in sentences for word in HARMFUL["en"])
    assert not any(word in one for one in translated for word in HARMFUL["az"])


def test_in_json_and_in_sheets_too(police):
    sentences = told(
        b'[{"code": "x", "name_en": "a", "name_en": "b", "order": NaN}]', name="f.json"
    )
    assert any("keep the one whose value is right" in one for one in sentences)
    assert any("null would empty the field" in one for one in sentences)
    assert (
        "Check its spelling" in told(json_bytes({"code": "x", "colour": "red"}), name="f.json")[0]
    )

    def hide(book):
        book.active.row_dimensions[2].hidden = True
        book.active.column_dimensions["B"].hidden = True

    data = openpyxl_bytes(["code", "name_en"], ["x", "a"], prepare=hide)
    sentences = told(data, name="f.xlsx")
    assert len(sentences) == 2
    assert all("check what is imported" in one for one in sentences)
    data = openpyxl_bytes(["code", "name_en"], ["x", "a", "beside the table"])
    assert "Give every column with data a heading." in told(data, name="f.xlsx")[0]
    data = openpyxl_bytes(["code"], prepare=lambda book: book.active.cell(3000, 1, "far"))
    assert "to another sheet" in told(data, name="f.xlsx")[0]


def test_a_part_of_a_file_is_not_said_to_be_complete(police):
    """Split, each part would close what stands in the others."""
    rows = ([str(n), "a"] for n in range(20_001))
    (problem,) = read(csv_bytes(["code", "name_en"], *rows)).problems
    assert "do not say that it is" in problem.advice


def test_who_may_not_publish_is_not_told_to_make_a_draft_of_what_is_public(police):
    editor = make_staff("ann", "editor")
    new, old = ["new", "New", "published", "police"], ["baku", "Baku 2", "published", "police"]
    Unit.objects.filter(code="baku").update(status=Status.PUBLISHED)
    make_unit(code="mine", status=Status.DRAFT)
    head = ["code", "name_en", "status", "parent"]
    sentences = told(csv_bytes(head, new, old), user=editor)
    assert "Write “draft” as the status" in sentences[0]
    assert "Leave this row out of the file" in sentences[1]
    assert not told(csv_bytes(head, ["new", "New", "draft", "police"]), user=editor)


@pytest.mark.parametrize(
    ("cell", "en", "az"),
    [
        ("a\nb", "There is a line break, and only one line is taken here.", "sətir sonu"),
        ("a\rb", "There is a line break", "sətir sonu"),
        ("a\r\nb", "Write it on one line.", "bir sətirdə yazın"),
        ("a\x85b", "There is a line break", "sətir sonu"),
        ("a\tb", "There is a tab. Write a blank instead.", "tabulyasiya"),
        ("a\u200bb", "invisible character U+200B (zero-width space).", "eni sıfır"),
        ("a\u200fb", "U+200F (direction mark)", "istiqamət"),
        ("a\ufeffb", "U+FEFF (byte order mark)", "bayt"),
        ("a\x07b", "U+0007 (control character)", "idarəedici"),
        ("a\x00b", "U+0000 (control character)", "idarəedici"),
    ],
)
def test_characters_have_names_that_a_clerk_knows(police, cell, en, az):
    for column in ("name_en", "code", "parent"):
        data = json_bytes({"code": "x", "name_en": "a", column: cell})
        sentences = told(data, name="f.json")
        assert any(en in one for one in sentences), sentences
        with translation.override("az"):
            assert any(az in one for one in told(data, name="f.json"))


@pytest.mark.parametrize(
    ("heading", "wanted"),
    [
        ("na\nme", "There is a line break"),
        ("na\tme", "There is a tab"),
        ("100 %s\u200b", "“100 %s\\u200b” has the invisible character U+200B (zero-width space)"),
    ],
)
def test_characters_in_headings_have_the_same_names(police, heading, wanted):
    data = openpyxl_bytes(["code", heading], ["x", "y"])
    (problem,) = [p for p in read(data, name="f.xlsx").problems if p.code == "heading_character"]
    assert wanted in problem.message
    assert problem.advice
    assert problem.column == heading


def test_texts_of_several_lines_keep_them(police):
    assert not told(
        json_bytes({"code": "x", "name_en": "a", "summary_en": "a\n\tb\r\nc"}), name="f.json"
    )


@pytest.mark.parametrize(
    ("column", "cell", "name"),
    [
        ("phone", "+994\xa012 000 00 00", "no-break space"),
        ("order", "1\xa0945", "no-break space"),
        ("founded", "1992\u202f11", "no-break space"),
        ("founded", "19\xad92", "soft hyphen"),
        ("parent", "pol\xadice", "soft hyphen"),
        ("parent", "police\xa0", "no-break space"),
        ("email", "a\xadb@example.org", "soft hyphen"),
        ("status", "draft\u2060", "word joiner"),
    ],
)
def test_what_looks_like_something_else_is_named_beside_what_is_wrong(police, column, cell, name):
    data = json_bytes({"code": "x", "name_en": "a", column: cell})
    (sentence,) = told(data, name="f.json")
    assert name in sentence
    with translation.override("az"):
        assert name not in told(data, name="f.json")[0]


def test_a_value_is_shown_with_signs_for_what_nobody_sees():
    assert shorten("a\nb\r\nc\td\xa0e\u202e") == "a↵b↵c⇥d␣e\\u202e"


def test_the_unit_has_one_head(police):
    unit = make_unit(code="u")
    make_post(code="p", unit=unit, is_head=True)
    make_person(code="person")
    data = csv_bytes(["code", "unit", "title_en", "is_head"], ["q", "u", "Head", "yes"])
    (sentence,) = told(data, "posts")
    assert "correct this row or the other one" in sentence
