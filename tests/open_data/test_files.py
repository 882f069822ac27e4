"""Files of everything: public only, right for the moment, importable again."""

import csv
import hashlib
import io
import json
import zipfile
from datetime import timedelta

import pytest
from django.apps import apps
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

import exchange
from chronology import HistoricalDate
from open_data import dated, files, state, structure
from open_data.kinds import BY_NAME
from structure.as_of import AsOf
from tests.factories import (
    make_dated_superior,
    make_event,
    make_figure,
    make_link,
    make_source,
    make_unit,
)
from units.models import ExternalBody, Unit


def fetched(client, name, **headers):
    response = client.get(f"/open-data/files/{name}", headers=headers)
    assert response.status_code == 200
    return b"".join(response)


def tables(data):
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return {
            name: list(csv.DictReader(io.StringIO(package.read(name).decode())))
            for name in package.namelist()
            if name.endswith(".csv")
        }


def test_every_kind_is_in_every_file(client, ministry):
    found = tables(fetched(client, "all.zip"))
    assert set(found) == {f"{name}.csv" for name in BY_NAME}
    assert all(found.values())
    whole = json.loads(fetched(client, "all.json"))
    assert set(BY_NAME) < set(whole)
    assert whole["licence"].startswith("https://creativecommons.org/")
    assert fetched(client, "all.xlsx")[:2] == b"PK"


def test_only_what_is_public_is_in_them(client, ministry):
    hidden = make_unit(code="gizli", name_az="Gizli", status="draft", parent=ministry.top)
    make_dated_superior(ministry.police, code="fp", parent=hidden, end="1980")
    make_link(ministry.police, code="see-gizli", title_az="Gizli", target=hidden)
    make_event(code="e-gizli", title_az="Gizli", status="archived", after=[ministry.police])
    make_event(code="e-open", after=[ministry.police, hidden])
    make_figure(code="f-open", unit=hidden)
    for name in files.BY_FILE:
        data = fetched(client, name)
        if data[:2] == b"PK":
            with zipfile.ZipFile(io.BytesIO(data)) as package:
                data = b"".join(package.read(one) for one in package.namelist())
        assert b"gizli" not in data.lower(), name


def test_sources_of_hidden_events_are_not_public(client, ministry):
    make_event(code="secret", status="draft").sources.add(make_source(code="secret-order"))
    assert b"secret-order" not in fetched(client, "all.json")
    assert client.get("/api/v1/sources/secret-order").status_code == 404
    assert client.get("/api/v1/sources/decree").status_code == 200


def test_a_file_is_made_once_for_a_state(client, ministry, monkeypatch):
    first = fetched(client, "all.zip")
    monkeypatch.setattr(files, "_make", lambda *a: pytest.fail("made again"))
    assert fetched(client, "all.zip") == first


def test_whatever_is_written_makes_files_anew(client, ministry):
    def keys():
        return state.current().key

    before = keys()
    assert keys() == before
    for change in (
        lambda: ministry.police.save(),
        lambda: ministry.term.delete(),
        lambda: ministry.event.sources.clear(),
        lambda: ministry.event.participations.first().delete(),
        lambda: ministry.source.save(),
    ):
        change()
        assert keys() != before
        before = keys()


def test_an_import_makes_files_anew(client, ministry):
    before = state.current().key
    table = exchange.read(io.BytesIO(b"code,name_en\r\npolice,Imported\r\n"), "units", name="u.csv")
    plan, _applied = exchange.run(table, options=exchange.Options(corrections=True))
    assert not plan.problems
    assert state.current().key != before
    assert b"Imported" in fetched(client, "all.json")


@pytest.mark.django_db(transaction=True)
def test_what_was_rolled_back_changes_nothing(ministry):
    before = state.current().key
    with transaction.atomic():
        ministry.police.save()
        transaction.set_rollback(True)
    assert state.current().key == before
    with transaction.atomic():
        try:
            with transaction.atomic():
                ministry.police.save()
                raise ZeroDivisionError
        except ZeroDivisionError:
            pass
        ministry.top.save()  # after a savepoint that took its note with it
    assert state.current().key != before


def test_a_scheduled_publication_makes_files_anew(client, ministry, monkeypatch):
    now = timezone.now()
    make_unit(code="later", name_en="Later", publish_at=now + timedelta(hours=1))
    assert b"later" not in fetched(client, "all.json")
    monkeypatch.setattr(timezone, "now", lambda: now + timedelta(hours=2))
    assert b"later" in fetched(client, "all.json")


def test_the_checksum_on_the_page_is_that_of_the_file(client, content):
    page = client.get("/en/open-data/").content.decode()
    for name in files.BY_FILE:
        data = fetched(client, name)
        assert hashlib.sha256(data).hexdigest() in page
    assert "https://creativecommons.org/licenses/by-sa/4.0/" in page


def test_a_large_site_does_not_wait_for_files_on_a_page(client, content, monkeypatch):
    monkeypatch.setattr(files, "MADE_AT_ONCE", 10)
    monkeypatch.setattr(files, "_make", lambda *a: pytest.fail("made while a page waits"))
    page = client.get("/en/open-data/").content.decode()
    assert "The file is made when it is asked for" in page


def test_a_copy_is_not_sent_again(client, ministry):
    first = client.get("/open-data/files/all.zip")
    assert int(first["Content-Length"]) == len(b"".join(first))
    again = client.get("/open-data/files/all.zip", headers={"if-none-match": first["ETag"]})
    assert again.status_code == 304
    head = client.head("/open-data/files/all.zip")
    assert (head.status_code, head["ETag"]) == (200, first["ETag"])
    assert client.get("/open-data/files/all.exe").status_code == 404


def test_a_spreadsheet_finds_no_formula(client, ministry):
    Unit.objects.filter(code="police").update(name_az="=1+1", native_name="@SUM(A1)")
    row = next(r for r in tables(fetched(client, "all.zip"))["units.csv"] if r["code"] == "police")
    assert row["name_az"] == "'=1+1"
    assert row["native_name"] == "'@SUM(A1)"
    assert row["phone"] == "'+994 12 590"
    text = b"".join(client.get("/open-data/structure.csv")).decode()
    assert "\r\npolice,certain,'=1+1," in text


def test_a_file_can_be_imported_again(client, ministry):
    Unit.objects.filter(code="police").update(name_az="=1+1", native_name="'=x")
    before = json.loads(fetched(client, "all.json"))
    for name in ("all.zip", "all.xlsx"):
        plan, _applied = exchange.run(
            exchange.read(io.BytesIO(fetched(client, name)), "all", name=name)
        )
        assert not plan.problems, [str(one) for one in plan.problems]
        changed = [change for change in plan.changes() if change.action != "none"]
        assert [str(change.code) for change in changed] == [], name
    Unit.objects.filter(code="police").update(name_en="Other")
    units = io.BytesIO(json.dumps(before["units"]).encode())
    plan, _applied = exchange.run(
        exchange.read(units, "units", name="units.json"),
        options=exchange.Options(corrections=True),
    )
    assert not plan.problems
    assert Unit.objects.get(code="police").name_en == "Police"


def test_the_structure_of_a_date(client, ministry):
    text = b"".join(client.get("/open-data/structure.csv?on=1993")).decode()
    rows = {row["code"]: row for row in csv.DictReader(io.StringIO(text))}
    assert rows["police"]["name_en"] == "Militia"
    assert rows["police"]["external_superior"] == "nkvd"
    assert rows["police"]["founded"] == "1992"
    rows = json.loads(b"".join(client.get("/open-data/structure.json?on=1950")))
    assert [row["code"] for row in rows] == ["top"]
    assert b"".join(client.get("/open-data/structure.json?on=1800")) == b"[]\n"
    refused = client.get("/open-data/structure.csv?on=yesterday")
    assert refused.status_code == 400
    assert "detail" in json.loads(refused.content)


@pytest.mark.parametrize("on", [None, "1842", "1917-11-20", "1925~", "195X", "1992", "2021"])
def test_the_structure_says_what_the_api_says(client, content, monkeypatch, on):
    """Whatever is certain, possible or hidden, and wherever a batch ends."""
    monkeypatch.setattr("open_data.structure.BATCH", 7)
    hidden = list(Unit.objects.order_by("pk").values_list("pk", flat=True))[5:40:9]
    Unit.objects.filter(pk__in=hidden).update(status="draft")
    ExternalBody.objects.filter(pk=ExternalBody.objects.first().pk).update(status="draft")
    date = HistoricalDate(on) if on else None
    rows = list(structure.rows(date))
    units = list(AsOf(date, None).units().order_by("pk"))
    assert [row["code"] for row in rows] == [unit.code for unit in units]
    answers = [{"name_az": unit.name_az or "", "name_en": unit.name_en or ""} for unit in units]
    dated.answer_for(units, answers, date)
    for unit, row, answer in zip(units, rows, answers, strict=True):
        first = answer["superiors"][0] if answer["superiors"] else {}
        assert row == {
            "code": unit.code,
            "existence": answer["existence"],
            "name_az": answer["name_az"],
            "name_en": answer["name_en"],
            "parent": first.get("unit") or "",
            "external_superior": first.get("external_body") or "",
            "superior_certainty": first.get("certainty", ""),
            "kind": unit.kind.code,
            "heads": [head["person"] for head in answer["heads"]],
            "founded": str(unit.founded or ""),
            "dissolved": str(unit.dissolved or ""),
        }


def test_a_larger_structure_asks_no_more(client, ministry):
    def asked():
        with CaptureQueriesContext(connection) as queries:
            assert b"police" in b"".join(client.get("/open-data/structure.csv?on=1993"))
        return len(queries)

    def add():
        make_dated_superior(
            make_unit(founded="1950"), parent=ministry.top, begin="1990", end="1995"
        )

    add()
    before = asked()
    for _number in range(9):
        add()
    assert asked() == before <= 10


def test_old_files_are_forgotten(client, ministry, settings):
    for _ in range(4):
        ministry.police.save()
        fetched(client, "all.zip")
    folders = [one for one in settings.OPEN_DATA_DIR.iterdir() if one.is_dir()]
    assert len(folders) <= files.STATES_KEPT + 1


def test_the_log_of_changes_is_short(ministry):
    change = apps.get_model("open_data", "Change")
    change.objects.update(at=timezone.now() - timedelta(days=9))
    state.forget_old()
    assert change.objects.count() == 1
