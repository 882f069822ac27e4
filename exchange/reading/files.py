"""The way of a file, from the gate to its rows."""

import logging
import os
import time

from django.utils import translation
from django.utils.translation import gettext as _

from exchange.formats import csv_files, json_files, xlsx_files
from exchange.garbage_collection import without_collecting
from exchange.limits import Limits
from exchange.problems import BadFile, Problem, shorten, split_or_command
from exchange.reading.gate import check_first_bytes, format_of, name_of, open_source
from exchange.reading.records import fill_from_records
from exchange.reading.rows import fill
from exchange.reading.tables import Book, Table
from exchange.reading.whole_site import read_everything
from exchange.registry import EVERYTHING

log = logging.getLogger("exchange")


def read(source, kind, language=None, *, name=None, limits=None):
    """A Table of a kind, or a Book for "all". Never raises for a bad file: see ``problems``.

    ``source``: a path, bytes, or a binary file at its start. ``name``: the file's name, where
    the source has none. ``language``: of the headings (English codes are always understood) and
    of the messages; the active one by default. ``limits``: Limits.command() by default.
    """
    limits = limits or Limits.command()
    name = name or name_of(source)
    begun = time.monotonic()
    with translation.override(language or translation.get_language()), without_collecting():
        stream, close = open_source(source)
        try:
            result = _read(stream, kind, name, limits)
        except BadFile as bad:
            table = Table(kind, file=name, fatal=True, problems=bad.problems)
            result = table if kind != EVERYTHING else Book(name, problems=bad.problems)
        finally:
            if close:
                stream.close()
    problems = result.as_book().all_problems
    if problems:
        log.warning(
            "file refused: kind=%s name=%r problems=%s first=%s seconds=%.1f",
            kind,
            shorten(name),
            len(problems),
            problems[0].code,
            time.monotonic() - begun,
        )
    return result


def _read(stream, kind, name, limits):
    file_format = format_of(name)
    size = stream.seek(0, os.SEEK_END)
    stream.seek(0)
    if not size:
        raise BadFile(
            Problem("empty", _("The file is empty."), _("Choose a file with data."), file=name)
        )
    if limits.file_bytes is not None and size > limits.file_bytes:
        raise BadFile(
            Problem(
                "size",
                _("The file is larger than %(limit)s MB.")
                % {"limit": f"{limits.file_bytes / 1024 / 1024:g}"},
                split_or_command(),
                file=name,
            )
        )
    check_first_bytes(stream, file_format, name, size)
    if kind == EVERYTHING:
        return read_everything(stream, file_format, name, limits)
    if file_format == "zip":
        raise BadFile(
            Problem(
                "zip",
                _("A zip holds the records of the whole site."),
                _("Import it with the kind “all”, or unpack it and choose one of its files."),
                file=name,
            )
        )
    table = Table(kind, file=name, format=file_format)
    if file_format == "csv":
        fill(table, csv_files.read(stream, name, limits), limits)
    elif file_format == "json":
        fill_from_records(table, json_files.read(stream, name, limits), limits)
    else:
        workbook = xlsx_files.Reader(stream, name, limits)
        if workbook.is_hidden(0):
            table.problem(
                "hidden",
                _("The first sheet is hidden, and only the first sheet is read."),
                _("Show it, or move the sheet with the data to the front."),
            )
        fill(table, workbook.rows(0), limits)
        if len(workbook.names) > 1 and any(p.code == "empty" for p in table.problems):
            table.problems = []
            table.problem(
                "empty",
                _("The first sheet is empty, and only the first sheet is read."),
                _("Move the sheet with the data to the front."),
            )
    return table


def table_from_rows(kind, headings, rows):
    """A Table from headings and rows of texts that are in memory already."""
    table = Table(kind, file="")
    numbered = [(1, headings), *((n, list(row)) for n, row in enumerate(rows, 2))]
    try:
        fill(table, iter(numbered), Limits.command())
    except BadFile as bad:
        table.problems.extend(bad.problems)
        table.fatal = True
    return table
