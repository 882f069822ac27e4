"""Which column a model field has."""

from django.db import connection, models

from chronology import HistoricalDateField
from exchange.columns.dates import DayColumn, HistoricalDateColumn, MomentColumn
from exchange.columns.numbers import DecimalColumn, WholeNumberColumn, YesNoColumn
from exchange.columns.pictures import PictureColumn
from exchange.columns.references import ListColumn, ReferenceColumn
from exchange.columns.texts import TextColumn
from publishing.record_kinds import CodeList
from publishing.translated import columns


def column_for(field, **options):
    """The column for a model field."""
    if isinstance(field, HistoricalDateField):
        return HistoricalDateColumn(field.name, field, **options)
    if isinstance(field, models.ForeignKey):
        return ReferenceColumn(field.name, field, **options)
    if isinstance(field, models.ManyToManyField):
        return ListColumn.of(CodeList.of_field(field))
    for base, column in (
        (models.FileField, PictureColumn),
        (models.BooleanField, YesNoColumn),
        (models.IntegerField, WholeNumberColumn),
        (models.DecimalField, DecimalColumn),
        (models.DateTimeField, MomentColumn),
        (models.DateField, DayColumn),
        (models.CharField, TextColumn),
        (models.TextField, TextColumn),
    ):
        if isinstance(field, base):
            made = column(field.name, field, **options)
            made.generated = isinstance(field, models.SlugField)
            return made
    raise TypeError(f"no column for {field!r}")


def is_postgresql():
    return connection.vendor == "postgresql"


def translated(*names):
    """The columns of translated fields: ``translated("name")`` → name_az and its like."""
    return columns(*names)
