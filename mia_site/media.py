"""Uploaded pictures, served by the site itself when no web server stands before it."""

from pathlib import PurePosixPath

from django.conf import settings
from django.http import Http404
from django.views.decorators.http import require_safe
from django.views.static import serve

from publishing.images import MEDIA_TYPES


@require_safe
def serve_media(request, path):
    """The picture at ``path`` below MEDIA_ROOT, or 404. Only pictures, under their own type.

    Stored names hold a hash of the content (publishing.images), so a picture never changes at its
    address; those that came with the fixtures may.
    """
    place = PurePosixPath(path)
    media_type = MEDIA_TYPES.get(place.suffix.lstrip("."))
    if media_type is None or ".." in place.parts or any(p.startswith(".") for p in place.parts):
        raise Http404
    try:
        response = serve(request, path, document_root=settings.MEDIA_ROOT)
    except (OSError, ValueError) as error:  # a name too long for the disk, a NUL
        raise Http404 from error
    response["Content-Type"] = media_type
    response["Content-Disposition"] = "inline"
    response["Cache-Control"] = "public, max-age=86400"
    return response
