"""The pages of importing, in the admin's frame. Rights and states are asked of ``jobs``."""

from contextlib import suppress
from functools import wraps

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from exchange.desk.imports import jobs, pages, progress, tasks
from exchange.desk.imports.forms import AnswerForm, UploadForm
from exchange.desk.imports.words import in_order, kind_name
from exchange.models import ImportFile, State
from exchange.writing.locking import Busy, told_busy


def _page(request, template, title, status=200, **context):
    frame = admin.site.each_context(request)
    return TemplateResponse(
        request, f"admin/exchange/{template}.html", {**frame, "title": title, **context},
        status=status,
    )  # fmt: skip


def _may_import(view):
    @wraps(view)
    def guarded(request, *args, **kwargs):
        if not jobs.importable(request.user):
            raise PermissionDenied(_("You have no right to import records."))
        try:
            with told_busy():
                return view(request, *args, **kwargs)
        except Busy:
            sentence = _(
                "The database was too busy to save. Nothing was changed. Go back and try again."
            )
            return _refused(request, sentence, 503)

    return guarded


def _of_a_job(view):
    """The view gets the job instead of its number, if it is the user's own and not too old."""

    @wraps(view)
    def found(request, key):
        try:
            job = jobs.break_if_silent(jobs.of(request.user, key))
        except jobs.NoSuchJob as gone:
            return _refused(request, str(gone))
        return view(request, job)

    return _may_import(found)


def _refused(request, sentence, status=409):
    return _page(request, "refused", _("Not done"), status, sentence=sentence)


@require_http_methods(["GET", "HEAD", "POST"])
@_may_import
def begin(request):
    """Choose a file; below it, the imports of the last day."""
    with suppress(Busy), told_busy():
        jobs.sweep()
    kinds = in_order(jobs.importable(request.user), admin.site.get_app_list(request))
    if request.method == "POST":
        form = UploadForm(request.POST, request.FILES, user=request.user, kinds=kinds)
        if form.is_valid():
            job = form.create_job()
            tasks.start_checking(job)
            return redirect("admin:exchange_import_job", job.pk)
    else:
        asked = {"kind": request.GET.get("kind", "units")}
        form = UploadForm(user=request.user, kinds=kinds, initial=asked)
    status = 400 if form.errors else 200
    recent = [(job, kind_name(job.kind)) for job in jobs.recent(request.user)[:20]]
    examples = pages.examples(request.user, kinds)
    context = {"form": form, "recent": recent, "limits": pages.limits(), "examples": examples}
    return _page(request, "begin", _("Import"), status, **context)


@require_http_methods(["GET", "HEAD"])
@_of_a_job
def job(request, job):
    """Where the import is: its progress, preview, problems or result."""
    return _show(request, job)


def _show(request, job, status=200, answer=None):
    context = {"job": job, "kind_name": kind_name(job.kind)}
    if jobs.is_working(job):
        return _page(request, "working", job.file_name, status, **context, **_how_far(job))
    if job.state == State.REFUSED:
        context |= pages.problems(job, request.GET)
        return _page(request, "problems", _("This file cannot be imported"), status, **context)
    if job.state == State.READY:
        context |= pages.changes(job, request.GET) | pages.understood(job)
        context |= pages.since_when(job, answer)
        return _page(request, "preview", _("Preview of the import"), status, **context)
    if job.state == State.DONE:
        context |= pages.changes(job, request.GET) | {"holds": _holds(job)}
        return _page(request, "result", _("Imported"), status, **context)
    return _page(request, "broken", _("Not imported"), status, **context)


def _holds(job):
    return [(kind_name(kind), count) for kind, count in job.summary.get("holds", {}).items()]


def _how_far(job):
    what, done, total = progress.of(job)
    in_vain = jobs.waits_in_vain(job)
    if in_vain:
        sentence = _(
            "Nobody has taken this work up: the program for background work does not seem to run. "
            "Tell the administrator. Your file waits here until tomorrow."
        )
    elif job.begun is None:
        sentence = _("Waiting for its turn…")
    elif job.state != State.CHECKING:
        sentence = _("Importing. Either all of the file is imported or nothing.")
    else:
        sentence = _("Checking the file. Nothing is changed by that.")
    return {"sentence": sentence, "in_vain": in_vain, "what": what, "done": done, "total": total}


@require_GET
@_of_a_job
def how_far(request, job):
    """The progress of a job for the script of its page."""
    return JsonResponse({**_how_far(job), "working": jobs.is_working(job), "state": job.state})


@require_POST
@_of_a_job
def confirm(request, job):
    """Import what the preview has shown."""
    if pages.since_when(job)["asks"]:
        messages.error(request, _("Say first what the changed values mean."))
        return _show(request, job, 400)
    if pages.leaving(job) and request.POST.get("leaving") != "agreed":
        messages.error(request, _("Say that you have seen which records are closed or deleted."))
        return _show(request, job, 400)
    if pages.findings(job)["findings_count"]:
        if request.POST.get("findings") != "accepted":
            messages.error(request, _("Say that you have looked at what was found."))
            return _show(request, job, 400)
        jobs.accept_findings(job, request.POST.get("token", ""))
    if not tasks.start_applying(job, request.POST.get("token", "")):
        return _refused(request, str(jobs.NoSuchJob()))
    job.refresh_from_db()
    if job.state == State.READY:  # others were quicker; nothing is lost
        return _show(request, job, 409)
    return redirect("admin:exchange_import_job", job.pk)


@require_POST
@_of_a_job
def since_when(request, job):
    """Say what the changed values of the file mean; the preview is made anew."""
    form = AnswerForm(request.POST)
    if job.state == State.READY and not form.is_valid():
        return _show(request, job, 400, form)
    if job.state != State.READY or not jobs.answer(job, **form.answer):
        return _refused(request, str(jobs.NoSuchJob()))
    tasks.start_answered(job)
    return redirect("admin:exchange_import_job", job.pk)


@require_POST
@_of_a_job
def cancel(request, job):
    """Forget an import and its file."""
    if not jobs.give_up(job):
        return _refused(request, _("The records are being written now; it is too late to stop."))
    if job.state != State.DONE:
        messages.success(request, _("The import was given up. Nothing was imported."))
    return redirect("admin:exchange_import")


@require_POST
@_of_a_job
def again(request, job):
    """Check the file of an interrupted import once more."""
    has_file = job.files.filter(role=ImportFile.UPLOAD).exists()
    if job.state != State.BROKEN or not has_file or not tasks.start_checking(job):
        return _refused(request, str(jobs.NoSuchJob()))
    return redirect("admin:exchange_import_job", job.pk)


@require_http_methods(["GET", "HEAD"])
@_of_a_job
def copy(request, job):
    """The copy of a refused file, with a column that names the problems."""
    kept = job.files.filter(role=ImportFile.COPY).first()
    if kept is None:
        return _refused(request, str(jobs.NoSuchJob()))
    stem, _dot, ending = job.file_name.rpartition(".")
    name = content_disposition_header(True, f"{stem}-problems.{ending.lower()}")
    return HttpResponse(
        bytes(kept.data),
        content_type="application/octet-stream",
        headers={"Content-Disposition": name},
    )
