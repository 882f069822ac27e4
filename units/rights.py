"""Who may change which part of the structure. The one place where rights per sub-tree will enter.

Whether a *published* record may be changed is another question (``publishing.models.may_publish``):
it is asked of the unit that changes, not of the superior that a draft is placed under.
"""

from publishing.models import may_edit, may_publish
from units.models import Unit


def may_change(user, unit):
    """Whether ``user`` may change ``unit`` and what stands directly under it.

    ``unit`` None is the top of the structure: only who may publish units adds or moves units there.
    """
    if unit is None:
        return may_edit(user, Unit) and may_publish(user, Unit)
    return may_edit(user, Unit)


def why_not_move(user, unit, old_superior, new_superior):
    """The first of the three that ``user`` may not change as ``(unit or None,)``, or None.

    Both ends of a move count: taking a unit away from a superior changes that superior too.
    """
    for one in (unit, old_superior, new_superior):
        if not may_change(user, one):
            return (one,)
    return None
