"""Out and in again: the same bytes, whatever people wrote."""

import io
import shutil
import zipfile
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.core.management import call_command
from django.db import connection, models
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given
from hypothesis import settings as examples

import exchange
from publishing.models import Coded, RetiredCode
from tests import extent
from tests.exchange.content import sites, store
from tests.exchange.files import export
from units import tree

KINDS_OF_FILES = [("csv", {}), ("csv", {"spreadsheet": True}), ("xlsx", {}), ("json", {})]
WHOLE = ["zip", "xlsx"]

# Each example exports and imports the whole site some fifty times.
EXAMPLES = extent.examples(12)


def wipe():
    """An empty database, without asking anybody."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        else:
            cursor.execute("PRAGMA defer_foreign_keys = ON")
    for model in apps.get_models(include_auto_created=True):
        if (
            model in (RetiredCode, LogEntry)
            or issubclass(model._meta.auto_created or model, Coded)
            or (model._meta.app_label == "history")
        ):
            models.QuerySet(model)._raw_delete("default")


def bring_in(data, kind, name):
    """What a site holds comes in again, contradictions included that somebody has accepted."""
    options = exchange.Options(accept_findings=True)
    plan, applied = exchange.run(exchange.read(data, kind, name=name), options=options)
    assert not plan.problems, [str(problem) for problem in plan.problems][:5]
    return plan, applied


@pytest.mark.django_db
@given(site=sites())
@examples(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_the_whole_site_comes_back_byte_for_byte(site):
    wipe()
    store(site)
    before = {ending: export("all", ending) for ending in WHOLE}
    kinds = {
        (kind, ending, *options): export(kind, ending, **options)
        for kind in exchange.kinds()
        for ending, options in KINDS_OF_FILES
    }
    for ending in WHOLE:
        wipe()
        bring_in(before[ending], "all", f"site.{ending}")
        assert {e: export("all", e) for e in WHOLE} == before
        assert list(tree.check()) == []
    for ending, options in KINDS_OF_FILES:
        wipe()
        for kind in exchange.kinds():
            data = kinds[(kind, ending, *options)]
            if not data.count(b"\n") > 1 and ending == "csv":
                continue  # headings alone
            if ending == "json" and data == b"[\n]\n":
                continue
            if ending == "xlsx" and kind not in _kinds_with_records(kinds):
                continue
            bring_in(data, kind, f"{kind}.{ending}")
        for kind in exchange.kinds():
            assert export(kind, ending, **options) == kinds[(kind, ending, *options)]


def _kinds_with_records(kinds):
    return {key[0] for key, data in kinds.items() if key[1] == "json" and data != b"[\n]\n"}


@pytest.mark.django_db
@given(site=sites())
@examples(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_ones_own_export_changes_and_writes_nothing(site):
    wipe()
    store(site)
    LogEntry.objects.all().delete()
    for kind, ending in [("all", "zip"), ("all", "xlsx"), ("units", "csv"), ("events", "json")]:
        data = export(kind, ending)
        if kind == "events" and not site["events"]:
            continue
        with CaptureQueriesContext(
            connection,
        ) as queries:
            plan, _applied = bring_in(data, kind, f"x.{ending}")
        assert plan.is_empty
        assert plan.counts["missing"] == 0
        written = [
            q["sql"]
            for q in queries
            if q["sql"].startswith(("INSERT", "DELETE", "COPY"))
            or (q["sql"].startswith("UPDATE") and "0 = 1" not in q["sql"])
        ]
        assert written == []
    assert not LogEntry.objects.exists()


@pytest.mark.django_db
def test_the_content_of_the_site_comes_back(db):
    """The fixtures that the site starts with."""
    fixtures = Path(settings.BASE_DIR) / "fixtures"
    names = [f"{kind}.json" for kind in exchange.kinds()] + ["participations.json"]
    here = [name for name in names if (fixtures / name).exists()]
    shutil.copytree(fixtures / "media", settings.MEDIA_ROOT, dirs_exist_ok=True)
    call_command("loaddata", *here, verbosity=0)
    before = export("all", "zip")
    wipe()
    bring_in(before, "all", "site.zip")
    assert export("all", "zip") == before


@pytest.mark.django_db
def test_a_tampered_zip_is_refused(db):
    data = io.BytesIO(export("all", "zip"))
    out = io.BytesIO()
    with zipfile.ZipFile(data) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, content + (b"x,,0\r\n" if name == "unit_kinds.csv" else b""))
    plan, applied = exchange.run(exchange.read(out.getvalue(), "all", name="site.zip"))
    assert applied is None
    assert "is not what the manifest says" in str(plan.problems[0])
