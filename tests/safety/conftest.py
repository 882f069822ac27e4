"""A site with everything in it."""

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.test import Client

from mia_site.content import CONTENT_FIXTURES


@pytest.fixture
def content(db):
    call_command("loaddata", *CONTENT_FIXTURES, verbosity=0)


@pytest.fixture
def superuser(db):
    return get_user_model().objects.create_superuser("root", "root@example.org", "x")


@pytest.fixture
def editor(db):
    user = get_user_model().objects.create_user("editor", password="x", is_staff=True)
    user.groups.add(Group.objects.get(name="editor"))
    return user


@pytest.fixture
def visitors(superuser, editor):
    """``(who, client)`` for everybody; a failing view answers 500 instead of ending the test."""
    clients = {"anonymous": None, "editor": editor, "superuser": superuser}
    result = []
    for name, user in clients.items():
        client = Client(raise_request_exception=False)
        if user:
            client.force_login(user)
        result.append((name, client))
    return result
