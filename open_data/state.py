"""Which state of the published records there is now, so that files are made once for each.

Every transaction that writes a record leaves a row in ``Change`` (no counter: eight editors would
wait for one row). A state also ends when the time of a scheduled publication comes.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from django.apps import apps
from django.db import transaction
from django.db.models import Count, Max
from django.db.models.signals import m2m_changed, post_delete, post_save
from django.utils import timezone

from exchange.signals import applied
from open_data.models import Change
from publishing.models import Coded, Publishable, Status
from publishing.record_kinds import all_kinds
from units.turn_over import turned_over

# Rows of Change older than this are forgotten when files are made.
KEPT = timedelta(days=2)


@dataclass(frozen=True)
class State:
    """``key`` names the state, ``moment`` is when it began (aware)."""

    key: str
    moment: datetime


def current():
    """The state now; one query, and some more after something was written."""
    # Whoever reads the state and writes again in the same transaction has made another one.
    connection = transaction.get_connection()
    connection.run_on_commit = [one for one in connection.run_on_commit if one[1] is not _noted]
    log = Change.objects.aggregate(newest=Max("pk"), number=Count("pk"))
    if log["newest"] is None:
        Change.objects.create()
        return current()
    newest, scheduled = _read(log["newest"], log["number"])
    moment = max([newest.at, *(one for one in scheduled if one <= timezone.now())])
    text = f"{newest.token} {log['number']} {moment.isoformat()}"
    return State(hashlib.sha256(text.encode()).hexdigest()[:16], moment)


# What this process read last: ((newest, number), (newest change, scheduled moments)).
_memory = (None, None)


def _read(newest, number):
    """The newest change, and the moments after it at which a record is going to be public."""
    global _memory
    key, found = _memory
    # The token tells a log that was emptied and begun anew from the one that was read.
    change = Change.objects.get(pk=newest)
    if key != (change.token, number):
        found = _scheduled_after(change.at - timedelta(hours=1))
        _memory = ((change.token, number), found)
    return change, found


def _scheduled_after(moment):
    found = set()
    for model in apps.get_models():
        if issubclass(model, Publishable):
            rows = model._base_manager.filter(status=Status.PUBLISHED, publish_at__gt=moment)
            found.update(rows.order_by("publish_at").values_list("publish_at", flat=True)[:1000])
    return sorted(found)


def forget_old():
    """Drop the log of past days but for its newest row."""
    newest = Change.objects.aggregate(newest=Max("pk"))["newest"]
    Change.objects.filter(at__lt=timezone.now() - KEPT).exclude(pk=newest).delete()


# --- Listening ------------------------------------------------------------------------------


def listen():
    """Notice every record that is written."""
    for signal in (post_save, post_delete, m2m_changed):
        signal.connect(_record_written, dispatch_uid="open_data.state")
    for signal in (applied, turned_over):
        signal.connect(_written, dispatch_uid="open_data.state")


def _record_written(sender, **kwargs):
    through = sender._meta.auto_created  # the model whose many-to-many rows these are
    model = through if isinstance(through, type) else sender
    if issubclass(model, Coded) or model in _parts_of_records():
        _written(**kwargs)


@cache
def _parts_of_records():
    return {model for kind in all_kinds() for model in kind.parts.values()}


def _noted():
    """Stands among the functions to call after the commit: this transaction is in the log.

    Django drops it when the savepoint is rolled back under which the row was written.
    """


def _written(using=None, **kwargs):
    connection = transaction.get_connection(using)
    if any(entry[1] is _noted for entry in connection.run_on_commit):
        return
    Change.objects.using(using).create()
    transaction.on_commit(_noted, using=using)
