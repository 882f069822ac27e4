"""A renamed record is found at every address that it ever had, in one hop."""

import json

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import connection
from django.test import Client

import exchange
from publishing.models import RetiredSlug
from publishing.slug_triggers import models_with_slugs, name_of, there_are
from tests.admin.forms import save
from tests.factories import (
    make_event,
    make_external_body,
    make_page,
    make_person,
    make_staff,
    make_unit,
)
from units.models import Unit

pytestmark = pytest.mark.django_db

MAKERS = {
    "units": make_unit,
    "international": make_external_body,
    "people": make_person,
    "history": make_event,
    "": make_page,
}


def rename(record, *slugs):
    for slug in slugs:
        record.slug = slug
        record.save()


def path(word, slug, language="en"):
    return f"/{language}/{word}/{slug}/".replace("//", "/")


@pytest.mark.parametrize("word", MAKERS)
@pytest.mark.parametrize("language", ["az", "en"])
def test_every_kind_of_page_is_found_at_its_former_addresses(word, language, leads_to):
    record = MAKERS[word](slug="first")
    rename(record, "second", "third")
    for former in ("first", "second"):
        assert leads_to(path(word, former, language)) == path(word, "third", language)


def test_every_model_with_an_address_is_watched():
    names = {name_of(model) for model in models_with_slugs()}
    assert names <= there_are(connection)
    assert {Unit} < set(models_with_slugs())


def test_a_name_that_comes_back_answers_itself(client, leads_to):
    unit = make_unit(slug="a")
    rename(unit, "b", "a")
    assert client.get("/en/units/a/").status_code == 200
    assert leads_to("/en/units/b/") == "/en/units/a/"


def test_the_query_and_its_date_are_kept(leads_to):
    rename(make_unit(slug="a"), "b")
    assert leads_to("/en/units/a/?on=2020&q=%C6%8F") == "/en/units/b/?on=2020&q=%C6%8F"


def test_a_branch_of_the_structure_is_found_by_its_former_slug(client, leads_to):
    rename(make_unit(slug="a"), "b")
    make_unit(slug="c")
    assert leads_to("/en/structure/?q=x&branch=a") == "/en/structure/?q=x&branch=b"
    assert client.get("/en/structure/?branch=nothing").status_code == 404
    Unit.objects.update(status="draft")
    assert client.get("/en/structure/?branch=a").status_code == 404


def test_pages_beside_that_of_a_record_follow_it_too(leads_to):
    rename(make_unit(slug="a"), "b")
    assert leads_to("/en/units/a/lineage/") == "/en/units/b/lineage/"


def test_without_the_slash_it_is_still_one_hop(leads_to):
    rename(make_unit(slug="a"), "b")
    assert leads_to("/en/units/a") == "/en/units/b/"


def test_a_very_long_query_is_no_failure(client):
    rename(make_unit(slug="a"), "b")
    assert client.get("/en/units/a/?q=" + "x" * 30_000).status_code == 301


def test_browsers_ask_anew_since_a_name_may_come_back(client):
    rename(make_unit(slug="a"), "b")
    assert client.get("/en/units/a/")["Cache-Control"] == "no-cache"


def test_head_is_led_and_post_is_not(client):
    rename(make_unit(slug="a"), "b")
    assert client.head("/en/units/a/").status_code == 301
    assert client.post("/en/units/a/").status_code == 405


def test_what_never_was_is_not_found(client):
    rename(make_unit(slug="a"), "b")
    for address in (
        "/en/units/c/",
        "/en/people/a/",
        "/en/a/",
        "/en/units/a/b/c/",
        "/en/history/a/",
    ):
        assert client.get(address).status_code == 404, address


@pytest.mark.parametrize("state", [{"status": "draft"}, {"status": "archived"}])
def test_a_hidden_record_is_found_at_no_address(client, state):
    rename(make_unit(slug="a", **state), "b")
    assert client.get("/en/units/a/").status_code == 404
    staff = Client()
    staff.force_login(make_staff())
    assert staff.get("/en/units/a/")["Location"] == "/en/units/b/"


def test_a_deleted_record_is_found_at_no_address(client):
    unit = make_unit(slug="a")
    rename(unit, "b")
    unit.delete()
    assert client.get("/en/units/a/").status_code == 404


def test_a_page_that_is_there_costs_no_query_more(client, django_assert_max_num_queries):
    unit = make_unit(slug="a")
    rename(make_unit(slug="other"), "elsewhere")
    with django_assert_max_num_queries(60) as found:
        client.get(unit.get_absolute_url())
    assert not [q for q in found.captured_queries if "retiredslug" in q["sql"]]
    assert not [q for q in found.captured_queries if "legacyaddress" in q["sql"]]


def test_a_page_that_is_not_there_costs_few(client, django_assert_max_num_queries):
    client.get("/en/no/such/page/")
    with django_assert_max_num_queries(60) as found:
        client.get("/en/units/nothing/")
    asked = [q for q in found.captured_queries if "retired" in q["sql"] or "legacy" in q["sql"]]
    assert len(asked) <= 2


class TestEveryWayOfWriting:
    def test_a_queryset(self, leads_to):
        make_unit(slug="a")
        Unit.objects.update(slug="b")
        assert leads_to("/en/units/a/") == "/en/units/b/"

    def test_bulk_update(self, leads_to):
        unit = make_unit(slug="a")
        unit.slug = "b"
        Unit.objects.bulk_update([unit], ["slug"])
        assert leads_to("/en/units/a/") == "/en/units/b/"

    def test_an_import(self, leads_to):
        make_unit(code="u", slug="a")
        import_units(b"code,slug\nu,b\n")
        assert leads_to("/en/units/a/") == "/en/units/b/"

    def test_loaddata(self, leads_to, tmp_path):
        make_unit(code="u", slug="a")
        file = tmp_path / "units.json"
        call_command("dumpdata", "units.unit", natural_primary=True, output=str(file), verbosity=0)
        rows = json.loads(file.read_text())
        rows[0]["fields"]["slug"] = "b"
        file.write_text(json.dumps(rows))
        call_command("loaddata", str(file), verbosity=0)
        assert leads_to("/en/units/a/") == "/en/units/b/"

    def test_the_form_of_the_admin(self, leads_to):
        page = make_page(slug="a")
        staff = Client(headers={"accept-language": "en"})
        staff.force_login(make_staff())
        form = {
            "title_az": "A", "title_en": "A", "slug": "b", "status": "published",
            "placement": "footer", "order": 0,
        }  # fmt: skip
        answer = save(staff, f"/admin/pages/page/{page.pk}/change/", **form)
        assert answer.status_code == 302, answer.context_data["adminform"].form.errors
        assert leads_to("/en/a/") == "/en/b/"

    def test_plain_sql(self, leads_to):
        make_unit(slug="a")
        with connection.cursor() as cursor:
            cursor.execute("UPDATE units_unit SET slug = 'b'")
        assert leads_to("/en/units/a/") == "/en/units/b/"

    def test_a_change_of_anything_else_keeps_nothing(self):
        unit = make_unit(slug="a")
        unit.name_en = "Other"
        unit.save()
        assert not RetiredSlug.objects.exists()


def import_units(data):
    plan, _applied = exchange.run(exchange.read(data, "units", name="units.csv"))
    return plan


class TestTakenAddresses:
    """What leads to one record is not given to another."""

    def test_a_form_says_whose_it_is(self):
        rename(make_unit(slug="a", name_en="Police"), "b")
        other = make_unit(slug="c")
        other.slug = "a"
        with pytest.raises(ValidationError, match="was that of “Police”"):
            other.full_clean()

    def test_its_own_former_address_may_be_taken_back(self):
        unit = make_unit(slug="a")
        rename(unit, "b")
        unit.slug = "a"
        unit.full_clean()

    def test_another_kind_may_take_it(self):
        rename(make_unit(slug="a"), "b")
        make_person(slug="a").full_clean()

    def test_that_of_a_deleted_record_is_free(self):
        unit = make_unit(slug="a")
        rename(unit, "b")
        unit.delete()
        make_unit(slug="a").full_clean()

    def test_an_import_says_so_at_the_cell(self):
        rename(make_unit(code="u", slug="a"), "b")
        make_unit(code="v", slug="c")
        plan = import_units(b"code,slug,name_en\nv,a,\nw,a-new,W\n")
        [problem] = plan.problems
        assert (problem.row, problem.column, problem.code) == (2, "slug", "retired_slug")
        assert "“u”" in problem.message

    def test_an_import_may_give_it_back(self, leads_to):
        rename(make_unit(code="u", slug="a"), "b")
        assert not import_units(b"code,slug\nu,a\n").problems
        assert leads_to("/en/units/b/") == "/en/units/a/"

    def test_addresses_made_by_the_site_keep_away_from_it(self):
        rename(make_unit(code="u", slug="police"), "b")
        assert not import_units(b"code,name_en\nv,Police\n").problems
        assert Unit.objects.get(code="v").slug == "police-2"

    def test_two_records_may_swap_in_one_file(self, client):
        make_unit(code="u", slug="a")
        make_unit(code="v", slug="b")
        assert not import_units(b"code,slug\nu,b\nv,a\n").problems
        assert client.get("/en/units/a/").context["unit"].code == "v"
        assert client.get("/en/units/b/").context["unit"].code == "u"
        assert not RetiredSlug.objects.filter(slug__startswith="-").exists()
        Unit.objects.get(code="v").full_clean()

    def test_what_is_swapped_and_hidden_makes_no_cycle(self, client):
        make_unit(code="u", slug="a")
        make_unit(code="v", slug="b", status="draft")
        import_units(b"code,slug\nu,b\nv,a\n")
        assert client.get("/en/units/a/").status_code == 404
        assert client.get("/en/units/b/").status_code == 200


def test_a_unit_that_moved_keeps_its_address(client):
    """The address of a unit does not say where it stands."""
    army, police = make_unit(code="army"), make_unit(code="police")
    unit = make_unit(slug="guards", parent=army)
    unit.parent = police
    unit.save()
    assert client.get("/en/units/guards/").status_code == 200
    assert not RetiredSlug.objects.exists()
    assert RetiredSlug.objects.present_record(Unit, "guards", AnonymousUser()) is None
