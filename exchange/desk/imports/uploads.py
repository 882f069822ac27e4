"""Uploads too large for memory wait in a file without a name."""

import tempfile

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import TemporaryFileUploadHandler


class NamelessUpload(UploadedFile):
    """Its file stands in no folder: it is gone with the process, however that ends."""


class NamelessFileUploadHandler(TemporaryFileUploadHandler):
    """Django's own leaves a named file behind when the process is killed during an upload."""

    def new_file(self, *args, **kwargs):
        super(TemporaryFileUploadHandler, self).new_file(*args, **kwargs)
        # Closed by Django at the end of the request, like every upload.
        spool = tempfile.TemporaryFile(dir=settings.FILE_UPLOAD_TEMP_DIR)  # noqa: SIM115
        self.file = NamelessUpload(
            spool, self.file_name, self.content_type, 0, self.charset, self.content_type_extra
        )

    def upload_interrupted(self):
        if hasattr(self, "file"):
            self.file.close()
