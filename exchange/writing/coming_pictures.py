"""Which pictures an import is about to store, so that none is left over when it is killed.

A file cannot be stored in the transaction of the records that name it. So an import notes the
names before its transaction begins, and takes the note away within it: committed records and
notes exclude each other, whatever is killed when. Names in a note that stays belong to an import
that failed, was killed, or still waits for its turn; ``sweep`` deletes those that no record names.
Until then nobody may rely on such a file (``ComingPictures.all_names``).
"""

import logging
from datetime import timedelta

from django.apps import apps
from django.core.files.storage import default_storage
from django.db import models
from django.utils import timezone

from exchange.models import ComingPictures
from exchange.writing.locking import Busy, alone_with

log = logging.getLogger("exchange")

# An import that has not yet begun to write stores nothing; none waits and plans for so long.
_WAITS = timedelta(hours=1)
_AT_ONCE = 500


def note(names):
    """Write down names of pictures that are about to be stored. To be committed before they are."""
    return ComingPictures.objects.create(names=sorted(names))


def claim(noted):
    """Take a note away, within the transaction of the import and before it stores a picture.

    Until the transaction ends nobody sweeps. Raises Busy where the note was swept as too old.
    """
    if not ComingPictures.objects.filter(pk=noted.pk).delete()[0]:
        raise Busy


def sweep(ended=None, patience=0):
    """Delete pictures that are noted and that no record names.

    ``ended``: the note of an import that will store nothing any more. ``patience``: seconds to
    wait for imports that store pictures at the moment; what they leave is left to the next sweep.
    """
    if not ComingPictures.objects.exists():
        return
    try:
        with alone_with(ComingPictures, patience):
            stored = [
                name for name in sorted(ComingPictures.all_names()) if default_storage.exists(name)
            ]
            stray = set(stored) - _named(stored)
            for name in stray:
                default_storage.delete(name)
            # A note may be that of an import which waits for others and has stored nothing yet.
            over = models.Q(since__lt=timezone.now() - _WAITS)
            if ended is not None:
                over |= models.Q(pk=ended.pk)
            ComingPictures.objects.filter(over).delete()
    except Busy:
        return
    except OSError:
        log.exception("pictures of an unfinished import could not be deleted")
        return
    if stray:
        log.warning("deleted %s pictures of unfinished imports", len(stray))


def _named(wanted):
    """Those of the ``wanted`` names that a record has, whatever its status."""
    found = set()
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if isinstance(field, models.FileField):
                rows = models.QuerySet(model).order_by().values_list(field.name, flat=True)
                for start in range(0, len(wanted), _AT_ONCE):
                    some = wanted[start : start + _AT_ONCE]
                    found.update(rows.filter(**{f"{field.name}__in": some}))
    return found
