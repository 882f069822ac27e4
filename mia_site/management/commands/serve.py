"""``manage.py serve``: the site on the real server (granian), one process with threads, and a
worker for long tasks beside it."""

import os
import socket
import sys
from pathlib import Path

from django.conf import settings
from django.core.management import CommandError
from django.core.management.base import BaseCommand

from mia_site import midnight, ports, worker

EVERYWHERE = ("0.0.0.0", "::")  # noqa: S104 - only when asked for by HOST=


class Command(BaseCommand):
    help = "Serves the site until Ctrl-C. DEBUG is off unless the environment says otherwise."

    def add_arguments(self, parser):
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", default="8000")
        parser.add_argument(
            "--no-worker", action="store_true", help="where db_worker runs by itself"
        )
        parser.add_argument("--threads", default="8", help="requests worked on at the same time")

    def handle(self, host, port, threads, no_worker, **options):
        if problem := ports.problem(host, port):
            raise CommandError(problem)
        names = [host] if host not in EVERYWHERE else [*_own_names(), "127.0.0.1"]
        if not settings.PRODUCTION:
            allowed = [*names, os.environ.get("ALLOWED_HOSTS", "")]
            os.environ["ALLOWED_HOSTS"] = ",".join(name for name in allowed if name)
        address = f"http://{_in_address(names[0])}:{port}"
        self.stdout.write(
            f"\n  The site        {address}/\n"
            f"  Editing         {address}/admin/  (password lost: make password)\n"
            "  Stop with Ctrl-C.\n"
        )
        self.stdout.flush()
        granian = str(Path(sys.executable).with_name("granian"))
        command = [granian, "--interface", "wsgi", "--host", host, "--port", str(port), "--no-ws"]
        command += ["--workers", "1", "--blocking-threads", threads]
        command += ["--log-level", "error", "--workers-kill-timeout", "10"]
        midnight.attempt()  # what was missed while nothing ran
        if not no_worker:
            worker.start()
        os.execv(granian, [*command, "mia_site.wsgi:application"])  # noqa: S606 - no shell


def _own_names():
    """Under which names other devices in the same network may ask for this machine."""
    names = []
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # sends nothing; only chooses the way out
            names.append(probe.getsockname()[0])
        except OSError:
            pass
    return [*names, socket.gethostname()]


def _in_address(host):
    return f"[{host}]" if ":" in host else host
