"""What a cell of a sheet shows of its number: days, months, years, times, percentages, zeros."""

import io
import re

import pytest
from django.utils import translation

import exchange
from exchange.formats.xlsx_files.number_formats import Shows, number_format
from tests.exchange.files import openpyxl_bytes, plan, read, rezip

BEYOND = "is not a day"
EARLY = "before 1 March 1900"


def workbook(column, value, number_format=None, epoch_1904=False):
    """A workbook of one unit with one further cell."""

    def prepare(book):
        if epoch_1904:
            from openpyxl.utils.datetime import CALENDAR_MAC_1904

            book.epoch = CALENDAR_MAC_1904
        book.active["C2"] = value
        if number_format:
            book.active["C2"].number_format = number_format

    return openpyxl_bytes(["code", "name_en", column], ["x", "a"], prepare=prepare)


def seen(*args, kind="units", **kwargs):
    """What the cell is read as, or the sentence that refuses it."""
    table = read(workbook(*args, **kwargs), kind, name="f.xlsx")
    if table.problems:
        (problem,) = table.problems
        assert (problem.row, problem.column) == (2, args[0])
        return problem.sentence
    return table.rows[0][2]


@pytest.mark.parametrize(
    ("number", "wanted"),
    [
        (61, "1900-03-01"),
        (61.5, "1900-03-01"),
        (45000, "2023-03-15"),
        (45000.75, "2023-03-15"),  # a time of day that the format does not show
        (2958465, "9999-12-31"),
        (2958465.9, "9999-12-31"),
        (44999.9999999999, "2023-03-15"),  # a sum that misses midnight by a hair
        (2958465.9999999999, BEYOND),
        (2958466, BEYOND),
        (20040615, BEYOND),
        (99999999, BEYOND),
        (1e300, BEYOND),
        (60, EARLY),  # 29 February 1900, a day that only Excel has
        (60.99, EARLY),
        (59, EARLY),
        (1, EARLY),
        (0, EARLY),
        (0.5, EARLY),
        (-1, EARLY),
        (-18263, EARLY),
        (-1e300, EARLY),
    ],
)
def test_the_number_of_a_day(number, wanted):
    found = seen("founded", number, "yyyy-mm-dd")
    assert (wanted in found) if wanted in (BEYOND, EARLY) else found == wanted


def test_a_number_that_is_no_day_is_shown_with_what_was_probably_meant():
    found = seen("founded", 20040615, "dd.mm.yyyy")
    assert "20040615 is not a day" in found
    assert "as text" in found
    assert "2004-06-15" in found
    assert "1899" not in found
    assert "2004" not in seen("founded", 99999999, "dd.mm.yyyy")


@pytest.mark.parametrize(
    ("number", "wanted"),
    [(0, "1904-01-01"), (60, "1904-03-01"), (2957003, "9999-12-31"), (2957004, BEYOND)],
)
def test_days_since_1904(number, wanted):
    found = seen("founded", number, "yyyy-mm-dd", epoch_1904=True)
    assert (wanted in found) if wanted == BEYOND else found == wanted
    assert BEYOND in seen("founded", -1, "yyyy-mm-dd", epoch_1904=True)


@pytest.mark.parametrize(
    ("code", "wanted"),
    [
        ("mmm yyyy", "2023-03"),
        ("mmm-yy", "2023-03"),
        ("mm/yyyy", "2023-03"),
        ("[$-42C]mmmm yyyy;@", "2023-03"),
        ('yyyy" il, "mmmm', "2023-03"),
        (r"mmmm\ yyyy", "2023-03"),
        ("yyyy", "2023"),
        ("[$-42C]yyyy", "2023"),
        ("yy", "2023"),
        (r'yyyy\-"ci il"', "2023"),
        ('"year" yyyy', "2023"),
        ("d mmmm yyyy", "2023-03-15"),
        ("m/d/yy", "2023-03-15"),
        ("[$-F800]dddd, mmmm dd, yyyy", "2023-03-15"),
        ("yyyy-mm-dd;@", "2023-03-15"),
        ("[Red]dd.mm.yyyy", "2023-03-15"),
        ("yyyy-mm-dd hh:mm", "2023-03-15"),
        ("[$-411]e.m.d", "2023-03-15"),
    ],
)
def test_a_date_is_as_precise_as_it_is_shown(code, wanted):
    assert seen("founded", 45000, code) == wanted


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        ("d mmm", "whose year its format does not show"),
        ("dd.mm", "whose year its format does not show"),
        ("dddd", "cannot be told how much"),
        ("mmmm", "whose year its format does not show"),
        ("d yyyy", "cannot be told how much"),
        ("[$-1070000]yyyy", "cannot be told how much"),  # the Buddhist year 2566
        ("bbbb", "cannot be told how much"),
        ('"Q"q yyyy', "cannot be told how much"),
        ("ДД.ММ.ГГГГ", "cannot be told how much"),
        ("h:mm", "time of day or a duration"),
        ("hh:mm:ss", "time of day or a duration"),
        ("h:mm AM/PM", "time of day or a duration"),
        ("[h]:mm", "time of day or a duration"),
        ("[mm]:ss", "time of day or a duration"),
        ("0%", "number where text"),
    ],
)
def test_a_cell_that_does_not_show_its_date_is_refused(code, sentence):
    assert sentence in seen("founded", 45000.5, code)


@pytest.mark.parametrize(
    ("code", "shows"),
    [
        ("General", Shows.NUMBER), ("0.00E+00", Shows.NUMBER), ("##0.0E+0", Shows.NUMBER),
        ("# ?/?", Shows.NUMBER), ('#,##0.00\\ "man."', Shows.NUMBER), ("@", Shows.NUMBER),
        ("[$₼-42C]\\ #,##0.00", Shows.NUMBER), ("_-* #,##0_-;-* #,##0_-", Shows.NUMBER),
        ("[Red]0;[Blue]-0", Shows.NUMBER), ("", Shows.NUMBER), (";;;", Shows.NUMBER),
        ("0.0%", Shows.PERCENT), ("mm:ss", Shows.TIME), ("mm:ss.0", Shows.TIME),
        ("h:mm;@", Shows.TIME), ("[hh]:mm:ss", Shows.TIME), ("yyyy-mm-dd h:mm:ss", Shows.MOMENT),
        ("d/m/yyyy hh:mm AM/PM", Shows.MOMENT), ("mmmmm-yy", Shows.MONTH),
        ("yyyy mm ss", Shows.UNCLEAR), ('"a;b"yyyy;0', Shows.YEAR),
    ],
)  # fmt: skip
def test_what_a_format_shows(code, shows):
    assert number_format(code).shows is shows


@pytest.mark.parametrize(
    ("number", "wanted"),
    [(14, "2023-03-15"), (15, "2023-03-15"), (17, "2023-03"), (16, "year"), (20, "time of day"),
     (46, "time of day"), (57, "cannot be told"), (31, "2023-03-15"), (27, "cannot be told")],
)  # fmt: skip
def test_formats_that_files_name_by_number(number, wanted):
    def name(old):
        without = re.sub(rb"<numFmts.*</numFmts>", b"", old)
        assert without != old
        return without.replace(b'numFmtId="164"', b'numFmtId="%d"' % number)

    data = rezip(workbook("founded", 45000, "yyyy-mm-dd"), {"xl/styles.xml": name})
    table = read(data, name="f.xlsx")
    found = table.problems[0].sentence if table.problems else table.rows[0][2]
    assert wanted in found


@pytest.mark.parametrize(
    ("text", "code", "wanted"),
    [
        ("2004-06-15", "yyyy-mm-dd", "2004-06-15"),
        ("2004-06-15T00:00:00", "General", "2004-06-15"),
        ("2004-06-15T00:00:00.000Z", "yyyy-mm-dd", "2004-06-15"),
        ("1850-06-15T00:00:00", "yyyy-mm-dd", "1850-06-15"),
        ("2004-06-01T00:00:00", "mmm yyyy", "2004-06"),
        ("2004-01-01", "yyyy", "2004"),
        ("2004-06-15T10:30:00", "yyyy-mm-dd", "2004-06-15"),
        ("2004-02-31", "yyyy-mm-dd", BEYOND),
        ("soon", "yyyy-mm-dd", BEYOND),
        ("20040615", "yyyy-mm-dd", BEYOND),
        ("T10:30:00", "h:mm", "time of day"),
        ("10:30", "General", "time of day"),
    ],
)
def test_dates_that_a_sheet_holds_as_text(text, code, wanted):
    cell = f't="d"><v>{text}</v>'.encode()
    data = rezip(
        workbook("founded", 45000, code),
        {"xl/worksheets/sheet1.xml": lambda old: old.replace(b't="n"><v>45000</v>', cell)},
    )
    table = read(data, name="f.xlsx")
    found = table.problems[0].sentence if table.problems else table.rows[0][2]
    assert (found == wanted) if wanted[0].isdigit() else wanted in found


def test_a_moment_keeps_a_time_that_its_format_does_not_show():
    assert seen("publish_at", 45000.75, "dd.mm.yyyy") == "2023-03-15 18:00:00"
    assert seen("publish_at", 45000.75, "dd.mm.yyyy hh:mm") == "2023-03-15 18:00:00"
    assert seen("publish_at", 45000.99999999, "yyyy-mm-dd hh:mm:ss") == "2023-03-16"
    assert seen("publish_at", 45000.375, "yyyy-mm-dd hh:mm") == "2023-03-15 09:00:00"


@pytest.mark.parametrize(
    ("column", "value", "code", "wanted"),
    [
        ("code", 123, "0000", "0123"),
        ("parent", 7, "000", "007"),
        ("phone", 12345, "0000", "12345"),
        ("code", 123, None, "number where text"),
        ("code", -5, "0000", "number where text"),
        ("code", 1.5, "0000", "number where text"),
        ("code", 100000, "0.00E+00", "number where text"),
        ("code", 44958, "d mmm", "date where text"),
        ("opening_hours_en", 0.375, "h:mm", "time where text"),
        ("order", 5, "0000", "0005"),
        ("order", 0.05, "0%", "holds the number 0.05 and shows it as 5%"),
        ("order", 45000, "yyyy-mm-dd", "date or a time where a number"),
        ("order", True, None, "truth value where a number"),
        ("latitude", 40.5, "0.00%", "shows it as 4050%"),
        ("latitude", 40.5, "#,##0.00", "40.5"),
        ("latitude", 0.5, "# ?/?", "0.5"),
        ("founded", 1992, None, "1992"),
        ("founded", 987, "0000", "0987"),
        ("founded", 1992, "0%", "number where text"),
        ("founded", 45000, None, "it is 2023-03-15"),
        ("founded", 20040615, None, "write it as 2004-06-15"),
        ("founded", True, None, "truth value"),
    ],
)
def test_numbers_are_read_as_they_are_shown_or_refused(column, value, code, wanted):
    book = workbook(column if column != "code" else "kind", value, code)
    if column == "code":
        book = openpyxl_bytes(
            ["name_en", "kind", "code"],
            ["a", "unit"],
            prepare=lambda book: (
                book.active.cell(2, 3, value),
                code and setattr(book.active["C2"], "number_format", code),
            ),
        )
    table = read(book, name="f.xlsx")
    found = table.problems[0].sentence if table.problems else table.rows[0][2]
    assert (found == wanted) if wanted[0].isdigit() else wanted in found


@pytest.mark.django_db
def test_a_month_and_a_year_come_into_the_database_as_such():
    for code, wanted in (("mmmm yyyy", "2023-03"), ("yyyy", "2023")):
        change = plan(workbook("founded", 45000, code), name="f.xlsx").changes("units")[0]
        assert {cell.column: cell.new for cell in change.cells}["founded"] == wanted


def test_the_sentences_in_azerbaijani():
    with translation.override("az"):
        told = [seen("founded", number, "yyyy-mm-dd") for number in (20040615, -1)]
        told += [seen("founded", 45000, code) for code in ("d mmm", "bbbb", "h:mm", None)]
        told += [seen("order", *args) for args in ((0.05, "0%"), (45000, "yyyy"), (True, None))]
        told += [seen("phone", *args) for args in ((0.5, "h:mm"), (45000, "yyyy"))]
    assert not any("The cell" in one or "Format" in one or "cannot" in one for one in told), told


@pytest.mark.django_db
def test_the_copy_with_the_problems_does_not_make_a_doubtful_cell_certain():
    for args in ((20040615, "yyyy-mm-dd"), (-1, "yyyy-mm-dd"), (45000, "d mmm"), (45000, "bbbb")):
        data = workbook("founded", *args)
        problems = plan(data, name="f.xlsx").problems
        copy = io.BytesIO()
        assert exchange.write_problem_copy(data, problems, copy, name="f.xlsx")
        assert [p.column for p in plan(copy.getvalue(), name="f.xlsx").problems] == ["founded"]


@pytest.mark.django_db
def test_a_code_that_cannot_be_read_is_told_once():
    data = openpyxl_bytes(["code", "name_en"], [123, "a"], ["", "b"], [True, "c"])
    told = [(p.row, p.column, p.code) for p in plan(data, name="f.xlsx").problems]
    assert told == [(2, "code", "cell_type"), (3, "code", "required"), (4, "code", "cell_type")]
