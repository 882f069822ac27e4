import pytest
from django.conf import settings
from django.test import Client
from django.utils import translation

from tests.factories import make_staff


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


@pytest.fixture
def signed_in(db):
    """``signed_in("editor")``: a client signed in as one of that group; no group: a superuser."""

    def sign_in(group=None, name=None):
        client = Client(headers={"accept-language": "en"})
        client.user = make_staff(name or group or "boss", group)
        client.force_login(client.user)
        return client

    return sign_in


@pytest.fixture
def boss(signed_in):
    return signed_in()


@pytest.fixture
def editor(signed_in):
    return signed_in("editor")


@pytest.fixture
def publisher(signed_in):
    return signed_in("publisher")


@pytest.fixture
def staff(page, live_server, client):
    """``staff(group)``: the page, signed in; it fails the test on any console error."""
    said = []
    page.on("console", lambda m: m.type in ("error", "warning") and said.append(m.text))
    page.on("pageerror", lambda error: said.append(str(error)))

    def sign_in(group=None):
        client.force_login(make_staff(group or "boss", group))
        page.context.add_cookies(
            [
                {
                    "name": settings.SESSION_COOKIE_NAME,
                    "value": client.cookies[settings.SESSION_COOKIE_NAME].value,
                    "url": live_server.url,
                },
                {"name": "django_language", "value": "en", "url": live_server.url},
            ]
        )
        return page

    yield sign_in
    assert said == []
