"""Eight editors save at once through the real server: every one is answered, nothing is lost."""

import threading
import time

import pytest

from tests.running.forms import change, opened
from tests.running.server import Visitor, manage, serving

EDITORS = 8
SECONDS = 12
PASSWORD = "a-long-enough-one"

MAKE_EDITORS = f"""
from django.contrib.auth.models import User
for n in range({EDITORS}):
    User.objects.create_superuser(f"editor{{n}}", f"editor{{n}}@example.org", {PASSWORD!r})
"""


# Records that all of them write, and the field to which each adds its lines.
SHARED = [
    ("/admin/units/unit/1/change/", "summary_en"),
    ("/admin/history/event/1/change/", "summary_en"),
    ("/admin/people/post/1/change/", "how_filled_en"),
    ("/admin/pages/page/1/change/", "summary_en"),
]

COUNT_SOURCES = """
print("stored", Source.objects.filter(code__startswith="source-").count())
"""


@pytest.mark.concurrency
def test_eight_editors_saving_at_once(site):
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
                    visitor, "/admin/sources/source/add/",
                    code=f"source-{number}-{turn}", title_az=title, title_en=title, kind="law",
                )  # fmt: skip
                slowest[0] = max(slowest[0], time.perf_counter() - began)
                answers.append(status)
                if status == 200 and "errornote" not in html:
                    saved.append(title)
                # All eight add a line to the same few records, too: the first to save wins, the
                # others are told and lose nothing that they typed.
                path, field = SHARED[turn % len(SHARED)]
                form = opened(visitor, path)
                line = f"line {number}-{turn}"
                text = f"{dict(form.values)[field]}\n{line}"
                status, html = visitor.post(path, form.filled(**{field: text, "_continue": "1"}))
                answers.append(status)
                if "errornote" not in html:
                    won.append((path, field, line))
                else:
                    told.append(line in html)

        first = Visitor(address)
        first.sign_in("editor0", PASSWORD)
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
        assert all(told)
        stored = {path: dict(opened(first, path).values) for path, _field in SHARED}
        lost = [row for row in won if row[2] not in stored[row[0]][row[1]].splitlines()]
        print(
            f"{len(answers)} saves in {SECONDS} s: {len(saved)} new rows, {len(SHARED)} rows "
            f"written {len(won)} times, {len(lost)} of these lost, {len(told)} editors told of "
            f"another; slowest {slowest[0]:.1f} s"
        )
        assert lost == []
    _code, said = manage("shell", "-c", COUNT_SOURCES, **site)
    assert f"stored {len(saved)}" in said
    code, said = manage("check_tree", **site)
    assert code == 0, said
