"""How much the search index costs an import, and how long a search takes among many units.

    python benchmarks/search.py                       # SQLite
    DATABASE_URL=postgres://… python benchmarks/search.py
    python benchmarks/search.py --size 20000 --runs 5

Makes a database of its own (Django's test database). Times of searches are medians of a whole page
(view and template); "CPU" is what this process used, to which on PostgreSQL "database" is added:
the time that the server took for the queries.
"""

import argparse
import csv
import os
import random
import statistics
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mia_site.settings")
os.environ.setdefault("LOG_REQUESTS", "false")

HEADINGS = ["code", "parent", "kind", "name_az", "name_en", "founded", "status"]
PLACES = ["Bakı", "Gəncə", "Şəki", "Mərdəkan", "Naxçıvan", "Quba", "Lənkəran", "Ağdam", "Şuşa"]
WORK = ["yol polisi", "miqrasiya", "yanğından mühafizə", "cinayət axtarışı", "növbə", "arxiv"]
ENGLISH = ["road police", "migration", "fire protection", "criminal search", "duty", "archive"]

QUERIES = {
    "a word in all names": "idarə",
    "its beginning": "id",
    "two words in all names": "idarə respublika",
    "a word in one ninth": "gence",
    "three words": "gence yol polisi",
    "one unit by its number": "123456",
    "beginning of many numbers": "12",
    "a mistyped word": "mardakna",
    "a mistyped word among others": "yol polsii gence",
    "any word": "gence zeppelin",
    "nothing": "qwertz",
}


def rows_of(count, seed=1):
    """A tree of units with names of five to eight words, in random order."""
    chance = random.Random(seed)
    rows = []
    for n in range(count):
        place, work = chance.choice(PLACES), chance.randrange(len(WORK))
        parent = f"U/{chance.randrange(max(0, n // 2 - 50), max(1, n // 2 + 1))}" if n else ""
        rows.append(
            [
                f"U/{n}", parent, ("Department", "Directorate", "Office")[n % 3],
                f"Respublika {place} {WORK[work]} idarəsi № {n}",
                f"Republican {ENGLISH[work]} office number {n}",
                str(1800 + n % 220), "published",
            ]
        )  # fmt: skip
    chance.shuffle(rows)
    return rows


def empty():
    from django.contrib.admin.models import LogEntry
    from django.db import connection

    from search.models import SearchEntry, SearchWord
    from units.models import Unit, UnitKind

    tables = [m._meta.db_table for m in (Unit, UnitKind, LogEntry, SearchEntry, SearchWord)]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"TRUNCATE {', '.join(tables)} CASCADE")
            return
        cursor.execute("PRAGMA foreign_keys = OFF")
        for table in tables:
            cursor.execute(f"DELETE FROM {table}")
        cursor.execute("PRAGMA foreign_keys = ON")


def import_seconds(path):
    """Seconds by the clock and of CPU."""
    import exchange
    from exchange.writing.apply import run

    start, cpu = time.perf_counter(), time.process_time()
    plan, applied = run(exchange.read(path, "units"))
    assert applied, [str(problem) for problem in plan.problems][:3]
    return time.perf_counter() - start, time.process_time() - cpu


def searching_seconds(client, query, runs, path="/az/search/"):
    """Medians: CPU of this process, time that the database took; and queries, hits."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    cpu, database = [], []
    for _ in range(runs):
        start = time.process_time()
        response = client.get(path, {"q": query})
        cpu.append(time.process_time() - start)
        assert response.status_code == 200
        with CaptureQueriesContext(connection) as captured:
            client.get(path, {"q": query})
        database.append(sum(float(one["time"]) for one in captured))
    return statistics.median(cpu), statistics.median(database), len(captured)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--size", type=int, default=226_000)
    parser.add_argument("--runs", type=int, default=9)
    parser.add_argument("--imports", type=int, default=1)
    arguments = parser.parse_args()
    import django

    django.setup()
    from django.conf import settings
    from django.db import connection
    from django.test import Client
    from django.utils import translation

    translation.activate("en")
    settings.STORAGES["staticfiles"]["BACKEND"] = (
        "django.contrib.staticfiles.storage.StaticFilesStorage"
    )
    settings.ALLOWED_HOSTS = ["*"]
    folder = tempfile.mkdtemp()
    if connection.vendor == "sqlite":
        connection.settings_dict["TEST"]["NAME"] = f"{folder}/benchmark.sqlite3"
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        measure(arguments, folder, connection, Client())
    finally:
        connection.creation.destroy_test_db("benchmark", verbosity=0)


def measure(arguments, folder, connection, client):
    from exchange.signals import applied
    from search import upkeep

    path = Path(folder) / "units.csv"
    with open(path, "w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([HEADINGS, *rows_of(arguments.size)])
    print(f"{connection.vendor}, {arguments.size:,} units")
    times = {"without": [], "with": []}
    for _ in range(arguments.imports):
        for way in times:
            empty()
            if way == "without":
                applied.disconnect(dispatch_uid="search")
            else:
                upkeep.listen()
            times[way].append(import_seconds(path))
            wall, cpu = times[way][-1]
            print(f"  import {way} index  {wall:.1f} s, CPU {cpu:.1f} s", flush=True)
    for number, what in enumerate(("time", "CPU of this process")):
        before, after = (statistics.median(v[number] for v in way) for way in times.values())
        print(f"  the index adds       {(after / before - 1) * 100:.0f} % of {what}")
    start = time.perf_counter()
    assert not sum(number for _kind, number in upkeep.differences())
    print(f"  check_search         {time.perf_counter() - start:.1f} s")
    empty_index()
    start = time.perf_counter()
    upkeep.repair()
    print(f"  rebuild from nothing {time.perf_counter() - start:.1f} s", flush=True)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    client.get("/az/search/?q=warm")
    print(f"  {'search':<32}{'CPU':>8}{'database':>10}{'queries':>9}")
    for name, query in QUERIES.items():
        show(name, *searching_seconds(client, query, arguments.runs))
    for query in ("i", "id", "idar", "gen"):
        found = searching_seconds(client, query, arguments.runs, "/az/search/suggest/")
        show(f"suggestions for {query}", *found)


def show(name, cpu, database, queries):
    print(f"  {name:<32}{cpu * 1000:>5.0f} ms{database * 1000:>7.0f} ms{queries:>9}", flush=True)


def empty_index():
    from django.db import connection

    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("TRUNCATE search_searchentry")
        else:
            cursor.execute("DELETE FROM search_searchentry")


if __name__ == "__main__":
    main()
