"""Where a unit stands: under whom, and as which of the siblings."""

from dataclasses import asdict, dataclass

from django.core.exceptions import ValidationError
from django.db import models, router
from django.utils.translation import gettext as _
from mptt.exceptions import InvalidMove

from .lock import UnitGone, unit_model, writing

_LARGEST_ORDER = 2_147_483_647  # what a PositiveIntegerField holds
# How a unit may stand to another one, in the words of django-mptt.
_UNDER, _BESIDE = ("first-child", "last-child"), ("left", "right")


class UnderItself(ValidationError, InvalidMove):
    """A superior that is the unit itself or stands below it; also for those who catch what
    django-mptt raises. ``str()`` is a sentence for the editor."""

    def __str__(self):
        return " ".join(self.messages)


@dataclass(frozen=True)
class Placement:
    """The place of a unit, as plain values that can be kept in a session or a form.

    ``parent``: code of the superior, None at the top. ``position``: how many siblings stand
    before it. ``before``: code of the sibling that follows, None when it is the last.
    """

    parent: str | None
    position: int
    before: str | None

    as_dict = asdict


def placement_of(unit, *, using=None):
    """The Placement that the database has for a unit (Unit or code). Raises UnitGone."""
    using = _database(using)
    unit = _fresh(unit, using)
    siblings = _siblings(unit.parent_id, using)
    codes = [sibling.code for sibling in siblings]
    position = codes.index(unit.code)
    following = codes[position + 1 : position + 2]
    return Placement(
        parent=unit.parent.code if unit.parent_id else None,
        position=position,
        before=following[0] if following else None,
    )


def move(unit, parent=None, position=None, *, using=None):
    """Make a unit the one at ``position`` under ``parent`` and return its former Placement.

    ``unit``: a Unit or its code. ``parent``: a Unit, its code, or None for the top.
    ``position``: how many siblings shall stand before it (0 is first); None or more than there
    are makes it the last. The units below it come along. The change is saved; a Unit that was
    handed in is brought up to date.

    Raises UnitGone when the unit or the superior no longer exists, UnderItself (a ValidationError
    on ``parent``) when the unit would stand below itself, TreeBusy when others hold the lock.
    """
    using = _database(using)
    with writing(using):
        moved = _fresh(unit, using)
        superior = None if parent is None else _fresh(parent, using)
        former = placement_of(moved, using=using)
        superior_id = superior.pk if superior else None
        check_superior(moved.pk, superior_id, using=using)

        siblings = [s for s in _siblings(superior_id, using) if s.pk != moved.pk]
        if position is None or position > len(siblings):
            position = len(siblings)
        position = max(0, position)
        siblings.insert(position, moved)

        unchanged = {s.pk: s.order for s in siblings if s.pk != moved.pk}
        _make_room(siblings, position)
        changed = [s for s in siblings if s.pk != moved.pk and s.order != unchanged[s.pk]]
        # The siblings keep their order among themselves, so their tree numbers stay right.
        models.QuerySet(unit_model(), using=using).bulk_update(changed, ["order"], batch_size=500)

        moved.parent = superior
        moved._siblings_changed = bool(changed)
        moved.save(using=using, update_fields=["parent", "order", "updated_at"])
        if isinstance(unit, unit_model()):
            unit.refresh_from_db(
                using=using,
                fields=["parent", "order", "lft", "rght", "level", "tree_id", "updated_at"],
            )
        return former


def move_to(unit, target, where, *, using=None):
    """Place a unit as one drags it: ``where`` says how it stands to ``target``.

    ``where``: ``"first-child"``, ``"last-child"``, ``"left"`` (just before the target) or
    ``"right"`` (just behind it); ``target`` None means the end of the top row. Returns the former
    Placement; raises as ``move()`` does, and ValueError for another word.
    """
    using = _database(using)
    with writing(using):
        moved = _fresh(unit, using)
        superior = _superior_beside(target, where, using)
        if where in _UNDER or target is None:
            position = 0 if where == "first-child" and target is not None else None
            return move(unit, superior, position, using=using)
        target = _fresh(target, using)
        if moved.pk == target.pk:
            return placement_of(moved, using=using)
        others = [s.pk for s in _siblings(target.parent_id, using) if s.pk != moved.pk]
        position = others.index(target.pk) + (where == "right")
        return move(unit, superior, position, using=using)


def insert(unit, target, where, *, using=None):
    """Save ``unit``, as a rule a new one, at the place that ``where`` and ``target`` name.

    Both as for ``move_to()``; a superior and a position that the unit has in hand do not count.
    Raises as ``save()`` and ``move_to()`` do, and nothing is saved then.
    """
    using = _database(using)
    with writing(using):
        unit.parent = _superior_beside(target, where, using)
        unit.save(using=using)
        move_to(unit, target, where, using=using)


def _superior_beside(target, where, using):
    """The superior of a unit that stands so to ``target``, as the database has it."""
    if where not in (*_UNDER, *_BESIDE):
        raise ValueError(f"{where!r} is not first-child, last-child, left or right.")
    if target is None:
        return None
    target = _fresh(target, using)
    return target if where in _UNDER else target.parent


def restore(unit, placement, *, using=None):
    """Put a unit back where ``placement`` says, and return where it stood until now.

    It comes before the sibling that followed it then, if that one still stands there; otherwise
    at the position it had. Raises as ``move()`` does.
    """
    using = _database(using)
    with writing(using):
        moved = _fresh(unit, using)
        superior = None if placement.parent is None else _fresh(placement.parent, using)
        siblings = _siblings(superior.pk if superior else None, using)
        codes = [s.code for s in siblings if s.pk != moved.pk]
        position = placement.position
        if placement.before is None:
            position = len(codes) if position >= len(codes) else position
        elif placement.before in codes:
            position = codes.index(placement.before)
        return move(unit, superior, position, using=using)


def check_superior(unit_id, parent_id, *, using=None):
    """Refuse a superior that is the unit itself or stands below it.

    ``unit_id``: primary key, None for a new unit (which has nobody below it). Raises UnderItself, a
    ValidationError on ``parent``, which names the cycle. Only inside ``writing()`` is the answer
    still true when the unit is saved; a form may ask it without the lock for an early message.
    """
    if unit_id is None or parent_id is None:
        return
    if unit_id == parent_id:
        raise UnderItself({"parent": _("A unit cannot be its own superior.")}, code="cycle")
    rows = models.QuerySet(unit_model(), using=_database(using))
    chain, seen = [], set()
    above = parent_id
    while above is not None and above not in seen:
        seen.add(above)
        superior = rows.filter(pk=above).first()
        if superior is None:
            return
        chain.append(superior)
        if superior.pk == unit_id:
            raise UnderItself({"parent": _cycle_message(chain)}, code="cycle")
        above = superior.parent_id


def _cycle_message(chain):
    """``chain``: from the wanted superior upwards to the unit itself."""
    unit, superior = chain[-1], chain[0]
    cycle = [str(u) for u in reversed(chain)]
    if len(cycle) > 8:
        cycle = [*cycle[:4], "…", *cycle[-3:]]
    return _(
        "“%(unit)s” cannot be placed under “%(superior)s”, which stands below it: %(cycle)s. "
        "Choose another superior."
    ) % {"unit": unit, "superior": superior, "cycle": " → ".join(cycle)}


def _make_room(siblings, position):
    """Give the sibling at ``position``, and those behind as far as needed, a larger ``order``."""
    order = siblings[position - 1].order + 1 if position else 0
    if not position and len(siblings) > 1 and siblings[1].order > 0:
        order = siblings[1].order - 1
    for sibling in siblings[position:]:
        if sibling is not siblings[position] and sibling.order >= order:
            break
        sibling.order = order
        order += 1
    if order > _LARGEST_ORDER:
        for number, sibling in enumerate(siblings):
            sibling.order = number


def _siblings(parent_id, using):
    """The units under one superior (None: the top row) in their order."""
    rows = models.QuerySet(unit_model(), using=using)
    return list(rows.filter(parent_id=parent_id).only("code", "order").order_by("order", "code"))


def _fresh(unit, using):
    """The unit as the database has it, from a Unit or a code. Raises UnitGone."""
    model = unit_model()
    if isinstance(unit, model) and unit.pk is None:
        raise ValueError("A unit that was never saved has no place in the tree: save it first.")
    by = {"pk": unit.pk} if isinstance(unit, model) else {"code": unit}
    found = models.QuerySet(model, using=using).select_related("parent").filter(**by).first()
    if found is None:
        raise UnitGone
    return found


def _database(using):
    return using or router.db_for_write(unit_model())
