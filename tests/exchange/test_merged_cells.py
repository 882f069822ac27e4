"""Merged cells: their value counts for every row that they cover, or the editor undoes them."""

import io

import pytest
from django.utils import translation

import exchange
from exchange.formats.xlsx_files import merged_cells
from tests.exchange.files import openpyxl_bytes, plan, read, rezip, run
from tests.factories import make_unit
from units.models import Unit

HEAD = ["code", "parent", "name_en", "name_az"]


def sheet(*rows, merge=(), head=HEAD):
    """A workbook with merged ranges."""

    def prepare(book):
        for cells in merge:
            book.active.merge_cells(cells)

    return openpyxl_bytes(head, *rows, prepare=prepare)


def with_ranges(data, *ranges):
    """A workbook with ``<mergeCell>`` elements that no library would write."""
    listed = "".join(f'<mergeCell ref="{one}"/>' for one in ranges)
    tag = f"</sheetData><mergeCells>{listed}</mergeCells>".encode()
    return rezip(data, {"xl/worksheets/sheet1.xml": lambda old: old.replace(b"</sheetData>", tag)})


def problems(data):
    found = plan(data, name="f.xlsx", corrections=True).problems
    return [(p.row, p.column, p.sentence) for p in found]


@pytest.fixture
def three(db):
    top = make_unit(code="top", name_en="Top")
    return [make_unit(code=code, name_en=code, parent=top) for code in ("a", "b", "c")]


def parents():
    return dict(Unit.objects.filter(parent__isnull=False).values_list("code", "parent__code"))


def test_units_below_a_merged_superior_stay_where_they_are(three):
    data = sheet(
        ["a", "top", "A"], ["b", None, "B"], ["c", None, "C"], merge=["B2:B4"], head=HEAD[:3]
    )
    found = plan(data, name="f.xlsx", corrections=True)
    assert not found.problems
    assert found.counts["move"] == 0
    run(data, name="f.xlsx", corrections=True)
    assert parents() == {"a": "top", "b": "top", "c": "top"}
    assert Unit.objects.get(code="c").name_en == "C"


def test_the_preview_says_which_cells_were_filled(three):
    rows = ["a", "top", "A", "x"], ["b", None, "B", None], ["c", "top", "C", "z"]
    found = plan(sheet(*rows, merge=["B2:B3", "D2:D3"]), name="f.xlsx")
    assert found.notes == [
        "In the column “parent”, a merged cell counts for each of its rows: B2:B3.",
        "In the column “name_az”, a merged cell counts for each of its rows: D2:D3.",
    ]
    assert Unit.objects.get(code="b").name_en == "b"
    run(sheet(*rows, merge=["B2:B3", "D2:D3"]), name="f.xlsx", corrections=True)
    assert Unit.objects.get(code="b").name_az == "x"


def test_an_empty_merged_cell_is_empty_in_all_its_rows(three):
    data = sheet(["a", None, "A"], ["b", None, "B"], merge=["B2:B3"], head=HEAD[:3])
    found = plan(data, name="f.xlsx")
    assert found.counts["move"] == 2
    assert found.notes == []


def test_a_merged_typed_cell_counts_as_one(three):
    head = ["code", "parent", "founded", "order"]
    rows = ["a", "top", 1992, 3], ["b", "top", None, None]
    data = sheet(*rows, merge=["C2:C3", "D2:D3"], head=head)
    table = read(data, name="f.xlsx")
    assert table.rows == [["a", "top", "1992", "3"], ["b", "top", "1992", "3"]]
    data = sheet(["a", "top", True, 3], ["b", "top", None, 4], merge=["C2:C3"], head=head)
    assert [(p.row, p.column) for p in read(data, name="f.xlsx").problems] == [
        (2, "founded"), (3, "founded"),
    ]  # fmt: skip


def test_a_guarded_text_is_the_same_in_all_rows(three):
    data = sheet(["a", "top", "'=x"], ["b", "top", None], merge=["C2:C3"], head=HEAD[:3])
    assert [row[2] for row in read(data, name="f.xlsx").rows] == ["=x", "=x"]


@pytest.mark.parametrize(
    ("merge", "place", "sentence"),
    [
        (["A2:A3"], (3, "code"), "The cells A2:A3 are merged, so that several rows have one code."),
        (["C2:D2"], (2, "name_az"), "The cells C2:D2 are merged across columns."),
        (["C2:D3"], (2, "name_az"), "The cells C2:D3 are merged across columns."),
        (["B3:C3"], (3, "name_en"), "The cells B3:C3 are merged across columns."),
        (["B1:B2"], (2, "parent"), "The heading is merged with the rows below it (B1:B2)."),
        (["C1:D1"], (1, "name_en"), "The heading “name_en” is merged across columns (C1:D1)."),
    ],
)
def test_what_a_merged_cell_cannot_mean_is_refused_once_at_its_cell(three, merge, place, sentence):
    rows = [["a", "top", "A", "Ə"], ["b", "top", "B", "B"], ["c", "top", "C", "C"]]
    ((row, column, told),) = [
        found for found in problems(sheet(*rows, merge=merge)) if "needs it" not in found[2]
    ]
    assert (row, column) == place
    assert told.startswith(sentence)
    assert "Undo the merging" in told


def test_the_code_of_a_record_may_be_merged_with_a_row_that_holds_nothing_else(three):
    data = sheet(["a", "top", "A", "Ə"], [None] * 4, ["b", "top", "B"], merge=["A2:A3", "C2:C3"])
    assert [row[0] for row in read(data, name="f.xlsx").rows] == ["a", "b"]
    assert problems(data) == []


def test_rows_that_merged_cells_merely_reach_into_are_no_records(three):
    data = sheet(["a", "top", "A", "x"], ["b", None, "B", "y"], merge=["B2:B5000", "C7:C9"])
    table = read(data, name="f.xlsx")
    assert [row[:2] for row in table.rows] == [["a", "top"], ["b", "top"]]
    assert not table.problems


def test_cells_merged_with_what_is_right_of_the_table_lose_nothing(three):
    data = sheet(["a", "top", "A"], ["b", "top", "B"], merge=["C2:H2", "A1:A1"], head=HEAD[:3])
    assert problems(data) == []


def test_a_title_above_the_headings_is_told_once(three):
    rows = ["code", "parent", "name_en"], ["a", "top", "A"]
    data = sheet(*rows, merge=["A1:D1"], head=["Structure", None, None, None])
    ((_row, _column, told),) = problems(data)
    assert "The first row must hold the headings" in told


def test_values_hidden_below_a_merged_cell_are_asked_about(three):
    data = with_ranges(openpyxl_bytes(HEAD[:2], ["a", "top"], ["b", "a"]), "B2:B3")
    ((row, column, told),) = problems(data)
    assert (row, column) == (3, "parent")
    assert "another value is hidden in it" in told
    assert not exchange.write_problem_copy(
        data, plan(data, name="f.xlsx").problems, io.BytesIO(), name="f.xlsx"
    )
    data = with_ranges(openpyxl_bytes(HEAD[:2], ["a", "top"], ["b", "top"]), "B2:B3")
    assert problems(data) == []


@pytest.mark.parametrize("ranges", [("B2:B4", "B3:B5"), ("B2:C4", "C4:D4"), ("A1:Z99", "B2:B3")])
def test_merged_cells_that_lie_over_each_other_are_refused(three, ranges):
    data = with_ranges(openpyxl_bytes(HEAD, *(["a", "top", "A"] for _ in range(5))), *ranges)
    assert any("lie over each other" in told for _row, _column, told in problems(data))


def test_merged_cells_that_touch_do_not_lie_over_each_other(three):
    rows = ["a", "top"], ["b", None], ["c", "top"]
    data = with_ranges(openpyxl_bytes(HEAD[:2], *rows), "B2:B3", "B4:B9", "C2:C3", "B$10:$B$12")
    assert problems(data) == []


@pytest.mark.parametrize("reference", ["", "B2:", "B:B", "2:3", "ZZZZ1:A2", "B2:B4:B6"])
def test_a_reference_that_is_none_is_a_damaged_workbook(three, reference):
    data = with_ranges(openpyxl_bytes(HEAD, ["a", "top", "A"]), reference)
    assert any("damaged" in told for _row, _column, told in problems(data))


def test_the_sheet_is_read_once_more_only_where_it_names_merged_cells(three, monkeypatch):
    parsed = []
    start = merged_cells.MergedRanges.start
    monkeypatch.setattr(
        merged_cells.MergedRanges, "start", lambda *a: (parsed.append(1), start(*a))
    )
    read(sheet(["a", "top", "A"]), name="f.xlsx")
    assert not parsed
    read(sheet(["a", "top", "A"], merge=["B2:B3"]), name="f.xlsx")
    assert parsed


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize("size", [1, 7, 64])
def test_the_name_is_found_wherever_the_chunks_end(encoding, size):
    data = "<sheetData/><mergeCells><x:mergeCell ref='A1:B2'/>".encode(encoding)
    chunks = [data[i : i + size] for i in range(0, len(data), size)]
    assert merged_cells.may_hold_merged_cells(chunks)
    assert not merged_cells.may_hold_merged_cells([b"<sheetData/>", b"merge", b"dCell"])


def test_a_sheet_in_utf_16_has_its_merged_cells_read(three):
    data = sheet(["a", "top", "A"], ["b", None, "B"], merge=["B2:B3"], head=HEAD[:3])

    def encode(old):
        text = old.decode().removeprefix('<?xml version="1.0" encoding="UTF-8"?>')
        return f'<?xml version="1.0" encoding="UTF-16"?>{text}'.encode("utf-16")

    data = rezip(data, {"xl/worksheets/sheet1.xml": encode})
    assert [row[1] for row in read(data, name="f.xlsx").rows] == ["top", "top"]


def test_there_are_as_many_merged_cells_as_a_table_may_have(three, monkeypatch):
    monkeypatch.setattr(merged_cells, "MOST", 3)
    rows = [[code, "top", "A"] for code in "abcdefgh"]
    data = openpyxl_bytes(HEAD, *rows)
    assert problems(with_ranges(data, "D2:D3", "D4:D5", "D6:D7", "D8:D8")) == []
    found = problems(with_ranges(data, "D2:D3", "D4:D5", "D6:D7", "D8:D9"))
    assert any("more than 3 merged cells" in told for _row, _column, told in found)


def test_thousands_of_merged_cells_cost_what_their_rows_cost(three, monkeypatch):
    """A range is opened once, and a row looks at the ranges over it alone."""
    opened = []
    usual = merged_cells.MergedCells._open
    monkeypatch.setattr(
        merged_cells.MergedCells, "_open", lambda *a: (opened.append(1), usual(*a))[1]
    )
    most = []
    cover = merged_cells.MergedCells.cover
    monkeypatch.setattr(
        merged_cells.MergedCells,
        "cover",
        lambda self, *a: (cover(self, *a), most.append(len(self.open)))[0],
    )
    rows = [[f"n{n}", "top" if n % 2 == 0 else None, "A"] for n in range(6000)]
    ranges = [f"B{n}:B{n + 1}" for n in range(2, 6002, 2)]
    data = with_ranges(openpyxl_bytes(HEAD, *rows), *ranges)
    table = read(data, name="f.xlsx")
    assert {row[1] for row in table.rows} == {"top"}
    assert len(opened) == 3000
    assert max(most) == 1


def test_in_a_workbook_of_the_whole_site_merged_cells_count_too(three):
    import openpyxl

    book = openpyxl.Workbook()
    book.active.title = "units"
    for row in (HEAD[:2], ["a", "top"], ["b", None]):
        book.active.append(row)
    book.active.merge_cells("B2:B3")
    out = io.BytesIO()
    book.save(out)
    assert plan(out.getvalue(), "all", "site.xlsx").counts["move"] == 0


def test_the_copy_with_the_problems_holds_the_value_in_every_row(three):
    rows = ["a", "top", "A", "x"], ["b", None, "B", "y"], ["c", None, "", ""], ["d", "top", "", ""]
    data = sheet(*rows, [None] * 4, merge=["B2:B4", "D5:D6"])
    found = plan(data, name="f.xlsx").problems
    assert found
    copy = io.BytesIO()
    assert exchange.write_problem_copy(data, found, copy, name="f.xlsx")
    again = read(copy.getvalue(), name="copy.xlsx")
    assert [row[:2] for row in again.rows] == [
        ["a", "top"], ["b", "top"], ["c", "top"], ["d", "top"],
    ]  # fmt: skip


@pytest.mark.parametrize("merge", ["C2:D2", "B1:B2", "C1:D1"])
def test_no_copy_hides_what_was_merged(three, merge):
    data = sheet(["a", "top", "A", "Ə"], ["b", "top", "B", "B"], merge=[merge])
    found = plan(data, name="f.xlsx").problems
    assert found
    assert not exchange.write_problem_copy(data, found, io.BytesIO(), name="f.xlsx")


def test_the_sentences_in_azerbaijani(three):
    rows = [["a", "top", "A", "Ə"], ["b", "top", "B", "B"], ["c", "top", "C", "C"]]
    with translation.override("az"):
        told = []
        for merge in ("A2:A3", "C2:D2", "B1:B2", "C1:D1"):
            told += [p[2] for p in problems(sheet(*rows, merge=[merge]))]
        told += plan(sheet(*rows, merge=["B2:B3"]), name="f.xlsx").notes
        told += [p[2] for p in problems(with_ranges(sheet(*rows), "B2:B3", "B3:B4"))]
    assert len(told) >= 6
    assert not any("merged" in one or "Undo" in one for one in told), told
