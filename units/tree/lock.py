"""One writer of the tree at a time; readers never wait."""

from contextlib import ExitStack, contextmanager

from django.apps import apps
from django.conf import settings
from django.db import OperationalError, connections, router, transaction
from django.utils.translation import gettext_lazy as _


class TreeRefusal(Exception):
    """A change of the tree that was not made. ``str()`` is a sentence for the editor."""

    message = ""

    def __init__(self, message=None):
        if message is not None:
            self.message = message
        super().__init__(self.message)

    def __str__(self):
        return str(self.message)


class TreeBusy(TreeRefusal):
    """Others held the lock for longer than TREE_LOCK_TIMEOUT; nothing was saved."""

    message = _(
        "Someone else is changing the structure at the moment. Nothing was saved; please try again."
    )


class UnitGone(TreeRefusal):
    """The unit has been deleted since it was read; nothing was saved."""

    message = _("This unit has been deleted in the meantime. Nothing was saved.")


def unit_model():
    """The model of units (looked up late: the model itself imports this package)."""
    return apps.get_model("units", "Unit")


@contextmanager
def writing(using=None):
    """A transaction that holds the lock of the tree: read units, decide and write inside it.

    ``using``: database alias; by default the one that units are written to.

    Nothing else can change units until the block ends, and whatever was read inside is still true
    when it is written. The block may be nested; inner blocks are savepoints and take no lock of
    their own. Inside another transaction (``atomic()``, a test) the lock is taken when the block
    is entered and kept until that transaction ends: what was read *before* may be out of date and
    must be read again.

    Raises TreeBusy when the lock is not to be had within ``settings.TREE_LOCK_TIMEOUT`` seconds,
    and when the database breaks off the work because of other writers (deadlock, time-out on a
    row). Everything done in the block is then undone.
    """
    using = using or router.db_for_write(unit_model())
    connection = connections[using]
    if getattr(connection, "tree_is_locked", False):
        with transaction.atomic(using=using):
            yield
        return
    try:
        with ExitStack() as transaction_with_lock:
            _begin(connection, transaction_with_lock)
            connection.tree_is_locked = True
            try:
                yield
            finally:
                connection.tree_is_locked = False
    except OperationalError as error:
        if _is_busy(error):
            raise TreeBusy from error
        raise


def _begin(connection, stack):
    """Enter a transaction that holds the lock; ``stack`` leaves it."""
    with _patience(connection):
        stack.enter_context(transaction.atomic(using=connection.alias))
    _take_lock(connection)


@contextmanager
def _patience(connection):
    """On SQLite a transaction begins with the lock of all writers: wait as long as for ours."""
    usual = getattr(connection, "patience", None)
    connection.patience = settings.TREE_LOCK_TIMEOUT
    try:
        yield
    finally:
        connection.patience = usual


def _take_lock(connection):
    """Wait for the lock; it is released when the transaction ends."""
    table = connection.ops.quote_name(unit_model()._meta.db_table)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # Conflicts with itself and with every writer, not with readers nor with rows that
            # refer to units. The time-out ends with the transaction.
            cursor.execute(
                f"SET LOCAL lock_timeout = {_milliseconds()}; "
                f"LOCK TABLE {table} IN SHARE ROW EXCLUSIVE MODE"
            )
        else:
            # Our settings begin every transaction as a writer. A statement that writes nothing
            # makes it one on a connection with other settings, too.
            cursor.execute(f"UPDATE {table} SET id = id WHERE 0 = 1")  # noqa: S608


def _milliseconds():
    return max(1, int(settings.TREE_LOCK_TIMEOUT * 1000))


# https://www.postgresql.org/docs/current/errcodes-appendix.html: lock not available, deadlock
# detected.
_BUSY_STATES = {"55P03", "40P01"}
# https://sqlite.org/rescode.html: the low byte of SQLITE_BUSY, SQLITE_LOCKED.
_BUSY_CODES = {5, 6}


def _is_busy(error):
    cause = error.__cause__
    if state := getattr(cause, "sqlstate", None):
        return state in _BUSY_STATES
    return getattr(cause, "sqlite_errorcode", 0) & 0xFF in _BUSY_CODES
