"""The stock way: a plain django-mptt model and a plain django-import-export ModelResource.

The model is lighter than ours: no translations, no search text, no address, no constraints, no
validation (the library's default), dates as plain text. Its file must be in tree order.
"""

import tablib
from django.db import connection, models
from import_export import fields, resources, widgets
from mptt.models import MPTTModel, TreeForeignKey

from benchmarks.registers import HEADINGS


class StockUnit(MPTTModel):
    code = models.CharField(max_length=100, unique=True)
    parent = TreeForeignKey("self", null=True, blank=True, on_delete=models.PROTECT)
    kind = models.CharField(max_length=100)
    name_az = models.CharField(max_length=250)
    name_en = models.CharField(max_length=250)
    founded = models.CharField(max_length=40, blank=True)
    dissolved = models.CharField(max_length=40, blank=True)
    website = models.URLField(blank=True)

    class Meta:
        app_label = "benchmarks"

    def __str__(self):
        return self.code


class StockResource(resources.ModelResource):
    parent = fields.Field("parent", "parent", widgets.ForeignKeyWidget(StockUnit, "code"))

    class Meta:
        model = StockUnit
        import_id_fields = ("code",)
        fields = HEADINGS


def create_table():
    with connection.schema_editor() as editor:
        editor.create_model(StockUnit)


def empty():
    models.QuerySet(StockUnit)._raw_delete(connection.alias)


def run(rows):
    """Import rows in tree order. Raises SystemExit where the library reports errors."""
    data = tablib.Dataset(*rows, headers=HEADINGS)
    result = StockResource().import_data(data, use_transactions=True)
    if result.has_errors() or result.has_validation_errors():
        errors = [str(e.error) for _row, found in result.row_errors() for e in found]
        raise SystemExit(f"stock import failed: {errors[:2]} {result.invalid_rows[:2]}")
