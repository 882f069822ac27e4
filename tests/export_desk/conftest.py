import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import translation

from mia_site.content import CONTENT_FIXTURES
from tests.factories import make_staff


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


@pytest.fixture
def content(db):
    """The site as it is seeded."""
    call_command("loaddata", *CONTENT_FIXTURES, verbosity=0)


@pytest.fixture
def signed_in(db):
    """``signed_in("editor")``: a client signed in as one of that group; no group: a superuser."""

    def sign_in(group=None, **fields):
        client = Client(headers={"accept-language": "en"})
        client.user = make_staff(group or "boss", group, **fields)
        client.force_login(client.user)
        return client

    return sign_in


@pytest.fixture
def boss(signed_in):
    return signed_in()


@pytest.fixture
def take(boss):
    """``take("units", "csv")``: the bytes of an export through the page."""

    def fetch(kind, file_format="csv", query="", client=None, **choices):
        form = {"scope": "all", "file_format": file_format, "headings": "codes"} | choices
        answer = (client or boss).post(f"/admin/export/{kind}/{query}", form)
        assert answer.status_code == 200, answer
        assert "attachment" in answer.get("Content-Disposition", ""), "the page came back"
        return b"".join(answer)

    return fetch
