"""Uploaded pictures. They are always served by the site itself, which knows who may see them.

A web server before the site must not serve the folder on its own (deploy/nginx.conf).
"""

from pathlib import PurePosixPath

from django.conf import settings
from django.http import Http404
from django.views.decorators.http import require_safe
from django.views.static import serve

from publishing.images import MEDIA_TYPES
from publishing.shown_pictures import may_see_picture


@require_safe
def serve_media(request, path):
    """The picture at ``path`` below MEDIA_ROOT, or 404. Only pictures, under their own type, and
    only those that a record names which the visitor may see.

    A copy may be kept, but is asked for before each use: a picture that was replaced is gone.
    """
    place = PurePosixPath(path)
    media_type = MEDIA_TYPES.get(place.suffix.lstrip("."))
    if media_type is None or ".." in place.parts or any(p.startswith(".") for p in place.parts):
        raise Http404
    try:
        if not may_see_picture(path, request.user):
            raise Http404
        response = serve(request, path, document_root=settings.MEDIA_ROOT)
    except (OSError, ValueError) as error:  # a name too long for the disk, a NUL
        raise Http404 from error
    response["Content-Type"] = media_type
    response["Content-Disposition"] = "inline"
    response["Cache-Control"] = "public, no-cache"
    return response
