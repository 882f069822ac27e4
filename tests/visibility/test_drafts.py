"""A record that is not public appears at no public address.

The addresses are read off the resolver and the models off the app registry: a new address or a new
publishable model is walked without anybody remembering to add it here. A walk takes seconds, so one
hidden record of every model is planted before it, each with a mark of its own.
"""

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from tests.visibility.addresses import public_addresses
from tests.visibility.records import MARK, PublicWorld, hidden_states, mark_of, publishable_models

pytestmark = pytest.mark.django_db


def shown_at(client):
    """Yields pairs (name of the model, address) where an answer has the mark of a hidden record."""
    marks = {model.__name__: mark_of(model) for model in publishable_models()}
    answered = 0
    for address in public_addresses():
        response = client.get(address)
        assert response.status_code < 500, address
        answered += response.status_code == 200
        body = b"".join(response) if response.streaming else response.content
        text = body.decode(errors="replace")
        found = [name for name, mark in marks.items() if mark in text]
        # Search forms repeat the visitor's own word, which is written in small letters.
        if MARK in text and not found:
            found = ["of unknown model"]
        yield from ((name, address) for name in found)
    assert answered > 20, "hardly any page answered: the walk proves nothing"


def not_shown(client):
    """The names of the models of which the walk finds no record; it ends when all are found."""
    missing = {model.__name__ for model in publishable_models()}
    for name, _address in shown_at(client):
        missing.discard(name)
        if not missing:
            break
    return missing


@pytest.mark.parametrize("state", sorted(hidden_states()))
def test_the_public_never_sees_it(state):
    PublicWorld(state)
    seen = [f"{name} ({state}) at {address}" for name, address in shown_at(Client())]
    assert not seen, "\n".join(seen)


def test_its_own_page_is_not_found(client):
    for record in PublicWorld("draft").hidden.values():
        if hasattr(record, "get_absolute_url"):
            address = record.get_absolute_url()
            assert client.get(address).status_code == 404, address


@pytest.mark.parametrize("model", publishable_models(), ids=lambda model: model.__name__)
def test_the_walk_would_find_it(model):
    """The counter-proof: the same record, published, is found by the same walk, and no other."""
    hidden = PublicWorld("draft").hidden[model]
    type(hidden).objects.filter(pk=hidden.pk).update(status="published")
    name, _address = next(shown_at(Client()), (None, None))
    assert name == model.__name__


def test_staff_who_may_edit_see_it():
    PublicWorld("draft")
    staff = Client()
    staff.force_login(get_user_model().objects.create_superuser("chief", password="x"))
    assert not_shown(staff) == set()
