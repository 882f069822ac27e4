"""The base of every resource, with the interface of django-import-export.

A resource can stand wherever that library expects one: in code, in its commands, in its
``ImportExportModelAdmin``. It works on a file at a time instead of a row at a time: ``import_data``
makes a plan of the whole file and applies it, everything or nothing. What a row-at-a-time hook
would do with an instance has another place; a class that defines such a hook is refused.
"""

import tablib
from django.db import connection, models
from import_export.declarative import ModelDeclarativeMetaclass

from exchange.columns import Column
from exchange.dataset_import import DatasetImport
from exchange.declaration import ResourceDeclaration
from exchange.one_state import one_state

_SAVING = "settle() before the records are written, or the signal exchange.signals.applied after"
_READING = "a Column with canon() of its own"
_CHECKING = "clean_row() for one record, check() for the whole file"
_DELETING = "Options(delete_missing=True)"

# What the library calls with an instance for every row, and where such code belongs instead.
REFUSED_HOOKS = {
    "after_import_instance": _SAVING,
    "after_init_instance": _SAVING,
    "after_save_instance": _SAVING,
    "before_save_instance": _SAVING,
    "bulk_create": _SAVING,
    "bulk_update": _SAVING,
    "do_instance_save": _SAVING,
    "save_instance": _SAVING,
    "save_m2m": _SAVING,
    "get_instance": "the code of a record finds it",
    "get_or_init_instance": "the code of a record finds it",
    "init_instance": "Column.default, or settle()",
    "import_field": _READING,
    "import_instance": _READING,
    "import_obj": _READING,
    "import_row": _READING,
    "import_data_inner": "before_import() and after_import()",
    "validate_instance": _CHECKING,
    "after_delete_instance": _DELETING,
    "before_delete_instance": _DELETING,
    "bulk_delete": _DELETING,
    "delete_instance": _DELETING,
    "for_delete": _DELETING,
}

# Options of ``Meta`` that only a row at a time can have, and what holds instead.
REFUSED_OPTIONS = {
    "force_init_instance": "existing records are found by their code",
    "instance_loader_class": "existing records are found by their code",
    "use_bulk": "all writing is in bulk",
    "use_natural_foreign_keys": "references are codes",
    "using_db": "the default database is used",
    "widgets": "columns have no widgets; declare a Field",
}


class RecordMetaclass(ModelDeclarativeMetaclass):
    """Refuses what would have no effect, and lets ``exclude`` leave out declared columns, too."""

    def __new__(cls, name, bases, attrs):
        for hook, place in REFUSED_HOOKS.items():
            if hook in attrs:
                raise TypeError(f"{name}.{hook} would never be called. Use {place}.")
        made = super().__new__(cls, name, bases, attrs)
        for option, holds in REFUSED_OPTIONS.items():
            if option in vars(attrs.get("Meta", object)) and getattr(made._meta, option):
                raise TypeError(f"{name}.Meta.{option} has no effect: {holds}.")
        if list(made._meta.import_id_fields) != ["code"]:
            raise TypeError(f"{name}.Meta.import_id_fields can only be the code.")
        for excluded in made._meta.exclude or ():
            made.fields.pop(excluded, None)
        return made


class RecordResource(ResourceDeclaration, metaclass=RecordMetaclass):
    """One row of a file ↔ one record. Sub-classes declare ``Meta``.

    A sub-class of a registered resource may have fewer ``fields``, an ``exclude``, declared
    ``Field`` objects and the hooks of the library that get no instance, ``skip_row`` among them.
    """

    class Meta(ResourceDeclaration.Meta):
        abstract = True
        skip_unchanged = True

    def after_import(self, dataset, result, **kwargs):
        """Called with the Result, when all is written. The keys of new rows are reserved, so that
        no sequence has to be put right as the library does here."""

    def defines(self, name):
        """Whether a sub-class has a hook of its own."""
        return getattr(type(self), name) is not getattr(RecordResource, name)

    # --- export ------------------------------------------------------------------------------
    def export(self, queryset=None, **kwargs):
        """A tablib Dataset of ``queryset``, all records by default, in the order of files.

        ``export_fields``: names of the columns, all by default.
        """
        self.before_export(queryset, **kwargs)
        if queryset is None:
            queryset = self.get_queryset() if self.defines("get_queryset") else self.rows()
        queryset = self.filter_export(queryset, **kwargs)
        selected = kwargs.get("export_fields")
        data = tablib.Dataset(headers=self.get_export_headers(selected_fields=selected))
        with one_state(connection):
            for row in self._exported(queryset, selected, kwargs):
                data.append(row)
        self.after_export(queryset, data, **kwargs)
        return data

    def _exported(self, queryset, selected, kwargs):
        fields = self.get_export_fields(selected)
        if not isinstance(queryset, models.QuerySet):
            records = queryset
        elif not all(self._is_plain(field) for field in fields):
            records = self.in_order(_plain(queryset)).iterator(chunk_size=2000)
        else:
            rows = self.in_order(_plain(queryset))
            yield from (texts for _pk, texts in self.texts(fields, rows))
            return
        for record in records:
            yield self.export_resource(record, selected_fields=selected, **kwargs)

    def _is_plain(self, field):
        """Whether the database alone knows what stands in a column."""
        method = field.get_dehydrate_method(self.get_field_name(field))
        own = callable(method) or hasattr(self, method)
        return isinstance(field, Column) and not own and not self.defines("export_field")

    # --- import ------------------------------------------------------------------------------
    def import_data(
        self,
        dataset,
        dry_run=False,
        raise_errors=False,
        use_transactions=None,
        collect_failed_rows=False,
        rollback_on_validation_errors=True,
        user=None,
        options=None,
        **kwargs,
    ):
        """Plan a tablib Dataset and, unless ``dry_run`` or a row is refused, apply it.

        ``user``: whose rights are asked, None for all rights; ``options``: see
        ``exchange.planning.changes.Options``. Always everything or nothing, whatever
        ``use_transactions`` says. Returns an import_export Result whose rows are in the order of
        the dataset; where anything is refused no row of it counts as new or updated. Raises
        ImportError with ``raise_errors``.
        """
        work = DatasetImport(self, dataset, dry_run, raise_errors, user, options, kwargs)
        return work.result(collect_failed_rows)


def _plain(queryset):
    return (
        models.QuerySet(queryset.model).order_by().filter(pk__in=queryset.order_by().values("pk"))
    )
