"""What somebody who knows django-import-export does with our resources works as it documents."""

import io
import re
from contextlib import redirect_stderr

import pytest
import tablib
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.core.management import call_command
from django.urls import path
from import_export.admin import ImportExportModelAdmin
from import_export.exceptions import ImportError as NotImported
from import_export.fields import Field
from import_export.widgets import IntegerWidget

from exchange.planning.changes import Options
from exchange.resource import REFUSED_HOOKS
from mia_site.urls import urlpatterns as own_urls
from tests.factories import make_unit
from units.models import Unit
from units.resources import UnitResource

pytestmark = pytest.mark.django_db

CORRECTIONS = Options(corrections=True)


def rows(*rows, headers=("code", "name_en")):
    return tablib.Dataset(*rows, headers=list(headers))


def imported(resource, *lines, headers=("code", "name_en"), **options):
    options.setdefault("options", CORRECTIONS)
    return resource().import_data(rows(*lines, headers=headers), **options)


def types(result):
    return [row.import_type for row in result.rows]


@pytest.fixture
def police():
    return make_unit(code="police", name_en="Police", phone="102")


# --- Meta --------------------------------------------------------------------------------------
def test_fields_limit_what_goes_out_and_comes_in(police):
    class Names(UnitResource):
        class Meta(UnitResource.Meta):
            fields = ["code", "name_en"]

    assert Names().export().headers == ["code", "name_en"]
    imported(Names, ("police", "Militia", "111"), headers=("code", "name_en", "phone"))
    police.refresh_from_db()
    assert (police.name_en, police.phone) == ("Militia", "102")


def test_exclude_leaves_columns_out(police):
    class WithoutPhones(UnitResource):
        class Meta(UnitResource.Meta):
            exclude = ["phone"]

    assert "phone" not in WithoutPhones().export().headers
    imported(WithoutPhones, ("police", "Militia", "111"), headers=("code", "name_en", "phone"))
    police.refresh_from_db()
    assert (police.name_en, police.phone) == ("Militia", "102")


def test_the_order_of_columns_is_that_of_export_order(police):
    class Ordered(UnitResource):
        class Meta(UnitResource.Meta):
            fields = ["code", "name_en", "phone"]
            export_order = ["phone", "code"]

    assert Ordered().export().headers == ["phone", "code", "name_en"]


def test_export_fields_are_chosen_for_one_export(police):
    data = UnitResource().export(export_fields=["code", "phone"])
    assert data.dict == [{"code": "police", "phone": "102"}]


@pytest.mark.parametrize("skips", [True, False])
def test_skip_unchanged_says_how_rows_that_change_nothing_count(police, skips):
    class Own(UnitResource):
        class Meta(UnitResource.Meta):
            skip_unchanged = skips

    result = imported(Own, ("police", "Police"))
    assert types(result) == ["skip" if skips else "update"]
    assert LogEntry.objects.count() == 0


def test_report_skipped_leaves_skipped_rows_out_of_the_result(police):
    class Silent(UnitResource):
        class Meta(UnitResource.Meta):
            report_skipped = False

    result = imported(Silent, ("police", "Police"), ("new", "New"))
    assert types(result) == ["new"]
    assert result.totals["skip"] == 1


def test_what_only_rows_one_by_one_can_keep_is_refused_when_the_class_is_made():
    for name, value in {"use_bulk": True, "import_id_fields": ["slug"]}.items():
        meta = type("Meta", (UnitResource.Meta,), {name: value})
        with pytest.raises(TypeError, match=name):
            type("Own", (UnitResource,), {"Meta": meta})


# --- declared fields ---------------------------------------------------------------------------
def test_a_declared_field_is_exported(police):
    class WithSuperior(UnitResource):
        above = Field(attribute="parent__name_en", column_name="Superior", readonly=True)

        class Meta(UnitResource.Meta):
            fields = ["code", "above"]

    make_unit(code="patrol", name_en="Patrol", parent=police)
    assert WithSuperior().export().dict == [
        {"code": "police", "Superior": ""},
        {"code": "patrol", "Superior": "Police"},
    ]


def test_a_field_may_have_a_dehydrate_method(police):
    class Loud(UnitResource):
        loud = Field(readonly=True)

        class Meta(UnitResource.Meta):
            fields = ["code", "loud"]

        def dehydrate_loud(self, unit):
            return unit.name_en.upper()

    assert Loud().export().dict == [{"code": "police", "loud": "POLICE"}]
    result = imported(Loud, ("police", "ignored"), headers=("code", "loud"))
    assert types(result) == ["skip"]


def test_a_declared_field_with_a_heading_and_a_widget_is_imported(police):
    class Counted(UnitResource):
        place = Field(attribute="order", column_name="Place", widget=IntegerWidget())

        class Meta(UnitResource.Meta):
            fields = ["code", "name_en", "place"]

    result = imported(Counted, ("police", "7.0"), headers=("code", "Place"))
    assert types(result) == ["update"]
    police.refresh_from_db()
    assert police.order == 7


def test_a_declared_field_that_no_column_takes_is_said():
    class Lost(UnitResource):
        above = Field(attribute="parent__name_en", column_name="Superior")

        class Meta(UnitResource.Meta):
            fields = ["code", "above"]

    result = imported(Lost, ("a", "b"), headers=("code", "Superior"))
    assert "Superior" in str(result.base_errors[0].error)


# --- hooks -------------------------------------------------------------------------------------
def test_before_import_may_change_the_dataset():
    class Cleaned(UnitResource):
        def before_import(self, dataset, **kwargs):
            del dataset[0]
            assert kwargs["dry_run"] is False

    result = imported(Cleaned, ("Codes", "Names"), ("new", "New"))
    assert (types(result), result.total_rows) == (["new"], 1)


def test_before_import_row_may_change_a_row_and_add_a_column():
    class Cleaned(UnitResource):
        def before_import_row(self, row, row_number=None, **kwargs):
            row["code"] = row["code"].lower()
            row["phone"] = f"10{row_number}"

    imported(Cleaned, ("A", "One"), ("B", "Two"))
    assert dict(Unit.objects.values_list("code", "phone")) == {"a": "101", "b": "102"}


def test_a_row_that_a_hook_refuses_stops_the_import():
    class Strict(UnitResource):
        def before_import_row(self, row, **kwargs):
            if row["code"] == "bad":
                raise ValueError("No such code")

    result = imported(Strict, ("good", "Good"), ("bad", "Bad"))
    assert types(result) == ["skip", "error"]
    assert (result.error_rows[0].number, str(result.error_rows[0].errors[0].error)) == (
        2,
        "No such code",
    )
    assert not Unit.objects.exists()


def test_skip_row_gets_what_the_file_says_and_what_was_there(police):
    asked = []

    class Careful(UnitResource):
        def skip_row(self, instance, original, row, import_validation_errors=None):
            asked.append((instance.name_en, original.name_en, row["name_en"], instance.kind_id))
            return bool(original.pk)

    result = imported(Careful, ("police", "Militia"), ("new", "New"))
    assert types(result) == ["skip", "new"]
    police.refresh_from_db()
    assert police.name_en == "Police"
    assert [one[:3] for one in asked] == [("Militia", "Police", "Militia"), ("New", None, "New")]
    assert asked[0][3] == police.kind_id


def test_after_import_row_and_after_import_see_results():
    seen = []

    class Watched(UnitResource):
        def after_import_row(self, row, row_result, row_number=None, **kwargs):
            seen.append((row_number, row["code"], row_result.import_type))

        def after_import(self, dataset, result, **kwargs):
            seen.append(result.totals["new"])

    imported(Watched, ("a", "A"), ("b", "B"))
    assert seen == [(1, "a", "new"), (2, "b", "new"), 2]


def test_what_after_import_refuses_is_taken_back():
    class Refusing(UnitResource):
        def after_import(self, dataset, result, **kwargs):
            raise ValueError("No")

    assert str(imported(Refusing, ("a", "A")).base_errors[0].error) == "No"
    assert not Unit.objects.exists()


@pytest.mark.parametrize("hook", ["skip_row", "after_import_row"])
def test_what_a_hook_of_rows_refuses_is_a_mistake_of_its_row(hook):
    def refuse(self, *args, **kwargs):
        row = next(one for one in args if isinstance(one, dict))
        if row["code"] == "b":
            raise ValueError("No")

    result = imported(type("Own", (UnitResource,), {hook: refuse}), ("a", "A"), ("b", "B"))
    assert [(one.number, str(one.errors[0].error)) for one in result.error_rows] == [(2, "No")]
    assert not Unit.objects.exists()


def test_hooks_of_export_choose_and_change(police):
    make_unit(code="other")

    class Chosen(UnitResource):
        def filter_export(self, queryset, **kwargs):
            return queryset.filter(code="police")

        def after_export(self, queryset, dataset, **kwargs):
            dataset.title = "Units"

    data = Chosen().export()
    assert ([row["code"] for row in data.dict], data.title) == (["police"], "Units")


def test_get_queryset_says_what_is_exported(police):
    make_unit(code="other")

    class Own(UnitResource):
        def get_queryset(self):
            return super().get_queryset().filter(code="other")

    assert [row["code"] for row in Own().export().dict] == ["other"]


@pytest.mark.parametrize("name", sorted(REFUSED_HOOKS))
def test_a_hook_that_needs_an_instance_is_refused_with_the_place_to_use(name):
    with pytest.raises(TypeError, match=re.escape(f"Own.{name} would never be called. Use ")):
        type("Own", (UnitResource,), {name: lambda *args, **kwargs: None})


def test_no_hook_of_the_library_is_silently_lost():
    """All that the library documents as a hook is called by us, or refused."""
    from import_export.resources import ModelResource

    ours = set(REFUSED_HOOKS) | {
        # called
        "after_export", "after_import", "after_import_row", "before_export", "before_import",
        "before_import_row", "export", "export_field", "export_resource", "filter_export",
        "get_diff_headers", "get_error_result_class", "get_export_fields", "get_export_headers",
        "get_export_order", "get_import_fields", "get_import_order", "get_queryset",
        "get_result_class", "get_row_result_class", "get_user_visible_fields",
        "handle_import_error", "import_data", "skip_row",
        # about the library's own parts, or declarations
        "field_from_django_field", "get_bulk_update_fields", "get_chunk_size",
        "get_db_connection_name", "get_diff_class", "get_display_name", "get_field_name",
        "get_fields", "get_fk_widget", "get_import_id_fields", "get_m2m_widget",
        "get_use_transactions", "iter_queryset", "widget_from_django_field",
        "widget_kwargs_for_field",
    }  # fmt: skip
    hooks = {
        n for n in dir(ModelResource) if callable(getattr(ModelResource, n)) and n[0].islower()
    }
    assert hooks - ours == set()


# --- results -----------------------------------------------------------------------------------
def test_a_dry_run_says_what_would_be_and_writes_nothing(police):
    result = imported(UnitResource, ("police", "Militia"), ("new", "New"), dry_run=True)
    assert types(result) == ["update", "new"]
    assert dict(result.totals) == {
        "new": 1, "update": 1, "delete": 0, "skip": 0, "error": 0, "invalid": 0,
    }  # fmt: skip
    assert Unit.objects.get().name_en == "Police"


def test_a_refused_file_reports_nothing_as_done():
    result = imported(
        UnitResource, ("a", "A", ""), ("b", "B", "soon"), headers=("code", "name_en", "founded")
    )
    assert types(result) == ["skip", "error"]
    assert (result.totals["new"], result.totals["error"]) == (0, 1)
    assert result.has_errors()
    assert result.row_errors()[0][0] == 2
    assert not Unit.objects.exists()


def test_raise_errors_raises_with_the_number_of_the_row():
    with pytest.raises(NotImported) as raised:
        imported(
            UnitResource, ("a", "A", "soon"), headers=("code", "name_en", "founded"),
            raise_errors=True,
        )  # fmt: skip
    assert raised.value.number == 1


def test_failed_rows_are_collected():
    result = imported(
        UnitResource, ("a", "A", "soon"), headers=("code", "name_en", "founded"),
        collect_failed_rows=True,
    )  # fmt: skip
    assert result.failed_dataset.headers == ["code", "name_en", "founded", "Error"]
    assert result.failed_dataset[0][:3] == ("a", "A", "soon")


def test_a_row_names_its_object_and_shows_the_difference(police):
    result = imported(UnitResource, ("police", "Militia"), ("new", "New"))
    changed, new = result.rows
    assert (changed.object_id, changed.object_repr) == (police.pk, "Militia")
    assert new.object_id == Unit.objects.get(code="new").pk
    at = result.diff_headers.index("name_en")
    assert "<del" in changed.diff[at]
    assert "Militia" in re.sub("<[^>]+>", "", changed.diff[at])
    assert "<ins" in new.diff[at]
    assert "<script" not in imported(UnitResource, ("x", "<script>")).rows[0].diff[at]


def test_instances_and_values_are_kept_where_that_is_wanted():
    class Keeping(UnitResource):
        class Meta(UnitResource.Meta):
            store_instance = True
            store_row_values = True

    (row,) = imported(Keeping, ("new", "New")).rows
    assert row.instance == Unit.objects.get()
    assert row.row_values["name_en"] == "New"


def test_headings_in_other_words_and_unknown_ones():
    assert imported(UnitResource, ("a", "A", "x"), headers=("code", "name_en", "fax")).has_errors()
    assert not Unit.objects.exists()


# --- the stock command and the stock admin -----------------------------------------------------
def test_the_stock_commands_export_and_import(police, tmp_path):
    file = tmp_path / "units.csv"
    file.write_text("code,name_en,kind\nnew,New,Office\n")
    said = io.StringIO()
    call_command("import", "units.resources.UnitResource", str(file), "--noinput", stderr=said)
    assert "1 new, 0 updated" in said.getvalue()
    assert Unit.objects.filter(code="new").exists()


def test_the_stock_command_fails_where_a_row_is_refused(tmp_path):
    file = tmp_path / "units.csv"
    file.write_text("code,name_en,founded\nnew,New,soon\n")
    said = io.StringIO()
    with pytest.raises(SystemExit), redirect_stderr(said):
        call_command("import", "units.resources.UnitResource", str(file), "--noinput", stderr=said)
    assert "Line number: 1" in said.getvalue()
    assert not Unit.objects.exists()


class StockAdmin(ImportExportModelAdmin):
    resource_classes = [UnitResource]


site = type(admin.site)()  # with all that its pages lead to
site._registry = {**admin.site._registry, Unit: StockAdmin(Unit, site)}
urlpatterns = [path("stock/", site.urls), *own_urls]


@pytest.fixture
def boss(admin_client):
    return admin_client


@pytest.mark.urls(__name__)
def test_the_stock_admin_previews_imports_logs_and_exports(boss, police):
    file = io.BytesIO(b"code,name_en,phone\nnew,New,103\npolice,Police,112\n")
    file.name = "units.csv"
    page = boss.post("/stock/units/unit/import/", {"import_file": file, "format": "0"})
    assert page.context["result"].totals["new"] == 1
    confirm = page.context["confirm_form"]
    assert ">103</ins>" in page.content.decode()
    assert Unit.objects.count() == 1
    done = boss.post("/stock/units/unit/process_import/", confirm.initial)
    assert done.status_code == 302
    assert Unit.objects.get(code="new").phone == "103"
    entries = LogEntry.objects.order_by("action_flag").values_list("object_id", "action_flag")
    new = Unit.objects.get(code="new")
    assert list(entries) == [(str(new.pk), 1), (str(police.pk), 2)]
    fields = {f"unitresource_{name}": "on" for name in ("code", "phone")}
    answer = boss.post("/stock/units/unit/export/", {"format": "0", "resource": "0", **fields})
    assert answer.content.decode().split() == ["code,phone", "new,103", "police,112"]


@pytest.mark.urls(__name__)
def test_the_stock_admin_shows_what_is_refused(boss):
    file = io.BytesIO(b"code,name_en,founded\nnew,New,soon\n")
    file.name = "units.csv"
    page = boss.post("/stock/units/unit/import/", {"import_file": file, "format": "0"})
    assert "confirm_form" not in page.context
    assert "soon" in page.content.decode()


def test_who_may_not_import_may_not_do_so_through_the_library(django_user_model):
    clerk = django_user_model.objects.create_user("clerk", is_staff=True)
    clerk.user_permissions.set(Permission.objects.filter(codename__in=["add_unit", "view_unit"]))
    result = imported(UnitResource, ("new", "New"), user=clerk)
    assert str(result.base_errors[0].error) == "You may not import these records."
    assert not Unit.objects.exists()
