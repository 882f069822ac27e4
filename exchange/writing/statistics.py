"""What the database knows of its tables' sizes, renewed after much has been written at once.

Both databases choose the way of a query by counted rows. SQLite never counts by itself: a site that
was filled by an import then reads every unit where an index leads to one (with 200,000 units a page
of the structure took 66 s instead of 0.14 s). PostgreSQL counts a minute or so later.
"""

from django.apps import apps
from django.db import DEFAULT_DB_ALIAS, connections, transaction

# Fewer changed rows do not make another way quicker.
MANY = 500


def refresh(models=(), using=DEFAULT_DB_ALIAS):
    """Count anew: on SQLite everything, on PostgreSQL the tables of ``models``, by default of all.

    0.1 s of CPU for 140,000 units on SQLite. Not to be called within a transaction that may fail:
    see ``refresh_after``.
    """
    connection = connections[using]
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            with transaction.atomic(using=using):
                # Other open connections read the counts together with the schema. Taking their
                # table away changes the schema, so that they notice; ANALYZE makes it anew.
                cursor.execute("DROP TABLE IF EXISTS sqlite_stat1")
                # All rows. Having looked at some thousand, SQLite takes a value that all rows share
                # (published) to be shared by no more than these, and reads all rows by it where
                # the index of names leads to a few: A–Z of 130,000 units took minutes.
                cursor.execute("PRAGMA analysis_limit = 0")
                cursor.execute("ANALYZE")
        elif connection.vendor == "postgresql":
            wanted = models or apps.get_models(include_auto_created=True)
            names = {m._meta.db_table for m in wanted if m._meta.managed and not m._meta.proxy}
            existing = sorted(names & set(connection.introspection.table_names(cursor)))
            cursor.execute(
                f"ANALYZE {', '.join(connection.ops.quote_name(name) for name in existing)}"
            )


def refresh_after(count, models=(), using=DEFAULT_DB_ALIAS):
    """After the present transaction, if it changed ``count`` >= MANY rows of ``models``.

    The rows stay written when counting fails (the log says so).
    """
    if count >= MANY:
        transaction.on_commit(lambda: refresh(models, using), using=using, robust=True)
