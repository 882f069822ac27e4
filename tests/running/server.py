"""The real server in a process of its own, and a browser-like visitor without a browser."""

import http.cookiejar
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from contextlib import contextmanager

from django.conf import settings


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def manage(*arguments, **variables):
    """Runs manage.py under a clean environment; returns (exit code, output)."""
    done = subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=settings.BASE_DIR,
        env={"PATH": os.environ["PATH"]} | variables,
        capture_output=True,
        text=True,
    )
    return done.returncode, done.stdout + done.stderr


@contextmanager
def serving(**variables):
    """Yields ``(address, log)`` of a server that answers; ``log()`` is what it has said."""
    port = free_port()
    folder = variables["VAR_DIR"]
    with open(f"{folder}/server.log", "w+") as said:
        server = subprocess.Popen(
            [sys.executable, "manage.py", "serve", "--port", str(port)],
            cwd=settings.BASE_DIR,
            env={"PATH": os.environ["PATH"]} | variables,
            stdout=said,
            stderr=said,
        )

        def log():
            said.flush()
            with open(f"{folder}/server.log") as text:
                return text.read()

        try:
            address = f"http://127.0.0.1:{port}"
            for _attempt in range(150):
                try:
                    urllib.request.urlopen(f"{address}/healthz", timeout=2)
                    break
                except OSError:
                    assert server.poll() is None, log()
                    time.sleep(0.2)
            else:
                raise AssertionError(f"The server does not answer:\n{log()}")
            yield address, log
        finally:
            server.send_signal(signal.SIGINT)
            try:
                server.wait(20)
            except subprocess.TimeoutExpired:
                server.kill()
                raise AssertionError("The server does not stop at Ctrl-C") from None


class Visitor:
    """Keeps cookies, sends forms with their tokens."""

    def __init__(self, address):
        self.address = address
        jar = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self.opener = urllib.request.build_opener(jar)

    def get(self, path):
        return self._open(path, None)

    def post(self, path, data):
        return self._open(path, urllib.parse.urlencode(data, doseq=True).encode())

    def _open(self, path, data):
        try:
            with self.opener.open(f"{self.address}{path}", data, timeout=60) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode(errors="replace")

    def sign_in(self, login, password):
        _status, html = self.get("/accounts/login/?next=/healthz")
        return self.post(
            "/accounts/login/",
            {"csrfmiddlewaretoken": token(html), "login": login, "password": password,
             "next": "/healthz"},
        )  # fmt: skip


def token(html):
    return re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', html)[1]
