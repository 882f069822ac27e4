"""Nobody else writes what an import is about to change; readers never wait."""

from contextlib import ExitStack, contextmanager

from django.db import OperationalError, connection, transaction
from django.utils.translation import gettext as _

from exchange.registry import resource_for


class NotApplied(Exception):
    """The import was not carried out; nothing was saved. ``str()`` is a sentence for the editor."""


class Busy(NotApplied):
    """Others are writing."""

    def __init__(self):
        super().__init__(
            _("Somebody else is saving changes at the moment. Nothing was imported; try again.")
        )


class StalePlan(NotApplied):
    """The records have changed since the preview was made."""

    def __init__(self):
        super().__init__(
            _(
                "Records that this file changes were changed by somebody else after the preview. "
                "Nothing was imported; look at the new preview."
            )
        )


# https://www.postgresql.org/docs/current/errcodes-appendix.html: lock not available, deadlock,
# query cancelled. https://sqlite.org/rescode.html: SQLITE_BUSY, SQLITE_LOCKED.
_BUSY_STATES = {"55P03", "40P01", "57014"}
_BUSY_CODES = {5, 6}


@contextmanager
def writing(kinds):
    """A transaction in which nobody else changes records of ``kinds``. Raises Busy."""
    locks = {resource_for(kind).lock for kind in kinds} - {None}
    with told_busy(), ExitStack() as stack:
        # The first of them begins the transaction, and waits for it in its own way.
        for lock in sorted(locks, key=lambda lock: lock.__qualname__) or [transaction.atomic]:
            stack.enter_context(lock())
        _lock_tables(kinds)
        yield


@contextmanager
def alone_with(model, patience):
    """A transaction besides which no other has written to the table of ``model``.

    Raises Busy where one has and does not end within ``patience`` seconds.
    """
    usual = getattr(connection, "patience", None)
    connection.patience = patience
    try:
        with told_busy(), transaction.atomic():
            if connection.vendor == "postgresql":
                table = connection.ops.quote_name(model._meta.db_table)
                with connection.cursor() as cursor:
                    cursor.execute(f"SET LOCAL lock_timeout = {max(1, round(patience * 1000))}")
                    cursor.execute(f"LOCK TABLE {table} IN EXCLUSIVE MODE")
            yield
    finally:
        connection.patience = usual


@contextmanager
def told_busy():
    """What the database says when others are writing becomes Busy."""
    try:
        yield
    except OperationalError as error:
        cause = error.__cause__
        state = getattr(cause, "sqlstate", None)
        code = getattr(cause, "sqlite_errorcode", 0) & 0xFF
        if state in _BUSY_STATES or code in _BUSY_CODES:
            raise Busy from error
        raise


def _lock_tables(kinds):
    if connection.vendor != "postgresql":
        return  # SQLite has one writer at a time
    tables = set()
    for kind in kinds:
        resource = resource_for(kind)
        tables.add(resource._meta.model._meta.db_table)
        tables.update(c.through._meta.db_table for c in resource.columns() if c.many)
    with connection.cursor() as cursor:
        # The setting ends with the transaction. A large file may take longer than a page may.
        names = ", ".join(connection.ops.quote_name(table) for table in sorted(tables))
        cursor.execute(
            f"SET LOCAL statement_timeout = 0; LOCK TABLE {names} IN SHARE ROW EXCLUSIVE MODE"
        )
