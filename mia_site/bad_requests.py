"""Requests that no database should see."""

from django.core.exceptions import BadRequest


class RefuseNulMiddleware:
    """Answers 400 to a NUL character in the address: SQLite stores it, PostgreSQL fails on it."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        values = [request.path, *kwargs.values()]
        values += [text for pair in request.GET.lists() for text in (pair[0], *pair[1])]
        if any("\0" in str(value) for value in values):
            raise BadRequest("NUL character in the address")
