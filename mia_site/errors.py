"""Clear pages for what went wrong, in the visitor's language.

The pages for a bad request, a refused form and a failure use no database and no middleware, since
any of those may be what failed.
"""

import logging

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render
from django.template import loader
from django.utils import translation
from django.utils.html import format_html
from django.utils.translation import gettext as _

log = logging.getLogger(__name__)


def bad_request(request, exception=None):
    """400: the address or the form cannot be read."""
    return _plain(request, "errors/400.html", 400)


def permission_denied(request, exception=None):
    """403: signed in, but not allowed. Its words are shown when the refusal brought its own."""
    with _visitors_language(request):
        words = str(exception) if isinstance(exception, PermissionDenied) else ""
        return render(request, "errors/403.html", {"words": words}, status=403)


def csrf_failure(request, reason=""):
    """403 for a form that was open too long or came from another site."""
    return _plain(request, "errors/csrf.html", 403)


def foreign_form(request):
    """403 for a form of visitors that no page of this site has sent."""
    return _plain(request, "errors/foreign_form.html", 403)


def page_not_found(request, exception=None):
    """404, with a search box and the pages that are asked for most."""
    with _visitors_language(request):
        context = {"words": _likely_words(request.path)}
        return render(request, "errors/404.html", context, status=404)


def server_error(request):
    """500: says so, and gives the number under which the log knows it."""
    return _plain(request, "errors/500.html", 500)


def method_not_allowed(request, allowed):
    """405: the address exists, but cannot be asked in this way. ``allowed``: text for ``Allow``."""
    response = _plain(request, "errors/405.html", 405)
    response["Allow"] = allowed
    return response


def request_too_large(request):
    """413: more was sent than the site takes in one request."""
    return _plain(request, "errors/413.html", 413)


def too_many_attempts(request):
    """429: too many wrong passwords; the limits stand in ACCOUNT_RATE_LIMITS."""
    response = _plain(request, "errors/429.html", 429)
    response["Retry-After"] = "300"
    return response


def _plain(request, template, status):
    """A page that needs nothing but its template, and words without one if even that fails."""
    number = getattr(request, "id", "")
    with _visitors_language(request):
        context = {"request_id": number, "language": translation.get_language()}
        try:
            body = loader.render_to_string(template, context)
        except Exception:  # any error here would hide the one that is being reported
            log.exception("The error page %s cannot be drawn.", template)
            body = format_html(
                '<!doctype html><html lang="{}"><title>{}</title><h1>{}</h1><p>{}</p></html>',
                context["language"],
                _("Something went wrong"),
                _("Something went wrong"),
                number,
            )
        response = HttpResponse(body, status=status)
    response["Cache-Control"] = "no-store"
    return response


def _visitors_language(request):
    """The language of the address, else of the cookie, else of the browser, else the site's."""
    first = request.path_info.split("/")[1:2]
    if first and first[0] in dict(settings.LANGUAGES):
        return translation.override(first[0])
    return translation.override(translation.get_language_from_request(request))


def _likely_words(path):
    """What the visitor probably looked for, as a first entry of the search box."""
    last = path.rstrip("/").rsplit("/", 1)[-1]
    words = last.replace("-", " ").replace("_", " ").split(".")[0].strip()
    return words[:60] if words and words not in dict(settings.LANGUAGES) else ""
