"""Production refuses to start half-configured, and every variable is explained."""

import ast
import os
import re
import subprocess
import sys

import pytest
from django.conf import settings as site

BASE = site.BASE_DIR
GOOD = {
    "SITE_MODE": "production",
    "SECRET_KEY": "k3y-" + "abcdefghijklmnopqrstuvwxyz0123456789" * 2,
    "ALLOWED_HOSTS": "example.org",
    "DATABASE_URL": "postgres://site:site@127.0.0.1:5432/site",
}


def start(tmp_path, *command, **variables):
    """Runs manage.py with just these variables; returns (exit code, what it said)."""
    kept = {"PATH": os.environ["PATH"], "VAR_DIR": str(tmp_path / "var")}
    done = subprocess.run(
        [sys.executable, "manage.py", *(command or ("check", "--fail-level", "CRITICAL"))],
        cwd=BASE,
        env=kept | {name: value for name, value in variables.items() if value is not None},
        capture_output=True,
        text=True,
    )
    return done.returncode, done.stdout + done.stderr


def test_production_starts_with_everything(tmp_path):
    code, said = start(tmp_path, "check", "--deploy", "--fail-level", "WARNING", **GOOD)
    assert code == 0, said
    assert not (tmp_path / "var").exists()  # no key of its own making


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"SECRET_KEY": None}, "needs SECRET_KEY"),
        ({"SECRET_KEY": "  "}, "needs SECRET_KEY"),
        ({"SECRET_KEY": "short"}, "shorter than 50"),
        ({"SECRET_KEY": "a" * 60}, "easy to guess"),
        ({"SECRET_KEY": "django-insecure-" + "abcdefgh" * 8}, "easy to guess"),
        ({"ALLOWED_HOSTS": None}, "needs ALLOWED_HOSTS"),
        ({"ALLOWED_HOSTS": "*"}, "'*' is not accepted"),
        ({"ALLOWED_HOSTS": "example.org, *"}, "'*' is not accepted"),
        ({"DATABASE_URL": None}, "needs DATABASE_URL"),
        ({"DATABASE_URL": "nonsense"}, "DATABASE_URL"),
        ({"DATABASE_URL": "mysql://a@b/c"}, "sqlite:/// or postgres://"),
        ({"DEBUG": "true"}, "DEBUG must be off"),
        ({"SITE_MODE": "prod"}, "Write 'embedded'"),
        ({"LOG_LEVEL": "loud"}, "LOG_LEVEL"),
        ({"TRUSTED_PROXY_COUNT": "two"}, "whole number"),
        ({"DATABASE_CONN_MAX_AGE": "-1"}, "whole number"),
    ],
)
def test_production_refuses_to_start(tmp_path, changed, sentence):
    code, said = start(tmp_path, **(GOOD | changed))
    assert code != 0
    assert sentence in said
    assert "ImproperlyConfigured" in said


def test_the_embedded_mode_needs_nothing_and_makes_a_key_of_its_own(tmp_path):
    code, said = start(tmp_path)
    assert code == 0, said
    key = tmp_path / "var" / "secret_key"
    assert len(key.read_text()) >= 60
    assert key.stat().st_mode & 0o077 == 0
    before = key.read_text()
    start(tmp_path)
    assert key.read_text() == before


def test_a_folder_that_cannot_be_written_is_said(tmp_path):
    (tmp_path / "var").write_text("a file in the way")
    code, said = start(tmp_path)
    assert code != 0
    assert "set VAR_DIR to another one" in said


READERS = ("required", "words", "whole_number")


def read_variables():
    """Names of the environment that settings.py reads, found in its source."""
    names = set()
    for node in ast.walk(ast.parse((BASE / "mia_site" / "settings.py").read_text())):
        if not (isinstance(node, ast.Call) and node.args):
            continue
        function = node.func
        reads = (
            isinstance(function, ast.Attribute)
            and isinstance(function.value, ast.Name)
            and function.value.id == "env"
        ) or (
            isinstance(function, ast.Name) and function.id in ("required", "words", "whole_number")
        )
        first = node.args[0]
        if reads and isinstance(first, ast.Constant):
            names.add(first.value)
    return names


def test_every_variable_is_documented_and_no_other():
    text = (BASE / "docs" / "settings.md").read_text()
    documented = set(re.findall(r"^### `([A-Z_]+)`", text, re.MULTILINE))
    assert len(read_variables()) > 10
    assert documented == read_variables()
    for part in re.split(r"^### ", text, flags=re.MULTILINE)[1:]:
        for word in ("Example:", "Required:"):
            assert word in part, part.splitlines()[0]
