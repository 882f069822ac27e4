"""Records of a JSON file into a table."""

from django.utils.translation import gettext as _

from exchange.columns import join_codes
from exchange.formats.json_files import BooleanText, Unfit
from exchange.problems import BadFile, Problem, shorten
from exchange.reading.headings import (
    PROBLEMS_COLUMN,
    by_label,
    missing_code,
    too_many_columns,
    unknown_column,
)
from exchange.reading.rows import ENOUGH, too_many_rows
from exchange.reading.typed_cells import takes_number
from exchange.registry import resource_for


def fill_from_records(table, records, limits):
    """Records into a table: the columns are all keys that occur."""
    positions, widths = {}, []
    resource = resource_for(table.kind)
    headings = {c.name: c for c in resource.columns()}
    unknown = {}
    numbers = []
    for number, record in records:
        if isinstance(record, Problem):
            table.problems.append(record)
            if len(table.problems) > ENOUGH:
                break
            continue
        row = [None] * len(table.columns)
        for key, value in record:
            position = positions.get(key)
            if position is None:
                column = headings.get(key) or by_label(resource, key)
                if column is None and key != PROBLEMS_COLUMN:
                    if key not in unknown:
                        unknown[key] = number
                    continue
                position = positions[key] = len(table.columns)
                table.columns.append(column)
                table.headings.append(key)
                row.append(None)
                if len(table.columns) > limits.columns:
                    raise BadFile(too_many_columns(table, limits))
            if row[position] is not None:
                table.problem(
                    "column_twice",
                    _("The key “%(name)s” appears twice.") % {"name": shorten(key)},
                    _("Compare the two, and keep the one whose value is right."),
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
            raise too_many_rows(table, limits.rows)
    for row in table.rows:
        row.extend([None] * (len(table.columns) - len(row)))
    if numbers and numbers[-1] != len(numbers):
        table.numbers = numbers
    for key, number in unknown.items():
        unknown_column(table, key, row=number)
    if not table.rows and not table.problems:
        table.problem("no_rows", _("The file has no records."), _("Write the records in the list."))
    elif not any(c is not None and c.name == "code" for c in table.columns):
        missing_code(table)


def _json_cell(table, value, column, number, key, limits):
    place = {"row": number, "column": key}
    if value is None:
        return ""
    if isinstance(value, Unfit):
        if value.what == "constant":
            message = _("%(value)s is not a number.") % {"value": value.shown}
            advice = _("Write the number; null would empty the field.")
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
            fits = takes_number(column, value)
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
