"""Every bad file gets its sentence, quickly, and leaves nothing behind.

The table follows HOSTILE_FILES.md and its neighbours. Each entry: what the file is, how to make
it, and what the editor must be told.
"""

import io
import time
import zipfile

import pytest
from django.contrib.admin.models import LogEntry

import exchange
from tests.exchange.files import csv_bytes, json_bytes, openpyxl_bytes, plan, read, rezip
from tests.factories import make_unit, make_unit_kind
from units.models import Unit

HEAD = ["code", "parent", "name_en"]
GOOD = ["x-1", "", "Office"]


def unit(**fields):
    return json_bytes({"code": "x-1", "name_en": "Office", **fields})


def cells(**fields):
    """A CSV of one unit with further columns."""
    values = {"code": "x-1", "name_en": "Office", **fields}
    return csv_bytes(list(values), list(values.values()))


CSV = {
    "empty file": (b"", "The file is empty."),
    "only blanks": (b" \n \n", "The file has no data."),
    "header only": (csv_bytes(HEAD), "headings and no rows"),
    "no header": (csv_bytes(["a1", "", "Office"], ["a2", "", "Other"]), "Unknown columns: “a1”"),
    "misspelt header": (csv_bytes(["code", "nam_en"], ["x", "y"]), "Did you mean “name_en”?"),
    "header in wrong case": (csv_bytes(["code", "NAME_EN"], ["x", "y"]), "Did you mean “name_en”?"),
    "spaces round header": (csv_bytes(["code", " name_en"], ["x", "y"]), "Did you mean “name_en”?"),
    "key column missing": (
        csv_bytes(["name_en", "parent"], ["x", ""]),
        "Column “code” is missing.",
    ),
    "duplicate header": (csv_bytes(["code", "code"], ["x", "y"]), "Column “code” appears twice."),
    "two names of one column": (
        csv_bytes(["code", "name_en", "Name (en)"], ["x", "y", "z"]),
        "Column “Name (en)” appears twice.",
    ),
    "NUL in header": (csv_bytes(["code", "na\0me_en"], ["x", "y"]), "invisible character U+0000"),
    "RTL in header": (csv_bytes(["code", "\u202ename"], ["x", "y"]), "invisible character U+202E"),
    "zero width in header": (csv_bytes(["co\u200bde"], ["x"]), "invisible character U+200B"),
    "row too long": (csv_bytes(HEAD, [*GOOD, "more"]), "Row 2 has 4 cells, the heading 3."),
    "row too short": (csv_bytes(HEAD, ["x-1"]), "Row 2 has 1 cells, the heading 3."),
    "unbalanced quote": (
        b'code,name_en\r\nx-1,"Office\r\nx-2,Other\r\n',
        "A quotation mark is opened in this row",
    ),
    "stray text after quote": (
        b'code,name_en\r\nx-1,"Office" of\r\n',
        "text after a closing quotation mark",
    ),
    "tabs": (b"code\tname_en\nx-1\tOffice\n", "separated by tabs"),
    "truncated UTF-8": (csv_bytes(HEAD, ["x", "", "Şə"])[:-3], "not UTF-8"),
    "overlong UTF-8": (b"code,name_en\nx,\xc0\xaf\n", "not UTF-8"),
    "CESU surrogates": (b"code,name_en\nx,\xed\xa0\x80\n", "not UTF-8"),
    "Windows code page": ("code,name_tr\nx,Şeki\n".encode("cp1254"), "not UTF-8"),
    "vertical tab": (csv_bytes(HEAD, ["x", "", "a\x0bb"]), "invisible character U+000B"),
    "escape": (csv_bytes(HEAD, ["x", "", "a\x1bb"]), "invisible character U+001B"),
    "NUL in code": (csv_bytes(HEAD, ["x\0y", "", "a"]), "invisible character U+0000"),
    "NUL in reference": (csv_bytes(HEAD, ["x", "a\0", "a"]), "invisible character U+0000"),
    "cell of 131,073": (csv_bytes(["code", "body_en"], ["x", "a" * 131_073]), "131073 characters"),
    "cell of 20,001": (csv_bytes(["code", "body_en"], ["x", "a" * 20_001]), "20001 characters"),
    "never closed, huge": (b'code,name_en\nx,"' + b"a" * 3_000_000, "quotation mark"),
    "1,000 columns": (csv_bytes([f"c{n}" for n in range(1000)], ["1"] * 1000), "more than 64"),
    "one long line": (b"a" * (21 * 1024 * 1024), "larger than 20 MB"),
    "long line within the size": (b"a" * (6 * 1024 * 1024), "Unknown columns"),
    "PNG": (b"\x89PNG\r\n\x1a\n" + bytes(100), "not a text file"),
    "PDF": (b"%PDF-1.7\n" + b"a" * 100, "not a text file"),
    "EXE": (b"MZ" + bytes(100), "not a text file"),
    "zip named csv": (b"PK\x03\x04" + bytes(100), "not a text file"),
    "UTF-16 without mark": ("code,name_en\nx,y".encode("utf-16-le"), "not a text file"),
    "sep line": (b"sep=;\r\ncode;name_en\r\nx;y\r\n", "Remove the “sep=” line"),
    "20,001 rows": (csv_bytes(HEAD, *([str(n), "", "a"] for n in range(20_001))), "20000 rows"),
    "no code": (csv_bytes(HEAD, ["", "", "Office"]), "The code is missing."),
}

VALUES = {
    "name only spaces": (cells(name_en="   "), "at least one language"),
    "no name at all": (csv_bytes(["code"], ["x"]), "at least one language"),
    "code with a blank": (csv_bytes(HEAD, ["x ", "", "a"]), "Remove the blank"),
    "code too long": (csv_bytes(HEAD, ["x" * 101, "", "a"]), "101 characters; 100 are allowed"),
    "choice": (cells(status="NOPE"), "“NOPE” is not one of draft, published, archived."),
    "choice in wrong case": (cells(status="Draft"), "Did you mean “draft”?"),
    "31 February": (cells(founded="2024-02-31"), "no day 31"),
    "31/02": (cells(founded="31/02/2024"), "no day 31"),
    "one digit": (cells(founded="2024-1-1"), "two digits"),
    "year 0": (cells(founded="0000"), "no year 0000"),
    "year 10000": (cells(founded="10000"), "four digits"),
    "ambiguous date": (cells(founded="03/04/05"), "four digits"),
    "ambiguous day": (cells(founded="03/04/1905"), "may each be the day or the month"),
    "a word for a date": (cells(dissolved="closed"), "cannot be read as a date"),
    "end before begin": (
        cells(founded="1990", dissolved="1980"),
        "The end is before the beginning.",
    ),
    "reason without a date": (cells(closing_reason="merged"), "say when the unit was dissolved"),
    "decimal for a number": (cells(order="1945.9"), "not a whole number"),
    "1e9999999": (cells(order="1e9999999"), "too large"),
    "10^30": (cells(order="1" + "0" * 30), "too large"),
    "10^5000": (cells(order="1" + "0" * 5000), "too large"),
    "2^40": (cells(order=str(2**40)), "from 0 to 2147483647"),
    "negative": (cells(order="-1"), "from 0 to 2147483647"),
    "0x10": (cells(order="0x10"), "not a whole number"),
    "NaN": (cells(order="NaN"), "not a whole number"),
    "n/a": (cells(order="n/a"), "not a whole number"),
    "other digits": (cells(order="١٢"), "not a whole number"),
    "latitude alone": (cells(latitude="40.4"), "Give both latitude and longitude"),
    "latitude beyond the pole": (cells(latitude="91", longitude="0"), "less than or equal to 90"),
    "decimal comma": (cells(latitude="40,4", longitude="49"), "full stop"),
    "javascript link": (cells(website="javascript:alert(1)"), "https:// or http://"),
    "javascript in text": (cells(body_en="[x](javascript:alert)"), "Use http, https, mailto"),
    "RTL override": (cells(name_en="a\u202eb"), "invisible character U+202E"),
    "isolate": (cells(name_en="a\u2066b"), "invisible character U+2066"),
    "zero width": (cells(phone="+994\u200b12"), "invisible character U+200B"),
    "BOM inside": (cells(name_en="a\ufeffb"), "invisible character U+FEFF"),
    "Zalgo": (cells(name_en="a" + "\u0301" * 1000), "1001 characters"),
    "short Zalgo": (cells(name_en="a" + "\u0301" * 20), "too many combining marks"),
    "picture path": (cells(emblem="../../etc/passwd"), "no uploaded picture"),
    "picture that is not there": (cells(emblem="emblems/none.png"), "no uploaded picture"),
    "time": (cells(publish_at="soon"), "not a date with a time"),
    "time out of range": (cells(publish_at="9999-12-31T23:59:59-23:00"), "not a date with a time"),
    "column nobody may write": (cells(created_at="2020-01-01"), "Unknown column “created_at”."),
}

REFERENCES = {
    "unknown superior": (csv_bytes(HEAD, ["x", "nobody", "a"]), "no record with the code “nobody”"),
    "nearly right": (csv_bytes(HEAD, ["x", "policee", "a"]), "Did you mean “police”?"),
    "forged id": (csv_bytes(HEAD, ["x", "-1", "a"]), "no record with the code “-1”"),
    "twice in the file": (
        csv_bytes(HEAD, GOOD, ["y", "", "b"], ["z", "", "c"], GOOD),
        "The rows 2 and 5 have the same code.",
    ),
    "own superior": (csv_bytes(HEAD, ["x", "x", "a"]), "cannot be its own superior"),
    "a cycle of three": (
        csv_bytes(HEAD, ["a", "c", "a"], ["b", "a", "b"], ["c", "b", "c"]),
        "in a circle: a → c → b → a",
    ),
    "under its own part": (csv_bytes(["code", "parent"], ["police", "baku"]), "in a circle:"),
    "swap": (
        csv_bytes(["code", "parent"], ["police", "baku"], ["baku", "police"]),
        "in a circle: police → baku → police",
    ),
    "chain of 60": (
        csv_bytes(HEAD, *([f"c{n}", f"c{n - 1}" if n else "", "a"] for n in range(60))),
        "50 levels are allowed",
    ),
    "slug taken": (cells(slug="police"), "Another record already has this value."),
    "one slug twice": (
        csv_bytes(["code", "name_en", "slug"], ["a", "a", "s"], ["b", "b", "s"]),
        "The rows 2 and 3 have the same value here.",
    ),
    "wrong model": (
        csv_bytes(["code", "title_en", "era", "units_before"], ["e", "t", "r", ""]),
        "This looks like “events”.",
    ),
}


def _entry(name, **attributes):
    entry = zipfile.ZipInfo(name)
    for key, value in attributes.items():
        setattr(entry, key, value)
    return entry


def _shared(strings, sheet=None):
    """A workbook whose name cell refers to a shared string."""
    old = b'<c r="C2" t="inlineStr"><is><t>Office</t></is></c>'

    def refer(data):
        assert old in data
        return data.replace(old, sheet or b'<c r="C2" t="s"><v>0</v></c>')

    return rezip(
        openpyxl_bytes(HEAD, GOOD),
        {"xl/worksheets/sheet1.xml": refer},
        add=[("xl/sharedStrings.xml", strings)],
        drop=["xl/sharedStrings.xml"],
    )


def _bomb():
    text = b"<sst><si><t>" + b"a" * (150 * 1024 * 1024) + b"</t></si></sst>"
    return _shared(text)


def _ratio():
    return rezip(openpyxl_bytes(HEAD, GOOD), add=[("xl/media/a.bin", bytes(30_000_000))])


def _sheet(change):
    return rezip(openpyxl_bytes(HEAD, GOOD), {"xl/worksheets/sheet1.xml": change})


def _far_cell(old):
    return old.replace(
        b"</sheetData>",
        b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>',
    )


def _wide_cell(old):
    return old.replace(b"</sheetData>", b'<row r="3"><c r="XFD3"><v>1</v></c></row></sheetData>')


_ENTITIES = (
    b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">'
    b"]><sst xmlns='http://schemas.openxmlformats.org/spreadsheetml/2006/main'>"
    b"<si><t>&b;</t></si></sst>"
)


def _set(cell, value, number_format=None):
    def prepare(workbook):
        workbook.active[cell] = value
        if number_format:
            workbook.active[cell].number_format = number_format

    return prepare


def _hide_row(workbook):
    workbook.active.row_dimensions[2].hidden = True


def _hide_column(workbook):
    workbook.active.column_dimensions["C"].hidden = True


def _second_sheet(workbook):
    sheet = workbook.create_sheet("Data")
    sheet.append(HEAD)
    sheet.append(GOOD)


def _plain_zip(*members):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        for name, data in members:
            package.writestr(name, data)
    return out.getvalue()


XLSX = {
    "CSV bytes": (csv_bytes(HEAD, GOOD), "not an Excel workbook"),
    "zip without workbook": (_plain_zip(("a.txt", "a")), "not an Excel workbook"),
    "ods": (_plain_zip(("mimetype", "x"), ("content.xml", "<a/>")), "not an Excel workbook"),
    "xls": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000), "not an Excel workbook"),
    "truncated": (openpyxl_bytes(HEAD, GOOD)[:-100], "not an Excel workbook"),
    "encrypted": (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
        "protected by a password",
    ),
    "bomb in one cell": (_bomb, "too large when unpacked"),
    "ratio": (_ratio, "too large when unpacked"),
    "far away cell": (lambda: _sheet(_far_cell), "gap between the rows 2 and 1048576"),
    "wide cell": (lambda: _sheet(_wide_cell), "more than 64 columns"),
    "dimension that lies": (
        lambda: _sheet(lambda old: old.replace(b'ref="A1:C2"', b'ref="A1:XFD1048576"')),
        None,
    ),
    "10,000 members": (
        lambda: rezip(openpyxl_bytes(HEAD), add=[(f"m{n}", b"") for n in range(10_000)]),
        "parts inside",
    ),
    "billion laughs": (
        lambda: _shared(_ENTITIES),
        "declares entities",
    ),
    "path out": (lambda: rezip(openpyxl_bytes(HEAD), add=[("../../x", b"a")]), "leads out"),
    "absolute path": (lambda: rezip(openpyxl_bytes(HEAD), add=[("/etc/x", b"a")]), "leads out"),
    "symlink": (
        lambda: rezip(
            openpyxl_bytes(HEAD), add=[(_entry("l", external_attr=0o120777 << 16), b"/etc")]
        ),
        "part “l” is a link",
    ),
    "macros": (
        lambda: rezip(openpyxl_bytes(HEAD, GOOD), add=[("xl/vbaProject.bin", b"a")]),
        "macros are not accepted",
    ),
    "formula without result": (
        lambda: openpyxl_bytes(HEAD, ["x", "", "=1+1"]),
        "formula without its result",
    ),
    "error value": (lambda: openpyxl_bytes(HEAD, ["x", "", "#REF!"]), "Excel error value"),
    "string index": (
        lambda: _shared(b"<sst><si><t>a</t></si></sst>", b'<c r="C2" t="s"><v>7</v></c>'),
        "damaged",
    ),
    "broken XML": (lambda: _sheet(lambda old: old[:200]), "damaged"),
    "number for a code": (lambda: openpyxl_bytes(HEAD, [123, "", "a"]), "number where text"),
    "date for a name": (
        lambda: openpyxl_bytes(HEAD, GOOD, prepare=_set("C2", 45000, "yyyy-mm-dd")),
        "date where text",
    ),
    "truth for a name": (lambda: openpyxl_bytes(HEAD, ["x", "", True]), "truth value where text"),
    "number for a date": (
        lambda: openpyxl_bytes(["code", "name_en", "founded"], ["x", "a", 45000]),
        "number where text",
    ),
    "empty sheet": (openpyxl_bytes(), "no data"),
    "data on second sheet": (
        lambda: openpyxl_bytes(prepare=_second_sheet),
        "first sheet is empty",
    ),
    "hidden row": (lambda: openpyxl_bytes(HEAD, GOOD, prepare=_hide_row), "This row is hidden."),
    "hidden column": (lambda: openpyxl_bytes(HEAD, GOOD, prepare=_hide_column), "hidden columns"),
    "header only": (openpyxl_bytes(HEAD), "headings and no rows"),
}  # fmt: skip

JSON = {
    "null": (b"null", "must be a list of records"),
    "text": (b'"x"', "must be a list of records"),
    "number": (b"1", "must be a list of records"),
    "object": (b"{}", "must be a list of records"),
    "object of lists": (b'{"units": [{"code": "x"}]}', "must be a list of records"),
    "list of numbers": (b"[1,2,3]", "record 1: This is not a record."),
    "trailing garbage": (b'[{"code": "x"}] x', "line 1, column 17"),
    "comment": (b'[{"code": "x"} // a\n]', "line 1, column 16"),
    "trailing comma": (b'[{"code": "x"},]', "line 1, column 16"),
    "cut off": (b'[{"code": "x"', "This is not JSON"),
    "empty list": (b"[]", "no records"),
    "NaN": (b'[{"code": "x", "name_en": "a", "order": NaN}]', "NaN is not a number"),
    "Infinity": (b'[{"code": "x", "name_en": "a", "order": -Infinity}]', "-Infinity is not a"),
    "100,000 brackets": (b"[" * 100_000, "nested too deep"),
    "6 brackets": (unit(name_en=[[[["a"]]]]), "nested too deep"),
    "object as text": (unit(name_en={"a": 1}), "Text is expected here."),
    "list as text": (unit(name_en=["a"]), "Text is expected here."),
    "number as text": (unit(name_en=5), "Text is expected here."),
    "truth as text": (unit(name_en=True), "Text is expected here."),
    "null in the code": (json_bytes({"code": None, "name_en": "a"}), "The code is missing."),
    "null in all names": (unit(name_en=None), "at least one language"),
    "lone surrogate": (b'[{"code": "x", "name_en": "\\ud800"}]', "invalid character U+D800"),
    "surrogate in a reference": (b'[{"code": "x", "parent": "\\ud800"}]', "U+D800"),
    "NUL": (b'[{"code": "x", "name_en": "a\\u0000"}]', "invisible character U+0000"),
    "NUL in a reference": (b'[{"code": "x", "parent": "\\u0000"}]', "invisible character U+0000"),
    "UTF-16": ('[{"code": "x"}]'.encode("utf-16"), "UTF-16"),
    "not UTF-8": (b'[{"code": "\xff"}]', "not UTF-8"),
    "key twice": (b'[{"code": "x", "name_en": "a", "name_en": "b"}]', "appears twice"),
    "unknown key": (unit(nam_en="a"), "Did you mean “name_en”?"),
    "5,000 digits": (
        b'[{"code": "x", "name_en": "a", "order": ' + b"9" * 5000 + b"}]",
        "too large",
    ),
    "exponent": (b'[{"code": "x", "name_en": "a", "order": 1e9999999}]', "too large"),
}

ALL = (
    [("csv", *item) for item in CSV.items()]
    + [("csv", *item) for item in VALUES.items()]
    + [("csv", *item) for item in REFERENCES.items()]
    + [("xlsx", *item) for item in XLSX.items()]
    + [("json", *item) for item in JSON.items()]
)


@pytest.fixture
def police(db):
    kind = make_unit_kind(code="unit")
    police = make_unit(code="police", slug="police", kind=kind)
    return police, make_unit(code="baku", slug="baku", parent=police, kind=kind)


@pytest.mark.parametrize(
    ("ending", "case"), [(e, case) for e, *case in ALL], ids=[f"{a[0]}: {a[1]}" for a in ALL]
)
def test_a_bad_file_gets_its_sentence(ending, case, police, caplog):
    _name, (data, sentence) = case
    data = data() if callable(data) else data
    before = list(Unit.objects.order_by("pk").values())
    begun = time.monotonic()

    book = read(data, "units", f"file.{ending}")
    found, applied = exchange.run(
        book, options=exchange.Options(limits=exchange.Limits.browser()), dry_run=sentence is None
    )

    assert time.monotonic() - begun < 10
    told = [str(problem) for problem in found.problems]
    if sentence is None:  # a lie that does no harm
        assert not told
        return
    assert any(sentence in one for one in told), told[:5]
    assert applied is None
    for one in told:
        assert not any(
            word in one for word in ("Error", "Exception", "/work", "SELECT", "object at")
        )
        assert len(one) < 700
    assert list(Unit.objects.order_by("pk").values()) == before
    assert not LogEntry.objects.exists()
    assert sum(record.name == "exchange" for record in caplog.records) <= 1


@pytest.mark.parametrize("ending", ["csv", "json"])
@pytest.mark.parametrize("name", sorted(VALUES))
def test_values_are_refused_in_every_format(name, ending, police):
    """The same cells as JSON records and in a workbook."""
    import csv

    data, sentence = VALUES[name]
    headings, *rows = csv.reader(io.StringIO(data.decode(), newline=""))
    if ending == "json":
        data = json_bytes(*(dict(zip(headings, row, strict=True)) for row in rows))
    told = [str(problem) for problem in plan(data, name=f"file.{ending}").problems]
    assert any(sentence in one for one in told), told


def test_a_row_with_a_bad_cell_tells_its_other_mistakes_in_the_same_round(police):
    headings = ["code", "name_en", "founded", "dissolved", "closing_reason", "latitude", "slug"]
    data = csv_bytes(
        headings,
        ["a", "", "soon", "", "abolished", "40.4", "police"],
        ["b", "B", "1950", "1940", "", "x", "same"],
        ["c", "C", "1950", "soon", "abolished", "", "same"],
        ["d", "D", "soon", "1940", "", "", ""],
        ["e", "E", "soon", "", "", "", ""],
    )
    assert [(p.row, p.column, p.code) for p in plan(data).problems] == [
        (2, None, "units_unit_whole_position"), (2, "name_en", "no_title"),
        (2, "founded", "date"), (2, "slug", "unique"),
        (3, None, "period_order"), (3, "latitude", "number"),
        (4, "dissolved", "date"), (4, "slug", "unique"),
        (5, "founded", "date"), (6, "founded", "date"),
    ]  # fmt: skip


def test_a_problem_says_where_it_is(police):
    data = csv_bytes(["code", "name_en", "founded"], ["x-1", "a", "1918"], ["y", "b", "soon"])
    (problem,) = plan(data, name="register.csv").problems
    assert (problem.file, problem.row, problem.column) == ("register.csv", 3, "founded")
    assert problem.value == "soon"
    assert problem.place == "row 3, column “founded”"


def test_a_place_spells_out_what_turns_a_line_round(police):
    told = [
        str(problem) for problem in plan(csv_bytes(["code", "\u202ename"], ["x", "y"])).problems
    ]
    assert told
    assert "column “\\u202ename”" in told[0]
    assert not any("\u202e" in one for one in told)


def test_all_problems_of_a_file_come_at_once(police):
    data = csv_bytes(
        ["code", "parent", "name_en", "founded", "extra"],
        ["x", "nobody", "a", "1918", ""],
        ["y", "", "", "soon", ""],
        ["x", "", "c", "", ""],
    )
    codes = {problem.code for problem in plan(data).problems}
    assert {"unknown_reference", "unreadable", "date", "duplicate", "column_unknown"} & codes == {
        "unknown_reference",
        "date",
        "duplicate",
        "column_unknown",
    }


def test_a_command_has_no_limit_of_rows(police):
    rows = ([str(n), "", "a"] for n in range(20_001))
    table = read(csv_bytes(HEAD, *rows), limits=exchange.Limits.command())
    assert len(table.rows) == 20_001
    assert not table.problems
