"""Units may be used as django-mptt documents a tree; whatever is called, the tree stays sound.

Each test is an ordinary usage from the documentation of django-mptt, with what comes back. What
writes is tried in all its variants, and on outdated copies, in ``test_library_calls``.
"""

import json

import pytest
from django import forms
from django.contrib import messages
from django.contrib.admin import AdminSite
from django.contrib.admin.models import LogEntry
from django.contrib.messages.storage.cookie import CookieStorage
from django.db import connections, transaction
from django.db.models import ProtectedError, QuerySet
from django.template import Context, Template
from django.test import RequestFactory
from mptt.admin import DraggableMPTTAdmin, MPTTModelAdmin, TreeRelatedFieldListFilter
from mptt.exceptions import InvalidMove
from mptt.forms import MoveNodeForm, TreeNodeChoiceField, TreeNodeMultipleChoiceField
from mptt.signals import node_moved
from mptt.templatetags.mptt_tags import cache_tree_children
from mptt.utils import get_cached_trees, tree_item_iterator

from chronology import HistoricalDate
from people.models import Post
from structure.as_of import AsOf
from tests.factories import make_dated_superior, make_post, make_staff, make_unit, make_unit_kind
from units import tree
from units.models import Unit, UnitKind

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def whole():
    """``a(b(c) d) e(f)``; whatever a test does, the tree is sound afterwards."""
    a = make_unit(code="a")
    b = make_unit(code="b", parent=a)
    make_unit(code="c", parent=b)
    make_unit(code="d", parent=a)
    make_unit(code="f", parent=make_unit(code="e"))
    yield
    assert list(tree.check()) == []


def unit(code):
    return Unit.objects.get(code=code)


def new(code="n", **fields):
    kind = make_unit_kind()
    return Unit(code=code, slug=code, name_az=code, kind=kind, status="published", **fields)


def row(code, **fields):
    return {"code": code, "slug": code, "name_az": code, "kind": UnitKind.objects.first()} | fields


def codes(units):
    return "".join(one.code for one in units)


def rendered(text, **context):
    return "".join(Template("{% load mptt_tags %}" + text).render(Context(context)).split())


# Three ways to put a unit under another one.
MOVES = {
    "move_to": lambda node, target: node.move_to(target, "first-child"),
    "move_node": lambda node, target: Unit.objects.move_node(node, target),
    "save": lambda node, target: (setattr(node, "parent", target), node.save()),
}


class TestWriting:
    def test_a_tree_grows_from_superiors_in_hand(self, outline):
        rock = Unit.objects.create(**row("rock"))
        blues = Unit.objects.create(**row("blues", parent=rock))
        Unit.objects.create(**row("hard", parent=rock))
        Unit.objects.create(**row("delta", parent=blues))
        assert outline() == "a(b(c) d) e(f) rock(blues(delta) hard)"

    @pytest.mark.parametrize("order", [0, 1, 2])
    def test_a_superior_in_hand_knows_a_new_unit_below_it(self, order):
        e = unit("e")
        Unit.objects.filter(code="f").update(order=1)
        new(parent=e, order=order).save()
        assert codes(e.get_children()) == ("nf" if order == 0 else "fn")
        assert (e.get_descendant_count(), e.is_leaf_node()) == (2, False)
        d = unit("d")
        new("m", parent=d).save()
        assert codes(d.get_descendants()) == "m"

    def test_insert_node_and_insert_at_place_a_new_unit(self, outline):
        d = unit("d")
        Unit.objects.insert_node(new(), d, position="first-child", save=True)
        assert codes(d.get_children()) == "n"
        b = unit("b")
        new("m").insert_at(b, position="left", save=True)
        assert codes(b.get_previous_sibling().get_ancestors(include_self=True)) == "am"
        assert outline() == "a(m b(c) d(n)) e(f)"

    def test_room_for_a_unit_that_is_not_saved_is_refused_with_what_to_do(self, outline):
        with pytest.raises(NotImplementedError, match="use save=True, or set parent and order"):
            new().insert_at(unit("d"))
        assert outline() == "a(b(c) d) e(f)"

    @pytest.mark.parametrize(
        ("position", "expected"),
        [
            ("first-child", "a(b(c)) e(d f)"), ("last-child", "a(b(c)) e(f d)"),
            ("left", "a(b(c)) d e(f)"), ("right", "a(b(c)) e(f) d"),
        ],
    )  # fmt: skip
    def test_move_to_and_move_node_bring_both_in_hand_up_to_date(self, outline, position, expected):
        d, e = unit("d"), unit("e")
        d.move_to(e, position)
        assert outline() == expected
        assert d.get_level() == (1 if "child" in position else 0)
        assert "d" in codes(e.get_family() if d.parent_id else e.get_siblings())
        Unit.objects.move_node(d, None)
        assert outline() == "a(b(c)) e(f) d"
        assert d.is_root_node()

    def test_a_new_parent_moves_a_unit_with_all_below_it(self, outline):
        b, e = unit("b"), unit("e")
        b.parent = e
        b.save()
        assert outline() == "a(d) e(b(c) f)"
        assert codes(e.get_descendants()) == "bcf"
        assert b.is_descendant_of(e)

    @pytest.mark.parametrize("move", MOVES, ids=MOVES)
    def test_a_superior_without_units_learns_that_one_came(self, move):
        c, f = unit("c"), unit("f")
        MOVES[move](c, f)
        assert codes(f.get_children()) == "c"
        assert codes(f.get_descendants(include_self=True)) == "fc"
        assert codes(c.get_ancestors()) == "ef"
        assert unit("b").is_leaf_node()

    @pytest.mark.parametrize("move", MOVES, ids=MOVES)
    def test_a_cycle_is_an_invalid_move_in_a_sentence(self, outline, move):
        with pytest.raises(InvalidMove, match=r"^“.*” cannot be placed under “.*”, which stands"):
            MOVES[move](unit("a"), unit("c"))
        assert outline() == "a(b(c) d) e(f)"

    def test_units_below_protect_their_superior_from_deletion(self, outline):
        with pytest.raises(ProtectedError):
            unit("b").delete()
        unit("c").delete()
        unit("b").delete()
        assert outline() == "a(d) e(f)"

    def test_a_queryset_deletes_leaves(self, outline):
        Unit.objects.filter(code__in="cf").delete()
        assert outline() == "a(b d) e"

    def test_order_insertion_by_sorts_new_and_changed_units(self, outline):
        new("x", parent=unit("a"), order=5).save()
        b = unit("b")
        b.order = 9
        b.save()
        assert Unit._mptt_meta.order_insertion_by == ["order", "code"]
        assert outline() == "a(d x b(c)) e(f)"

    def test_moving_sends_the_signal(self):
        heard = []

        def hear(sender, instance, target, **kwargs):
            heard.append((sender, instance.code, target and target.code))

        node_moved.connect(hear)
        try:
            unit("d").move_to(unit("e"), "last-child")
            c = unit("c")
            c.parent = None
            c.save()
        finally:
            node_moved.disconnect(hear)
        assert heard == [(Unit, "d", "e"), (Unit, "c", None)]


class TestManyAtOnce:
    def test_bulk_create_bulk_update_and_update_number_the_tree(self, outline):
        Unit.objects.bulk_create([new(parent=unit("d")), new("m", parent=unit("d"))])
        n = unit("n")
        n.parent = unit("f")
        Unit.objects.bulk_update([n], ["parent"])
        Unit.objects.filter(code="c").update(parent=unit("e"))
        assert outline() == "a(b d(m)) e(c f(n))"

    @pytest.mark.parametrize("name", ["delay_mptt_updates", "disable_mptt_updates"])
    def test_updates_that_are_delayed_are_made_at_the_end_of_the_block(self, outline, name):
        with transaction.atomic(), getattr(Unit.objects, name)():
            assert connections["default"].tree_is_locked
            Unit.objects.bulk_create([new("m", parent=unit("d"))])
            new(parent=unit("m")).save()
            c = unit("c")
            c.parent = unit("n")
            c.save()
            unit("f").delete()
            unit("b").move_to(unit("e"))
        assert outline() == "a(d(m(n(c)))) e(b)"
        Unit.objects.rebuild()  # as the documentation has it after disable_mptt_updates()
        assert outline() == "a(d(m(n(c)))) e(b)"

    def test_a_block_that_fails_changes_nothing(self, outline):
        def fail():
            with Unit.objects.delay_mptt_updates():
                unit("c").delete()
                raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            fail()
        assert outline() == "a(b(c) d) e(f)"

    def test_a_cycle_in_such_a_block_is_refused_at_once(self, outline):
        with pytest.raises(InvalidMove), Unit.objects.delay_mptt_updates():
            unit("a").move_to(unit("c"))
        assert outline() == "a(b(c) d) e(f)"

    def test_rebuild_and_partial_rebuild_number_the_tree_anew(self, outline):
        for rebuild in (
            Unit.objects.rebuild,
            lambda: Unit.objects.partial_rebuild(unit("a").tree_id),
        ):
            with tree.writing():
                QuerySet(Unit).filter(code__in="bc").update(lft=40, rght=41)
            assert list(tree.check()) != []
            rebuild()
            assert outline() == "a(b(c) d) e(f)"

    def test_build_tree_nodes_makes_records_for_bulk_create(self, outline):
        data = row("n", id=10**6, children=[
            row("o", id=10**6 + 1, children=[row("p", id=10**6 + 2)]), row("q", id=10**6 + 3),
        ])  # fmt: skip
        records = Unit.objects.build_tree_nodes(data, target=unit("e"))
        assert codes(records) == "nopq"
        assert outline() == "a(b(c) d) e(f)"  # nothing is written before
        Unit.objects.bulk_create(records)
        assert outline() == "a(b(c) d) e(f n(o(p) q))"

    def test_build_tree_nodes_says_what_to_do_for_another_place_than_the_last(self):
        with pytest.raises(NotImplementedError, match="move_to"):
            Unit.objects.build_tree_nodes(row("n"), unit("e"), position="first-child")


class TestReading:
    def test_the_way_up_down_and_beside(self):
        a, b, c, d = map(unit, "abcd")
        assert codes(c.get_ancestors()) == "ab"
        assert codes(c.get_ancestors(ascending=True, include_self=True)) == "cba"
        assert codes(a.get_children()) == "bd"
        assert codes(a.get_descendants()) == "bcd"
        assert codes(b.get_descendants(include_self=True)) == "bc"
        assert codes(b.get_family()) == "abc"
        assert codes(a.get_leafnodes()) == "cd"
        assert codes(b.get_siblings(include_self=True)) == "bd"
        assert c.get_root() == a
        assert (b.get_next_sibling(), d.get_previous_sibling()) == (d, b)
        assert b.get_next_sibling(code="x") is None
        assert (c.get_level(), a.get_descendant_count()) == (2, 3)

    def test_how_two_units_stand_to_each_other(self):
        a, b, c = map(unit, "abc")
        assert a.is_ancestor_of(c)
        assert not c.is_ancestor_of(a)
        assert c.is_descendant_of(b)
        assert a.is_ancestor_of(a, include_self=True)
        assert (a.is_root_node(), b.is_child_node(), c.is_leaf_node()) == (True, True, True)

    def test_what_stands_above_and_below_many(self):
        some = Unit.objects.filter(code__in="ce")
        assert codes(Unit.objects.get_queryset_ancestors(some, include_self=True)) == "abce"
        assert codes(Unit.objects.get_queryset_descendants(some, include_self=True)) == "cef"
        assert codes(Unit.objects.filter(code__in="ae").get_descendants()) == "bcdf"
        assert codes(some.get_ancestors()) == "ab"

    def test_the_top_row(self):
        assert codes(Unit.objects.root_nodes()) == "ae"
        assert Unit.objects.root_node(unit("c").tree_id) == unit("a")

    def test_related_records_are_counted_alone_and_with_all_below(self):
        for code in "bccf":
            make_post(unit(code), is_head=False)
        alone = Unit.objects.add_related_count(Unit.objects.all(), Post, "unit", "posts_here")
        assert {one.code: one.posts_here for one in alone} == {
            "a": 0, "b": 1, "c": 2, "d": 0, "e": 0, "f": 1,
        }  # fmt: skip
        below = Unit.objects.add_related_count(
            Unit.objects.root_nodes(), Post, "unit", "posts_below", cumulative=True
        )
        assert [one.posts_below for one in below] == [3, 1]

    def test_cached_trees_are_walked_without_a_query(self, django_assert_num_queries):
        for cached in (
            get_cached_trees, cache_tree_children, lambda units: units.get_cached_trees()
        ):  # fmt: skip
            a, _e = cached(Unit.objects.all())
            with django_assert_num_queries(0):
                (b, d) = a.get_children()
                assert (b.get_children()[0].code, list(d.get_children())) == ("c", [])
                assert b.get_children()[0].parent is b

    def test_the_iterator_says_where_levels_open_and_close(self):
        found = [
            (one.code, info["new_level"], info["closed_levels"])
            for one, info in tree_item_iterator(unit("a").get_descendants(include_self=True))
        ]
        assert found == [
            ("a", True, []), ("b", True, []), ("c", True, [2]), ("d", False, [1, 0]),
        ]  # fmt: skip

    def test_the_stored_tree_is_no_answer_for_a_date_or_a_reader(self):
        make_dated_superior(unit("c"), parent=unit("d"), begin="1990", end="2000")
        make_unit(code="x", parent=unit("d"), status="draft")
        Unit.objects.update(founded="1980")
        assert codes(unit("d").get_descendants()) == "x"
        then = AsOf(on=HistoricalDate("1995"))
        assert codes(then.sub_units(unit("d"))) == "c"
        assert codes(AsOf().sub_units(unit("d"))) == ""


class TestTemplates:
    def test_recursetree(self, django_assert_num_queries):
        text = (
            "{% recursetree nodes %}{{ node.code }}"
            "{% if not node.is_leaf_node %}({{ children }}){% endif %}.{% endrecursetree %}"
        )
        with django_assert_num_queries(1):
            assert rendered(text, nodes=Unit.objects.all()) == "a(b(c.).d.).e(f.)."

    def test_full_tree_and_tree_info(self):
        text = (
            "{% full_tree_for_model units.Unit as units %}{% for unit, at in units|tree_info %}"
            "{% if at.new_level %}({% endif %}{{ unit.code }}"
            "{% for level in at.closed_levels %}){% endfor %}{% endfor %}"
        )
        assert rendered(text) == "(a(b(c)d)e(f))"

    def test_drilldown(self):
        make_post(unit("c"))
        text = (
            "{% drilldown_tree_for_node unit as shown cumulative count people.Post.unit in held %}"
            "{% for one in shown %}{{ one.code }}{{ one.held }}{% endfor %}"
        )
        assert rendered(text, unit=unit("a")) == "ab1d0"
        assert rendered(text, unit=unit("b")) == "abc1"

    def test_tree_path(self):
        text = '{{ unit.get_ancestors|tree_path:" > " }}'
        a, b = unit("a"), unit("b")
        assert rendered(text, unit=unit("c")) == f"{a}&gt;{b}".replace(" ", "")


class TestForms:
    def test_the_field_of_the_parent_shows_levels_in_the_order_of_the_tree(self):
        field = Unit._meta.get_field("parent").formfield()
        assert isinstance(field, TreeNodeChoiceField)
        labels = [label.split()[0] for _value, label in list(field.choices)[1:]]
        assert labels[1:3] == ["---", "------"]
        several = TreeNodeMultipleChoiceField(Unit.objects.all(), level_indicator="+")
        assert [label.count("+") for _value, label in several.choices] == [0, 1, 2, 1, 0, 1]

    def test_a_form_of_another_model_chooses_among_units(self):
        class PostForm(forms.Form):
            unit = TreeNodeChoiceField(Unit.objects.all())

        form = PostForm({"unit": unit("c").pk})
        assert form.is_valid()
        assert form.cleaned_data["unit"] == unit("c")

    def test_the_form_for_moving_moves(self, outline):
        form = MoveNodeForm(unit("d"), {"target": unit("e").pk, "position": "first-child"})
        assert form.is_valid()
        assert form.save().parent == unit("e")
        assert outline() == "a(b(c)) e(d f)"

    def test_the_form_for_moving_shows_why_it_was_refused(self, outline):
        form = MoveNodeForm(
            unit("a"), {"target": unit("c").pk, "position": "last-child"},
            valid_targets=Unit.objects.all(),
        )  # fmt: skip
        assert form.is_valid()
        with pytest.raises(InvalidMove):
            form.save()
        (sentence,) = form.non_field_errors()
        assert "which stands below it" in sentence
        assert outline() == "a(b(c) d) e(f)"


class TestAdmins:
    """The library's own classes for the admin, as they are."""

    def ask(self, admin_class, method="get", user=None, **data):
        request = getattr(RequestFactory(), method)("/", data)
        request.user = user or make_staff()
        request.session = {}
        request._messages = CookieStorage(request)
        request._dont_enforce_csrf_checks = True
        return request, admin_class(Unit, AdminSite())

    def told(self, request):
        return [str(one) for one in messages.get_messages(request)]

    def test_the_list_is_in_the_order_of_the_tree(self):
        request, admin = self.ask(MPTTModelAdmin)
        Unit.objects.filter(code="b").update(order=9)
        assert codes(admin.get_changelist_instance(request).queryset) == "adbcef"

    def test_the_form_offers_no_superior_from_below(self):
        request, admin = self.ask(MPTTModelAdmin)
        form = admin.get_form(request, unit("b"), fields=["parent"])
        assert codes(form(instance=unit("b")).fields["parent"].queryset) == "adef"
        refused = form({"parent": unit("c").pk}, instance=unit("b"))
        assert not refused.is_valid()

    def test_the_form_moves(self, outline):
        request, admin = self.ask(MPTTModelAdmin)
        form = admin.get_form(request, unit("b"), fields=["parent"])
        filled = form({"parent": unit("e").pk}, instance=unit("b"))
        assert filled.is_valid(), filled.errors
        admin.save_model(request, filled.save(commit=False), filled, change=True)
        assert outline() == "a(d) e(b(c) f)"

    def test_the_action_deletes_one_after_the_other(self, outline):
        request, admin = self.ask(MPTTModelAdmin, "post", post="yes")
        action, _name, _words = admin.get_actions(request)["delete_selected"]
        assert action(admin, request, Unit.objects.filter(code__in="cf")) is None
        assert outline() == "a(b d) e"
        assert LogEntry.objects.count() == 2
        assert self.told(request) == ["Successfully deleted 2 items."]

    def test_a_dragged_unit_is_moved_and_logged(self, outline):
        request, admin = self.ask(
            DraggableMPTTAdmin, "post", cmd="move_node", position="left",
            cut_item=unit("d").pk, pasted_on=unit("f").pk,
        )  # fmt: skip
        assert admin.changelist_view(request).content == b"OK, moved."
        assert outline() == "a(b(c)) e(d f)"
        (entry,) = LogEntry.objects.all()
        assert "parent" in json.loads(entry.change_message)[0]["changed"]["fields"]

    def test_a_unit_dragged_below_itself_stays_and_is_told_why(self, outline):
        request, admin = self.ask(
            DraggableMPTTAdmin, "post", cmd="move_node", position="last-child",
            cut_item=unit("a").pk, pasted_on=unit("c").pk,
        )  # fmt: skip
        assert admin.changelist_view(request).content == b"FAIL, invalid move."
        (sentence,) = self.told(request)
        assert sentence.startswith("“")
        assert "which stands below it" in sentence
        assert outline() == "a(b(c) d) e(f)"

    def test_the_draggable_list_knows_the_whole_tree(self):
        request, admin = self.ask(DraggableMPTTAdmin)
        a, e = unit("a"), unit("e")
        structure = admin._tree_context(request)["treeStructure"]
        assert set(structure[0]) == {a.pk, e.pk}
        assert structure[str(e.pk)] == [unit("f").pk]
        assert "text-indent:0px" in admin.indented_title(a)

    def test_a_list_is_filtered_by_a_unit_and_all_below_it(self):
        class PostAdmin(MPTTModelAdmin):
            list_filter = [("parent", TreeRelatedFieldListFilter)]

        request, admin = self.ask(PostAdmin, parent__id__inhierarchy=str(unit("a").pk))
        assert codes(admin.get_changelist_instance(request).queryset) == "bcd"
