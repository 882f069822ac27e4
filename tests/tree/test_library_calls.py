"""Every public call of django-mptt, and every way of Django to write, keeps the tree or refuses.

One table: what is called on ``a(b(c) d) e(f)``, and the tree that it must leave or the sentence
with which it must be refused, nothing being changed then. Each is called twice: as it is and by
somebody who holds the lock of the tree.
"""

import contextlib
import inspect
import re

import pytest
from asgiref.sync import async_to_sync
from django.core import serializers
from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.db import IntegrityError, models, transaction
from django.db.models import F, ProtectedError
from mptt.managers import TreeManager
from mptt.models import MPTTModel
from mptt.querysets import TreeQuerySet

from tests.factories import make_unit, make_unit_kind
from units import tree
from units.models import Unit, UnitKind

pytestmark = pytest.mark.django_db

WHOLE = "a(b(c) d) e(f)"
POSITIONS = ("first-child", "last-child", "left", "right")


class Refused:
    def __init__(self, kind, sentence):
        self.kind, self.sentence = kind, sentence

    def __repr__(self):
        return f"refused: {self.sentence}"


CYCLE = Refused(ValidationError, "stands below it|in a circle")
ITSELF = Refused(ValidationError, "its own superior")
GONE = Refused(tree.UnitGone, "deleted in the meantime")
NO_SUPERIOR = Refused(ValidationError, "superior.*(deleted|does not exist)")
UNSAVED = Refused(ValueError, "never saved|[Uu]nsaved|isn't saved")
UNKNOWN_POSITION = Refused(ValueError, "is not first-child, last-child, left or right")
SAVED_ALREADY = Refused(ValueError, "already been saved")
TAKEN = Refused(IntegrityError, "(?i)unique")
COMPUTED = Refused(ValueError, "computed")
USE_OTHERS = Refused(NotImplementedError, "[Uu]se ")


def unit(code):
    return Unit.objects.get(code=code)


def new(code="n", **fields):
    kind = UnitKind.objects.get()
    return Unit(code=code, slug=code, name_az=code, kind=kind, status="published", **fields)


def row(code="n", **fields):
    return {"code": code, "slug": code, "name_az": code, "kind": UnitKind.objects.get(), **fields}


def changed(code, **fields):
    one = unit(code)
    for name, value in fields.items():
        setattr(one, name, value)
    return one


def beside(whole, target, code):
    """``{position: the tree in which code stands so to the target}``."""
    inner = re.search(rf"\b{target}(\([^()]*\))?", whole)[0]
    below = inner[len(target) :].strip("()")
    return {
        "first-child": whole.replace(inner, f"{target}({' '.join(filter(None, [code, below]))})"),
        "last-child": whole.replace(inner, f"{target}({' '.join(filter(None, [below, code]))})"),
        "left": whole.replace(inner, f"{code} {inner}"),
        "right": whole.replace(inner, f"{inner} {code}"),
    }


def waited(call):
    """An asynchronous call to be made here."""

    async def waiting(*args, **kwargs):
        return await call(*args, **kwargs)

    return async_to_sync(waiting)


CALLS = {}


def case(call, name, do, expected):
    cases = CALLS.setdefault(call, {})
    assert name not in cases
    cases[name] = (do, expected)


# --- Moving ---------------------------------------------------------------------------------

WITHOUT_C = "a(b d) e(f)"
MOVES = {
    "move_node": lambda node, target, *where: Unit.objects.move_node(node, target, *where),
    "move_to": lambda node, target, *where: node.move_to(target, *where),
}
for call, move in MOVES.items():
    for where in POSITIONS:
        for target in "def":
            case(
                call, f"{where} of {target}",
                lambda m=move, t=target, w=where: m(unit("c"), unit(t), w),
                beside(WITHOUT_C, target, "c")[where],
            )  # fmt: skip
        case(
            call, f"{where}, a target that was moved meanwhile",
            lambda m=move, w=where: (e := unit("e"), tree.move("e", "d"), m(unit("c"), e, w)),
            {
                "first-child": "a(b d(e(c f)))", "last-child": "a(b d(e(f c)))",
                "left": "a(b d(c e(f)))", "right": "a(b d(e(f) c))",
            }[where],
        )  # fmt: skip
        case(
            call, f"{where}, a copy from before its superior was moved",
            lambda m=move, w=where: (c := unit("c"), tree.move("b", "e"), m(c, unit("f"), w)),
            {
                "first-child": "a(d) e(f(c) b)", "last-child": "a(d) e(f(c) b)",
                "left": "a(d) e(c f b)", "right": "a(d) e(f c b)",
            }[where],
        )  # fmt: skip
        case(
            call, f"{where} of one below itself",
            lambda m=move, w=where: m(unit("a"), unit("c"), w), CYCLE,
        )  # fmt: skip
        case(
            call, f"{where} of itself",
            lambda m=move, w=where: m(unit("d"), unit("d"), w),
            ITSELF if where.endswith("child") else WHOLE,
        )  # fmt: skip
        case(
            call, f"{where} of an unsaved target",
            lambda m=move, w=where: m(unit("c"), new(), w), UNSAVED,
        )  # fmt: skip
        case(
            call, f"{where}, an unsaved unit",
            lambda m=move, w=where: m(new(), unit("e"), w), UNSAVED,
        )  # fmt: skip
        case(
            call, f"{where} of a deleted target",
            lambda m=move, w=where: m(unit("c"), DELETED[0], w), GONE,
        )  # fmt: skip
    case(call, "no target", lambda m=move: m(unit("c"), None), "a(b d) e(f) c")
    case(call, "an unknown position", lambda m=move: m(unit("c"), unit("e"), "x"), UNKNOWN_POSITION)
    case(
        call, "no position", lambda m=move: m(unit("c"), unit("e")),
        "a(b d) e(f c)" if call == "move_node" else "a(b d) e(c f)",
    )  # fmt: skip

# --- Inserting ------------------------------------------------------------------------------

INSERTS = {
    "insert_node": lambda node, target, *where, **kw: Unit.objects.insert_node(
        node, target, *where, **kw
    ),
    "insert_at": lambda node, target, *where, **kw: node.insert_at(target, *where, **kw),
}
for call, insert in INSERTS.items():
    for where in POSITIONS:
        for fresh in (True, False):
            for target in "bdef":
                case(
                    call, f"{where} of {target}, refresh_target={fresh}",
                    lambda i=insert, t=target, w=where, r=fresh: i(
                        new(), unit(t), w, save=True, refresh_target=r
                    ),
                    beside(WHOLE, target, "n")[where],
                )  # fmt: skip
            case(
                call, f"{where}, a target that was moved meanwhile, refresh_target={fresh}",
                lambda i=insert, w=where, r=fresh: (
                    e := unit("e"), tree.move("e", "d"),
                    i(new(), e, w, save=True, refresh_target=r),
                ),
                {
                    "first-child": "a(b(c) d(e(n f)))", "last-child": "a(b(c) d(e(f n)))",
                    "left": "a(b(c) d(n e(f)))", "right": "a(b(c) d(e(f) n))",
                }[where],
            )  # fmt: skip
        case(
            call, f"{where}, of many equal positions, with a position and superior of its own",
            lambda i=insert, w=where: i(new(order=7, parent=unit("f")), unit("d"), w, save=True),
            beside(WHOLE, "d", "n")[where],
        )  # fmt: skip
        case(
            call, f"{where} of an unsaved target",
            lambda i=insert, w=where: i(new(), new("m"), w, save=True), UNSAVED,
        )  # fmt: skip
        case(
            call, f"{where} of a deleted target",
            lambda i=insert, w=where: i(new(), DELETED[0], w, save=True), GONE,
        )  # fmt: skip
        case(
            call, f"{where}, without saving",
            lambda i=insert, w=where: i(new(), unit("e"), w),
            Refused(NotImplementedError, "save=True"),
        )  # fmt: skip
        case(
            call, f"{where}, a saved one",
            lambda i=insert, w=where: i(unit("c"), unit("e"), w, save=True), SAVED_ALREADY,
        )  # fmt: skip
        case(
            call, f"{where}, a saved one that may be",
            lambda i=insert, w=where: i(
                unit("c"), unit("f"), w, save=True, allow_existing_pk=True
            ),
            beside(WITHOUT_C, "f", "c")[where],
        )  # fmt: skip
        case(
            call, f"{where} of one below itself",
            lambda i=insert, w=where: i(
                unit("a"), unit("c"), w, save=True, allow_existing_pk=True
            ),
            CYCLE,
        )  # fmt: skip
        case(
            call, f"{where}, a taken code",
            lambda i=insert, w=where: i(new("c"), unit("e"), w, save=True), TAKEN,
        )  # fmt: skip
    case(
        call, "no target", lambda i=insert: i(new(), None, "last-child", save=True), f"{WHOLE} n"
    )  # fmt: skip
    case(
        call, "no position", lambda i=insert: i(new(), unit("e"), save=True),
        "a(b(c) d) e(f n)" if call == "insert_node" else "a(b(c) d) e(n f)",
    )  # fmt: skip
    case(
        call, "an unknown position",
        lambda i=insert: i(new(), unit("e"), "x", save=True), UNKNOWN_POSITION,
    )  # fmt: skip

# --- Numbering ------------------------------------------------------------------------------


def damage():
    with tree.writing():
        models.QuerySet(Unit).filter(code__in="ab").update(lft=50, rght=51, level=3)


case("rebuild", "", lambda: (damage(), Unit.objects.rebuild()), WHOLE)
case("rebuild", "of a part", lambda: (damage(), Unit.objects.rebuild(10, tree_id=1)), WHOLE)
case("rebuild", "of a related manager", lambda: unit("a").children.rebuild(), WHOLE)
case(
    "partial_rebuild", "",
    lambda: (damage(), Unit.objects.partial_rebuild(unit("a").tree_id)), WHOLE,
)  # fmt: skip
case("partial_rebuild", "no such tree", lambda: Unit.objects.partial_rebuild(999), WHOLE)


def tree_of_records(**fields):
    below = [row("o", pk=901, children=[row("p")]), row("m")]
    return {**row("n", pk=900), "children": below, **fields}


def built(*where, **fields):
    return Unit.objects.build_tree_nodes(tree_of_records(**fields), *where)


def create_built(*where, **fields):
    Unit.objects.bulk_create(built(*where, **fields))


NEEDS_KEY = Refused(ValueError, "needs a primary key")
call = "build_tree_nodes"
case(call, "only built", lambda: built(), WHOLE)
case(call, "at the top", lambda: create_built(), f"{WHOLE} n(o(p) m)")
case(call, "under a unit", lambda: create_built(unit("e")), "a(b(c) d) e(f n(o(p) m))")
case(call, "with another superior in the data", lambda: create_built(unit("e"), parent_id=77),
     "a(b(c) d) e(f n(o(p) m))")  # fmt: skip
case(call, "with a superior in the data alone", lambda: create_built(parent_id=unit("e").pk),
     "a(b(c) d) e(f n(o(p) m))")  # fmt: skip
case(call, "behind units of a later order",
     lambda: (some(code="f").update(order=5), create_built(unit("e"))),
     "a(b(c) d) e(f n(o(p) m))")  # fmt: skip
case(call, "with an order of its own",
     lambda: (some(code="f").update(order=5), create_built(unit("e"), order=3)),
     "a(b(c) d) e(n(o(p) m) f)")  # fmt: skip
case(call, "under a copy that was moved", lambda: create_built(stale_superior()),
     "a(b(c)) e(d(n(o(p) m)) f)")  # fmt: skip
case(call, "at another place", lambda: built(unit("e"), "left"), USE_OTHERS)
case(call, "without keys", lambda: built(pk=None), NEEDS_KEY)
case(call, "under an unsaved unit", lambda: built(new("x")), UNSAVED)
case(call, "under a deleted unit", lambda: create_built(DELETED[0]), NO_SUPERIOR)


def recoded(code, other):
    one = unit(code)
    one.code = other
    return one


def delayed(call, *works):
    with getattr(Unit.objects, call)():
        for work in works:
            work()


for call in ("delay_mptt_updates", "disable_mptt_updates"):
    case(call, "nothing", lambda c=call: delayed(c), WHOLE)
    case(call, "moved and made", lambda c=call: delayed(
        c, lambda: changed("c", parent=unit("e")).save(), lambda: new(parent=unit("c")).save(),
    ), "a(b d) e(c(n) f)")  # fmt: skip
    case(call, "below what has no numbers yet", lambda c=call: delayed(
        c, lambda: Unit.objects.bulk_create([new(parent=unit("d"))]),
        lambda: new("m", parent=unit("n")).save(), lambda: unit("c").move_to(unit("m")),
    ), "a(b d(n(m(c)))) e(f)")  # fmt: skip
    case(call, "one that was made below another", lambda c=call: delayed(
        c, lambda: new(parent=unit("d")).save(), lambda: new("m").save(),
        lambda: changed("m", parent=unit("n")).save(), lambda: changed("n", order=3).save(),
    ), "a(b(c) d(n(m))) e(f)")  # fmt: skip
    case(call, "made and deleted", lambda c=call: delayed(
        c, lambda: new(parent=unit("d")).save(), lambda: unit("n").delete(),
        lambda: some(code="c").delete(),
    ), "a(b d) e(f)")  # fmt: skip
    case(call, "one inside the other", lambda c=call: delayed(
        c, lambda: delayed(c, lambda: unit("d").move_to(unit("e"), "left")),
        lambda: unit("c").move_to(unit("d")),
    ), "a(b) d(c) e(f)")  # fmt: skip
    case(call, "only the order", lambda c=call: delayed(
        c, lambda: changed("b", order=5).save(), lambda: recoded("a", "z").save(),
    ), "e(f) z(d b(c))")  # fmt: skip
    case(call, "a cycle", lambda c=call: delayed(
        c, lambda: changed("b", parent=unit("e")).save(),
        lambda: changed("a", parent=unit("c")).save(),
        lambda: changed("e", parent=unit("a")).save(),
    ), CYCLE)  # fmt: skip
    case(call, "a deleted superior", lambda c=call: delayed(
        c, lambda: unit("c").delete(), lambda: new(parent=DELETED[0]).save(),
    ), NO_SUPERIOR)  # fmt: skip

# --- Saving ---------------------------------------------------------------------------------


def stale_superior(code="d"):
    """A copy of a unit from before it was moved to ``e``."""
    copy = unit(code)
    tree.move(code, "e", 0)
    return copy


case("save", "a new one", lambda: new().save(), f"{WHOLE} n")
case("save", "below a copy that was moved", lambda: new(parent=stale_superior()).save(),
     "a(b(c)) e(d(n) f)")  # fmt: skip
case("save", "moved below a copy that was moved",
     lambda: changed("f", parent=stale_superior("b")).save(), "a(d) e(b(c f))")  # fmt: skip
case("save", "a copy from before a move",
     lambda: (c := unit("c"), tree.move("c", "e"), setattr(c, "name_az", "Y"), c.save()),
     "a(b d) e(f c)")  # fmt: skip
case("save", "below itself", lambda: changed("a", parent=unit("c")).save(), CYCLE)
case("save", "under itself", lambda: changed("a", parent=unit("a")).save(), ITSELF)
case("save", "under a unit that was never saved", lambda: new(parent=new("m")).save(), UNSAVED)
case("save", "under a deleted one", lambda: new(parent=DELETED[0]).save(), NO_SUPERIOR)
case("save", "under a key that nobody has", lambda: new(parent_id=10**9).save(), NO_SUPERIOR)
case("save", "a deleted one", lambda: DELETED[0].save(), GONE)
case("save", "numbers in hand",
     lambda: changed("c", lft=1, rght=99, tree_id=7, level=5).save(), WHOLE)  # fmt: skip
case("save", "numbers by name",
     lambda: changed("c", lft=1, rght=99).save(update_fields=["lft", "rght"]), WHOLE)  # fmt: skip
case("save", "a new one with numbers", lambda: new(lft=1, rght=8, level=0, tree_id=1).save(),
     f"{WHOLE} n")  # fmt: skip
case("save", "force_insert of a new one", lambda: new().save(force_insert=True), f"{WHOLE} n")
case("save", "force_insert of a saved one", lambda: unit("c").save(force_insert=True), TAKEN)
case("save", "force_update of a new one", lambda: new().save(force_update=True),
     Refused((ValueError, ObjectDoesNotExist), "force an update|does not exist"))  # fmt: skip
case("save", "of a partly read one", lambda: (
    c := Unit.objects.only("slug").get(code="c"), tree.move("c", "d"), c.save()
), "a(b d(c)) e(f)")  # fmt: skip
case("save", "a row that is locked", lambda: locked_and_moved(), "a(b d) e(c f)")
case("asave", "", lambda: waited(changed("c", parent=unit("e")).asave)(), "a(b d) e(c f)")


def locked_and_moved():
    with transaction.atomic():
        c = Unit.objects.select_for_update(of=("self",)).get(code="c")
        c.parent = unit("e")
        c.save()


RAW = Refused(tree.TreeRefusal, "numbered_afterwards")
case("save_base", "raw", lambda: changed("c", parent=unit("e")).save_base(raw=True), RAW)
case("save_base", "raw, with numbers of another", lambda: changed("c", lft=1).save_base(raw=True),
     RAW)  # fmt: skip


def loaded(**fields):
    text = serializers.serialize("json", [changed("c", **fields)])
    for one in serializers.deserialize("json", text):
        one.save()


case("deserialize", "moved", lambda: loaded(parent=unit("e")), RAW)


def loaded_and_numbered(**fields):
    with tree.numbered_afterwards():
        loaded(**fields)


case("deserialize", "numbered afterwards", lambda: loaded_and_numbered(parent=unit("e"), lft=77),
     "a(b d) e(c f)")  # fmt: skip
case("deserialize", "itself", lambda: loaded_and_numbered(parent=unit("c")), ITSELF)

# --- Many at once ---------------------------------------------------------------------------

some = Unit.objects.filter
case("update", "the superior", lambda: some(code__in="cd").update(parent=unit("e")),
     "a(b) e(c d f)")  # fmt: skip
case("update", "a cycle", lambda: some(code="a").update(parent=unit("c")), CYCLE)
case("update", "itself", lambda: some(code__in="ad").update(parent=unit("a")), ITSELF)
case("update", "itself, by an expression", lambda: some(code="d").update(parent=F("pk")), ITSELF)
case("update", "a deleted superior", lambda: some(code="d").update(parent=DELETED[0]), NO_SUPERIOR)
case("update", "a superior that never was", lambda: some(code="d").update(parent_id=10**9),
     NO_SUPERIOR)  # fmt: skip
case("update", "an unsaved superior", lambda: some(code="d").update(parent=new()), UNSAVED)
case("update", "numbers", lambda: some(code="d").update(lft=F("lft") + 2), COMPUTED)
case("update", "the order", lambda: some(code="b").update(order=5), "a(d b(c)) e(f)")
case("update", "the code", lambda: some(code="b").update(code="x"), "a(d x(c)) e(f)")
case("update", "of units under one", lambda: unit("a").children.update(parent=unit("e")),
     "a e(b(c) d f)")  # fmt: skip
case("aupdate", "", lambda: waited(some(code="c").aupdate)(parent=unit("e")),
     "a(b d) e(c f)")  # fmt: skip
case("bulk_create", "", lambda: Unit.objects.bulk_create([new(parent=unit("b")), new("m")]),
     "a(b(c n) d) e(f) m")  # fmt: skip
case("bulk_create", "below a copy that was moved",
     lambda: Unit.objects.bulk_create([new(parent=stale_superior())]),
     "a(b(c)) e(d(n) f)")  # fmt: skip
case("bulk_create", "below an unsaved one",
     lambda: Unit.objects.bulk_create([new(parent=new("m"))]), UNSAVED)  # fmt: skip
case("bulk_create", "below a deleted one",
     lambda: Unit.objects.bulk_create([new(parent=DELETED[0])]), NO_SUPERIOR)  # fmt: skip
case("bulk_create", "a taken code", lambda: Unit.objects.bulk_create([new("m"), new("c")]), TAKEN)
case("bulk_create", "ignoring conflicts",
     lambda: Unit.objects.bulk_create([new(), new("c")], ignore_conflicts=True),
     f"{WHOLE} n")  # fmt: skip
case("bulk_create", "updating on conflict",
     lambda: Unit.objects.bulk_create(
         [new("c", parent=unit("e"), lft=9)], update_conflicts=True, unique_fields=["code"],
         update_fields=["parent", "lft"],
     ), "a(b d) e(c f)")  # fmt: skip
case("bulk_create", "a cycle on conflict",
     lambda: Unit.objects.bulk_create(
         [new("a", parent=unit("c"))], update_conflicts=True, unique_fields=["code"],
         update_fields=["parent"],
     ), CYCLE)  # fmt: skip
case("bulk_create", "through the superior",
     lambda: unit("d").children.bulk_create([new(parent=unit("d"))]),
     "a(b(c) d(n)) e(f)")  # fmt: skip
case("abulk_create", "", lambda: waited(Unit.objects.abulk_create)([new()]), f"{WHOLE} n")
bulk = Unit.objects.bulk_update
case("bulk_update", "", lambda: bulk([changed("c", parent=unit("e"))], ["parent"]),
     "a(b d) e(c f)")  # fmt: skip
case("bulk_update", "a copy from before a move",
     lambda: (c := changed("c", order=3), tree.move("c", "e", 0), bulk([c], ["order"])),
     "a(b d) e(f c)")  # fmt: skip
case("bulk_update", "a cycle", lambda: bulk([changed("a", parent=unit("c"))], ["parent"]), CYCLE)
case("bulk_update", "itself", lambda: bulk([changed("a", parent=unit("a"))], ["parent"]), ITSELF)
case("bulk_update", "a deleted superior",
     lambda: bulk([changed("d", parent=DELETED[0])], ["parent"]), NO_SUPERIOR)  # fmt: skip
case("bulk_update", "numbers", lambda: bulk([changed("d", lft=1)], ["lft"]), COMPUTED)
case("bulk_update", "an unsaved one", lambda: bulk([new()], ["order"]),
     Refused(ValueError, "primary key set"))  # fmt: skip
case("abulk_update", "",
     lambda: waited(Unit.objects.abulk_update)([changed("c", parent=unit("e"))], ["parent"]),
     "a(b d) e(c f)")  # fmt: skip

PROTECTED = Refused(ProtectedError, "protected")
case("delete", "one", lambda: unit("d").delete(), "a(b(c)) e(f)")
case("delete", "one that was moved meanwhile", lambda: stale_superior().delete(), "a(b(c)) e(f)")
case("delete", "twice", lambda: (d := unit("d"), unit("d").delete(), d.delete()), "a(b(c)) e(f)")
case("delete", "one with units below", lambda: unit("b").delete(), PROTECTED)
case("delete", "one that was never saved", lambda: new().delete(), UNSAVED)
case("delete", "some", lambda: some(code__in="cf").delete(), "a(b d) e")
case("delete", "some with units below", lambda: some(code__in="ab").delete(), PROTECTED)
case("delete", "those under one", lambda: unit("e").children.all().delete(), "a(b(c) d) e")
case("adelete", "", lambda: waited(unit("d").adelete)(), "a(b(c)) e(f)")

# --- Getting or making ----------------------------------------------------------------------

case("create", "", lambda: Unit.objects.create(**row()), f"{WHOLE} n")
case("create", "below a copy that was moved",
     lambda: Unit.objects.create(**row(parent=stale_superior())),
     "a(b(c)) e(d(n) f)")  # fmt: skip
case("create", "below a deleted one", lambda: Unit.objects.create(**row(parent=DELETED[0])),
     NO_SUPERIOR)  # fmt: skip
case("create", "a taken code", lambda: Unit.objects.create(**row("c")), TAKEN)
case("acreate", "", lambda: waited(Unit.objects.acreate)(**row()), f"{WHOLE} n")
case("get_or_create", "made", lambda: Unit.objects.get_or_create(
    code="n", defaults=row(parent=stale_superior())), "a(b(c)) e(d(n) f)")  # fmt: skip
case("get_or_create", "found", lambda: Unit.objects.get_or_create(
    code="c", defaults=row(parent=unit("e"))), WHOLE)  # fmt: skip
case("aget_or_create", "", lambda: waited(Unit.objects.aget_or_create)(
    code="n", defaults=row(parent=unit("b"))), "a(b(c n) d) e(f)")  # fmt: skip
case("update_or_create", "made", lambda: Unit.objects.update_or_create(
    code="n", defaults=row(parent=unit("b"))), "a(b(c n) d) e(f)")  # fmt: skip
case("update_or_create", "moved below a copy that was moved",
     lambda: Unit.objects.update_or_create(code="f", defaults={"parent": stale_superior()}),
     "a(b(c)) e(d(f))")  # fmt: skip
case("update_or_create", "a cycle",
     lambda: Unit.objects.update_or_create(code="a", defaults={"parent": unit("c")}),
     CYCLE)  # fmt: skip
case("aupdate_or_create", "", lambda: waited(Unit.objects.aupdate_or_create)(
    code="c", defaults={"parent": unit("e")}), "a(b d) e(c f)")  # fmt: skip

# --- Through the superior -------------------------------------------------------------------

for whole in (True, False):
    case("add", f"children, bulk={whole}",
         lambda w=whole: unit("e").children.add(unit("c"), unit("d"), bulk=w),
         "a(b) e(c d f)")  # fmt: skip
    case("add", f"children of a copy that was moved, bulk={whole}",
         lambda w=whole: stale_superior().children.add(unit("c"), bulk=w),
         "a(b) e(d(c) f)")  # fmt: skip
    case("add", f"a cycle, bulk={whole}",
         lambda w=whole: unit("c").children.add(unit("a"), bulk=w), CYCLE)  # fmt: skip
    case("add", f"itself, bulk={whole}",
         lambda w=whole: unit("d").children.add(unit("d"), bulk=w), ITSELF)  # fmt: skip
    case("remove", f"bulk={whole}",
         lambda w=whole: unit("a").children.remove(unit("b"), bulk=w),
         "a(d) b(c) e(f)")  # fmt: skip
    case("clear", f"bulk={whole}", lambda w=whole: unit("a").children.clear(bulk=w),
         "a b(c) d e(f)")  # fmt: skip
    case("set", f"bulk={whole}",
         lambda w=whole: unit("a").children.set([unit("f"), unit("d")], bulk=w),
         "a(d f) b(c) e")  # fmt: skip
    case("set", f"clear, bulk={whole}",
         lambda w=whole: unit("a").children.set([unit("f")], bulk=w, clear=True),
         "a(f) b(c) d e")  # fmt: skip
    case("set", f"a cycle, bulk={whole}",
         lambda w=whole: unit("b").children.set([unit("a")], bulk=w), CYCLE)  # fmt: skip
case("add", "one that was never saved", lambda: unit("e").children.add(new()), UNSAVED)
case("add", "one that was never saved, bulk=False",
     lambda: unit("e").children.add(new(), bulk=False), "a(b(c) d) e(f n)")  # fmt: skip
case("create", "through the superior", lambda: unit("d").children.create(**row()),
     "a(b(c) d(n)) e(f)")  # fmt: skip
case("create", "through a copy of the superior that was moved",
     lambda: stale_superior().children.create(**row()), "a(b(c)) e(d(n) f)")  # fmt: skip
case("get_or_create", "through the superior",
     lambda: unit("d").children.get_or_create(code="n", defaults=row()),
     "a(b(c) d(n)) e(f)")  # fmt: skip
case("update_or_create", "through the superior",
     lambda: unit("b").children.update_or_create(code="c", defaults={"order": 4}),
     WHOLE)  # fmt: skip
case("add", "to a kind", lambda: UnitKind.objects.get().units.add(unit("c")), WHOLE)
for call, expected in (
    ("aadd", "a(b(c)) e(d f)"), ("aset", "a(b(c)) e(d) f"), ("aremove", "a(b(c) d) e f"),
):  # fmt: skip
    case(call, "", lambda c=call: waited(getattr(unit("e").children, c))(
        {"aadd": unit("d"), "aset": [unit("d")], "aremove": unit("f")}[c]), expected)  # fmt: skip
case("aclear", "", lambda: waited(unit("e").children.aclear)(), "a(b(c) d) e f")
for call in ("acreate", "aget_or_create", "aupdate_or_create"):
    case(call, "through the superior", lambda c=call: waited(getattr(unit("d").children, c))(
        **row()), "a(b(c) d(n)) e(f)")  # fmt: skip

# A copy of a unit that has been deleted, made before each case.
DELETED = []


@pytest.fixture
def family():
    DELETED[:] = []
    make_unit_kind()
    a = make_unit(code="a")
    b = make_unit(code="b", parent=a)
    make_unit(code="c", parent=b)
    make_unit(code="d", parent=a)
    e = make_unit(code="e")
    make_unit(code="f", parent=e)
    DELETED.append(make_unit(code="gone", parent=e))
    unit("gone").delete()


def contents():
    return sorted(models.QuerySet(Unit).values_list())


@contextlib.contextmanager
def undone():
    class Undo(Exception):
        pass

    with contextlib.suppress(Undo), transaction.atomic():
        yield
        raise Undo


@pytest.mark.parametrize("call", CALLS)
def test_the_tree_is_kept_or_the_call_refused(family, outline, call):
    before, wrong = contents(), []
    assert outline() == WHOLE
    for name, (do, expected) in CALLS[call].items():
        for held in (contextlib.nullcontext, tree.writing):
            with undone():
                with held():
                    found = outcome(do, expected)
                try:
                    found = found or outline()
                except AssertionError as error:
                    found = f"a broken tree: {str(error).splitlines()[0]}"
                if isinstance(expected, Refused) and contents() != before:
                    found = "something was changed"
            if found != (WHOLE if isinstance(expected, Refused) else expected):
                wrong.append((name, held.__name__, found, expected))
    assert wrong == []


def outcome(do, expected):
    """None where the call was answered as expected, else what happened."""
    try:
        with transaction.atomic():
            do()
    except Exception as error:  # noqa: BLE001 - the kinds and words of all are compared
        kind, sentence = getattr(expected, "kind", ()), getattr(expected, "sentence", "")
        if isinstance(error, kind) and re.search(sentence, str(error)):
            return None
        return repr(error)
    return "it was not refused" if isinstance(expected, Refused) else None


# What only reads, with how it is called on the unit b, its manager, or a queryset.
READS = {
    "add_related_count": lambda b: Unit.objects.add_related_count(
        Unit.objects.all(), Unit, "parent", "n"
    ).count(),
    "as_manager": lambda b: TreeQuerySet.as_manager(),
    "contribute_to_class": lambda b: None,
    "get_ancestors": lambda b: [list(b.get_ancestors()), list(some(pk=b.pk).get_ancestors())],
    "get_cached_trees": lambda b: Unit.objects.all().get_cached_trees(),
    "get_children": lambda b: list(b.get_children()),
    "get_descendant_count": lambda b: b.get_descendant_count(),
    "get_descendants": lambda b: [list(b.get_descendants()), list(some().get_descendants())],
    "get_family": lambda b: list(b.get_family()),
    "get_leafnodes": lambda b: list(b.get_leafnodes()),
    "get_level": lambda b: b.get_level(),
    "get_next_sibling": lambda b: b.get_next_sibling(),
    "get_previous_sibling": lambda b: b.get_previous_sibling(),
    "get_queryset": lambda b: list(Unit.objects.get_queryset()),
    "get_queryset_ancestors": lambda b: list(Unit.objects.get_queryset_ancestors(some())),
    "get_queryset_descendants": lambda b: list(Unit.objects.get_queryset_descendants(some())),
    "get_root": lambda b: b.get_root(),
    "get_siblings": lambda b: list(b.get_siblings()),
    "is_ancestor_of": lambda b: b.is_ancestor_of(unit("c")),
    "is_child_node": lambda b: b.is_child_node(),
    "is_descendant_of": lambda b: b.is_descendant_of(unit("a")),
    "is_leaf_node": lambda b: b.is_leaf_node(),
    "is_root_node": lambda b: b.is_root_node(),
    "root_node": lambda b: Unit.objects.root_node(b.tree_id),
    "root_nodes": lambda b: list(Unit.objects.root_nodes()),
}


@pytest.mark.parametrize("name", READS)
def test_what_only_reads_changes_nothing(family, outline, name):
    before = contents()
    READS[name](unit("b"))
    assert contents() == before
    assert outline() == WHOLE


def _own(kind, base=object):
    """Public functions that a class of django-mptt has of its own, or overrides."""
    return {
        name
        for name, _value in inspect.getmembers(kind, callable)
        if name in vars(kind) and not name.startswith("_") and not inspect.isclass(_value)
    }


def _writing(kind):
    """Public functions of which Django says that they write."""
    return {
        name
        for name, value in inspect.getmembers(kind, callable)
        if not name.startswith("_") and getattr(value, "alters_data", False)
    }


def test_no_public_call_is_left_out(family):
    found = _own(TreeManager) | _own(MPTTModel) | _own(TreeQuerySet)
    managers = (Unit.objects, unit("a").children, UnitKind.objects.get().units)
    for kind in (Unit, Unit.objects.all(), *managers):
        found |= _writing(kind)
    assert found - CALLS.keys() - READS.keys() == set()
