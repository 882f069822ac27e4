"""``manage.py check_content`` lists what the database holds, with where it can be mended."""

import io
import json

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from mia_site.content import CONTENT_FIXTURES
from tests.factories import make_dated_name, make_dated_superior, make_post, make_unit

pytestmark = pytest.mark.django_db


def check(*arguments):
    """(lines, whether it ended with 1)"""
    told, status = io.StringIO(), 0
    try:
        call_command("check_content", *arguments, stdout=told)
    except CommandError as error:
        status = error.returncode
    return told.getvalue().splitlines(), bool(status)


def test_nothing_to_find():
    make_unit(founded="1990")
    assert check("--language", "en") == (["Refused: 0. For a second look: 0."], False)


def test_a_second_look_is_no_failure(boss):
    old = make_unit(founded="1900", dissolved="1995-01-01", name_en="Old Office")
    part = make_unit(parent=old, founded="1950", name_en="Its part", code="part")
    (line, summary), failed = check("--language", "en")
    assert line.startswith("second look: part: “Old Office” ended (1 January 1995) and “Its part”")
    assert line.endswith(f"[outlives_superior] /admin/units/unit/{part.pk}/change/")
    assert summary == "Refused: 0. For a second look: 1."
    assert not failed
    assert boss.get(line.split()[-1]).status_code == 200


def test_what_is_refused_ends_with_one_and_leads_to_the_unit_of_its_row():
    unit = make_unit(founded="1990-01-01")
    make_dated_name(unit, code="old", begin="1950", end="1960")
    lines, failed = check("--language", "en")
    assert failed
    assert lines[0].startswith("refused: old: No day of this period")
    assert lines[0].endswith(f"/admin/units/unit/{unit.pk}/change/")


def test_not_known_until_after_today():
    unit = make_unit()
    make_dated_superior(unit, code="gap", begin="1950", end="2950")
    lines, failed = check("--language", "en")
    assert failed
    assert lines[0].startswith("refused: gap: “Not known” lasts until after today")
    lines, _failed = check("--language", "az")
    assert lines[0].startswith("qəbul edilmir: gap: ")
    assert "Not known" not in lines[0]


def test_as_json():
    unit = make_unit(founded="1990-01-01")
    make_dated_name(unit, code="old", begin="1950", end="1960")
    (line,), failed = check("--format", "json", "--language", "en")
    found = json.loads(line)
    assert failed
    assert found["address"] == f"/admin/units/unit/{unit.pk}/change/"
    assert [found[key] for key in ("severity", "rule", "model", "code", "field")] == [
        "refused", "outside_life", "units.datedname", "old", "begin",
    ]  # fmt: skip


def test_in_the_language_of_the_site():
    make_dated_name(make_unit(founded="1990-01-01"), begin="1950", end="1960")
    (line, *_rest), _failed = check()
    assert line.startswith("qəbul edilmir: ")


def queries_for(number):
    top = make_unit(founded="1900")
    for _unit in range(number):
        unit = make_unit(parent=top, founded="1950")
        make_dated_superior(unit, parent=top, begin="1950", end="1960")
        make_post(unit)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert not check()[1]
    return len(asked)


def test_no_question_for_each_record():
    assert queries_for(40) == queries_for(3)


def test_the_own_content_of_the_site():
    call_command("loaddata", *CONTENT_FIXTURES, verbosity=0)
    assert check("--language", "en") == (["Refused: 0. For a second look: 0."], False)
