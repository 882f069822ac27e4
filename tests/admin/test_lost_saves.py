"""No form overwrites what somebody else saved after it was opened; no form makes a record twice."""

import json

import pytest
from django.contrib import admin
from django.core.management import call_command
from django.test import RequestFactory
from django.urls import reverse

from addresses.models import LegacyAddress
from exchange.registry import resource_of
from history.models import Event, Participation
from people.models import Person, Post, Term
from sources.models import Source
from staff import form_guard, versions
from staff import models as sent_forms
from staff.models import SentForm
from staff.records import CodedAdmin
from tests.admin.forms import errors_of, fields_of, messages_of, save
from tests.factories import (
    make_dated_name,
    make_event,
    make_external_body,
    make_figure,
    make_link,
    make_observance,
    make_page,
    make_person,
    make_post,
    make_source,
    make_term,
    make_unit,
    make_unit_kind,
)
from units import tree
from units.models import DatedName, Unit, UnitKind

ADMINS = [its for its in admin.site._registry.values() if isinstance(its, CodedAdmin)]
NAMES = [its.opts.label_lower for its in ADMINS]


@pytest.fixture
def content(db):
    """At least one record of every kind."""
    unit = make_unit()
    make_dated_name(unit)
    make_link(unit)
    make_term(make_post(unit), make_person())
    event = make_event(concerned=[unit])
    event.sources.add(make_source())
    make_external_body()
    make_figure()
    make_observance()
    make_page()
    LegacyAddress.objects.create(address="/old/page", target="/az/units/")


def address_of(record, view="change"):
    opts = record._meta
    return reverse(f"admin:{opts.app_label}_{opts.model_name}_{view}", args=[record.pk])


def refused_as(answer, code):
    """The messages of the form's own errors of this code."""
    assert answer.status_code == 200
    errors = answer.context["adminform"].form.errors.as_data().get("__all__", [])
    return [str(error.messages[0]) for error in errors if error.code == code]


@pytest.mark.parametrize("its", ADMINS, ids=NAMES)
class TestEveryKind:
    def test_a_form_without_its_version_is_refused(self, boss, content, its):
        record = its.model._base_manager.first()
        before = versions.version_of([its.model._base_manager.filter(pk=record.pk)])
        page = fields_of(boss.get(address_of(record)))
        assert page["version"]
        for wrong in ({}, {"version": ""}):
            sent = {name: value for name, value in page.items() if name != "version"} | wrong
            answer = boss.post(address_of(record), {**sent, "_save": "1"})
            assert refused_as(answer, "no_version")
        assert versions.version_of([its.model._base_manager.filter(pk=record.pk)]) == before

    def test_a_version_of_another_record_or_a_made_up_one_is_stale(self, boss, content, its):
        record = its.model._base_manager.first()
        page = fields_of(boss.get(address_of(record)))
        for wrong in ("x", "-", page["version"][::-1], page["version"] + "-0", "ə" * 9999):
            answer = boss.post(address_of(record), {**page, "version": wrong, "_save": "1"})
            assert refused_as(answer, "stale"), wrong

    def test_a_new_record_without_its_token_is_refused(self, boss, content, its):
        count = its.model._base_manager.count()
        address = reverse(f"admin:{its.opts.app_label}_{its.opts.model_name}_add")
        page = fields_of(boss.get(address))
        for wrong in ("", "x", page["version"].upper() + "0"):
            answer = boss.post(address, {**page, "version": wrong, "_save": "1"})
            assert refused_as(answer, "no_version"), wrong
        assert its.model._base_manager.count() == count

    def test_every_field_that_a_form_writes_is_part_of_its_version(self, boss, content, its):
        request = RequestFactory().get("/")
        request.user = boss.user
        form = its.get_form(request, its.model._base_manager.first(), change=True)
        resource = resource_of(its.model)
        known = {column.name for column in resource.columns()}
        known -= set(its.not_compared)
        apart = {"version", "position"}  # the second is a move, which is locked and logged as one
        assert set(form.base_fields) - known <= apart
        for inline in its.get_inline_instances(request):
            formset = inline.get_formset(request)
            resource = resource_of(inline.model)
            if resource is None:
                assert inline.model is Participation  # cells of its event, tested below
                continue
            known = {column.name for column in resource.columns()}
            assert set(formset.form.base_fields) <= known | {"id", "DELETE", formset.fk.name}

    def test_opening_costs_few_queries(self, boss, content, its, django_assert_max_num_queries):
        record = its.model._base_manager.first()
        request = RequestFactory().get("/")
        request.user = boss.user
        with django_assert_max_num_queries(9):  # a list of sources is one
            assert form_guard.version_for(its, request, str(record.pk))


# What a colleague does to an event while its form is open, and what the refusal names.
EVENT_CHANGES = {
    "a field": (lambda event: Event.objects.filter(pk=event.pk).update(place_en="Gəncə"), "Gəncə"),
    "a participation more": (
        lambda event: Participation.objects.create(event=event, side="after", unit=make_unit()),
        "",
    ),
    "a participation changed": (
        lambda event: Participation.objects.filter(event=event).update(side="before"),
        "",
    ),
    "a participation less": (lambda event: Participation.objects.filter(event=event).delete(), ""),
    "a source more": (lambda event: event.sources.add(make_source()), ""),
    "a source less": (lambda event: event.sources.clear(), ""),
}


class TestStale:
    @pytest.mark.parametrize("what", EVENT_CHANGES)
    def test_an_event(self, boss, content, what):
        event = Event.objects.get()
        page = fields_of(boss.get(address_of(event)))
        act, named = EVENT_CHANGES[what]
        act(event)
        answer = boss.post(address_of(event), {**page, "title_en": "Mine", "_save": "1"})
        sentences = refused_as(answer, "stale")
        assert sentences
        assert named in sentences[0]
        event.refresh_from_db()
        assert event.title_en != "Mine"

    def test_a_unit_whose_rows_were_changed(self, boss, content):
        unit = Unit.objects.filter(dated_names__isnull=False).get()
        for rows in ("dated_names", "links", "posts"):
            page = fields_of(boss.get(address_of(unit)))
            row = getattr(unit, rows).get()
            getattr(unit, rows).update(**{f"{row.title_fields()[0]}": "Başqa ad"})
            answer = boss.post(address_of(unit), {**page, "phone": "102", "_save": "1"})
            (sentence,) = refused_as(answer, "stale")
            assert str(row._meta.verbose_name_plural)[1:] in sentence, rows
        unit.refresh_from_db()
        assert unit.phone != "102"

    def test_a_row_that_both_pages_show(self, boss, content):
        """A term stands on the page of its post and on that of its person."""
        term = Term.objects.get()
        page = fields_of(boss.get(address_of(term.post)))
        assert save(boss, address_of(term.person), **{"terms-0-note_en": "n"}).status_code == 302
        answer = boss.post(address_of(term.post), {**page, "terms-0-end": "2020", "_save": "1"})
        assert refused_as(answer, "stale")
        term.refresh_from_db()
        assert (term.note_en, str(term.end or "")) == ("n", "")

    def test_an_import_counts(self, boss, content, tmp_path):
        source = Source.objects.get()
        page = fields_of(boss.get(address_of(source)))
        file = tmp_path / "sources.json"
        file.write_text(json.dumps([{"code": source.code, "number": "12-QD"}]))
        call_command("import_records", "sources", str(file))
        answer = boss.post(address_of(source), {**page, "note_en": "x", "_save": "1"})
        assert "12-QD" in refused_as(answer, "stale")[0]

    def test_saving_once_more_keeps_what_was_typed(self, boss, content):
        source = Source.objects.get()
        page = fields_of(boss.get(address_of(source)))
        Source.objects.update(number="12-QD")
        answer = boss.post(address_of(source), {**page, "note_en": "mine", "_save": "1"})
        again = fields_of(answer)
        assert again["note_en"] == "mine"
        assert boss.post(address_of(source), {**again, "_save": "1"}).status_code == 302
        assert Source.objects.get().note_en == "mine"

    def test_what_was_put_back_meanwhile_is_no_conflict(self, boss, content):
        source = Source.objects.get()
        page = fields_of(boss.get(address_of(source)))
        Source.objects.update(number="12-QD")
        Source.objects.update(number=source.number)
        answer = boss.post(address_of(source), {**page, "note_en": "mine", "_save": "1"})
        assert answer.status_code == 302

    def test_a_row_that_somebody_deleted_is_named(self, boss, content):
        unit = Unit.objects.filter(dated_names__isnull=False).get()
        page = fields_of(boss.get(address_of(unit)))
        DatedName.objects.all().delete()
        answer = boss.post(address_of(unit), {**page, "phone": "102", "_save": "1"})
        assert refused_as(answer, "stale")
        assert any(error.startswith("Row 1 was deleted") for error in errors_of(answer))
        again = fields_of(answer)
        answer = boss.post(address_of(unit), {**again, "_save": "1"})
        assert any(error.startswith("Row 1 was deleted") for error in errors_of(answer))
        again["dated_names-0-DELETE"] = "on"
        assert boss.post(address_of(unit), {**again, "_save": "1"}).status_code == 302
        unit.refresh_from_db()
        assert unit.phone == "102"
        assert not DatedName.objects.exists()


class TestPlaces:
    def test_a_neighbour_that_moved_does_not_refuse_and_is_not_moved_back(self, boss, db):
        top = make_unit(code="top")
        first, second, _third = (make_unit(code=code, parent=top) for code in "abc")
        page = fields_of(boss.get(address_of(second)))
        tree.move(first, top, None)
        answer = boss.post(address_of(second), {**page, "phone": "102", "_save": "1"})
        assert answer.status_code == 302, errors_of(answer)
        assert list(top.get_children().values_list("code", flat=True)) == ["b", "c", "a"]

    def test_the_unit_itself_moved_away_is_stale(self, boss, db):
        top, other = make_unit(), make_unit()
        unit = make_unit(parent=top)
        page = fields_of(boss.get(address_of(unit)))
        tree.move(unit, other, None)
        answer = boss.post(address_of(unit), {**page, "phone": "102", "_save": "1"})
        assert refused_as(answer, "stale")
        unit.refresh_from_db()
        assert unit.parent == other


class TestNewRecords:
    ADDRESS = "/admin/sources/source/add/"

    def opened(self, client, **fields):
        page = fields_of(client.get(self.ADDRESS))
        return {**page, "title_en": "Law", "kind": "law", **fields}

    def test_sent_twice_it_is_made_once(self, boss):
        form = self.opened(boss, _continue="1")
        first = boss.post(self.ADDRESS, form)
        second = boss.post(self.ADDRESS, form)
        (made,) = Source.objects.all()
        assert first.url == second.url == address_of(made)
        assert "had been saved already, as “Law”" in messages_of(second)[-1]

    def test_another_form_makes_another_record(self, boss):
        for _n in range(2):
            assert boss.post(self.ADDRESS, self.opened(boss, _save="1")).status_code == 302
        assert Source.objects.count() == 2

    def test_a_refused_form_may_be_corrected(self, boss):
        form = self.opened(boss, title_en="", _save="1")
        again = fields_of(boss.post(self.ADDRESS, form)) | {"title_en": "Law", "kind": "law"}
        assert again["version"] == form["version"]
        assert boss.post(self.ADDRESS, {**again, "_save": "1"}).status_code == 302
        assert Source.objects.count() == 1

    def test_in_a_window_of_its_own_the_answer_chooses_the_record(self, boss):
        form = self.opened(boss, _popup="1", _save="1")
        answers = [boss.post(self.ADDRESS, form) for _n in range(2)]
        (made,) = Source.objects.all()
        for answer in answers:
            data = json.loads(answer.context_data["popup_response_data"])
            assert data["value"] == str(made.pk)

    def test_of_somebody_else_it_is_another_form(self, boss, publisher):
        form = self.opened(boss, _save="1")
        boss.post(self.ADDRESS, form)
        publisher.post(self.ADDRESS, form)
        assert Source.objects.count() == 2

    def test_after_the_record_was_deleted_it_is_not_made_again(self, boss):
        form = self.opened(boss, _save="1")
        boss.post(self.ADDRESS, form)
        Source.objects.all().delete()
        answer = boss.post(self.ADDRESS, form)
        assert answer.status_code == 409
        assert "has been deleted since" in answer.content.decode()
        assert not Source.objects.exists()

    def test_forms_are_remembered_for_a_week(self, boss):
        form = self.opened(boss, _save="1")
        boss.post(self.ADDRESS, form)
        sent = SentForm.objects.get()
        sent.sent_at -= sent_forms.KEPT
        sent.save()
        boss.post(self.ADDRESS, self.opened(boss, _save="1"))
        assert SentForm.objects.count() == 1

    def test_who_may_not_add_is_remembered_nowhere(self, editor):
        page = {"version": sent_forms.new_token(), "name_en": "Kind", "_save": "1"}
        assert editor.post("/admin/addresses/legacyaddress/add/", page).status_code == 403
        assert not SentForm.objects.exists()


def test_kinds_of_units_are_compared_too(boss):
    kind = make_unit_kind()
    page = fields_of(boss.get(address_of(kind)))
    UnitKind.objects.update(name_en="Department")
    answer = boss.post(address_of(kind), {**page, "name_az": "Şöbə", "_save": "1"})
    assert "Department" in refused_as(answer, "stale")[0]
    assert UnitKind.objects.get().name_az != "Şöbə"


def test_posts_are_compared_too(boss, db):
    post = make_post(make_unit())
    page = fields_of(boss.get(address_of(post)))
    Post.objects.update(how_filled_en="elected")
    answer = boss.post(address_of(post), {**page, "title_az": "Rəis", "_save": "1"})
    assert "elected" in refused_as(answer, "stale")[0]


def test_a_person_is_not_saved_over_a_new_term(boss, db):
    person = make_person()
    page = fields_of(boss.get(address_of(person)))
    make_term(make_post(make_unit()), person)
    answer = boss.post(address_of(person), {**page, "rank_en": "Major", "_save": "1"})
    assert "Terms of office: rows were changed" in refused_as(answer, "stale")[0]
    assert Person.objects.get().rank_en != "Major"
