"""Every address of the site, made from its URL resolver, so that no new page is forgotten."""

import re

from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import translation

_NAMED = re.compile(r"\(\?P<(\w+)>(?:[^()]|\([^()]*\))*\)")


def patterns(resolver=None, prefix=""):
    """Yields ``(route, pattern)`` for every view; a route has ``<name>`` for its arguments."""
    with translation.override("en"):
        for entry in (resolver or get_resolver()).url_patterns:
            route = prefix + _route(entry)
            if isinstance(entry, URLResolver):
                yield from patterns(entry, route)
            elif isinstance(entry, URLPattern):
                yield route, entry


def _route(entry):
    text = str(entry.pattern)
    if hasattr(entry.pattern, "regex") and (text.startswith("^") or "(?P" in text):
        text = _NAMED.sub(r"<\1>", text).lstrip("^").rstrip("$").replace("\\Z", "")
        text = text.replace("\\.", ".").replace("\\/", "/")
    return re.sub(r"<(?:\w+:)?(\w+)>", r"<\1>", text)


def fill(route, value):
    """The address of a route with every argument set to ``value``."""
    return "/" + re.sub(r"<\w+>", value, route)


def arguments(route):
    return re.findall(r"<(\w+)>", route)
