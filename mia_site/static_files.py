"""Static files by their hashed names, as `collectstatic` leaves them (`setup_site` calls it)."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedStaticFilesStorage(CompressedManifestStaticFilesStorage):
    """A file that has not been collected keeps its plain name: a page is not a 500 for that."""

    def stored_name(self, name):
        try:
            return super().stored_name(name)
        except ValueError:
            return name
