"""The permanent addresses (IRIs) of records."""

from urllib.parse import quote

from django.conf import settings


class Names:
    """Makes addresses of records: ``names("units", "mia")`` → ``https://…/id/units/mia``."""

    def __init__(self, request=None, base=""):
        self.base = settings.SITE_ADDRESS or base or request.build_absolute_uri("/")
        self.base = self.base.rstrip("/") + "/"

    def __call__(self, kind, code):
        return f"{self.base}id/{kind}/{quote(code, safe='')}"

    def page(self, path):
        """The absolute address of a path of this site."""
        return self.base + path.lstrip("/")
