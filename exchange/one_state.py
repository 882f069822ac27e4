"""Reading many tables as they were at one moment."""

from contextlib import contextmanager

from django.db import transaction


@contextmanager
def one_state(connection):
    """A transaction in which every query sees the database as it was at the first one.

    What others write meanwhile neither waits nor is seen, so that a file of several kinds holds no
    reference to a record that it lacks. Within another transaction nothing changes: then that
    one says what is seen.
    """
    if connection.in_atomic_block:
        yield
        return
    connection.ensure_connection()  # reads the mode from the settings
    usual = getattr(connection, "transaction_mode", None)
    if connection.vendor == "sqlite":
        connection.transaction_mode = "DEFERRED"  # a reader, who holds up no writer
    try:
        with transaction.atomic(using=connection.alias):
            if connection.vendor == "postgresql":
                with connection.cursor() as cursor:
                    cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            yield
    finally:
        if connection.vendor == "sqlite":
            connection.transaction_mode = usual
