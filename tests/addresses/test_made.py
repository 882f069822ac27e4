"""Every record has an address: the site makes one wherever nobody gave one."""

import json
import threading
from contextlib import contextmanager

import pytest
from django.apps import apps
from django.core import serializers
from django.core.management import call_command
from django.db import DatabaseError, IntegrityError, connection, models, transaction
from django.test import Client
from django.urls import reverse
from django.utils import translation

from exchange.registry import resource_of
from history.models import Era, Event
from pages.models import Page
from people.models import Person
from publishing import free_addresses
from publishing.models import RetiredSlug
from publishing.slug_triggers import models_with_slugs
from search.upkeep import repair
from tests.admin.forms import save
from tests.exchange.files import csv_bytes, run
from tests.factories import make_era, make_event, make_post, make_staff, make_term, make_unit
from units.models import ExternalBody, Unit, UnitKind

pytestmark = pytest.mark.django_db


def needs(model):
    """The fields that a record of a kind cannot be without, besides code, name and address."""
    if model is Unit:
        return {"kind": UnitKind.objects.get_or_create(code="kind", name_en="Kind")[0]}
    if model is Event:
        era = Era.objects.first() or make_era(slug="the-era")
        return {"era": era, "kind": "other"}
    return {"kind": "other"} if model is ExternalBody else {}


KINDS = {model._meta.label_lower: model for model in models_with_slugs()}
every_kind = pytest.mark.parametrize("model", KINDS.values(), ids=KINDS)


def named(model, name, **fields):
    """A record of a kind, not saved, with that English name and no address."""
    return model(**{title(model): name, **needs(model), **fields})


def title(model):
    return next(field for field in model.title_fields() if field.endswith("_en"))


@every_kind
class TestEveryKind:
    def test_save(self, model):
        record = named(model, "Gəncə idarəsi", code="c")
        record.save()
        assert record.slug == "gence-idaresi"
        record.refresh_from_db()
        assert record.slug == "gence-idaresi"

    def test_create_get_or_create_and_update_or_create(self, model):
        fields = {title(model): "Same", **needs(model)}
        made = [model.objects.create(**fields)]
        made += [model.objects.get_or_create(code="b", defaults=fields)[0] for _n in range(2)]
        made += [model.objects.update_or_create(code="c", defaults=fields)[0] for _n in range(2)]
        assert [one.slug for one in made] == ["same", "same-2", "same-2", "same-3", "same-3"]

    def test_bulk_create(self, model):
        named(model, "Same").save()
        records = [named(model, "Same") for _n in range(3)] + [named(model, "Other", slug="same-3")]
        model.objects.bulk_create(records)
        found = set(model.objects.values_list("code", "slug"))
        slugs = {slug for _code, slug in found} - {"the-era"}
        assert slugs == {"same", "same-2", "same-3", "same-4", "same-5"}
        assert len({code for code, _slug in found}) == len(found)

    def test_a_file(self, model):
        kind = resource_of(model).kind
        more = {name: getattr(value, "code", value) for name, value in needs(model).items()}
        columns = ("code", title(model), *more)
        rows = [(f"c{n}", name, *more.values()) for n, name in enumerate(["Same", "Same", "……"])]
        run(csv_bytes(columns, *rows), kind)
        made = model.objects.filter(code__in=["c0", "c1", "c2"])
        assert sorted(made.values_list("slug", flat=True)) == ["c2", "same", "same-2"]

    def test_loaddata(self, model, tmp_path):
        records = [named(model, "Same", code=f"c{n}", pk=900 + n) for n in range(2)]
        rows = json.loads(serializers.serialize("json", records, use_natural_foreign_keys=True))
        for row in rows:
            del row["fields"]["slug"], row["pk"]
        file = tmp_path / "rows.json"
        file.write_text(json.dumps(rows))
        call_command("loaddata", str(file), verbosity=0)
        made = model.objects.filter(code__in=["c0", "c1"]).order_by("code")
        assert [one.slug for one in made] == ["same", "same-2"]

    def test_the_database_takes_none_without(self, model):
        record = named(model, "Some")
        record.save()
        for value in ("", None):
            with pytest.raises(IntegrityError), transaction.atomic():
                model.objects.filter(pk=record.pk).update(slug=value)
        plain = models.QuerySet(model)
        with pytest.raises(IntegrityError), transaction.atomic():
            models.QuerySet.update(plain.filter(pk=record.pk), slug="")

    def test_the_constraint_says_why(self, model):
        constraints = [c for c in model._meta.constraints if c.name.endswith("_has_address")]
        (constraint,) = constraints
        assert constraint.get_violation_error_message() == "Every record has an address."

    def test_the_form(self, model):
        staff = Client(headers={"accept-language": "en"})
        staff.force_login(make_staff())
        record = named(model, "First", code="c")
        record.save()
        opts = model._meta
        address = reverse(f"admin:{opts.app_label}_{opts.model_name}_change", args=[record.pk])
        answer = save(staff, address, **{title(model): "Renamed"})
        assert answer.status_code == 302
        record.refresh_from_db()
        assert record.slug == "first"  # an address does not follow the name
        assert save(staff, address, slug="").status_code == 302
        record.refresh_from_db()
        assert record.slug == "renamed"
        assert RetiredSlug.objects.get(slug="first").code == "c"

    def test_full_clean_asks_for_none(self, model):
        record = named(model, "Some", code="c")
        record.full_clean()
        record.save()
        assert record.slug == "some"


class TestFromWhat:
    @pytest.mark.parametrize(
        ("name", "slug"),
        [
            ("თბილისი", "tbilisi"),
            ("公安部", "gonganbu"),
            ("Xarici işlər", "xarici-isler"),
            ("…!?", "the-code"),
            ("😀", "grinning"),
            ("x" * 200, "x" * 90),
        ],
    )
    def test_a_name_in_any_script(self, name, slug):
        assert Page.objects.create(code="The code", title_en=name).slug == slug

    def test_nothing_but_signs(self):
        assert [Page.objects.create(code=c, title_en="…").slug for c in ("…", "?")] == [
            "page", "page-2",
        ]  # fmt: skip

    def test_no_code_and_only_signs(self):
        page = Page.objects.create(title_en="…")
        assert (page.code, page.slug) == ("page", "page")

    def test_the_first_name_of_which_something_is_left(self):
        assert Page.objects.create(code="c", title_az="…", title_en="Press").slug == "press"

    def test_one_given_is_kept(self):
        assert Page.objects.create(title_en="Press", slug="room").slug == "room"

    def test_none_is_as_good_as_empty(self):
        assert Page.objects.create(title_en="Press", slug=None).slug == "press"


class TestFree:
    def test_not_of_another_record(self):
        slugs = [Page.objects.create(title_en="Press").slug for _n in range(3)]
        assert slugs == ["press", "press-2", "press-3"]

    def test_not_a_former_one_of_another_record(self):
        page = Page.objects.create(title_en="Press")
        page.slug = "other"
        page.save()
        assert Page.objects.create(title_en="Press").slug == "press-2"

    def test_its_own_former_one(self):
        page = Page.objects.create(title_en="Press")
        page.slug = "other"
        page.save()
        page.slug = ""
        page.save()
        assert page.slug == "press"

    def test_its_own_present_one(self):
        page = Page.objects.create(title_en="Press")
        page.slug = ""
        page.save(update_fields=["slug"])
        assert page.slug == "press"

    def test_that_of_another_kind(self):
        Page.objects.create(title_en="Press")
        assert Person.objects.create(name_en="Press").slug == "press"

    def test_what_begins_alike_takes_nothing(self):
        Page.objects.create(title_en="Press room")
        Page.objects.create(title_en="Press", slug="press-2")
        assert [Page.objects.create(title_en="Press").slug for _n in range(2)] == [
            "press", "press-3",
        ]  # fmt: skip


class TestOnlyWhatIsWritten:
    def test_other_fields(self):
        page = Page.objects.create(title_en="Press")
        page.slug, page.title_en = "", "News"
        page.save(update_fields=["title_en"])
        page.refresh_from_db()
        assert page.slug == "press"

    def test_a_copy_without_it(self):
        Page.objects.create(title_en="Press")
        page = Page.objects.only("title_en").get()
        page.title_en = "News"
        page.save()
        page = Page.objects.get()
        assert (page.slug, page.title_en) == ("press", "News")


def test_making_many_asks_as_often_as_making_two(django_assert_max_num_queries):
    """Addresses of 300 records of 30 names are found by the queries that those of two take."""

    def asked(count):
        with django_assert_max_num_queries(1000) as found:
            Page.objects.bulk_create(
                [Page(code=f"{count}-{n}", title_en=f"Room {n % 30}") for n in range(count)]
            )
        return sum(q["sql"].startswith("SELECT") for q in found.captured_queries)

    few = asked(2)
    assert asked(300) <= few + 4


class TestTwoAtOnce:
    """What another process took meanwhile is made anew; what somebody wrote is refused."""

    @pytest.fixture
    def late(self, monkeypatch):
        """``late(name, made)``: what is looked for first was free then, and is not when written."""

        def be_late(owner, name, made):
            look, first = getattr(owner, name), [made]
            monkeypatch.setattr(owner, name, lambda *args: first.pop() if first else look(*args))

        return be_late

    def test_the_address(self, late):
        Page.objects.create(code="theirs", title_en="Press")
        late(free_addresses, "free_addresses", ["press"])
        page = Page.objects.create(code="mine", title_en="Press")
        assert page.slug == "press-2"
        assert set(Page.objects.values_list("slug", flat=True)) == {"press", "press-2"}

    def test_the_code(self, late):
        Page.objects.create(slug="theirs", title_en="Press")
        late(Page, "free_code", "press")
        page = Page.objects.create(title_en="Press")
        assert (page.code, page.slug) == ("press-2", "press")

    def test_what_was_given_is_refused(self, late):
        Page.objects.create(code="theirs", title_en="Press")
        late(free_addresses, "free_addresses", ["other"])
        for given in ({"code": "theirs"}, {"code": "mine", "slug": "press"}):
            with pytest.raises(IntegrityError), transaction.atomic():
                Page.objects.create(title_en="Press", **given)

    def test_the_form_makes_it_anew(self, late):
        Page.objects.create(code="theirs", title_en="Press")
        late(free_addresses, "free_addresses", ["press"])
        staff = Client(headers={"accept-language": "en"})
        staff.force_login(make_staff())
        answer = save(staff, reverse("admin:pages_page_add"), title_en="Press")
        assert answer.status_code == 302
        assert Page.objects.filter(slug="press-2").exists()

    @pytest.mark.django_db(transaction=True)
    def test_real_ones(self):
        """Eight threads with connections of their own make records of one name."""
        start, errors = threading.Barrier(8), []

        def make():
            try:
                with translation.override("en"):
                    start.wait()
                    for _n in range(4):
                        Page.objects.create(title_en="Press")
            except DatabaseError as error:
                errors.append(error)
            finally:
                connection.close()

        threads = [threading.Thread(target=make) for _n in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert not errors
        slugs = set(Page.objects.values_list("slug", flat=True))
        assert slugs == {"press", *(f"press-{n}" for n in range(2, 33))}


@contextmanager
def without_constraints():
    """As if the table came from a backup of an older version."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA ignore_check_constraints = ON")
            yield
            cursor.execute("PRAGMA ignore_check_constraints = OFF")
        else:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            for model in KINDS.values():
                table = model._meta.db_table
                name = f"{table}_has_address"
                cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT IF EXISTS {name}")
            yield


def lose_address(record, slug=""):
    with without_constraints():
        models.QuerySet.update(models.QuerySet(type(record)).filter(pk=record.pk), slug=slug)


PAGES = (
    "", "units/", "units/?former=1", "units/?letter=N", "structure/", "structure/chart/",
    "leadership/", "history/", "days/", "figures/", "international/", "search/?q=nameless",
    "news.atom", "site-map/", "units/parent/", "units/child/", "people/head/", "history/happened/",
    "units/parent/lineage/", "compare/?from=1990&to=2020", "compare/changes.csv?from=1990&to=2020",
    "open-data/api/", "days.ics",
)  # fmt: skip
FILES = (
    "/sitemap.xml", "/sitemap-units-1.xml", "/api/v1/units", "/api/v1/people", "/api/v1/events",
    "/api/v1/units/nameless", "/open-data/structure.csv",
)  # fmt: skip


@pytest.mark.parametrize("slug", ["", "no address"])
def test_lists_are_there_even_with_a_record_without_address(slug, client):
    """Each kind has one such record, named and led and told of wherever a record can be."""
    nameless = {}
    for model in KINDS.values():
        fields = {} if model is Era else {"status": "published"}
        if model is Page:
            fields["placement"] = "navigation"
        if model is Event:
            fields |= {"era": nameless[Era], "weight": 3, "date": "1990-11-29"}
        if model is ExternalBody:
            fields["is_partner"] = True
        nameless[model] = named(model, "Nameless", code="nameless", **fields)
        nameless[model].save()
    parent = make_unit(slug="parent")
    unit = nameless[Unit]
    unit.parent = parent
    unit.save()
    make_unit(slug="child", parent=unit)
    head = Person.objects.create(name_en="Head", slug="head", status="published")
    make_term(make_post(unit), nameless[Person])
    make_term(make_post(parent), head)
    make_event(slug="happened", concerned=[unit, nameless[ExternalBody]])
    for record in nameless.values():
        lose_address(record, slug)
    repair()
    for path in PAGES:
        for language in ("az", "en"):
            answer = client.get(f"/{language}/{path}")
            assert answer.status_code == 200, path
            assert path != "units/" or "Nameless" in answer.content.decode()
    for path in FILES:
        assert client.get(path).status_code == 200, path
    assert client.get("/en/c/nameless/").status_code == 404  # it has no page to lead to
    assert client.get("/id/unit/nameless", headers={"accept": "text/html"}).status_code in (
        303,
        404,
    )
    staff = Client()
    staff.force_login(make_staff())
    for model in KINDS.values():
        opts = model._meta
        pk = model.objects.get(code="nameless").pk
        for page in ("changelist", "change"):
            name = f"admin:{opts.app_label}_{opts.model_name}_{page}"
            address = reverse(name, args=[pk] if page == "change" else [])
            assert staff.get(address).status_code == 200, address


@pytest.mark.parametrize("app", sorted({model._meta.app_label for model in KINDS.values()}))
def test_a_migration_gives_one_to_what_was_stored_without(app):
    kinds = [model for model in KINDS.values() if model._meta.app_label == app]
    for model in kinds:
        record = named(model, "Some", code="The code", slug="s")
        record.save()
        lose_address(record)
    free_addresses.fill_empty(apps, app, *(model.__name__ for model in kinds))
    for model in kinds:
        assert model.objects.get(code="The code").slug == "the-code"
    assert not RetiredSlug.objects.filter(slug="").exists()
