"""The permanent addresses (IRIs) of records, and how a text becomes part of an address."""

import re
from urllib.parse import quote

from django.conf import settings

# What no address may hold (RFC 3987), and a percent sign that begins no escape.
_FORBIDDEN = re.compile(r'[\x00-\x20<>"{}|\\^`\x7f-\x9f]|%(?![0-9A-Fa-f]{2})')
# Brackets may stand around the number of a host only, "#" before the fragment only.
_HOST = re.compile(r"[a-z][a-z0-9+.-]*://(?:[^/?#@]*@)?(?:\[[0-9A-Fa-f:.]+\])?", re.IGNORECASE)


def segment(text):
    """Any text, such as a code, as one part of an address between two slashes."""
    return quote(text, safe="")


def iri(address):
    """A web address as an editor wrote it, as one that may stand in data.

    The check of the form lets pass what browsers take and other programs do not: blanks, quotes,
    brackets. Those are percent-encoded; what is encoded already stays as it is.
    """
    host = match[0] if (match := _HOST.match(address)) else ""
    before, hash_sign, fragment = address[len(host) :].partition("#")
    rest = before + hash_sign + fragment.replace("#", "%23")
    rest = rest.replace("[", "%5B").replace("]", "%5D")
    return host + _FORBIDDEN.sub(lambda found: quote(found[0]), rest)


class Names:
    """Makes addresses of records: ``names("units", "mia")`` → ``https://…/id/units/mia``."""

    def __init__(self, request=None, base=""):
        self.base = settings.SITE_ADDRESS or base or request.build_absolute_uri("/")
        self.base = self.base.rstrip("/") + "/"

    def __call__(self, kind, code):
        return f"{self.base}id/{kind}/{segment(code)}"

    def page(self, path):
        """The absolute address of a path of this site."""
        return self.base + path.lstrip("/")
