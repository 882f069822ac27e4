"""A copy of the editor's file with one more column: what to mend in each row."""

from exchange import csv_files, json_files, xlsx_files
from exchange.changes import KEEP
from exchange.limits import Limits
from exchange.problems import BadFile
from exchange.reading import PROBLEMS_COLUMN, _open, format_of


def write_problem_copy(source, problems, stream, *, name, limits=None):
    """Write ``source`` (path, bytes or binary file) with the column "problems" to ``stream``.

    In the format of the file; cells stand as the editor wrote them. The copy may be imported
    again when it is mended: the column is not looked at. Problems of the whole file stand in
    the first row of data. Returns False where the file is too broken to be copied.
    """
    limits = limits or Limits.command()
    by_place = {}
    for problem in problems:
        words = f"{problem.column}: {problem.sentence}" if problem.column else problem.sentence
        by_place.setdefault(problem.row, []).append(words)
    whole = [*by_place.pop(None, [])]
    file_format = format_of(name)
    opened, close = _open(source)
    try:
        if file_format == "csv":
            rows = _rows(csv_files.read(opened, name, limits), by_place, whole)
            heading = next(rows)
            csv_files.write(stream, heading, rows, spreadsheet=True)
        elif file_format == "xlsx":
            workbook = xlsx_files.Reader(opened, name, limits)
            rows = _rows(workbook.rows(0), by_place, whole)
            heading = next(rows)
            width = len(heading)
            padded = ([*row[:-1], *[""] * (width - len(row)), row[-1]][-width:] for row in rows)
            xlsx_files.write(stream, [(workbook.names[0][:31], heading, padded)])
        elif file_format == "json":
            _json(stream, json_files.read(opened, name, limits), by_place, whole)
        else:
            return False
    except (BadFile, StopIteration):
        return False
    finally:
        if close:
            opened.close()
    return True


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
            row = [str(cell) for cell in row]
            width = len(row)
            yield [*(h for h in row if h != PROBLEMS_COLUMN), PROBLEMS_COLUMN]
            skip = row.index(PROBLEMS_COLUMN) if PROBLEMS_COLUMN in row else None
            continue
        cells = [str(cell) for cell in row]
        cells += [""] * (width - len(cells))
        if skip is not None:
            del cells[skip]
        words = whole + by_place.get(number, [])
        whole = []
        yield [*cells, " ".join(words)]


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
