"""Workbooks as LibreOffice Calc saves them, made here by Calc itself."""

import subprocess
from xml.sax.saxutils import escape

import pytest

import exchange
from exchange.formats.xlsx_files import merged_cells
from tests.conftest import calc
from tests.exchange.files import export, plan, read, run
from tests.factories import make_unit
from units.models import Unit

pytestmark = pytest.mark.calc

# Flat ODF, which needs no zip: the cells of a sheet with the styles that they name.
_DOCUMENT = """<?xml version="1.0" encoding="UTF-8"?>
<office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
 xmlns:number="urn:oasis:names:tc:opendocument:xmlns:datastyle:1.0" office:version="1.3"
 office:mimetype="application/vnd.oasis.opendocument.spreadsheet"><office:automatic-styles>
<number:date-style style:name="n-day"><number:day number:style="long"/><number:text>.</number:text>
<number:month number:style="long"/><number:text>.</number:text><number:year number:style="long"/>
</number:date-style>
<number:date-style style:name="n-month"><number:month number:textual="true"
 number:style="long"/><number:text> </number:text><number:year number:style="long"/>
</number:date-style>
<number:date-style style:name="n-year" number:language="az" number:country="AZ">
<number:year number:style="long"/></number:date-style>
<number:date-style style:name="n-noyear"><number:day/><number:text>.</number:text><number:month/>
</number:date-style>
<number:time-style style:name="n-long" number:truncate-on-overflow="false"><number:hours/>
<number:text>:</number:text><number:minutes number:style="long"/></number:time-style>
<number:number-style style:name="n-zeros"><number:number number:decimal-places="0"
 number:min-integer-digits="4"/></number:number-style>
<number:percentage-style style:name="n-percent"><number:number number:decimal-places="0"
 number:min-integer-digits="1"/><number:text>%%</number:text></number:percentage-style>
%s</office:automatic-styles><office:body><office:spreadsheet><table:table table:name="Sheet">
%s</table:table></office:spreadsheet></office:body></office:document>"""

_KINDS = ("day", "month", "year", "noyear", "long", "zeros", "percent")
_STYLES = "".join(
    f'<style:style style:name="c-{kind}" style:family="table-cell" '
    f'style:data-style-name="n-{kind}"/>'
    for kind in _KINDS
)


def text(words, down=1, across=1):
    spans = f'table:number-rows-spanned="{down}" table:number-columns-spanned="{across}"'
    return (
        f'<table:table-cell {spans} office:value-type="string">'
        f"<text:p>{escape(words)}</text:p></table:table-cell>"
    )


def covered(words=""):
    inside = f"<text:p>{escape(words)}</text:p>" if words else ""
    kind = ' office:value-type="string"' if words else ""
    return f"<table:covered-table-cell{kind}>{inside}</table:covered-table-cell>"


def date(day, style="day"):
    return (
        f'<table:table-cell table:style-name="c-{style}" office:value-type="date" '
        f'office:date-value="{day}"/>'
    )


def number(value, style):
    kind = "percentage" if style == "percent" else "float"
    return (
        f'<table:table-cell table:style-name="c-{style}" office:value-type="{kind}" '
        f'office:value="{value}"/>'
    )


_DURATION = (
    '<table:table-cell table:style-name="c-long" office:value-type="time" '
    'office:time-value="PT30H15M00S"/>'
)


@pytest.fixture
def saved(tmp_path):
    """A function that has Calc save rows of cells as a workbook, and gives its bytes."""

    def save(*rows, data=None, name="sheet.fods"):
        lines = "".join(f"<table:table-row>{''.join(row)}</table:table-row>" for row in rows)
        (tmp_path / name).write_bytes(data or (_DOCUMENT % (_STYLES, lines)).encode())
        subprocess.run(
            [
                calc(), f"-env:UserInstallation=file://{tmp_path}/profile", "--headless",
                "--convert-to", "xlsx", "--outdir", tmp_path / "out", tmp_path / name,
            ],
            check=True, capture_output=True, timeout=120,
        )  # fmt: skip
        (made,) = (tmp_path / "out").iterdir()
        return made.read_bytes()

    return save


@pytest.fixture
def three(db):
    top = make_unit(code="top", name_en="Top")
    return [make_unit(code=code, name_en=code, parent=top) for code in ("a", "b", "c")]


def test_merged_cells_of_calc(saved, three):
    data = saved(
        [text("code"), text("parent"), text("name_en")],
        [text("a"), text("top", down=3), text("A")],
        [text("b"), covered(), text("B")],
        [text("c"), covered(), text("C", across=2), covered()],
    )
    found = plan(data, name="calc.xlsx", corrections=True)
    assert not found.problems
    assert found.notes == [
        "In the column “parent”, a merged cell counts for each of its rows: B2:B4."
    ]
    run(data, name="calc.xlsx", corrections=True)
    codes = set(Unit.objects.filter(parent__code="top").values_list("code", flat=True))
    assert codes == {"a", "b", "c"}


def test_what_calc_leaves_below_a_merged_cell_is_asked_about(saved, three):
    data = saved(
        [text("code"), text("parent")],
        [text("a"), text("top", down=2)],
        [text("b"), covered("a")],
    )
    (problem,) = read(data, name="calc.xlsx").problems
    assert (problem.row, problem.column, problem.code) == (3, "parent", "merged_over_values")
    assert "hidden" in problem.message


def test_dates_of_calc_are_as_precise_as_they_are_shown(saved):
    days = ["1900-03-01", "1992-11-24", "2023-03-15T00:00:00"]
    data = saved(
        [text("code"), text("founded"), text("dissolved"), text("name_en")],
        *([text(f"x{n}"), date(day), date(day, "month"), text("a")] for n, day in enumerate(days)),
        [text("y"), date("1992-11-01", "year"), text("2001"), text("a")],
    )
    table = read(data, name="calc.xlsx")
    assert not table.problems
    assert [row[1:3] for row in table.rows] == [
        ["1900-03-01", "1900-03"],
        ["1992-11-24", "1992-11"],
        ["2023-03-15", "2023-03"],
        ["1992", "2001"],
    ]


def test_what_calc_shows_otherwise_than_it_counts_is_refused(saved):
    data = saved(
        [text("code"), text("founded"), text("order")],
        [text("a"), date("1850-05-28")],
        [text("b"), date("1900-02-28")],
        [text("c"), date("2023-03-15", "noyear")],
        [text("d"), _DURATION],
        [text("e"), number(20040615, "day")],
        [text("f"), text(""), number("0.05", "percent")],
    )
    assert [(p.row, p.column, p.code) for p in read(data, name="calc.xlsx").problems] == [
        (2, "founded", "early_day"),
        (3, "founded", "early_day"),
        (4, "founded", "date_format"),
        (5, "founded", "cell_type"),
        (6, "founded", "no_day"),
        (7, "order", "percent"),
    ]


def test_codes_that_calc_shows_with_zeros_keep_them(saved):
    data = saved([text("code"), text("name_en")], [number(123, "zeros"), text("a")])
    assert read(data, name="calc.xlsx").rows == [["0123", "a"]]


def test_our_own_workbook_comes_back_from_calc_without_a_change(saved, three):
    make_unit(
        code="0123", name_en="=1+1", name_az="Şəki\nikinci", founded="1840~", dissolved="1992-11"
    )
    data = saved(data=export("units", "xlsx"), name="units.xlsx")
    assert merged_cells.may_hold_merged_cells([data]) is False
    found, _applied = exchange.run(read(data, name="units.xlsx"), dry_run=True)
    assert not found.problems
    assert found.is_empty
