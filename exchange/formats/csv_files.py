"""Comma- and semicolon-separated files.

Read: UTF-8 with or without a byte order mark, UTF-16 with one; any line ends; quoted as RFC 4180
says. Written: ``exact`` (for import) or ``spreadsheet`` (for Excel: semicolons, byte order mark, a
``'`` before what a spreadsheet would take for a formula).
"""

import codecs
import csv
import io
import re

from django.utils.translation import gettext as _

from exchange.problems import BadFile, Problem

# A cell that begins like this is a formula to a spreadsheet. Our own guard is a "'" before it;
# texts that begin with "'" and a formula sign get one more in every file, so that taking one off
# gives back exactly what was there.
_FORMULA = re.compile(r"'*[=+\-@\t\r]")
_GUARDED = re.compile(r"'+[=+\-@\t\r]")

# More than any cell may hold; a quotation mark that is never closed swallows more than this.
_SWALLOWED = 1_000_000
_ENOUGH_ERRORS = 100


def guard(text):
    """``text`` as a cell that no spreadsheet takes for a formula."""
    return "'" + text if _FORMULA.match(text) else text


def escape_guard(text):
    """``text`` as an exact cell: only what looks guarded already gets a further mark."""
    return "'" + text if _GUARDED.match(text) else text


def unguard(text):
    """What stood in the database before ``guard`` or ``escape_guard``."""
    return text[1:] if _GUARDED.match(text) else text


def read(stream, file, limits):
    """Yield rows, the heading first: (row number, [cells]); a Problem where one is found.

    ``stream``: binary, at its start. Raises BadFile where reading cannot go on.
    """
    text = _decoded(stream, file)
    first = _first_line(text, file)
    delimiter = _delimiter(first, file)
    lines = _chain(first, text)
    # The limit is the process's, and Django itself never reads CSV.
    csv.field_size_limit(_SWALLOWED)
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    number, errors = 0, 0
    while True:
        number += 1
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            errors += 1
            problem, stop = _csv_problem(str(error), file, number, delimiter)
            yield number, problem
            if stop or errors >= _ENOUGH_ERRORS:
                return
            continue
        except UnicodeDecodeError:
            raise BadFile(_not_unicode(file, number)) from None
        if row and "'" in "".join(row):
            row = [unguard(cell) for cell in row]
        yield number, row


def _decoded(stream, file):
    start = stream.read(4)
    stream.seek(0)
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encoding = "utf-16"
    else:
        encoding = "utf-8-sig"
    return io.TextIOWrapper(stream, encoding=encoding, errors="strict", newline="")


def _first_line(text, file):
    """The first line, without reading a file that has only one."""
    try:
        line = text.readline(_SWALLOWED)
    except UnicodeDecodeError:
        raise BadFile(_not_unicode(file, 1)) from None
    if re.match(r"sep=.\s*$", line, re.IGNORECASE):
        raise BadFile(
            Problem(
                "sep_line",
                _("The first line is “%(line)s”, not the headings.") % {"line": line.strip()},
                _("Remove the “sep=” line."),
                file=file,
                row=1,
            )
        )
    return line


def _delimiter(line, file):
    bare = re.sub(r'"(?:[^"]|"")*"', "", line)
    counts = {sign: bare.count(sign) for sign in ",;\t|"}
    best = max(counts, key=counts.get)
    if not counts[best]:
        return ","
    if best in "\t|":
        raise BadFile(
            Problem(
                "delimiter",
                _("The columns are separated by tabs or bars."),
                _("Save the file as CSV with commas or semicolons between the columns."),
                file=file,
                row=1,
            )
        )
    return best


def _chain(first, text):
    yield first
    yield from text


def _not_unicode(file, number):
    return Problem(
        "encoding",
        _("The file is not UTF-8: it cannot be read from row %(row)s on.") % {"row": number},
        _(
            "Save it as “CSV UTF-8”, or as an Excel workbook (.xlsx). An “ANSI” file has lost "
            "letters such as ə already, so save it anew from the original."
        ),
        file=file,
        row=number,
    )


def _csv_problem(error, file, number, delimiter):
    """A Problem for what Python's csv module says, and whether to stop."""
    if "unexpected end" in error:
        return (
            Problem(
                "quote_open",
                _("A quotation mark is opened in this row and not closed."),
                _("Close it, or write a quotation mark inside of a text twice."),
                file=file,
                row=number,
            ),
            True,
        )
    if "field larger" in error:
        return (
            Problem(
                "too_long",
                _("A cell is too long, or a quotation mark is not closed in this row."),
                _("Shorten the text or close the quotation mark."),
                file=file,
                row=number,
            ),
            True,
        )
    return (
        Problem(
            "quote_stray",
            _("There is text after a closing quotation mark in this row."),
            _("Write a quotation mark inside of a text twice, and “%(sign)s” between columns.")
            % {"sign": delimiter},
            file=file,
            row=number,
        ),
        False,
    )


def write(stream, headings, rows, spreadsheet=False, guarded=False):
    """Write a binary CSV; ``rows``: iterable of lists of texts.

    ``guarded``: with the guard against formulae, but in the exact form otherwise.
    """
    text = io.TextIOWrapper(
        stream, encoding="utf-8-sig" if spreadsheet else "utf-8", newline="", write_through=False
    )
    writer = csv.writer(text, delimiter=";" if spreadsheet else ",", lineterminator="\r\n")
    writer.writerow(headings)
    if spreadsheet or guarded:
        writer.writerows([guard(cell) for cell in row] for row in rows)
    else:
        writer.writerows(
            row if "'" not in "".join(row) else [escape_guard(cell) for cell in row] for row in rows
        )
    text.flush()
    text.detach()
