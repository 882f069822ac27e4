"""Eight editors save at once through the real server: every one is answered, nothing is lost."""

import html as html_module
import re
import threading
import time

import pytest

from tests.running.forms import change
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
