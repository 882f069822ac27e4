"""Filled example files, and a page that says what each column holds."""

import pytest

import exchange
from tests.factories import make_unit

pytestmark = pytest.mark.django_db

FORMATS = ["csv", "xlsx", "json"]


def fetch(client, kind, file_format, headings="codes"):
    answer = client.get(f"/admin/examples/{kind}/{file_format}/?headings={headings}")
    assert answer.status_code == 200
    return b"".join(answer)


def test_an_example_comes_in_as_it_is(content, boss):
    for kind in exchange.kinds():
        known = exchange.resource_for(kind).rows().exists()
        for file_format in FORMATS:
            for headings in ("codes", "az", "en"):
                data = fetch(boss, kind, file_format, headings)
                plan = exchange.plan(exchange.read(data, kind, name=f"x.{file_format}"))
                assert not plan.problems, [str(problem) for problem in plan.problems][:3]
                assert plan.is_empty or not known


@pytest.mark.parametrize("file_format", FORMATS)
def test_the_examples_of_an_empty_site_come_in_one_after_the_other(boss, file_format):
    for kind in exchange.kinds():
        data = fetch(boss, kind, file_format, "az")
        plan, applied = exchange.run(exchange.read(data, kind, name=f"x.{file_format}"))
        assert not plan.problems, (kind, [str(problem) for problem in plan.problems][:3])
        assert not plan.findings, (kind, [one.sentence for one in plan.findings][:3])
        assert applied.counts["create"] == 2, kind


def test_examples_of_a_large_site_stay_small(boss):
    for _number in range(12):
        make_unit()
    assert fetch(boss, "units", "csv").count(b"\r\n") == 6


def test_every_kind_has_a_page_that_documents_its_columns(content, boss):
    for language in ("az", "en"):
        boss.cookies["django_language"] = language
        for kind in exchange.kinds():
            page = boss.get(f"/admin/examples/{kind}/").content.decode()
            for column in exchange.resource_for(kind).columns():
                assert f"<code>{column.name}</code>" in page
            assert f"/admin/examples/{kind}/xlsx/?headings={language}" in page


def test_examples_show_no_drafts_to_those_who_may_not_see_them(signed_in):
    from django.contrib.auth.models import Permission

    make_unit(code="hidden", status="draft", name_en="Hidden")
    clerk = signed_in("editor")
    clerk.user.groups.clear()
    clerk.user.user_permissions.add(Permission.objects.get(codename="view_unit"))
    assert b"Hidden" not in fetch(clerk, "units", "csv")
    assert "Hidden" not in clerk.get("/admin/examples/units/").content.decode()
