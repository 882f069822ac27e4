"""Places of uploaded pictures."""

import re

from django.core.files.storage import default_storage
from django.db.models import F
from django.utils.translation import gettext as _

from exchange.columns.column import Column
from exchange.models import ComingPictures
from exchange.problems import Refused


class PictureColumn(Column):
    """The place of an uploaded picture. Only the zip of the whole site brings pictures along."""

    def expression(self):
        return F(self.field.name)

    def post(self, value):
        return str(value or "")

    def text(self, value):
        return getattr(value, "name", value) or ""

    def value(self, text):
        return text

    def reader(self, part):
        """Pictures that come in the same file count as uploaded; those that may go again do not."""
        coming = {picture.stored for picture in part.plan.book.pictures.values()}
        passing = ComingPictures.all_names()

        def canon(cell):
            if cell in coming and cell.startswith(self.field.upload_to):
                return cell
            if cell.strip() in passing:
                raise _unknown()
            return self.canon(cell)

        return canon if coming or passing else self.canon

    def spellings(self, part):
        """Where a picture gets another name here, so that rows are compared by that one."""
        found = part.plan.book.pictures.items()
        return {name: picture.stored for name, picture in found if name != picture.stored}

    def canon(self, cell):
        text = cell.strip()
        if not text:
            return ""
        folder = self.field.upload_to
        good = re.fullmatch(re.escape(folder) + r"[\w-][\w.-]*", text, re.ASCII)
        if not good or ".." in text or len(text) > 100 or not default_storage.exists(text):
            raise _unknown()
        return text


def _unknown():
    return Refused(
        "picture",
        _("There is no uploaded picture of this name."),
        _("Leave the column out and upload the picture on the record's own page."),
    )
