"""Staff take records out as files, from the start page, from a list, or as chosen rows."""

import csv
import io
import json
import logging
import os
import tempfile
import zipfile

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse
from django.utils import timezone

import exchange
from tests.factories import make_event, make_staff, make_unit
from units.models import Unit

pytestmark = pytest.mark.django_db


def codes(data):
    return [row["code"] for row in csv.DictReader(io.StringIO(data.decode("utf-8-sig")))]


def allow(user, *codenames):
    user.user_permissions.add(*Permission.objects.filter(codename__in=codenames))


class TestFiles:
    def test_every_kind_has_its_page_and_every_format(self, content, boss, take):
        for kind in exchange.kinds():
            page = boss.get(f"/admin/export/{kind}/").content.decode()
            assert "Excel workbook" in page
            for file_format in ("xlsx", "spreadsheet", "csv", "json"):
                assert take(kind, file_format)

    def test_the_whole_site(self, content, boss, take):
        assert boss.get("/admin/export/all/").status_code == 200
        for file_format, part in (("xlsx", "worksheets/"), ("zip", ".csv")):
            names = zipfile.ZipFile(io.BytesIO(take("all", file_format))).namelist()
            assert len([name for name in names if part in name]) >= len(exchange.kinds())

    def test_the_exact_csv_is_that_of_the_command(self, content, take):
        stream = io.BytesIO()
        exchange.export("units", stream, "csv")
        assert take("units", "csv") == stream.getvalue()

    def test_the_csv_for_spreadsheets_is_guarded_and_opens_in_excel(self, take):
        make_unit(code="u", name_az="=1+1")
        data = take("units", "spreadsheet")
        assert data.startswith(b"\xef\xbb\xbfcode;")
        assert b";'=1+1;" in data

    def test_json_keeps_its_codes(self, take):
        make_unit(code="u")
        [record] = json.loads(take("units", "json", headings="az"))
        assert record["code"] == "u"

    def test_the_name_says_what_and_when(self, boss):
        form = {"scope": "all", "file_format": "xlsx", "headings": "az"}
        answer = boss.post("/admin/export/units/", form)
        assert f'filename="units-{timezone.localdate()}.xlsx"' in answer["Content-Disposition"]
        assert int(answer["Content-Length"]) == len(b"".join(answer))
        assert "no-store" in answer["Cache-Control"]

    def test_one_line_stands_in_the_log(self, take, caplog):
        with caplog.at_level(logging.INFO, "exchange"):
            take("units")
        assert [r.getMessage() for r in caplog.records if r.name == "exchange"] == [
            "exported: kind=units scope=all format=csv records=0 user=boss"
        ]

    def test_nothing_is_left_behind(self, take, tmp_path, monkeypatch):
        monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
        monkeypatch.setattr("exchange.desk.exports.downloads._SMALL", 1)
        make_unit()
        assert take("units", "xlsx")
        assert os.listdir(tmp_path) == []

    def test_a_failure_is_no_half_file(self, boss, monkeypatch):
        def fail(*args, **kwargs):
            args[1].write(b"half")
            raise RuntimeError

        monkeypatch.setattr("exchange.desk.exports.downloads.export", fail)
        boss.raise_request_exception = False
        form = {"scope": "all", "file_format": "csv", "headings": "az"}
        answer = boss.post("/admin/export/units/", form)
        assert answer.status_code == 500
        assert b"half" not in answer.content

    @pytest.mark.parametrize(
        "form",
        [
            {},
            {"scope": "x", "file_format": "exe", "headings": "ru"},
            {"scope": "filter", "file_format": "csv", "headings": "az"},  # without a filter
            {"scope": "all", "file_format": "zip", "headings": "az"},
        ],
    )
    def test_what_is_not_offered_is_asked_for_again(self, boss, form):
        answer = boss.post("/admin/export/units/", form)
        assert answer.status_code == 200
        assert "Content-Disposition" not in answer


class TestHeadings:
    """In words of either language, for an editor whose admin is in the other one."""

    def test_of_one_kind_come_in_again(self, content, take):
        for kind in exchange.kinds():
            if not exchange.resource_for(kind).rows().exists():
                continue
            for language, other in (("az", "en"), ("en", "az")):
                for file_format in ("csv", "spreadsheet", "xlsx"):
                    name = "x.xlsx" if file_format == "xlsx" else "x.csv"
                    data = take(kind, file_format, headings=language)
                    self.changes_nothing(exchange.read(data, kind, name=name, language=other))

    def test_of_the_whole_site_come_in_again(self, content, take):
        for language in ("az", "en"):
            for ending in ("xlsx", "zip"):
                data = take("all", ending, headings=language)
                self.changes_nothing(exchange.read(data, "all", name=f"x.{ending}", language="en"))

    @staticmethod
    def changes_nothing(book):
        plan = exchange.plan(book)
        assert not plan.problems, [str(problem) for problem in plan.problems][:3]
        assert plan.is_empty


class TestScope:
    def test_what_the_list_shows(self, boss, take):
        make_unit(code="a", name_en="Police")
        make_unit(code="b", name_en="Army", status="draft")
        page = boss.get("/admin/units/unit/?state=draft").content.decode()
        assert "/admin/export/units/?filter=state%3Ddraft" in page
        query = "?filter=state%3Ddraft"
        assert "Only what the list shows now, over all its pages: 1" in (
            boss.get(f"/admin/export/units/{query}").content.decode()
        )
        assert codes(take("units", query=query, scope="filter")) == ["b"]
        assert codes(take("units", query=query, scope="all")) == ["a", "b"]

    def test_a_search(self, take):
        make_unit(code="a", name_en="Police")
        make_unit(code="b", name_en="Army")
        assert codes(take("units", query="?filter=q%3Darmy", scope="filter")) == ["b"]

    def test_a_list_without_filters_offers_all(self, boss):
        for query in ("", "?filter=", "?filter=p%3D2%26o%3D1", "?filter=%26%26"):
            page = boss.get(f"/admin/export/units/{query}").content.decode()
            assert "All records: 0" in page
            assert "over all its pages" not in page

    @pytest.mark.parametrize(
        "filters",
        ["nope__x%3D1", "kind__id__exact%3Dabc", "%00", "q%3D%00", "publish_at__gte%3D9999-99-99",
         "parent__code%3D1%26" * 2000, "under%3D99999999999999999999", "password%3Dx"],
    )  # fmt: skip
    def test_any_text_for_a_filter_is_safe(self, boss, filters):
        assert boss.get(f"/admin/export/units/?filter={filters}").status_code in (200, 400)

    def test_ticked_rows(self, boss, take):
        first, second = make_unit(code="a"), make_unit(code="b")
        make_unit(code="c")
        answer = boss.post(
            "/admin/units/unit/",
            {"action": "export_selected", "_selected_action": [first.pk, second.pk]},
        )
        assert answer.status_code == 302
        query = answer["Location"].removeprefix("/admin/export/units/")
        page = boss.get(answer["Location"]).content.decode()
        assert "Only the records that you ticked: 2" in page
        assert codes(take("units", query=query, scope="chosen")) == ["a", "b"]

    def test_all_pages_ticked_is_the_filter(self, boss):
        unit = make_unit(status="draft")
        answer = boss.post(
            "/admin/units/unit/?state=draft",
            {"action": "export_selected", "_selected_action": [unit.pk], "select_across": "1"},
        )
        assert answer["Location"] == "/admin/export/units/?filter=state%3Ddraft"

    @pytest.mark.parametrize("ids", ["abc", "1,2,x", "9" * 40, "-1", "1,", "²", "1" + ",1" * 5000])
    def test_any_text_for_ticks_is_safe(self, boss, ids):
        assert boss.get(f"/admin/export/units/?ids={ids}").status_code == 200


class TestRights:
    ADDRESSES = ["/admin/export/units/", "/admin/examples/units/", "/admin/examples/units/csv/"]

    def test_strangers_are_asked_to_sign_in(self, client):
        for address in [*self.ADDRESSES, "/admin/export/"]:
            assert client.get(address).status_code == 302

    def test_without_the_right_there_is_no_page_and_no_button(self, signed_in, django_user_model):
        clerk = signed_in()
        django_user_model.objects.update(is_superuser=False)
        allow(clerk.user, "view_event")
        for address in [*self.ADDRESSES, "/admin/export/all/"]:
            assert clerk.get(address).status_code == 403, address
        form = {"scope": "all", "file_format": "csv", "headings": "az"}
        assert clerk.post("/admin/export/units/", form).status_code == 403
        overview = clerk.get("/admin/export/").content.decode()
        assert "/admin/export/events/" in overview
        assert "/admin/export/units/" not in overview
        assert "/admin/export/all/" not in overview
        assert "/admin/export/events/" in clerk.get("/admin/history/event/").content.decode()
        allow(clerk.user, "change_unit")  # opens the list, but gives no right to take it out
        page = clerk.get("/admin/units/unit/").content.decode()
        assert "/admin/export/units/" not in page
        assert "export_selected" not in page

    def test_without_any_right_there_is_no_overview(self, signed_in, django_user_model):
        clerk = signed_in()
        django_user_model.objects.update(is_superuser=False)
        assert clerk.get("/admin/export/").status_code == 403
        assert "/admin/export/" not in clerk.get("/admin/").content.decode()

    def test_who_may_only_look_gets_no_drafts(self, signed_in, django_user_model, take):
        make_unit(code="out")
        make_unit(code="hidden", status="draft")
        clerk = signed_in("editor")
        clerk.user.groups.clear()
        allow(clerk.user, "view_unit")
        assert codes(take("units", client=clerk)) == ["out"]
        page = clerk.get("/admin/export/units/").content.decode()
        assert "Only published records are in the file." in page
        assert "All records: 1" in page
        allow(clerk.user, "change_unit")
        assert codes(take("units", client=clerk)) == ["hidden", "out"]

    def test_nor_the_codes_of_drafts_beside_public_ones(self, signed_in, take):
        hidden = make_unit(code="hidden", status="draft")
        make_event(code="e", concerned=[hidden])
        clerk = signed_in("editor")
        clerk.user.groups.clear()
        allow(clerk.user, "view_event", "view_unit")
        assert b"hidden" not in take("events", client=clerk)
        for pk in (hidden.pk, 0):
            query = f"?ids={pk}"
            assert codes(take("units", client=clerk, query=query, scope="chosen")) == []

    def test_editors_export_what_they_may_see(self, signed_in):
        editor = signed_in("editor")
        overview = editor.get("/admin/export/").content.decode()
        assert "/admin/export/units/" in overview
        assert "/admin/export/legacy_addresses/" not in overview
        assert editor.get("/admin/export/all/").status_code == 403

    def test_unknown_kinds_are_not_found(self, boss):
        for address in ("/admin/export/nothing/", "/admin/examples/all/",
                        "/admin/examples/units/exe/", "/admin/examples/units/zip/"):  # fmt: skip
            assert boss.get(address).status_code == 404, address


def test_every_list_with_a_kind_has_its_button(boss):
    from django.contrib import admin

    from exchange.registry import resource_of

    seen = 0
    for model in admin.site._registry:
        resource = resource_of(model)
        opts = model._meta
        page = boss.get(reverse(f"admin:{opts.app_label}_{opts.model_name}_changelist"))
        assert ("/admin/export/" in page.content.decode()) is (resource is not None), model
        seen += resource is not None
    assert seen >= 12


def test_the_start_page_leads_to_it(boss):
    assert 'href="/admin/export/"' in boss.get("/admin/").content.decode()


def test_a_large_tree_goes_out_in_few_queries(boss, take, django_assert_max_num_queries):
    kind = make_unit().kind
    Unit.objects.bulk_create(
        Unit(code=f"u{n}", slug=f"u{n}", kind=kind, name_az=f"Ad {n}") for n in range(3000)
    )
    with django_assert_max_num_queries(15):
        assert take("units", "xlsx")


def test_other_staff_never_share_a_file(signed_in):
    make_staff("other")
    answer = signed_in().post(
        "/admin/export/units/", {"scope": "all", "file_format": "csv", "headings": "az"}
    )
    assert "Cookie" in answer["Vary"]
