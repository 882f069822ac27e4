"""The tree of units: the one lock, placing, numbering, checking.

``parent`` and the order among siblings (``order``, then ``code``) are the truth;
``lft, rght, level, tree_id`` are an index of it. Whoever reads units in order to change the tree
does both inside ``writing()``:

    with tree.writing():
        old = tree.move("police-baku", parent="ministry", position=0)
    tree.restore("police-baku", old)

``Unit.save()``, ``Unit.delete()`` and the writing methods of ``Unit.objects`` enter it themselves,
the calls of django-mptt included: each keeps the tree, or is refused with a sentence that says what
to use (``tests/tree/test_mptt.py`` shows the usual ones, ``test_library_calls.py`` all of them).

What django-mptt reads, such as ``get_descendants()``, ``get_ancestors()``, ``get_children()``,
``add_related_count()`` and ``{% recursetree %}``, is the stored tree: what stands where now, drafts
and dissolved units included, by the numbers of the unit in hand. It is no answer for a date or for
a reader. Pages ask ``structure.as_of`` instead: ``AsOf.superiors()``, ``sub_units()``, ``outline``.
"""

from .lock import TreeBusy, TreeRefusal, UnitGone, writing
from .numbering import (
    break_cycles,
    check,
    cycles,
    numbered_afterwards,
    numbers_after,
    renumber,
    write_numbers,
)
from .placement import (
    Placement,
    UnderItself,
    check_superior,
    insert,
    move,
    move_to,
    placement_of,
    restore,
)

__all__ = [
    "Placement",
    "TreeBusy",
    "TreeRefusal",
    "UnderItself",
    "UnitGone",
    "break_cycles",
    "check",
    "check_superior",
    "cycles",
    "insert",
    "move",
    "move_to",
    "numbered_afterwards",
    "numbers_after",
    "placement_of",
    "renumber",
    "restore",
    "write_numbers",
    "writing",
]
