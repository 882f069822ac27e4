import datetime

import pytest

from tests.factories import make_unit


@pytest.fixture
def ministry(db):
    """A ministry with one department."""
    top = make_unit(code="top", slug="top", name_az="Nazirlik", name_en="Ministry", order=1)
    make_unit(
        code="police", slug="police", name_az="Polis İdarəsi", name_en="Police Department",
        parent=top,
    )  # fmt: skip
    top.refresh_from_db()
    return top


@pytest.fixture
def police(ministry):
    return ministry.get_children().get()


@pytest.fixture
def read(client):
    """The text of a public page in English, which must be there."""

    def _read(address, status=200):
        response = client.get(f"/en/{address}")
        assert response.status_code == status
        return response.content.decode()

    return _read


@pytest.fixture
def today_is(monkeypatch):
    """``today_is(2026, 5, 28)`` sets the day that pages take for today."""

    def _set(year, month, day):
        monkeypatch.setattr(
            "django.utils.timezone.localdate", lambda: datetime.date(year, month, day)
        )

    return _set
