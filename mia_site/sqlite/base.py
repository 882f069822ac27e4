"""SQLite for several writers in one process: each waits for its turn in many short waits.

Django leaves waiting to SQLite, for as long as OPTIONS["timeout"] says. SQLite then holds the mutex
of the waiting connection. A thread in the middle of its own transaction may happen to collect
garbage in which a cursor of the waiting connection is left, needs that mutex to close it, and waits
for the waiting one: both stand until the time is up, and everybody behind them. Nobody overtakes
either: SQLite's own pauses grow to 100 ms, so that newcomers are quicker than those who wait.
"""

import random
import sqlite3
import time

from django.db.backends.sqlite3 import base

# Seconds; the first is SQLite's own waiting, with the mutex held.
_A_MOMENT, _PAUSE = 0.01, (0.001, 0.01)
# https://sqlite.org/rescode.html: the low byte of SQLITE_BUSY, SQLITE_LOCKED.
BUSY_CODES = {5, 6}


class DatabaseWrapper(base.DatabaseWrapper):
    """``patience``: how many seconds the next transactions wait for the lock of the writers."""

    patience = None  # as long as OPTIONS["timeout"] says

    def _start_transaction_under_autocommit(self):
        if self.transaction_mode in (None, "DEFERRED"):
            super()._start_transaction_under_autocommit()
            return
        with self.wrap_database_errors:
            self._begin(f"BEGIN {self.transaction_mode}")

    def _begin(self, statement):
        # Past Django's cursors: the errors of those would leave just such garbage behind.
        raw = self.connection
        (usual,) = raw.execute("PRAGMA busy_timeout").fetchone()
        patience = usual / 1000 if self.patience is None else self.patience
        until = time.monotonic() + patience
        raw.execute(f"PRAGMA busy_timeout = {round(_A_MOMENT * 1000)}")
        try:
            while True:
                try:
                    raw.execute(statement)
                    return
                except sqlite3.OperationalError as error:
                    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
                    if code not in BUSY_CODES or time.monotonic() > until:
                        raise
                time.sleep(random.uniform(*_PAUSE))  # noqa: S311 - no secret
        finally:
            raw.execute(f"PRAGMA busy_timeout = {usual}")
