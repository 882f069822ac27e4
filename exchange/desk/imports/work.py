"""The two steps that take time: checking a file, and carrying out what was shown.

Both take the number of a job and write their outcome into it. Whoever calls them (a request for a
small file, the worker for others) need not know what happened. They raise Busy where the job could
not even be begun since others are writing, and nothing else.
"""

import io
import logging
from contextlib import contextmanager, suppress

from django.db import IntegrityError, transaction
from django.dispatch import receiver
from django.utils import timezone, translation
from django.utils.translation import gettext as _

import exchange
from chronology import HistoricalDate
from exchange.desk.imports import jobs, lines
from exchange.desk.imports.progress import Progress
from exchange.models import KEPT, ImportFile, State
from exchange.planning.plan import ShownPlan
from exchange.problems import Problem
from exchange.registry import EVERYTHING, resource_for
from exchange.signals import applied as applied_signal
from exchange.writing.locking import told_busy

log = logging.getLogger("exchange")


def check(pk):
    """Read and plan the file of a queued job: READY with a preview, or REFUSED with problems."""
    with _taking_on(pk, State.CHECKING) as (job, progress):
        if job:
            _check(job, progress)


def carry_out(pk):
    """Import what the preview of a queued job has shown, or say why not."""
    with _taking_on(pk, State.APPLYING) as (job, progress):
        if job:
            _carry_out(job, progress)


@contextmanager
def _taking_on(pk, state):
    with told_busy():
        job = jobs.begin(pk, state)
    if job is None:
        yield None, None
        return
    with translation.override(job.language), Progress(job) as progress:
        try:
            with told_busy():
                yield job, progress
        except exchange.Busy:
            log.warning("import %s stopped: others are writing", job.pk)
            _stop(job, _("Others were saving for too long. Nothing was imported; try again."))
        except Exception:
            log.exception("import %s stopped by an error", job.pk)
            sentence = _(
                "An error of the site stopped the work. Nothing was imported. Tell the "
                "administrator this number: %(number)s"
            ) % {"number": str(job.pk)[:8]}
            _stop(job, sentence)


def _stop(job, sentence):
    # Where not even that can be written, the job falls silent, and its page says so.
    with suppress(exchange.Busy), told_busy():
        job.refresh_from_db(fields=["state"])
        if job.is_working:
            jobs.settle(job, State.BROKEN, job.state, sentence=sentence)


def _options(job, progress):
    return exchange.Options(
        delete_missing=job.delete_missing,
        new_status=job.new_status,
        closing_date=HistoricalDate.parse(job.closing_date) if job.closing_date else None,
        limits=exchange.Limits.browser(),
        accept_findings=job.accept_findings,
        corrections=job.corrections,
        since=HistoricalDate.parse(job.since) if job.since else None,
        announce=job.announce,
        progress=progress,
    )


def _read(job, progress):
    progress(_("Reading"), 0, None)
    data = bytes(job.files.get(role=ImportFile.UPLOAD).data)
    book = exchange.read(
        data, job.kind, job.language, name=job.file_name, limits=exchange.Limits.browser()
    ).as_book()
    return data, book


def _forbidden(job, book):
    """Problems: kinds in the file that the owner may not import, or not let go."""
    for table in book.tables:
        name = resource_for(table.kind)._meta.model._meta.verbose_name_plural
        if not exchange.may_import(job.owner, table.kind):
            yield Problem(
                "may_not_import",
                _("You may not import: %(kind)s.") % {"kind": name},
                _("Remove that part of the file, or ask somebody who may."),
                file=job.file_name,
                kind=table.kind if job.kind == EVERYTHING else "",
            )
        elif job.delete_missing and not exchange.may_close_missing(job.owner, table.kind):
            yield Problem(
                "may_not_close_missing",
                _("You may not close or delete what a file does not mention: %(kind)s.")
                % {"kind": name},
                _("Upload the file again without that choice, or ask somebody who may."),
                file=job.file_name,
                kind=table.kind if job.kind == EVERYTHING else "",
            )


def _check(job, progress, sentence=""):
    data, book = _read(job, progress)
    unread = bool(book.all_problems)
    forbidden = list(_forbidden(job, book))
    asks = False
    if forbidden:  # nothing is told about records of such kinds
        problems, plan = forbidden, None
    else:
        plan = exchange.plan(book, _options(job, progress), job.owner)
        problems, asks = plan.problems, plan.only_asks
    jobs.forget_lines(job)
    progress(_("Preparing the pages"), 0, None)
    try:
        if problems and not asks:
            _refuse(job, data, problems, logged=unread and not forbidden)
            return
        readings = lines.keep_plan(job, plan, progress)
    except IntegrityError:
        return  # cancelled meanwhile: the lines have lost their job
    jobs.settle(
        job,
        State.READY,
        State.CHECKING,
        token="" if asks else plan.token,
        summary=lines.summary_of(plan, book, readings),
        sentence=sentence,
        accept_findings=False,  # whatever was accepted before was of another plan
    )


def _refuse(job, data, problems, logged):
    lines.keep_problems(job, problems)
    if not logged:
        log.warning(
            "file refused: kind=%s name=%r problems=%s first=%s",
            job.kind, job.file_name, len(problems), problems[0].code,
        )  # fmt: skip
    copy = io.BytesIO()
    written = exchange.write_problem_copy(
        data,
        problems,
        copy,
        name=job.file_name,
        several=job.kind == EVERYTHING,
        limits=exchange.Limits.browser(),
    )
    if written:
        ImportFile.objects.update_or_create(
            job=job, role=ImportFile.COPY, defaults={"data": copy.getvalue()}
        )
    jobs.settle(
        job,
        State.REFUSED,
        State.CHECKING,
        summary=lines.summary_of_problems(problems),
        sentence=_("Nothing was imported; the records are as they were."),
    )
    jobs.forget_upload(job)


def _carry_out(job, progress):
    _data, book = _read(job, progress)
    if forbidden := list(_forbidden(job, book)):
        jobs.settle(job, State.BROKEN, State.APPLYING, sentence=forbidden[0].sentence)
        return
    kinds = tuple(job.summary["kinds"])
    shown = ShownPlan(book, _options(job, progress), job.owner, job.token, kinds)
    try:
        applied = exchange.apply_shown(shown, job.owner)
    except exchange.Busy as busy:
        jobs.settle(job, State.READY, State.APPLYING, sentence=str(busy))
    except exchange.StalePlan as stale:
        now = timezone.now()
        if jobs.settle(job, State.CHECKING, State.APPLYING, begun=now, beat=now):
            _check(job, progress, sentence=str(stale))
    except exchange.NotApplied as refusal:
        jobs.settle(job, State.BROKEN, State.APPLYING, sentence=str(refusal))
    else:
        job.refresh_from_db()
        if job.state == State.APPLYING:  # nothing was written that would have said so
            _mark_done(job)
            job.refresh_from_db()
        job.summary = {**job.summary, "counts": applied.counts, "holds": applied.holds}
        job.sentence = applied.sentence
        with transaction.atomic():
            job.save(update_fields=["summary", "sentence"])


def _mark_done(job):
    done = jobs.settle(job, State.DONE, State.APPLYING, expires=timezone.now() + KEPT)
    if not done:
        raise exchange.NotApplied(_("This import was given up meanwhile. Nothing was imported."))
    jobs.forget_upload(job)


@receiver(applied_signal)
def _in_the_same_transaction(plan, **kwargs):
    """The job says "done" exactly when the records say so, whatever is killed when."""
    if isinstance(plan.options.progress, Progress):
        _mark_done(plan.options.progress.job)
