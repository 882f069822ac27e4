"""Records into files. The same data gives the same bytes, on every machine and database."""

import hashlib
import io
import json
import os
import tempfile
from pathlib import Path

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from exchange import csv_files, json_files, xlsx_files
from exchange.columns import join_codes, split_codes
from exchange.reading import MANIFEST, format_of
from exchange.registry import EVERYTHING, kinds, resource_for, resource_of

# Grows when a column changes its meaning; new columns do not count.
SCHEMA_VERSION = 1

# No limits: whoever exports may see everything (commands, staff with the right to).
ALL = object()


def export(kind, stream, file_format, *, user=ALL, spreadsheet=False, rows=None, progress=None):
    """Write the records of a kind ("all": every kind) to a binary stream. Returns their number.

    ``file_format``: csv, json or xlsx; xlsx or zip for "all". ``user``: export only what they may
    see, with references to anything else left out (None: the public); ALL by default.
    ``spreadsheet``: CSV for spreadsheet programs instead of the exact one. ``rows``: a QuerySet,
    where only a part is wanted.
    """
    if kind == EVERYTHING:
        return _everything(stream, file_format, user, progress)
    resource = resource_for(kind)
    counted = _Counted(_texts(resource, user, rows), progress, kind)
    headings = [column.name for column in resource.columns()]
    if file_format == "csv":
        csv_files.write(stream, headings, counted, spreadsheet)
    elif file_format == "json":
        json_files.write(stream, resource.columns(), counted)
    elif file_format == "xlsx":
        xlsx_files.write(stream, [(kind, headings, counted)])
    else:
        raise ValueError(_("One kind of records is exported as .csv, .xlsx or .json."))
    return counted.count


def export_to(path, kind, **options):
    """``export`` to a file, whose ending says the format. It appears when it is complete."""
    path = Path(path)
    file_format = format_of(path.name)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".export-")
    try:
        with os.fdopen(handle, "wb") as stream:
            count = export(kind, stream, file_format, **options)
        Path(temporary).chmod(0o644)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    return count


def example(kind, stream, file_format, *, user=ALL, records=5):
    """A filled example file: the first records of a kind that ``user`` may see."""
    resource = resource_for(kind)
    rows = resource.rows() if user is ALL else resource.visible_to(user)
    first = list(resource.in_order(rows).values_list("pk", flat=True)[:records])
    return export(kind, stream, file_format, user=user, rows=resource.rows().filter(pk__in=first))


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


def _everything(stream, file_format, user, progress):
    counted = {}
    for kind in kinds():
        counted[kind] = _Counted(_texts(resource_for(kind), user), progress, kind)
    if file_format == "xlsx":
        xlsx_files.write(
            stream,
            (
                (kind, [column.name for column in resource_for(kind).columns()], rows)
                for kind, rows in counted.items()
            ),
        )
    elif file_format == "zip":
        _write_zip(stream, counted)
    else:
        raise ValueError(_("The whole site is exported as .xlsx or .zip."))
    return sum(rows.count for rows in counted.values())


def _write_zip(stream, counted):
    """One CSV a kind and a manifest: counts, hashes, schema version, licence, date."""
    import zipfile

    files = []
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as package:
        for kind, rows in counted.items():
            data = io.BytesIO()
            headings = [column.name for column in resource_for(kind).columns()]
            csv_files.write(data, headings, rows)
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
        }
        text = json.dumps(manifest, ensure_ascii=False, indent=2) + "\n"
        package.writestr(xlsx_files.zip_entry(MANIFEST), text.encode())
