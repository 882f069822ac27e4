"""The pictures that exported records name, and no others, under ``media/`` in the zip."""

import hashlib

from django.core.files.storage import default_storage

from exchange.columns import PictureColumn
from exchange.formats import xlsx_files
from exchange.reading.pictures import FOLDER


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
