"""What holds for every address under /api/: readable from any page, refusals as problem objects."""

from django.http import HttpResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers

from chronology.languages import SOURCE, site_codes
from open_data import problems

PREFIX = "/api/"
READING = "GET, HEAD, OPTIONS"
EXPOSED = "ETag, Last-Modified, Link, X-Request-ID"


class ApiMiddleware:
    """Stands outside of everything that may refuse a request.

    Cross-origin reading is open to everybody and sends no cookies along (no
    ``Access-Control-Allow-Credentials``): the answers are the same for all.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if not request.path_info.startswith(PREFIX):
            return self.get_response(request)
        with translation.override(language_of(request)):
            if request.method == "OPTIONS":
                response = HttpResponse(status=204)
                response["Allow"] = READING
            elif request.method not in ("GET", "HEAD"):
                response = problems.answer(405)
                response["Allow"] = READING
            else:
                # The library of the API knows no HEAD; the server leaves the body out.
                asked, request.method = request.method, "GET"
                response = self.get_response(request)
                request.method = asked
                if response.status_code >= 400 and "json" not in response.get("Content-Type", ""):
                    response = problems.answer(response.status_code)
        response["Access-Control-Allow-Origin"] = "*"
        response["Access-Control-Allow-Methods"] = READING
        response["Access-Control-Allow-Headers"] = "Accept, Accept-Language, If-None-Match"
        response["Access-Control-Max-Age"] = "86400"
        response["Access-Control-Expose-Headers"] = EXPOSED
        response["Cross-Origin-Resource-Policy"] = "cross-origin"
        if response.status_code >= 400:
            patch_vary_headers(response, ["Accept-Language"])
        return response

    def process_view(self, request, view, args, kwargs):
        # LocaleMiddleware, further in, has chosen by its own rules meanwhile.
        if request.path_info.startswith(PREFIX):
            translation.activate(language_of(request))


def language_of(request):
    """The language of sentences: what the program asks for, that of the message ids where it does
    not say."""
    if not request.headers.get("Accept-Language"):
        return SOURCE
    known = site_codes()
    for wanted, _weight in translation.trans_real.parse_accept_lang_header(
        request.headers["Accept-Language"].lower()[:500]
    ):
        if (short := wanted.split("-")[0]) in known:
            return short
    return SOURCE
