"""Opening a form and saving it changes what was typed, and nothing else."""

import re
from contextlib import contextmanager
from io import BytesIO

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import models
from django.urls import reverse
from playwright.sync_api import expect

from exchange.registry import EVERYTHING
from exchange.sending.export import export
from mia_site.content import CONTENT_FIXTURES
from pages.models import Page
from publishing.fields import LinesField
from tests.admin.forms import NAME_CORRECTED, errors_of, fields_of, save
from tests.admin.full_records import changeable, full_records, translated
from tests.admin.test_browser import choose
from tests.factories import make_unit
from units import tree
from units.models import Unit

PHONE = {"width": 360, "height": 740}
DESKTOP = {"width": 1280, "height": 900}


def names(superior):
    rows = Unit.objects.filter(parent__code=superior).order_by("lft")
    return [unit.name_en for unit in rows]


@pytest.fixture
def siblings(transactional_db):
    root = make_unit(code="root", name_en="Root")
    for number, name in enumerate(["Alpha", "Beta", "Gamma", "Delta"]):
        make_unit(code=name, name_en=name, parent=Unit.objects.get(pk=root.pk), order=number)
    return ["Alpha", "Beta", "Gamma", "Delta"]


@pytest.mark.browser
@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_a_new_telephone_does_not_move_the_unit(staff, siblings, live_server, viewport):
    page = staff()
    page.set_viewport_size(viewport)
    unit = Unit.objects.get(code="Beta")
    for phone in ("+994 12 000 00 01", "+994 12 000 00 02", "+994 12 000 00 03"):  # cold, warm …
        page.goto(f"{live_server.url}/admin/units/unit/{unit.pk}/change/", wait_until="load")
        page.locator("summary", has_text="Contact").click()
        page.fill("#id_phone", phone)
        page.get_by_role("button", name="Save", exact=True).click()
        expect(page.locator(".messagelist .success")).to_contain_text("was changed successfully")
        unit.refresh_from_db()
        assert (unit.phone, names("root")) == (phone, siblings)


# --- every form -----------------------------------------------------------------------------------

# What a visit itself writes: who is signed in, and the line that somebody saved. Nothing else is
# left out: not even "last changed" moves when nothing was.
WRITTEN_BY_VISITS = {"sessions.session", "admin.logentry"}


def rows():
    """Every row of every table, by the label of its model."""
    found = {}
    for model in apps.get_models(include_auto_created=True):
        if model._meta.managed and model._meta.label_lower not in WRITTEN_BY_VISITS:
            table = models.QuerySet(model).order_by("pk").values()
            found[model._meta.label_lower] = {row[model._meta.pk.attname]: row for row in table}
    return found


def differences(before, after):
    """Sentences on the cells that are not the same."""
    for label in before:
        for pk in sorted({*before[label], *after[label]}, key=str):
            old, new = before[label].get(pk), after[label].get(pk)
            if old is None or new is None:
                yield f"{label} {pk}: {'added' if old is None else 'gone'}"
                continue
            for name in old:
                if old[name] != new[name]:
                    yield f"{label} {pk} {name}: {old[name]!r} became {new[name]!r}"


def package():
    """The export of the whole site, as bytes."""
    stream = BytesIO()
    export(EVERYTHING, stream, "zip")
    return stream.getvalue()


@contextmanager
def nothing_changes():
    """Whatever is done inside, all tables and the export of the whole site stay as they are."""
    before, exported = rows(), package()
    yield
    assert list(differences(before, rows())) == []
    assert package() == exported


def address_of(record, act="change"):
    opts = record._meta
    return reverse(f"admin:{opts.app_label}_{opts.model_name}_{act}", args=[record.pk])


@pytest.fixture
def full(db):
    return full_records()


def test_every_form_is_walked_and_no_field_is_empty(full, boss):
    assert set(full) == {model for model, _model_admin in changeable()}
    empty = {}
    for record in full.values():
        context = boss.get(address_of(record)).context
        forms = [context["adminform"].form]
        missing = {f"{name}" for name, value in initials(forms).items() if not value}
        for inline in context["inline_admin_formsets"]:
            filled = initials(inline.formset.initial_forms)
            assert filled, (record, inline.formset.prefix)
            missing |= {f"{inline.formset.prefix} {n}" for n, value in filled.items() if not value}
        if missing:
            empty[record._meta.label] = missing
    # Of a superior unit, a body outside and "at the top" a row has one.
    assert empty == {"units.Unit": {"dated_superiors at_top"}}


def initials(forms):
    """``{name: what some form shows in it}``, empty only where every form shows nothing."""
    found = {}
    for form in forms:
        for name in form.fields.keys() - {"DELETE"}:
            found[name] = found.get(name) or form[name].initial
    return found


@pytest.mark.parametrize("language", ["az", "en"])
def test_saving_a_full_record_unchanged_changes_nothing(full, boss, language):
    boss.cookies["django_language"] = language  # dates and numbers are written in its way
    for record in full.values():
        with nothing_changes():
            response = save(boss, address_of(record))
            assert response.status_code == 302, (record, errors_of(response))


# Follow the record by themselves: the search, "last changed", and the columns without a language,
# which nobody reads (modeltranslation writes into them what the editor's language has).
FOLLOWING = re.compile(r"search\.|\S+ \S+ (search_text|updated_at):")


def test_saving_a_change_changes_nothing_else(full, boss):
    for model, record in full.items():
        form = boss.get(address_of(record)).context["adminform"].form
        name = next(n for n in (*LAST_TEXTS, "name") if n in form.fields)
        before = rows()
        assert save(boss, address_of(record), **{name: "Typed"} | NAME_CORRECTED).status_code == 302
        found = [one for one in differences(before, rows()) if not FOLLOWING.match(one)]
        copies = {f"{model._meta.label_lower} {record.pk} {stem}:" for stem in translated(model)}
        found = [one for one in found if one.partition(":")[0] + ":" not in copies]
        assert [one.rpartition(" became ")[2] for one in found] == ["'Typed'"], found


# A text that each kind has, and that no rule looks at.
LAST_TEXTS = ["abbreviation_en", "title_en", "label_en", "name_en", "note", "first_name"]


def test_what_an_address_fills_into_a_new_record_is_stored(boss):
    response = save(boss, f"{reverse('admin:pages_page_add')}?title_en=Open+data&order=4")
    assert response.status_code == 302
    page = Page.objects.get()
    assert (page.title_en, page.slug, page.order) == ("Open data", "open-data", 4)
    assert page.summary_az == ""  # as forms write it; only what was NULL before stays so


def test_a_changed_row_is_a_change_of_its_record(full, boss):
    unit = full[Unit]
    save(boss, address_of(unit), **{"links-0-title_en": "Another"})
    assert Unit.objects.get(pk=unit.pk).updated_at > unit.updated_at


def test_typed_lines_are_stored_as_files_write_them(full, boss):
    """A browser ends each line with CRLF; the files of an export would show that."""
    for model, record in full.items():
        for field in model._meta.concrete_fields:
            if not isinstance(field, LinesField) or field.name in translated(model):
                continue
            save(boss, address_of(record), **{field.name: "one\r\ntwo\rthree\nfour"})
            stored = model.objects.filter(pk=record.pk).values_list(field.name, flat=True).get()
            assert stored == "one\ntwo\nthree\nfour", field


def test_saving_the_real_content_unchanged_changes_nothing(db, boss):
    call_command("loaddata", *CONTENT_FIXTURES, verbosity=0)
    make_unit(code="nobody", name_en="", name_az="Adsız")
    with nothing_changes():
        for model, _model_admin in changeable():
            for record in model.objects.all():
                response = save(boss, address_of(record))
                assert response.status_code == 302, (record, errors_of(response))


@pytest.mark.browser
@pytest.mark.parametrize(("language", "viewport"), [("az", PHONE), ("en", DESKTOP)])
def test_saving_in_a_browser_changes_nothing(
    transactional_db, staff, live_server, language, viewport
):
    records = full_records()
    page = staff()
    page.set_viewport_size(viewport)
    page.context.add_cookies(
        [{"name": "django_language", "value": language, "url": live_server.url}]
    )
    with nothing_changes():
        for record in records.values():
            page.goto(live_server.url + address_of(record), wait_until="load")
            page.locator("[name=_continue], [name=_save]").last.click()
            expect(page.locator(".messagelist .success"), str(record)).to_be_visible()
        page.goto(live_server.url + address_of(records[Unit], "place"), wait_until="load")
        page.locator("input[type=submit].default").click()
        page.wait_for_url("**/admin/units/unit/")


@pytest.mark.browser
def test_a_new_superior_empties_the_position_and_the_old_one_brings_it_back(
    staff, siblings, live_server
):
    page = staff()
    for act, field in (("change", "parent"), ("place", "superior")):
        unit = Unit.objects.get(code="Beta")
        page.goto(live_server.url + address_of(unit, act), wait_until="load")
        position = page.locator("#id_position")
        expect(position).to_have_value("2")
        choose(page, field, "alpha", "Alpha")
        expect(position).to_have_value("")
        choose(page, field, "root", "Root")
        expect(position).to_have_value("2")


def test_a_sibling_that_came_in_between_moves_nobody(boss, siblings):
    unit = Unit.objects.get(code="Gamma")
    for act in ("change", "place"):
        address = address_of(unit, act)
        form = fields_of(boss.get(address))
        tree.move("Delta", "root", 0)
        assert boss.post(address, {**form, "phone": "+994 12 1", "_save": "1"}).status_code == 302
        assert names("root") == ["Delta", "Alpha", "Beta", "Gamma"]
        tree.move("Delta", "root")


def test_placing_a_unit_where_it_is_changes_nothing(full, boss):
    with nothing_changes():
        response = save(boss, reverse("admin:units_unit_place", args=[full[Unit].pk]))
        assert response.status_code == 302
