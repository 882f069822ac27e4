"""Imports: what contradicts is refused at its row, or imported after a second look."""

import datetime
import io

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

import exchange
from exchange.reading.tables import Book
from exchange.writing.apply import look_first
from tests.exchange.files import csv_bytes, export, plan, read
from tests.exchange_desk.desk import address, confirm, job_of, upload
from tests.factories import (
    make_dated_name,
    make_dated_superior,
    make_event,
    make_person,
    make_post,
    make_term,
    make_unit,
)
from units.models import DatedSuperior, Unit

pytestmark = pytest.mark.django_db

UNITS = ("code", "parent", "name_en", "founded", "dissolved", "superior_since")
SUPERIORS = ("code", "unit", "parent", "begin", "end")
NAMES = ("code", "unit", "name_en", "begin", "end")


def units_csv(*rows):
    return csv_bytes(UNITS, *rows)


def book(**files):
    """A file of several kinds."""
    return Book("all", tables=[read(data, kind) for kind, data in files.items()])


def planned(**files):
    return exchange.plan(book(**files))


def codes(plan):
    return [finding.code for finding in plan.findings]


OUTLIVES = units_csv(
    ("old", "", "Old Office", "1900", "1995-01-01", ""),
    ("part", "old", "Its part", "1950", "", "1950"),
)


class TestRefused:
    def test_a_cycle_at_its_cell(self):
        found = planned(
            units=csv_bytes(("code", "name_en"), ("a", "A"), ("b", "B")),
            dated_superiors=csv_bytes(
                SUPERIORS, ("1", "a", "b", "1960", "1970"), ("2", "b", "a", "1960", "1970")
            ),
        )
        (problem,) = found.problems
        assert (problem.code, problem.kind, problem.column) == (
            "cycle",
            "dated_superiors",
            "parent",
        )
        assert "A → B → A" in problem.message

    def test_a_cycle_with_what_is_stored(self):
        one, other = make_unit(code="a"), make_unit(code="b")
        make_dated_superior(one, parent=other, code="s-1", begin="1960-01-01", end="1970-01-01")

        def cycle(begin):
            row = ("s-2", "b", "a", begin, "1980")
            return plan(csv_bytes(SUPERIORS, row), "dated_superiors").problems

        (problem,) = cycle("1969-12-31")
        assert (problem.code, problem.row, problem.column) == ("cycle", 2, "parent")
        assert not cycle("1970-01-01")

    def test_a_move_that_closes_one(self):
        top, below = make_unit(code="top"), make_unit(code="below")
        make_dated_superior(top, parent=below, begin="2090-01-01")
        below.superior_since = None
        file = csv_bytes(("code", "parent"), ("below", "top"))
        (problem,) = plan(file, "units", corrections=True).problems
        assert (problem.code, problem.row, problem.column) == ("cycle", 2, "parent")

    def test_not_known_until_after_today_at_its_cell(self):
        unit = make_unit(code="u")
        make_dated_superior(unit, code="s", begin="1950-01-01", end="1960-01-01")
        for days, expected in ((0, []), (1, [("unknown_after_today", 2, "end")])):
            end = timezone.localdate() + datetime.timedelta(days=days)
            rows = csv_bytes(SUPERIORS, ("s", "u", "", "1950-01-01", end.isoformat()))
            problems = plan(rows, "dated_superiors").problems
            assert [(one.code, one.row, one.column) for one in problems] == expected

    def test_over_the_whole_file(self):
        unit = make_unit(code="u")
        make_dated_name(unit, code="n-1", begin="1950-01-01", end="1960-01-01")
        new = ("n-2", "u", "B", "1955-01-01", "1960-01-01")
        (problem,) = plan(csv_bytes(NAMES, new), "dated_names").problems
        assert (problem.code, problem.row, problem.column) == ("two_names", 2, "begin")
        old = ("n-1", "u", "A", "1950-01-01", "1955-01-01")
        for rows in ((new, old), (old, new)):
            assert not plan(csv_bytes(NAMES, *rows), "dated_names").problems

    def test_the_unit_in_the_same_file(self):
        units = csv_bytes(("code", "name_en", "name_since"), ("u", "U", "1950-01-01"))
        for end, expected in (("1950-01-01", []), ("1950-01-02", ["two_names"])):
            names = csv_bytes(NAMES, ("n", "u", "Old", "1940-01-01", end))
            found = planned(units=units, dated_names=names)
            assert [problem.code for problem in found.problems] == expected

    def test_a_unit_whose_dates_change(self):
        unit = make_unit(code="u")
        make_dated_name(unit, begin="1950", end="1960")
        (problem,) = plan(csv_bytes(("code", "founded"), ("u", "1970")), "units").problems
        assert (problem.code, problem.row) == ("outside_life", 2)
        assert not plan(csv_bytes(("code", "founded"), ("u", "1950")), "units").problems

    def test_what_is_wrong_already_is_left_alone(self):
        unit = make_unit(code="u")
        for _number in range(2):
            make_dated_name(unit, begin="1950", end="1960")
        assert not plan(csv_bytes(("code", "phone"), ("u", "+994 12 5")), "units").problems

    def test_a_term_outside_the_life_of_the_unit(self):
        post = make_post(make_unit(founded="1990-01-01"), code="p")
        make_person(code="A")
        row = ("t", "p", "A", "1980", "1985")
        file = csv_bytes(("code", "post", "person", "begin", "end"), row)
        (problem,) = plan(file, "terms").problems
        assert (problem.code, problem.row, problem.column) == ("outside_life", 2, "begin")
        assert post.terms.count() == 0


class TestFindings:
    def test_they_are_no_problems_and_stop_the_import(self):
        found, applied = exchange.run(read(OUTLIVES))
        assert (codes(found), found.problems, applied) == (["outlives_superior"], [], None)
        assert found.findings[0].place == ("units.unit", "part", "parent")
        with pytest.raises(exchange.NotApplied, match="1 finding needs a second look"):
            exchange.apply(found, None)
        assert not Unit.objects.exists()

    def test_accepted(self):
        found, applied = exchange.run(
            read(OUTLIVES), options=exchange.Options(accept_findings=True)
        )
        assert applied
        assert codes(found) == ["outlives_superior"]
        assert Unit.objects.count() == 2

    def test_only_new_ones(self):
        exchange.run(read(OUTLIVES), options=exchange.Options(accept_findings=True))
        assert codes(plan(OUTLIVES)) == []
        assert codes(plan(csv_bytes(("code", "name_en"), ("part", "Renamed")))) == []
        assert codes(plan(csv_bytes(("code", "dissolved"), ("old", "1996-01-01")))) == [
            "outlives_superior"
        ]

    def test_sub_units_that_the_file_does_not_mention(self):
        superior = make_unit(code="old", founded="1900")
        make_unit(code="part", parent=superior, founded="1950")
        file = csv_bytes(("code", "dissolved"), ("old", "1995-01-01"))
        assert codes(plan(file)) == ["outlives_superior"]
        file = csv_bytes(("code", "dissolved"), ("old", "1995-01-01"), ("part", "1995-01-01"))
        assert codes(plan(file)) == []

    def test_terms_and_events_of_a_unit_that_is_closed(self):
        unit = make_unit(code="u", founded="1900")
        make_term(make_post(unit), make_person(), begin="1990")
        make_event(concerned=[unit], date="2000-01-01")
        file = csv_bytes(("code", "dissolved", "closing_reason"), ("u", "1995-01-01", "merged"))
        assert sorted(codes(plan(file))) == [
            "event_outside_life", "no_successor", "term_outlives_unit",
        ]  # fmt: skip

    def test_with_the_event_in_the_same_file(self):
        make_unit(code="u", founded="1900")
        make_unit(code="v", founded="1995-01-01")
        era = csv_bytes(("code", "name_en"), ("e", "Era"))
        units = csv_bytes(("code", "dissolved", "closing_reason"), ("u", "1995-01-01", "replaced"))
        columns = ("code", "kind", "date", "era", "title_en", "units_before", "units_after")
        event = ("m", "reorganisation", "1995-01-01", "e", "Replaced", "u", "v")
        found = planned(units=units, eras=era, events=csv_bytes(columns, event))
        assert (codes(found), found.problems) == ([], [])
        late = (*event[:2], "1996-01-01", *event[3:])
        found = planned(units=units, eras=era, events=csv_bytes(columns, late))
        assert codes(found) == ["event_outside_life"]

    def test_the_token_of_the_plan_holds_them(self):
        superior = make_unit(code="old", founded="1900", dissolved="1995-01-01")
        file = csv_bytes(("code", "parent", "name_en"), ("part", "old", "Part"))
        shown = plan(file, accept_findings=True)
        assert codes(shown) == ["outlives_superior"]
        Unit.objects.filter(pk=superior.pk).update(dissolved="1996-01-01")
        with pytest.raises(exchange.StalePlan):
            exchange.apply(shown, None)

    def test_a_library_that_imports_is_told(self):
        import tablib

        data = tablib.Dataset(headers=UNITS)
        data.append(("old", "", "Old", "1900", "1995-01-01", ""))
        data.append(("part", "old", "Part", "1950", "", "1950"))
        result = exchange.resource_for("units")().import_data(data)
        assert result.has_errors()
        assert not Unit.objects.exists()

    def test_no_query_per_row(self, django_assert_max_num_queries):
        top = make_unit(code="top", founded="1900", dissolved="1990")
        for number in range(3):
            make_dated_superior(make_unit(code=f"s-{number}"), parent=top, begin="1950", end="1960")
        rows = [(f"u-{number}", "top", f"U {number}", "1950", "", "") for number in range(700)]
        with django_assert_max_num_queries(60):
            found = plan(units_csv(*rows))
        assert len(found.findings) == 700


class TestCommand:
    @pytest.fixture
    def file(self, tmp_path):
        path = tmp_path / "units.csv"
        path.write_bytes(OUTLIVES)
        return str(path)

    def test_lists_them_and_imports_nothing(self, file):
        told = io.StringIO()
        with pytest.raises(CommandError, match="add --accept-findings"):
            call_command("import_records", "units", file, stderr=told)
        assert "part: “Old Office” ended (1 January 1995)" in told.getvalue()
        assert not Unit.objects.exists()

    def test_imports_when_told_to(self, file):
        call_command("import_records", "units", file, "--accept-findings", stderr=io.StringIO())
        assert Unit.objects.count() == 2

    def test_a_dry_run_lists_them(self, file):
        told = io.StringIO()
        call_command("import_records", "units", file, "--dry-run", stderr=told)
        assert "“Old Office” ended" in told.getvalue()


def test_what_a_site_has_accepted_comes_in_again_elsewhere(tmp_path):
    superior = make_unit(code="old", founded="1900", dissolved="1995-01-01")
    unit = make_unit(code="part", parent=superior, founded="1950")
    make_dated_superior(unit, parent=superior, begin="1890", end="1960")
    path = tmp_path / "all.zip"
    path.write_bytes(export("all", "zip"))
    for model in (DatedSuperior, Unit):
        model._base_manager.all()._raw_delete("default")
    with pytest.raises(CommandError, match="second look"):
        call_command("import_records", "all", str(path), stderr=io.StringIO())
    call_command("import_records", "all", str(path), "--accept-findings", stderr=io.StringIO())
    assert Unit.objects.count() == 2


class TestInTheBrowser:
    @pytest.fixture(autouse=True)
    def _own_var(self, settings, tmp_path):
        settings.VAR_DIR = tmp_path

    def test_the_preview_lists_them(self, boss):
        page = upload(boss, OUTLIVES).content.decode()
        assert "1 finding needs a second look" in page
        assert "“Old Office” ended (1 January 1995) and “Its part” goes on under it." in page
        assert "Import with 1 finding" in page
        assert "Import now" not in page

    def test_without_the_tick_nothing_is_imported(self, boss):
        upload(boss, OUTLIVES)
        answer = confirm(boss, job_of(boss))
        assert answer.status_code == 400
        assert "Say that you have looked at what was found." in answer.content.decode()
        assert not Unit.objects.exists()

    def test_with_it_they_are(self, boss):
        upload(boss, OUTLIVES)
        answer = confirm(boss, job_of(boss), findings="accepted")
        assert job_of(boss).state == "done", answer.content.decode()
        assert Unit.objects.count() == 2

    def test_other_findings_are_shown_first(self, boss):
        make_unit(code="old", founded="1900", dissolved="1995-01-01")
        upload(boss, csv_bytes(("code", "parent", "name_en"), ("part", "old", "Part")))
        job = job_of(boss)
        Unit.objects.filter(code="old").update(dissolved="1996-01-01")
        confirm(boss, job, findings="accepted")
        job.refresh_from_db()
        assert (job.state, job.accept_findings) == ("ready", False)
        assert not Unit.objects.filter(code="part").exists()
        assert "1996" in boss.get(address(job)).content.decode()

    def test_a_file_without_any(self, boss):
        page = upload(boss, csv_bytes(("code", "name_en"), ("a", "A"))).content.decode()
        assert "second look" not in page
        assert "Import now" in page

    def test_thousands_are_counted_and_some_listed(self, boss):
        rows = [(f"u-{number}", "old", f"U {number}", "1950", "", "") for number in range(1200)]
        file = units_csv(("old", "", "Old", "1900", "1995-01-01", ""), *rows)
        page = upload(boss, file).content.decode()
        assert "1200 findings need a second look" in page
        assert "and 1200 units go on under it" in page
        assert "and 1190 more" in page
        assert len(look_first(plan(file))) < 100
