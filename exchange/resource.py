"""The base of every resource, with the interface of django-import-export.

A resource can stand wherever that library expects one, but it does its work a file at a time
instead of a row at a time: ``import_data`` makes a plan and applies it, ``export`` is one query.
"""

import tablib
from django.db import connection, models
from import_export import resources
from import_export.results import Error, Result, RowResult

from chronology import HistoricalDate
from exchange.declaration import ResourceDeclaration
from exchange.one_state import one_state
from exchange.planning.changes import Options
from exchange.reading import table_from_rows
from exchange.writing.apply import look_first, run


class RecordResource(ResourceDeclaration):
    """One row of a file ↔ one record. Sub-classes declare ``kind`` and ``Meta``."""

    class Meta:
        abstract = True

    def export(self, *args, queryset=None, **kwargs):
        """A tablib Dataset with all columns of ``queryset``, all records by default."""
        columns = self.columns()
        data = tablib.Dataset(headers=[column.name for column in columns])
        rows = self.in_order(self.rows() if queryset is None else _plain(queryset))
        with one_state(connection):
            for _pk, texts in self.texts(columns, rows):
                data.append(texts)
        return data

    def import_data(self, dataset, dry_run=False, raise_errors=False, user=None, **kwargs):
        """Plan a tablib Dataset and, unless ``dry_run`` or a row is refused, apply it.

        Returns an import_export Result whose rows are in the order of the dataset.
        """
        table = table_from_rows(
            self.kind,
            [str(heading) for heading in dataset.headers or []],
            ([_cell(value) for value in row] for row in dataset),
        )
        plan, _applied = run(table, user=user, dry_run=dry_run, options=Options())
        result = self._as_result(plan, len(dataset))
        if raise_errors and plan.problems:
            raise resources.exceptions.ImportError(str(plan.problems[0]))
        if plan.awaits_a_look:
            error = ValueError(f"{look_first(plan)} {plan.findings[0].sentence}")
            if raise_errors:
                raise resources.exceptions.ImportError(error)
            result.append_base_error(Error(error))
        return result

    def _as_result(self, plan, count):
        result = Result()
        result.diff_headers = [column.name for column in self.columns()]
        result.total_rows = count
        rows = {}
        for problem in plan.problems:
            error = Error(ValueError(str(problem)), number=problem.row)
            if problem.row is None:
                result.append_base_error(error)
            else:
                row = rows.setdefault(problem.row, RowResult())
                row.import_type = RowResult.IMPORT_TYPE_ERROR
                row.errors.append(error)
        types = {"create": RowResult.IMPORT_TYPE_NEW}
        for change in plan.changes():
            if change.row is not None and change.row not in rows:
                row = rows[change.row] = RowResult()
                row.import_type = types.get(change.action, RowResult.IMPORT_TYPE_UPDATE)
                row.object_repr = change.title
                row.diff = [cell.new for cell in change.cells]
        for number in range(2, count + 2):
            row = rows.get(number)
            if row is None:
                row = RowResult()
                row.import_type = RowResult.IMPORT_TYPE_SKIP
            result.append_row_result(row)
            result.increment_row_result_total(row)
            for error in row.errors:
                result.append_error_row(number, None, [error])
        return result


def _plain(queryset):
    return (
        models.QuerySet(queryset.model).order_by().filter(pk__in=queryset.order_by().values("pk"))
    )


def _cell(value):
    if value is None:
        return ""
    return value.text if isinstance(value, HistoricalDate) else str(value)
