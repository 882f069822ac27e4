"""The turn-over beside the worker: at its start, shortly after each midnight, and within half a
minute of anything else that made a row due.

A thread of its own, so that a long import does not keep it waiting. It may be cut off at any
moment: what it does is one transaction.
"""

import datetime
import logging
import threading
import time

from django.db import DatabaseError, InterfaceError, close_old_connections
from django.utils import timezone

from exchange.writing.locking import Busy
from units.turn_over import turn_over

log = logging.getLogger(__name__)

# A machine may sleep and its clock be set: so often the day is looked at anew.
LONGEST = 30  # seconds
# Others were writing, or the database was away.
PAUSE = 5


def watch():
    """Start the thread; it ends with the process."""
    threading.Thread(target=_watch, name="turn-over", daemon=True).start()


def _watch():
    while True:
        time.sleep(until_next() if attempt() else PAUSE)


def attempt():
    """Turn over; False where it is to be tried again soon. Never raises."""
    close_old_connections()
    try:
        turn_over()
    except Busy:
        return False
    except (DatabaseError, InterfaceError) as error:
        log.warning("turn-over: the database does not answer: %s", error)
        return False
    except Exception:
        log.exception("turn-over failed")
        return False
    finally:
        close_old_connections()
    return True


def until_next():
    """Seconds to wait: until midnight where the site is, and LONGEST at most."""
    now = timezone.localtime()
    tomorrow = timezone.localdate() + datetime.timedelta(days=1)
    midnight = datetime.datetime.combine(tomorrow, datetime.time(), tzinfo=now.tzinfo)
    return max(0.05, min(LONGEST, (midnight - now).total_seconds()))
