"""Headings and rows of a CSV or a sheet into a table."""

import re

from django.utils.translation import gettext as _

from exchange.columns import HistoricalDateColumn
from exchange.json_files import BooleanText, NumberText
from exchange.problems import BadFile, Problem, shorten
from exchange.reading.headings import match_headings
from exchange.xlsx_files import DateText, ErrorText, FormulaText

# Beyond this many problems of reading, the file is something else altogether.
ENOUGH = 5000


def fill(table, rows, limits):
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
            if len(table.problems) > ENOUGH:
                break
            continue
        if width is None:
            if not any(cell.strip() for cell in row):
                continue
            row = _without_empty_end(row)
            match_headings(table, [str(cell) for cell in row], limits, number)
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
        if len("".join(row)) > cell_limit and max(map(len, row)) > cell_limit:
            _too_long(table, row, number, cell_limit)
        if table.format == "xlsx":
            row = _typed_cells(table, row, number, checks)
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


def _without_empty_end(row):
    row = list(row)
    while row and not row[-1].strip():
        row.pop()
    return row


def too_many_rows(table, limit):
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


def takes_number(column, number):
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
    if isinstance(cell, NumberText) and takes_number(column, cell):
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
