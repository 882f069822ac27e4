"""The whole site in one file: a workbook with a sheet a kind, or a zip."""

import io
import json

from django.utils.translation import gettext as _

from exchange.columns import nearest
from exchange.formats import csv_files, xlsx_files
from exchange.problems import BadFile, Problem, shorten
from exchange.reading import pictures
from exchange.reading.rows import fill, too_many_rows
from exchange.reading.tables import Book, Table
from exchange.registry import kind_called, kinds

MANIFEST = "manifest.json"


def read_everything(stream, file_format, name, limits):
    if file_format == "xlsx":
        workbook = xlsx_files.Reader(stream, name, limits)
        sources = [(sheet, workbook.rows(i)) for i, sheet in enumerate(workbook.names)]
        return _book(name, "xlsx", sources, limits)
    if file_format != "zip":
        raise BadFile(
            Problem(
                "everything",
                _("The whole site comes as one workbook (.xlsx) or one zip."),
                _("Choose the kind of records that this file holds."),
                file=name,
            )
        )
    package = xlsx_files.open_zip(stream, name, limits)
    _check_manifest(package, name, limits)
    sources = []
    for member in package.infolist():
        if member.filename == MANIFEST or member.filename.startswith(pictures.FOLDER):
            continue
        kind, _dot, ending = member.filename.rpartition(".")
        if ending != "csv":
            raise BadFile(_unknown_part(name, member.filename))
        data = b"".join(xlsx_files.read_member(package, member.filename, name, limits))
        if data:
            sources.append((kind, csv_files.read(io.BytesIO(data), member.filename, limits)))
    book = _book(name, "csv", sources, limits)
    book.pictures, problems = pictures.read(package, name, limits)
    book.problems.extend(problems)
    return book


def _book(name, file_format, sources, limits):
    book = Book(name, file_format)
    known = kinds()
    rows = 0
    for part, source in sources:
        kind = kind_called(part)
        if kind not in known:
            book.problems.append(_unknown_part(name, part))
            continue
        table = Table(kind, file=name, format=file_format)
        try:
            fill(table, source, limits)
        except BadFile as bad:
            table.fatal = True
            table.problems.extend(bad.problems)
        # An empty sheet says nothing about its kind.
        if any(p.code in ("empty", "no_rows") for p in table.problems):
            if table.headings:
                book.without_rows.append(kind)
            continue
        for problem in table.problems:
            problem.kind = kind
        book.tables.append(table)
        rows += len(table.rows)
        if limits.rows is not None and rows > limits.rows:
            raise too_many_rows(table, limits.rows)
    if not book.tables and not book.problems:
        book.problems.append(
            Problem("empty", _("The file has no data."), _("Choose a file with data."), file=name)
        )
    return book


def _unknown_part(file, name):
    guess = nearest(name.removesuffix(".csv"), kinds())
    return Problem(
        "part_unknown",
        _("The file holds “%(name)s”, which is no kind of record.") % {"name": shorten(name)},
        _("Did you mean “%(word)s”?") % {"word": guess}
        if guess
        else _("Name sheets and files as %(names)s.") % {"names": ", ".join(kinds())},
        file=file,
    )


def _check_manifest(package, name, limits):
    """A manifest is not needed; if there is one, what it says must be so."""
    import hashlib

    if MANIFEST not in package.namelist():
        return
    data = b"".join(xlsx_files.read_member(package, MANIFEST, name, limits))
    try:
        manifest = json.loads(data)
        files = [*manifest["files"], *manifest.get("media", [])]
        wanted = {entry["name"]: entry["sha256"] for entry in files}
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise BadFile(
            Problem(
                "manifest",
                _("The manifest of the zip cannot be read."),
                _("Export the site again, or remove %(name)s from the zip.") % {"name": MANIFEST},
                file=name,
            )
        ) from None
    for part, digest in wanted.items():
        if part not in package.namelist():
            problem = _("“%(name)s” is missing from the zip.")
        else:
            found = hashlib.sha256()
            for chunk in xlsx_files.read_member(package, part, name, limits):
                found.update(chunk)
            if found.hexdigest() == digest:
                continue
            problem = _("“%(name)s” is not what the manifest says.")
        raise BadFile(
            Problem(
                "manifest",
                problem % {"name": shorten(part)},
                _("Export the site again, or remove %(name)s from the zip.") % {"name": MANIFEST},
                file=name,
            )
        )
