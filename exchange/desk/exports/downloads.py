"""Files on their way to a browser.

A file is made as a whole before its first byte is sent: a failure is a page that says so, never
half a file that looks like one. It grows in a nameless temporary file, so memory stays small
whatever its size, and nothing is left behind however the process ends.
"""

import logging
import tempfile

from django.http import FileResponse
from django.utils import timezone

from exchange.sending.export import example, export

log = logging.getLogger("exchange")

TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json",
    "zip": "application/zip",
}
# Kept in memory up to this size, in bytes.
_SMALL = 1_000_000


def send_export(user, scope, choice, language):
    """The file of a Scope. ``choice``: a key of ``words.FORMATS``."""
    file_format = "csv" if choice == "spreadsheet" else choice
    stream = _nameless_file()
    count = export(
        scope.kind,
        stream,
        file_format,
        user=user,
        rows=scope.rows,
        spreadsheet=choice == "spreadsheet",
        language=language,
    )
    log.info(
        "exported: kind=%s scope=%s format=%s records=%s user=%s",
        scope.kind, scope.key, choice, count, user.get_username(),
    )  # fmt: skip
    part = "" if scope.key == "all" else "-part"
    return _answer(stream, f"{scope.kind}{part}-{timezone.localdate():%Y-%m-%d}", file_format)


def send_example(user, kind, file_format, language):
    """An example file of a kind. CSV is the one for spreadsheets, since a person opens it."""
    stream = _nameless_file()
    example(
        kind, stream, file_format, user=user, spreadsheet=file_format == "csv", language=language
    )
    ending = f"-{language}" if language else ""
    return _answer(stream, f"{kind}-example{ending}", file_format)


def _nameless_file():
    return tempfile.SpooledTemporaryFile(max_size=_SMALL)


def _answer(stream, name, file_format):
    stream.seek(0, 2)
    size = stream.tell()
    stream.seek(0)
    response = FileResponse(
        stream,
        as_attachment=True,
        filename=f"{name}.{file_format}",
        content_type=TYPES[file_format],
    )
    response["Content-Length"] = size
    response["Cache-Control"] = "private, no-store"
    return response
