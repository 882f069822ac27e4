"""What pages of the past cost over a large tree: CPU of the process and time, medians.

    python benchmarks/as_of.py                        # SQLite
    DATABASE_URL=postgres://… python benchmarks/as_of.py --units 226000

Makes a database of its own (Django's test database): a hundred units below each, founded after
their superiors between 1800 and 2019, every tenth with a former name and every tenth with a
former superior. On SQLite the database works inside the process, so its CPU is counted; on
PostgreSQL the time shows what it takes.
"""

import argparse
import os
import statistics
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mia_site.settings")

BELOW = 100
# English names: two thirds begin with one of these, a third with one of 3,000 Chinese characters.
INITIALS = (
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
    "ÀÇÉÑÖŠŽАБВГДЕЖЗИКЛМНОПРСТУФХЦЧШЭЮЯაბგდევზთიკლმნოპრსტ0123"
)
NAMES = ("Şəki idarəsi", "Polis şöbəsi", "Qərargah", "İstintaq bölməsi", "Əlaqə xidməti")


def fill(count):
    from units.models import DatedName, DatedSuperior, Unit, UnitKind

    kind = UnitKind.objects.create(code="kind", name_az="İdarə", name_en="Office")
    units, names, parents, years = [], [], [], {}
    for n in range(1, count + 1):
        above = (n - 2) // BELOW + 1 if n > 1 else None
        years[n] = min(2019, years[above] + n % 73) if above else 1800
        name = NAMES[n % len(NAMES)] if n % 2 else NAMES[0]
        first = chr(0x4E00 + n * 7 % 9000) if n % 3 == 0 else INITIALS[n % len(INITIALS)]
        units.append(
            Unit(
                pk=n, code=f"u{n}", slug=f"u{n}", name_az=f"{name} {n}",
                name_en=f"{first}ffice {n}", parent_id=above, kind=kind,
                founded=str(years[n]), status="published", order=n,
            )
        )  # fmt: skip
        if n % 10 == 3:
            names.append(
                DatedName(code=f"n{n}", unit_id=n, name_az=f"Köhnə {n}", name_en=f"Old {n}",
                           begin=str(years[n]), end=str(years[n] + 60))
            )  # fmt: skip
        if n % 10 == 7 and n > BELOW + 2:
            parents.append(
                DatedSuperior(code=f"p{n}", unit_id=n, parent_id=above - 1 or 2,
                             begin=str(years[n]), end=str(years[n] + 60))
            )  # fmt: skip
    Unit.objects.bulk_create(units, batch_size=2000)
    DatedName.objects.bulk_create(names, batch_size=2000)
    DatedSuperior.objects.bulk_create(parents, batch_size=2000)


def measure(do, runs):
    """``(CPU milliseconds, elapsed milliseconds)``, medians after one unmeasured run."""
    do()
    cpu, elapsed = [], []
    for _run in range(runs):
        start, began = time.process_time(), time.perf_counter()
        do()
        cpu.append((time.process_time() - start) * 1000)
        elapsed.append((time.perf_counter() - began) * 1000)
    return statistics.median(cpu), statistics.median(elapsed)


def cases(client):
    from chronology import HistoricalDate
    from structure.as_of import AsOf
    from structure.outline import total
    from units.models import Unit

    def page(address):
        def do():
            response = client.get(address)
            assert response.status_code == 200, address

        return do

    root, middle = (Unit.objects.get(pk=pk) for pk in (1, 20))
    for when in ("", "1925"):
        on = f"on={when}" if when else ""
        as_of_date = HistoricalDate(when) if when else None
        yield f"structure page {when}", page(f"/az/structure/?{on}"), 5
        yield f"branch page {when}", page(f"/az/structure/?branch=u20&{on}"), 5
        yield f"unit page {when}", page(f"/az/units/u20/?{on}"), 5
        yield f"A–Z page {when}", page(f"/az/units/?{on}"), 5
        yield f"A–Z letter Ş, page 20 {when}", page(f"/az/units/?letter=Ş&page=20&{on}"), 5
        yield f"A–Z in English {when}", page(f"/en/units/?{on}"), 5
        yield f"A–Z letter Z in English, page 9 {when}", page(f"/en/units/?letter=Z&page=9&{on}"), 5
        for name, of in (("the top", None), ("one superior", middle)):
            yield (
                f"children of {name} {when}",
                lambda of=of, d=as_of_date: list(
                    (AsOf(d).sub_units(of) if of else AsOf(d).known_tops())[:400]
                ),
                5,
            )
        yield f"whole tree {when}", lambda d=as_of_date: total(AsOf(d).outline), 1
    assert root.slug == "u1"


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--units", type=int, default=226_000)
    options = parser.parse_args()

    import django

    django.setup()
    from django.conf import settings
    from django.db import connection
    from django.test import Client
    from django.test.utils import get_runner

    from exchange.writing.statistics import refresh

    # Not setup_test_environment(): it copies the context of every template that is drawn.
    settings.ALLOWED_HOSTS = ["*"]
    settings.STORAGES["staticfiles"] = {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
    }
    runner = get_runner(settings)(verbosity=0, interactive=False)
    databases = runner.setup_databases()
    try:
        began = time.perf_counter()
        fill(options.units)
        if connection.vendor == "postgresql":
            connection.cursor().execute("VACUUM")
        refresh()  # as the site itself counts; SQLite chooses other ways after other counts
        print(f"{connection.vendor}, {options.units} units ({time.perf_counter() - began:.0f} s)")
        print("| what | CPU ms | time ms |\n|---|---:|---:|")
        for name, do, runs in cases(Client()):
            cpu, elapsed = measure(do, runs)
            print(f"| {name.strip()} | {cpu:.0f} | {elapsed:.0f} |", flush=True)
    finally:
        runner.teardown_databases(databases)


if __name__ == "__main__":
    main()
