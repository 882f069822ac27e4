"""A worker runs beside the server, is started again when it dies, and ends with the server."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import suppress

from tests.running.server import manage, serving

KEEP = """
import os, subprocess, sys, time
subprocess.Popen([sys.executable, "-c", '''
import os, sys
from mia_site.worker import keep
work = "import os, time; open({file!r}, 'a').write(str(os.getpid()) + ' '); time.sleep(60)"
keep(os.getppid(), [sys.executable, "-c", work], pause=0.1)
'''])
time.sleep(60)
"""
UPLOAD = """
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from exchange.desk.imports import jobs, tasks
user = User.objects.create_superuser("importer", password="uzun bir söz")
rows = "".join(f"u-{n},Office {n}\\n" for n in range(5000))
file = SimpleUploadedFile("big.csv", ("code,name_en\\n" + rows).encode())
tasks.start_checking(jobs.create(user, file, kind="units", new_status="draft"))
"""


def eventually(found, seconds=20):
    until = time.monotonic() + seconds
    while not (result := found()) and time.monotonic() < until:
        time.sleep(0.1)
    return result


def runs(pid):
    with suppress(OSError):
        os.kill(pid, 0)
        return True
    return False


def test_the_keeper_starts_a_worker_again_and_ends_with_its_parent(tmp_path):
    file = tmp_path / "workers"
    file.touch()

    def workers():
        return [int(word) for word in file.read_text().split()]

    server = subprocess.Popen([sys.executable, "-c", KEEP.replace("{file!r}", repr(str(file)))])
    try:
        first = eventually(workers)[0]
        os.kill(first, signal.SIGKILL)
        assert eventually(lambda: len(workers()) > 1)
        second = workers()[1]
        assert runs(second)
    finally:
        server.kill()  # without a word to anybody
        server.wait()
    assert eventually(lambda: not runs(second))


def test_the_server_has_a_worker_that_takes_up_what_waits(tmp_path):
    variables = {"VAR_DIR": str(tmp_path), "LANG": "C.UTF-8"}
    status, said = manage("migrate", "--verbosity", "0", **variables)
    assert status == 0, said
    status, said = manage("shell", "-c", UPLOAD, **variables)
    assert status == 0, said

    def state():
        with sqlite3.connect(tmp_path / "site.sqlite3", timeout=20) as database:
            return database.execute("SELECT state FROM exchange_importjob").fetchone()[0]

    assert state() == "checking"
    with serving(**variables) as (_address, log):
        assert eventually(lambda: state() == "ready", 30), log()
