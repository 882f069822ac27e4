"""What is found of many units below one superior is shown as one, counted and accepted as many."""

import io
import json
import re

import pytest
from django.core.management import CommandError, call_command

from publishing import findings
from publishing.finding_groups import IN_A_GROUP, grouped
from tests.admin.forms import fields_of, save
from tests.contradictions.test_check_content import check
from tests.contradictions.test_files import units_csv
from tests.contradictions.test_forms import again, page, tick
from tests.exchange.files import csv_bytes, plan
from tests.exchange_desk.desk import confirm, job_of, upload
from tests.factories import make_dated_name, make_dated_superior, make_unit
from units.models import Unit

pytestmark = pytest.mark.django_db

ALL_OF_THEM = "“Old Office” ended (1 January 1995) and 8 units go on under it."


def units_below(superior, count=8):
    return [
        make_unit(parent=superior, code=f"part-{n}", name_en=f"Part {n}", founded="1950")
        for n in range(count)
    ]


def rows_below(superior, count=8):
    rows = [(f"part-{n}", superior, f"Part {n}", "1950", "", "1950") for n in range(count)]
    return units_csv((superior, "", "Old Office", "1900", "1995-01-01", ""), *rows)


@pytest.fixture
def closed(db):
    return make_unit(code="old", name_en="Old Office", founded="1900", dissolved="1995-01-01")


@pytest.fixture
def living(db):
    """A superior that is about to be closed, with eight units."""
    superior = make_unit(code="old", name_en="Old Office", founded="1900")
    units_below(superior)
    return superior


def groups():
    return grouped(findings.of_everything())


class TestGroups:
    def test_one_unit_keeps_its_own_sentence(self, closed):
        units_below(closed, 1)
        (group,) = groups()
        assert "“Part 0” goes on under it" in group.sentence
        assert (group.count, group.place.code, group.listed) == (1, "part-0", [])

    def test_several_units_below_one_superior(self, closed):
        units_below(closed)
        (group,) = groups()
        assert group.message == ALL_OF_THEM
        assert (group.count, group.place.code, group.more) == (8, "old", 0)
        assert [(place.code, name) for place, name in group.listed][:2] == [
            ("part-0", "Part 0"), ("part-1", "Part 1"),
        ]  # fmt: skip

    def test_of_very_many_the_first_few(self, closed):
        units_below(closed, IN_A_GROUP + 5)
        (group,) = groups()
        assert (group.count, len(group.listed), group.more) == (IN_A_GROUP + 5, IN_A_GROUP, 5)

    def test_each_superior_has_its_own(self, closed):
        other = make_unit(name_en="Other", founded="1900", dissolved="1995-01-01")
        units_below(closed, 2)
        for number in range(3):
            make_unit(parent=other, founded="1950", code=f"else-{number}")
        assert [group.count for group in groups()] == [3, 2]

    def test_former_superiors_are_counted_as_rows(self, closed):
        """The same unit may come twice."""
        unit = make_unit(name_en="Part")
        for end in ("1996-01-01", "1997-01-01"):
            make_dated_superior(unit, parent=closed, begin="1950", end=end)
        (group,) = [one for one in groups() if one.code == "superior_not_there"]
        assert group.message == (
            "“Old Office” ended (1 January 1995) and 2 rows keep a unit under it."
        )

    def test_a_superior_that_was_founded_later(self):
        superior = make_unit(name_en="New Office", founded="1990")
        for number in range(3):
            make_unit(parent=superior, code=f"u-{number}", founded="1950", superior_since="1950")
        (group,) = groups()
        assert group.message == "“New Office” was founded later (1990) than 3 units came under it."

    def test_what_is_refused_stays_apart(self):
        unit = make_unit(founded="1990-01-01")
        for number in range(3):
            make_dated_name(unit, code=f"n-{number}", begin=f"195{number}", end="1960")
        assert all(group.count == 1 and not group.listed for group in groups())

    def test_nothing_is_lost(self, closed):
        units_below(closed, 12)
        make_dated_superior(make_unit(), parent=closed, begin="1950", end="1997")
        found = list(findings.of_everything())
        assert sum(group.count for group in grouped(found)) == len(found) == 13


class TestCheckContent:
    def test_one_line_with_a_line_for_each_unit(self, closed, boss):
        units = units_below(closed)
        (line, *parts, summary), failed = check("--language", "en")
        assert line.startswith(f"second look: old: {ALL_OF_THEM}")
        assert line.endswith(f"[outlives_superior] /admin/units/unit/{closed.pk}/change/")
        assert parts[0] == f"  part-0: Part 0 /admin/units/unit/{units[0].pk}/change/"
        assert len(parts) == 8
        assert summary == "Refused: 0. For a second look: 8."
        assert not failed

    def test_of_very_many_it_says_how_many_more(self, closed):
        units_below(closed, IN_A_GROUP + 5)
        lines, _failed = check("--language", "en")
        assert lines[-2] == "  … and 5 more findings."

    def test_json_lists_each(self, closed):
        units_below(closed, IN_A_GROUP + 5)
        lines, _failed = check("--format", "json", "--language", "en")
        assert len({json.loads(line)["code"] for line in lines}) == IN_A_GROUP + 5


class TestImports:
    @pytest.fixture(autouse=True)
    def _own_var(self, settings, tmp_path):
        settings.VAR_DIR = tmp_path

    def test_the_preview_shows_one(self, boss):
        text = upload(boss, rows_below("old")).content.decode()
        assert "8 findings need a second look" in text
        assert "Import with 8 findings" in text
        assert text.count(ALL_OF_THEM) == 1
        assert "goes on under it" not in text
        assert all(f"Part {n} <code" in text for n in range(8))
        assert "listed together" in text

    def test_findings_that_are_not_listed_are_counted(self, boss):
        text = upload(boss, rows_below("old", 50)).content.decode()
        assert "Import with 50 findings" in text
        assert text.count(f"and {50 - IN_A_GROUP} more") == 1

    def test_the_tick_accepts_them_all(self, boss):
        upload(boss, rows_below("old"))
        confirm(boss, job_of(boss), findings="accepted")
        assert Unit.objects.count() == 9

    def test_one_more_in_the_group_is_shown_first(self, boss):
        """The ninth is not among those that were accepted."""
        living = make_unit(code="old", name_en="Old Office", founded="1900")
        units_below(living)
        upload(boss, csv_bytes(("code", "dissolved"), ("old", "1995-01-01")))
        job = job_of(boss)
        make_unit(parent=living, code="z-ninth", founded="1950")
        confirm(boss, job, findings="accepted")
        job.refresh_from_db()
        assert (job.state, job.accept_findings) == ("ready", False)
        living.refresh_from_db()
        assert living.dissolved is None

    def test_the_command_lists_them(self, tmp_path):
        path, told = tmp_path / "units.csv", io.StringIO()
        path.write_bytes(rows_below("old"))
        with pytest.raises(CommandError, match="8 findings need a second look"):
            call_command("import_records", "units", str(path), stderr=told)
        lines = told.getvalue().splitlines()
        assert lines[0].startswith(f"old: {ALL_OF_THEM}")
        assert lines[1] == "  part-0: Part 0"
        assert len(lines) == 9

    def test_a_plan_holds_each(self):
        assert len(plan(rows_below("old")).findings) == 8


class TestForms:
    def test_the_form_shows_one(self, boss, living):
        text = save(boss, page(living), dissolved="1995-01-01").content.decode()
        assert "8 findings need a second look" in text
        assert text.count(ALL_OF_THEM) == 1
        assert "listed together" in text
        assert re.search(r"Part 7 <code[^>]*>part-7</code>", text)

    def test_the_tick_accepts_exactly_those(self, boss, living):
        answer = save(boss, page(living), dissolved="1995-01-01")
        accepted = tick(answer)
        make_unit(parent=living, code="z-ninth", name_en="Ninth", founded="1950")
        answer = again(boss, living, answer, looked_at=accepted)
        assert answer.status_code == 200
        assert "and 9 units go on under it" in answer.content.decode()
        assert tick(answer) != accepted
        living.refresh_from_db()
        assert living.dissolved is None
        fields = {**fields_of(answer), "looked_at": tick(answer), "_save": "1"}
        assert boss.post(page(living), fields).status_code == 302

    def test_also_of_those_that_are_not_listed(self, boss, living):
        for number in range(IN_A_GROUP):
            make_unit(parent=living, code=f"x-{number}", founded="1950")
        answer = save(boss, page(living), dissolved="1995-01-01")
        accepted = tick(answer)
        assert "and 8 more" in answer.content.decode()
        last = Unit.objects.get(code=f"x-{IN_A_GROUP - 1}")
        last.parent = None
        last.save()
        make_unit(parent=living, code="z-instead", founded="1950")
        assert tick(again(boss, living, answer, looked_at=accepted)) != accepted
