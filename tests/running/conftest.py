"""A site of its own for tests that start the real server."""

import os

import psycopg
import pytest
from django.conf import settings


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """Environment of a site of its own, on the database that the tests run on."""
    variables = {"VAR_DIR": str(tmp_path_factory.mktemp("site")), "LOG_REQUESTS": "true"}
    database = settings.DATABASES["default"]
    if database["ENGINE"] != "django.db.backends.postgresql":
        yield variables
        return
    name = f"mia_running_{os.getpid()}"
    server = {"host": database["HOST"], "port": database["PORT"] or 5432, "user": database["USER"]}
    server |= {"password": database["PASSWORD"], "dbname": "postgres"}
    with psycopg.connect(**server, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    login = f"{server['user']}:{server['password']}".rstrip(":")
    place = f"{server['host']}:{server['port']}"
    yield variables | {"DATABASE_URL": f"postgres://{login}@{place}/{name}"}
    with psycopg.connect(**server, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
