import pytest
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
