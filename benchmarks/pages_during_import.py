"""Do public pages answer as before while 20,000 units are imported?

    DATABASE_URL=postgres://… python benchmarks/pages_during_import.py [--rows 20000]

Makes Django's test database (on PostgreSQL; on SQLite an import is the one writer), fills it with
2,000 units, and asks three public pages in turn, in this process and without a cache of pages: for
ten seconds alone, then while ``manage.py import_records`` brings the rows in. Meanwhile an editor
saves a unit again and again with the site's own time-out. Prints the median and the slowest of
each, and what the editor was told.

The server of pages and the import share the machine, so part of what is slower is the processor;
``--idle`` repeats the second half with a process that only computes, for comparison.
"""

import argparse
import logging
import os
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from statistics import median

BASE = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(BASE))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mia_site.settings")

from benchmarks import registers  # noqa: E402

SECONDS_ALONE = 10


def ask(client, addresses, going_on):
    """Milliseconds of each request while ``going_on()``."""
    times, number = [], 0
    while going_on():
        begun = time.perf_counter()
        response = client.get(addresses[number % len(addresses)])
        assert response.status_code == 200, response.status_code
        len(getattr(response, "content", b""))
        times.append((time.perf_counter() - begun) * 1000)
        number += 1
        time.sleep(0.02)
    return times


class Editor(threading.Thread):
    """Saves one unit over and over; ``waits`` in milliseconds, ``told`` what it was told."""

    def __init__(self, code):
        super().__init__(daemon=True)
        self.code, self.waits, self.told, self.failures = code, [], [], []
        self.done = threading.Event()

    def run(self):
        from django.db import connections

        from units import tree
        from units.models import Unit

        while not self.done.is_set():
            begun = time.perf_counter()
            try:
                unit = Unit.objects.get(code=self.code)
                unit.phone = f"{100 + len(self.waits)}"
                unit.save()
            except tree.TreeBusy as busy:
                self.told.append(str(busy))
            except Exception as error:  # noqa: BLE001 - would have been a 500
                self.failures.append(error)
            self.waits.append((time.perf_counter() - begun) * 1000)
            time.sleep(0.05)
        connections.close_all()


def line(what, times):
    print(
        f"  {what:<34} median {median(times):7.1f} ms   slowest {max(times):8.1f} ms   "
        f"{len(times)} times"
    )


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=20_000)
    parser.add_argument("--idle", action="store_true", help="also beside a process that computes")
    arguments = parser.parse_args()
    import django

    django.setup()
    logging.disable(logging.CRITICAL)
    from django.conf import settings
    from django.db import connection
    from django.test import Client

    if connection.vendor != "postgresql":
        raise SystemExit("This measures PostgreSQL: give DATABASE_URL=postgres://…")
    settings.ALLOWED_HOSTS = ["*"]
    # No need to have collected the style sheets.
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}
    connection.settings_dict["TEST"]["NAME"] = "test_pages_during_import"
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        with tempfile.TemporaryDirectory() as folder:
            measure(arguments, Client(), Path(folder), settings.TREE_LOCK_TIMEOUT)
    finally:
        connection.close()
        connection.creation.destroy_test_db("benchmark", verbosity=0)


def measure(arguments, client, folder, lock_timeout):
    import exchange
    from units.models import Unit

    there, coming = folder / "there.csv", folder / "coming.csv"
    registers.write(there, registers.rows_of(2_000, "wide"))
    exchange.run(exchange.read(there, "units"))
    rows = registers.rows_of(arguments.rows, "random", seed=5)
    registers.write(coming, [[f"N{r[0]}", f"N{r[1]}" if r[1] else "", *r[2:]] for r in rows])
    unit = Unit.objects.order_by("lft").first()
    addresses = ["/en/", "/en/structure/", f"/en{unit.get_absolute_url()[3:]}"]
    ask(client, addresses, iter([True] * 9 + [False]).__next__)
    until = time.monotonic() + SECONDS_ALONE
    alone = ask(client, addresses, lambda: time.monotonic() < until)
    print(f"Pages {', '.join(addresses)}; lock time-out {lock_timeout} s")
    line("pages alone", alone)
    if arguments.idle:
        other = subprocess.Popen([sys.executable, "-c", "while True: pass"])
        until = time.monotonic() + SECONDS_ALONE
        beside = ask(client, addresses, lambda: time.monotonic() < until)
        line("beside a process that computes", beside)
        other.kill()
        other.wait()
    editor = Editor(unit.code)
    begun = time.monotonic()
    running = subprocess.Popen(
        [sys.executable, "manage.py", "import_records", "units", str(coming)],
        cwd=BASE,
        env={**os.environ, "DATABASE_URL": address_of_test_database()},
        stdout=subprocess.PIPE,
        text=True,
    )
    editor.start()
    during = ask(client, addresses, lambda: running.poll() is None)
    seconds = time.monotonic() - begun
    editor.done.set()
    editor.join()
    assert running.returncode == 0, running.stdout.read()
    line(f"pages during the import ({seconds:.0f} s)", during)
    line("the editor's saves and refusals", editor.waits)
    print(f"  the editor was told to try again {len(editor.told)} times; errors: {editor.failures}")
    for sentence in sorted(set(editor.told)):
        print(f"    “{sentence}”")


def address_of_test_database():
    from django.db import connection

    own = connection.settings_dict
    password = f":{own['PASSWORD']}" if own["PASSWORD"] else ""
    return f"postgres://{own['USER']}{password}@{own['HOST']}:{own['PORT'] or 5432}/{own['NAME']}"


if __name__ == "__main__":
    main()
