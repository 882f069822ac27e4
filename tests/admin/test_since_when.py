"""Whoever changes the name or superior of a unit that readers have seen says what that means."""

import datetime

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group, Permission
from django.urls import reverse
from django.utils import timezone

from chronology import HistoricalDate
from tests.admin.forms import (
    NAME_CORRECTED,
    SUPERIOR_CORRECTED,
    changed_since,
    errors_of,
    fields_of,
    messages_of,
    save,
)
from tests.admin.test_tree import drop, tokens
from tests.factories import make_dated_superior, make_source, make_unit
from units import tree
from units.models import DatedName, DatedSuperior, Unit

TODAY = timezone.localdate()
TOMORROW = TODAY + datetime.timedelta(days=1)
NAME_UNKNOWN = {"name-meant": "unknown"}


@pytest.fixture
def police(db):
    return make_unit(code="police", name_en="Police", name_az="Polis", founded="1990-05-01")


@pytest.fixture
def house(db):
    """root: a, b; b has been under root since 1990."""
    root = make_unit(code="root", name_en="Root", founded="1980")
    make_unit(code="a", name_en="Alpha", parent=root, founded="1980", order=1)
    root.refresh_from_db()
    make_unit(code="b", name_en="Beta", parent=root, founded="1990-05-01", order=2)
    return lambda code: Unit.objects.get(code=code)


def address(unit):
    return reverse("admin:units_unit_change", args=[unit.pk])


def questions(response):
    return response.context["adminform"].form.questions.by_fact


def asked(response):
    return [q.prefix for q in questions(response).values() if q.is_asked]


class TestForm:
    def test_without_an_answer_nothing_is_saved_and_the_question_comes_with_all_else(
        self, boss, police
    ):
        answer = save(boss, address(police), name_en="Militia", summary_en="Typed")
        assert answer.status_code == 200
        assert asked(answer) == ["name"]
        assert any(
            "Readers have seen this unit under its former name" in e for e in errors_of(answer)
        )
        assert (fields_of(answer)["name_en"], fields_of(answer)["summary_en"]) == (
            "Militia",
            "Typed",
        )
        assert Unit.objects.get().name_en == "Police"
        assert not DatedName.objects.exists()

    @pytest.mark.parametrize(
        "field", ["name_az", "short_name_en", "abbreviation_az", "native_name"]
    )
    def test_every_name_is_asked_about(self, boss, police, field):
        assert asked(save(boss, address(police), **{field: "Other"})) == ["name"]

    def test_the_act_is_kept_with_the_former_name(self, boss, police):
        act = make_source(title_en="Decree 7")
        answer = changed_since("name", "2020-01-01", sources=[act.pk])
        assert save(boss, address(police), name_en="Militia", **answer).status_code == 302
        assert list(DatedName.objects.get().sources.all()) == [act]

    def test_a_forged_source_is_refused(self, boss, police):
        for forged in ("x", "9" * 30, "0"):
            answer = changed_since("name", "2020-01-01", sources=[forged])
            refused = save(boss, address(police), name_en="Militia", **answer)
            assert refused.status_code == 200
            assert not DatedName.objects.exists()

    def test_nothing_is_asked_where_no_name_changes(self, boss, police):
        page = boss.get(address(police))
        assert asked(page) == []
        assert "since-when" in page.content.decode()  # for the script, hidden
        assert save(boss, address(police), name_en="  Police ", phone="102").status_code == 302

    def test_an_answer_to_what_was_not_changed_does_nothing(self, boss, police):
        save(boss, address(police), phone="102", **changed_since("name", "2000"))
        assert not DatedName.objects.exists()
        assert str(Unit.objects.get().name_since) == "1990-05-01"

    def test_a_change_keeps_the_former_name_and_says_so(self, boss, police):
        answer = save(boss, address(police), name_en="Militia", **changed_since("name", "1.3.2026"))
        assert answer.status_code == 302, errors_of(answer)
        unit, row = Unit.objects.get(), DatedName.objects.get()
        assert (unit.name_en, str(unit.name_since)) == ("Militia", "2026-03-01")
        assert (row.name_en, row.name_az, str(row.begin), str(row.end)) == (
            "Police", "Polis", "1990-05-01", "2026-03-01",
        )  # fmt: skip
        assert "The former name is kept until 1 March 2026." in messages_of(answer)
        assert "kept until 1 March 2026" in str(
            list(LogEntry.objects.values_list("change_message"))
        )

    def test_a_correction_keeps_nothing(self, boss, police):
        answer = save(boss, address(police), name_en="Militia", **NAME_CORRECTED)
        assert not DatedName.objects.exists()
        assert str(Unit.objects.get().name_since) == "1990-05-01"
        assert "The name was corrected; the former one is not kept." in messages_of(answer)

    def test_nobody_knows_when(self, boss, police):
        answer = save(boss, address(police), name_en="Militia", **NAME_UNKNOWN)
        between = f"1990-05-02/{TODAY}"
        assert str(Unit.objects.get().name_since) == between
        assert str(DatedName.objects.get().end) == between
        assert any("On which day it changed is not known" in m for m in messages_of(answer))

    @pytest.mark.parametrize("announced", [True, False])
    def test_a_change_to_come_leaves_the_unit_until_then(self, boss, police, announced):
        more = {"announced": "on"} if announced else {}
        said = changed_since("name", TOMORROW, **more)
        answer = save(boss, address(police), name_en="Militia", phone="102", **said)
        unit, row = Unit.objects.get(), DatedName.objects.get()
        assert (unit.name_en, unit.phone) == ("Police", "102")
        assert (row.name_en, str(row.begin), row.announced) == ("Militia", str(TOMORROW), announced)
        words = "It is announced now." if announced else "Only editors see it until then."
        assert any(words in message for message in messages_of(answer))

    @pytest.mark.parametrize("announced", [True, False])
    def test_what_is_hidden_until_its_day_does_not_make_the_unit_the_latest_changed(
        self, boss, police, announced
    ):
        """Feeds would tell that there is something; of what is announced they shall."""
        more = {"announced": "on"} if announced else {}
        save(boss, address(police), name_en="Militia", **changed_since("name", TOMORROW, **more))
        assert DatedName.objects.exists()
        assert (Unit.objects.get().updated_at > police.updated_at) == announced
        police.refresh_from_db()
        day = {"dated_names-1-begin": str(TOMORROW + datetime.timedelta(days=9))}
        rows = {"dated_names-TOTAL_FORMS": "2", "dated_names-1-name_en": "Guard", **day}
        if announced:
            rows["dated_names-1-announced"] = "on"
        save(boss, address(police), **rows)
        assert DatedName.objects.count() == 2
        assert (Unit.objects.get().updated_at > police.updated_at) == announced

    @pytest.mark.parametrize(
        ("since", "sentence"),
        [
            ("", "Write since when."),
            ("1990-05-01", "cannot have changed before"),
            (str(TODAY.year + 1), "needs a day"),
            ("Tuesday", ""),
        ],
    )
    def test_what_is_wrong_is_said_at_the_date_of_the_question(self, boss, police, since, sentence):
        answer = save(boss, address(police), name_en="Militia", **changed_since("name", since))
        (question,) = (q for q in questions(answer).values() if q.is_asked)
        assert sentence in " ".join(question.errors["since"])
        assert Unit.objects.get().name_en == "Police"

    def test_a_since_typed_above_is_suggested_and_decides_nothing(self, boss, police):
        answer = save(boss, address(police), name_en="Militia", name_since="2020")
        page = fields_of(answer)
        assert (page["name-meant"], page["name-since"]) == ("change", "2020")
        assert Unit.objects.get().name_en == "Police"
        assert boss.post(address(police), {**page, "_save": "1"}).status_code == 302
        assert str(DatedName.objects.get().end) == "2020"
        assert str(Unit.objects.get().name_since) == "2020"

    def test_two_dates_that_differ_are_refused(self, boss, police):
        said = changed_since("name", "2021")
        answer = save(boss, address(police), name_en="Militia", name_since="2020", **said)
        assert any("another date" in error for error in errors_of(answer))

    def test_drafts_that_were_never_public_are_not_asked(self, boss, db):
        draft = make_unit(status="draft")
        later = make_unit(publish_at=timezone.now() + datetime.timedelta(days=9))
        for unit in (draft, later):
            assert save(boss, address(unit), name_en="Other").status_code == 302
        assert not DatedName.objects.exists()

    def test_a_draft_that_was_public_is_asked_of_an_editor_too(self, boss, editor, police):
        police.status = "draft"
        police.save()
        assert asked(save(editor, address(police), name_en="Militia")) == ["name"]
        said = changed_since("name", "2020")
        assert save(editor, address(police), name_en="Militia", **said).status_code == 302
        assert DatedName.objects.count() == 1

    def test_a_new_unit_is_not_asked(self, boss, police):
        page = boss.get(reverse("admin:units_unit_add"))
        assert questions(page) == {}

    def test_the_list_edits_no_names_and_a_superior_is_not_deleted(self, boss, house):
        from django.contrib import admin

        assert not admin.site._registry[Unit].list_editable
        values = {
            "action": "delete_selected",
            "_selected_action": [house("root").pk],
            "post": "yes",
        }
        boss.post("/admin/units/unit/", values)
        assert house("b").parent == house("root")

    def test_no_copy_is_saved(self, boss, police):
        save(boss, address(police), button="_saveasnew", name_en="Militia")
        assert list(Unit.objects.values_list("name_en")) == [("Police",)]

    def test_the_superior_is_asked_about_by_itself(self, boss, house):
        answer = save(boss, address(house("b")), parent=house("a").pk, position="")
        assert asked(answer) == ["superior"]
        page = {**fields_of(answer), **changed_since("superior", TODAY), "_save": "1"}
        assert boss.post(address(house("b")), page).status_code == 302
        row = DatedSuperior.objects.get()
        assert (row.parent, str(row.end)) == (house("root"), str(TODAY))
        assert (house("b").parent, str(house("b").superior_since)) == (house("a"), str(TODAY))

    def test_a_superior_to_come_leaves_the_unit_in_its_place(self, boss, house):
        make_unit(code="c", parent=house("root"), order=3)
        said = changed_since("superior", TOMORROW)
        save(boss, address(house("b")), parent=house("a").pk, position="", **said)
        assert tree.placement_of("b") == tree.Placement("root", 1, "c")
        assert DatedSuperior.objects.get().parent == house("a")
        assert list(tree.check()) == []


def undo(client, token):
    return client.post(reverse("admin:units_unit_undo_move"), {"token": token})


def last_token(client):
    return tokens(client.get("/admin/units/unit/").content.decode())[-1]


class TestMoves:
    def test_a_stale_script_moves_nothing(self, boss, house):
        answer = drop(boss, house("b"), "inside", house("a"), **{"superior-meant": ""})
        assert answer.json()["question"]
        values = {"unit": house("b").pk, "target": house("a").pk, "where": "inside"}
        move = reverse("admin:units_unit_move")
        answer = boss.post(move, values, headers={"X-Requested-With": "tree"})
        assert answer.status_code == 409
        assert "Say whether that was changed" in answer.json()["sentence"]
        assert house("b").parent == house("root")

    def test_siblings_change_places_without_a_question(self, boss, house):
        values = {"unit": house("b").pk, "target": house("a").pk, "where": "before"}
        move = reverse("admin:units_unit_move")
        assert boss.post(move, values, headers={"X-Requested-With": "tree"}).status_code == 200
        step = reverse("admin:units_unit_step", args=[house("b").pk])
        assert boss.post(step, {"direction": "down"}).status_code == 302
        assert not DatedSuperior.objects.exists()

    def test_a_draft_moves_without_a_question(self, editor, house):
        draft = make_unit(status="draft", parent=house("root"))
        values = {"unit": draft.pk, "target": house("a").pk, "where": "inside"}
        assert editor.post(reverse("admin:units_unit_move"), values).status_code == 302

    def test_a_change_is_undone_with_its_row_and_done_again(self, boss, house):
        said = changed_since("superior", "2020")
        assert drop(boss, house("b"), "inside", house("a"), **said).json() == {
            "moved": house("b").pk
        }
        row = DatedSuperior.objects.get()
        assert (row.parent, str(row.begin), str(row.end)) == (house("root"), "1990-05-01", "2020")
        assert str(house("b").superior_since) == "2020"
        log = LogEntry.objects.get().get_change_message()
        assert log == "Moved: Root, 2 → Alpha, 1. The former superior is kept until 2020."
        undo(boss, last_token(boss))
        assert not DatedSuperior.objects.exists()
        assert (house("b").parent, str(house("b").superior_since)) == (house("root"), "1990-05-01")
        undo(boss, last_token(boss))
        assert DatedSuperior.objects.get().parent == house("root")
        assert (house("b").parent, str(house("b").superior_since)) == (house("a"), "2020")
        assert list(tree.check()) == []

    @pytest.mark.parametrize("what", ["row", "gone", "since"])
    def test_undo_is_refused_when_what_was_written_has_been_changed(self, boss, house, what):
        drop(boss, house("b"), "inside", house("a"), **changed_since("superior", "2020"))
        token = last_token(boss)
        unit, row = house("b"), DatedSuperior.objects.get()
        if what == "row":
            row.end = "2019"
            row.save()
        elif what == "gone":
            row.delete()
        else:
            unit.superior_since = "2019"
            unit.save()
        answer = undo(boss, token)
        assert answer.status_code == 409
        assert "has been changed in the meantime" in answer.content.decode()
        assert house("b").parent == house("a")

    def test_a_move_to_come_leaves_the_unit_and_is_undone(self, boss, house):
        drop(boss, house("b"), "inside", house("a"), **changed_since("superior", TOMORROW))
        page = boss.get("/admin/units/unit/").content.decode()
        assert "“Beta” stays where it is for now." in page
        assert house("b").parent == house("root")
        assert (DatedSuperior.objects.get().parent, DatedSuperior.objects.get().end) == (
            house("a"), None,
        )  # fmt: skip
        token = tokens(page)[-1]
        asks = boss.get(reverse("admin:units_unit_undo_move"), {"token": token}).content.decode()
        assert "the move to come is deleted" in asks
        assert undo(boss, token).status_code == 302
        assert not DatedSuperior.objects.exists()
        assert undo(boss, token).status_code == 409

    def test_a_correction_writes_nothing_and_is_undone(self, boss, house):
        drop(boss, house("b"), "inside", house("a"), **SUPERIOR_CORRECTED)
        assert not DatedSuperior.objects.exists()
        assert str(house("b").superior_since) == "1990-05-01"
        undo(boss, last_token(boss))
        assert house("b").parent == house("root")

    def test_an_answer_that_cannot_be_gets_the_question_with_its_error(self, boss, house):
        said = changed_since("superior", "1989")
        answer = drop(boss, house("b"), "inside", house("a"), **said)
        assert "cannot have changed before" in answer.json()["question"]
        assert house("b").parent == house("root")

    def test_who_may_not_move_may_not_answer(self, editor, house):
        assert drop(editor, house("b"), "inside", house("a")).status_code == 403

    def test_place_page_asks_in_its_form(self, boss, house):
        place = reverse("admin:units_unit_place", args=[house("b").pk])
        page = fields_of(boss.get(place))
        assert (page["superior-meant"], page["superior-since"]) == ("change", str(TODAY))
        said = changed_since("superior", "1989")
        answer = boss.post(place, {**page, "superior": house("a").pk, **said})
        assert "cannot have changed before" in answer.content.decode()
        unanswered = {n: v for n, v in page.items() if not n.startswith("superior-")}
        answer = boss.post(place, {**unanswered, "superior": house("a").pk})
        assert "Say whether that was changed" in answer.content.decode()
        assert house("b").parent == house("root")
        act = make_source()
        values = {"superior": house("a").pk, "position": "", "superior-sources": [act.pk]}
        boss.post(place, {**page, **values})
        assert str(DatedSuperior.objects.get().end) == str(TODAY)
        assert list(DatedSuperior.objects.get().sources.all()) == [act]
        assert house("b").parent == house("a")

    def test_other_rows_of_the_unit_stay(self, boss, house):
        make_dated_superior(house("b"), parent=house("a"), begin="1985", end="1990-05-01")
        unit = house("b")
        unit.superior_since = HistoricalDate("1990-05-01")
        unit.save()
        drop(boss, house("b"), "inside", house("a"), **changed_since("superior", "2020"))
        undo(boss, last_token(boss))
        assert str(DatedSuperior.objects.get().end) == "1990-05-01"


def not_adding(codename):
    """Takes a right away from publishers."""
    group = Group.objects.get(name="publisher")
    group.permissions.remove(Permission.objects.get(codename=codename))


class TestRights:
    """What is written beside a change needs the right to add such rows."""

    def test_form_name(self, publisher, police):
        not_adding("add_datedname")
        said = changed_since("name", "2020")
        answer = save(publisher, address(police), name_en="Militia", **said)
        assert answer.status_code == 200
        assert any("you may not add those" in error for error in errors_of(answer))
        assert Unit.objects.get().name_en == "Police"
        answer = save(publisher, address(police), name_en="Militia", **NAME_CORRECTED)
        assert answer.status_code == 302
        assert Unit.objects.get().name_en == "Militia"

    def test_form_superior(self, publisher, house):
        not_adding("add_datedsuperior")
        for since in ("2020", str(TOMORROW)):
            said = changed_since("superior", since)
            answer = save(publisher, address(house("b")), parent=house("a").pk, **said)
            assert answer.status_code == 200
            assert any("you may not add those" in error for error in errors_of(answer))
        assert not DatedSuperior.objects.exists()
        assert house("b").parent == house("root")

    def test_dragging_and_place(self, publisher, house):
        not_adding("add_datedsuperior")
        for since in ("2020", str(TOMORROW)):
            said = changed_since("superior", since)
            answer = drop(publisher, house("b"), "inside", house("a"), **said)
            assert answer.status_code == 403
            assert "you may not add those" in answer.json()["sentence"]
        place = reverse("admin:units_unit_place", args=[house("b").pk])
        page = fields_of(publisher.get(place))
        answer = publisher.post(place, {**page, "superior": house("a").pk})
        assert "you may not add those" in answer.content.decode()
        assert not DatedSuperior.objects.exists()
        assert house("b").parent == house("root")
        said = SUPERIOR_CORRECTED
        assert drop(publisher, house("b"), "inside", house("a"), **said).status_code == 200
        assert house("b").parent == house("a")
