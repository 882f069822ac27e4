"""Pictures that come with the whole site, under ``media/`` in its zip.

Each goes through the cleaner of uploads, unless it holds pixels only; what the site has already is
not taken again. A name that another picture has here is not taken from it: the newcomer gets one
with its own hash.
"""

import hashlib
import re
import tempfile
from dataclasses import dataclass
from pathlib import PurePath

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.utils.translation import gettext as _

from exchange.columns import PictureColumn
from exchange.formats import xlsx_files
from exchange.models import ComingPictures
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
    """{name in the cells: Picture}; what is new waits in a file without a name on the disk.

    ``passing``: names of files that may be deleted soon; they do not count as being here, and what
    an import that was killed has left takes nobody's name.
    """

    def __init__(self, passing=()):
        super().__init__()
        self._passing = passing
        self._waiting = None

    def add(self, name, content):
        """Take a picture in. Raises ValidationError for what is none."""
        if self._stays(name, content):
            self[name] = Picture(name, True, hashlib.sha256(content).hexdigest())
            return
        picture = adopt_picture(name, content)
        content = picture.read()
        digest = hashlib.sha256(content).hexdigest()
        stored = str(PurePath(name).with_name(picture.name))
        if self._is_taken(stored) and not holds(stored, content):
            stem, ending = PurePath(stored).stem, PurePath(stored).suffix
            stored = str(PurePath(name).with_name(f"{stem[:60]}-{digest[:10]}{ending}"))
        if self._stays(stored, content):
            self[name] = Picture(stored, True, digest)
            return
        if self._waiting is None:
            self._waiting = tempfile.TemporaryFile()  # noqa: SIM115 - lives as long as this
        start = self._waiting.seek(0, 2)
        self._waiting.write(content)
        self[name] = Picture(stored, False, digest, start, len(content))

    def _is_taken(self, name):
        return name not in self._passing and default_storage.exists(name)

    def _stays(self, name, content):
        return name not in self._passing and holds(name, content)

    def content(self, picture):
        self._waiting.seek(picture.start)
        return self._waiting.read(picture.size)


def holds(name, content):
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
    pictures, problems = Pictures(ComingPictures.all_names()), []
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
