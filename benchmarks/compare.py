"""Comparing two dates of a large institution: ``python -m benchmarks.compare [units]``.

Works on a test database beside the one that DATABASE_URL names (SQLite in memory by default) and
removes it afterwards. 226,000 units unless told otherwise, nine below each superior; one in ten has
a founding date from 1900 on, one in twenty a former name, one in fifty a former superior. Prints
processor and elapsed seconds, the median of three.
"""

import os
import sys
import time
from statistics import median

import django

from benchmarks.tree import fill


def dated(connection):
    """Dates, former names and former superiors over the units, made by the database."""
    text = "CAST(1900 + (id / 10) % 120 AS VARCHAR(4))"
    kind = "DATE" if connection.vendor == "postgresql" else "TEXT"
    year = {
        side: f"CAST({text} || '-{day}' AS {kind})"
        for side, day in (("earliest", "01-01"), ("latest", "12-31"))
    }
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE units_unit SET founded = {text}, founded_earliest = {year['earliest']}, "
            f"founded_latest = {year['latest']} WHERE id % 10 = 3"
        )
    from units.models import DatedName, DatedSuperior, Unit

    def codes(step):
        return list(Unit.objects.order_by("pk").values_list("pk", flat=True)[step::step])

    DatedName.objects.bulk_create(
        [
            DatedName(code=f"n{pk}", unit_id=pk, name_az="Köhnə", name_en="Old",
                       begin="1900", end=str(1910 + pk % 100))
            for pk in codes(20)
        ],
        batch_size=2000,
    )  # fmt: skip
    DatedSuperior.objects.bulk_create(
        [
            DatedSuperior(code=f"p{pk}", unit_id=pk, parent_id=1, begin="1900",
                         end=str(1910 + pk % 100))
            for pk in codes(50)
        ],
        batch_size=2000,
    )  # fmt: skip
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


def timed(what, work, runs=3):
    cpu, wall, answer = [], [], None
    for _ in range(runs):
        began, used = time.perf_counter(), time.process_time()
        answer = work()
        cpu.append(time.process_time() - used)
        wall.append(time.perf_counter() - began)
    print(f"{what:<52} {median(cpu):6.2f} s CPU {median(wall):6.2f} s  {answer}", flush=True)


def main():
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 226_000
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mia_site.settings")
    os.environ.setdefault("LOG_REQUESTS", "false")
    django.setup()
    from django.conf import settings
    from django.db import connection
    from django.test import Client

    from chronology import HistoricalDate
    from history.comparison.difference import difference
    from history.comparison.states import state
    from units import tree

    settings.STORAGES["staticfiles"]["BACKEND"] = (
        "django.contrib.staticfiles.storage.StaticFilesStorage"
    )
    usual_name = connection.settings_dict["NAME"]
    connection.creation.create_test_db(verbosity=0, autoclobber=True)
    try:
        if connection.vendor == "postgresql":
            connection.cursor().execute("SET statement_timeout = 0")
        fill(connection, count)
        tree.renumber()
        dated(connection)
        print(f"{connection.vendor}, {count} units")
        client = Client()

        def page(query, name=""):
            response = client.get(f"/en/compare/{name}?{query}", headers={"host": "localhost"})
            assert response.status_code == 200, response.status_code
            return f"{len(b''.join(response)) / 1000:.0f} kB"

        timed("the whole state on a day", lambda: len(state(HistoricalDate("1950-06-01"), None)))
        whole = [state(HistoricalDate(text), None) for text in ("1950", "1960")]
        timed("difference of two whole states", lambda: len(difference(*whole)))
        whole.clear()
        timed("page, a month apart", lambda: page("from=1950-06-01&to=1950-07-01"))
        timed("page, a year apart", lambda: page("from=1950&to=1951"))
        timed("page, ten years apart", lambda: page("from=1950&to=1960"))
        timed("page, ten years apart, one branch", lambda: page("from=1950&to=1960&branch=u1"))
        timed("page, a century apart", lambda: page("from=1905&to=2005"))
        timed("page, a century ago and today", lambda: page("from=1905&to="), runs=1)
        timed("CSV, ten years apart", lambda: page("from=1950&to=1960", "changes.csv"))
        timed("JSON, ten years apart", lambda: page("from=1950&to=1960", "changes.json"))
    finally:
        connection.creation.destroy_test_db(usual_name, verbosity=0)


if __name__ == "__main__":
    main()
