"""Eight editors save at once through the real server: every one is answered, nothing is lost."""

import html as html_module
import os
import re
import threading
import time
from html.parser import HTMLParser

import psycopg
import pytest
from django.conf import settings

from tests.running.server import Visitor, manage, serving

EDITORS = 8
SECONDS = 12
PASSWORD = "a-long-enough-one"

MAKE_EDITORS = f"""
from django.contrib.auth.models import User
for n in range({EDITORS}):
    User.objects.create_superuser(f"editor{{n}}", f"editor{{n}}@example.org", {PASSWORD!r})
"""


COUNT_SOURCES = """
from history.models import Source
print("stored", Source.objects.filter(code__startswith="source-").count())
"""


@pytest.fixture
def site(tmp_path):
    """Environment of a site of its own, on the database that the tests run on."""
    variables = {"VAR_DIR": str(tmp_path), "LOG_REQUESTS": "true"}
    database = settings.DATABASES["default"]
    if database["ENGINE"] != "django.db.backends.postgresql":
        yield variables
        return
    name = f"mia_eight_editors_{os.getpid()}"
    server = {"host": database["HOST"], "port": database["PORT"] or 5432, "user": database["USER"]}
    server |= {"password": database["PASSWORD"], "dbname": "postgres"}
    with psycopg.connect(**server, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    login = f"{server['user']}:{server['password']}".rstrip(":")
    place = f"{server['host']}:{server['port']}"
    yield variables | {"DATABASE_URL": f"postgres://{login}@{place}/{name}"}
    with psycopg.connect(**server, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


class Form(HTMLParser):
    """The values of a page's fields, as a browser would send them."""

    def __init__(self, html):
        super().__init__()
        self.values = []
        self.select = self.area = None
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        a = dict(attrs)
        if tag == "input" and a.get("name"):
            kind = a.get("type", "text")
            if kind in ("submit", "file", "button", "image"):
                return
            if kind not in ("checkbox", "radio") or "checked" in a:
                self.values.append((a["name"], a.get("value", "on" if kind == "checkbox" else "")))
        elif tag == "textarea":
            self.area, self.text = a.get("name"), ""
        elif tag == "select":
            self.select = a.get("name")
        elif tag == "option" and self.select and "selected" in a:
            self.values.append((self.select, a.get("value", "")))

    def handle_data(self, data):
        if self.area:
            self.text += data

    def handle_endtag(self, tag):
        if tag == "textarea" and self.area:
            self.values.append((self.area, self.text.lstrip("\n")))
            self.area = None
        elif tag == "select":
            self.select = None


def change(visitor, path, **fields):
    """Opens a form, changes fields in it, sends it; returns (status, html)."""
    status, html = visitor.get(path)
    assert status == 200, (path, status)
    # The page's other forms (language, sign-out) have no fields of these names.
    values = [
        (n, v) for n, v in Form(html).values if n not in fields and n not in ("language", "next")
    ]
    seen = {}
    for name, value in values:
        seen.setdefault(name, []).append(value)
    seen["csrfmiddlewaretoken"] = seen["csrfmiddlewaretoken"][-1:]
    return visitor.post(path, {**seen, **fields, "_continue": "1"})


@pytest.mark.concurrency
def test_eight_editors_saving_at_once(site):
    code, said = manage("setup_site", **site)
    assert code == 0, said
    code, said = manage("shell", "-c", MAKE_EDITORS, **site)
    assert code == 0, said
    with serving(**site) as (address, log):
        answers, saved, won, told, broken, slowest = [], [], [], [], [], [0.0]
        until = []

        def safely(number):
            try:
                edit(number)
            except Exception as error:  # noqa: BLE001 - an exception in a thread would otherwise go unseen
                broken.append(repr(error))

        def edit(number):
            visitor = Visitor(address)
            visitor.sign_in(f"editor{number}", PASSWORD)
            ready.wait()
            turn = 0
            while time.monotonic() < until[0]:
                turn += 1
                title = f"Source {number}-{turn}"
                began = time.perf_counter()
                status, html = change(
                    visitor, "/admin/history/source/add/",
                    code=f"source-{number}-{turn}", title_az=title, title_en=title, kind="law",
                )  # fmt: skip
                slowest[0] = max(slowest[0], time.perf_counter() - began)
                answers.append(status)
                if status == 200 and "errornote" not in html:
                    saved.append(title)
                # All eight write one and the same row, too: the first to save wins, the others
                # are told and lose nothing that they typed.
                status, html = change(visitor, unit_form, jurisdiction_en=f"by editor {number}")
                answers.append(status)
                (won if "errornote" not in html else told).append(html)

        first = Visitor(address)
        first.sign_in("editor0", PASSWORD)
        _status, listed = first.get("/admin/units/unit/?q=academy")
        unit_form = html_module.unescape(re.search(r"/admin/units/unit/\d+/change/", listed)[0])
        ready = threading.Barrier(EDITORS, action=lambda: until.append(time.monotonic() + SECONDS))
        threads = [threading.Thread(target=safely, args=(number,)) for number in range(EDITORS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert broken == []
        assert set(answers) == {200}, log()[-4000:]
        assert "Traceback" not in log(), log()[-4000:]
        assert "locked" not in log()
        assert len(saved) >= EDITORS
        assert won
        assert all("by editor" in html for html in told)
        print(
            f"{len(answers)} saves in {SECONDS} s: {len(saved)} new rows, one row written "
            f"{len(won)} times, {len(told)} editors told of another; slowest {slowest[0]:.1f} s"
        )
    _code, said = manage("shell", "-c", COUNT_SOURCES, **site)
    assert f"stored {len(saved)}" in said
    code, said = manage("check_tree", **site)
    assert code == 0, said
