"""Workbooks whose bytes depend on the data alone."""

import re
import zipfile
from xml.sax.saxutils import escape

from exchange.formats.csv_files import escape_guard
from exchange.formats.xlsx_files.packages import zip_entry
from exchange.formats.xlsx_files.parts import ESCAPED


def _escape(text):
    """Text for XML, with what XML cannot hold written as Excel writes it."""
    text = ESCAPED.sub(lambda match: "_x005F" + match[0], text)
    text = re.sub("[\x00-\x08\x0b-\x1f\ufffe\uffff]", lambda match: f"_x{ord(match[0]):04X}_", text)
    return escape(text)


_CONTENT_TYPES = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships'
    '+xml"/><Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-'
    'officedocument.spreadsheetml.sheet.main+xml"/>'
    '<Override PartName="/xl/styles.xml" ContentType="application/vnd.openxmlformats-'
    'officedocument.spreadsheetml.styles+xml"/>%s</Types>'
)


_SHEET_TYPE = (
    '<Override PartName="/xl/worksheets/sheet%s.xml" ContentType="application/vnd.'
    'openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>'
)


_RELATIONS = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    "%s</Relationships>"
)


_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


# Style 1: text (format 49 "@"), so that a spreadsheet does not turn codes into numbers when they
# are edited; style 2: the same, bold, for the headings.
_STYLES = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    f'<styleSheet xmlns="{_MAIN}"><fonts count="2"><font/><font><b/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>'
    '<cellXfs count="3"><xf xfId="0"/><xf numFmtId="49" xfId="0" applyNumberFormat="1"/>'
    '<xf numFmtId="49" fontId="1" xfId="0" applyNumberFormat="1" applyFont="1"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>'
    "</styleSheet>"
)


def _letters(number):
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def write(stream, sheets):
    """Write a workbook. ``sheets``: [(name, headings, iterable of lists of texts)].

    Every cell is typed as text, so no spreadsheet takes one for a formula.
    """
    sheets = list(sheets)
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as package:

        def put(name, text):
            package.writestr(zip_entry(name), text.encode())

        numbers = range(1, len(sheets) + 1)
        put("[Content_Types].xml", _CONTENT_TYPES % "".join(_SHEET_TYPE % n for n in numbers))
        put(
            "_rels/.rels",
            _RELATIONS
            % f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/>',
        )
        listed = "".join(
            f'<sheet name="{escape(name, {chr(34): "&quot;"})}" sheetId="{n}" r:id="rId{n}"/>'
            for n, (name, _headings, _rows) in zip(numbers, sheets, strict=True)
        )
        put(
            "xl/workbook.xml",
            '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
            f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>{listed}</sheets></workbook>',
        )
        put(
            "xl/_rels/workbook.xml.rels",
            _RELATIONS
            % (
                "".join(
                    f'<Relationship Id="rId{n}" Type="{_OFFICE}/worksheet" '
                    f'Target="worksheets/sheet{n}.xml"/>'
                    for n in numbers
                )
                + f'<Relationship Id="rId{len(sheets) + 1}" Type="{_OFFICE}/styles" '
                'Target="styles.xml"/>'
            ),
        )
        put("xl/styles.xml", _STYLES)
        for n, (_name, headings, rows) in zip(numbers, sheets, strict=True):
            with package.open(zip_entry(f"xl/worksheets/sheet{n}.xml"), "w", force_zip64=True) as f:
                _write_sheet(f, headings, rows)


def _write_sheet(stream, headings, rows):
    letters = [_letters(n) for n in range(1, len(headings) + 1)]
    stream.write(
        (
            f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<worksheet xmlns="{_MAIN}">'
            '<sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" '
            'activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>'
            f'<cols><col min="1" max="{max(1, len(headings))}" width="22" style="1" '
            'customWidth="1"/></cols><sheetData>'
        ).encode()
    )
    buffer = [_row(1, letters, headings, 2)]
    for number, row in enumerate(rows, 2):
        buffer.append(_row(number, letters, row, 1))
        if len(buffer) >= 500:
            stream.write("".join(buffer).encode())
            buffer = []
    stream.write("".join(buffer).encode())
    stream.write(b"</sheetData></worksheet>")


def _row(number, letters, cells, style):
    written = "".join(
        f'<c r="{letter}{number}" s="{style}" t="inlineStr"><is><t xml:space="preserve">'
        f"{_escape(escape_guard(text))}</t></is></c>"
        for letter, text in zip(letters, cells, strict=True)
        if text
    )
    return f'<row r="{number}">{written}</row>'
