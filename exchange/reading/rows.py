"""Headings and rows of a CSV or a sheet into a table."""

from django.utils.translation import gettext as _

from exchange.formats.xlsx_files import CoveredText
from exchange.problems import BadFile, Problem, shorten, split_or_command
from exchange.reading.covered_cells import CoveredCells
from exchange.reading.headings import match_headings
from exchange.reading.typed_cells import typed_cell

# Beyond this many problems of reading, the file is something else altogether.
ENOUGH = 5000


def fill(table, rows, limits):
    """Headings and rows of a CSV or XLSX into a table."""
    width = None
    numbers, expected = [], 2
    straight = True
    cell_limit, row_limit = limits.cell, limits.rows
    checks, covered, longest = [], None, 0
    data = table.rows
    for number, row in rows:
        if isinstance(row, Problem):
            table.problems.append(row)
            if len(table.problems) > ENOUGH:
                break
            continue
        if width is None:
            if not any(cell.strip() for cell in row):
                continue
            row = _without_empty_end(row)
            match_headings(table, row, limits, number)
            if table.fatal:
                return
            width = len(row)
            expected = number + 1
            checks = list(enumerate(table.columns))
            straight = number == 1
            covered = CoveredCells(table, number)
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
                    _("Give every column with data a heading.")
                    if table.format == "xlsx"
                    else _("Put texts that hold the separator between quotation marks."),
                    row=number,
                )
                continue
        elif not any(row):
            continue
        if len("".join(row)) > cell_limit and max(map(len, row)) > cell_limit:
            _too_long(table, row, number, cell_limit)
        if table.format == "xlsx":
            row = _typed_cells(table, row, number, checks, covered)
        if number != expected:
            straight = False
        expected = number + 1
        numbers.append(number)
        data.append(row)
        if row_limit is not None and len(data) > row_limit:
            raise too_many_rows(table, row_limit)
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
    if covered is not None:
        table.notes.extend(covered.notes())


def _without_empty_end(row):
    """Headings without the empty ones at the end; those that a merged one covers are not empty."""
    row = list(row)
    while row and not row[-1].strip() and not (type(row[-1]) is CoveredText and row[-1].value):
        row.pop()
    return row


def too_many_rows(table, limit):
    return BadFile(
        Problem(
            "rows",
            _("The file has more than %(limit)s rows.") % {"limit": limit},
            split_or_command(),
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


def _typed_cells(table, row, number, columns, covered):
    """Typed and covered cells of a sheet as the texts that they mean."""
    for i, column in columns:
        cell = row[i]
        if type(cell) is str or column is None:
            continue
        if isinstance(cell, CoveredText):
            cell = row[i] = covered.value(cell, i, number)
            if type(cell) is str:
                continue
        row[i] = typed_cell(table, cell, column, number, table.headings[i])
    return row
