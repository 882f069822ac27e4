"""Records are entered in one language or two, with codes and addresses made by the site."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.urls import reverse

from history.models import Era, Event, Participation
from people.models import Person, Post, Term
from publishing.models import RetiredCode
from tests.admin.forms import NAME_CORRECTED, errors_of, fields_of, save
from tests.factories import make_unit, make_unit_kind
from units.models import DatedName, Unit, UnitKind


@pytest.fixture
def era(db):
    return Era.objects.create(code="era", slug="era", name_en="Era")


class TestNames:
    @pytest.mark.parametrize("language", ["az", "en"])
    def test_one_language_is_enough(self, boss, language):
        kind = make_unit_kind()
        answer = save(
            boss, "/admin/units/unit/add/", **{f"name_{language}": "Gəncə", "kind": kind.pk}
        )
        assert answer.status_code == 302, errors_of(answer)
        unit = Unit.objects.get()
        assert (unit.slug, unit.code, str(unit)) == ("gence", "gence", "Gəncə")
        unit.full_clean()

    def test_none_is_not(self, boss):
        answer = save(boss, "/admin/units/unit/add/", kind=make_unit_kind().pk)
        assert "Write the name or title in at least one language." in errors_of(answer)
        with pytest.raises(ValidationError, match="at least one language"):
            Unit(code="x", slug="x", kind=UnitKind.objects.get()).full_clean()

    def test_two_of_one_name_get_two_addresses(self, boss):
        for _n in range(2):
            save(boss, "/admin/people/person/add/", name_az="Əliyeva")
        assert sorted(Person.objects.values_list("slug", "code")) == [
            ("eliyeva", "eliyeva"),
            ("eliyeva-2", "eliyeva-2"),
        ]

    def test_an_address_of_somebody_else_is_refused(self, boss):
        Person.objects.create(code="p", slug="taken", name_en="P")
        answer = save(boss, "/admin/people/person/add/", name_az="Əliyeva", slug="taken")
        assert any("already exists" in error for error in errors_of(answer))


class TestCodes:
    def test_rows_get_codes_from_their_record_and_never_an_old_one(self, boss):
        unit = make_unit(code="police")
        address = reverse("admin:units_unit_change", args=[unit.pk])

        def add(name):
            page = fields_of(boss.get(address))
            index = page["dated_names-TOTAL_FORMS"]
            row = {
                "dated_names-TOTAL_FORMS": str(int(index) + 1),
                f"dated_names-{index}-name_en": name,
                f"dated_names-{index}-begin": "about 1920",
                f"dated_names-{index}-unit": str(unit.pk),
            }
            answer = boss.post(address, {**page, **row, "_save": "1"})
            assert answer.status_code == 302, errors_of(answer)

        add("Militia")
        add("City Militia")
        assert list(DatedName.objects.order_by("pk").values_list("code", flat=True)) == [
            "police-name-1",
            "police-name-2",
        ]
        DatedName.objects.get(code="police-name-2").delete()
        add("Police Office")
        assert DatedName.objects.filter(code="police-name-3").exists()
        assert str(DatedName.objects.get(code="police-name-1").begin) == "1920~"

    def test_a_retired_code_is_refused_by_hand(self, boss):
        make_unit_kind(code="old").delete()
        assert RetiredCode.objects.filter(kind="units.unitkind", code="old").exists()
        answer = save(boss, "/admin/units/unitkind/add/", name_en="Office", code="old")
        assert any("never used again" in error for error in errors_of(answer))

    def test_a_code_is_not_changed(self, boss):
        unit = make_unit(code="police")
        address = reverse("admin:units_unit_change", args=[unit.pk])
        save(boss, address, code="other", name_en="New", **NAME_CORRECTED)
        unit.refresh_from_db()
        assert (unit.code, unit.name_en) == ("police", "New")


class TestEvents:
    def rows(self, *rows):
        values = {"participations-TOTAL_FORMS": str(len(rows))}
        for index, (side, unit) in enumerate(rows):
            values[f"participations-{index}-side"] = side
            values[f"participations-{index}-unit"] = str(unit.pk)
            values[f"participations-{index}-external_body"] = ""
        return values

    def add(self, client, era, button, kind, *rows, **more):
        values = {"title_en": "Militia becomes police", "kind": kind, "era": era.pk, **more}
        return save(client, "/admin/history/event/add/", button, **values, **self.rows(*rows))

    def test_dates_are_typed_as_people_write_them(self, boss, era):
        answer = self.add(boss, era, "_draft", "other", date="28 may 1918")
        assert answer.status_code == 302, errors_of(answer)
        assert str(Event.objects.get().date) == "1918-05-28"

    def test_a_date_that_nobody_can_read_is_explained(self, boss, era):
        answer = self.add(boss, era, "_draft", "other", date="03/04/1905")
        assert any("may each be the day or the month" in error for error in errors_of(answer))

    def test_drafts_may_be_incomplete_and_published_events_not(self, boss, era):
        one, two = make_unit(), make_unit()
        assert self.add(boss, era, "_draft", "merger").status_code == 302
        answer = self.add(boss, era, "_publish", "merger", ("before", one), ("after", two))
        errors = errors_of(answer)
        assert any("at least two units before it" in error for error in errors)
        assert any("save the event as a draft" in error for error in errors)
        assert Event.objects.count() == 1
        answer = self.add(boss, era, "_publish", "founding", ("after", one))
        assert answer.status_code == 302, errors_of(answer)
        assert Participation.objects.get().unit == one

    def test_rows_being_deleted_do_not_count(self, boss, era):
        self.add(boss, era, "_publish", "founding", ("after", make_unit()))
        event = Event.objects.get()
        address = reverse("admin:history_event_change", args=[event.pk])
        answer = save(boss, address, **{"participations-0-DELETE": "on"})
        assert any("at least one unit after it" in error for error in errors_of(answer))
        assert Participation.objects.count() == 1


class TestBadInput:
    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("name_en", "x" * 5000),
            ("name_en", "zero\u200bwidth"),
            ("slug", "no blanks here"),
            ("slug", "x" * 101),
            ("code", "x" * 101),
            ("latitude", "1" * 400),
            ("latitude", "nan"),
            ("longitude", "1e400"),
            ("position", "1" * 30),
            ("position", "0"),
            ("parent", "9" * 30),
            ("kind", "x"),
            ("phone", "call me"),
            ("website", "javascript:alert(1)"),
            ("body_en", "[x](javascript:alert(1))"),
            ("founded", "13.13.1992"),
            ("founded", "9" * 300),
            ("dissolved", "1990"),
            ("status", "secret"),
            ("publish_at_0", "32.13.1"),
        ],
    )
    def test_is_refused_with_a_sentence_by_the_form(self, boss, field, value):
        values = {"name_en": "Unit", "kind": make_unit_kind().pk, "founded": "1995", field: value}
        answer = save(boss, "/admin/units/unit/add/", **values)
        assert answer.status_code == 200, (field, value)
        assert errors_of(answer)
        assert not Unit.objects.exists()

    @pytest.mark.parametrize("number", ["-1", "99999999999", "1" * 30, "1e3", "x"])
    def test_numbers_fit_every_database(self, boss, number):
        answer = save(boss, "/admin/units/unitkind/add/", name_en="Kind", order=number)
        assert errors_of(answer), number

    def test_stale_inline_rows_do_no_harm(self, boss):
        unit = make_unit()
        name = DatedName.objects.create(unit=unit, name_en="Old")
        address = reverse("admin:units_unit_change", args=[unit.pk])
        page = fields_of(boss.get(address))
        name.delete()
        answer = boss.post(address, {**page, "dated_names-0-name_en": "Older", "_save": "1"})
        assert answer.status_code in (200, 302, 409)

    def test_forged_management_form(self, boss):
        address = reverse("admin:units_unit_change", args=[make_unit().pk])
        page = fields_of(boss.get(address))
        for total in ("", "x", "-1", "1" * 40):
            answer = boss.post(address, {**page, "dated_names-TOTAL_FORMS": total, "_save": "1"})
            assert answer.status_code in (200, 302, 400), total
        assert boss.post(address, {}).status_code == 200

    def test_a_contradiction_in_the_database_is_a_sentence(self, boss, monkeypatch):
        def collide(self, *args, **kwargs):
            raise IntegrityError("UNIQUE constraint failed")

        monkeypatch.setattr(UnitKind, "save", collide)
        answer = save(boss, "/admin/units/unitkind/add/", name_en="Kind")
        assert answer.status_code == 409
        assert "at the same moment" in answer.content.decode()

    @pytest.mark.parametrize("pk", ["0", "x", "9" * 40, "-1", "1_2", "%00"])
    def test_forged_ids_lead_nowhere(self, boss, pk):
        for address in ("change", "delete", "history"):
            answer = boss.get(f"/admin/units/unit/{pk}/{address}/", follow=True)
            assert answer.status_code in (200, 400, 404), address


class TestDeleting:
    @pytest.mark.parametrize("ids", [["x"], ["9" * 40], ["-1"], ["1", "x", "٣"], []])
    def test_forged_selections(self, boss, ids):
        make_unit()
        for action in ("delete_selected", "publish_selected", "nonsense"):
            answer = boss.post(
                "/admin/units/unit/",
                {"action": action, "_selected_action": ids, "post": "yes"},
                follow=True,
            )
            assert answer.status_code in (200, 400)
        assert Unit.objects.count() <= 1

    def test_protected_units_stay_and_it_is_said_why(self, boss, era):
        root = make_unit(name_en="Root")
        child = make_unit(parent=root, name_en="Child")
        event = Event.objects.create(code="e", slug="e", title_en="E", kind="other", era=era)
        Participation.objects.create(event=event, unit=child)
        for post in ("", "yes"):
            answer = boss.post(
                "/admin/units/unit/",
                {
                    "action": "delete_selected",
                    "_selected_action": [root.pk, child.pk],
                    "post": post,
                },
            )
            assert answer.status_code == 200
            assert "would require deleting the following protected" in answer.content.decode()
        assert Unit.objects.count() == 2
        answer = boss.post(reverse("admin:units_unit_delete", args=[root.pk]), {"post": "yes"})
        assert answer.status_code == 200
        assert Unit.objects.count() == 2

    def test_a_protection_that_comes_at_the_last_moment(self, boss, monkeypatch):
        from django.db.models import ProtectedError

        unit = make_unit()

        def refuse(self, *args, **kwargs):
            raise ProtectedError("no", {unit})

        monkeypatch.setattr(Unit, "delete", refuse)
        answer = boss.post(reverse("admin:units_unit_delete", args=[unit.pk]), {"post": "yes"})
        assert answer.status_code == 409
        assert "still used elsewhere" in answer.content.decode()

    def test_several_units_at_once_keep_the_tree_sound(self, boss):
        from units import tree

        root = make_unit()
        rows = [make_unit(parent=root) for _n in range(5)]
        boss.post(
            "/admin/units/unit/",
            {"action": "delete_selected", "_selected_action": [r.pk for r in rows[1:4]],
             "post": "yes"},
        )  # fmt: skip
        assert set(Unit.objects.all()) == {root, rows[0], rows[4]}
        assert list(tree.check()) == []

    def test_twice(self, boss):
        unit = make_unit()
        address = reverse("admin:units_unit_delete", args=[unit.pk])
        assert boss.post(address, {"post": "yes"}).status_code == 302
        assert boss.post(address, {"post": "yes"}, follow=True).status_code == 200

    def test_a_person_with_terms_stays(self, boss):
        person = Person.objects.create(code="p", slug="p", name_en="P")
        post = Post.objects.create(unit=make_unit(), title_en="Head", is_head=True)
        Term.objects.create(post=post, person=person)
        answer = boss.post(reverse("admin:people_person_delete", args=[person.pk]), {"post": "yes"})
        assert answer.status_code == 200
        assert Person.objects.exists()


class TestPages:
    ADDRESSES = [
        "/admin/", "/admin/guide/", "/admin/units/", "/admin/units/unit/", "/admin/units/unit/add/",
        "/admin/units/unitkind/add/", "/admin/units/externalbody/add/", "/admin/people/person/add/",
        "/admin/people/post/add/", "/admin/history/event/add/", "/admin/history/figure/add/",
        "/admin/history/observance/add/", "/admin/sources/source/add/", "/admin/history/era/add/",
        "/admin/pages/page/add/", "/admin/auth/user/add/", "/admin/history/event/",
        "/admin/password_change/",
    ]  # fmt: skip

    @pytest.mark.parametrize("language", ["az", "en"])
    @pytest.mark.parametrize("address", ADDRESSES)
    def test_open_in_both_languages_without_inline_code(self, boss, address, language):
        import re

        boss.cookies["django_language"] = language
        page = boss.get(address)
        assert page.status_code == 200
        html = page.content.decode()
        assert f'<html lang="{language}"' in html
        assert not re.search(r"<style|\sstyle=|\son[a-z]+=\"", html)
        for script in re.findall(r"<script[^>]*>", html):
            assert "src=" in script, script
        assert "https://" not in "".join(re.findall(r'(?:src|href)="([^"]*)"', html))

    def test_dates_and_vocabularies_are_searched_folded(self, boss):
        make_unit_kind(code="x1", name_az="Şöbə", name_en="")
        found = boss.get("/admin/units/unitkind/", {"q": "sobe"})
        assert [kind.code for kind in found.context["cl"].result_list] == ["x1"]
        assert not boss.get("/admin/units/unitkind/", {"q": "!!"}).context["cl"].result_list


class TestWords:
    def test_capitals_are_azerbaijani_in_azerbaijani(self):
        from django.template import Context, Template
        from django.utils import translation

        template = Template("{{ word|capfirst }}")
        for language, word, capital in (
            ("az", "istifadəçi", "İstifadəçi"),
            ("az", "ıldırım", "Ildırım"),
            ("az", "əlavə", "Əlavə"),
            ("en", "item", "Item"),
            ("en", "", ""),
        ):
            with translation.override(language):
                assert template.render(Context({"word": word})) == capital

    def test_events_of_any_date_are_listed(self, boss, era):
        for number, date in enumerate(["../1918", "1991/..", "0001", "9999-12-31", "", "/1990"]):
            Event.objects.create(
                code=f"e{number}", slug=f"e{number}", title_en="E", kind="other", era=era, date=date
            )
        assert boss.get("/admin/history/event/").status_code == 200
        assert boss.get("/admin/history/event/?date_earliest__year=1").status_code == 200
        for query in (
            "date_earliest__year=9999",
            "date_earliest__year=x",
            "date_earliest__year=99999999",
            "date_earliest__month=13",
            "date_earliest__year=0",
            "date_earliest__year=2000&date_earliest__month=99",
        ):
            answer = boss.get(f"/admin/history/event/?{query}", follow=True)
            assert answer.status_code in (200, 400), query
