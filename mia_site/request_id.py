"""A short identifier for every request: in the log, in the answer's header, on the error page."""

import contextvars
import logging
import secrets

current_request_id = contextvars.ContextVar("request_id", default="-")


class RequestIdMiddleware:
    """Gives each request ``request.id`` and answers it back as ``X-Request-ID``."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.id = secrets.token_hex(6)
        token = current_request_id.set(request.id)
        try:
            response = self.get_response(request)
        finally:
            current_request_id.reset(token)
        response["X-Request-ID"] = request.id
        return response


class RequestIdFilter(logging.Filter):
    """Adds ``request_id`` to every log record."""

    def filter(self, record):
        record.request_id = current_request_id.get()
        return True
