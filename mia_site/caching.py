"""Who may keep an answer, and for how long (docs/adr/0018-visitors-without-cookies.md).

Everybody else asks before using a kept copy, with the visitor's own cookies: so no copy needs to
be told apart by cookies, and what an editor changes is seen at once.
"""

import hashlib

from django.conf import settings
from django.contrib.sessions.middleware import SessionMiddleware
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag

from mia_site import preferences

STAFF_ONLY = ("/admin/", "/accounts/", "/i18n/")
PUBLIC, OWN, NOBODY = "public, no-cache", "private, no-cache", "private, no-store"


class CachingMiddleware:
    """Says of every answer but static files who may keep it; gives pages a tag, and 304.

    - ``private, no-store``: whoever brings a session or gets a cookie, and the addresses of staff.
    - ``private, no-cache``: whoever has chosen a display or a language; the tag differs by it.
    - ``public, no-cache``: everybody else, where the view has not said otherwise.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if _is_of_staff(request) or response.cookies:
            response["Cache-Control"] = NOBODY
            return response
        chosen = {preferences.COOKIE, settings.LANGUAGE_COOKIE_NAME} & request.COOKIES.keys()
        usual = OWN if chosen else PUBLIC
        if response.get("Cache-Control", PUBLIC) == PUBLIC:
            response["Cache-Control"] = usual
        return _tagged(request, response)


def _is_of_staff(request):
    # Whatever session that is: looking it up would cost every visitor a query.
    has_session = settings.SESSION_COOKIE_NAME in request.COOKIES
    return has_session or request.path_info.startswith(STAFF_ONLY)


def _tagged(request, response):
    """``response`` with a tag of its bytes, or 304 to whoever has these."""
    if response.streaming or response.status_code != 200 or request.method not in ("GET", "HEAD"):
        return response
    if "ETag" in response or "no-store" in response["Cache-Control"]:
        return response
    response["ETag"] = quote_etag(hashlib.sha256(response.content).hexdigest()[:32])
    return get_conditional_response(request, response["ETag"], response=response)


class VisitorSessionMiddleware(SessionMiddleware):
    """Sessions, without ``Vary: Cookie`` for visitors who brought none and get none.

    Whether somebody is signed in was asked for, and the answer is what everybody gets.
    """

    def process_response(self, request, response):
        if settings.SESSION_COOKIE_NAME not in request.COOKIES and not request.session.modified:
            request.session.accessed = False
        return super().process_response(request, response)
