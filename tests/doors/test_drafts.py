"""A record that is not public appears at no door.

The doors are read off the resolver and the models off the app registry: a new address or a new
publishable model is walked without anybody remembering to add it here.
"""

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from tests.doors.addresses import public_addresses
from tests.doors.records import MARK, PublicWorld, hidden_states, publishable_models

pytestmark = pytest.mark.django_db


def shown_at(client):
    """Yields the addresses whose answer has the mark of the hidden record in it."""
    answered = 0
    for address in public_addresses():
        response = client.get(address)
        assert response.status_code < 500, address
        answered += response.status_code == 200
        body = b"".join(response) if response.streaming else response.content
        # Search forms repeat the visitor's own word, which is written in small letters.
        if MARK in body.decode(errors="replace"):
            yield address
    assert answered > 20, "hardly any page answered: the walk proves nothing"


@pytest.mark.parametrize("state", sorted(hidden_states()))
@pytest.mark.parametrize("model", publishable_models(), ids=lambda model: model.__name__)
def test_the_public_never_sees_it(model, state):
    PublicWorld(model, state)
    assert list(shown_at(Client())) == []


@pytest.mark.parametrize("model", publishable_models(), ids=lambda model: model.__name__)
def test_its_own_page_is_not_found(model, client):
    hidden = PublicWorld(model, "draft").hidden
    if hasattr(hidden, "get_absolute_url"):
        assert client.get(hidden.get_absolute_url()).status_code == 404


@pytest.mark.parametrize("model", publishable_models(), ids=lambda model: model.__name__)
def test_the_walk_would_find_it(model):
    """The counter-proof: the same record, published, is found by the same walk."""
    hidden = PublicWorld(model, "draft").hidden
    type(hidden).objects.update(status="published")
    assert next(shown_at(Client()), None)


@pytest.mark.parametrize("model", publishable_models(), ids=lambda model: model.__name__)
def test_staff_who_may_edit_see_it(model):
    PublicWorld(model, "draft")
    staff = Client()
    staff.force_login(get_user_model().objects.create_superuser("chief", password="x"))
    assert next(shown_at(staff), None)
