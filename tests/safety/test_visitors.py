"""Visitors get no cookie; what they get may be kept by anybody who asks before each use.

Every public address is walked (``tests/visibility``), in both languages.
"""

import io

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from tests.factories import make_staff
from tests.safety.addresses import patterns
from tests.visibility.addresses import public_addresses
from tests.visibility.records import PublicWorld

pytestmark = pytest.mark.django_db

PUBLIC, OWN, NOBODY = "public, no-cache", "private, no-cache", "private, no-store"
# Leads on to the language of the visitor, which a cookie may name.
BY_COOKIE = {"/", "/nothing/"}
# Not to be kept by anybody, whoever asks: what was just refused, how the site feels.
UNKEPT = ("/healthz", "/readyz", "/preferences/")
HERE = "http://testserver"


@pytest.fixture(autouse=True)
def _own_files(settings, tmp_path):
    settings.OPEN_DATA_DIR = tmp_path / "open_data"
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def world(db):
    made = PublicWorld("draft")
    out = io.BytesIO()
    Image.new("RGB", (9, 9)).save(out, "PNG")
    made.unit.emblem.save("emblem.png", ContentFile(out.getvalue(), name="emblem.png"))
    made.picture = made.unit.emblem.url
    return made


def everywhere(world):
    """Every public address there is, and those beside the pages."""
    return [
        *public_addresses(), world.picture, "/", "/healthz", "/readyz", "/preferences/",
        "/media/none.png", "/nothing/", "/robots.txt", "/en/nothing/", "/az/nothing/", "/en",
    ]  # fmt: skip


def vary(response):
    return {name.strip().lower() for name in response.get("Vary", "").split(",")} - {""}


def test_no_visitor_gets_a_cookie_and_no_answer_depends_on_one(world):
    told, answered = {}, 0
    for address in everywhere(world):
        response = Client().get(address)
        answered += response.status_code == 200
        assert response.status_code < 500, address
        assert not response.cookies, address
        path = address.partition("?")[0]
        assert ("cookie" in vary(response)) == (path in BY_COOKIE), address
        if response.status_code == 200 and "/en/" in address and "api" not in address:
            told.setdefault(response["Cache-Control"], set()).add(address)
        if not address.startswith(UNKEPT) and response.status_code < 400:
            kept = response["Cache-Control"]
            assert "no-cache" in kept or kept == "private, max-age=60", address
    assert answered > 100
    assert len(told.pop(PUBLIC)) > 40
    # Suggestions while somebody types are kept for a minute by the browser alone.
    assert {one.partition("?")[0] for one in told.pop("private, max-age=60")} == {
        reverse("search_suggest").replace("/az/", "/en/")
    }
    assert not told


def test_staff_leave_no_copy_anywhere(world):
    client = Client()
    client.force_login(make_staff())
    answered = 0
    for address in everywhere(world):
        response = client.get(address)
        answered += response.status_code == 200
        assert response["Cache-Control"] == NOBODY, address
    assert answered > 100


def test_the_addresses_of_staff_are_kept_by_nobody(client):
    for address in ("/admin/", "/accounts/login/", "/accounts/logout/", "/admin/none/"):
        assert client.get(address)["Cache-Control"] == NOBODY, address


def test_whoever_chose_a_display_has_a_copy_of_their_own(world, client):
    usual = client.get("/en/structure/")
    client.cookies["display"] = "dark.large"
    chosen = client.get("/en/structure/", headers={"if-none-match": usual["ETag"]})
    assert chosen.status_code == 200
    assert chosen["Cache-Control"] == OWN
    assert chosen["ETag"] != usual["ETag"]
    assert 'data-theme="dark"' in chosen.content.decode()
    again = client.get("/en/structure/", headers={"if-none-match": chosen["ETag"]})
    assert again.status_code == 304
    assert again["Cache-Control"] == OWN
    del client.cookies["display"]
    back = client.get("/en/structure/", headers={"if-none-match": chosen["ETag"]})
    assert back.status_code == 200
    assert back["Cache-Control"] == PUBLIC


class SharedCache:
    """A proxy as RFC 9111 wants it, at its boldest: keeps whatever it may, sends 304s on."""

    def __init__(self):
        self.kept = {}

    def get(self, client, address):
        kept = self.kept.get(address)
        tag = {"if-none-match": kept["ETag"]} if kept else {}
        response = client.get(address, headers=tag)
        if response.status_code == 304:
            return kept
        told = response["Cache-Control"]
        if "private" not in told and "no-store" not in told and "ETag" in response:
            assert "no-cache" in told  # or it would not have asked
            self.kept[address] = response
        return response


def test_a_proxy_gives_everybody_their_own_page(world):
    proxy, address = SharedCache(), "/en/structure/"
    visitor, reader, staff = Client(), Client(), Client()
    reader.cookies["display"] = "light.large"
    staff.force_login(make_staff())
    seen = {}
    for _round in range(2):
        for name, client in {"visitor": visitor, "reader": reader, "staff": staff}.items():
            seen[name] = proxy.get(client, address).content.decode()
            assert ('data-sight="large"' in seen[name]) == (name == "reader")
            assert ("Gizlinxyz" in seen[name]) == (name == "staff")
    assert list(proxy.kept) == [address]
    assert proxy.kept[address].content.decode() == seen["visitor"]


def test_the_same_page_has_the_same_tag(world, client):
    for address in ("/en/", "/az/", "/en/structure/", "/en/search/?q=era", "/az/history/"):
        first, second = client.get(address), Client().get(address)
        assert first["ETag"] == second["ETag"], address
        tag = {"if-none-match": first["ETag"]}
        assert client.get(address, headers=tag).status_code == 304
        assert client.head(address)["ETag"] == first["ETag"]


def test_what_an_editor_changes_is_another_page_at_once(world, client):
    address = world.unit.get_absolute_url()
    first = client.get(address)
    type(world.unit).objects.filter(pk=world.unit.pk).update(name_az="Yeni ad", name_en="New name")
    second = client.get(address, headers={"if-none-match": first["ETag"]})
    assert second.status_code == 200


# --- The display forms ------------------------------------------------------------------------


def send(client, data=None, **headers):
    headers = {name.replace("_", "-"): value for name, value in headers.items()}
    data = {"theme": "dark", "next": "/en/structure/"} if data is None else data
    return client.post("/preferences/", data, headers={"accept-language": "en"} | headers)


@pytest.fixture
def strict():
    return Client(enforce_csrf_checks=True)


def test_public_pages_hold_forms_without_tokens(world, client):
    page = client.get("/en/").content.decode()
    assert 'action="/preferences/"' in page
    assert "csrfmiddlewaretoken" not in page
    assert "csrfmiddlewaretoken" not in client.get("/preferences/").content.decode()


@pytest.mark.parametrize(
    "headers",
    [
        {"sec_fetch_site": "same-origin"},
        {"sec_fetch_site": "same-origin", "origin": "https://behind.example"},  # a proxy's host
        {"origin": HERE},
        {"referer": f"{HERE}/en/structure/?on=1992"},
        {"origin": HERE, "referer": "https://evil.example/"},
        {"sec_fetch_site": "same-site", "origin": "https://other.example.org"},
    ],
)
def test_a_form_of_this_site_is_taken(strict, settings, headers):
    settings.CSRF_TRUSTED_ORIGINS = ["https://other.example.org"]
    response = send(strict, **headers)
    assert response.status_code == 302
    assert response["Location"] == "/en/structure/"
    assert response.cookies["display"].value == "dark.usual"
    assert response["Cache-Control"] == NOBODY


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"sec_fetch_site": "cross-site"},
        {"sec_fetch_site": "same-site"},
        {"sec_fetch_site": "none"},
        {"sec_fetch_site": "same-origin, cross-site"},
        {"sec_fetch_site": "cross-site", "origin": "https://evil.example"},
        {"origin": "https://evil.example"},
        {"origin": "https://evil.example", "referer": f"{HERE}/en/"},
        {"origin": "null"},
        {"origin": "null", "referer": f"{HERE}/en/"},
        {"origin": "https://testserver"},
        {"origin": f"{HERE}:81"},
        {"origin": f"{HERE}.evil.example"},
        {"origin": "http://TESTSERVER@evil.example"},
        {"referer": "https://evil.example/http://testserver/"},
        {"referer": f"{HERE}@evil.example/"},
        {"referer": "http://[/"},
        {"referer": "testserver"},
        {"referer": "//"},
        {"origin": "://"},
        {"origin": "http://testserver\u00a0"},
    ],
)
def test_a_form_of_another_site_changes_nothing(strict, headers):
    response = send(strict, **headers)
    assert response.status_code == 403
    assert "It was not sent from a page of this site" in response.content.decode()
    assert not response.cookies
    assert "no-store" in response["Cache-Control"]
    azerbaijani = strict.post("/preferences/", {}, headers={"accept-language": "az"} | {
        name.replace("_", "-"): value for name, value in headers.items()
    })  # fmt: skip
    assert "Bu saytın səhifəsindən göndərilməyib" in azerbaijani.content.decode()


def test_forms_of_staff_still_ask_for_the_token(strict):
    response = strict.post(
        "/accounts/login/", {"login": "x", "password": "y"}, headers={"origin": HERE}
    )
    assert response.status_code == 403
    response = strict.post("/i18n/setlang/", {"language": "az"}, headers={"origin": HERE})
    assert response.status_code == 403


def test_no_other_view_is_without_the_token():
    exempt = {
        f"/{route}"
        for route, pattern in patterns()
        if getattr(pattern.callback, "csrf_exempt", False)
    }
    posts = {one for one in exempt if not one.startswith(("/api/", "/en/"))}
    assert posts == {"/preferences/"}
