"""A file that changes what readers have seen says what that means."""

import datetime
import io

import openpyxl
import pytest
from django.contrib.auth.models import Permission
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

import exchange
from chronology import HistoricalDate
from publishing.models import RetiredCode
from tests.as_of.test_yesterday import clock
from tests.exchange.files import csv_bytes, plan, run
from tests.factories import make_staff
from units.models import DatedName, DatedSuperior, Unit

pytestmark = pytest.mark.django_db

TODAY = datetime.date(2026, 5, 20)


@pytest.fixture(autouse=True)
def _today():
    with clock(TODAY):
        yield


@pytest.fixture
def units():
    """Two at the top, and "post" under the first, as readers have seen them since 2000."""
    head = ("code", "parent", "name_en", "founded", "name_since", "superior_since")
    rows = [(code, parent, code.title(), "1990", "2000", "2000")
            for code, parent in (("a", ""), ("b", ""), ("post", "a"))]  # fmt: skip
    run(csv_bytes(head, *rows))


def renamed(since=None, name="Station"):
    if since is None:
        return csv_bytes(("code", "name_en"), ("post", name))
    return csv_bytes(("code", "name_en", "name_since"), ("post", name, since))


def moved(since=None, parent="b"):
    if since is None:
        return csv_bytes(("code", "parent"), ("post", parent))
    return csv_bytes(("code", "parent", "superior_since"), ("post", parent, since))


def day(text):
    return HistoricalDate(text)


def post():
    return Unit.objects.get(code="post")


def kept(model=DatedName):
    return [(row.code, str(row.begin or ""), str(row.end or "")) for row in model.objects.all()]


def problems(data, *args, **options):
    return [(p.code, p.row, p.column) for p in plan(data, *args, **options).problems]


def test_without_an_answer_the_file_is_refused(units):
    both = csv_bytes(("code", "parent", "name_en"), ("b", "", "B"), ("post", "b", "Station"))
    done, applied = exchange.run(exchange.read(both, "units", name="units.csv"))
    assert applied is None
    (problem,) = done.problems
    assert (problem.code, problem.row, problem.column) == ("since_when", 3, "name_en")
    assert "There is 1 more such change." in problem.message
    assert "--since" in problem.advice
    assert "--corrections" in problem.advice
    assert (post().name_en, post().parent.code) == ("Post", "a")


def test_a_correction_keeps_nothing(units):
    done, _applied = run(renamed(), corrections=True)
    assert (post().name_en, str(post().name_since)) == ("Station", "2000")
    assert not kept()
    ((code, cell),) = done.meanings
    assert (code, cell.column) == ("post", "name_en")
    assert "correction" in cell.meant


def test_a_change_on_a_date_keeps_the_old_name(units):
    done, _applied = run(renamed(), since=day("2010-06-01"))
    assert (post().name_en, str(post().name_since)) == ("Station", "2010-06-01")
    assert kept() == [("post-name-until-2010-06-01", "2000", "2010-06-01")]
    row = DatedName.objects.get()
    assert (row.name_en, row.name, row.takes_effect) == ("Post", "Post", None)
    assert [cell.meant for _code, cell in done.meanings] == [
        "changed since 1 June 2010: the former value is kept"
    ]


def test_a_change_on_a_date_keeps_the_old_superior(units):
    run(moved(), since=day("2010"))
    assert (post().parent.code, str(post().superior_since)) == ("b", "2010")
    row = DatedSuperior.objects.get()
    assert (row.code, row.parent.code, row.at_top) == ("post-superior-until-2010", "a", False)
    run(moved(parent=""), since=day("2015"))
    run(moved(parent="b"), since=day("2020"))
    top = DatedSuperior.objects.get(code="post-superior-until-2020")
    assert (top.parent, top.at_top) == (None, True)


@pytest.mark.parametrize("since", ["2001", "2000-01-02", "2026-05-20"])
def test_a_later_date_in_the_row_says_that_it_changed(units, since):
    run(renamed(since))
    assert str(post().name_since) == since
    assert kept() == [(f"post-name-until-{since}", "2000", since)]
    run(moved(since))
    assert kept(DatedSuperior) == [(f"post-superior-until-{since}", "2000", since)]


@pytest.mark.parametrize("since", ["2000", "1995", ""])
def test_a_date_that_is_not_later_is_no_answer(units, since):
    assert problems(renamed(since)) == [("since_when", 2, "name_en")]


def test_the_day_on_which_the_present_one_began_and_the_day_after():
    head = ("code", "name_en", "name_since")
    run(csv_bytes(head, ("post", "Post", "2000-05-01")))
    assert problems(renamed("2000-05-01")) == [("since_when", 2, "name_en")]
    assert problems(renamed(), since=day("2000-05-01")) == [("since_when", 2, "name_en")]
    run(renamed(), since=day("2000-05-02"))
    assert kept() == [("post-name-until-2000-05-02", "2000-05-01", "2000-05-02")]


def test_corrections_win_over_dates_in_rows(units):
    run(renamed("2010"), corrections=True)
    assert (post().name_en, str(post().name_since)) == ("Station", "2010")
    assert not kept()


def test_a_row_with_another_date_than_the_file_is_refused(units):
    assert problems(renamed("1995"), since=day("2010")) == [("since_when", 2, "name_since")]


def test_today_it_changes_at_once_and_tomorrow_it_waits(units):
    run(renamed(), since=day("2026-05-20"))
    assert kept() == [("post-name-until-2026-05-20", "2000", "2026-05-20")]
    run(moved(), since=day("2026-05-21"))
    assert (post().parent.code, str(post().superior_since)) == ("a", "2000")
    row = DatedSuperior.objects.get()
    assert (row.code, row.parent.code) == ("post-superior-from-2026-05-21", "b")
    assert (row.takes_effect, row.announced) == (datetime.date(2026, 5, 21), False)


def test_what_is_to_come_may_be_announced_and_comes_in_once(units):
    options = {"since": day("2027-01-01"), "announce": True}
    done, _applied = run(renamed(), **options)
    assert [cell.meant for _c, cell in done.meanings] == [
        "takes effect on 1 January 2027, announced now"
    ]
    row = DatedName.objects.get()
    assert (row.name_en, row.announced, str(row.begin)) == ("Station", True, "2027-01-01")
    assert (post().name_en, str(post().name_since)) == ("Post", "2000")
    done, _applied = run(renamed(), **options)
    assert done.is_empty
    assert DatedName.objects.count() == 1


def test_a_row_may_say_that_it_is_to_come(units):
    run(renamed("2027-01-01"))
    assert (post().name_en, str(post().name_since)) == ("Post", "2000")
    assert str(DatedName.objects.get().begin) == "2027-01-01"


def test_what_is_to_come_needs_a_day(units):
    assert problems(renamed(), since=day("2027")) == [("since_when", 2, "name_en")]


def test_a_unit_that_waits_for_its_superior_makes_no_cycle_before(units):
    """It goes under "post" today, which leaves only tomorrow."""
    head = ("code", "parent", "superior_since")
    data = csv_bytes(head, ("a", "post", "2026-05-20"), ("post", "b", "2026-05-21"))
    assert ("cycle", 2, "parent") in problems(data)


def test_drafts_are_not_asked(units):
    head = ("code", "name_en", "status")
    run(csv_bytes(head, ("draft", "Draft", "draft")))
    run(csv_bytes(("code", "name_en", "parent"), ("draft", "Other", "a")))
    assert Unit.objects.get(code="draft").name_en == "Other"
    assert not kept()


def test_an_archived_unit_has_been_public(units):
    run(csv_bytes(("code", "status"), ("post", "archived")))
    assert problems(renamed()) == [("since_when", 2, "name_en")]


def test_codes_are_free(units):
    DatedName.objects.create(
        code="post-name-until-2010", unit=post(), name_en="Old", begin="1990", end="1991"
    )
    RetiredCode.objects.create(kind="units.datedname", code="post-name-until-2010-2")
    run(renamed(), since=day("2010"))
    assert DatedName.objects.get(name_en="Post").code == "post-name-until-2010-3"


def test_a_book_with_the_table_of_names_writes_exactly_its_rows(units):
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in {
        "units": [("code", "name_en", "parent"), ("post", "Station", "b")],
        "dated_names": [("code", "unit", "name_en", "begin", "end")],
    }.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    assert problems(out.getvalue(), "all", name="a.xlsx")[0][0] == "since_when"  # the superior
    run(out.getvalue(), "all", "a.xlsx", since=day("2010"))
    assert (post().name_en, str(post().name_since), kept()) == ("Station", "2000", [])
    assert len(kept(DatedSuperior)) == 1


def test_contradictions_see_the_rows_that_are_written_beside(units):
    DatedName.objects.create(code="x", unit=post(), name_en="Old", begin="1990", end="2000")
    assert not plan(renamed(), since=day("2010")).problems
    DatedName.objects.create(code="y", unit=post(), name_en="Old", begin="2003", end="2005")
    (problem,) = plan(renamed(), since=day("2010")).problems
    assert (problem.code, problem.row, problem.column) == ("two_names", 2, "name_en")


def test_who_may_not_publish_writes_nothing_that_is_to_come(units):
    user = make_staff("ann", "editor")
    user.groups.clear()
    rights = ["import_unit", "change_unit"]
    user.user_permissions.add(*Permission.objects.filter(codename__in=rights))
    found = problems(renamed(), user=user, since=day("2027-01-01"))
    assert ("may_not_publish", 2, "name_en") in found


@pytest.mark.parametrize(
    ("data", "column", "right"),
    [(renamed(), "name_en", "add_datedname"), (moved(), "parent", "add_datedsuperior")],
)
@pytest.mark.parametrize("since", ["2010", "2027-01-01"])
def test_who_may_not_add_dated_rows_writes_none_beside_a_change(units, data, column, right, since):
    user = make_staff("ann", "publisher")
    user.user_permissions.add(Permission.objects.get(codename="import_unit"))
    assert problems(data, user=user, since=day(since)) == []
    group = user.groups.get()
    group.permissions.remove(Permission.objects.get(codename=right))
    user = type(user).objects.get(pk=user.pk)
    assert problems(data, user=user, since=day(since)) == [("may_not_add", 2, column)]
    assert problems(data, user=user, corrections=True) == []


def test_many_moves_take_no_query_for_each(units):
    def queries(count, prefix):
        rows = [(f"{prefix}{i}", "a", "Name", "2000", "2000") for i in range(count)]
        run(csv_bytes(("code", "parent", "name_en", "name_since", "superior_since"), *rows))
        data = csv_bytes(("code", "parent"), *((f"{prefix}{i}", "b") for i in range(count)))
        with CaptureQueriesContext(connection) as found:
            run(data, since=day("2010"))
        return len(found)

    few, many = queries(5, "few"), queries(400, "many")
    assert many <= few + 20
    assert DatedSuperior.objects.count() == 405


def test_the_command_asks_and_says_what_each_cell_means(units, tmp_path):
    file = tmp_path / "units.csv"
    file.write_bytes(renamed())
    told, wrong = io.StringIO(), io.StringIO()
    with pytest.raises(CommandError, match="Nothing was imported"):
        call_command("import_records", "units", str(file), stdout=told, stderr=wrong)
    assert "--since DATE" in wrong.getvalue()
    with pytest.raises(CommandError, match="not both"):
        call_command("import_records", "units", str(file), "--corrections", "--since", "2010")
    call_command("import_records", "units", str(file), "--since", "2010-06-01", stdout=told)
    assert "Post → Station: changed since 1 June 2010" in told.getvalue()
    assert kept() == [("post-name-until-2010-06-01", "2000", "2010-06-01")]


@pytest.mark.parametrize(
    ("since", "words"),
    [("/2026-05-19", "on 19 May 2026 or earlier"), ("2000", "2000"), ("1957/1961", "1957–1961")],
)
def test_a_preview_words_a_since_as_people_say_it(since, words):
    column = exchange.resource_for("units").column("name_since")
    with translation.override("en"):
        assert column.show(since) == f"{since} ({words})"
