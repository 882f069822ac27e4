"""Tree numbers from parent links, and what may be wrong with them.

The numbers of a sound tree are exact: in every tree ``lft`` of the top unit is 1 and each unit
takes ``2 × (units below it + 1)`` numbers. Tree ids rise in the order of the top row; gaps among
them are allowed, since deleting a top unit leaves one.

Everything here is linear in the number of units (besides the database's own sorting) and uses no
recursion, so that depth is limited by nothing.
"""

import json
from collections import defaultdict
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise

from django.core.exceptions import ValidationError
from django.db import IntegrityError, connections, models, router
from django.utils.translation import gettext as _

from .lock import unit_model, writing

_BATCH = 10_000


@dataclass(slots=True)
class _Row:
    """What the database has for a unit."""

    id: int
    parent_id: int | None
    code: str
    order: int
    lft: int
    rght: int
    level: int
    tree_id: int

    @property
    def numbers(self):
        return (self.lft, self.rght, self.level, self.tree_id)


def _read(using, tree_ids=None):
    """All rows (or those with the given tree ids), siblings in their order.

    The database sorts: code order is a matter of its collation, and single saves ask it, too.
    """
    rows = models.QuerySet(unit_model(), using=using).order_by("order", "code")
    if tree_ids is not None:
        rows = rows.filter(tree_id__in=tree_ids)
    return [_Row(*values) for values in rows.values_list(*_Row.__slots__)]


def _children_of(rows):
    """Rows by parent id, in their order; the top row under None."""
    children = defaultdict(list)
    for row in rows:
        children[row.parent_id].append(row)
    return children


def _numbers(children):
    """``{id: (lft, rght, level, tree_id)}`` for every unit that hangs under a top unit."""
    tops = children[None]
    tree_ids = [top.tree_id for top in tops]
    if any(a >= b for a, b in pairwise(tree_ids)) or (tree_ids and tree_ids[0] < 1):
        tree_ids = range(1, len(tops) + 1)
    numbers = {}
    for top, tree_id in zip(tops, tree_ids, strict=True):
        superiors_first, deepest = [], 0
        waiting = [(top.id, 0)]
        while waiting:
            unit = waiting.pop()
            superiors_first.append(unit)
            if below := children.get(unit[0]):
                level = unit[1] + 1
                deepest = max(deepest, level)
                waiting += [(row.id, level) for row in reversed(below)]
        # Backwards: what stands below a unit has just been counted, one level deeper. Before a
        # unit opens, all units ahead of it have opened and all but its superiors have closed.
        sizes = [0] * (deepest + 2)
        for position in range(len(superiors_first) - 1, -1, -1):
            id_, level = superiors_first[position]
            size = sizes[level + 1] + 1
            sizes[level + 1] = 0
            sizes[level] += size
            left = 2 * position - level + 1
            numbers[id_] = (left, left + 2 * size - 1, level, tree_id)
    return numbers


def renumber(tree_ids=None, *, using=None):
    """Compute the tree numbers anew from the parent links and return how many rows changed.

    ``tree_ids``: only these trees, when it is certain that nothing moved in or out of them; by
    default all. Takes the lock. Raises ValidationError when parent links run in a cycle or lead to
    a unit that does not exist; nothing is changed then.
    """
    using = using or router.db_for_write(unit_model())
    with writing(using):
        rows = _read(using, tree_ids)
        children = _children_of(rows)
        numbers = _numbers(children)
        if len(numbers) < len(rows) or (
            tree_ids is not None and not _stands_alone(children[None], set(tree_ids))
        ):
            if tree_ids is not None:
                return renumber(using=using)
            raise ValidationError(list(_wrong_links(rows)), code="cycle")
        changed = [(row.id, *numbers[row.id]) for row in rows if row.numbers != numbers[row.id]]
        _write(changed, using)
        return len(changed)


@contextmanager
def numbered_afterwards(using=None):
    """``writing()`` for what writes places past ``Unit.save()``: fixtures, bulk writes.

    The whole tree is numbered once, when the outermost such block ends. Raises ValidationError
    then, with all that was written in the block undone, where ``renumber()`` does, and where a
    unit was made its own superior.
    """
    using = using or router.db_for_write(unit_model())
    connection = connections[using]
    inside = getattr(connection, "tree_is_numbered_afterwards", False)
    with writing(using), _refusals_as_sentences():
        connection.tree_is_numbered_afterwards = True
        try:
            yield
        finally:
            connection.tree_is_numbered_afterwards = inside
        if not inside:
            renumber(using=using)


@contextmanager
def _refusals_as_sentences():
    """The rule of the database that a place broke, in the words that the model has for it."""
    try:
        yield
    except IntegrityError as error:
        for constraint in unit_model()._meta.constraints:
            if constraint.name in str(error):
                sentence = constraint.get_violation_error_message()
                raise ValidationError([sentence], code="cycle") from error
        raise


def numbers_after(added, moved, *, using=None):
    """What the tree numbers will be when units are added and moved, before either is written.

    ``added``: [(id, parent id or None, code, order)]; ``moved``: {id: (parent id or None, order)}.
    Returns ``({id: (lft, rght, level, tree_id)} of the added, [(id, lft, rght, level, tree_id)] of
    the others that change)``; the latter are for ``write_numbers()``. Only inside ``writing()`` is
    the answer still true when it is written. Cycles must have been refused before: what stands in
    one has no numbers and raises KeyError.
    """
    using = using or router.db_for_write(unit_model())
    rows = _read(using)
    for row in rows:
        if row.id in moved:
            row.parent_id, row.order = moved[row.id]
    there = len(rows)
    rows.extend(_Row(*values, 0, 0, 0, 0) for values in added)
    rank = _ranks([row.code for row in rows], using)
    in_order = sorted(rows, key=lambda row: (row.order, rank(row.code)))
    numbers = _numbers(_children_of(in_order))
    changed = [(row.id, *numbers[row.id]) for row in rows[:there] if row.numbers != numbers[row.id]]
    return {row.id: numbers[row.id] for row in rows[there:]}, changed


def _ranks(codes, using):
    """A function from a code to its rank, in the order of the database: it has a collation."""
    connection = connections[using]
    if connection.vendor != "postgresql":
        return str
    with connection.cursor() as cursor:
        cursor.execute("SELECT code FROM unnest(%s::text[]) AS t (code) ORDER BY code", [codes])
        ranks = {code: rank for rank, (code,) in enumerate(cursor.fetchall())}
    return ranks.__getitem__


def write_numbers(changed, *, using=None):
    """Write what ``numbers_after()`` said; after the units themselves are written."""
    _write(changed, using or router.db_for_write(unit_model()))


def _stands_alone(tops, tree_ids):
    """Whether each of these trees has its own number among ``tree_ids``."""
    found = [top.tree_id for top in tops]
    return len(found) == len(set(found)) and set(found) <= tree_ids


def _write(changed, using):
    """Write ``(id, lft, rght, level, tree_id)`` rows: one statement for a great many of them."""
    connection = connections[using]
    table = connection.ops.quote_name(unit_model()._meta.db_table)
    write = _write_arrays if connection.vendor == "postgresql" else _write_by_function
    for start in range(0, len(changed), _BATCH):
        write(changed[start : start + _BATCH], table, connection)


def _write_arrays(batch, table, connection):
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {table} AS unit SET lft = new.lft, rght = new.rght, "  # noqa: S608
            "level = new.level, tree_id = new.tree_id "
            "FROM unnest(%s::bigint[], %s::int[], %s::int[], %s::int[], %s::int[]) "
            "AS new (id, lft, rght, level, tree_id) WHERE unit.id = new.id",
            [list(column) for column in zip(*batch, strict=True)],
        )


def _write_by_function(batch, table, connection):
    """SQLite asks back for each number: a third quicker than a statement for each row."""
    numbers = {row[0]: row for row in batch}
    raw = connection.connection
    raw.create_function("new_number", 2, lambda id_, which: numbers[id_][which])
    try:
        with connection.cursor() as cursor:
            cursor.execute(
                f"UPDATE {table} SET lft = new_number(id, 1), rght = new_number(id, 2), "  # noqa: S608
                "level = new_number(id, 3), tree_id = new_number(id, 4) "
                "WHERE id IN (SELECT value FROM json_each(%s))",
                [json.dumps(list(numbers))],
            )
    finally:
        raw.create_function("new_number", 2, None)


def check(*, using=None):
    """Every violated rule of the tree as a sentence; nothing when it is sound.

    Reads without the lock, all rows in one statement, so writers do not wait for it.
    """
    using = using or router.db_for_read(unit_model())
    rows = _read(using)
    by_id = {row.id: row for row in rows}
    children = _children_of(rows)

    yield from _wrong_links(rows)
    for row in rows:
        if row.lft >= row.rght:
            yield _("%(unit)s: left number %(lft)s is not below right number %(rght)s.") % {
                "unit": row.code,
                "lft": row.lft,
                "rght": row.rght,
            }
    yield from _check_tops(children[None])
    for row in rows:
        superior = by_id.get(row.parent_id)
        if superior is not None:
            yield from _check_below(row, superior)
    for parent_id, siblings in children.items():
        if parent_id is not None:
            yield from _check_neighbours(siblings)
    yield from _check_widths(rows, children)


def _wrong_links(rows):
    """A sentence for every cycle of superiors, and for every superior that does not exist."""
    for cycle in _cycles(rows):
        yield _cycle_sentence(cycle)
    there = {row.id for row in rows}
    for row in rows:
        if row.parent_id is not None and row.parent_id not in there:
            yield _("%(unit)s: its superior (number %(parent)s) does not exist.") % {
                "unit": row.code,
                "parent": row.parent_id,
            }


def _check_tops(tops):
    for top in tops:
        if top.level != 0:
            yield _("%(unit)s: stands at the top but has level %(level)s, not 0.") % {
                "unit": top.code,
                "level": top.level,
            }
        if top.lft != 1:
            yield _("%(unit)s: stands at the top but its numbers begin at %(lft)s, not 1.") % {
                "unit": top.code,
                "lft": top.lft,
            }
    for first, second in pairwise(tops):
        if first.tree_id >= second.tree_id:
            yield _(
                "%(first)s and %(second)s, at the top: tree numbers %(a)s and %(b)s do not rise."
            ) % {
                "first": first.code,
                "second": second.code,
                "a": first.tree_id,
                "b": second.tree_id,
            }


def _check_below(row, superior):
    names = {"unit": row.code, "superior": superior.code}
    if row.tree_id != superior.tree_id:
        yield _("%(unit)s: tree number %(a)s differs from %(b)s of its superior %(superior)s.") % {
            **names,
            "a": row.tree_id,
            "b": superior.tree_id,
        }
    if row.level != superior.level + 1:
        yield _("%(unit)s: level %(a)s under its superior %(superior)s of level %(b)s.") % {
            **names,
            "a": row.level,
            "b": superior.level,
        }
    if not superior.lft < row.lft <= row.rght < superior.rght:
        yield _(
            "%(unit)s: numbers %(a)s–%(b)s do not lie within %(c)s–%(d)s of its superior "
            "%(superior)s."
        ) % {**names, "a": row.lft, "b": row.rght, "c": superior.lft, "d": superior.rght}


def _check_neighbours(siblings):
    for first, second in pairwise(siblings):
        if first.rght >= second.lft:
            yield _(
                "%(first)s and %(second)s under one superior: numbers %(a)s–%(b)s and %(c)s–%(d)s "
                "overlap or are in the wrong order."
            ) % {
                "first": first.code,
                "second": second.code,
                "a": first.lft,
                "b": first.rght,
                "c": second.lft,
                "d": second.rght,
            }


def _check_widths(rows, children):
    """Each unit takes two numbers for itself and for every unit below it."""
    parents_first = list(children[None])
    for row in parents_first:  # grows while it is read
        parents_first.extend(children[row.id])
    sizes = dict.fromkeys((row.id for row in parents_first), 1)
    for row in reversed(parents_first):
        if row.parent_id is not None:
            sizes[row.parent_id] += sizes[row.id]
    for row in parents_first:
        if row.lft < row.rght and row.rght - row.lft + 1 != 2 * sizes[row.id]:
            yield _(
                "%(unit)s: numbers %(lft)s–%(rght)s do not fit the %(count)s units below it."
            ) % {
                "unit": row.code,
                "lft": row.lft,
                "rght": row.rght,
                "count": sizes[row.id] - 1,
            }


def cycles(*, using=None):
    """The cycles in the parent links: lists of codes, each followed by its superior's."""
    using = using or router.db_for_read(unit_model())
    return [[row.code for row in cycle] for cycle in _cycles(_read(using))]


def _cycles(rows):
    by_id = {row.id: row for row in rows}
    done, found = set(), []
    for row in rows:
        path, on_path = [], set()
        here = row
        while here is not None and here.id not in done and here.id not in on_path:
            path.append(here)
            on_path.add(here.id)
            here = by_id.get(here.parent_id)
        if here is not None and here.id in on_path:
            cycle = path[[r.id for r in path].index(here.id) :]
            lowest = cycle.index(min(cycle, key=lambda r: r.code))
            found.append(cycle[lowest:] + cycle[:lowest])
        done |= on_path
    return found


def _cycle_sentence(cycle):
    codes = [row.code for row in cycle]
    if len(codes) > 12:
        codes = [*codes[:6], "…", *codes[-5:]]
    return _(
        "These are under each other in a circle: %(cycle)s. None of them leads to the top."
    ) % {"cycle": " → ".join([*codes, cycle[0].code])}


def break_cycles(*, using=None):
    """Move the unit with the lowest code of every cycle to the end of the top row.

    Returns the cycles as they were, lists of codes that begin with the moved unit. Numbers are
    left to ``renumber()``. Which superior was meant nobody can know, so this is done on request
    only (``check_tree --repair --break-cycles``) and leaves the choice visible at the top.
    """
    using = using or router.db_for_write(unit_model())
    with writing(using):
        rows = _read(using)
        found = _cycles(rows)
        order = max((row.order for row in rows if row.parent_id is None), default=-1) + 1
        units = models.QuerySet(unit_model(), using=using)
        for number, cycle in enumerate(found):
            units.filter(pk=cycle[0].id).update(parent=None, order=order + number)
        return [[row.code for row in cycle] for cycle in found]
