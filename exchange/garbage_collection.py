"""No garbage collection while a file is worked on.

A file becomes lists of texts by the hundred thousand. None of them refer to each other in a cycle,
but each time the collector walks through all of them to find that out; measured on 100,000 rows,
that is a third of the time, and the part of it that grows faster than the file.
"""

import gc
import threading
from contextlib import contextmanager

_lock = threading.Lock()
_working = 0
_was_on = False


@contextmanager
def without_collecting():
    """Switch the collector off; on again when the last of those who wanted it off is done.

    The switch belongs to the process: other threads' cycles are collected a little later.
    """
    global _working, _was_on
    with _lock:
        if not _working:
            _was_on = gc.isenabled()
            gc.disable()
        _working += 1
    try:
        yield
    finally:
        with _lock:
            _working -= 1
            if not _working and _was_on:
                gc.enable()
