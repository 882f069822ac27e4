"""What the import desk remembers of an upload, for a day (nothing of it lies in a file), and which
pictures imports are about to store."""

import uuid
from datetime import timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone

# How long an upload, its preview and its result may be looked at.
KEPT = timedelta(hours=24)


class State(models.TextChoices):
    """Where an import is. ``begun`` is empty while CHECKING or APPLYING waits for its turn."""

    CHECKING = "checking"
    READY = "ready"  # there is a preview
    REFUSED = "refused"  # there are problems
    APPLYING = "applying"
    DONE = "done"
    BROKEN = "broken"  # the work ended without an outcome


WORKING = (State.CHECKING, State.APPLYING)


def _in_a_day():
    return timezone.now() + KEPT


class ImportJob(models.Model):
    """One uploaded file on its way. ``owner`` alone sees it.

    ``sentence``: the last outcome in words. ``summary``: {"counts", "kinds", "columns", "typed",
    "groups", "holds", "asks", "meant"}, what the pages show besides lines. ``token``: of the plan
    that was shown. ``corrections``, ``since`` (EDTF), ``announce``: see
    ``exchange.planning.changes``. ``what``, ``done``, ``total``, ``beat``: progress, on PostgreSQL
    (``exchange.desk.imports.progress``).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=50)
    language = models.CharField(max_length=10)
    file_name = models.CharField(max_length=200)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    delete_missing = models.BooleanField(default=False)
    new_status = models.CharField(max_length=10)
    closing_date = models.CharField(max_length=60, blank=True)
    accept_findings = models.BooleanField(default=False)
    corrections = models.BooleanField(default=False)
    since = models.CharField(max_length=60, blank=True)
    announce = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=State.choices, default=State.CHECKING)
    token = models.CharField(max_length=64, blank=True)
    sentence = models.TextField(blank=True)
    summary = models.JSONField(default=dict)
    what = models.CharField(max_length=100, blank=True)
    done = models.PositiveBigIntegerField(default=0)
    total = models.PositiveBigIntegerField(null=True)
    created = models.DateTimeField(default=timezone.now)
    queued = models.DateTimeField(default=timezone.now)
    begun = models.DateTimeField(null=True)
    beat = models.DateTimeField(null=True)
    expires = models.DateTimeField(default=_in_a_day)

    class Meta:
        default_permissions = ()
        indexes = [models.Index(fields=["owner", "created"], name="exchange_job_of_owner")]

    @property
    def is_working(self):
        return self.state in WORKING


class ImportFile(models.Model):
    """Bytes that belong to a job: the upload, or the copy that names its problems.

    In a table of their own, since SQLite writes a whole row anew when one of its values changes.
    """

    UPLOAD, COPY = "upload", "copy"

    job = models.ForeignKey(ImportJob, models.CASCADE, related_name="files")
    role = models.CharField(max_length=10)
    data = models.BinaryField()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["job", "role"], name="exchange_one_file_of_a_role")
        ]


class ImportLine(models.Model):
    """One change, problem, finding, note or missing record of a job, ready to be shown.

    ``action``: of a change as in ``exchange.planning.changes.ACTIONS``; "missing"; "note"; for a
    problem and a finding its code. ``search``: folded code and title. ``data``: what
    ``exchange.desk.imports.lines`` puts there.
    """

    CHANGE, PROBLEM, NOTE, MISSING = "change", "problem", "note", "missing"
    FINDING = "finding"

    job = models.ForeignKey(ImportJob, models.CASCADE, related_name="lines")
    sort = models.CharField(max_length=10)
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=50, blank=True)
    action = models.CharField(max_length=40, blank=True)
    code = models.CharField(max_length=100, blank=True)
    search = models.TextField(blank=True)
    data = models.JSONField(default=dict)

    class Meta:
        default_permissions = ()
        ordering = ["number"]
        indexes = [models.Index(fields=["job", "sort", "number"], name="exchange_line_order")]


class ComingPictures(models.Model):
    """Names of the pictures that one import is about to store.

    See ``exchange.writing.coming_pictures``.
    """

    names = models.JSONField()
    since = models.DateTimeField(default=timezone.now)

    class Meta:
        default_permissions = ()

    @classmethod
    def all_names(cls):
        """A set of the names of files that may go again: nobody relies upon them."""
        return {name for names in cls.objects.values_list("names", flat=True) for name in names}
