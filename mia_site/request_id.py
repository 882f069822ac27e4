"""A short identifier for every request: in the log, in the answer's header, on the error page."""

import contextvars
import logging
import secrets
import time

from django.conf import settings
from django.utils.encoding import escape_uri_path

current_request_id = contextvars.ContextVar("request_id", default="-")
log = logging.getLogger("mia_site.requests")


class RequestIdMiddleware:
    """Gives each request ``request.id``, answers it back as ``X-Request-ID`` and logs one line.

    The line leaves out the query: what visitors search for is nobody's business.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.id = secrets.token_hex(6)
        token = current_request_id.set(request.id)
        began = time.perf_counter()
        try:
            response = self.get_response(request)
            response["X-Request-ID"] = request.id
            log.log(
                # Style sheets and the like would hide the pages between them.
                logging.DEBUG if request.path.startswith(settings.STATIC_URL) else logging.INFO,
                "%s %s %s %d ms",
                request.method[:20],
                # Percent-encoded again, so that no line break in an address forges a line here.
                escape_uri_path(request.path)[:300],
                response.status_code,
                (time.perf_counter() - began) * 1000,
            )
            return response
        finally:
            current_request_id.reset(token)


class RequestIdFilter(logging.Filter):
    """Adds ``request_id`` to every log record."""

    def filter(self, record):
        record.request_id = current_request_id.get()
        return True
