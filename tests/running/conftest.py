"""A site of its own for tests that start the real server."""

import os
import shutil

import psycopg
import pytest
from django.conf import settings

from tests.running.server import manage


def set_up(**variables):
    code, said = manage("setup_site", **variables)
    assert code == 0, said


@pytest.fixture(scope="session")
def _prepared(tmp_path_factory):
    folder = tmp_path_factory.mktemp("prepared") / "var"
    set_up(VAR_DIR=str(folder))
    return folder


@pytest.fixture(scope="session")
def new_site(_prepared, tmp_path_factory):
    """``new_site()``: the folder (VAR_DIR) of a site on SQLite as the set-up leaves it, a copy."""

    def copied():
        return shutil.copytree(_prepared, tmp_path_factory.mktemp("site") / "var")

    return copied


@pytest.fixture(scope="module")
def site(request, tmp_path_factory):
    """Environment of a site of its own that was set up, on the database that the tests run on."""
    variables = {"LOG_REQUESTS": "true"}
    database = settings.DATABASES["default"]
    if database["ENGINE"] != "django.db.backends.postgresql":
        yield variables | {"VAR_DIR": str(request.getfixturevalue("new_site")())}
        return
    variables["VAR_DIR"] = str(tmp_path_factory.mktemp("site"))
    name = f"mia_running_{os.getpid()}"
    server = {"host": database["HOST"], "port": database["PORT"] or 5432, "user": database["USER"]}
    server |= {"password": database["PASSWORD"], "dbname": "postgres"}
    with psycopg.connect(**server, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    login = f"{server['user']}:{server['password']}".rstrip(":")
    place = f"{server['host']}:{server['port']}"
    variables["DATABASE_URL"] = f"postgres://{login}@{place}/{name}"
    set_up(**variables)
    yield variables
    with psycopg.connect(**server, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
