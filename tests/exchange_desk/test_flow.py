"""From the upload to the result, as an editor goes."""

import io
import re
from pathlib import Path

import pytest
from django.contrib.admin.models import LogEntry
from django.core.files.base import ContentFile
from PIL import Image

import exchange
from exchange.desk.imports import tasks, work
from exchange.models import ImportFile, ImportJob, ImportLine, State
from tests.exchange.files import csv_bytes, export, json_bytes, openpyxl_bytes
from tests.exchange_desk.desk import (
    START,
    address,
    answer,
    confirm,
    job_of,
    offers_confirmation,
    upload,
)
from tests.factories import make_event, make_source, make_unit, make_unit_kind
from units.models import Unit

HEAD = ["code", "parent", "name_en"]
TWO = csv_bytes(HEAD, ["north", "police", "North"], ["police", "", "Police force"])


@pytest.fixture
def police(db):
    kind = make_unit_kind(code="unit")
    return make_unit(code="police", slug="police", kind=kind, name_en="Police")


def test_a_file_is_shown_before_anything_changes(boss, police):
    upload(boss, TWO)
    response = answer(boss)

    text = response.content.decode()
    assert response.status_code == 200
    assert "1 new record, 1 changed" in text
    assert "Police force" in text
    assert "North" in text
    assert offers_confirmation(response)
    assert Unit.objects.count() == 1


def test_what_was_shown_is_imported_and_said(boss, police):
    upload(boss, TWO)
    answer(boss)
    response = confirm(boss, job_of(boss))

    assert "The database now holds 2 × units" in response.content.decode()
    north = Unit.objects.get(code="north")
    assert north.parent == police
    assert f"/admin/units/unit/{north.pk}/change/" in response.content.decode()
    assert LogEntry.objects.filter(user=boss.user).count() == 2
    assert job_of(boss).state == State.DONE
    assert not ImportFile.objects.exists()


@pytest.mark.parametrize("ending", ["csv", "xlsx", "json"])
def test_every_format_comes_in(ending, boss, police):
    data = {
        "csv": csv_bytes(HEAD, ["north", "police", "North"]),
        "xlsx": openpyxl_bytes(HEAD, ["north", "police", "North"]),
        "json": json_bytes({"code": "north", "parent": "police", "name_en": "North"}),
    }[ending]
    upload(boss, data, name=f"file.{ending}")
    confirm(boss, job_of(boss))
    assert Unit.objects.filter(code="north").exists()


def test_the_whole_site_comes_in_as_one_file(boss, police):
    make_event(code="founded")
    package = export("all", "zip")
    response = upload(boss, package, kind="all", name="site.zip")
    assert "Nothing to change" in response.content.decode()
    assert not offers_confirmation(response)


def test_a_move_says_from_where_to_where(boss, police):
    make_unit(code="south", slug="south", parent=police, name_en="South", kind=police.kind)
    data = csv_bytes(HEAD, ["south", "north", "South"], ["north", "", "North"])
    text = upload(boss, data).content.decode()
    move = text.partition('<p class="import-move">')[2].partition("</p>")[0]
    assert move.index("Police") < move.index("North")


def test_codes_of_other_records_bear_their_names(boss, police):
    data = csv_bytes(HEAD, ["south", "north", "South"], ["north", "police", "North"])
    text = upload(boss, data).content.decode()
    assert "North (north)" in text  # a record of the file
    assert "Police (police)" in text  # one that is there
    head = make_event(code="founded", title_en="The founding")
    source = make_source(code="law", title_en="The law")
    data = csv_bytes(["code", "sources"], [head.code, source.code])
    assert "The law (law)" in upload(boss, data, kind="events").content.decode()


def test_dates_and_headings_are_shown_as_they_were_understood(boss, police):
    data = csv_bytes(["code", "name (en)", "founded"], ["north", "North", "28.05.1918"])
    text = upload(boss, data).content.decode()
    assert "28.05.1918" in text
    assert "1918-05-28 (28 May 1918)" in text
    assert "name (en)" in text


def test_a_changed_date_is_shown_as_it_was_understood(boss, police):
    data = csv_bytes(["code", "founded"], ["police", "28.05.1918"])
    text = upload(boss, data).content.decode()
    assert "1918-05-28 (28 May 1918)" in text


def test_a_day_old_style_is_shown_as_it_will_be_stored_beside_what_the_file_says(boss, police):
    data = csv_bytes(["code", "founded"], ["police", "25 October 1917 (O.S.)"])
    text = upload(boss, data).content.decode()
    assert "1 cell was rewritten" in text
    assert "1917-11-07 (7 November 1917)" in text
    assert "in the file: 25 October 1917 (O.S.)" in " ".join(re.sub("<[^>]+>", " ", text).split())


def test_two_days_that_do_not_agree_are_a_problem_of_the_cell(boss, police):
    data = csv_bytes(["code", "founded"], ["police", "8 November (25 October) 1917"])
    text = upload(boss, data).content.decode()
    assert "25 October 1917 Old Style is 7 November 1917, not 8 November 1917." in text
    assert "Check them, or write one of them alone." in text


def test_sanitised_text_is_shown_beside_what_the_file_says(boss, police):
    data = csv_bytes(["code", "body_en"], ["police", "Hello <script>alert(1)</script>world"])
    text = upload(boss, data).content.decode()
    assert "<script>alert" not in text
    assert "in the file:" in text
    assert "&lt;script&gt;alert(1)" in text


def test_a_choice_is_shown_by_its_name(boss, police):
    text = upload(boss, csv_bytes(["code", "status"], ["police", "draft"])).content.decode()
    changes = text.partition("import-changes")[2]
    assert ">Draft<" in changes
    assert ">Published<" in changes
    assert ">draft<" not in changes


def test_missing_records_are_listed_and_left_alone(boss, police):
    data = csv_bytes(HEAD, ["north", "", "North"])
    upload(boss, data)
    text = boss.get(address(job_of(boss)), {"action": "missing"}).content.decode()
    assert "not in the file, left alone" in text
    assert "<code>police</code>" in text
    confirm(boss, job_of(boss))
    assert Unit.objects.get(code="police").dissolved is None


def test_a_complete_file_closes_what_it_leaves_out_after_a_separate_yes(boss, police):
    data = csv_bytes(HEAD, ["north", "", "North"])
    upload(boss, data, delete_missing="on", closing_date="2020")
    job = job_of(boss)

    response = confirm(boss, job, leaving="")
    assert response.status_code == 400
    assert Unit.objects.get(code="police").dissolved is None

    confirm(boss, job)
    assert str(Unit.objects.get(code="police").dissolved) == "2020"


def test_all_problems_are_told_with_a_copy_of_the_file(boss, police):
    data = csv_bytes([*HEAD, "founded"], ["a", "nobody", "A", ""], ["b", "", "B", "2024-02-31"])
    response = upload(boss, data)
    text = response.content.decode()
    assert "no record with the code “nobody”" in text
    assert "row 3, column “founded”" in text
    assert "Nothing was imported" in text
    assert not offers_confirmation(response)

    copy = boss.get(address(job_of(boss), "problems"))
    assert copy["Content-Disposition"] == 'attachment; filename="file-problems.csv"'
    assert "problems" in copy.content.decode("utf-8-sig").splitlines()[0]
    assert not ImportFile.objects.filter(role=ImportFile.UPLOAD).exists()


def test_what_is_wrong_and_what_to_do_stand_apart_and_equal_problems_together(boss, police):
    closed = [[f"u{n}", "", f"Unit {n}", "closed"] for n in range(3)]
    text = upload(boss, csv_bytes([*HEAD, "dissolved"], *closed)).content.decode()
    assert text.count("This cannot be read as a date.") == 1
    cells = text.partition("<tbody>")[2].partition("</tbody>")[0].split("<td>")
    assert cells[1].startswith("This cannot be read as a date.</td>")
    assert "at some time up to that day" in cells[2]
    assert all(f"row {row} <code>closed</code>" in cells[0] for row in (2, 3, 4))


def test_a_heading_is_followed_by_the_name_of_its_field(boss, police):
    text = upload(boss, csv_bytes(HEAD, ["a", "nobody", "A"])).content.decode()
    assert "row 2, column “parent” <span" in text
    assert "(Superior)" in text


def test_examples_come_in_the_order_of_the_start_page(boss):
    text = boss.get(START).content.decode().partition("import-examples")[2]
    names = [f"<li>{name}:" for name in ("Units", "Former names", "People", "Events")]
    assert [text.index(name) for name in names] == sorted(text.index(name) for name in names)


def test_a_lost_picture_is_something_to_import(boss, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    unit = make_unit(code="a")
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "navy").save(out, "PNG")
    unit.emblem.save("emblem.png", ContentFile(out.getvalue(), name="emblem.png"))
    data = export("all", "zip")
    Path(unit.emblem.path).unlink()

    response = upload(boss, data, kind="all", name="site.zip")
    assert offers_confirmation(response)
    assert "1 new picture" in response.content.decode()
    text = confirm(boss, job_of(boss)).content.decode()
    assert "1 new picture" in text
    assert "The database now holds" in text
    assert job_of(boss).state == State.DONE
    assert Path(unit.emblem.path).exists()


def test_an_import_can_be_given_up(boss, police):
    upload(boss, TWO)
    response = boss.post(address(job_of(boss), "cancel"), follow=True)
    assert "given up" in response.content.decode()
    assert not ImportJob.objects.exists()
    assert not ImportLine.objects.exists()
    assert not ImportFile.objects.exists()
    assert Unit.objects.count() == 1


def test_the_import_page_lists_my_imports_only(boss, signed_in, police):
    upload(boss, TWO, name="mine.csv")
    assert "mine.csv" in boss.get(START).content.decode()
    other = signed_in("other", "units.import_unit")
    assert "mine.csv" not in other.get(START).content.decode()


def test_a_larger_file_waits_for_the_worker(boss, police, settings):
    settings.IMPORT_AT_ONCE_BYTES = 0
    text = upload(boss, TWO).content.decode()
    assert "Waiting for its turn" in text
    assert "<progress" in text

    tasks.check.func(str(job_of(boss).pk))
    answer(boss)
    tasks.check.func(str(job_of(boss).pk))
    assert offers_confirmation(boss.get(address(job_of(boss))))

    confirm(boss, job_of(boss))
    assert Unit.objects.count() == 1
    work.carry_out(job_of(boss).pk)
    assert Unit.objects.count() == 2


def test_the_state_of_work_is_told_to_the_script(boss, police, settings):
    settings.IMPORT_AT_ONCE_BYTES = 0
    upload(boss, TWO)
    answer = boss.get(address(job_of(boss), "progress")).json()
    assert answer["working"]
    assert answer["state"] == "checking"
    assert not answer["in_vain"]
    work.check(job_of(boss).pk)
    assert not boss.get(address(job_of(boss), "progress")).json()["working"]


def test_lists_lead_to_the_import_of_their_kind(boss, police):
    text = boss.get("/admin/units/unit/").content.decode()
    assert '/admin/import/?kind=units"' in text
    assert START in boss.get("/admin/").content.decode()


def test_every_kind_may_be_chosen(boss):
    text = boss.get(START).content.decode()
    for kind in [*exchange.kinds(), "all"]:
        assert f'<option value="{kind}"' in text
