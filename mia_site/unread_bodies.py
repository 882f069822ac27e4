"""What a view leaves of a form or file is read all the same before the answer goes out."""

from django.conf import settings

AT_ONCE = 64 * 1024


class ReadBodies:
    """A WSGI application around another.

    A form that is refused before its end (not readable, not signed in any more) would be answered
    while its sender still writes. The server then closes the connection, and the proxy, which
    cannot write on, makes a 502 of an answer that was ready: seen in every second such form on a
    busy machine. A body larger than ``REQUEST_MAX_BYTES`` is not read: the proxy refuses it
    itself, and nobody may keep a thread busy with it.
    """

    def __init__(self, application):
        self.application = application

    def __call__(self, environ, start_response):
        answer = self.application(environ, start_response)
        if body_bytes(environ) <= settings.REQUEST_MAX_BYTES:
            left = settings.REQUEST_MAX_BYTES
            while left > 0 and (read := environ["wsgi.input"].read(min(AT_ONCE, left))):
                left -= len(read)
        return answer


def body_bytes(environ):
    """How long the body is, as its sender says; 0 where that is no number."""
    try:
        return int(environ.get("CONTENT_LENGTH") or 0)
    except ValueError:  # Django reads nothing then
        return 0
