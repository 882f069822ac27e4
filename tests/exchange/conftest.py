import os

import pytest
from django.conf import settings
from django.db import connection
from django.utils import translation

from tests.exchange.processes import manage


@pytest.fixture(autouse=True)
def english():
    """Sentences are asserted in English, whatever language the site starts with."""
    with translation.override("en"):
        yield


@pytest.fixture
def site(tmp_path):
    """Environment of processes with a site of their own.

    On PostgreSQL its database is that of the tests, so they are marked
    ``django_db(transaction=True)``.
    """
    env = {**os.environ, "VAR_DIR": str(tmp_path / "var"), "PYTHONPATH": str(settings.BASE_DIR)}
    if connection.vendor == "postgresql":
        own = connection.settings_dict
        env["DATABASE_URL"] = (
            f"postgres://{own['USER']}:{own['PASSWORD']}@{own['HOST']}:{own['PORT']}/{own['NAME']}"
        )
    else:
        env.pop("DATABASE_URL", None)
        manage(env, "migrate", "--verbosity", "0").wait(120)
    return env
