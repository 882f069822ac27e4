"""Pictures that travel with the whole site, under ``media/`` in its zip.

Out: the pictures that the exported records name, and no others. In: each goes through the cleaner
of uploads, unless it holds pixels only; what the site has already is not written again. A name
that another picture has here is not taken from it: the newcomer gets one with its own hash.
"""

import hashlib
import re
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import PurePath

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils.translation import gettext as _

from exchange import xlsx_files
from exchange.columns import PictureColumn
from exchange.problems import Problem, shorten
from exchange.registry import kinds, resource_for
from publishing.images import MEDIA_TYPES, adopt_picture

FOLDER = "media/"


def places():
    """The folders that pictures of records may lie in: emblems/, portraits/."""
    return sorted(
        {
            column.field.upload_to
            for kind in kinds()
            for column in resource_for(kind).columns()
            if isinstance(column, PictureColumn)
        }
    )


# --- out ----------------------------------------------------------------------------------------
def watch(columns, rows, found):
    """Pass ``rows`` of texts on; the names of pictures in them go into the set ``found``."""
    positions = [i for i, column in enumerate(columns) if isinstance(column, PictureColumn)]
    if not positions:
        return rows

    def passing():
        for row in rows:
            found.update(row[i] for i in positions if row[i])
            yield row

    return passing()


def write(package, names):
    """Write pictures into a zip; their entries for the manifest, in the order of the names.

    A picture that is missing from the storage is left out: the page lacks it as well.
    """
    entries = []
    for name in sorted(names):
        try:
            with default_storage.open(name) as file:
                content = file.read()
        except FileNotFoundError:
            continue
        package.writestr(xlsx_files.zip_entry(FOLDER + name), content)
        entries.append({"name": FOLDER + name, "sha256": hashlib.sha256(content).hexdigest()})
    return entries


# --- in -----------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Picture:
    """A picture of a file. ``stored``: the name it has or will have here; ``there``: it is here
    already; ``start``, ``size``: where its bytes wait."""

    stored: str
    there: bool
    sha256: str
    start: int = 0
    size: int = 0


class Pictures(dict):
    """{name in the cells: Picture}; what is new waits in a file without a name on the disk."""

    def __init__(self):
        super().__init__()
        self._waiting = None

    def add(self, name, content):
        """Take a picture in. Raises ValidationError for what is none."""
        if _is_here(name, content):
            self[name] = Picture(name, True, hashlib.sha256(content).hexdigest())
            return
        picture = adopt_picture(name, content)
        content = picture.read()
        digest = hashlib.sha256(content).hexdigest()
        stored = str(PurePath(name).with_name(picture.name))
        if default_storage.exists(stored) and not _is_here(stored, content):
            stem, ending = PurePath(stored).stem, PurePath(stored).suffix
            stored = str(PurePath(name).with_name(f"{stem[:60]}-{digest[:10]}{ending}"))
        if _is_here(stored, content):
            self[name] = Picture(stored, True, digest)
            return
        if self._waiting is None:
            self._waiting = tempfile.TemporaryFile()  # noqa: SIM115 - lives as long as this
        start = self._waiting.seek(0, 2)
        self._waiting.write(content)
        self[name] = Picture(stored, False, digest, start, len(content))

    def content(self, picture):
        self._waiting.seek(picture.start)
        return self._waiting.read(picture.size)


def _is_here(name, content):
    """Whether the storage holds exactly this picture under this name."""
    try:
        if default_storage.size(name) != len(content):
            return False
        with default_storage.open(name) as file:
            return file.read() == content
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        return False


def read(package, file, limits):
    """(Pictures, [Problem]) of a zip whose directory has been looked at already."""
    pictures, problems = Pictures(), []
    known = "|".join(re.escape(place) for place in places())
    endings = "|".join(MEDIA_TYPES)
    good = re.compile(rf"(?:{known})[\w-][\w.-]{{0,79}}\.(?:{endings})", re.ASCII)
    for member in package.infolist():
        name = member.filename
        if not name.startswith(FOLDER) or member.is_dir():
            continue
        name = name.removeprefix(FOLDER)
        if not good.fullmatch(name) or ".." in name:
            message = _("“%(name)s” is no place of a picture.") % {"name": shorten(member.filename)}
            advice = _("Pictures are .jpg, .png or .webp and lie in %(folders)s.") % {
                "folders": ", ".join(FOLDER + place for place in places())
            }
        elif member.file_size > settings.IMAGE_MAX_BYTES:
            message = _("“%(name)s” is larger than %(limit)s MB.") % {
                "name": shorten(member.filename),
                "limit": f"{settings.IMAGE_MAX_BYTES / 1024 / 1024:g}",
            }
            advice = _("Save the picture smaller.")
        else:
            content = b"".join(xlsx_files.read_member(package, member.filename, file, limits))
            try:
                pictures.add(name, content)
                continue
            except ValidationError as error:
                message = f"“{shorten(member.filename)}”: {' '.join(error.messages)}"
                advice = _("Remove it from the zip, or take the picture as the site exported it.")
        problems.append(Problem("media", message, advice, file=file))
    return pictures, problems


@contextmanager
def keeping():
    """Gives a function that stores new pictures: ``keep(book.pictures, [Picture])``.

    They are stored before the records that name them are committed, since a record without its
    picture does harm and a picture too many does none; when the block fails, they go again.
    """
    written = []

    def keep(waiting, pictures):
        for picture in pictures:
            if not default_storage.exists(picture.stored):
                content = ContentFile(waiting.content(picture))
                written.append(default_storage.save(picture.stored, content))

    try:
        yield keep
    except BaseException:
        for name in written:
            default_storage.delete(name)
        raise
