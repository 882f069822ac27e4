import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.utils import translation

from tests.exchange.conftest import empty_site, site  # noqa: F401 - fixtures
from tests.factories import make_staff


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


@pytest.fixture(autouse=True)
def _own_var(settings, tmp_path):
    """Progress files of a test lie in its own folder."""
    settings.VAR_DIR = tmp_path
    return tmp_path


@pytest.fixture
def signed_in(db):
    """``signed_in("ann", "units.import_unit")``: a client of staff with just these rights."""

    def sign_in(name, *rights, superuser=False):
        user = make_staff(name, None if superuser else "editor")
        user.groups.clear()
        for right in rights:
            label, codename = right.split(".")
            user.user_permissions.add(
                Permission.objects.get(content_type__app_label=label, codename=codename)
            )
        client = Client(headers={"accept-language": "en"})
        client.user = user
        client.force_login(user)
        return client

    return sign_in


@pytest.fixture
def boss(signed_in):
    return signed_in("boss", superuser=True)
