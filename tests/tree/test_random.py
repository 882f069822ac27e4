"""Random work, compared with a plain dictionary after every step."""

import contextlib

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.extent import examples
from tests.factories import make_unit, make_unit_kind
from units import tree
from units.models import Unit

pytestmark = pytest.mark.django_db

CODES = "abcdefgh"
code = st.sampled_from(CODES)
superior = st.one_of(st.none(), code)
order = st.integers(0, 3)
step = st.one_of(
    st.tuples(st.just("add"), code, superior, order),
    st.tuples(st.just("read"), code),
    st.tuples(st.just("save"), code, superior, order),
    st.tuples(st.just("save copy"), code, superior, order),
    st.tuples(st.just("rename copy"), code),
    st.tuples(st.just("move"), code, superior, st.integers(0, 4)),
    st.tuples(st.just("bulk"), st.sets(code, max_size=3), superior),
    st.tuples(st.just("delete"), code),
    st.tuples(st.just("delete all"), st.sets(code, max_size=3)),
)


class Model:
    """What the tree should be: ``{code: (superior, order)}`` and nothing else."""

    def __init__(self):
        self.units = {}

    def above(self, unit):
        while unit is not None:
            yield unit
            unit = self.units[unit][0]

    def closes_a_cycle(self, unit, superior):
        return superior is not None and unit in self.above(superior)

    def below(self, superior):
        found = [(order, code) for code, (s, order) in self.units.items() if s == superior]
        return [code for _, code in sorted(found)]

    def outline(self, superior=None):
        return [(code, self.outline(code)) for code in self.below(superior)]


def stored_outline():
    """The tree as its numbers tell it."""
    top = []
    open_units = []
    for unit in Unit.objects.order_by("tree_id", "lft"):
        while open_units and not (
            open_units[-1][0].tree_id == unit.tree_id and open_units[-1][0].rght > unit.rght
        ):
            open_units.pop()
        below = []
        (open_units[-1][1] if open_units else top).append((unit.code, below))
        open_units.append((unit, below))
    return top


def get(code):
    return code and Unit.objects.get(code=code)


class Rollback(Exception):
    pass


@settings(max_examples=examples(50), deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(step, min_size=5, max_size=20))
def test_any_sequence_of_writes(steps):
    with contextlib.suppress(Rollback), transaction.atomic():
        play(steps)
        raise Rollback


def play(steps):
    kind = make_unit_kind()
    model, copies = Model(), {}
    for word, *values in steps:
        known = [v for v in values[:1] if not isinstance(v, set)] + values[1:2]
        if word != "add" and any(isinstance(v, str) and v not in model.units for v in known):
            continue
        globals()[word.replace(" ", "_")](model, copies, kind, *values)
        assert list(tree.check()) == []
        assert stored_outline() == model.outline()
        stored = Unit.objects.values_list("code", "parent__code", "order")
        assert {code: place for code, *place in stored} == {
            code: list(place) for code, place in model.units.items()
        }


def add(model, copies, kind, code, superior, order):
    if code in model.units or (superior is not None and superior not in model.units):
        return
    make_unit(code=code, slug=f"{code}-slug", kind=kind, parent=get(superior), order=order)
    model.units[code] = (superior, order)


def read(model, copies, kind, code):
    """Keep a copy that later steps make out of date."""
    copies[code] = get(code)
    if copies[code].parent_id:
        assert copies[code].parent.pk  # the superior in hand grows old as well


def save(model, copies, kind, code, superior, order):
    unit = get(code)
    _save(model, unit, superior, order)


def save_copy(model, copies, kind, code, superior, order):
    unit = copies.pop(code, None)
    if unit is None or not Unit.objects.filter(pk=unit.pk).exists():
        return
    _save(model, unit, superior, order)


def _save(model, unit, superior, order):
    changes_superior = unit.parent_id != (get(superior).pk if superior else None)
    changes_order = unit.order != order
    unit.parent, unit.order = get(superior), order
    # What this copy did not change itself stays as others have left it.
    now = model.units[unit.code]
    place = (superior if changes_superior else now[0], order if changes_order else now[1])
    if model.closes_a_cycle(unit.code, place[0]):
        with pytest.raises(ValidationError):
            unit.save()
    else:
        unit.save()
        model.units[unit.code] = place


def rename_copy(model, copies, kind, code):
    unit = copies.get(code)
    if unit is None:
        return
    unit.name_en = "Renamed"
    if Unit.objects.filter(pk=unit.pk).exists():
        unit.save()
    else:
        with pytest.raises(tree.UnitGone):
            unit.save()


def move(model, copies, kind, code, superior, position):
    if model.closes_a_cycle(code, superior):
        with pytest.raises(ValidationError):
            tree.move(code, superior, position)
        return
    siblings = [c for c in model.below(superior) if c != code]
    siblings.insert(position, code)
    tree.move(code, superior, position)
    # Which positions the siblings got is the tree's affair; their sequence is not.
    orders = dict(Unit.objects.values_list("code", "order"))
    model.units = {c: (place[0], orders[c]) for c, place in model.units.items()}
    model.units[code] = (superior, orders[code])
    assert model.below(superior) == siblings


def bulk(model, copies, kind, codes, superior):
    codes &= model.units.keys()
    if any(model.closes_a_cycle(c, superior) for c in codes):
        with pytest.raises((ValidationError, IntegrityError)), transaction.atomic():
            Unit.objects.filter(code__in=codes).update(parent=get(superior))
        return
    Unit.objects.filter(code__in=codes).update(parent=get(superior))
    for c in codes:
        model.units[c] = (superior, model.units[c][1])


def delete(model, copies, kind, code):
    if model.below(code):
        with pytest.raises(ProtectedError):
            get(code).delete()
        return
    get(code).delete()
    del model.units[code]


def delete_all(model, copies, kind, codes):
    codes &= model.units.keys()
    units = Unit.objects.filter(code__in=codes)
    if any(model.below(c) for c in codes):
        with pytest.raises(ProtectedError):
            units.delete()
        return
    units.delete()
    for c in codes:
        del model.units[c]
