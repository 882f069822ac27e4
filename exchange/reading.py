"""Reading a file: the gate, the headings, the rows.

The gate looks at the size and the first bytes, at the directory of a zip, at the encoding and at
the headings before any row is taken. What it refuses is said in one sentence; problems of rows
and headings are collected, so that the editor sees all of them at once.
"""

import io
import json
import logging
import os
import re
import time
from pathlib import Path

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from exchange import csv_files, json_files, xlsx_files
from exchange.columns import HistoricalDateColumn, join_codes, nearest
from exchange.json_files import BooleanText, NumberText, Unfit
from exchange.limits import Limits
from exchange.problems import BadFile, Problem, shorten
from exchange.registry import EVERYTHING, kinds, resource_for
from exchange.tables import Book, Table
from exchange.xlsx_files import DateText, ErrorText, FormulaText
from publishing.text import invisible_character

log = logging.getLogger("exchange")

FORMATS = ("csv", "xlsx", "json", "zip")

# Our own column in the copy that names the problems; it may stay when the copy comes back.
PROBLEMS_COLUMN = "problems"

# Beyond this many problems of reading, the file is something else altogether.
_ENOUGH = 5000

_MAGIC = (
    (b"\x89PNG", "PNG"), (b"%PDF", "PDF"), (b"MZ", "EXE"), (b"GIF8", "GIF"),
    (b"\xff\xd8\xff", "JPEG"), (b"\x1f\x8b", "gzip"), (b"{\\rtf", "RTF"), (b"\x7fELF", "ELF"),
    (b"Rar!", "RAR"), (b"7z\xbc\xaf", "7z"),
)  # fmt: skip
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def read(source, kind, language=None, *, name=None, limits=None):
    """A Table of a kind, or a Book for "all". Never raises for a bad file: see ``problems``.

    ``source``: a path, bytes, or a binary file at its start. ``name``: the file's name, where
    the source has none. ``language``: of the headings (English codes are always understood) and
    of the messages; the active one by default. ``limits``: Limits.command() by default.
    """
    limits = limits or Limits.command()
    name = name or _name_of(source)
    begun = time.monotonic()
    with translation.override(language or translation.get_language()):
        stream, close = _open(source)
        try:
            result = _read(stream, kind, name, limits)
        except BadFile as bad:
            table = Table(kind, file=name, fatal=True, problems=bad.problems)
            result = table if kind != EVERYTHING else Book(name, problems=bad.problems)
        finally:
            if close:
                stream.close()
    problems = result.as_book().all_problems
    if problems:
        log.warning(
            "file refused: kind=%s name=%r problems=%s first=%s seconds=%.1f",
            kind,
            shorten(name),
            len(problems),
            problems[0].code,
            time.monotonic() - begun,
        )
    return result


def _name_of(source):
    if isinstance(source, (str, os.PathLike)):
        return Path(source).name
    return os.path.basename(str(getattr(source, "name", "") or "")) or "file.csv"


def _open(source):
    if isinstance(source, (str, os.PathLike)):
        return open(source, "rb"), True
    if isinstance(source, bytes):
        return io.BytesIO(source), True
    source.seek(0)
    # Wrappers close what they wrap when they go; the caller's file must stay open.
    return _Lent(source), False


class _Lent(io.RawIOBase):
    """A binary file that is read here and closed by its owner."""

    def __init__(self, file):
        self.file = file

    def readable(self):
        return True

    def seekable(self):
        return True

    def readinto(self, buffer):
        data = self.file.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)

    def seek(self, offset, whence=0):
        return self.file.seek(offset, whence)

    def tell(self):
        return self.file.tell()


def format_of(name):
    """The format that a file's ending names. Raises BadFile for an unknown ending."""
    ending = name.rpartition(".")[2].lower() if "." in name else ""
    if ending in FORMATS:
        return ending
    raise BadFile(
        Problem(
            "ending",
            _("The ending “.%(ending)s” is not known.") % {"ending": shorten(ending)},
            _("Files may be .csv, .xlsx or .json, and .xlsx or .zip for the whole site."),
            file=name,
        )
    )


def _read(stream, kind, name, limits):
    file_format = format_of(name)
    size = stream.seek(0, os.SEEK_END)
    stream.seek(0)
    if not size:
        raise BadFile(
            Problem("empty", _("The file is empty."), _("Choose a file with data."), file=name)
        )
    if limits.file_bytes is not None and size > limits.file_bytes:
        raise BadFile(
            Problem(
                "size",
                _("The file is larger than %(limit)s MB.")
                % {"limit": f"{limits.file_bytes / 1024 / 1024:g}"},
                _("Split it, or have it imported with the command import_records."),
                file=name,
            )
        )
    _check_magic(stream, file_format, name, size)
    if kind == EVERYTHING:
        return _read_everything(stream, file_format, name, limits)
    if file_format == "zip":
        raise BadFile(
            Problem(
                "zip",
                _("A zip holds the records of the whole site."),
                _("Import it with the kind “all”, or unpack it and choose one of its files."),
                file=name,
            )
        )
    table = Table(kind, file=name, format=file_format)
    if file_format == "csv":
        _fill(table, csv_files.read(stream, name, limits), limits)
    elif file_format == "json":
        _fill_json(table, json_files.read(stream, name, limits), limits)
    else:
        workbook = xlsx_files.Reader(stream, name, limits)
        if workbook.is_hidden(0):
            table.problem(
                "hidden",
                _("The first sheet is hidden, and only the first sheet is read."),
                _("Show it, or move the sheet with the data to the front."),
            )
        _fill(table, workbook.rows(0), limits)
        if len(workbook.names) > 1 and any(p.code == "empty" for p in table.problems):
            table.problems = []
            table.problem(
                "empty",
                _("The first sheet is empty, and only the first sheet is read."),
                _("Move the sheet with the data to the front."),
            )
    return table


def _check_magic(stream, file_format, name, size):
    start = stream.read(4096)
    stream.seek(0)
    if start.startswith(_OLE):
        # An encrypted .xlsx is wrapped in the container of the old formats.
        stream.seek(0)
        head = stream.read(1 << 16)
        stream.seek(0)
        if "EncryptedPackage".encode("utf-16-le") in head:
            raise xlsx_files.password(name)
        raise xlsx_files.not_excel(name)
    zipped = start.startswith(b"PK")
    if file_format in ("xlsx", "zip"):
        if not zipped:
            raise xlsx_files.not_excel(name) if file_format == "xlsx" else _not_a_zip(name)
        return
    binary = next((word for magic, word in _MAGIC if start.startswith(magic)), None)
    utf16 = start.startswith((b"\xff\xfe", b"\xfe\xff"))
    if zipped or binary or (not utf16 and start.count(b"\0") > len(start) // 8):
        raise BadFile(
            Problem(
                "binary",
                _("This is not a text file."),
                _("If it is a workbook, give it the ending .xlsx; otherwise choose another file."),
                file=name,
            )
        )


def _not_a_zip(name):
    return BadFile(
        Problem("not_zip", _("This is not a zip file."), _("Choose another file."), file=name)
    )


# --- tables -----------------------------------------------------------------------------------
def _fill(table, rows, limits):
    """Headings and rows of a CSV or XLSX into a table."""
    width = None
    numbers, expected = [], 2
    straight = True
    cell_limit, row_limit = limits.cell, limits.rows
    checks, longest = [], 0
    data = table.rows
    for number, row in rows:
        if isinstance(row, Problem):
            table.problems.append(row)
            if len(table.problems) > _ENOUGH:
                break
            continue
        if width is None:
            if not any(cell.strip() for cell in row):
                continue
            row = _without_empty_end(row)
            _headings(table, [str(cell) for cell in row], limits, number)
            if table.fatal:
                return
            width = len(row)
            expected = number + 1
            checks = list(enumerate(table.columns))
            straight = number == 1
            continue
        if len(row) != width:
            if not any(cell.strip() for cell in row):
                continue
            if len(row) < width and table.format == "xlsx":
                row = row + [""] * (width - len(row))  # a sheet does not hold its empty cells
            elif len(row) > width and not any(row[width:]):
                row = row[:width]
            else:
                table.problem(
                    "ragged",
                    _("Row %(row)s has %(cells)s cells, the heading %(width)s.")
                    % {"row": number, "cells": len(row), "width": width},
                    _("Put texts that hold the separator between quotation marks."),
                    row=number,
                )
                continue
        elif not any(row):
            continue
        if max(map(len, row)) > cell_limit:
            _too_long(table, row, number, cell_limit)
        if table.format == "xlsx":
            row = _typed_cells(table, row, number, checks)
        if number != expected:
            straight = False
        expected = number + 1
        numbers.append(number)
        data.append(row)
        if row_limit is not None and len(data) > row_limit:
            raise _too_many_rows(table, row_limit)
        longest = max(longest, number)
    if width is None:
        if not table.problems:
            table.problem("empty", _("The file has no data."), _("Choose a file with data."))
        table.fatal = True
    elif not data and not table.problems:
        table.problem(
            "no_rows",
            _("The file has headings and no rows of data."),
            _("Write the records below the headings."),
        )
    if not straight:
        table.numbers = numbers


def _without_empty_end(row):
    row = list(row)
    while row and not row[-1].strip():
        row.pop()
    return row


def _too_many_rows(table, limit):
    return BadFile(
        Problem(
            "rows",
            _("The file has more than %(limit)s rows.") % {"limit": limit},
            _("Split it, or have it imported with the command import_records."),
            file=table.file,
        )
    )


def _too_long(table, row, number, limit):
    for i, cell in enumerate(row):
        if len(cell) > limit:
            table.problem(
                "too_long",
                _("The text has %(length)s characters; %(limit)s are allowed.")
                % {"length": len(cell), "limit": limit},
                _("Shorten it."),
                row=number,
                column=table.headings[i] if i < len(table.headings) else None,
                value=shorten(cell),
            )
            row[i] = ""


def _typed_cells(table, row, number, columns):
    """Numbers, dates and the like of a sheet, where the column can hold them."""
    for i, column in columns:
        cell = row[i]
        if type(cell) is str or column is None:
            continue
        row[i] = _typed_cell(table, cell, column, number, table.headings[i])
    return row


def _takes_number(column, number):
    """Whether a number may stand in a column: a year alone is one to a spreadsheet."""
    if isinstance(column, HistoricalDateColumn):
        return bool(re.fullmatch("[0-9]{4}", number))
    return "number" in column.typed


def _typed_cell(table, cell, column, number, heading):
    """The text of a typed cell; "" and a problem where the column wants text."""
    place = {"row": number, "column": heading, "value": shorten(cell)}
    if isinstance(cell, FormulaText):
        table.problem(
            "formula",
            _("The cell holds a formula without its result."),
            _("Paste the cells as values."),
            **place,
        )
        return ""
    if isinstance(cell, ErrorText):
        table.problem(
            "excel_error",
            _("The cell holds an Excel error value."),
            _("Correct the formula, or write the value."),
            **place,
        )
        return ""
    if isinstance(cell, BooleanText) and "boolean" in column.typed:
        return str(cell)
    if isinstance(cell, DateText) and "date" in column.typed:
        return str(cell)
    if isinstance(cell, NumberText) and _takes_number(column, cell):
        return str(cell)
    what = {
        DateText: _("The cell holds a date where text is expected."),
        BooleanText: _("The cell holds a truth value where text is expected."),
    }.get(type(cell), _("The cell holds a number where text is expected."))
    table.problem(
        "cell_type",
        what,
        _("Format the column as text and write the value again: 0123 would become 123."),
        **place,
    )
    return ""


def _fill_json(table, records, limits):
    """Records into a table: the columns are all keys that occur."""
    positions, widths = {}, []
    resource = resource_for(table.kind)
    headings = {c.name: c for c in resource.columns()}
    unknown = {}
    numbers = []
    for number, record in records:
        if isinstance(record, Problem):
            table.problems.append(record)
            if len(table.problems) > _ENOUGH:
                break
            continue
        row = [None] * len(table.columns)
        for key, value in record:
            position = positions.get(key)
            if position is None:
                column = headings.get(key) or _by_label(resource, key)
                if column is None and key != PROBLEMS_COLUMN:
                    if key not in unknown:
                        unknown[key] = number
                    continue
                position = positions[key] = len(table.columns)
                table.columns.append(column)
                table.headings.append(key)
                row.append(None)
                if len(table.columns) > limits.columns:
                    raise BadFile(_too_many_columns(table, limits))
            if row[position] is not None:
                table.problem(
                    "column_twice",
                    _("The key “%(name)s” appears twice.") % {"name": shorten(key)},
                    _("Remove one of the two."),
                    row=number,
                    column=key,
                )
                continue
            column = table.columns[position]
            if column is not None:
                row[position] = _json_cell(table, value, column, number, key, limits)
        table.rows.append(row)
        numbers.append(number)
        widths.append(len(row))
        if limits.rows is not None and len(table.rows) > limits.rows:
            raise _too_many_rows(table, limits.rows)
    for row in table.rows:
        row.extend([None] * (len(table.columns) - len(row)))
    if numbers and numbers[-1] != len(numbers):
        table.numbers = numbers
    for key, number in unknown.items():
        _unknown_column(table, key, row=number)
    if not table.rows and not table.problems:
        table.problem("no_rows", _("The file has no records."), _("Write the records in the list."))
    elif not any(c is not None and c.name == "code" for c in table.columns):
        _missing_code(table)


def _json_cell(table, value, column, number, key, limits):
    place = {"row": number, "column": key}
    if value is None:
        return ""
    if isinstance(value, Unfit):
        if value.what == "constant":
            message = _("%(value)s is not a number.") % {"value": value.shown}
            advice = _("Write a number, or null.")
        elif value.what == "character":
            message = _("The text has the invalid character %(value)s.") % {"value": value.shown}
            advice = _("Type that place again.")
        else:
            message, advice = _("Text is expected here."), _("Write one value, not an object.")
        table.problem("json_value", message, advice, value=value.shown, **place)
        return ""
    if isinstance(value, list):
        if column.many:
            return join_codes(value)
        table.problem(
            "json_value", _("Text is expected here."), _("Write one value, not a list."), **place
        )
        return ""
    if type(value) is not str:
        if isinstance(value, BooleanText):
            fits = "boolean" in column.typed
        else:
            fits = _takes_number(column, value)
        if not fits:
            table.problem(
                "json_value",
                _("Text is expected here."),
                _("Write the value between quotation marks."),
                value=shorten(value),
                **place,
            )
            return ""
        return str(value)
    if len(value) > limits.cell:
        _too_long_value(table, value, limits.cell, place)
        return ""
    return value


def _too_long_value(table, value, limit, place):
    table.problem(
        "too_long",
        _("The text has %(length)s characters; %(limit)s are allowed.")
        % {"length": len(value), "limit": limit},
        _("Shorten it."),
        value=shorten(value),
        **place,
    )


# --- headings ---------------------------------------------------------------------------------
def _by_label(resource, heading):
    """The column whose heading in one of the site's languages this is; None if none or several."""
    active = translation.get_language()
    languages = [active] + [code for code, _name in settings.LANGUAGES if code != active]
    for language in languages:
        found = [c for c in resource.columns() if heading in c.headings(language)]
        if len(found) == 1:
            return found[0]
    return None


def _headings(table, headings, limits, number):
    """Match headings to columns; every trouble with them becomes a problem."""
    resource = resource_for(table.kind)
    if len(headings) > limits.columns:
        raise BadFile(_too_many_columns(table, limits))
    table.headings = headings
    by_name = {column.name: column for column in resource.columns()}
    first = {}
    for heading in headings:
        column = None
        if found := invisible_character(heading):
            table.problem(
                "heading_character",
                _("The name of column “%(name)s” has the invisible character %(character)s.")
                % {"name": shorten(heading), "character": found},
                _("Type the name again."),
                row=number,
                column=heading,
            )
        elif heading != PROBLEMS_COLUMN and heading:
            column = by_name.get(heading) or _by_label(resource, heading)
            if column is None:
                _unknown_column(table, heading, row=number)
        elif not heading:
            table.problem(
                "heading_empty",
                _("Column %(number)s has no name.") % {"number": len(table.columns) + 1},
                _("Write the name of the column, or remove the column."),
                row=number,
            )
        if column is not None and column.name in first:
            table.problem(
                "column_twice",
                _("Column “%(name)s” appears twice.") % {"name": shorten(heading)},
                _("Remove one of the two."),
                row=number,
                column=heading,
            )
            column = None
        elif column is not None:
            first[column.name] = heading
        table.columns.append(column)
    unknown = [p for p in table.problems if p.code == "column_unknown"]
    if unknown and len(unknown) >= len(headings) - 1 and not first:
        _nothing_known(table, unknown, by_name)
    elif "code" not in first:
        _missing_code(table)


def _nothing_known(table, unknown, by_name):
    """No heading is known: other records, or no headings at all. One problem instead of many."""
    table.problems = [p for p in table.problems if p.code != "column_unknown"]
    other = _looks_like(table.headings, table.kind)
    table.problem(
        "columns_unknown",
        _("Unknown columns: %(names)s.")
        % {"names": ", ".join(f"“{shorten(h)}”" for h in table.headings[:8])},
        _("This looks like “%(kind)s”.") % {"kind": other}
        if other
        else _("The first row must hold the headings, such as %(names)s.")
        % {"names": ", ".join(list(by_name)[:8])},
        row=1,
    )
    table.fatal = True


def _looks_like(headings, kind):
    """The kind whose columns most of these are, None if no other kind fits."""
    best, most = None, 0
    for other in kinds():
        if other != kind:
            names = {column.name for column in resource_for(other).columns()}
            count = sum(heading in names for heading in headings)
            if count > most and count * 2 > len(headings):
                best, most = other, count
    return best


def _missing_code(table):
    other = _looks_like(table.headings, table.kind)
    table.problem(
        "column_missing",
        _("Column “code” is missing."),
        _("This looks like “%(kind)s”.") % {"kind": other}
        if other
        else _("Add it: it holds the permanent identifier of each record."),
        row=1,
        column="code",
    )
    table.fatal = True


def _too_many_columns(table, limits):
    return Problem(
        "columns",
        _("The file has more than %(limit)s columns.") % {"limit": limits.columns},
        _("Remove the columns that the site does not know."),
        file=table.file,
    )


def _unknown_column(table, heading, row):
    resource = resource_for(table.kind)
    names = {c.name: c.name for c in resource.columns()}
    labels = {label: label for c in resource.columns() for label in c.headings(None)}
    guess = nearest(heading, [*names, *labels])
    other = _looks_like(table.headings, table.kind) if table.format != "json" else None
    if guess:
        advice = _("Did you mean “%(word)s”?") % {"word": guess}
    elif other:
        advice = _("This looks like “%(kind)s”.") % {"kind": other}
    else:
        advice = _("Expected are %(names)s.") % {"names": ", ".join(names)}
    table.problem(
        "column_unknown",
        _("Unknown column “%(name)s”.") % {"name": shorten(heading)},
        advice,
        row=row,
        column=heading,
    )


def table_from_rows(kind, headings, rows):
    """A Table from headings and rows of texts that are in memory already."""
    table = Table(kind, file="")
    numbered = [(1, headings), *((n, list(row)) for n, row in enumerate(rows, 2))]
    try:
        _fill(table, iter(numbered), Limits.command())
    except BadFile as bad:
        table.problems.extend(bad.problems)
        table.fatal = True
    return table


# --- everything -------------------------------------------------------------------------------
MANIFEST = "manifest.json"


def _read_everything(stream, file_format, name, limits):
    if file_format == "xlsx":
        workbook = xlsx_files.Reader(stream, name, limits)
        sources = [(sheet, workbook.rows(i)) for i, sheet in enumerate(workbook.names)]
        return _book(name, "xlsx", sources, limits)
    if file_format != "zip":
        raise BadFile(
            Problem(
                "everything",
                _("The whole site comes as one workbook (.xlsx) or one zip."),
                _("Choose the kind of records that this file holds."),
                file=name,
            )
        )
    package = xlsx_files.open_zip(stream, name, limits)
    _check_manifest(package, name, limits)
    sources = []
    for member in package.infolist():
        if member.filename == MANIFEST:
            continue
        kind, _dot, ending = member.filename.rpartition(".")
        if ending != "csv":
            raise BadFile(_unknown_part(name, member.filename))
        data = b"".join(xlsx_files.read_member(package, member.filename, name, limits))
        if data:
            sources.append((kind, csv_files.read(io.BytesIO(data), member.filename, limits)))
    return _book(name, "csv", sources, limits)


def _book(name, file_format, sources, limits):
    book = Book(name, file_format)
    known = kinds()
    rows = 0
    for kind, source in sources:
        if kind not in known:
            book.problems.append(_unknown_part(name, kind))
            continue
        table = Table(kind, file=name, format=file_format)
        try:
            _fill(table, source, limits)
        except BadFile as bad:
            table.fatal = True
            table.problems.extend(bad.problems)
        # An empty sheet says nothing about its kind.
        if any(p.code in ("empty", "no_rows") for p in table.problems):
            continue
        for problem in table.problems:
            problem.kind = kind
        book.tables.append(table)
        rows += len(table.rows)
        if limits.rows is not None and rows > limits.rows:
            raise _too_many_rows(table, limits.rows)
    if not book.tables and not book.problems:
        book.problems.append(
            Problem("empty", _("The file has no data."), _("Choose a file with data."), file=name)
        )
    return book


def _unknown_part(file, name):
    guess = nearest(name.removesuffix(".csv"), kinds())
    return Problem(
        "part_unknown",
        _("The file holds “%(name)s”, which is no kind of record.") % {"name": shorten(name)},
        _("Did you mean “%(word)s”?") % {"word": guess}
        if guess
        else _("Name sheets and files as %(names)s.") % {"names": ", ".join(kinds())},
        file=file,
    )


def _check_manifest(package, name, limits):
    """A manifest is not needed; if there is one, what it says must be so."""
    import hashlib

    if MANIFEST not in package.namelist():
        return
    data = b"".join(xlsx_files.read_member(package, MANIFEST, name, limits))
    try:
        files = json.loads(data)["files"]
        wanted = {entry["name"]: entry["sha256"] for entry in files}
    except (ValueError, KeyError, TypeError, RecursionError):
        raise BadFile(
            Problem(
                "manifest",
                _("The manifest of the zip cannot be read."),
                _("Export the site again, or remove %(name)s from the zip.") % {"name": MANIFEST},
                file=name,
            )
        ) from None
    for part, digest in wanted.items():
        if part not in package.namelist():
            problem = _("“%(name)s” is missing from the zip.")
        else:
            found = hashlib.sha256()
            for chunk in xlsx_files.read_member(package, part, name, limits):
                found.update(chunk)
            if found.hexdigest() == digest:
                continue
            problem = _("“%(name)s” is not what the manifest says.")
        raise BadFile(
            Problem(
                "manifest",
                problem % {"name": shorten(part)},
                _("Export the site again, or remove %(name)s from the zip.") % {"name": MANIFEST},
                file=name,
            )
        )
