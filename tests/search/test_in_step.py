"""The index is in step after every way of writing, at once and in the same transaction."""

import csv
import json

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, models, transaction

import exchange
from chronology import HistoricalDate
from exchange.writing.apply import run
from search import upkeep
from search.models import SearchEntry
from tests.admin.forms import save
from tests.factories import (
    make_dated_name,
    make_event,
    make_external_body,
    make_page,
    make_person,
    make_staff,
    make_unit,
)
from units.models import DatedName, Unit

pytestmark = pytest.mark.django_db


def wrong_entries():
    return sum(number for _kind, number in upkeep.differences())


def test_saving_and_renaming(find):
    unit = make_unit(code="u", name_en="Osprey")
    assert find("osprey") == ["u"]
    unit.name_en = "Kestrel"
    unit.save()
    assert (find("osprey"), find("kestrel")) == ([], ["u"])
    unit.name_en = "Merlin"
    unit.save(update_fields=["name_en"])
    assert (find("kestrel"), find("merlin")) == ([], ["u"])
    assert wrong_entries() == 0


@pytest.mark.parametrize(
    "make", [make_unit, make_person, make_external_body, make_event, make_page]
)
def test_deleting(find, make):
    title = "title_en" if make in (make_event, make_page) else "name_en"
    record = make(code="one", **{title: "Osprey"})
    make(code="other", **{title: "Osprey"})
    record.delete()
    assert find("osprey") == ["other"]
    type(record).objects.filter(code="other").delete()
    assert find("osprey") == []
    assert not SearchEntry.objects.exists()


def test_dated_names(find):
    one, other = make_unit(code="one"), make_unit(code="other")
    name = make_dated_name(one, name_en="Osprey")
    assert find("osprey") == ["one"]
    name.unit = other
    name.save()
    assert find("osprey") == ["other"]
    name.name_en = "Kestrel"
    name.save()
    assert find("osprey") == []
    name.delete()
    assert find("kestrel") == []
    make_dated_name(one, name_en="Merlin")
    one.delete()
    assert find("merlin") == []
    assert wrong_entries() == 0


def test_what_is_rolled_back_is_not_found(find):
    def fail():
        with transaction.atomic():
            make_unit(name_en="Osprey")
            assert find("osprey")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert find("osprey") == []
    assert not SearchEntry.objects.exists()


def test_the_admin(client, find):
    client.force_login(make_staff())
    page = make_page(code="p", title_en="Osprey")
    address = f"/admin/pages/page/{page.pk}/change/"
    assert save(client, address, title_en="Kestrel").status_code == 302
    assert (find("osprey"), find("kestrel")) == ([], ["p"])
    client.post(f"/admin/pages/page/{page.pk}/delete/", {"post": "yes"})
    assert find("kestrel") == []


def imported(tmp_path, kind, *rows, **options):
    path = tmp_path / f"{kind}.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(rows)
    plan, applied = run(exchange.read(path, kind), **options)
    assert applied, [str(problem) for problem in plan.problems]


def test_bulk_imports(tmp_path, find):
    make_unit(code="top", name_en="Top")
    heading = ["code", "parent", "kind", "name_en", "status"]
    kind = Unit.objects.get().kind.code
    rows = [[f"u{n}", "top", kind, f"Osprey {n}", "published"] for n in range(150)]
    imported(tmp_path, "units", heading, *rows)
    assert len(find("osprey")) == 100  # of one page
    assert wrong_entries() == 0
    rows = ["code", "name_en"], ["u7", "Kestrel"], ["u8", "Kestrel"]
    imported(tmp_path, "units", *rows, options=exchange.Options(corrections=True))
    assert set(find("kestrel")) == {"u7", "u8"}
    assert find("osprey 7") != ["u7"]
    assert wrong_entries() == 0
    rows = ["code", "name_en"], ["u9", "Merlin"]
    imported(tmp_path, "units", *rows, options=exchange.Options(since=HistoricalDate("2020")))
    assert find("merlin") == ["u9"]
    assert "u9" in find("osprey 9")  # by the name that is kept
    assert wrong_entries() == 0


def test_bulk_imports_of_dated_names(tmp_path, find):
    make_unit(code="one")
    make_unit(code="other")
    heading = ["code", "unit", "name_en"]
    imported(tmp_path, "dated_names", heading, ["n1", "one", "Osprey"], ["n2", "one", "Merlin"])
    assert find("osprey") == ["one"]
    imported(tmp_path, "dated_names", heading, ["n1", "other", "Osprey"])
    assert find("osprey") == ["other"]
    assert find("merlin") == ["one"]
    assert wrong_entries() == 0
    DatedName.objects.all().delete()
    assert find("osprey") == []


def test_fixtures(tmp_path, find):
    unit = make_unit(code="u", name_en="Osprey")
    make_dated_name(unit, name_en="Merlin")
    make_event(code="e", title_en="Osprey")
    path = tmp_path / "content.json"
    call_command(
        "dumpdata", "units", "history", natural_foreign=True, natural_primary=True, output=str(path)
    )
    rows = json.loads(path.read_text())
    for row in rows:
        if row["fields"].get("name_en") == "Osprey":
            row["fields"]["name_en"] = "Kestrel"
    path.write_text(json.dumps(rows))
    call_command("loaddata", str(path), verbosity=0)
    assert (find("kestrel"), find("osprey"), find("merlin")) == (["u"], ["e"], ["u"])
    assert wrong_entries() == 0


def test_dumps_hold_what_the_site_can_load_again(tmp_path):
    """Everything, the index included, goes out and in."""
    make_unit(name_en="Osprey")
    path = tmp_path / "all.json"
    call_command("dumpdata", "search", output=str(path))
    SearchEntry.objects.all().delete()
    call_command("loaddata", str(path), verbosity=0)
    assert wrong_entries() == 0


# --- check_search ---------------------------------------------------------------------------


def test_the_check_finds_what_was_written_past_everybody_and_repairs_it(find, capsys):
    one, two = make_unit(code="one", name_en="Osprey"), make_unit(code="two", name_en="Osprey")
    make_person(code="p", name_en="Osprey")
    call_command("check_search")
    assert "in step" in capsys.readouterr().out
    models.QuerySet(Unit).filter(pk=one.pk).update(name_en="Kestrel")
    models.QuerySet(SearchEntry).filter(object_id=two.pk, name__contains="osprey").delete()
    SearchEntry.objects.create(
        **{"id": (1 << 40) + 99_999, "object_id": 99_999, "name": "ghost"},
        **dict.fromkeys(("former", "short", "summary", "body"), ""),
    )
    with pytest.raises(CommandError) as stop:
        call_command("check_search")
    assert stop.value.returncode == 1
    assert "unit: 3 entries" in capsys.readouterr().out
    call_command("check_search", repair=True)
    assert "3 entries were not" in capsys.readouterr().out
    assert (find("kestrel"), set(find("osprey"))) == (["one"], {"two", "p"})
    call_command("check_search")
    assert not SearchEntry.objects.filter(name="ghost").exists()


def test_the_whole_index_can_be_made_anew(find, monkeypatch):
    monkeypatch.setattr("search.upkeep._BATCH", 3)
    for number in range(10):
        make_dated_name(make_unit(code=f"u{number}", name_en="Osprey"), name_en="Merlin")
    models.QuerySet(SearchEntry).delete()
    assert find("osprey") == []
    assert upkeep.repair() == 10
    assert len(find("osprey")) == len(find("merlin")) == 10
    assert upkeep.repair() == 0


def test_the_full_text_table_agrees_with_the_index():
    unit = make_unit(name_en="Osprey")
    unit.name_en = "Kestrel"
    unit.save()
    make_person().delete()
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:  # raises when it does not agree
            cursor.execute(
                "INSERT INTO search_fulltext(search_fulltext, rank) VALUES ('integrity-check', 1)"
            )


def test_many_units_together_get_the_entries_that_each_got_alone():
    """Their dated names are folded by the column, those of as many names as there are together."""
    names = [{"name_az": "Gəncə"}, {"name_en": "Ganja"}, {"name_az": "Şəki", "name_en": "Sheki"}]
    for number in range(6):
        unit = make_unit(code=f"u{number}")
        for row, one in enumerate(names[: number % 4] + names[:1] * (number // 4)):
            code = f"{unit.code}-name-{row}"
            make_dated_name(unit, **{"code": code, "name_az": "", "name_en": ""} | one)
    assert wrong_entries() == 0
    former = dict(SearchEntry.objects.order_by("pk").values_list("object_id", "former"))
    texts = [former[pk] for pk in Unit.objects.order_by("code").values_list("pk", flat=True)]
    assert texts[:4] == [
        "",
        "gence | ganca",
        "gence | ganca || ganja",
        "gence | ganca | seki | saki || ganja | sheki",
    ]


def test_a_file_of_new_names_makes_each_entry_once(monkeypatch, tmp_path):
    units = [make_unit(code=f"u{number}", name_since="2000") for number in range(3)]
    file = tmp_path / "units.csv"
    file.write_text("code,name_en\n" + "".join(f"{one.code},Merlin\n" for one in units))
    asked = []
    real = upkeep.made
    monkeypatch.setattr(upkeep, "made", lambda kind, pks: asked.extend(pks) or real(kind, pks))
    options = exchange.Options(since=HistoricalDate("2010"))
    plan, applied = run(exchange.read(file, "units"), options=options)
    assert applied, plan.problems
    assert sorted(asked) == sorted(unit.pk for unit in units)
    monkeypatch.undo()
    assert wrong_entries() == 0
