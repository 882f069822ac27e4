"""What the kinds of records (``publishing.record_kinds``) are to machines: which of them were in
force on a date, and their fields as JSON has them."""

from django.db import models
from django.db.models import Q

from chronology import HistoricalDateField, possibly_in_force
from publishing.models import refers_to
from publishing.record_kinds import public_kinds
from structure.as_of import AsOf
from units import existence

KINDS = public_kinds()
BY_NAME = {kind.name: kind for kind in KINDS}


def in_force(kind, rows, on):
    """Those of ``rows`` that certainly or possibly were in force on ``on``, a HistoricalDate, as
    pages have it: a relation holds only while the units that it joins exist."""
    begin, end = kind.period
    rows = rows.filter(possibly_in_force(on, begin=begin, end=end))
    if hasattr(rows, "in_office"):
        rows = rows.in_office(on)
    for unit in kind.joined:
        there = refers_to(unit, AsOf(on, None).units())
        rows = rows.filter(there | Q(**{f"{unit}__isnull": True}))
    for body in kind.outside:
        there = existence.possibly(on, f"{body}__")
        there &= existence.may_meet(begin, end, f"{body}__")
        rows = rows.filter(there | Q(**{f"{body}__isnull": True}))
    return rows


def reader_of(field):
    """A function that takes the value of a plain field from a record, as JSON has it.

    Lists and references are read many at a time (``open_data.rows``).
    """
    name = field.name
    if isinstance(field, HistoricalDateField):
        return lambda record: date_value(getattr(record, name))
    if isinstance(field, models.DateField):
        return lambda record: day.isoformat() if (day := getattr(record, name)) else None
    if isinstance(field, models.DecimalField):
        return lambda record: None if (number := getattr(record, name)) is None else float(number)
    if isinstance(field, models.FileField):
        return lambda record: picture.url if (picture := getattr(record, name)) else None
    if isinstance(field, models.IntegerField | models.BooleanField):
        return lambda record: getattr(record, name)
    return lambda record: getattr(record, name) or ""


def date_value(date):
    """A HistoricalDate as JSON: its text, and between which days it lies (None: not known, or
    without an end). No date at all is None."""
    if date is None:
        return None
    return {
        "edtf": date.text,
        "precision": date.precision,
        "earliest": _bound(date.earliest, 1),
        "latest": _bound(date.latest, 9999),
    }


def _bound(day, open_year):
    """A bound as text; an open end has none."""
    if day is None or (day.year == open_year and (day.month, day.day) in ((1, 1), (12, 31))):
        return None
    return day.isoformat()
