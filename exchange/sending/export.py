"""Records into files. The same data gives the same bytes, on every machine and database."""

import fcntl
import hashlib
import io
import json
import os
import tempfile
import time
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from exchange.columns import join_codes, split_codes
from exchange.formats import csv_files, json_files, xlsx_files
from exchange.one_state import one_state
from exchange.reading import MANIFEST, format_of
from exchange.registry import EVERYTHING, kinds, resource_for, resource_of
from exchange.sending import pictures, samples

# Grows when a column changes its meaning; new columns do not count.
SCHEMA_VERSION = 1

# What an export is called until it is complete. A killed one stays until the next comes along.
_UNFINISHED = ".export-"
_LEFT_FOR = 60  # seconds

# No limits: whoever exports may see everything (commands, staff with the right to).
ALL = object()


def export(
    kind,
    stream,
    file_format,
    *,
    user=ALL,
    spreadsheet=False,
    guarded=False,
    only=None,
    rows=None,
    progress=None,
    language=None,
):
    """Write the records of a kind ("all": every kind) to a binary stream. Returns their number.

    ``file_format``: csv, json or xlsx; xlsx or zip for "all". ``user``: export only what they may
    see, with references to anything else left out (None: the public); ALL by default.
    ``spreadsheet``: CSV for spreadsheet programs instead of the exact one; ``guarded``: the exact
    one with formulae made harmless. ``rows``: a QuerySet, where only a part is wanted; ``only``:
    of "all", the kinds that are. ``language``: headings as the admin names the columns in it;
    None for the codes. JSON always has the codes.

    The file shows the site as it was at one moment, whatever is saved while it is written.
    """
    with one_state(connection):
        if kind == EVERYTHING:
            return _everything(stream, file_format, user, progress, language, only)
        counted = _Counted(_texts(resource_for(kind), user, rows), progress, kind)
        _write_one(stream, file_format, kind, counted, language, spreadsheet, guarded)
        return counted.count


def _write_one(stream, file_format, kind, rows, language, spreadsheet, guarded=False):
    """Rows of one kind, canonical texts in the order of its columns, as a file."""
    resource = resource_for(kind)
    headings = headings_of(resource, language)
    if file_format == "csv":
        csv_files.write(stream, headings, rows, spreadsheet, guarded)
    elif file_format == "json":
        json_files.write(stream, resource.columns(), rows)
    elif file_format == "xlsx":
        xlsx_files.write(stream, [(kind, headings, rows)])
    else:
        raise ValueError(_("One kind of records is exported as .csv, .xlsx or .json."))


def headings_of(resource, language=None):
    """The first row of a file: codes, or labels in a language."""
    return [column.label(language) if language else column.name for column in resource.columns()]


def export_to(path, kind, **options):
    """``export`` to a file, whose ending says the format. It appears when it is complete."""
    path = Path(path)
    file_format = format_of(path.name)
    _sweep(path.parent)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=_UNFINISHED)
    try:
        with os.fdopen(handle, "wb") as stream:
            fcntl.flock(stream, fcntl.LOCK_EX)
            count = export(kind, stream, file_format, **options)
            stream.flush()
            Path(temporary).chmod(0o644)
            Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    return count


def _sweep(folder):
    """Remove what exports that were killed have left in a folder: old files that nobody holds."""
    for left in folder.glob(f"{_UNFINISHED}*"):
        try:
            with left.open("rb") as stream:
                fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
                # One that has just been made may not be locked yet.
                if time.time() - left.stat().st_mtime > _LEFT_FOR:
                    left.unlink(missing_ok=True)
        except OSError:
            continue  # another export is writing it, or it is somebody else's


def example(kind, stream, file_format, *, user=ALL, records=5, spreadsheet=False, language=None):
    """A filled example file: the first records of a kind that ``user`` may see.

    Where there are none, made-up ones (``exchange.sending.samples``). Returns their number.
    """
    rows = example_rows(kind, user=user, records=records)
    _write_one(stream, file_format, kind, rows, language, spreadsheet)
    return len(rows)


def example_rows(kind, *, user=ALL, records=5):
    """The rows of an example file: lists of canonical texts in the order of the columns."""
    resource = resource_for(kind)
    with one_state(connection):
        rows = resource.rows() if user is ALL else resource.visible_to(user)
        first = list(resource.in_order(rows).values_list("pk", flat=True)[:records])
        found = list(_texts(resource, user, resource.rows().filter(pk__in=first)))
    return found or samples.rows(resource)


class _Counted:
    """Rows that are counted while they pass."""

    def __init__(self, rows, progress, kind):
        self.rows, self.progress, self.kind, self.count = rows, progress, kind, 0

    def __iter__(self):
        for row in self.rows:
            self.count += 1
            if self.progress and not self.count % 5000:
                self.progress(self.kind, self.count, None)
            yield row


def _texts(resource, user, rows=None):
    columns = resource.columns()
    if user is ALL:
        rows = resource.rows() if rows is None else rows
        for _pk, texts in resource.texts(columns, resource.in_order(rows)):
            yield texts
        return
    visible = resource.visible_to(user)
    if rows is not None:
        visible = visible.filter(pk__in=rows.order_by().values("pk"))
    hidden = [
        (i, column.many, _visible_codes(column.target, user))
        for i, column in enumerate(columns)
        if column.target is not None
    ]
    for _pk, texts in resource.texts(columns, resource.in_order(visible)):
        for i, many, known in hidden:
            if texts[i] and many:
                texts[i] = join_codes([code for code in split_codes(texts[i]) if code in known])
            elif texts[i] and texts[i] not in known:
                texts[i] = ""
        yield texts


def _visible_codes(model, user):
    resource = resource_of(model)
    rows = resource.visible_to(user)
    return set(rows.values_list("code", flat=True).iterator(chunk_size=5000))


def _everything(stream, file_format, user, progress, language, only=None):
    counted = {}
    for kind in [one for one in kinds() if only is None or one in only]:
        counted[kind] = _Counted(_texts(resource_for(kind), user), progress, kind)
    if file_format == "xlsx":
        xlsx_files.write(
            stream,
            (
                (kind, headings_of(resource_for(kind), language), rows)
                for kind, rows in counted.items()
            ),
        )
    elif file_format == "zip":
        _write_zip(stream, counted, language)
    else:
        raise ValueError(_("The whole site is exported as .xlsx or .zip."))
    return sum(rows.count for rows in counted.values())


def _write_zip(stream, counted, language):
    """One CSV a kind, the pictures they name, and a manifest: counts, hashes, licence, date."""
    import zipfile

    files, named = [], set()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as package:
        for kind, rows in counted.items():
            data = io.BytesIO()
            resource = resource_for(kind)
            headings = headings_of(resource, language)
            csv_files.write(data, headings, pictures.watch(resource.columns(), rows, named))
            name = f"{kind}.csv"
            package.writestr(xlsx_files.zip_entry(name), data.getvalue())
            files.append(
                {
                    "name": name,
                    "records": rows.count,
                    "sha256": hashlib.sha256(data.getvalue()).hexdigest(),
                }
            )
        manifest = {
            "schema_version": SCHEMA_VERSION,
            "date": timezone.localdate().isoformat(),
            "licence": getattr(settings, "OPEN_DATA_LICENCE", ""),
            "files": files,
            "media": pictures.write(package, named),
        }
        text = json.dumps(manifest, ensure_ascii=False, indent=2) + "\n"
        package.writestr(xlsx_files.zip_entry(MANIFEST), text.encode())
