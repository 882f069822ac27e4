"""Text leaves the site compressed, where the reader takes it.

Django's own GZipMiddleware would compress for ``gzip;q=0``, pictures and zips too, and pages of
staff, whose secrets could be guessed from their length (BREACH). Its functions do the work.
"""

import re

from django.utils.cache import patch_vary_headers
from django.utils.text import compress_sequence, compress_string

# Smaller answers gain nothing.
SMALLEST = 200
_TEXT = re.compile(r"(text/.*|[a-z]+/([\w.-]+\+)?(json|xml|javascript))\s*(;|$)", re.IGNORECASE)


class CompressionMiddleware:
    """Compresses text with gzip. What nobody may keep (``no-store``) has secrets and stays."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if response.status_code == 304:
            _as_it_was_sent(request, response)
        elif _may_be_compressed(response):
            patch_vary_headers(response, ["Accept-Encoding"])
            taken = _Taken(request.headers.get("Accept-Encoding", ""))
            if taken.gzip > 0 and taken.gzip >= taken.plain:
                _compress(response, whatever_size=taken.plain_refused)
        return response


def _may_be_compressed(response):
    return (
        "Content-Encoding" not in response
        and response.status_code not in (204, 206)
        and "no-store" not in response.get("Cache-Control", "")
        and _TEXT.match(response.get("Content-Type", "")) is not None
    )


def _compress(response, whatever_size):
    if response.streaming:
        response.streaming_content = compress_sequence(response.streaming_content)
        del response["Content-Length"]
    else:
        if len(response.content) < SMALLEST and not whatever_size:
            return
        response.content = compress_string(response.content)
        response["Content-Length"] = str(len(response.content))
    response["Content-Encoding"] = "gzip"
    if "ETag" in response:
        response["ETag"] = _weak(response["ETag"])


def _weak(etag):
    """The tag of bytes that mean the same (RFC 9110 §8.8.1)."""
    return etag if etag.startswith("W/") else f"W/{etag}"


def _as_it_was_sent(request, response):
    """304 under the tag that the reader's copy has, so that it is that copy which stays fresh."""
    etag = response.get("ETag", "")
    if etag and _weak(etag) in request.headers.get("If-None-Match", ""):
        response["ETag"] = _weak(etag)
        patch_vary_headers(response, ["Accept-Encoding"])


class _Taken:
    """What a reader takes, by ``Accept-Encoding`` (RFC 9110 §12.5.3).

    ``gzip``, ``plain``: how gladly, from 0 (not at all) to 1; plain bytes that are not spoken of
    are taken, but less gladly than anything else.
    """

    def __init__(self, header):
        named = dict(filter(None, map(_coding, header.lower().split(","))))
        self.gzip = named.get("gzip", named.get("x-gzip", named.get("*", 0)))
        self.plain = named.get("identity", 0)
        self.plain_refused = named.get("identity", named.get("*", 1)) == 0


def _coding(text):
    """(name, weight) of one part of the header; None where it cannot be read."""
    name, _semicolon, weight = text.partition(";")
    found = re.fullmatch(r"\s*(?:q\s*=\s*(0(?:\.\d{0,3})?|1(?:\.0{0,3})?))?\s*", weight)
    return (name.strip(), float(found[1] or 1)) if found else None
