"""The columns of a file: what a cell may hold and how it stands in the database.

A cell is text everywhere: in the file, in a plan, in a difference. ``Column.canon`` turns what
somebody wrote into the one *canonical text* of its value (or raises Refused), ``expression``
asks the database for that same text, and ``stored`` turns it into what the table's columns hold.
So a row of a file and a row of the database are compared as texts, without making objects.

Each is also a django-import-export field, so that its stock forms and templates can use them.
"""

from exchange.columns.by_field import column_for, is_postgresql, translated
from exchange.columns.column import Column, nearest, required
from exchange.columns.dates import (
    DayColumn,
    FilledDateColumn,
    HistoricalDateColumn,
    MomentColumn,
    SinceColumn,
    of_digits,
)
from exchange.columns.numbers import DecimalColumn, WholeNumberColumn, YesNoColumn
from exchange.columns.pictures import PictureColumn
from exchange.columns.references import ListColumn, ReferenceColumn, join_codes, split_codes
from exchange.columns.texts import MAX_MARKS, TextColumn

__all__ = [
    "MAX_MARKS",
    "Column",
    "DayColumn",
    "DecimalColumn",
    "FilledDateColumn",
    "HistoricalDateColumn",
    "ListColumn",
    "MomentColumn",
    "PictureColumn",
    "ReferenceColumn",
    "SinceColumn",
    "TextColumn",
    "WholeNumberColumn",
    "YesNoColumn",
    "column_for",
    "is_postgresql",
    "join_codes",
    "nearest",
    "of_digits",
    "required",
    "split_codes",
    "translated",
]
