"""Requests that no view should have to think about."""

from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import HttpResponseNotAllowed
from django.utils.translation import get_language_from_path

from mia_site import errors
from mia_site.unread_bodies import body_bytes

READING = ("GET", "HEAD")
WRITING = ("POST",)


class BadRequestsMiddleware:
    """Answers clearly what is malformed before a database or a view meets it.

    - a NUL character in address, cookies or form: 400. SQLite stores it, PostgreSQL fails on it.
    - a method that the address does not know: 405. Pages under a language are only read.
    - a body larger than REQUEST_MAX_BYTES: 413, before any of it is read.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if body_bytes(request.META) > settings.REQUEST_MAX_BYTES:
            return errors.request_too_large(request)
        # Before LocaleMiddleware and sessions look at it.
        if _has_nul([request.path, *request.COOKIES.keys(), *request.COOKIES.values()]):
            raise BadRequest("NUL character in the address or a cookie")
        allowed = _allowed_methods(request)
        if request.method not in allowed:
            response = HttpResponseNotAllowed(allowed)
        else:
            response = self.get_response(request)
        if response.status_code == 405 and not response.content:
            return errors.method_not_allowed(request, response["Allow"])
        return response

    def process_view(self, request, view, args, kwargs):
        texts = [text for key, values in request.GET.lists() for text in (key, *values)]
        if request.method in WRITING:
            texts += [text for key, values in request.POST.lists() for text in (key, *values)]
        if _has_nul(texts):
            raise BadRequest("NUL character in the request")
        # Django's admin takes any text as the number of a chosen row, and fails on it.
        if not all(map(_is_key, request.POST.getlist("_selected_action"))):
            raise BadRequest("A chosen row has no number")


def _is_key(text):
    return text.isdecimal() and len(text) <= 19 and int(text) < 2**63


def _has_nul(texts):
    return any("\0" in text for text in texts)


def _allowed_methods(request):
    if get_language_from_path(request.path_info):
        return READING
    return READING + WRITING
