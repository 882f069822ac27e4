"""Saving and deleting from an outdated copy changes what was meant, and never harms the tree."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.db.models import ProtectedError
from django.test.utils import CaptureQueriesContext

from tests.factories import make_unit
from units import tree
from units.models import DatedSuperior, Unit

pytestmark = pytest.mark.django_db


@pytest.fixture
def family():
    """a(b(c) d) e"""
    a = make_unit(code="a")
    b = make_unit(code="b", parent=a)
    make_unit(code="c", parent=b)
    make_unit(code="d", parent=a)
    make_unit(code="e")


def unit(code):
    return Unit.objects.get(code=code)


def test_new_units_come_by_position_then_code(family, outline):
    make_unit(code="z", parent=unit("a"), order=0)
    make_unit(code="0", parent=unit("a"), order=1)
    make_unit(code="bb", parent=unit("a"), order=0)
    assert outline() == "a(b(c) bb d z 0) e"


def test_a_changed_position_moves_the_unit_among_its_siblings(family, outline):
    b = unit("b")
    b.order = 5
    b.save()
    assert outline() == "a(d b(c)) e"


def test_a_changed_position_moves_a_top_unit_with_all_below(family, outline):
    a = unit("a")
    a.order = 5
    a.save()
    assert outline() == "e a(b(c) d)"


def test_a_copy_from_before_somebody_elses_move_does_not_undo_it(family, outline):
    stale = unit("c")
    tree.move("c", "d")
    stale.name_en = "Renamed"
    stale.save()
    assert outline() == "a(b d(c)) e"
    assert unit("c").name_en == "Renamed"
    assert stale.parent_id == unit("d").pk


def test_nor_does_it_undo_a_new_position(family, outline):
    stale = unit("d")
    tree.move("d", "a", 0)
    stale.name_en = "Renamed"
    stale.save()
    assert outline() == "a(d b(c)) e"


def test_a_copy_that_was_moved_itself_is_moved(family, outline):
    stale = unit("c")
    tree.move("c", "d")
    stale.parent = unit("e")
    stale.save()
    assert outline() == "a(b d) e(c)"


def test_an_outdated_superior_in_hand_does_no_harm(family, outline):
    stale_superior = unit("d")
    tree.move("d", "e")
    for code in "xyz":
        make_unit(code=code, parent=unit("b"))
    make_unit(code="n", parent=stale_superior)
    moved = unit("c")
    moved.parent = stale_superior
    moved.save()
    assert outline() == "a(b(x y z)) e(d(c n))"


def test_two_outdated_copies_saved_one_after_the_other(family, outline):
    first, second = unit("b"), unit("b")
    first.parent = unit("e")
    first.save()
    second.order = 3
    second.save()
    assert outline() == "a(d) e(b(c))"


def test_naming_the_fields_to_write_writes_no_other_place(family, outline):
    c = unit("c")
    c.parent, c.name_en = unit("e"), "Renamed"
    c.save(update_fields=["name_en"])
    assert outline() == "a(b(c) d) e"
    assert c.parent == unit("e")
    c.save(update_fields=["parent"])
    assert outline() == "a(b d) e(c)"


def test_naming_no_field_writes_nothing(family, outline):
    c = unit("c")
    c.parent, c.name_en = unit("e"), "Renamed"
    c.save(update_fields=[])
    assert outline() == "a(b(c) d) e"
    assert unit("c").name_en != "Renamed"


def test_a_partly_loaded_copy_can_be_saved(family, outline):
    partial = Unit.objects.only("slug").get(code="c")
    tree.move("c", "d")
    partial.slug = "new-slug"
    partial.save()
    assert outline() == "a(b d(c)) e"
    assert unit("c").slug == "new-slug"


def test_a_copy_made_by_hand_with_the_key_of_another_updates_it(family, outline):
    stored = unit("c")
    Unit(
        pk=stored.pk, code="c", slug="c", name_az="C", kind=stored.kind, parent=unit("d"),
        created_at=stored.created_at,
    ).save()  # fmt: skip
    assert outline() == "a(b d(c)) e"


def test_a_duplicate_made_by_clearing_the_key_gets_its_own_place(family, outline):
    copy = unit("b")
    copy.pk = None
    copy.code = copy.slug = "b2"
    copy.save()
    assert outline() == "a(b(c) b2 d) e"


def test_a_copy_of_a_deleted_unit_is_refused_and_not_raised_from_the_dead(family, outline):
    stale = unit("c")
    unit("c").delete()
    stale.name_en = "Back again"
    with pytest.raises(tree.UnitGone, match="deleted in the meantime"):
        stale.save()
    assert outline() == "a(b d) e"


def test_a_superior_that_was_deleted_is_refused(family, outline):
    superior, c = unit("d"), unit("c")
    unit("d").delete()
    c.parent = superior
    with pytest.raises(ValidationError, match="superior has been deleted"):
        c.save()
    assert outline() == "a(b(c)) e"


@pytest.mark.parametrize("below", ["b", "c"])
def test_a_cycle_is_refused_and_named(family, outline, below):
    a = unit("a")
    a.parent = unit(below)
    for refuse in (a.save, a.full_clean):
        with pytest.raises(ValidationError) as refusal:
            refuse()
        sentence = refusal.value.message_dict["parent"][0]
        assert str(unit("a")) in sentence
        assert str(unit(below)) in sentence
        assert "→" in sentence
    assert outline() == "a(b(c) d) e"


def test_a_cycle_from_two_moves_in_turn_is_refused(family, outline):
    """Each was harmless when it was read; together they would close a cycle."""
    d, b = unit("d"), unit("b")
    b.parent, d.parent = unit("d"), unit("b")
    b.save()
    with pytest.raises(ValidationError, match="stands below it"):
        d.save()
    assert outline() == "a(d(b(c))) e"


def test_oneself_as_superior_is_refused(family, outline):
    a = unit("a")
    a.parent = a
    with pytest.raises(ValidationError, match="its own superior"):
        a.save()
    assert outline() == "a(b(c) d) e"


def test_deleting_closes_the_gap(family, outline):
    unit("d").delete()
    unit("e").delete()
    assert outline() == "a(b(c))"


def test_deleting_twice_is_harmless(family, outline):
    first, second = unit("d"), unit("d")
    assert first.delete()[0] == 1
    assert second.delete() == (0, {})
    assert outline() == "a(b(c)) e"


def test_a_unit_with_units_below_is_not_deleted(family, outline):
    with pytest.raises(ProtectedError):
        unit("b").delete()
    assert outline() == "a(b(c) d) e"


def test_a_unit_that_records_refer_to_is_not_deleted(family, outline):
    DatedSuperior.objects.create(code="x", unit=unit("e"), parent=unit("d"))
    with pytest.raises(ProtectedError):
        unit("d").delete()
    assert outline() == "a(b(c) d) e"


def test_a_refusal_by_the_database_leaves_the_tree_sound(family, outline):
    with pytest.raises(IntegrityError), transaction.atomic():
        make_unit(code="d", parent=unit("b"))
    assert outline() == "a(b(c) d) e"


def test_bulk_writes_keep_the_numbers(family, outline):
    Unit.objects.filter(code__in=["c", "d"]).update(parent=unit("e"))
    assert outline() == "a(b) e(c d)"
    kind = unit("a").kind
    f = Unit(code="f", slug="f", kind=kind, name_az="F", parent=unit("e"))
    Unit.objects.bulk_create([f, Unit(code="g", slug="g", kind=kind, name_az="G")])
    assert outline() == "a(b) e(c d f) g"
    c, d = unit("c"), unit("d")
    c.order, d.parent = 9, unit("g")
    Unit.objects.bulk_update([c, d], ["order", "parent"])
    assert outline() == "a(b) e(f c) g(d)"
    Unit.objects.filter(code__in=["f", "c"]).delete()
    assert outline() == "a(b) e g(d)"


def test_a_bulk_write_that_closes_a_cycle_is_undone(family, outline):
    with pytest.raises(ValidationError, match="in a circle: a → c → b → a"):
        Unit.objects.filter(code="a").update(parent=unit("c"))
    assert outline() == "a(b(c) d) e"


def test_tree_numbers_are_not_for_writing(family):
    with pytest.raises(ValueError, match="computed"):
        Unit.objects.update(lft=1)
    with pytest.raises(ValueError, match="computed"):
        Unit.objects.bulk_update([unit("a")], ["rght"])


def test_the_ways_of_django_mptt_lead_through_the_same_door(family, outline):
    unit("c").move_to(unit("e"), "left")
    assert outline() == "a(b d) c e"
    Unit.objects.move_node(unit("c"), unit("d"), "right")
    assert outline() == "a(b d c) e"
    with pytest.raises(ValidationError):
        unit("a").move_to(unit("c"))


def test_saving_costs_the_same_however_many_units_there_are(family):
    def cost(name):
        c = unit("c")
        with CaptureQueriesContext(connection) as queries:
            c.name_en = name
            c.save()
        return len(queries)

    among_few = cost("Renamed")
    for number in range(30):
        make_unit(code=f"n{number}", parent=unit("b"))
    assert cost("Renamed again") == among_few
    # Six for the unit (a savepoint and its end, the lock with how long PostgreSQL waits for it,
    # where it is, the row) and five for the search, which is in step at once: former names, texts,
    # what is kept, what is new, its words.
    assert among_few <= 11
