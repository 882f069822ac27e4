"""The two questions of machines, the log, and what happens when something fails."""

import logging

import pytest
from django.db import DatabaseError
from django.test import Client

from mia_site import health


def test_the_process_answers_without_any_database(client):
    response = client.get("/healthz")  # no database fixture: a query would fail this test
    assert (response.status_code, response.content) == (200, b"ok\n")
    assert "no-store" in response["Cache-Control"]
    assert client.head("/healthz").status_code == 200
    assert client.post("/healthz").status_code == 405


@pytest.mark.django_db
def test_ready_when_the_database_has_every_migration(client, monkeypatch):
    monkeypatch.setattr(health, "_migrated", False)
    response = client.get("/readyz")
    assert response.status_code == 200
    assert response.json() == {"database": "ok", "cache": "ok"}
    assert "no-store" in response["Cache-Control"]
    assert client.post("/readyz").status_code == 405


@pytest.mark.django_db
def test_not_ready_before_the_migrations(client, monkeypatch):
    monkeypatch.setattr(health, "_migrated", False)
    monkeypatch.setattr(
        "django.db.migrations.executor.MigrationExecutor.migration_plan", lambda *a: [1]
    )
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json()["database"] == "migrations missing"


@pytest.mark.django_db
def test_not_ready_without_a_database(client, monkeypatch):
    def away(*args, **kwargs):
        raise DatabaseError("secret name of the server")

    monkeypatch.setattr("django.db.backends.base.base.BaseDatabaseWrapper.cursor", away)
    response = client.get("/readyz")
    assert response.status_code == 503
    assert b"secret" not in response.content


@pytest.mark.django_db
@pytest.mark.parametrize(("language", "words"), [("en", "Something went wrong"), ("az", "500")])
def test_an_error_is_logged_under_the_number_that_its_page_shows(
    monkeypatch, caplog, language, words
):
    def broken(*args, **kwargs):
        raise RuntimeError("the secret reason")

    monkeypatch.setattr("structure.as_of.AsOf.units", broken)
    client = Client(raise_request_exception=False)
    with caplog.at_level(logging.ERROR):
        response = client.get(f"/{language}/units/")
    page = response.content.decode()
    assert response.status_code == 500
    assert words in page
    assert f'lang="{language}"' in page
    assert response["X-Request-ID"] in page
    assert "the secret reason" not in page
    assert "RuntimeError: the secret reason" in caplog.text
