"""Uploaded pictures, served by the site itself when no web server stands before it."""

from django.conf import settings
from django.views.static import serve


def serve_media(request, path):
    """The uploaded file at ``path`` below MEDIA_ROOT, or 404."""
    return serve(request, path, document_root=settings.MEDIA_ROOT)
