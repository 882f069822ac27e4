"""Files of all public data, made once for each state of the records (``open_data.state``).

They lie in ``OPEN_DATA_DIR``, one folder a state. A file appears when it is complete; two requests
do not make it twice. The same state gives the same bytes on every machine.
"""

import contextlib
import fcntl
import hashlib
import io
import json
import os
import shutil
import tempfile
import zipfile
from dataclasses import dataclass
from functools import partial

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

import exchange
from exchange.formats.xlsx_files import zip_entry
from exchange.reading import MANIFEST
from exchange.sending.export import SCHEMA_VERSION
from open_data import state
from open_data.kinds import BY_NAME
from open_data.linked import CONTEXT, everything

# Of a site with more records than this, a page does not wait for files: whoever asks for one does.
MADE_AT_ONCE = 5_000
STATES_KEPT = 2


@dataclass(frozen=True)
class Format:
    """One of the files that are offered."""

    name: str
    content_type: str
    title: str
    told: str


FORMATS = [
    Format(
        "all.zip",
        "application/zip",
        _("CSV tables in a zip"),
        _("One table for each kind of record. Cells that a spreadsheet would take for a formula "
          "begin with an apostrophe."),
    ),
    Format(
        "all.xlsx",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        _("Excel workbook"),
        _("One sheet for each kind of record; every cell is text."),
    ),
    Format("all.json", "application/json", "JSON", _("One list for each kind of record.")),
    Format(
        "all.jsonld",
        "application/ld+json",
        _("Linked data (JSON-LD)"),
        _("In the words of schema.org and of the Organization Ontology of the W3C."),
    ),
]  # fmt: skip
BY_FILE = {one.name: one for one in FORMATS}


@dataclass(frozen=True)
class Made:
    """A file that lies ready."""

    format: Format
    path: str
    size: int
    sha256: str
    moment: object


def made(file, base, now=None):
    """The file ``file`` ("all.zip") of the present state, made first if need be.

    ``base``: the address of the site, for the identifiers in linked data. Returns Made.
    """
    now = now or state.current()
    if found := lying_ready(file, base, now):
        return found
    root = settings.OPEN_DATA_DIR
    root.mkdir(parents=True, exist_ok=True)
    with open(root / ".lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        for _attempt in range(3):
            if found := lying_ready(file, base, now):
                return found
            _make(file, base, now)
            # Whoever published meanwhile has given a file that is half of the one state, half of
            # the other: it is made again.
            before, now = now, state.current()
            if before.key == now.key:
                break
            shutil.rmtree(root / before.key, ignore_errors=True)
            _make(file, base, now)
        _forget_all_but(now)
    return lying_ready(file, base, now)


def lying_ready(file, base, now):
    """Made, or None where the file of this state has not been made."""
    path = settings.OPEN_DATA_DIR / now.key / _stored(file, base)
    try:
        about = json.loads(path.with_name(path.name + ".about").read_text())
    except (OSError, ValueError):
        return None
    if not path.exists():
        return None
    return Made(BY_FILE[file], str(path), about["size"], about["sha256"], now.moment)


def is_small():
    """Whether all files are made in a moment."""
    left = MADE_AT_ONCE
    for kind in BY_NAME.values():
        left -= kind.public()[: left + 1].count()
        if left < 0:
            return False
    return True


def _stored(file, base):
    """The file's name on disk; linked data differ by the address of the site."""
    if not file.endswith(".jsonld"):
        return file
    return f"{hashlib.sha256(base.encode()).hexdigest()[:12]}-{file}"


def _make(file, base, now):
    folder = settings.OPEN_DATA_DIR / now.key
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / _stored(file, base)
    writer = {
        "all.zip": partial(write_zip, moment=now.moment),
        "all.xlsx": lambda stream: exchange.export("all", stream, "xlsx", user=None, only=BY_NAME),
        "all.json": partial(write_json, moment=now.moment),
        "all.jsonld": partial(write_linked, base=base),
    }[file]
    handle, temporary = tempfile.mkstemp(dir=folder, prefix=".making-")
    try:
        with os.fdopen(handle, "wb") as stream:
            writer(stream)
        with open(temporary, "rb") as stream:
            sha256 = hashlib.file_digest(stream, "sha256").hexdigest()
        about = {"size": os.path.getsize(temporary), "sha256": sha256}
        os.replace(temporary, target)
    except BaseException:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(temporary)
        raise
    draft = target.with_name(target.name + ".about.new")
    draft.write_text(json.dumps(about))
    os.replace(draft, target.with_name(target.name + ".about"))


def _forget_all_but(now):
    """Remove the files of older states but the last ones: somebody may still be reading them."""
    folders = [one for one in settings.OPEN_DATA_DIR.iterdir() if one.is_dir()]
    folders.sort(key=lambda one: one.stat().st_mtime, reverse=True)
    for folder in [one for one in folders if one.name != now.key][STATES_KEPT - 1 :]:
        shutil.rmtree(folder, ignore_errors=True)


# --- What is in them ------------------------------------------------------------------------


class _Hashing(io.RawIOBase):
    """Passes bytes on and knows their hash."""

    def __init__(self, stream):
        self.stream, self.hash = stream, hashlib.sha256()

    def writable(self):
        return True

    def write(self, data):
        self.hash.update(data)
        self.stream.write(data)
        return len(data)


def _head(moment):
    return {
        "schema_version": SCHEMA_VERSION,
        "date": timezone.localtime(moment).date().isoformat(),
        "licence": settings.OPEN_DATA_LICENCE,
    }


def write_zip(stream, moment):
    """One guarded CSV a kind and a manifest, as ``import_records`` takes them."""
    files = []
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as package:
        for kind in [one for one in exchange.kinds() if one in BY_NAME]:
            name = f"{kind}.csv"
            with package.open(zip_entry(name), "w", force_zip64=False) as member:
                hashing = _Hashing(member)
                count = exchange.export(kind, hashing, "csv", user=None, guarded=True)
            files.append({"name": name, "records": count, "sha256": hashing.hash.hexdigest()})
        text = json.dumps(_head(moment) | {"files": files}, ensure_ascii=False, indent=2) + "\n"
        package.writestr(zip_entry(MANIFEST), text.encode())


def write_json(stream, moment):
    """An object with licence, date and one list of records a kind."""
    head = json.dumps(_head(moment), ensure_ascii=False)
    stream.write(head[:-1].encode())
    for kind in [one for one in exchange.kinds() if one in BY_NAME]:
        stream.write(f',\n"{kind}": '.encode())
        exchange.export(kind, stream, "json", user=None)
    stream.write(b"}\n")


def write_linked(stream, base):
    """One graph with every record that linked data have words for."""
    stream.write(('{"@context": ' + json.dumps(CONTEXT) + ',\n"@graph": [').encode())
    between = "\n"
    for node in everything(base):
        stream.write((between + json.dumps(node, ensure_ascii=False)).encode())
        between = ",\n"
    stream.write(b"\n]}\n")
