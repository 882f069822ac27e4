"""Dates of limited precision, half-open periods, and what is in force on a date.

No models. ``chronology.display`` shows a date, ``chronology.forms`` asks for one.
"""

from .dates import HistoricalDate, InvalidDate
from .fields import HistoricalDateField
from .overlaps import overlap
from .periods import (
    Certainty,
    DaysAsked,
    Period,
    certainty,
    certainty_of,
    days_of,
    in_force,
    possibly_in_force,
    validate_period,
)
from .reading import read_date

__all__ = [
    "Certainty",
    "DaysAsked",
    "HistoricalDate",
    "HistoricalDateField",
    "InvalidDate",
    "Period",
    "certainty",
    "certainty_of",
    "days_of",
    "in_force",
    "overlap",
    "possibly_in_force",
    "read_date",
    "validate_period",
]
