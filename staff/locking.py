"""The locks of those who write a few records by hand. An import takes whole tables instead."""

from django.db import connections, router


def lock(parts, also=()):
    """Keeps everybody else from writing the rows of ``parts`` until the transaction ends.

    ``parts``: QuerySets, a record before the rows that belong to it; ``also``: further models
    whose rows the act will write. What is read after this is what will be overwritten.

    On PostgreSQL the tables come first, in the order and in a mode that wait for an import
    (SHARE ROW EXCLUSIVE, ``exchange/locking.py``): whoever held a row and wanted the table
    afterwards would wait for an import that waits for the row. The rows are locked without their
    keys, so that rows that only refer to them need not wait. On SQLite a transaction begins as
    the only writer, and nothing is left to do.
    """
    models = [*(rows.model for rows in parts), *also]
    connection = connections[router.db_for_write(models[0])]
    if connection.vendor != "postgresql":
        return
    tables = {model._meta.db_table for model in models}
    for model in models:
        tables.update(field.m2m_db_table() for field in model._meta.local_many_to_many)
    names = ", ".join(connection.ops.quote_name(table) for table in sorted(tables))
    with connection.cursor() as cursor:
        cursor.execute(f"LOCK TABLE {names} IN ROW EXCLUSIVE MODE")
    for rows in parts:
        locked = rows.order_by("pk").select_for_update(no_key=True)
        list(locked.values_list("pk", flat=True))


def models_below(model):
    """The models whose rows may go or change when a record of ``model`` is deleted."""
    found, waiting = set(), [model]
    while waiting:
        for field in waiting.pop()._meta.get_fields(include_hidden=True):
            is_reference_to_it = (
                field.auto_created and not field.concrete and not field.many_to_many
            )
            if is_reference_to_it and field.related_model not in found:
                found.add(field.related_model)
                waiting.append(field.related_model)
    return found
