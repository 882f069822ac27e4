"""A preview of 20,000 rows is read from its lines: never planned again, few queries a page."""

import pytest

import exchange
from exchange.desk.imports import work
from tests.exchange.files import csv_bytes
from tests.exchange_desk.desk import address, job_of, upload
from tests.factories import make_unit_kind

ROWS = 20_000
# The session, the person, the job, how many lines, the lines, the records they link to, notes;
# names of superiors that are there and of those in the file, names of kinds.
QUERIES = 11


@pytest.fixture
def large(boss, settings):
    make_unit_kind(code="unit")
    settings.IMPORT_AT_ONCE_BYTES = 0
    rows = ([f"u-{n}", f"u-{n // 10}" if n > 9 else "", f"Office {n}"] for n in range(ROWS))
    upload(boss, csv_bytes(["code", "parent", "name_en"], *rows))
    work.check(job_of(boss).pk)
    return job_of(boss)


def test_pages_are_read_and_not_planned(large, boss, monkeypatch, django_assert_max_num_queries):
    monkeypatch.setattr(exchange.planning.plan.Plan, "__init__", None)
    monkeypatch.setattr(exchange.reading, "read", None)
    for asked, expected in (
        ({}, "u-0"),
        ({"page": "2"}, "u-30"),
        ({"page": "800"}, "u-19999"),
        ({"page": "801"}, "u-19999"),
        ({"action": "create", "q": "u-1999"}, "u-19990"),
        ({"q": "Office 777"}, "u-7777"),
        ({"action": "update"}, "No records here."),
        ({"action": "nonsense", "kind": "nonsense", "page": "x"}, "No records here."),
    ):
        with django_assert_max_num_queries(QUERIES):
            response = boss.get(address(large), asked)
        assert response.status_code == 200
        assert expected in response.content.decode()
        assert len(response.content) < 150_000


def test_thousands_of_problems_have_pages_too(boss, settings, django_assert_max_num_queries):
    settings.IMPORT_AT_ONCE_BYTES = 10**9
    rows = ([f"u-{n}", "nobody", f"Office {n}"] for n in range(5000))
    upload(boss, csv_bytes(["code", "parent", "name_en"], *rows))
    job = job_of(boss)
    assert job.summary["problems"] == 5000
    with django_assert_max_num_queries(QUERIES):
        text = boss.get(address(job), {"page": "100"}).content.decode()
    assert "row 5001" in text
    with django_assert_max_num_queries(QUERIES):
        boss.get(address(job), {"action": "unknown_reference", "page": "7"})
