"""Rows into tables by the thousand: COPY on PostgreSQL, prepared statements on SQLite."""

from functools import lru_cache
from itertools import islice

from django.db import connection, models

from chronology import HistoricalDateField

_BATCH = 5000

# What both drivers take as it is; everything else goes through the field.
_PLAIN = (models.CharField, models.TextField, models.IntegerField, models.BooleanField)


def preparer(field):
    """A function from a field's Python value to what the driver takes; None for "as it is"."""
    if isinstance(field, (HistoricalDateField, models.ForeignKey, *_PLAIN)):
        return None
    if isinstance(field, models.DateField) and not isinstance(field, models.DateTimeField):
        return connection.ops.adapt_datefield_value

    @lru_cache(maxsize=10_000)
    def prepare(value):
        return None if value is None else field.get_db_prep_save(value, connection)

    return prepare


def reserve_ids(model, count):
    """Primary keys for ``count`` new rows; nobody else gets them while the table is locked."""
    if not count:
        return []
    table, key = model._meta.db_table, model._meta.pk.column
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)",
                [connection.ops.quote_name(table), key, count],
            )
            return [number for (number,) in cursor.fetchall()]
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        used = (cursor.fetchone() or (0,))[0]
        largest = models.QuerySet(model).aggregate(largest=models.Max("pk"))["largest"] or 0
        first = max(used, largest) + 1
        return range(first, first + count)


def insert(model, fields, rows, progress=None):
    """Insert rows, iterables of driver values in the order of ``fields``. Returns their number."""
    quote = connection.ops.quote_name
    table = quote(model._meta.db_table)
    names = ", ".join(quote(field.column) for field in fields)
    rows, count = iter(rows), 0
    with connection.cursor() as cursor:
        while batch := list(islice(rows, _BATCH)):
            if connection.vendor == "postgresql":
                copy_rows(cursor, f"COPY {table} ({names}) FROM STDIN", batch)
            else:
                marks = ", ".join(["%s"] * len(fields))
                cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", batch)  # noqa: S608
            count += len(batch)
            if progress:
                progress(count)
    return count


def copy_rows(cursor, statement, rows):
    """One COPY; the driver's errors become Django's."""
    with connection.wrap_database_errors, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(row)


def update(model, changes):
    """Write ``changes``: iterable of (primary key, {field: driver value}).

    Rows that change the same fields go together.
    """
    groups = {}
    for pk, values in changes:
        groups.setdefault(tuple(values), []).append((*values.values(), pk))
    quote = connection.ops.quote_name
    table, key = quote(model._meta.db_table), quote(model._meta.pk.column)
    with connection.cursor() as cursor:
        for fields, rows in groups.items():
            settings = ", ".join(f"{quote(field.column)} = %s" for field in fields)
            statement = f"UPDATE {table} SET {settings} WHERE {key} = %s"  # noqa: S608
            for start in range(0, len(rows), _BATCH):
                cursor.executemany(statement, rows[start : start + _BATCH])


def delete(rows):
    """Delete the rows of a QuerySet at once, past signals; what refers to them must be gone."""
    rows._raw_delete("default")
