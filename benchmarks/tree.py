"""Times of the tree's routines on a large institution: ``python -m benchmarks.tree [units]``.

Works on a test database beside the one that DATABASE_URL names (SQLite in memory by default) and
removes it afterwards. 226,000 units, nine below each superior, unless told otherwise. Prints the
median of five runs (numbering all from zero: of three).
"""

import os
import random
import sys
import time
from statistics import median

import django


def timed(what, work, runs=5, before=None):
    """Print the median duration of ``work()``; ``before()`` is called ahead of each run."""
    seconds = []
    for _ in range(runs):
        if before:
            before()
        began = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - began)
    print(f"{what:<46} {median(seconds) * 1000:10.1f} ms", flush=True)


def fill(connection, count):
    """``count`` units; each superior has nine below it. Copies of one row, made by the database."""
    from tests.factories import make_unit
    from units.models import Unit

    first = make_unit(code="u0000000")
    new = {
        "id": "i + 1",
        "code": "'u' || substr('0000000' || i, length('0000000' || i) - 6)",
        "slug": "'u' || i",
        "parent_id": "(i - 1) / 9 + 1",
    }
    columns = [field.column for field in Unit._meta.concrete_fields]
    names = ", ".join(f'"{name}"' for name in columns)
    values = ", ".join(new.get(name, f'"{name}"') for name in columns)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE units_unit SET id = 1 WHERE id = %s", [first.pk])
        cursor.execute(
            "WITH RECURSIVE n (i) AS "
            f"(SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count - 1}) "
            f"INSERT INTO units_unit ({names}) SELECT {values} FROM n, units_unit WHERE id = 1"
        )
        if connection.vendor == "postgresql":
            cursor.execute("ANALYZE units_unit")


def main():
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 226_000
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mia_site.settings")
    django.setup()
    from django.db import connection, models

    from units import tree
    from units.models import Unit

    usual_name = connection.settings_dict["NAME"]
    connection.creation.create_test_db(verbosity=0, autoclobber=True)
    try:
        if connection.vendor == "postgresql":
            # Resetting every row at once is the benchmark's own work and takes longer than a page.
            connection.cursor().execute("SET statement_timeout = 0")
        began = time.perf_counter()
        fill(connection, count)
        print(f"{connection.vendor}, {count} units, filled in {time.perf_counter() - began:.0f} s")
        numbers = models.QuerySet(Unit)
        timed(
            "number all from zero",
            tree.renumber,
            runs=3,
            before=lambda: numbers.update(lft=0, rght=0, level=0, tree_id=0),
        )
        timed("number a sound tree (nothing to write)", tree.renumber)
        timed("check", lambda: list(tree.check()))

        pick = random.Random(1)

        def any_unit(low=1):
            return Unit.objects.get(pk=pick.randint(low, count))

        def rename():
            unit = any_unit()
            unit.name_az = f"Yeni {unit.pk}"
            unit.save()

        timed("rename one", rename)
        timed("move one to another superior", lambda: tree.move(any_unit(count // 2), any_unit()))
        timed("the same order, first of its siblings", lambda: tree.move("u0000005", "u0000000", 0))
        assert list(tree.check()) == []
    finally:
        connection.creation.destroy_test_db(usual_name, verbosity=0)


if __name__ == "__main__":
    main()
