"""Walking through the import desk as an editor does."""

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from exchange.models import ImportJob

START = "/admin/import/"


def upload(client, data, kind="units", name="file.csv", follow=True, **fields):
    """Upload a file; the answer after all redirects."""
    file = SimpleUploadedFile(name, data)
    return client.post(START, {"kind": kind, "file": file, **fields}, follow=follow)


def job_of(client):
    return ImportJob.objects.filter(owner=client.user).latest("created")


def address(job, step=""):
    name = f"admin:exchange_import_{step}" if step else "admin:exchange_import_job"
    return reverse(name, args=[job.pk])


def answer(client, **values):
    """Say what the changed values of the last upload mean: corrections, unless told otherwise."""
    values = values or {"meant": "correction"}
    return client.post(address(job_of(client), "since_when"), values, follow=True)


def confirm(client, job, **fields):
    data = {"token": job.token, "leaving": "agreed", **fields}
    return client.post(address(job, "confirm"), data, follow=True)


def offers_confirmation(response):
    return b"/confirm/" in response.content
