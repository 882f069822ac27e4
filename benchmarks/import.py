"""How fast units go in and out, against the stock ways.

    python benchmarks/import.py                       # SQLite
    DATABASE_URL=postgres://… python benchmarks/import.py
    python benchmarks/import.py --sizes 1000 10000 --runs 3 --shape random

Makes a database of its own (Django's test database) and prints one table. Every number is a
median over the runs. Peak memory is what the operation takes above its start, the file included;
each size is measured in a process of its own, since a process gives memory back to nobody.
"""

import argparse
import csv
import json
import os
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mia_site.settings")

SIZES = [1_000, 10_000, 100_000, 226_000]
HEADINGS = ["code", "parent", "kind", "name_az", "name_en", "founded", "dissolved", "website"]


def rows_of(count, shape, seed=1):
    """Rows of a tree: ``wide`` (a hundred below each), ``deep`` (chains of 40), ``random``; always
    in random order, so that most superiors come after what stands below them."""
    chance = random.Random(seed)
    rows = []
    for n in range(count):
        if n == 0:
            parent = ""
        elif shape == "wide":
            parent = f"U/{(n - 1) // 100}"
        elif shape == "deep":
            parent = f"U/{n - 1}" if n % 40 else "U/0"
        else:
            parent = f"U/{chance.randrange(max(0, n // 2 - 50), max(1, n // 2 + 1))}"
        year = 1800 + n % 220
        rows.append(
            [
                f"U/{n}",
                parent,
                ("Department", "Directorate", "Office")[n % 3],
                f"{n} saylı idarə (Şəki)",
                f"Office number {n}",
                (f"{year}", f"{year}-06", f"{year}-06-{1 + n % 28:02}")[n % 3],
                "",
                f"https://example.org/{n}" if n % 2 else "",
            ]
        )
    chance.shuffle(rows)
    return rows


def write(path, rows):
    with open(path, "w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([HEADINGS, *rows])


def depth_first(rows):
    """The order that the stock way needs."""
    children = {}
    for row in rows:
        children.setdefault(row[1], []).append(row)
    found, stack = [], list(reversed(children[""]))
    while stack:
        row = stack.pop()
        found.append(row)
        stack.extend(reversed(children.get(row[0], [])))
    return found


def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def now_memory():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * resource.getpagesize() / 1024 / 1024


class Timer:
    def __enter__(self):
        self.start = time.perf_counter()
        return self

    def __exit__(self, *exc):
        self.seconds = time.perf_counter() - self.start


def empty():
    from django.contrib.admin.models import LogEntry
    from django.db import connection

    from units.models import Unit, UnitKind

    with connection.cursor() as cursor:
        tables = [m._meta.db_table for m in (Unit, UnitKind, LogEntry)]
        if connection.vendor == "postgresql":
            cursor.execute(f"TRUNCATE {', '.join(tables)} CASCADE")
        else:
            cursor.execute("PRAGMA foreign_keys = OFF")
            for table in tables:
                cursor.execute(f"DELETE FROM {table}")
            cursor.execute("PRAGMA foreign_keys = ON")


def settle():
    """What the database does by itself some time after many writes."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")


def run_import(path, dry_run=False):
    import exchange

    plan, applied = exchange.run(exchange.read(path, "units"), dry_run=dry_run)
    assert not plan.problems, plan.problems[:3]
    return plan, applied


def stock_resource():
    """A ModelResource as django-import-export's documentation shows it for such a model."""
    from import_export import fields, resources, widgets

    from units.models import Unit, UnitKind

    class KindWidget(widgets.ForeignKeyWidget):
        kinds = {}

        def clean(self, value, row=None, **kwargs):
            if value not in self.kinds:
                self.kinds[value] = UnitKind.objects.get_or_create(
                    code=value.lower(), defaults={"name_en": value}
                )[0]
            return self.kinds[value]

    class Stock(resources.ModelResource):
        parent = fields.Field("parent", "parent", widgets.ForeignKeyWidget(Unit, "code"))
        kind = fields.Field("kind", "kind", KindWidget(UnitKind, "code"))

        class Meta:
            model = Unit
            import_id_fields = ("code",)
            fields = HEADINGS
            clean_model_instances = True
            skip_unchanged = True

        def before_save_instance(self, instance, row, **kwargs):
            instance.slug = instance.slug or row["code"].lower().replace("/", "-")

        def import_instance(self, instance, row, **kwargs):
            super().import_instance(instance, row, **kwargs)
            instance.slug = instance.slug or row["code"].lower().replace("/", "-")

    return Stock()


def run_stock(rows):
    import tablib

    data = tablib.Dataset(*rows, headers=HEADINGS)
    result = stock_resource().import_data(data, use_transactions=True)
    if result.has_errors() or result.has_validation_errors():
        errors = [str(e.error) for _n, es in result.row_errors() for e in es]
        errors += [str(row.error) for row in result.invalid_rows]
        raise SystemExit(f"stock import failed: {errors[:2]}")


def bare_bulk_create():
    """The same finished rows through Django's bulk_create, without mptt's or anybody's checks."""
    from django.db import models, transaction

    from units.models import Unit

    units = list(models.QuerySet(Unit))
    with transaction.atomic():
        models.QuerySet(Unit)._raw_delete("default")
        with Timer() as timer:
            models.QuerySet(Unit).bulk_create(units, batch_size=500)
        transaction.set_rollback(True)
    return timer.seconds


def one_size(count, shape, runs, stock):
    """The measurements of one size as a dict of medians."""
    import exchange
    from units import tree
    from units.models import Unit

    folder = Path(tempfile.mkdtemp())
    path, changed = folder / "units.csv", folder / "changed.csv"
    out = folder / "out.csv"
    rows = rows_of(count, shape)
    write(path, rows)
    some = [[*row[:4], row[4] + " (new)", *row[5:]] for row in rows[::100][: count // 100]]
    write(changed, some)
    warm = folder / "warm.csv"
    write(warm, rows_of(50, "wide"))
    empty()
    run_import(warm)
    found = {}
    if shape == "random":
        # In a process of its own each: how much above the start does creating take?
        found["memory"] = measured_memory(path)
    times = {}

    def measure(name, work):
        with Timer() as timer:
            work()
        times.setdefault(name, []).append(timer.seconds)

    more = rows_of(count, shape, seed=2)
    for run in range(runs):
        empty()
        measure("dry run", lambda: run_import(path, dry_run=True))
        measure("create", lambda: run_import(path))
        if not run:
            broken = list(tree.check())
            assert not broken, broken[:3]
            settle()
        measure("unchanged", lambda: run_import(path))
        measure("parsing", lambda: exchange.read(path, "units"))
        measure("reading", lambda: list(read_table()))
        measure("update 1%", lambda: run_import(changed))
        measure("export", lambda: exchange.export_to(out, "units"))
        times.setdefault("bulk_create", []).append(bare_bulk_create())
        if count == 10_000:
            added = [[f"N/{n}-{run}", row[0], *row[2:]] for n, row in enumerate(more[:200])]
            write(folder / "added.csv", added)
            measure("add 200", lambda: run_import(folder / "added.csv"))
            moved = moves(rows, run)
            write(folder / "moved.csv", moved)
            measure("move 200", lambda: run_import(folder / "moved.csv"))
    if count == 10_000:
        added = [[f"S/{n}", row[0], *row[2:]] for n, row in enumerate(more[:200])]
        measure("stock add 200", lambda: run_stock(added))
        measure("stock move 200", lambda: run_stock(moves(rows, runs)))
    if stock:
        empty()
        measure("stock create", lambda: run_stock(depth_first(rows)))
    medians = {name: statistics.median(values) for name, values in times.items()}
    assert Unit.objects.exists()
    return {**medians, **found}


def moves(rows, run):
    """200 units without any below them, under other superiors."""
    parents = {row[1] for row in rows}
    leaves = [row for row in rows if row[0] not in parents and row[1]]
    tops = sorted(parents - {""})
    chosen = random.Random(run).sample(leaves, 200)
    return [[r[0], tops[(hash(r[0]) + run) % len(tops)], *r[2:]] for r in chosen]


def read_table():
    """One plain read of the columns in question."""
    from django.db import models

    from units.models import Unit

    names = ["code", "parent__code", "kind__code", *HEADINGS[3:]]
    yield from models.QuerySet(Unit).order_by().values_list(*names).iterator(chunk_size=5000)


def measured_memory(path):
    """MB above the start that creating from ``path`` takes, in a fresh process."""
    from django.db import connection

    empty()
    out = subprocess.run(
        [sys.executable, __file__, "--memory", str(path)],
        env={**os.environ, "BENCHMARK_DATABASE": str(connection.settings_dict["NAME"])},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    return float(out.strip().splitlines()[-1])


def setup(keep=None):
    import django
    from django.conf import settings

    if keep:
        settings.DATABASES["default"]["NAME"] = keep
    django.setup()
    from django.utils import translation

    translation.activate("en")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sizes", nargs="*", type=int, default=SIZES)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--shapes", nargs="*", default=["random"])
    parser.add_argument("--stock", type=int, default=10_000, help="largest size for the stock way")
    parser.add_argument("--json", help="write the numbers to this file, too")
    parser.add_argument("--memory", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    setup(os.environ.get("BENCHMARK_DATABASE") if arguments.memory else None)
    if arguments.memory:
        import exchange

        exchange.kinds()
        start = now_memory()
        run_import(arguments.memory)
        print(max(0, peak() - start))
        return
    from django.db import connection
    from django.test.utils import get_runner  # noqa: F401 - Django's test machinery is there

    if connection.vendor == "sqlite":
        folder = tempfile.mkdtemp()
        connection.settings_dict["TEST"]["NAME"] = f"{folder}/benchmark.sqlite3"
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    results = {}
    try:
        for shape in arguments.shapes:
            for count in arguments.sizes:
                results[f"{shape} {count}"] = one_size(
                    count, shape, arguments.runs, count <= arguments.stock
                )
                show(shape, count, results[f"{shape} {count}"], connection.vendor)
    finally:
        connection.creation.destroy_test_db("benchmark", verbosity=0)
    if arguments.json:
        Path(arguments.json).write_text(json.dumps(results, indent=1))


def show(shape, count, found, vendor):
    def rate(name, rows=count):
        return f"{rows / found[name]:>9,.0f}/s"

    print(f"\n{vendor}, {shape}, {count:,} units")
    print(f"  create          {rate('create')}   {found['create'] / count * 1e6:6.0f} µs a row")
    updates = rate("update 1%", max(1, count // 100))
    print(f"  update of 1%    {updates}   {found['update 1%']:.2f} s")
    print(f"  unchanged       {rate('unchanged')}   {found['unchanged']:.2f} s")
    print(f"  dry run         {rate('dry run')}")
    print(f"  export          {rate('export')}")
    base = found["parsing"] + found["reading"]
    print(f"  unchanged / (parsing + one read)   {found['unchanged'] / base:.2f}")
    print(f"  create / bare bulk_create          {found['create'] / found['bulk_create']:.2f}")
    if "memory" in found:
        print(f"  memory above the start             {found['memory']:.0f} MB")
    if "stock create" in found:
        print(
            f"  stock create    {rate('stock create')}   ours is "
            f"{found['stock create'] / found['create']:.0f} times as fast"
        )
    for work in ("add 200", "move 200"):
        if f"stock {work}" in found:
            print(
                f"  {work}: {found[work]:.3f} s, stock {found[f'stock {work}']:.1f} s, "
                f"{found[f'stock {work}'] / found[work]:.0f} times as fast"
            )
    sys.stdout.flush()


if __name__ == "__main__":
    main()
