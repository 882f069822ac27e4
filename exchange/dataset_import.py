"""django-import-export's ``import_data``: from a tablib Dataset to a Result, by way of a plan."""

from collections import OrderedDict
from contextlib import contextmanager
from copy import copy

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import models, transaction
from django.utils.translation import gettext as _
from import_export import exceptions
from import_export.resources import Diff
from import_export.results import RowResult

from chronology import HistoricalDate
from exchange.columns import Column
from exchange.permissions import may_import
from exchange.planning.changes import Options
from exchange.planning.plan import Plan
from exchange.reading import table_from_rows
from exchange.registry import resource_for
from exchange.writing.apply import look_first, run
from exchange.writing.locking import NotApplied, writing


class DatasetImport:
    """One call of ``import_data`` of a resource. Rows are numbered from 1, as the library does."""

    def __init__(self, resource, dataset, dry_run, raise_errors, user, options, kwargs):
        self.resource, self.dataset = resource, dataset
        self.full = resource_for(resource.kind)  # whose columns the plan has
        self.dry_run, self.raise_errors, self.user = dry_run, raise_errors, user
        self.options = options or Options()
        # The library's admin asks for the instances, and writes its log from them.
        self.logs_itself = kwargs.pop("retain_instance_in_row_result", False)
        self.kwargs = {**kwargs, "dry_run": dry_run, "using_transactions": True, "user": user}
        self.found = resource.get_result_class()()
        self.errors = {}  # {number of a row, or None: [exceptions]}
        self.skipped = set()  # numbers

    def result(self, collect_failed_rows):
        """The Result, when everything is done."""
        found = self.found
        found.diff_headers = self.resource.get_diff_headers()
        if collect_failed_rows:
            found.add_dataset_headers(self.dataset.headers)
        try:
            self._begin()
        except Exception as error:  # noqa: BLE001 - of a hook
            self.resource.handle_import_error(found, error, self.raise_errors)
            return found
        try:
            with self._transaction():
                self._run()
                self._report(collect_failed_rows)
                self._end()
        except NotApplied as error:
            self.resource.handle_import_error(found, error, self.raise_errors)
        return found

    @contextmanager
    def _transaction(self):
        """Of the import and of the hooks that come after it: what they refuse is taken back."""
        hooks = ("after_import", "after_import_row")
        if self.dry_run or not any(map(self.resource.defines, hooks)):
            yield
            return
        with writing([self.resource.kind]):
            yield
            if self.found.has_errors():
                transaction.set_rollback(True)

    def _end(self):
        try:
            self.resource.after_import(self.dataset, self.found, **self.kwargs)
        except Exception as error:  # noqa: BLE001 - of a hook
            self.resource.handle_import_error(self.found, error, self.raise_errors)

    def _begin(self):
        """The rows of the dataset, as the hooks that come first leave them."""
        if self.user is not None and not may_import(self.user, self.resource.kind):
            raise PermissionError(_("You may not import these records."))
        self.resource.before_import(self.dataset, **self.kwargs)
        self.found.total_rows = len(self.dataset)
        headers = self.dataset.headers or []
        self.rows = [OrderedDict(zip(headers, row, strict=False)) for row in self.dataset]
        self.keys = dict.fromkeys(headers)
        if self.resource.defines("before_import_row"):
            for number, row in enumerate(self.rows, 1):
                try:
                    self.resource.before_import_row(row, row_number=number, **self.kwargs)
                except Exception as error:  # noqa: BLE001 - of a hook
                    self._add(number, error)
                self.keys.update(dict.fromkeys(row))
        self.columns = self._columns()

    def _add(self, number, error):
        self.errors.setdefault(number, []).append(error)

    # --- from rows to a table ----------------------------------------------------------------
    def _columns(self):
        """``{key of a row: (heading, the declared Field or None)}``, None for what is left out.

        A key that is not in it is a heading that nobody knows; the plan says so.
        """
        found = {}
        for field in self.resource.get_import_fields():
            if isinstance(field, Column):
                found.update(dict.fromkeys(_headings(field), (field.name, None)))
            elif field.readonly or field.attribute is None:
                found[field.column_name] = None
            elif field.attribute in self.full.fields:
                found[field.column_name] = (field.attribute, field)
            else:
                raise ImproperlyConfigured(
                    f"The field “{field.column_name}” can only be exported: declare it as "
                    "readonly, or give it the name of a column as its attribute."
                )
        for column in self.full.columns():
            for heading in _headings(column):
                found.setdefault(heading, None)
        return found

    def _table(self):
        """The rows that are not skipped, under the headings of columns."""
        self.kept = [n for n in range(1, len(self.rows) + 1) if n not in self.skipped]
        keys = [key for key in self.keys if self.columns.get(key, key) is not None]
        headings = [(self.columns.get(key) or (str(key), None))[0] for key in keys]
        rows = ([self._cell(n, key) for key in keys] for n in self.kept)
        return table_from_rows(self.resource.kind, headings, rows)

    def _cell(self, number, key):
        row = self.rows[number - 1]
        _heading, field = self.columns.get(key) or (None, None)
        if field is None:
            return _text(row.get(key))
        try:
            value = field.clean(row, **self.kwargs)
        except Exception as error:  # noqa: BLE001 - of a field
            self._add(number, error)
            return ""
        return self.full.column(field.attribute).text(value)

    def _number(self, row):
        """The number of a row of the dataset, from its number in the table."""
        return None if row is None else self.kept[row - 2]

    # --- the plan ----------------------------------------------------------------------------
    def _run(self):
        table = self._table()
        meta = self.resource._meta
        if self.resource.defines("skip_row") and not (meta.skip_diff or self.errors):
            self._skip(Plan(table.as_book(), self.options, self.user))
            table = self._table()
        self.plan, self.applied = run(
            table,
            user=self.user,
            dry_run=self.dry_run or bool(self.errors),
            options=self.options,
            logged=not self.logs_itself,
        )
        for problem in self.plan.problems:
            self._add(self._number(problem.row), ValueError(str(problem)))
        if self.plan.awaits_a_look:
            sentence = f"{look_first(self.plan)} {self.plan.findings[0].sentence}"
            self._add(None, ValueError(sentence))

    def _skip(self, plan):
        """Ask ``skip_row`` of each row, with instances that hold what the file says."""
        part = plan.part(self.resource.kind)
        if plan.problems:
            return
        stored = self._records(part.codes)
        updates = {update.index: update for update in part.updates}
        for code, index in part.codes.items():
            number = self._number(part.table.number(index))
            original = stored.get(code) or part.model()
            instance, texts = copy(original), ()
            if index in updates:
                texts = updates[index].new
            elif code not in stored:
                texts = part.new_texts(index)
            for column, text in zip(part.all_columns, texts, strict=False):
                if not column.many:
                    setattr(instance, column.field.name, _value(column, text))
            try:
                if self.resource.skip_row(instance, original, self.rows[number - 1], None):
                    self.skipped.add(number)
            except Exception as error:  # noqa: BLE001 - of a hook
                self._add(number, error)

    def _records(self, codes):
        """{code: instance} of records in the database."""
        found, codes = {}, list(codes)
        for start in range(0, len(codes), 500):
            rows = models.QuerySet(self.resource._meta.model)
            rows = rows.filter(code__in=codes[start : start + 500])
            found.update({record.code: record for record in rows})
        return found

    # --- the result --------------------------------------------------------------------------
    def _report(self, collect_failed_rows):
        found, error_class = self.found, self.resource.get_error_result_class()
        for error in self.errors.pop(None, ()):
            self.resource.handle_import_error(found, error, self.raise_errors)
        results = {} if self.errors or found.base_errors else self._results()
        for number, row in enumerate(self.rows, 1):
            result = results.get(number) or self._row_result(RowResult.IMPORT_TYPE_SKIP)
            if number in self.errors:
                result.import_type = RowResult.IMPORT_TYPE_ERROR
                result.errors = [error_class(e, row, number) for e in self.errors[number]]
            if self.resource._meta.store_row_values:
                result.row_values = row
            try:
                self.resource.after_import_row(row, result, row_number=number, **self.kwargs)
            except Exception as error:  # noqa: BLE001 - of a hook
                result.import_type = RowResult.IMPORT_TYPE_ERROR
                result.errors.append(error_class(error, row, number))
            found.increment_row_result_total(result)
            if result.errors:
                found.append_error_row(number, row, result.errors)
                if collect_failed_rows:
                    found.append_failed_row(row, result.errors[0])
                if self.raise_errors:
                    raise exceptions.ImportError(result.errors[-1].error, number=number, row=row)
            if not result.is_skip() or self.resource._meta.report_skipped:
                found.append_row_result(result)

    def _row_result(self, import_type):
        result = self.resource.get_row_result_class()()
        result.import_type = import_type
        return result

    def _results(self):
        """{number: RowResult} of what the plan does, unchanged records included."""
        part = self.plan.part(self.resource.kind)
        code_at, found, codes = part.position["code"], {}, {}
        new, update = RowResult.IMPORT_TYPE_NEW, RowResult.IMPORT_TYPE_UPDATE
        done = [(new, index, [], part.new_texts(index), None) for index in part.creates]
        done += [(update, u.index, u.old, u.new, u.pk) for u in part.updates]
        ids = self.applied.ids.get(part.kind, {}) if self.applied else {}
        for import_type, index, old, texts, pk in done:
            number = self._number(part.table.number(index))
            result = found[number] = self._row_result(import_type)
            codes[number] = texts[code_at]
            result.object_id = pk or ids.get(texts[code_at])
            result.object_repr = part.title(texts)
            result.diff = self._diff(part, old, texts)
        if not self.resource._meta.skip_unchanged:
            for index in part.codes.values():
                found.setdefault(self._number(part.table.number(index)), self._row_result(update))
        if self.applied and (self.logs_itself or self.resource._meta.store_instance):
            stored = self._records(codes.values())
            for number, code in codes.items():
                found[number].instance = stored.get(code)
        return found

    def _diff(self, part, old, new):
        """HTML of the columns of ``diff_headers``, as the library makes it."""
        if self.resource._meta.skip_diff or self.resource._meta.skip_html_diff:
            return None
        places = [part.position.get(f.attribute) for f in self.resource.get_import_fields()]
        left = ["" if at is None or not old else old[at] for at in places]
        right = ["" if at is None else new[at] for at in places]
        return _TextDiff(left, right, not old).as_html()


class _TextDiff(Diff):
    """The library's difference of a row, of texts that are known already."""

    def __init__(self, left, right, new):
        self.left, self.right, self.new = left, right, new


def _headings(column):
    """All that may stand above a column in the languages of the site."""
    return set().union(*(column.headings(code) for code, _name in settings.LANGUAGES))


def _value(column, text):
    """What an instance holds for a canonical text, records of references included."""
    if column.target is None:
        return column.value(text)
    return models.QuerySet(column.target).filter(code=text).first() if text else None


def _text(value):
    if value is None:
        return ""
    return value.text if isinstance(value, HistoricalDate) else str(value)
