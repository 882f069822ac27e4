"""The life of an import: who may begin one, in which state it is, when it is forgotten.

Every write is a transaction: that waits for its turn among writers, while a single statement of
SQLite may be overtaken by all others until it fails (``mia_site.sqlite.base``).
"""

import hashlib
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db import router, transaction
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django_tasks_db.models import DBTaskResult

import exchange
from exchange.desk.imports import progress
from exchange.models import KEPT, WORKING, ImportFile, ImportJob, ImportLine, State
from exchange.registry import EVERYTHING
from exchange.writing import coming_pictures

# The worker looks for work every second. Who waits longer than this is told so.
PATIENCE = timedelta(seconds=8)


# For so long a page waits for the sentence of an import that is done.
UNSAID = timedelta(seconds=10)


class NoSuchJob(Exception):
    """There is no such import for this person (any more). ``str()`` is a sentence."""

    def __str__(self):
        return _("This preview is no longer valid. Nothing was imported by it; upload again.")


def importable(user):
    """The kinds that ``user`` may import, in the order of the registry."""
    return [kind for kind in exchange.kinds() if exchange.may_import(user, kind)]


def may_begin(user, kind):
    """Whether ``user`` may upload a file of ``kind``; one for everything is looked into later."""
    kinds = importable(user)
    return bool(kinds) if kind == EVERYTHING else kind in kinds


def create(user, upload, *, kind, delete_missing=False, new_status, closing_date=""):
    """A new job for an uploaded file; nothing is read yet."""
    data = upload.read()
    with transaction.atomic():
        job = ImportJob.objects.create(
            owner=user,
            kind=kind,
            language=get_language(),
            file_name=_shown_name(upload.name),
            size=len(data),
            sha256=hashlib.sha256(data).hexdigest(),
            delete_missing=delete_missing,
            new_status=new_status,
            closing_date=closing_date,
        )
        ImportFile.objects.create(job=job, role=ImportFile.UPLOAD, data=data)
    return job


def _shown_name(name):
    """A file's name without what cannot be seen; its ending says the format and stays."""
    stem, _dot, ending = name.rpartition(".")
    stem = "".join(c if c.isprintable() else "_" for c in stem)
    return f"{stem[:150]}.{ending[:10]}"


def of(user, key):
    """The job of ``user`` with a number out of an address. Raises NoSuchJob."""
    try:
        pk = UUID(str(key))
    except ValueError:
        raise NoSuchJob from None
    job = ImportJob.objects.filter(pk=pk, owner=user, expires__gt=timezone.now()).first()
    if job is None or not may_begin(user, job.kind):
        raise NoSuchJob
    return job


def recent(user):
    """The imports of ``user`` of the last day, newest first."""
    return ImportJob.objects.filter(owner=user, expires__gt=timezone.now()).order_by("-created")


def queue(job, state, *, of_states):
    """Ask for the next step of a job. Returns False where somebody was faster.

    ``of_states``: the states that the job may be in now.
    """
    now = timezone.now()
    with transaction.atomic():
        changed = ImportJob.objects.filter(pk=job.pk, state__in=of_states).update(
            state=state, queued=now, begun=None, beat=None, what="", done=0, total=None, sentence=""
        )
    return bool(changed)


def begin(pk, state):
    """Take a queued job on; None where it is gone or somebody else has taken it."""
    now = timezone.now()
    rows = ImportJob.objects.filter(pk=pk, state=state, begun=None)
    with transaction.atomic():
        begun = rows.update(begun=now, beat=now)
    if not begun:
        return None
    return ImportJob.objects.select_related("owner").get(pk=pk)


def settle(job, state, of_state, **values):
    """Write down an outcome, if the job still waits for one. Returns whether it did."""
    rows = ImportJob.objects.filter(pk=job.pk, state=of_state)
    with transaction.atomic():
        return bool(rows.update(state=state, **values))


def accept_findings(job, token):
    """Write down that somebody has looked at what the preview with this token found."""
    with transaction.atomic():
        rows = ImportJob.objects.filter(pk=job.pk, state=State.READY, token=token)
        rows.update(accept_findings=True)


def answer(job, *, corrections, since, announce):
    """Write down what the changed values of a previewed file mean. Returns whether it was READY;
    what the preview said is not valid any more."""
    with transaction.atomic():
        rows = ImportJob.objects.filter(pk=job.pk, state=State.READY)
        values = {"corrections": corrections, "since": str(since or ""), "announce": announce}
        return bool(rows.update(**values, token=""))


def give_up(job):
    """Forget a job with its file. Returns False while its records are being written."""
    with transaction.atomic():
        # Held, so that lines which a worker adds meanwhile cannot outlive their job.
        own = ImportJob.objects.select_for_update().filter(pk=job.pk)
        kept = own.exclude(state=State.APPLYING, begun__isnull=False).first()
        if kept is not None:
            forget_lines(kept)
            kept.delete()
    return kept is not None


def forget_lines(job):
    """Without loading thousands of rows for those who listen to every deletion of the site."""
    with transaction.atomic():
        ImportLine.objects.filter(job=job)._raw_delete(router.db_for_write(ImportLine))


def is_working(job):
    """Whether the page of a job has to wait.

    Done is said in the transaction of the records; the sentence that counts them follows at once.
    """
    if job.state == State.DONE and not job.sentence:
        return timezone.now() - (job.expires - KEPT) < UNSAID
    return job.is_working


def forget_upload(job):
    with transaction.atomic():
        ImportFile.objects.filter(job=job, role=ImportFile.UPLOAD).delete()


def is_for_the_worker(job):
    """Whether the file is too large to be worked on by the request that brings it."""
    return job.size > settings.IMPORT_AT_ONCE_BYTES


def waits_in_vain(job):
    """Whether a queued job is left alone: nobody takes it, and no other job is being worked on."""
    if job.begun is not None or timezone.now() - job.queued < PATIENCE:
        return False
    others = ImportJob.objects.filter(state__in=WORKING, begun__isnull=False)
    return all(progress.is_silent(other) for other in others)


def broken_sentence():
    return _(
        "The work was interrupted: the program that did it has stopped. Nothing was imported; the "
        "records are as they were."
    )


def break_if_silent(job):
    """A job whose worker was killed is told to be broken. Returns the job as it is now.

    So is one that its own request could not begin, since nobody else will.
    """
    left = job.begun is None and timezone.now() - job.queued > progress.SILENCE
    if job.is_working and (progress.is_silent(job) or (left and not is_for_the_worker(job))):
        # Had its transaction been completed, the state would have changed with it.
        settle(job, State.BROKEN, job.state, sentence=broken_sentence())
        job.refresh_from_db()
    return job


def sweep():
    """Forget what is older than a day, and what killed processes have left behind."""
    now = timezone.now()
    for job in ImportJob.objects.filter(state__in=WORKING):
        break_if_silent(job)
    for job in ImportJob.objects.filter(expires__lte=now):
        give_up(job)
    progress.sweep()
    coming_pictures.sweep()
    old = DBTaskResult.objects.exclude(status="READY").filter(enqueued_at__lt=now - 2 * KEPT)
    if old.exists():
        with transaction.atomic():
            old.delete()
