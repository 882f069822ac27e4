"""Excel workbooks (.xlsx), read and written as streams of cells.

Own code rather than openpyxl: its reader pads rows to whatever width a file claims (a 4.6 KB file
keeps a worker busy for good), and its writer puts the time of day into the file, so that no two
exports of the same data are equal. ECMA-376 part 1, chapter 18 (SpreadsheetML).
"""

import datetime
import re
import zipfile
from xml.parsers import expat
from xml.sax.saxutils import escape

from django.utils.translation import gettext as _

from exchange.csv_files import escape_guard, unguard
from exchange.json_files import BooleanText, NumberText
from exchange.problems import BadFile, Problem

_CHUNK = 1 << 16
# A file whose rows jump further than this is not a table.
_LARGEST_GAP = 1000


class DateText(str):
    """A day of a date cell, as 2026-11-22."""


class ErrorText(str):
    """An Excel error value such as #REF!."""


class FormulaText(str):
    """A formula whose result the file does not hold."""


def not_excel(file):
    return BadFile(
        Problem(
            "not_xlsx",
            _("This is not an Excel workbook (.xlsx)."),
            _("Open it in the program that made it and save it as .xlsx or as CSV UTF-8."),
            file=file,
        )
    )


def _damaged(file):
    return BadFile(
        Problem(
            "damaged",
            _("The workbook is damaged."),
            _("Open it in a spreadsheet program and save it again."),
            file=file,
        )
    )


def _not_allowed(file, why):
    return BadFile(
        Problem(
            "not_allowed",
            _("The file is not allowed: %(why)s.") % {"why": why},
            _("Save it anew from a spreadsheet program."),
            file=file,
        )
    )


def open_zip(stream, file, limits):
    """A ZipFile whose directory keeps to the limits. Raises BadFile."""
    try:
        package = zipfile.ZipFile(stream)
        members = package.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        raise not_excel(file) from None
    if len(members) > limits.xlsx_members:
        raise BadFile(
            Problem(
                "members",
                _("The file has %(count)s parts inside; %(limit)s are allowed.")
                % {"count": len(members), "limit": limits.xlsx_members},
                _("Save the data as a new workbook."),
                file=file,
            )
        )
    packed = unpacked = 0
    names = set()
    for member in members:
        name = member.filename
        if name.startswith(("/", "\\")) or ".." in re.split(r"[/\\]", name) or ":" in name:
            raise _not_allowed(file, _("a part inside has a path that leads out of it"))
        if (member.external_attr >> 16) & 0o170000 == 0o120000:
            raise _not_allowed(file, _("it holds a link"))
        if name in names:
            raise _not_allowed(file, _("two parts inside have the same name"))
        if member.flag_bits & 1:
            raise _password(file)
        names.add(name)
        packed += member.compress_size
        unpacked += member.file_size
    if unpacked > limits.xlsx_unpacked or unpacked > limits.xlsx_ratio * max(packed, 10_000):
        raise _too_large(file, limits)
    return package


def _password(file):
    return BadFile(
        Problem(
            "password",
            _("The file is protected by a password."),
            _("Save it without a password."),
            file=file,
        )
    )


password = _password


def _too_large(file, limits):
    return BadFile(
        Problem(
            "unpacked",
            _("The file is too large when unpacked: more than %(size)s MB are not read.")
            % {"size": limits.xlsx_unpacked // (1024 * 1024)},
            _("Split it, or save it as CSV UTF-8."),
            file=file,
        )
    )


def read_member(package, name, file, limits):
    """Yield the bytes of a part in chunks, counting what really comes out."""
    total = 0
    try:
        with package.open(name) as part:
            while chunk := part.read(_CHUNK):
                total += len(chunk)
                if total > limits.xlsx_unpacked:
                    raise _too_large(file, limits)
                yield chunk
    except KeyError:
        raise not_excel(file) from None
    except (zipfile.BadZipFile, OSError, EOFError, NotImplementedError, RuntimeError):
        raise _damaged(file) from None
    except Exception as error:
        if type(error).__module__ == "zlib":
            raise _damaged(file) from None
        raise


class _Parser:
    """An expat parser that refuses entities and document types, fed in chunks."""

    def __init__(self, file):
        self.file = file
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.StartDoctypeDeclHandler = self._refuse
        self.parser.EntityDeclHandler = self._refuse
        self.parser.StartElementHandler = lambda name, attrs: self.start(_local(name), attrs)
        self.parser.EndElementHandler = lambda name: self.end(_local(name))
        self.parser.CharacterDataHandler = self.data

    def _refuse(self, *args):
        raise _not_allowed(self.file, _("it declares entities"))

    def feed(self, chunk, final=False):
        try:
            self.parser.Parse(chunk, final)
        except expat.ExpatError:
            raise _damaged(self.file) from None

    def run(self, chunks):
        for chunk in chunks:
            self.feed(chunk)
        self.feed(b"", True)

    def start(self, name, attrs):
        pass

    def end(self, name):
        pass

    def data(self, text):
        pass


def _local(name):
    return name.rpartition(":")[2]


class _Strings(_Parser):
    """The shared strings, without phonetic readings."""

    def __init__(self, file):
        super().__init__(file)
        self.found, self.parts, self.inside, self.phonetic = [], [], False, 0

    def start(self, name, attrs):
        if name == "si":
            self.parts = []
        elif name == "rPh":
            self.phonetic += 1
        elif name == "t":
            self.inside = not self.phonetic

    def end(self, name):
        if name == "si":
            self.found.append(_unescape("".join(self.parts)))
        elif name == "rPh":
            self.phonetic -= 1
        elif name == "t":
            self.inside = False

    def data(self, text):
        if self.inside:
            self.parts.append(text)


class _Workbook(_Parser):
    def __init__(self, file):
        super().__init__(file)
        self.sheets, self.date1904 = [], False

    def start(self, name, attrs):
        if name == "sheet":
            relation = next((v for k, v in attrs.items() if _local(k) == "id"), "")
            self.sheets.append(
                (attrs.get("name", ""), relation, attrs.get("state", "visible") != "visible")
            )
        elif name == "workbookPr":
            self.date1904 = attrs.get("date1904") in ("1", "true")


class _Relations(_Parser):
    def __init__(self, file):
        super().__init__(file)
        self.targets = {}

    def start(self, name, attrs):
        if name == "Relationship":
            self.targets[attrs.get("Id", "")] = attrs.get("Target", "")


class _Styles(_Parser):
    """Which cell styles show a date."""

    def __init__(self, file):
        super().__init__(file)
        self.formats, self.dates, self.inside = {}, [], False

    def start(self, name, attrs):
        if name == "numFmt":
            self.formats[attrs.get("numFmtId", "")] = attrs.get("formatCode", "")
        elif name == "cellXfs":
            self.inside = True
        elif name == "xf" and self.inside:
            self.dates.append(self._is_date(attrs.get("numFmtId", "0")))

    def end(self, name):
        if name == "cellXfs":
            self.inside = False

    def _is_date(self, number):
        code = self.formats.get(number)
        if code is None:
            # Built-in formats, ECMA-376 part 1, 18.8.30.
            return number.isdigit() and (
                14 <= int(number) <= 22 or 27 <= int(number) <= 36 or 50 <= int(number) <= 58
            )
        return bool(re.search(r"[dmyDMY]", re.sub(r'"[^"]*"|\[[^\]]*\]|\\.', "", code)))


_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


def _unescape(text):
    """``_x000D_`` → a carriage return (ECMA-376 part 1, 22.9.2.19)."""
    if "_x" not in text:
        return text
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text)


def _escape(text):
    """Text for XML, with what XML cannot hold written as Excel writes it."""
    text = _ESCAPED.sub(lambda match: "_x005F" + match[0], text)
    text = re.sub("[\x00-\x08\x0b-\x1f\ufffe\uffff]", lambda match: f"_x{ord(match[0]):04X}_", text)
    return escape(text)


class _Sheet(_Parser):
    """The cells of a sheet; finished rows collect in ``rows``."""

    def __init__(self, file, strings, dates, date1904, limits):
        super().__init__(file)
        self.strings, self.dates, self.limits = strings, dates, limits
        self.epoch = datetime.date(1904, 1, 1) if date1904 else datetime.date(1899, 12, 30)
        self.date1904 = date1904
        self.rows, self.problems = [], []
        self.number, self.cells, self.column = 0, {}, -1
        self.kind, self.style, self.text, self.inside = "n", 0, [], None
        self.formula = False
        self.hidden_columns = False

    def start(self, name, attrs):
        if name == "c":
            self._cell(attrs)
        elif name == "row":
            self._row(attrs)
        elif name in ("v", "t", "f"):
            if name == "t" and self.inside == "rPh":
                return
            self.inside = name
            if name == "f":
                self.formula = True
            elif name == "v":
                self.text = []
        elif name == "rPh":
            self.inside = "rPh"
        elif name == "col" and attrs.get("hidden") in ("1", "true"):
            self.hidden_columns = True

    def _row(self, attrs):
        reference = attrs.get("r", "")
        number = int(reference) if reference.isdigit() else self.number + 1
        if number <= self.number or number > 1_048_576:
            raise _damaged(self.file)
        if number - self.number > _LARGEST_GAP:
            raise BadFile(
                Problem(
                    "gap",
                    _("There is a gap between the rows %(first)s and %(second)s.")
                    % {"first": self.number, "second": number},
                    _("Remove the empty rows and whatever stands far below the table."),
                    file=self.file,
                    row=number,
                )
            )
        if attrs.get("hidden") in ("1", "true"):
            self.problems.append(
                Problem(
                    "hidden",
                    _("This row is hidden."),
                    _("Show all rows (remove the filter) or delete it."),
                    file=self.file,
                    row=number,
                )
            )
        self.number, self.cells, self.column = number, {}, -1

    def _cell(self, attrs):
        match = re.fullmatch(r"([A-Z]{1,3})[0-9]{1,7}", attrs.get("r", ""))
        if match:
            column = 0
            for letter in match[1]:
                column = column * 26 + ord(letter) - 64
            column -= 1
        else:
            column = self.column + 1
        if column >= 16_384:
            raise _damaged(self.file)
        self.column = column
        self.kind = attrs.get("t", "n")
        style = attrs.get("s", "0")
        self.style = int(style) if style.isdigit() else 0
        self.text, self.formula = [], False

    def end(self, name):
        if name == "c":
            text = self._value("".join(self.text))
            if text != "":
                if self.column >= self.limits.columns:
                    raise BadFile(
                        Problem(
                            "columns",
                            _("The file has more than %(limit)s columns.")
                            % {"limit": self.limits.columns},
                            _("Remove the columns that the site does not know."),
                            file=self.file,
                        )
                    )
                self.cells[self.column] = text
            self.inside = None
        elif name == "row":
            self.rows.append((self.number, self.cells))
        elif name in ("v", "t", "f", "rPh"):
            self.inside = None

    def data(self, text):
        if self.inside in ("v", "t"):
            self.text.append(text)

    def _value(self, text):
        kind = self.kind
        if kind == "s":
            if not text:
                return ""
            if not text.isdigit() or int(text) >= len(self.strings):
                raise _damaged(self.file)
            return self.strings[int(text)]
        if kind == "inlineStr":
            return _unescape(text)
        if self.formula and text == "":
            return FormulaText("=")
        if kind == "str":
            return _unescape(text)
        if kind == "e":
            return ErrorText(text)
        if kind == "b":
            return BooleanText("true" if text == "1" else "false") if text else ""
        if kind == "d":
            return DateText(text.removesuffix("T00:00:00"))
        if not text:
            return ""
        return self._number(text)

    def _number(self, text):
        try:
            number = float(text)
        except ValueError:
            raise _damaged(self.file) from None
        if self.style < len(self.dates) and self.dates[self.style]:
            return self._date(number)
        if number.is_integer() and abs(number) < 1e15:
            return NumberText(int(number))
        return NumberText(repr(number))

    def _date(self, number):
        # Excel believes in 29 February 1900 (day 60), so earlier days are one off.
        days = int(number) if number == number and abs(number) < 1e7 else -1
        if not self.date1904 and days < 60:
            days += 1
        try:
            day = self.epoch + datetime.timedelta(days=days)
        except OverflowError:
            return NumberText(repr(number))
        if days < 0 or day.year > 9999:
            return NumberText(repr(number))
        seconds = round((number - int(number)) * 86400)
        if seconds:
            return DateText(f"{day.isoformat()} {datetime.timedelta(seconds=seconds)}".strip())
        return DateText(day.isoformat())


class Reader:
    """The sheets of a workbook. ``names``: their names in order."""

    def __init__(self, stream, file, limits):
        self.file, self.limits = file, limits
        self.package = open_zip(stream, file, limits)
        members = set(self.package.namelist())
        if "xl/workbook.xml" not in members or "[Content_Types].xml" not in members:
            raise not_excel(file)
        types = b"".join(self._part("[Content_Types].xml"))
        if b"macroEnabled" in types or "xl/vbaProject.bin" in members:
            raise BadFile(
                Problem(
                    "macros",
                    _("Workbooks with macros are not accepted."),
                    _("Save it as an ordinary workbook (.xlsx)."),
                    file=file,
                )
            )
        workbook = self._parse(_Workbook(file), "xl/workbook.xml")
        relations = self._parse(_Relations(file), "xl/_rels/workbook.xml.rels")
        self.date1904 = workbook.date1904
        self.sheets = []
        for name, relation, hidden in workbook.sheets:
            target = relations.targets.get(relation, "")
            path = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
            self.sheets.append((name, path, hidden))
        if not self.sheets:
            raise not_excel(file)
        self.names = [name for name, _path, _hidden in self.sheets]
        self.strings = (
            self._parse(_Strings(file), "xl/sharedStrings.xml").found
            if "xl/sharedStrings.xml" in members
            else []
        )
        self.dates = (
            self._parse(_Styles(file), "xl/styles.xml").dates if "xl/styles.xml" in members else []
        )

    def _part(self, name):
        return read_member(self.package, name, self.file, self.limits)

    def _parse(self, parser, name):
        parser.run(self._part(name))
        return parser

    def is_hidden(self, index):
        return self.sheets[index][2]

    def rows(self, index):
        """Yield (row number, [cells]) or (row number, Problem) of the sheet at ``index``."""
        _name, path, _hidden = self.sheets[index]
        sheet = _Sheet(self.file, self.strings, self.dates, self.date1904, self.limits)
        for chunk in self._part(path):
            sheet.feed(chunk)
            yield from self._finished(sheet)
        sheet.feed(b"", True)
        yield from self._finished(sheet)
        if sheet.hidden_columns:
            yield (
                1,
                Problem(
                    "hidden",
                    _("The sheet has hidden columns."),
                    _("Show all columns, or delete the hidden ones."),
                    file=self.file,
                ),
            )

    def _finished(self, sheet):
        for problem in sheet.problems:
            yield problem.row, problem
        sheet.problems = []
        for number, cells in sheet.rows:
            row = [""] * (max(cells) + 1) if cells else []
            for column, text in cells.items():
                row[column] = unguard(text) if type(text) is str and text[:1] == "'" else text
            yield number, row
        sheet.rows = []


# --- writing ----------------------------------------------------------------------------------
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest that a zip can hold: files depend on data alone

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


def zip_entry(name):
    """A ZipInfo without a time of day or a machine in it."""
    entry = zipfile.ZipInfo(name, _EPOCH)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = 0o600 << 16
    entry.create_system = 3
    return entry


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
