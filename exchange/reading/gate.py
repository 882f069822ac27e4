"""Before anything is parsed: the ending, the size, the first bytes."""

import io
import os
from pathlib import Path

from django.utils.translation import gettext as _

from exchange.formats import xlsx_files
from exchange.problems import BadFile, Problem, shorten

FORMATS = ("csv", "xlsx", "json", "zip")


_MAGIC = (
    (b"\x89PNG", "PNG"), (b"%PDF", "PDF"), (b"MZ", "EXE"), (b"GIF8", "GIF"),
    (b"\xff\xd8\xff", "JPEG"), (b"\x1f\x8b", "gzip"), (b"{\\rtf", "RTF"), (b"\x7fELF", "ELF"),
    (b"Rar!", "RAR"), (b"7z\xbc\xaf", "7z"),
)  # fmt: skip


_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def name_of(source):
    if isinstance(source, (str, os.PathLike)):
        return Path(source).name
    return os.path.basename(str(getattr(source, "name", "") or "")) or "file.csv"


def open_source(source):
    if isinstance(source, (str, os.PathLike)):
        return open(source, "rb"), True
    if isinstance(source, bytes):
        return io.BytesIO(source), True
    source.seek(0)
    # Wrappers close what they wrap when they go; the caller's file must stay open.
    return _Lent(source), False


class _Lent(io.RawIOBase):
    """A binary file that is read here and closed by its owner."""

    def __init__(self, file):
        self.file = file

    def readable(self):
        return True

    def seekable(self):
        return True

    def readinto(self, buffer):
        data = self.file.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)

    def seek(self, offset, whence=0):
        return self.file.seek(offset, whence)

    def tell(self):
        return self.file.tell()


def format_of(name):
    """The format that a file's ending names. Raises BadFile for an unknown ending."""
    ending = name.rpartition(".")[2].lower() if "." in name else ""
    if ending in FORMATS:
        return ending
    raise BadFile(
        Problem(
            "ending",
            _("The ending “.%(ending)s” is not known.") % {"ending": shorten(ending)},
            _("Files may be .csv, .xlsx or .json, and .xlsx or .zip for the whole site."),
            file=name,
        )
    )


def check_first_bytes(stream, file_format, name, size):
    start = stream.read(4096)
    stream.seek(0)
    if start.startswith(_OLE):
        # An encrypted .xlsx is wrapped in the container of the old formats.
        stream.seek(0)
        head = stream.read(1 << 16)
        stream.seek(0)
        if "EncryptedPackage".encode("utf-16-le") in head:
            raise xlsx_files.password(name)
        raise xlsx_files.not_excel(name)
    zipped = start.startswith(b"PK")
    if file_format in ("xlsx", "zip"):
        if not zipped:
            raise xlsx_files.not_excel(name) if file_format == "xlsx" else _not_a_zip(name)
        return
    binary = next((word for magic, word in _MAGIC if start.startswith(magic)), None)
    utf16 = start.startswith((b"\xff\xfe", b"\xfe\xff"))
    if zipped or binary or (not utf16 and start.count(b"\0") > len(start) // 8):
        raise BadFile(
            Problem(
                "binary",
                _("This is not a text file."),
                _("If it is a workbook, give it the ending .xlsx; otherwise choose another file."),
                file=name,
            )
        )


def _not_a_zip(name):
    return BadFile(
        Problem("not_zip", _("This is not a zip file."), _("Choose another file."), file=name)
    )
