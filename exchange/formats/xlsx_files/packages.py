"""The zip around a workbook or the whole site: refused by its directory, read with a count."""

import re
import zipfile

from django.utils.translation import gettext as _

from exchange.problems import BadFile, Problem, shorten, split_or_command

_CHUNK = 1 << 16


def not_excel(file):
    return BadFile(
        Problem(
            "not_xlsx",
            _("This is not an Excel workbook (.xlsx)."),
            _("Open it in the program that made it and save it as .xlsx."),
            file=file,
        )
    )


def damaged(file):
    return BadFile(
        Problem(
            "damaged",
            _("The workbook is damaged."),
            _("Open it in a spreadsheet program and save it again."),
            file=file,
        )
    )


def not_allowed(file, why):
    return BadFile(
        Problem(
            "not_allowed",
            _("The file is not allowed: %(why)s.") % {"why": why},
            _("Save it anew from a spreadsheet program."),
            file=file,
        )
    )


def open_zip(stream, file, limits):
    """A ZipFile whose directory keeps to the limits. Raises BadFile."""
    try:
        package = zipfile.ZipFile(stream)
        members = package.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        raise not_excel(file) from None
    if len(members) > limits.xlsx_members:
        raise BadFile(
            Problem(
                "members",
                _("The file has %(count)s parts inside; %(limit)s are allowed.")
                % {"count": len(members), "limit": limits.xlsx_members},
                _("Save the data as a new workbook."),
                file=file,
            )
        )
    packed = unpacked = 0
    names = set()
    for member in members:
        name = member.filename
        if name.startswith(("/", "\\")) or ".." in re.split(r"[/\\]", name) or ":" in name:
            why = _("the part “%(name)s” has a path that leads out of it")
            raise not_allowed(file, why % {"name": shorten(name)})
        if (member.external_attr >> 16) & 0o170000 == 0o120000:
            raise not_allowed(file, _("the part “%(name)s” is a link") % {"name": shorten(name)})
        if name in names:
            why = _("two parts inside have the name “%(name)s”")
            raise not_allowed(file, why % {"name": shorten(name)})
        if member.flag_bits & 1:
            raise password(file)
        names.add(name)
        packed += member.compress_size
        unpacked += member.file_size
    if unpacked > limits.xlsx_unpacked or unpacked > limits.xlsx_ratio * max(packed, 10_000):
        raise _too_large(file, limits)
    return package


def password(file):
    return BadFile(
        Problem(
            "password",
            _("The file is protected by a password."),
            _("Save it without a password."),
            file=file,
        )
    )


def _too_large(file, limits):
    return BadFile(
        Problem(
            "unpacked",
            _("The file is too large when unpacked: more than %(size)s MB are not read.")
            % {"size": limits.xlsx_unpacked // (1024 * 1024)},
            split_or_command(),
            file=file,
        )
    )


def read_member(package, name, file, limits):
    """Yield the bytes of a part in chunks, counting what really comes out."""
    total = 0
    try:
        with package.open(name) as part:
            while chunk := part.read(_CHUNK):
                total += len(chunk)
                if total > limits.xlsx_unpacked:
                    raise _too_large(file, limits)
                yield chunk
    except KeyError:
        raise not_excel(file) from None
    except (zipfile.BadZipFile, OSError, EOFError, NotImplementedError, RuntimeError):
        raise damaged(file) from None
    except Exception as error:
        if type(error).__module__ == "zlib":
            raise damaged(file) from None
        raise


_EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest that a zip can hold: files depend on data alone


def zip_entry(name):
    """A ZipInfo without a time of day or a machine in it."""
    entry = zipfile.ZipInfo(name, _EPOCH)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = 0o600 << 16
    entry.create_system = 3
    return entry
