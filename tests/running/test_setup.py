"""``make run``: what it makes, what it keeps, what it says when it cannot."""

import re
import socket
import subprocess
import sys

import pytest
from django.conf import settings

from mia_site import ports
from tests.running.server import Visitor, manage, serving

pytestmark = pytest.mark.concurrency


COUNTS = """
from django.contrib.auth.models import User
from history.models import Event
from units.models import Unit
print(Unit.objects.count(), Event.objects.count(), User.objects.count())
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """A site that was set up once: ``(variables, what the set-up said)``."""
    variables = {"VAR_DIR": str(tmp_path_factory.mktemp("site"))}
    code, said = manage("setup_site", **variables)
    assert code == 0, said
    return variables, said


def ask(variables, statement):
    code, said = manage("shell", "-v", "0", "-c", statement, **variables)
    assert code == 0, said
    return said.strip().splitlines()[-1]


def test_the_first_run_loads_the_content_and_shows_a_password_that_works(site):
    variables, said = site
    assert re.search(r"Content +loaded: \d+ units", said)
    password = re.search(r"password +(\S+)", said)[1]
    with serving(**variables) as (address, log):
        visitor = Visitor(address)
        assert visitor.sign_in("admin", password)[0] == 200
        assert visitor.get("/admin/units/unit/")[0] == 200
        for path in ("/az/", "/en/", "/en/structure/", "/readyz"):
            assert visitor.get(path)[0] == 200, path
        assert visitor.get("/en/no-such-page/")[0] == 404
        _status, html = visitor.get("/en/")
        style = re.search(r'href="(/static/css/site\.[0-9a-f]+\.css)"', html)[1]
        assert visitor.get(style)[0] == 200
        assert password not in log()
        assert re.search(r"\[[0-9a-f]{12}\] GET /en/ 200 \d+ ms", log())


def test_pages_stand_and_are_dressed_before_static_files_are_collected(tmp_path):
    variables = {"VAR_DIR": str(tmp_path)}
    assert manage("migrate", "-v", "0", **variables)[0] == 0
    with serving(**variables) as (address, _log):
        visitor = Visitor(address)
        status, html = visitor.get("/en/")
        assert status == 200
        assert visitor.get(re.search(r'href="(/static/css/site\.css)"', html)[1])[0] == 200
        assert visitor.get("/en/no-such-page/")[0] == 404


def test_the_next_run_doubles_nothing_loses_no_edit_and_shows_no_password(site):
    variables, _said = site
    edit = "from units.models import Unit; u = Unit.objects.first(); "
    ask(variables, edit + "u.name_en = 'Edited'; u.save(); print(1)")
    ask(variables, "from history.models import Event; print(Event.objects.first().delete()[0])")
    before = ask(variables, COUNTS)
    code, said = manage("setup_site", **variables)
    assert code == 0, said
    assert "password" not in said
    assert "kept as edited" in said
    assert said.count("up to date") == 3
    assert ask(variables, COUNTS) == before
    assert ask(variables, edit + "print(u.name_en)") == "Edited"


def test_a_forgotten_password_is_replaced(site):
    variables, _said = site
    code, said = manage("new_password", **variables)
    assert code == 0
    password = re.search(r"password +(\S+)", said)[1]
    check = "from django.contrib.auth.models import User; user = User.objects.get(username='admin')"
    check += f"; print(user.check_password({password!r}))"
    assert ask(variables, check) == "True"
    code, said = manage("new_password", "nobody", **variables)
    assert code != 0
    assert "no user “nobody”" in said
    assert "admin" in said


def test_a_database_that_is_away_is_a_sentence(tmp_path):
    url = "postgres://nobody@127.0.0.1:1/none"
    code, said = manage("setup_site", VAR_DIR=str(tmp_path), DATABASE_URL=url)
    assert code != 0
    assert "DATABASE_URL leads to none on 127.0.0.1:1" in said
    assert "Traceback" not in said


def test_with_redis_away_the_site_works_and_still_counts_wrong_passwords(site):
    variables, _said = site
    with serving(**variables, CACHE_URL="redis://127.0.0.1:1/0") as (address, log):
        visitor = Visitor(address)
        assert visitor.get("/en/")[0] == 200
        status, body = visitor.get("/readyz")
        assert status == 200
        assert '"cache": "unreachable"' in body
        statuses = [Visitor(address).sign_in("admin", f"wrong{n}")[0] for n in range(6)]
        assert statuses == [200] * 5 + [429]
        assert "going on without it" in log()
        assert "Traceback" not in log()


def test_a_taken_port_is_said_before_any_work(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = subprocess.run(
            [sys.executable, "scripts/bootstrap.py", "run", "--port", str(port)],
            cwd=settings.BASE_DIR,
            capture_output=True,
            text=True,
        )
    assert done.returncode != 0
    assert f"Port {port} is taken" in done.stderr
    assert "make run PORT=" in done.stderr
    assert done.stdout == ""


@pytest.mark.parametrize("port", ["abc", "0", "70000", "-1", "", "80 90"])
def test_what_is_no_port_is_said(port):
    assert "is not a port" in ports.problem("127.0.0.1", port)


def test_a_host_of_somebody_else_is_said():
    assert "HOST" in ports.problem("no-such-host.invalid", 8000)
    assert "HOST" in ports.problem("192.0.2.1", 8000)


@pytest.mark.parametrize(
    ("said", "advice"),
    [
        (
            "Retrying (Retry(total=4)) after connection broken by NewConnectionError",
            "no way to the",
        ),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE", "not the one"),
        ("ERROR: No matching distribution found for granian==2.8.7", "PYTHON=python3.11"),
    ],
)
def test_what_pip_says_is_put_into_words(said, advice):
    sys.path.insert(0, str(settings.BASE_DIR / "scripts"))
    import bootstrap

    assert advice in bootstrap._advice(said)


def test_make_help_names_every_command():
    done = subprocess.run(["make", "help"], cwd=settings.BASE_DIR, capture_output=True, text=True)
    for command in ("run", "dev", "test", "check", "setup", "password", "messages", "help"):
        assert re.search(rf"^  {command} ", done.stdout, re.MULTILINE), command
