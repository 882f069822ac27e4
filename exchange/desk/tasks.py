"""Who does the work: the request itself where that is quicker, the worker otherwise."""

from django.conf import settings
from django.db import transaction
from django_tasks import task

from exchange.desk import jobs, work
from exchange.models import ImportJob, State


@task()
def check(pk):
    jobs.sweep()
    work.check(pk)


@task()
def carry_out(pk):
    work.carry_out(pk)


_STEPS = {State.CHECKING: (work.check, check), State.APPLYING: (work.carry_out, carry_out)}


def start(job, state, of_states):
    """Begin the next step of ``job``. Returns False where another request was faster.

    Files up to IMPORT_AT_ONCE_BYTES are worked on before this returns.
    """
    at_once, later = _STEPS[state]
    with transaction.atomic():
        if not jobs.queue(job, state, of_states=of_states):
            return False
        if job.size > settings.IMPORT_AT_ONCE_BYTES:
            later.enqueue(str(job.pk))
            return True
    at_once(job.pk)
    return True


def start_checking(job):
    return start(job, State.CHECKING, [State.CHECKING, State.BROKEN])


def start_applying(job, token):
    """Begin to import what the preview with this ``token`` showed; False where it is not valid."""
    if not ImportJob.objects.filter(pk=job.pk, state=State.READY, token=token).exists():
        return False
    return start(job, State.APPLYING, [State.READY])
