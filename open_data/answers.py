"""Answers that caches may keep: a tag of the bytes, the moment of the last change, 304."""

import hashlib
import json

from django.http import HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.http import http_date

from open_data import state

JSON = "application/json; charset=utf-8"
JSON_LD = "application/ld+json; charset=utf-8"


def as_json(request, body, content_type=JSON):
    """``body`` as JSON, letters as they are, or 304 where the reader has it already."""
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    return kept(request, HttpResponse(text.encode(), content_type=content_type))


def kept(request, response, now=None):
    """``response`` with ETag and Last-Modified, or 304. Ask again before using a kept copy."""
    etag = f'"{hashlib.sha256(response.content).hexdigest()[:32]}"'
    changed = int((now or state.current()).moment.timestamp())
    response["ETag"] = etag
    response["Last-Modified"] = http_date(changed)
    response["Cache-Control"] = "public, no-cache"
    found = get_conditional_response(request, etag=etag, last_modified=changed, response=response)
    return found or response


def tagged(request, response, tag, moment):
    """A response whose bytes are known by ``tag`` already, or 304."""
    response["ETag"] = f'"{tag[:32]}"'
    response["Last-Modified"] = http_date(int(moment.timestamp()))
    response["Cache-Control"] = "public, no-cache"
    response["Access-Control-Allow-Origin"] = "*"
    changed = int(moment.timestamp())
    found = get_conditional_response(
        request, etag=response["ETag"], last_modified=changed, response=response
    )
    return found or response
