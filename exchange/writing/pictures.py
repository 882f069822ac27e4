"""New pictures of a file on their way into the storage, with the records that name them."""

from contextlib import contextmanager, suppress

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import Error, transaction

from exchange.reading.pictures import holds
from exchange.writing import coming_pictures
from exchange.writing.locking import StalePlan, told_busy


@contextmanager
def keeping(book):
    """Gives a function that stores new pictures of ``book``: ``keep([Picture])``.

    To be called in the transaction of the records that name them, and before it ends, since a
    record without its picture does harm. When the block fails, or is killed, they go again
    (``exchange.writing.coming_pictures``). Raises Busy.
    """
    coming = {picture.stored for picture in book.pictures.values() if not picture.there}
    noted = None
    if coming:
        coming_pictures.sweep()  # what an import that was killed has left under these names
        with told_busy(), transaction.atomic():
            noted = coming_pictures.note(coming)

    def keep(pictures):
        if pictures:
            coming_pictures.claim(noted)
        for picture in pictures:
            content = book.pictures.content(picture)
            if not default_storage.exists(picture.stored):
                default_storage.save(picture.stored, ContentFile(content))
            elif not holds(picture.stored, content):
                raise StalePlan  # another one has come meanwhile

    try:
        yield keep
    finally:
        # Before an exception goes on: it must not be hidden by a database that is gone.
        with suppress(Error):
            coming_pictures.sweep(ended=noted)
