"""Numbers, dates and the like of a sheet, where the column can hold them."""

import re

from django.utils.translation import gettext as _

from exchange.columns import HistoricalDateColumn, MomentColumn, of_digits
from exchange.formats.json_files import BooleanText, NumberText
from exchange.formats.xlsx_files import (
    DateText,
    ErrorText,
    FormulaText,
    PaddedText,
    PercentText,
    TimeText,
    UndatedText,
    Why,
)
from exchange.problems import Refused, shorten


def typed_cell(table, cell, column, number, heading):
    """The text of a typed cell; "" and a problem where the column wants something else."""
    try:
        return _text(cell, column)
    except Refused as refused:
        table.problem(
            refused.code,
            refused.message,
            refused.advice,
            row=number,
            column=heading,
            value=shorten(cell),
        )
        return ""


def takes_number(column, number):
    """Whether a number may stand in a column: a year alone is one to a spreadsheet."""
    if isinstance(column, HistoricalDateColumn):
        return bool(re.fullmatch("[0-9]{4}", number))
    return "number" in column.typed


def _text(cell, column):
    if isinstance(cell, FormulaText):
        raise Refused(
            "formula",
            _("The cell holds a formula without its result."),
            _("Open the file in a spreadsheet program, and paste the cells as values."),
        )
    if isinstance(cell, ErrorText):
        raise Refused(
            "excel_error",
            _("The cell holds an Excel error value."),
            _("Correct the formula, or write the value."),
        )
    if isinstance(cell, BooleanText) and "boolean" in column.typed:
        return str(cell)
    if isinstance(cell, DateText) and "date" in column.typed:
        return cell.moment if isinstance(column, MomentColumn) else str(cell)
    if isinstance(cell, NumberText) and takes_number(column, cell):
        return str(cell)
    if isinstance(cell, PaddedText) and not {"date", "boolean"} & set(column.typed):
        return str(cell)
    if "date" in column.typed:
        raise _no_date(cell)
    if "number" in column.typed and "boolean" not in column.typed:
        raise _no_number(cell)
    raise _no_text(cell)


def _no_date(cell):
    """Why a typed cell cannot stand in a column of dates."""
    write = _("Format the cell as text and write the date there, such as 1850-01-31.")
    if isinstance(cell, UndatedText):
        if cell.why is Why.NO_DAY:
            wrong = _("The cell is formatted as a date, but %(value)s is not a day.")
            hint = of_digits(cell) if re.fullmatch("[0-9]{8}", cell) else ""
            return Refused("no_day", wrong % {"value": shorten(cell)}, f"{write} {hint}".strip())
        if cell.why is Why.EARLY:
            wrong = _(
                "The cell holds a day before 1 March 1900, which spreadsheet programs count "
                "differently."
            )
            return Refused("early_day", wrong, write)
        if cell.why is Why.NO_YEAR:
            wrong = _("The cell holds a date whose year its format does not show.")
        else:
            wrong = _("It cannot be told how much of its date the cell shows.")
        return Refused(
            "date_format",
            wrong,
            _("Give it a format that shows what is known: the year, the month and the year, or "
              "the whole day. Then check the date."),
        )  # fmt: skip
    if isinstance(cell, TimeText):
        wrong = _("The cell holds a time of day or a duration where a date is expected.")
        return Refused("cell_type", wrong, write)
    if isinstance(cell, NumberText):
        hint = of_digits(cell) if re.fullmatch("[0-9]{5}|[0-9]{8}", cell) else ""
        wrong = _("The cell holds a number where text is expected.")
        return Refused("cell_type", wrong, f"{write} {hint}".strip())
    return Refused("cell_type", _no_text(cell).message, write)


def _no_number(cell):
    """Why a typed cell cannot stand in a column of numbers."""
    advice = _("Format the cell as a number and write the value again.")
    if isinstance(cell, PercentText):
        wrong = _("The cell holds the number %(number)s and shows it as %(shown)s.")
        return Refused("percent", wrong % {"number": cell.number, "shown": cell}, advice)
    if isinstance(cell, BooleanText):
        wrong = _("The cell holds a truth value where a number is expected.")
    else:
        wrong = _("The cell holds a date or a time where a number is expected.")
    return Refused("cell_type", wrong, advice)


def _no_text(cell):
    """Why a typed cell cannot stand in a column of texts."""
    advice = _("Format the column as text and write the value again.")
    if isinstance(cell, (DateText, UndatedText)):
        wrong = _("The cell holds a date where text is expected.")
    elif isinstance(cell, TimeText):
        wrong = _("The cell holds a time where text is expected.")
    elif isinstance(cell, BooleanText):
        wrong = _("The cell holds a truth value where text is expected.")
    else:
        wrong = _("The cell holds a number where text is expected.")
        advice = _("Format the column as text and write the value again: 0123 would become 123.")
    return Refused("cell_type", wrong, advice)
