"""How far a running job is, seen from other processes while the work holds its transaction.

A thread tells it every second. On PostgreSQL it writes the row of the job over its own
connection. SQLite has one writer at a time, and the import is that writer: there a small file in
``VAR_DIR/progress`` is replaced, which needs a single machine, as SQLite does.
"""

import contextlib
import json
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection
from django.utils import timezone

from exchange.models import ImportJob

EVERY = 1.0  # seconds between two messages
# Without a message for so long, the process that did the work is gone.
SILENCE = timedelta(seconds=30)


class Progress:
    """``with Progress(job) as progress``: hand it to a plan as ``Options.progress``."""

    def __init__(self, job):
        self.job = job
        self.state = ("", 0, None)
        self._over = threading.Event()
        self._teller = threading.Thread(target=self._tell, daemon=True)

    def __call__(self, what, done, total):
        self.state = (str(what), done, total)

    def __enter__(self):
        self._teller.start()
        return self

    def __exit__(self, *exc):
        self._over.set()
        self._teller.join(timeout=5)
        if _in_files():
            _file(self.job.pk).unlink(missing_ok=True)

    def _tell(self):
        try:
            while not self._over.wait(EVERY):
                # A message that is not heard does no harm: the next one comes.
                with contextlib.suppress(DatabaseError, OSError):
                    _write(self.job.pk, *self.state)
        finally:
            if not _in_files():
                connection.close()  # this thread's own


def _in_files():
    return connection.vendor == "sqlite"


def _folder():
    return Path(settings.VAR_DIR) / "progress"


def _file(pk):
    return _folder() / f"{pk}.json"


def _write(pk, what, done, total):
    if not _in_files():
        ImportJob.objects.filter(pk=pk).update(
            what=what[:100], done=done, total=total, beat=timezone.now()
        )
        return
    file = _file(pk)
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_suffix(".new")
    draft.write_text(json.dumps([what, done, total]))
    draft.replace(file)


def of(job):
    """(what, done, total or None) of a job that is worked on."""
    if not _in_files():
        return job.what, job.done, job.total
    try:
        what, done, total = json.loads(_file(job.pk).read_text())
    except (OSError, ValueError):
        return "", 0, None
    return what, done, total


def is_silent(job):
    """Whether a job was begun and nothing has been heard of it for SILENCE."""
    if job.begun is None:
        return False
    heard = job.beat or job.begun
    if _in_files():
        with contextlib.suppress(OSError):
            heard = datetime.fromtimestamp(_file(job.pk).stat().st_mtime, UTC)
    return timezone.now() - max(heard, job.begun) > SILENCE


def sweep():
    """Remove the files of processes that were killed."""
    if not _in_files() or not _folder().is_dir():
        return
    for file in _folder().iterdir():
        with contextlib.suppress(OSError):
            if time.time() - file.stat().st_mtime > 10 * SILENCE.total_seconds():
                file.unlink()
