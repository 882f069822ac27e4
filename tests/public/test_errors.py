"""What goes wrong gets a clear page in the visitor's language."""

import pytest
from django.http import HttpResponse
from django.test import Client, override_settings
from django.urls import path

from mia_site import errors
from mia_site.urls import urlpatterns as site_urls


def fail(request):
    raise RuntimeError("a secret detail")


def refuse(request):
    from django.core.exceptions import PermissionDenied

    raise PermissionDenied("Only its author may open it.")


urlpatterns = [
    path("en/fail/", fail),
    path("en/refuse/", refuse),
    *site_urls,
]
handler400 = "mia_site.errors.bad_request"
handler403 = "mia_site.errors.permission_denied"
handler404 = "mia_site.errors.page_not_found"
handler500 = "mia_site.errors.server_error"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("address", "language"),
    [("/en/no/such/page/", "en"), ("/az/no/such/page/", "az"), ("/no/such/page/", "az")],
)
def test_not_found_offers_a_search_and_likely_pages(client, address, language):
    response = client.get(address)
    page = response.content.decode()
    assert response.status_code == 404
    assert f'<html lang="{language}"' in page
    assert 'role="search"' in page
    assert f'href="/{language}/structure/"' in page
    assert response["X-Request-ID"] in page


@pytest.mark.django_db
def test_not_found_proposes_the_words_of_the_address(client):
    page = client.get("/en/units/road-police.html").content.decode()
    assert 'value="road police"' in page


@pytest.mark.django_db
def test_not_found_outside_the_languages_follows_the_browser(client):
    page = client.get("/no/such/page/", headers={"accept-language": "en"}).content.decode()
    assert '<html lang="en"' in page


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/en/search/?q=%00", "/en/units/?letter=%00", "/az/%00/"])
def test_a_nul_character_is_a_bad_request(client, address):
    response = client.get(address)
    assert response.status_code in (400, 404)
    assert '<html lang="' in response.content.decode()


@override_settings(ROOT_URLCONF=__name__)
def test_a_failure_tells_its_number_and_nothing_else_and_needs_no_database():
    # No django_db mark: touching the database would be an error here.
    client = Client(raise_request_exception=False)
    response = client.get("/en/fail/", headers={"accept-language": "az"})
    page = response.content.decode()
    assert response.status_code == 500
    assert '<html lang="en"' in page
    assert response["X-Request-ID"] in page
    assert "secret detail" not in page


@override_settings(ROOT_URLCONF=__name__)
def test_a_failure_is_answered_even_when_its_page_cannot_be_drawn(monkeypatch):
    def no_template(*args, **kwargs):
        raise ValueError("missing manifest entry")

    monkeypatch.setattr(errors.loader, "render_to_string", no_template)
    response = Client(raise_request_exception=False).get("/en/fail/")
    assert response.status_code == 500
    assert "Something went wrong" in response.content.decode()


@pytest.mark.django_db
@override_settings(ROOT_URLCONF=__name__)
def test_a_refusal_says_why(client):
    response = client.get("/en/refuse/")
    assert response.status_code == 403
    assert "Only its author may open it." in response.content.decode()


def test_a_stale_form_is_explained(settings):
    response = Client(enforce_csrf_checks=True, headers={"accept-language": "en"}).post(
        "/preferences/", {"theme": "dark"}
    )
    assert response.status_code == 403
    assert "was not accepted" in response.content.decode()


def test_an_unknown_host_gets_a_page(client):
    response = client.get("/en/", headers={"host": "evil.example"})
    assert response.status_code == 400
    assert isinstance(response, HttpResponse)
    assert "cannot be read" in response.content.decode()
