"""What an import does, and what it leaves alone."""

import io
import zipfile

import pytest
from django.contrib.admin.models import ADDITION, CHANGE, LogEntry
from django.contrib.auth.models import Permission, User
from django.contrib.contenttypes.models import ContentType
from django.core.management import CommandError, call_command

import exchange
from chronology import HistoricalDate
from exchange.formats import csv_files
from exchange.reading.tables import Book
from history.models import Event
from people.models import Person, Post, Term
from publishing.models import RetiredCode
from tests.exchange.files import (
    csv_bytes,
    export,
    export_rows,
    json_bytes,
    openpyxl_bytes,
    plan,
    read,
    rezip,
    run,
    units_csv,
)
from tests.factories import (
    make_dated_name,
    make_event,
    make_external_body,
    make_person,
    make_post,
    make_source,
    make_term,
    make_unit,
    make_unit_kind,
)
from units import tree
from units.models import DatedName, ExternalBody, Unit, UnitKind

pytestmark = pytest.mark.django_db


def tree_of():
    return dict(Unit.objects.order_by("code").values_list("code", "parent__code"))


# --- rows and trees ---------------------------------------------------------------------------
def test_rows_may_come_in_any_order_and_make_several_trees():
    run(units_csv(["c", "b", "C"], ["x", "", "X"], ["b", "a", "B"], ["a", "", "A"]))
    assert tree_of() == {"a": None, "b": "a", "c": "b", "x": None}
    assert list(tree.check()) == []
    assert [u.code for u in Unit.objects.get(code="a").get_descendants()] == ["b", "c"]


def test_codes_of_other_registers_are_kept_exactly():
    codes = ["GB/1:2.3#a", "gb/1:2.3#A", "0123", "x y"]
    run(units_csv(*([code, "", "A"] for code in codes)))
    assert sorted(tree_of()) == sorted(codes)


def test_whole_sub_trees_move_and_two_units_may_change_places():
    run(units_csv(["a", "", "A"], ["b", "a", "B"], ["c", "b", "C"], ["d", "", "D"]))
    done, _applied = run(csv_bytes(["code", "parent"], ["b", ""], ["a", "b"]), corrections=True)
    assert done.counts["move"] == 2
    assert tree_of() == {"a": "b", "b": None, "c": "b", "d": None}
    assert list(tree.check()) == []


def test_a_move_is_shown_from_and_to():
    run(units_csv(["a", "", "A"], ["b", "a", "B"], ["d", "", "D"]))
    (change,) = plan(csv_bytes(["code", "parent"], ["b", "d"])).changes(action="move")
    assert (change.old_parent, change.new_parent, change.title) == ("a", "d", "B")


def test_new_siblings_take_their_place_by_position_and_code():
    run(csv_bytes(["code", "order", "name_en"], ["b", "1", "B"], ["a", "1", "A"], ["z", "0", "Z"]))
    assert list(Unit.objects.values_list("code", flat=True)) == ["z", "a", "b"]
    run(csv_bytes(["code", "order"], ["z", "9"]))
    assert list(Unit.objects.values_list("code", flat=True)) == ["a", "b", "z"]


# --- cells ------------------------------------------------------------------------------------
def test_an_absent_column_keeps_and_an_empty_cell_clears():
    run(csv_bytes(["code", "name_en", "phone", "founded"], ["a", "A", "+994 12", "1918-05-28"]))
    run(csv_bytes(["code", "phone"], ["a", ""]))
    unit = Unit.objects.get()
    assert (unit.phone, unit.name_en, unit.founded.text) == ("", "A", "1918-05-28")
    run(csv_bytes(["code", "founded"], ["a", ""]))
    unit = Unit.objects.get()
    assert (unit.founded, unit.founded_earliest) == (None, None)


def test_in_json_each_record_says_for_itself_what_it_keeps():
    run(units_csv(["a", "", "A"], ["b", "", "B"]))
    data = json_bytes({"code": "a", "phone": "102"}, {"code": "b", "name_az": "Bə"})
    run(data, name="x.json", corrections=True)
    a, b = Unit.objects.order_by("code")
    assert (a.phone, a.name_en) == ("102", "A")
    assert (b.phone, b.name_en, b.name_az) == ("", "B", "Bə")


def test_dates_as_people_write_them_are_understood_and_shown():
    found = plan(csv_bytes(["code", "name_en", "founded"], ["a", "A", "28.05.1918"]))
    (change,) = found.changes(kind="units")
    (cell,) = [cell for cell in change.cells if cell.column == "founded"]
    assert (cell.typed, cell.new) == ("28.05.1918", "1918-05-28")
    assert "28 May 1918" in cell.shown


def test_everything_that_hangs_on_a_field_is_written_with_it():
    run(csv_bytes(["code", "name_az", "name_en", "founded"], ["a", "Şəki", "", "1918"]))
    unit = Unit.objects.get()
    assert unit.name == "Şəki"
    assert "seki" in unit.search_text
    assert unit.slug == "seki"
    assert unit.founded_earliest.isoformat() == "1918-01-01"
    assert Unit.objects.in_force(HistoricalDate("1950")).count() == 1
    run(csv_bytes(["code", "name_az", "founded"], ["a", "Gəncə", "1920~"]), corrections=True)
    unit = Unit.objects.get()
    assert "gence" in unit.search_text
    assert unit.founded_latest.isoformat() == "1920-12-31"
    assert unit.slug == "seki"


def test_an_imported_row_equals_one_that_was_saved():
    """Field by field, so that no column is forgotten by the bulk way."""
    kind = make_unit_kind(code="k")
    values = {
        "name_az": "Şəki", "name_en": "Shaki", "body_en": "*a*", "order": 3,
        "founded": HistoricalDate("1918/1920"), "website": "https://example.org",
        "latitude": "40.5", "longitude": "49.25", "status": "draft",
    }  # fmt: skip
    saved = make_unit(code="a", slug="a", kind=kind, **values)
    data = export("units")
    saved.refresh_from_db()
    wanted = {f.attname: getattr(saved, f.attname) for f in Unit._meta.concrete_fields}
    Unit.objects.all().delete()
    RetiredCode.objects.all().delete()
    run(data)
    unit = Unit.objects.get()
    found = {f.attname: getattr(unit, f.attname) for f in Unit._meta.concrete_fields}
    for name in ("id", "created_at", "updated_at"):
        assert found.pop(name) is not None
        wanted.pop(name)
    empty = {name: value or "" for name, value in wanted.items() if value in (None, "")}
    assert {**found, **{n: found[n] or "" for n in empty}} == {**wanted, **empty}


def test_markdown_is_cleaned_and_plain_text_is_stored_as_it_is():
    found, _applied = run(
        csv_bytes(
            ["code", "name_en", "body_en"],
            ["a", "<script>x</script>", "Hello <b>all</b><script>alert(1)</script>"],
        )
    )
    unit = Unit.objects.get()
    assert unit.body_en == "Hello all"
    assert unit.name_en == "<script>x</script>"
    (change,) = found.changes(kind="units")
    (cell,) = [cell for cell in change.cells if cell.column == "body_en"]
    assert "<script>" in cell.typed


def test_slugs_are_made_unique_and_empty_ones_keep_the_address():
    run(units_csv(["a", "", "Gəncə"], ["b", "", "Gence"], ["c", "", "Gəncə"]))
    assert sorted(Unit.objects.values_list("slug", flat=True)) == ["gence", "gence-2", "gence-3"]
    run(csv_bytes(["code", "slug"], ["a", ""]))
    assert Unit.objects.get(code="a").slug == "gence"


def test_a_numbered_address_that_is_taken_is_passed_over():
    make_unit(code="old", slug="gence-2")
    run(csv_bytes(["code", "name_az"], *([code, "Gəncə"] for code in "abc")))
    slugs = Unit.objects.exclude(code="old").values_list("slug", flat=True)
    assert sorted(slugs) == ["gence", "gence-3", "gence-4"]


def test_addresses_can_be_swapped():
    run(csv_bytes(["code", "name_en", "slug"], ["a", "A", "s-a"], ["b", "B", "s-b"]))
    run(csv_bytes(["code", "slug"], ["a", "s-b"], ["b", "s-a"]))
    assert dict(Unit.objects.values_list("code", "slug")) == {"a": "s-b", "b": "s-a"}


# --- vocabulary -------------------------------------------------------------------------------
def test_words_of_a_foreign_register_become_kinds_and_are_listed():
    make_unit_kind(code="dept", name_az="Şöbə", name_en="Department")
    done, _applied = run(
        csv_bytes(
            ["code", "kind", "name_en"],
            ["a", "Department", "A"],
            ["b", "dept", "B"],
            ["c", "Ad-hoc group", "C"],
            ["d", "Ad-hoc group", "D"],
            ["e", "", "E"],
        )
    )
    kinds = dict(Unit.objects.values_list("code", "kind__code"))
    assert kinds == {
        "a": "dept",
        "b": "dept",
        "c": "ad-hoc-group",
        "d": "ad-hoc-group",
        "e": "unit",
    }
    assert UnitKind.objects.get(code="ad-hoc-group").name_en == "Ad-hoc group"
    assert any("Ad-hoc group" in note for note in done.notes)


def test_without_the_right_to_add_kinds_an_unknown_word_is_a_problem():
    user = staff("import_unit", "publish_unit")
    found = plan(csv_bytes(["code", "kind", "name_en"], ["a", "Departmnt", "A"]), user=user)
    assert [p.column for p in found.problems] == ["kind"]


# --- other kinds ------------------------------------------------------------------------------
def test_an_event_comes_with_who_took_part_and_where_it_is_written():
    make_unit(code="a"), make_unit(code="b;c"), make_external_body(code="un")
    make_event(code="e0")
    head = ["code", "era", "kind", "title_en", "units_concerned", "bodies_concerned"]
    row = ["e", Event.objects.get().era.code, "membership", "E", 'a; "b;c"', "un"]
    run(csv_bytes(head, row), "events")
    event = Event.objects.get(code="e")
    assert {str(p.participant.code) for p in event.participations.all()} == {"a", "b;c", "un"}
    run(csv_bytes(["code", "units_concerned"], ["e", "a"]), "events")
    assert {str(p.participant.code) for p in event.participations.all()} == {"a", "un"}


def test_an_event_with_odd_numbers_of_participants_is_warned_about():
    make_unit(code="a")
    era = make_event().era.code
    data = csv_bytes(
        ["code", "era", "kind", "title_en", "units_before"], ["e", era, "merger", "E", "a"]
    )
    done, _applied = run(data, "events")
    assert any("at least two units before" in note for note in done.notes)


def test_terms_of_one_head_post_may_not_overlap():
    post, person = make_post(make_unit(), code="chief"), make_person(code="p")
    make_term(post, person, code="t1", begin="2000", end="2005-01-01")
    head = ["code", "post", "person", "begin", "end"]
    bad = csv_bytes(head, ["t2", "chief", "p", "2004-01-01", ""])
    assert [p.code for p in plan(bad, "terms").problems] == ["overlap"]
    within = csv_bytes(
        head, ["t3", "chief", "p", "2010-01-01", "2012-01-01"], ["t4", "chief", "p", "2011", ""]
    )
    assert [p.code for p in plan(within, "terms").problems] == ["overlap"]
    run(csv_bytes(head, ["t2", "chief", "p", "2005-01-01", ""]), "terms")
    assert Term.objects.count() == 2


def test_the_head_of_a_unit_may_change_in_one_file_but_two_heads_are_refused():
    unit = make_unit(code="a")
    make_post(unit, code="old", is_head=True), make_post(unit, code="new", is_head=False)
    both = csv_bytes(["code", "is_head"], ["new", "yes"])
    assert [p.code for p in plan(both, "posts").problems] == ["unique"]
    run(csv_bytes(["code", "is_head"], ["new", "yes"], ["old", "no"]), "posts")
    assert Post.objects.get(is_head=True).code == "new"


def test_a_dated_superior_is_a_unit_or_a_body_or_not_known():
    make_unit(code="a"), make_external_body(code="x")
    head = ["code", "unit", "parent", "external_body"]
    assert plan(csv_bytes(head, ["f", "a", "a", ""]), "dated_superiors").problems
    make_unit(code="b")
    assert plan(csv_bytes(head, ["f", "a", "b", "x"]), "dated_superiors").problems
    run(csv_bytes(head, ["e", "a", "", ""]), "dated_superiors")  # not known
    run(csv_bytes(head, ["f", "a", "", "x"]), "dated_superiors")


def test_the_verdict_on_a_row_is_that_of_the_form():
    """Rows that full_clean() refuses are refused, and only those."""
    kind = make_unit_kind(code="k")
    candidates = [
        {"phone": "abc"}, {"phone": "102"}, {"email": "x"}, {"email": "a@b.az"},
        {"website": "ftp://x.org"}, {"founded": "1990", "dissolved": "1980"},
        {"closing_reason": "merged"}, {"latitude": "1"}, {"latitude": "1", "longitude": "2"},
        {"name_en": "a" * 250}, {"name_en": "a" * 251}, {"slug": "a b"}, {"slug": "a-b"},
        {"abbreviation_en": "x" * 31}, {"founded": "1918/1920"}, {"name_en": "a\u200bb"},
        {"summary_en": "one\ntwo"}, {"native_name": "one\ntwo"}, {"body_en": "[a](data:x)"},
    ]  # fmt: skip
    for n, fields in enumerate(candidates):
        fields = {"name_en": "A", "slug": f"s-{n}", **fields}
        unit = Unit(code=f"c{n}", kind=kind)
        try:
            for name, value in fields.items():
                setattr(unit, name, value)
            unit.full_clean()
            good = True
        except Exception:  # noqa: BLE001 - whatever the form would show
            good = False
        found = plan(csv_bytes(["code", *fields], [f"c{n}", *fields.values()]))
        assert (not found.problems) == good, (fields, [str(p) for p in found.problems])


# --- codes that were used ----------------------------------------------------------------------
def test_the_code_of_a_deleted_record_is_not_used_again():
    make_external_body(code="gone").delete()
    found = plan(csv_bytes(["code", "kind", "name_en"], ["gone", "state", "G"]), "external_bodies")
    assert [p.code for p in found.problems] == ["retired_code"]


# --- records that the file does not mention ---------------------------------------------------
def test_missing_records_are_listed_and_left_alone():
    run(units_csv(["a", "", "A"], ["b", "", "B"]))
    done, _applied = run(units_csv(["a", "", "A"]))
    assert done.missing("units") == [("b", "B")]
    assert Unit.objects.get(code="b").dissolved is None


def test_missing_units_are_closed_without_inventing_a_day():
    run(units_csv(["a", "", "A"], ["b", "", "B"]))
    done, _applied = run(units_csv(["a", "", "A"]), delete_missing=True)
    assert done.counts["close"] == 1
    closed = Unit.objects.get(code="b").dissolved
    assert (closed.begin, closed.text[0]) == (None, "/")
    assert [unit.code for unit in Unit.objects.current()] == ["a"]
    again, _applied = run(units_csv(["a", "", "A"]), delete_missing=True)
    assert again.is_empty


def test_other_missing_records_are_deleted_and_their_codes_retired():
    make_external_body(code="a"), make_external_body(code="b")
    run(csv_bytes(["code"], ["a"]), "external_bodies", delete_missing=True)
    assert list(ExternalBody.objects.values_list("code", flat=True)) == ["a"]
    assert RetiredCode.objects.filter(code="b").exists()


def test_a_record_in_use_is_not_deleted():
    kind = make_unit_kind(code="used")
    make_unit_kind(code="kept")
    make_unit(kind=kind)
    found = plan(csv_bytes(["code"], ["kept"]), "unit_kinds", delete_missing=True)
    assert [p.code for p in found.problems] == ["in_use"]


def test_what_goes_with_a_deleted_record_is_said_before():
    person, unit = make_person(code="p"), make_unit()
    make_term(make_post(unit, code="gone"), person)
    make_post(unit, code="kept", is_head=False)
    found = plan(csv_bytes(["code"], ["kept"]), "posts", delete_missing=True)
    assert not found.problems
    assert any("will be deleted with it" in note for note in found.notes)


def as_one_file(**tables):
    """A file of several kinds, each complete: what it does not mention is deleted."""
    book = Book("all", tables=[read(data, kind) for kind, data in tables.items()])
    return exchange.run(book, options=exchange.Options(delete_missing=True))


def holds(code, post, person):
    make_term(make_post(make_unit(), code=post), person, code=code)


def test_a_record_goes_with_the_last_that_refers_to_it_in_one_file():
    going, kept = make_person(code="going"), make_person(code="kept")
    holds("goes", "p", going), holds("stays", "q", kept)
    people = csv_bytes(["code"], ["kept"])
    assert [one.code for one in plan(people, "people", delete_missing=True).problems] == ["in_use"]
    done, _applied = as_one_file(people=people, terms=csv_bytes(["code"], ["stays"]))
    assert not done.problems, [str(p) for p in done.problems]
    assert Person.objects.get() == kept
    assert Term.objects.get().code == "stays"


def test_only_what_stays_is_counted_as_using_a_record_that_shall_go():
    going = make_person(code="going")
    for code in ("goes", "stays", "stays-too"):
        holds(code, f"post-of-{code}", going)
    make_person(code="kept")
    done, applied = as_one_file(
        people=csv_bytes(["code"], ["kept"]), terms=csv_bytes(["code"], ["stays"], ["stays-too"])
    )
    (problem,) = done.problems
    assert (applied, problem.code) == (None, "in_use")
    assert "2 ×" in problem.message
    assert Term.objects.count() == 3


def test_what_is_deleted_on_its_own_is_not_said_to_go_with_another():
    person = make_person(code="p")
    holds("goes", "gone", person), holds("stays", "kept", person)
    posts = csv_bytes(["code"], ["kept"])
    assert any("1 ×" in note for note in plan(posts, "posts", delete_missing=True).notes)
    done, _applied = as_one_file(posts=posts, terms=csv_bytes(["code"], ["stays"]))
    assert not any("will be deleted with it" in note for note in done.notes)
    assert Term.objects.get().code == "stays"


def test_what_only_cites_a_deleted_record_is_not_said_to_go_with_it():
    source = make_source(code="gone")
    make_source(code="kept")
    make_event().sources.add(source)
    data = csv_bytes(["code"], ["kept"])
    assert not plan(data, "sources", delete_missing=True).notes
    run(data, "sources", delete_missing=True)
    assert Event.objects.get().sources.count() == 0


def test_kinds_that_units_bring_along_take_no_other_kind_away():
    make_unit_kind(code="other")
    data = csv_bytes(["code", "name_en", "kind"], ["a", "A", "a kind of its own"])
    found, _applied = run(data, delete_missing=True)
    assert UnitKind.objects.filter(code="other").exists()
    assert not found.missing("unit_kinds")


# --- all or nothing, audit, staleness ----------------------------------------------------------
def test_a_dry_run_writes_nothing(django_assert_num_queries):
    found, applied = exchange.run(read(units_csv(["a", "", "A"])), dry_run=True)
    assert (found.counts["create"], applied) == (2, None)
    assert not Unit.objects.exists()
    assert not LogEntry.objects.exists()


def test_one_bad_row_stops_all():
    found, applied = exchange.run(read(units_csv(["a", "", "A"], ["b", "nobody", "B"])))
    assert found.problems
    assert applied is None
    assert not Unit.objects.exists()


def test_every_change_stands_in_the_log_with_its_user():
    user = User.objects.create_superuser("boss")
    run(units_csv(["a", "", "A"]), user=user)
    run(csv_bytes(["code", "name_en"], ["a", "New"]), user=user, corrections=True)
    unit = Unit.objects.get()
    entries = LogEntry.objects.filter(
        object_id=str(unit.pk), content_type=ContentType.objects.get_for_model(Unit)
    ).order_by("pk")
    assert [e.action_flag for e in entries] == [ADDITION, CHANGE]
    assert {e.user for e in entries} == {user}
    assert "name (en)" in str(entries[1].get_change_message()).lower()


def test_if_the_log_cannot_be_written_nothing_is(monkeypatch):
    from exchange.writing import audit

    def fail(*args):
        raise RuntimeError("disk full")

    monkeypatch.setattr(audit, "record", fail)
    with pytest.raises(RuntimeError):
        exchange.run(read(units_csv(["a", "", "A"])))
    assert not Unit.objects.exists()


def test_a_stale_plan_is_refused_with_a_sentence():
    run(units_csv(["a", "", "A"], ["b", "", "B"]))
    user = User.objects.create_superuser("boss")
    table = read(csv_bytes(["code", "name_en"], ["a", "New"]))
    found = exchange.plan(table, exchange.Options(corrections=True), user)
    unit = Unit.objects.get(code="a")
    unit.phone = "102"
    unit.save()
    with pytest.raises(exchange.StalePlan, match="changed by somebody else"):
        exchange.apply(found, user)
    assert Unit.objects.get(code="a").name_en == "A"


def test_a_plan_stays_good_when_others_change_other_records():
    run(units_csv(["a", "", "A"], ["b", "", "B"]))
    user = User.objects.create_superuser("boss")
    table = read(csv_bytes(["code", "name_en"], ["a", "New"]))
    found = exchange.plan(table, exchange.Options(corrections=True), user)
    other = Unit.objects.get(code="b")
    other.name_en = "Other"
    other.save()
    applied = exchange.apply(found, user)
    assert applied.counts["update"] == 1
    assert "2 × units" in applied.sentence
    with pytest.raises(exchange.StalePlan):
        exchange.apply(found, user)  # a second click


def test_the_number_of_queries_does_not_grow_with_the_rows(django_assert_max_num_queries):
    run(units_csv(*([f"w{n}", "", "W"] for n in range(3))))
    with django_assert_max_num_queries(60):
        run(units_csv(*([f"a{n}", f"a{n - 1}" if n % 10 else "", "A"] for n in range(300))))


# --- rights ------------------------------------------------------------------------------------
def staff(*codenames):
    user = User.objects.create_user("clerk", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    return User.objects.get(pk=user.pk)


def test_importing_is_a_right_of_its_own_for_each_kind():
    clerk = staff("import_unit", "change_person", "add_person")
    assert exchange.may_import(clerk, "units")
    assert not exchange.may_import(clerk, "people")
    assert not exchange.may_import(clerk, "all")
    assert not exchange.may_close_missing(clerk, "units")
    assert not exchange.may_import(None, "units")


def test_without_the_right_to_publish_new_records_are_drafts_and_public_ones_stay():
    make_unit(code="top")
    clerk = staff("import_unit", "import_datedname", "add_unitkind", "change_unit")
    run(units_csv(["a", "top", "A"]), user=clerk)
    assert Unit.objects.get(code="a").status == "draft"
    found = plan(csv_bytes(["code", "status"], ["a", "published"]), user=clerk)
    assert [p.code for p in found.problems] == ["may_not_publish"]
    make_unit(code="public")
    found = plan(csv_bytes(["code", "name_en"], ["public", "New"]), user=clerk)
    assert [p.code for p in found.problems] == ["may_not_publish"]
    names = [csv_bytes(["code", "unit", "name_en"], ["n", unit, "Old"]) for unit in ("public", "a")]
    found = [plan(data, "dated_names", user=clerk).problems for data in names]
    assert [[p.code for p in problems] for problems in found] == [["may_not_publish"], []]


def test_only_who_may_publish_units_places_them_at_the_top():
    make_unit(code="top")
    clerk = staff("import_unit", "add_unitkind", "change_unit")
    found = plan(units_csv(["a", "", "A"], ["b", "top", "B"]), user=clerk)
    assert [(p.code, p.row) for p in found.problems] == [("may_not_change", 2)]


def test_a_resource_may_forbid_changes_of_records(monkeypatch):
    from units.resources import UnitResource

    run(units_csv(["a", "", "A"], ["b", "a", "B"]))
    monkeypatch.setattr(
        UnitResource, "may_change", lambda self, user, old, new: new["parent"] != "a"
    )
    clerk = User.objects.create_superuser("boss")
    found = plan(csv_bytes(["code", "name_en"], ["b", "New"]), user=clerk)
    assert [p.code for p in found.problems] == ["may_not_change"]


# --- files that must be accepted ---------------------------------------------------------------
ROWS = (["code", "name_en"], ["a", 'A "quoted"\nline'.replace("\n", " ")])


@pytest.mark.parametrize(
    "data",
    [
        csv_bytes(*ROWS, encoding="utf-8-sig"),
        csv_bytes(*ROWS, encoding="utf-16"),
        csv_bytes(*ROWS, delimiter=";", encoding="utf-8-sig"),
        csv_bytes(*ROWS, newline="\n"),
        csv_bytes(*ROWS, newline="\r"),
        csv_bytes(*ROWS, ["", ""], ["", ""]),
        csv_bytes(["code", "name_en", "", ""], ["a", 'A "quoted" line', "", ""]),
        csv_bytes(["code", "name_en", "problems"], ["a", 'A "quoted" line', "was wrong"]),
    ],
)
def test_files_as_programs_write_them_are_accepted(data):
    run(data)
    assert Unit.objects.get().name_en == 'A "quoted" line'


def test_headings_may_be_in_the_language_of_the_editor():
    from django.utils import translation

    column = exchange.resource_for("units").column("name_az")
    with translation.override("az"):
        heading = column.label()
        data = csv_bytes(["code", heading], ["a", "Ad"])
        run(data)
    assert Unit.objects.get().name_az == "Ad"


def test_a_text_of_exactly_the_limit_and_all_scripts_are_accepted():
    long = "a" * 20_000
    names = ["😀", "وزارة", "משרד", "−5", "'", "=1+1", "1945"]
    run(
        csv_bytes(
            ["code", "name_en", "body_en"], *([f"c{n}", name, long] for n, name in enumerate(names))
        )
    )
    assert sorted(Unit.objects.values_list("name_en", flat=True)) == sorted(names)
    assert Unit.objects.first().body_en == long


def test_a_workbook_of_another_program_is_read_with_its_dates_and_numbers():
    import datetime

    data = openpyxl_bytes(
        ["code", "name_en", "order", "founded", "dissolved"],
        ["a", "A", 7, datetime.date(1918, 5, 28), 1999],
    )
    run(data, name="x.xlsx")
    unit = Unit.objects.get()
    assert (unit.order, unit.founded.text, unit.dissolved.text) == (7, "1918-05-28", "1999")


def test_dates_of_the_old_macintosh_calendar_are_right():
    import datetime

    from openpyxl.utils.datetime import CALENDAR_MAC_1904

    def prepare(workbook):
        workbook.epoch = CALENDAR_MAC_1904

    data = openpyxl_bytes(
        ["code", "name_en", "founded"], ["a", "A", datetime.date(2004, 6, 30)], prepare=prepare
    )
    run(data, name="x.xlsx")
    assert Unit.objects.get().founded.text == "2004-06-30"


def test_other_sheets_of_a_workbook_do_not_matter():
    def prepare(workbook):
        workbook.create_sheet("Notes").append(["hello"])

    run(openpyxl_bytes(["code", "name_en"], ["a", "A"], prepare=prepare), name="x.xlsx")
    assert Unit.objects.count() == 1


def test_our_workbooks_are_read_by_other_programs_as_text():
    import openpyxl

    run(units_csv(["=1+1", "", "@x"], ["0123", "", "a\tb".replace("\t", " ")]))
    book = openpyxl.load_workbook(io.BytesIO(export("units", "xlsx")))
    cells = [cell for row in book["units"].iter_rows(min_row=2) for cell in row if cell.value]
    assert {"=1+1", "@x", "0123"} <= {cell.value for cell in cells}
    assert {cell.data_type for cell in cells} <= {"s", "inlineStr"}


def test_formulae_are_guarded_in_files_for_spreadsheets_and_exact_otherwise():
    names = ["=1+1", "+1", "-1", "@x", "''=1", "−5", "'quoted'"]
    run(units_csv(*([f"c{n}", "", name] for n, name in enumerate(names))))
    guarded = export("units", spreadsheet=True).decode("utf-8-sig")
    for name in ("=1+1", "+1", "-1", "@x"):
        assert f";'{name};" in guarded
    assert ";−5;" in guarded
    assert [row["name_en"] for row in export_rows("units")] == [
        "=1+1", "+1", "-1", "@x", "''=1", "−5", "'quoted'",
    ]  # fmt: skip
    for data in (export("units"), export("units", spreadsheet=True)):
        assert plan(data).is_empty


@pytest.mark.parametrize("text", ["=a", "'=a", "''=a", "'a", "", "+", "'", "\ta", "a"])
def test_taking_the_guard_off_gives_back_what_was_there(text):
    assert csv_files.unguard(csv_files.guard(text)) == text
    assert csv_files.unguard(csv_files.escape_guard(text)) == text


# --- exports obey visibility -------------------------------------------------------------------
def test_a_public_export_holds_no_draft_and_no_trace_of_one():
    secret = make_unit(code="secret", status="draft")
    public = make_unit(code="public")
    public.parent = Unit.objects.get(pk=secret.pk)
    public.save()
    make_dated_name(secret), make_dated_name(public, code="kept")
    make_event(code="e", concerned=[secret, public])
    assert [(r["code"], r["parent"]) for r in export_rows("units", user=None)] == [("public", "")]
    assert [r["code"] for r in export_rows("dated_names", user=None)] == ["kept"]
    assert export_rows("events", user=None)[0]["units_concerned"] == "public"
    for ending in ("zip", "xlsx"):
        out = io.BytesIO(export("all", ending, user=None))
        import zipfile

        with zipfile.ZipFile(out) as package:
            assert not any(b"secret" in package.read(name) for name in package.namelist())


# --- commands ----------------------------------------------------------------------------------
def command(name, *args, **options):
    out, err = io.StringIO(), io.StringIO()
    call_command(name, *args, stdout=out, stderr=err, **options)
    return out.getvalue() + err.getvalue()


def test_the_commands_go_the_whole_way(tmp_path):
    source, back = tmp_path / "units.csv", tmp_path / "back.xlsx"
    source.write_bytes(units_csv(["a", "", "A"], ["b", "a", "B"]))
    assert "Checked, nothing written" in command("import_records", "units", source, dry_run=True)
    assert not Unit.objects.exists()
    assert "2 × units" in command("import_records", "units", source)
    assert set(Unit.objects.values_list("status", flat=True)) == {"published"}
    assert "2 records written" in command("export_records", "units", back)
    assert "Nothing to change" in command("import_records", "units", back)
    assert list(tmp_path.iterdir()) == [source, back] or set(tmp_path.iterdir()) == {source, back}


def test_the_import_command_fails_when_not_everything_was_imported(tmp_path):
    source, copy = tmp_path / "units.csv", tmp_path / "copy.csv"
    source.write_bytes(
        csv_bytes(["code", "name_en", "founded"], ["a", "A", ""], ["b", "B", "soon"])
    )
    err = io.StringIO()
    with pytest.raises(CommandError, match=r"1 problem\."):
        call_command("import_records", "units", source, problems=copy, stderr=err)
    assert "units.csv, row 3, column “founded”" in err.getvalue()
    text = copy.read_text("utf-8-sig")
    assert "problems" in text.splitlines()[0]
    assert "founded: This cannot be read as a date." in text.splitlines()[2]
    mended = text.replace(";soon;", ";1990;")
    copy.write_text(mended, "utf-8-sig")
    command("import_records", "units", copy)
    assert Unit.objects.count() == 2


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("cats", "x.csv"), "There is no kind “cats”"),
        (("units", "nowhere.csv"), "There is no file"),
    ],
)
def test_the_import_command_says_what_it_misses(arguments, sentence):
    with pytest.raises(CommandError, match=sentence):
        call_command("import_records", *arguments)


def test_a_failing_export_leaves_no_file(tmp_path):
    with pytest.raises(CommandError):
        call_command("export_records", "units", tmp_path / "x.zip")
    with pytest.raises(CommandError):
        call_command("export_records", "units", tmp_path / "x.pdf")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("known", [False, True], ids=["new", "changed"])
def test_a_row_with_a_bad_cell_is_told_about_its_unknown_superior_too(known):
    if known:
        make_unit(code="a")
    head = ["code", "parent", "name_en", "founded", "latitude"]
    found = plan(csv_bytes(head, ["a", "nobody", "A", "soon", "north"], ["b", "a", "B", "", ""]))
    assert [(p.row, p.column) for p in found.problems] == [
        (2, "parent"),
        (2, "founded"),
        (2, "latitude"),
    ]


def test_a_superior_that_cannot_be_read_is_told_once():
    found = plan(units_csv(["a", "x\0y", "A"]))
    assert [(p.row, p.column) for p in found.problems] == [(2, "parent")]


def test_every_problem_says_apart_what_is_wrong_and_what_to_do():
    head = ["code", "name_en", "founded", "website"]
    dates = ["soon", "2024-02-31", "03/04/05", "2024-1-1", "1992-22", "0000", "2001-00-00", "12345"]
    rows = [[f"u{n}", "A", date, "javascript:x"] for n, date in enumerate(dates)]
    problems = plan(csv_bytes(head, *rows)).problems
    assert len(problems) == 2 * len(dates)
    for problem in problems:
        assert problem.message
        assert problem.advice
        assert ". " not in problem.message


def test_problems_can_be_copied_into_a_workbook_and_json():
    table = [["code", "name_en", "founded"], ["b", "B", "soon"]]
    for name, data in (
        ("x.xlsx", openpyxl_bytes(*table)),
        ("x.json", json_bytes(dict(zip(*table, strict=True)))),
    ):
        found = plan(data, name=name)
        out = io.BytesIO()
        assert exchange.write_problem_copy(data, found.problems, out, name=name)
        again = plan(out.getvalue(), name=name)
        assert [p.column for p in again.problems] == ["founded"]


@pytest.mark.parametrize("ending", ["zip", "xlsx"])
def test_the_copy_of_a_file_of_several_kinds_tells_each_kind_its_problems(ending):
    make_dated_name(make_unit(code="a", website="https://example.org/"), code="n")
    name = f"site.{ending}"
    data = export("all", ending)
    for member in zipfile.ZipFile(io.BytesIO(data)).namelist():
        data = rezip(
            data,
            {member: lambda old: old.replace(b"https://example.org/", b"nowhere at all")},
            drop=["manifest.json"],
        )
    found = plan(data, "all", name)
    assert [(p.kind, p.column) for p in found.problems] == [("units", "website")]
    out = io.BytesIO()
    assert exchange.write_problem_copy(data, found.problems, out, name=name, several=True)
    again = plan(out.getvalue(), "all", name)
    assert [(p.kind, p.column) for p in again.problems] == [("units", "website")]
    if ending == "zip":
        package = zipfile.ZipFile(out)
        assert "manifest.json" not in package.namelist()
        units, names = package.read("units.csv").decode(), package.read("dated_names.csv").decode()
        assert f"website: {found.problems[0].message}" in units
        assert names.splitlines()[0].endswith(";problems")
        assert names.splitlines()[1].endswith(";")


def test_a_broken_zip_is_not_copied():
    found = plan(b"PK no zip", "all", "site.zip")
    out = io.BytesIO()
    assert not exchange.write_problem_copy(
        b"PK no zip", found.problems, out, name="site.zip", several=True
    )


# --- the stock interface -----------------------------------------------------------------------
def test_a_resource_can_stand_where_django_import_export_wants_one():
    import tablib

    resource = exchange.resource_for("units")()
    make_unit(code="old", name_en="Old")
    data = resource.export()
    assert data.dict[0]["code"] == "old"
    head = ["code", "name_en", "phone"]
    rows = tablib.Dataset(["old", "Old", "102"], ["new", "N", ""], headers=head)
    result = resource.import_data(rows, dry_run=True)
    assert [row.import_type for row in result.rows] == ["update", "new"]
    assert Unit.objects.count() == 1
    resource.import_data(rows)
    assert Unit.objects.count() == 2
    bad = tablib.Dataset(["x", "N", "soon"], headers=["code", "name_en", "founded"])
    assert resource.import_data(bad).has_errors()


# --- a real file -------------------------------------------------------------------------------
def test_a_whole_site_may_refer_from_sheet_to_sheet():
    make_unit(code="a")
    make_dated_name(Unit.objects.get(), code="n")
    data = export("all", "xlsx")
    DatedName.objects.all().delete()
    Unit.objects.all().delete()
    RetiredCode.objects.all().delete()
    run(data, "all", "site.xlsx")
    assert DatedName.objects.get().unit.code == "a"


def test_a_sheet_of_an_unknown_kind_is_a_problem():
    data = rezip(
        export("all", "xlsx"),
        {"xl/workbook.xml": lambda old: old.replace(b'"units"', b'"unitz"')},
    )
    found = plan(data, "all", "site.xlsx")
    assert "Did you mean “units”?" in str(found.problems[0])
