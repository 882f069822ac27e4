"""A copy of the editor's file with one more column: what to mend in each row."""

import io
import zipfile

from exchange.formats import csv_files, json_files, xlsx_files
from exchange.limits import Limits
from exchange.planning.changes import KEEP
from exchange.problems import BadFile
from exchange.reading import MANIFEST, PROBLEMS_COLUMN, format_of, open_source
from exchange.reading.pictures import FOLDER


def write_problem_copy(source, problems, stream, *, name, several=False, limits=None):
    """Write ``source`` (path, bytes or binary file) with the column "problems" to ``stream``.

    In the format of the file; cells stand as the editor wrote them. The copy may be imported
    again when it is mended: the column is not looked at. Problems of the whole file stand in
    the first row of data. ``several``: the file holds several kinds of records, each of which
    gets the column. Returns False where the file is too broken to be copied.
    """
    limits = limits or Limits.command()
    write = _WRITERS[format_of(name)]
    opened, close = open_source(source)
    try:
        write(opened, stream, Words(problems), name, several, limits)
    except (BadFile, StopIteration):
        return False
    finally:
        if close:
            opened.close()
    return True


class Words:
    """What is to be said: ``of(kind)`` gives the sentences of a table.

    A table's sentences are ({number of a row: [sentence]}, [sentences of the whole table]); those
    of the whole file are told with the first table.
    """

    def __init__(self, problems):
        self.by_kind = {}
        for problem in problems:
            words = f"{problem.column}: {problem.sentence}" if problem.column else problem.sentence
            rows = self.by_kind.setdefault(problem.kind, {})
            rows.setdefault(problem.row, []).append(words)

    def of(self, kind=""):
        by_row = self.by_kind.pop(kind, {})
        for row, words in self.by_kind.pop("", {}).items():
            by_row.setdefault(row, []).extend(words)
        return by_row, by_row.pop(None, [])


def _write_csv(opened, stream, words, name, several, limits):
    rows = _rows(csv_files.read(opened, name, limits), *words.of())
    heading = next(rows)
    csv_files.write(stream, heading, rows, spreadsheet=True)


def _write_xlsx(opened, stream, words, name, several, limits):
    workbook = xlsx_files.Reader(opened, name, limits)
    sheets = []
    for number, title in enumerate(workbook.names if several else workbook.names[:1]):
        rows = _rows(workbook.rows(number), *words.of(title if several else ""))
        heading = next(rows, None)
        if heading is not None:
            sheets.append((title[:31], heading, _padded(rows, len(heading))))
    if not sheets:
        raise StopIteration
    xlsx_files.write(stream, sheets)


def _padded(rows, width):
    return ([*row[:-1], *[""] * (width - len(row)), row[-1]][-width:] for row in rows)


def _write_json(opened, stream, words, name, several, limits):
    _json(stream, json_files.read(opened, name, limits), *words.of())


def _write_zip(opened, stream, words, name, several, limits):
    """Without the manifest, whose hashes are of the files as they were."""
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as copy:
        package = xlsx_files.open_zip(opened, name, limits)
        for member in package.namelist():
            if member == MANIFEST or member.endswith("/"):
                continue
            data = b"".join(xlsx_files.read_member(package, member, name, limits))
            kind, _dot, ending = member.rpartition(".")
            if ending == "csv" and not member.startswith(FOLDER):
                data = _with_words(data, words.of(kind), member, limits)
            copy.writestr(xlsx_files.zip_entry(member), data)


def _with_words(data, words, name, limits):
    rows = _rows(csv_files.read(io.BytesIO(data), name, limits), *words)
    heading = next(rows, None)
    if heading is None:
        return data
    out = io.BytesIO()
    csv_files.write(out, heading, rows, spreadsheet=True)
    return out.getvalue()


_WRITERS = {"csv": _write_csv, "xlsx": _write_xlsx, "json": _write_json, "zip": _write_zip}


def _rows(rows, by_place, whole):
    """Rows of texts with the new cell at the end; the first is the heading."""
    width = None
    for number, row in rows:
        if not isinstance(row, list):
            continue  # a row that could not be read
        if width is None:
            if not any(row):
                continue
            whole = whole + by_place.pop(number, [])
            row = [_seen(cell, i) for i, cell in enumerate(row)]
            width, first = len(row), number + 1
            yield [*(h for h in row if h != PROBLEMS_COLUMN), PROBLEMS_COLUMN]
            skip = row.index(PROBLEMS_COLUMN) if PROBLEMS_COLUMN in row else None
            continue
        if not any(row[width:]):
            row = row[:width]
        seen = _seen if any(row) else _nothing  # a row that others merely reach into
        cells = [seen(cell, i, first) for i, cell in enumerate(row)]
        cells += [""] * (width - len(cells))
        if skip is not None:
            del cells[skip]
        words = whole + by_place.get(number, [])
        whole = []
        yield [*cells, " ".join(words)]


def _seen(cell, column, first=None):
    """The text of a cell; of one that a merged cell covers the value that counts for it.

    The copy has no merged cells. Where they are to be undone by the editor (``exchange.reading``),
    a copy would hide what was wrong. ``first``: the number of the first row below the headings.
    """
    if type(cell) is xlsx_files.CoveredText and (cell or cell.value):
        merged = cell.merged
        of_this_column = merged.left == column and cell in ("", cell.value)
        if first is None or merged.top < first or not of_this_column:
            raise BadFile
        cell = cell.value
    return str(cell)


def _nothing(*_args):
    return ""


def _json(stream, records, by_place, whole):
    import json

    parts = []
    for number, record in records:
        if not isinstance(record, list):
            continue
        words = whole + by_place.get(number, [])
        whole = []
        pairs = {key: _plain(value) for key, value in record if key != PROBLEMS_COLUMN}
        parts.append(json.dumps({**pairs, PROBLEMS_COLUMN: " ".join(words)}, ensure_ascii=False))
    stream.write(("[\n" + ",\n".join(parts) + "\n]\n").encode("utf-8", "replace"))


def _plain(value):
    if isinstance(value, json_files.Unfit):
        return value.shown
    return KEEP if value is None else value
