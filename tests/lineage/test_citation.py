"""A page of a unit says how to cite it, under an address that stays."""

import html
import re

import pytest

from tests.factories import make_dated_name, make_unit

pytestmark = pytest.mark.django_db


def citation(client, address):
    page = client.get(address).content.decode()
    found = re.search(r"<textarea[^>]*readonly[^>]*>(.*?)</textarea>", page, re.S)
    return html.unescape(found[1]).replace("\N{NO-BREAK SPACE}", " ")


@pytest.fixture
def unit():
    unit = make_unit(code="mia/1:a#1", slug="academy", name_en="Academy", name_az="Akademiya")
    make_dated_name(unit, name_en="School", name_az="Məktəb", begin="1921", end="1957")
    return unit


def test_it_names_site_unit_date_address_and_the_day_of_reading(client, unit, settings):
    words = citation(client, "/en/units/academy/?on=1930")
    assert words.startswith("Ministry of Internal Affairs of Azerbaijan. School. State of 1930.")
    assert "http://testserver/en/c/mia/1:a%231/?on=1930" in words
    assert "read on" in words


def test_today_is_written_out(client, unit, monkeypatch):
    import datetime

    monkeypatch.setattr("django.utils.timezone.localdate", lambda: datetime.date(2026, 11, 22))
    words = citation(client, "/en/units/academy/")
    assert "Academy. State of 22 November 2026." in words
    assert "?on=2026-11-22" in words


def test_it_speaks_the_language_of_the_page(client, unit):
    words = citation(client, "/az/units/academy/?on=1930")
    assert "Məktəb" in words
    assert "/az/c/" in words


def test_the_permanent_address_leads_to_the_present_one_and_keeps_the_date(client, unit):
    answer = client.get("/az/c/mia/1:a%231/?on=1930")
    assert (answer.status_code, answer["Location"]) == (302, "/az/units/academy/?on=1930")
    unit.slug = "new-academy"
    unit.save()
    assert client.get("/az/c/mia/1:a%231/")["Location"] == "/az/units/new-academy/"


def test_what_is_cited_is_found(client, unit):
    address = re.search(r"http://testserver(\S+)", citation(client, "/en/units/academy/?on=1930"))[
        1
    ]
    page = client.get(address, follow=True)
    assert page.status_code == 200
    assert "School" in page.content.decode()


def test_a_draft_and_an_unknown_code_are_not_found(client, unit, django_user_model):
    make_unit(code="hidden", status="draft", slug="hidden")
    for code in ("hidden", "nothing", "mia", "mia/1:A%231"):
        assert client.get(f"/en/c/{code}/").status_code == 404
    client.force_login(django_user_model.objects.create_superuser("boss", password="x"))
    assert client.get("/en/c/hidden/").status_code == 302


@pytest.mark.parametrize("on", ["//evil.example", "\r\nX: y", "1930&next=//evil", "é" * 300])
def test_nothing_but_a_date_goes_along(client, unit, on):
    answer = client.get("/en/c/mia/1:a%231/", {"on": on, "next": "//evil.example"})
    assert answer.status_code in (302, 400)
    if answer.status_code == 302:
        assert answer["Location"].startswith("/en/units/academy/?on=")
        assert "&" not in answer["Location"]
        assert "\n" not in answer["Location"]
