"""What every answer carries, and what no page contains."""

import re
from html.parser import HTMLParser

import pytest
from django.apps import apps
from django.contrib import admin
from django.urls import reverse

from publishing.models import Publishable
from tests.safety.addresses import arguments, patterns


class Inline(HTMLParser):
    """Collects what a strict CSP would not run, or another host would serve."""

    def __init__(self):
        super().__init__()
        self.found = []
        self.inside = None

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        for name, value in attrs:
            if name == "style" or name.startswith("on"):
                self.found.append(f'<{tag} {name}="{value}">')
            if name in ("href", "src", "action", "formaction") and value:
                if value.strip().lower().startswith(("javascript:", "vbscript:")):
                    self.found.append(f'<{tag} {name}="{value}">')
                if tag in ("script", "img", "link", "iframe", "source", "form") and re.match(
                    r"(https?:)?//", value
                ):
                    canonical = tag == "link" and attributes.get("rel") in (
                        "canonical",
                        "alternate",
                    )
                    if not canonical:
                        self.found.append(f'<{tag} {name}="{value}"> from another host')
        data = attributes.get("type") in ("application/json", "application/ld+json")
        self.inside = tag if tag == "style" or (tag == "script" and not data) else None

    def handle_data(self, data):
        if self.inside and data.strip():
            self.found.append(f"<{self.inside}>{data.strip()[:60]}")

    def handle_endtag(self, tag):
        self.inside = None


def inline(html):
    parser = Inline()
    parser.feed(html)
    return parser.found


def public_addresses():
    yield "/"
    for route, _pattern in patterns():
        if route.startswith("en/") and not arguments(route):
            yield f"/{route}"
            yield f"/az/{route[3:]}"
    for model in apps.get_models():
        if issubclass(model, Publishable) and hasattr(model, "get_absolute_url"):
            for record in model.objects.published()[:3]:
                yield record.get_absolute_url()
    yield from ("/en/no-such-page/", "/admin", "/media/none.png", "/healthz", "/readyz")
    yield "/accounts/login/"
    yield "/accounts/inactive/"


def admin_addresses():
    yield reverse("admin:index")
    yield reverse("admin:password_change")
    for route, pattern in patterns():
        if route.startswith("admin/") and not arguments(route) and pattern.name != "logout":
            yield f"/{route}"
    for model in admin.site._registry:
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        record = model._default_manager.first()
        if record is not None:
            for view in ("change", "delete", "history"):
                yield reverse(f"{name}_{view}", args=[record.pk])
    for label in ("units", "people", "history", "pages", "auth"):
        yield reverse("admin:app_list", args=[label])


def assert_safe(response, address):
    policy = response["Content-Security-Policy"]
    assert "unsafe" not in policy, address
    assert "default-src 'none'" in policy, address
    assert "frame-ancestors 'none'" in policy, address
    assert "form-action 'self'" in policy, address
    assert response["X-Content-Type-Options"] == "nosniff", address
    assert response["Referrer-Policy"] == "same-origin", address
    assert response["X-Frame-Options"] == "DENY", address
    assert "geolocation=()" in response["Permissions-Policy"], address
    assert response["X-Request-ID"], address
    if response.get("Content-Type", "").startswith("text/html") and not response.streaming:
        assert inline(response.content.decode()) == [], address


def test_the_reader_of_pages_sees_what_it_must():
    """This test can fail: it finds each kind of inline thing."""
    for bad in (
        '<p style="color:red">', '<a onclick="x()">', "<style>p{}</style>", "<script>x()</script>",
        '<a href="javascript:x()">', '<script src="https://cdn.example/x.js"></script>',
    ):  # fmt: skip
        assert inline(bad), bad
    assert not inline('<script src="/static/a.js"></script><a href="https://example.org">x</a>')
    assert not inline('<script type="application/json">{"a": 1}</script>')


def test_public_pages(content, client):
    addresses = list(dict.fromkeys(public_addresses()))
    assert len(addresses) > 30
    for address in addresses:
        response = client.get(address)
        assert response.status_code < 500, address
        assert_safe(response, address)


def test_admin_pages(content, superuser, client):
    client.force_login(superuser)
    addresses = list(dict.fromkeys(admin_addresses()))
    assert len(addresses) > 60
    for address in addresses:
        response = client.get(address)
        assert response.status_code < 500, address
        assert_safe(response, address)


def test_pages_about_errors(client, superuser):
    client.raise_request_exception = False
    assert_safe(client.get("/en/", headers={"host": "evil.example"}), "bad host")
    assert_safe(client.delete("/en/"), "405")
    client.force_login(superuser)
    assert_safe(client.post("/admin/units/unit/add/", {"name_en": "a\0b"}), "400")
    assert_safe(client.get("/static/css/site.css"), "static file")


def test_only_the_page_with_the_qr_code_may_draw_data(client, superuser):
    client.force_login(superuser)
    client.post("/accounts/reauthenticate/", {"password": "x"})
    page = client.get("/accounts/2fa/totp/activate/")
    assert "img-src 'self' data:" in page["Content-Security-Policy"]
    assert "data:" not in client.get("/accounts/2fa/")["Content-Security-Policy"]


@pytest.mark.parametrize("path", ["/accounts/login/", "/admin/"])
def test_pages_of_staff_are_kept_by_no_cache(client, superuser, path):
    client.force_login(superuser)
    assert "no-store" in client.get(path).get("Cache-Control", "") or path == "/accounts/login/"
