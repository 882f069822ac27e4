"""Open data of a large institution: ``python -m benchmarks.open_data [units] [--files]``.

Works on a test database beside the one that DATABASE_URL names, as ``benchmarks.tree`` does. Prints
for each address the queries, the median CPU and wall time of five requests and the size of the
answer; with ``--files`` also, for each file of everything and the structure of a date, the CPU and
wall seconds and the memory of this process: before, and at most meanwhile (Linux).
"""

import gc
import os
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

import django

from benchmarks.tree import fill

ADDRESSES = [
    "/api/v1/units",
    "/api/v1/units?limit=500",
    "/api/v1/units?on=1992",
    "/api/v1/units?parent=u0000001",
    "/api/v1/units?parent=u0000001&on=1992",
    "/api/v1/units?q=no+such+name",
    "/api/v1/units?updated_since=2999-01-01",
    "/api/v1/units/u0112233",
    "/api/v1/units/u0112233?on=1992",
    "/en/news.atom",
    "/en/units/u112233/news.atom",
    "/en/open-data/",
    "/sitemap.xml",
    "/sitemap-units-23.xml",
    "/open-data/structure.csv?on=1992",
]


def measure(client, address):
    """Queries, median CPU and wall milliseconds, bytes."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    walls, cpus = [], []
    runs = 1 if "structure" in address else 5
    for _ in range(runs):
        with CaptureQueriesContext(connection) as queries:
            wall, cpu = time.perf_counter(), time.process_time()
            response = client.get(address)
            streamed = response.streaming
            size = sum(map(len, response)) if streamed else len(response.content)
            walls.append(time.perf_counter() - wall)
            cpus.append(time.process_time() - cpu)
        assert response.status_code == 200, (address, response.status_code)
    return len(queries), median(cpus) * 1000, median(walls) * 1000, size


def peak_from_now():
    """Megabytes that this process has now, from where its peak is counted anew."""
    Path("/proc/self/clear_refs").write_text("5")
    return peak()


def peak():
    """The most megabytes that this process had."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) // 1024


def show_file(client, address):
    gc.collect()
    before, wall, cpu = peak_from_now(), time.perf_counter(), time.process_time()
    response = client.get(address)
    size = sum(map(len, response))
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    print(
        f"{address:<44}{cpu:>7.1f} s CPU {wall:>7.1f} s {size:>12} bytes, "
        f"{before} MB before, {peak()} MB at most",
        flush=True,
    )


def main():
    words = [one for one in sys.argv[1:] if not one.startswith("--")]
    count = int(words[0]) if words else 226_000
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mia_site.settings")
    os.environ.setdefault("LOG_REQUESTS", "false")
    os.environ.setdefault("DEBUG", "true")  # plain static files
    django.setup()
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection
    from django.test import Client

    from mia_site.content import CONTENT_FIXTURES
    from open_data import files
    from units import tree

    settings.OPEN_DATA_DIR = Path(tempfile.mkdtemp())
    settings.ALLOWED_HOSTS = ["*"]
    if connection.vendor == "sqlite":  # on disk, so that its size is not taken for memory
        connection.settings_dict["TEST"]["NAME"] = f"{tempfile.mkdtemp()}/benchmark.sqlite3"
    usual_name = connection.settings_dict["NAME"]
    connection.creation.create_test_db(verbosity=0, autoclobber=True)
    try:
        if connection.vendor == "postgresql":
            connection.cursor().execute("SET statement_timeout = 0")
        fill(connection, count)
        call_command("loaddata", CONTENT_FIXTURES[-1], verbosity=0)
        tree.renumber()
        if connection.vendor == "postgresql":
            connection.cursor().execute("ANALYZE")
        print(f"{connection.vendor}, {count} units", flush=True)
        client = Client()
        client.get("/api/v1/units?limit=1")
        client.get("/en/open-data/")
        print(f"{'address':<44}{'queries':>8}{'CPU ms':>9}{'ms':>9}{'bytes':>12}")
        for address in ADDRESSES:
            queries, cpu, wall, size = measure(client, address)
            print(f"{address:<44}{queries:>8}{cpu:>9.0f}{wall:>9.0f}{size:>12}", flush=True)
        if "--files" in sys.argv:
            show_file(client, "/open-data/structure.csv?on=1992")
            for one in files.FORMATS:
                show_file(client, f"/open-data/files/{one.name}")
    finally:
        connection.creation.destroy_test_db(usual_name, verbosity=0)


if __name__ == "__main__":
    main()
