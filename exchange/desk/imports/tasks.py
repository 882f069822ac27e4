"""Who does the work: the request itself where that is quicker, the worker otherwise."""

from contextlib import suppress

from django.db import transaction
from django_tasks import task

import exchange
from exchange.desk.imports import jobs, work
from exchange.models import ImportJob, State
from exchange.writing.locking import told_busy

# A worker has time: it waits for its turn among writers so many times longer than a request.
_TRIES = 10


@task()
def check(pk):
    with suppress(exchange.Busy), told_busy():
        jobs.sweep()
    _patiently(work.check, pk)


@task()
def carry_out(pk):
    _patiently(work.carry_out, pk)


def _patiently(step, pk):
    for tried in range(1, _TRIES + 1):
        try:
            return step(pk)
        except exchange.Busy:  # not begun
            if tried == _TRIES:
                raise


_STEPS = {State.CHECKING: (work.check, check), State.APPLYING: (work.carry_out, carry_out)}


def start(job, state, of_states):
    """Begin the next step of ``job``. Returns False where another request was faster.

    Files up to IMPORT_AT_ONCE_BYTES are worked on before this returns.
    """
    at_once, later = _STEPS[state]
    with transaction.atomic():
        if not jobs.queue(job, state, of_states=of_states):
            return False
        if jobs.is_for_the_worker(job):
            later.enqueue(str(job.pk))
            return True
    at_once(job.pk)
    return True


def start_checking(job):
    return start(job, State.CHECKING, [State.CHECKING, State.BROKEN])


def start_answered(job):
    """Check the file of a previewed job anew, with what was answered meanwhile."""
    return start(job, State.CHECKING, [State.READY])


def start_applying(job, token):
    """Begin to import what the preview with this ``token`` showed; False where it is not valid."""
    if not ImportJob.objects.filter(pk=job.pk, state=State.READY, token=token).exists():
        return False
    return start(job, State.APPLYING, [State.READY])
