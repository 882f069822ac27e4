import os
import shutil

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


@pytest.fixture(scope="session")
def empty_site(tmp_path_factory):
    """The folder (VAR_DIR) of a site on SQLite without any record."""
    folder = tmp_path_factory.mktemp("empty") / "var"
    env = {**os.environ, "VAR_DIR": str(folder), "PYTHONPATH": str(settings.BASE_DIR)}
    env.pop("DATABASE_URL", None)
    assert manage(env, "migrate", "--verbosity", "0").wait(120) == 0
    return folder


@pytest.fixture
def site(request, tmp_path):
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
        shutil.copytree(request.getfixturevalue("empty_site"), env["VAR_DIR"])
    return env
