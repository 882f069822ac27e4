"""How fast units go in and out, against the stock ways, in one run.

    python benchmarks/import.py                        # everything, on both databases
    python benchmarks/import.py --sizes 1000 10000 --shapes random --databases sqlite

Makes databases of its own (Django's test database) and prints a table for each database. Every
number is a median over the runs: 7 at 1,000 units, 3 at larger sizes for the random shape; the
wide and deep shapes are measured once from 100,000 on, and the stock way once at 10,000 (of the
200 additions and moves it makes 40, counted five times). Creating includes what the site derives
from records (the search index); "records only" leaves that out, as the stock way does.

``names``: a file that changes the names of up to 20,000 units (``--renamed``), as corrections
(nothing is kept), as changes since a date (each writes a dated row), and as a package that brings
these dated rows itself. Each is rolled back, so all three begin with the same tables; the commit is
not counted.
Two runs from 100,000 units on.

Times are wall-clock (w) and processor time of this process (c). On PostgreSQL the processor time
does not hold the server's; on a machine that others use, compare processor times.

Memory is what creating takes above the start, the file included, in a process of its own: a
process gives memory back to nobody. ``parsing + one read`` reads the same columns of all rows,
the garbage collector switched off for it as the import does.
"""

import argparse
import gc
import json
import logging
import os
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from contextlib import contextmanager
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mia_site.settings")

from benchmarks import registers
from benchmarks.registers import HEADINGS, SHAPES

SIZES = [1_000, 10_000, 100_000, 226_000]
DATABASES = ["sqlite", "postgresql"]
STOCK_SIZES = (1_000, 10_000)
# So many units get other names.
RENAMED = 20_000
# The largest size for Django's bulk_create, which takes minutes beyond.
BULK_CREATE = 100_000


def measured(work):
    """(wall, processor) seconds of ``work()``, without other work's garbage."""
    gc.collect()
    wall, processor = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - wall, time.process_time() - processor


# --- the database -------------------------------------------------------------------------------
def empty():
    from django.contrib.admin.models import LogEntry
    from django.db import connection

    from search.models import SearchEntry, SearchWord
    from units.models import Unit, UnitKind

    with connection.cursor() as cursor:
        kept = (Unit, UnitKind, LogEntry, SearchEntry, SearchWord)
        tables = [model._meta.db_table for model in kept]
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


def read_table():
    """One plain read of the columns in question, kept as a list."""
    from django.db import models

    from units.models import Unit

    names = ["code", "parent__code", "kind__code", *HEADINGS[3:]]
    gc.disable()
    list(models.QuerySet(Unit).order_by().values_list(*names).iterator(chunk_size=5000))
    gc.enable()


def bare_bulk_create():
    """The same finished rows through Django's bulk_create, without mptt's or anybody's checks."""
    from django.db import models, transaction

    from units.models import Unit

    units = list(models.QuerySet(Unit))
    with transaction.atomic():
        models.QuerySet(Unit)._raw_delete("default")
        times = measured(lambda: models.QuerySet(Unit).bulk_create(units, batch_size=500))
        transaction.set_rollback(True)
    return times


def run_import(path, dry_run=False, kind="units", **options):
    import exchange

    # What changes is taken for a correction, so that no dated rows are counted in.
    options = exchange.Options(**(options or {"corrections": True}))
    plan, applied = exchange.run(exchange.read(path, kind), dry_run=dry_run, options=options)
    assert not plan.problems, plan.problems[:3]
    return plan, applied


def rolled_back(work):
    """``measured(work)``, of which nothing stays."""
    from django.db import transaction

    with transaction.atomic():
        times = measured(work)
        transaction.set_rollback(True)
    return times


@contextmanager
def nothing_derived():
    """Records and their log only: the stock model keeps no search index either."""
    from exchange.signals import applied

    receivers, applied.receivers = applied.receivers, []
    applied.sender_receivers_cache.clear()
    try:
        yield
    finally:
        applied.receivers = receivers
        applied.sender_receivers_cache.clear()


# --- one size -----------------------------------------------------------------------------------
class Bench:
    """The measurements of one size and shape: {name: [(wall, processor), …]}."""

    def __init__(self, count, shape, folder, renamed):
        self.count, self.shape, self.renamed = count, shape, renamed
        self.folder = Path(folder)
        self.path = self.folder / "units.csv"
        self.rows = registers.rows_of(count, shape)
        registers.write(self.path, self.rows)
        self.times = defaultdict(list)
        self.memory = []

    @property
    def runs(self):
        if self.count < 10_000:
            return 7
        return 3 if self.count < 100_000 or self.shape == "random" else 1

    def measure(self, name, work):
        self.times[name].append(measured(work))

    def run(self, with_stock):
        import exchange
        from units import tree

        # What a process does once (imports, compiled patterns) is not the file's cost.
        warm = self.folder / "warm.csv"
        registers.write(warm, registers.rows_of(50, "wide"))
        empty()
        run_import(warm)
        run_import(warm)
        changed = self.folder / "changed.csv"
        some = [[*row[:4], row[4] + " (new)", *row[5:]] for row in self.rows[::100]]
        registers.write(changed, some)
        out = self.folder / "out.csv"
        for run in range(self.runs):
            empty()
            self.measure("dry run", lambda: run_import(self.path, dry_run=True))
            if self.count >= 100_000:
                self._create_elsewhere()
            else:
                self.measure("create", lambda: run_import(self.path))
            if not run:
                broken = list(tree.check())
                assert not broken, broken[:3]
            if self.count <= 10_000:
                empty()
                with nothing_derived():
                    self.measure("records only", lambda: run_import(self.path))
            settle()
            self.measure("unchanged", lambda: run_import(self.path))
            self.measure("parsing", lambda: exchange.read(self.path, "units"))
            self.measure("reading", read_table)
            self.measure("update 1%", lambda: run_import(changed))
            self.measure("export", lambda: exchange.export_to(out, "units"))
            if self.count <= BULK_CREATE and (self.count < BULK_CREATE or not run):
                self.times["bulk_create"].append(bare_bulk_create())
            if run < 2 or self.count < 100_000:
                self._new_names()
            if self.count == 10_000:
                self._additions_and_moves(run)
        if self.count == 10_000:
            self._create_elsewhere(counts=False)
        if with_stock:
            self._stock()
        return {"times": self.times, "memory": self.memory}

    def _new_names(self):
        """The same names as corrections, as changes, and with their dated rows."""
        from chronology import HistoricalDate

        renamed, package = self.folder / "renamed.csv", self.folder / "renamed.zip"
        rows = [[*row[:4], row[4] + " (renamed)", *row[5:]] for row in self.rows[: self.renamed]]
        registers.write(renamed, rows)
        since = HistoricalDate("2025-01-01")
        registers.write_with_old_names(package, rows, self._old_names(), since)
        ways = {
            "names, corrections": lambda: run_import(renamed, corrections=True),
            "names, since": lambda: run_import(renamed, since=since),
            "names, brought": lambda: run_import(package, kind="all", since=since),
        }
        for name, work in ways.items():
            self.times[name].append(rolled_back(work))

    def _old_names(self):
        """``{code: (name_az, name_en, name_since)}`` as they are stored."""
        from django.db import models

        from units.models import Unit

        names = models.QuerySet(Unit).values_list("code", "name_az", "name_en", "name_since")
        return {code: values for code, *values in names.iterator(chunk_size=5000)}

    def _additions_and_moves(self, run):
        added, moved = self.folder / "added.csv", self.folder / "moved.csv"
        registers.write(added, self._additions(f"N{run}"))
        self.measure("add 200", lambda: run_import(added))
        registers.write(moved, registers.moves(self.rows, run))
        self.measure("move 200", lambda: run_import(moved))

    def _additions(self, prefix):
        return [[f"{prefix}/{n}", row[0], *row[2:]] for n, row in enumerate(self.rows[:200])]

    def _stock(self):
        from benchmarks import stock

        ordered = registers.depth_first(self.rows)
        for _run in range(3 if self.count < 10_000 else 1):
            stock.empty()
            self.measure("stock create", lambda: stock.run(ordered))
        if self.count == 10_000:
            self._measure_fifth("stock add 200", lambda: stock.run(self._additions("S")[:40]))
            some = registers.moves(self.rows, 99, count=40)
            self._measure_fifth("stock move 200", lambda: stock.run(some))
        stock.empty()

    def _measure_fifth(self, name, work):
        """A fifth of the rows, times five: each costs the stock way more than the one before."""
        self.times[name].append(tuple(5 * seconds for seconds in measured(work)))

    def _create_elsewhere(self, counts=True):
        """Create in a fresh process, which also says how much memory it took."""
        from django.db import connection

        empty()
        done = subprocess.run(
            [sys.executable, __file__, "--create", str(self.path)],
            env={**os.environ, "BENCHMARK_DATABASE": str(connection.settings_dict["NAME"])},
            capture_output=True,
            text=True,
            check=True,
        )
        found = json.loads(done.stdout.strip().splitlines()[-1])
        self.memory.append(found["memory"])
        if counts:
            self.times["create"].append((found["wall"], found["processor"]))


def resident(name):
    """Megabytes of memory now ("VmRSS") or at most so far ("VmHWM"); Linux only.

    (``ru_maxrss`` would begin with what the parent process had when it started this one.)
    """
    with open("/proc/self/status") as file:
        line = next(line for line in file if line.startswith(name))
    return int(line.split()[1]) / 1024


def create_in_this_process(path):
    """The child of ``_create_elsewhere``: prints its figures as JSON."""
    import exchange

    warm = Path(path).with_name("warm.csv")
    run_import(warm)
    empty()
    exchange.kinds()
    start = resident("VmRSS")
    wall, processor = measured(lambda: run_import(path))
    memory = max(0, resident("VmHWM") - start)
    print(json.dumps({"memory": memory, "wall": wall, "processor": processor}))


# --- one database -------------------------------------------------------------------------------
def setup():
    import django
    from django.conf import settings

    if name := os.environ.get("BENCHMARK_DATABASE"):
        settings.DATABASES["default"]["NAME"] = name
    settings.INSTALLED_APPS = [*settings.INSTALLED_APPS, "benchmarks"]  # for the stock model
    django.setup()
    logging.disable(logging.WARNING)
    from django.utils import translation

    translation.activate("en")


def one_database(arguments):
    """Measure on the database of DATABASE_URL and print a JSON line for every size and shape."""
    from django.db import connection

    with tempfile.TemporaryDirectory() as folder:
        if connection.vendor == "sqlite":
            connection.settings_dict["TEST"]["NAME"] = f"{folder}/benchmark.sqlite3"
        connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
        try:
            if arguments.stock:
                from benchmarks import stock

                stock.create_table()
            for shape in arguments.shapes:
                for count in arguments.sizes:
                    bench = Bench(count, shape, folder, arguments.renamed)
                    with_stock = arguments.stock and count in STOCK_SIZES and shape == "random"
                    found = bench.run(with_stock)
                    print(json.dumps({"count": count, "shape": shape, **found}), flush=True)
        finally:
            connection.creation.destroy_test_db("benchmark", verbosity=0)


# --- the table ----------------------------------------------------------------------------------
class Report:
    """Prints what was measured on one database; keeps the smallest cost of a row by shape."""

    def __init__(self, database, renamed):
        self.database, self.renamed = database, renamed
        self.smallest = {}
        print(f"\n=== {database} (w: wall-clock, c: processor time of this process)")

    def add(self, found):
        count, shape = found["count"], found["shape"]
        times = {
            name: tuple(median(column) for column in zip(*values, strict=True))
            for name, values in found["times"].items()
        }
        print(f"\n{count:,} units, {shape} ({len(found['times']['create'])} runs)")
        for name in ("create", "dry run", "unchanged", "export"):
            wall, processor = times[name]
            least = self.smallest.setdefault((shape, name), [wall / count, processor / count])
            least[:] = min(least[0], wall / count), min(least[1], processor / count)
            print(
                f"  {name:<10} {count / wall:>9,.0f} rows/s   "
                f"{wall / count * 1e6:6.1f} µs a row w, {processor / count * 1e6:6.1f} c   "
                f"{wall / count / least[0]:.2f} w, {processor / count / least[1]:.2f} c "
                "of the smallest"
            )
        wall, processor = times["update 1%"]
        rows = -(-count // 100)
        print(f"  update 1%  {rows / wall:>9,.0f} rows/s   {wall:.2f} s w, {processor:.2f} s c")
        base = [a + b for a, b in zip(times["parsing"], times["reading"], strict=True)]
        self._ratio("unchanged ÷ (parsing + one read)", times["unchanged"], base)
        if "bulk_create" in times:
            self._ratio("create ÷ bare bulk_create", times["create"], times["bulk_create"])
        if "records only" in times and "stock create" in times:
            self._ratio(
                "stock create ÷ ours, records only", times["stock create"], times["records only"]
            )
        for ours in ("create", "add 200", "move 200"):
            if (stock := times.get(f"stock {ours}")) is not None:
                print(f"  {ours}: {times[ours][0]:.3f} s, stock {stock[0]:.2f} s w")
                self._ratio(f"stock {ours} ÷ ours", stock, times[ours])
        changed, number = times["names, corrections"], min(count, self.renamed)
        print(f"  {number:,} names, corrections: {changed[0]:.2f} s w, {changed[1]:.2f} s c")
        self._ratio("names, since ÷ corrections", times["names, since"], changed)
        self._ratio("names, since ÷ brought", times["names, since"], times["names, brought"])
        if found["memory"]:
            print(f"  memory above the start: {max(found['memory']):.0f} MB")
        sys.stdout.flush()

    def _ratio(self, name, one, other):
        print(f"  {name:<34} {one[0] / other[0]:.2f} w, {one[1] / other[1]:.2f} c")


def addresses(arguments):
    """(name, DATABASE_URL) of the databases to measure on."""
    given = os.environ.get("DATABASE_URL", "")
    for name in arguments.databases:
        if name == "sqlite":
            yield name, ""
        else:
            yield name, given or arguments.postgresql


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sizes", nargs="*", type=int, default=SIZES)
    parser.add_argument("--shapes", nargs="*", choices=SHAPES, default=["random", "wide", "deep"])
    parser.add_argument("--databases", nargs="*", choices=DATABASES, default=DATABASES)
    parser.add_argument(
        "--postgresql",
        default="postgres://postgres@127.0.0.1:5432/postgres",
        help="address of the server where DATABASE_URL gives none (default: %(default)s)",
    )
    parser.add_argument(
        "--renamed", type=int, default=RENAMED, help="%(default)s names unless given"
    )
    parser.add_argument("--no-stock", dest="stock", action="store_false")
    parser.add_argument("--json", help="write the numbers to this file, too")
    parser.add_argument("--child", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--create", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.create:
        setup()
        create_in_this_process(arguments.create)
        return
    if arguments.child:
        setup()
        one_database(arguments)
        return
    results = {}
    begun = time.perf_counter()
    for name, address in addresses(arguments):
        environment = {**os.environ, "DATABASE_URL": address}
        if not address:
            del environment["DATABASE_URL"]
        report = Report(name, arguments.renamed)
        child = subprocess.Popen(
            [sys.executable, __file__, *sys.argv[1:], "--child"],
            env=environment,
            stdout=subprocess.PIPE,
            text=True,
        )
        for line in child.stdout:
            found = json.loads(line)
            results[f"{name} {found['shape']} {found['count']}"] = found
            report.add(found)
        if child.wait():
            raise SystemExit(f"{name}: failed, see above")
    print(f"\n{time.perf_counter() - begun:.0f} seconds in all")
    if arguments.json:
        Path(arguments.json).write_text(json.dumps(results, indent=1))


if __name__ == "__main__":
    main()
