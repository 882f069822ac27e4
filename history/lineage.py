"""What a unit came from and became, in one step, and how it ended; derived from events, not stored.

A body before an event of a kind that makes successors is a predecessor of every other body after
it. The lineage over all generations is a ``history.family.Family``.
"""

from django.db.models import Exists, OuterRef, Q

from history.event_kinds import kinds_that
from history.models import Event, Participation, Side


def successors(unit, user=None):
    """What this unit became, in the order of time: a list of Participation that ``user`` may see,
    one for each unit or body outside; three queries at most."""
    visible = Participation.objects.visible_to(user).of_lineage()
    events = visible.filter(unit=unit, side=Side.BEFORE).values("event")
    became = visible.filter(side=Side.AFTER, event__in=events).exclude(unit=unit)
    became = became.order_by("event__date_earliest", "event__order", "id")
    found = {}
    for one in became.prefetch_related("unit", "external_body"):
        found.setdefault(one.participant, one)
    return list(found.values())


def has_lineage(unit, user=None):
    """Whether the unit has a predecessor or a successor that ``user`` may see; one query."""
    visible = Participation.objects.visible_to(user).of_lineage()
    others = visible.filter(event=OuterRef("event")).exclude(unit=OuterRef("unit"))
    became = Exists(others.filter(side=Side.AFTER))
    came = Exists(others.filter(side=Side.BEFORE))
    own = visible.filter(unit=unit)
    return own.filter(Q(became, side=Side.BEFORE) | Q(came, side=Side.AFTER)).exists()


def closing_event(unit, user=None):
    """The last event that ``user`` may see in which the unit ended, or None."""
    ended = Participation.objects.filter(unit=unit, side=Side.BEFORE)
    stayed = Participation.objects.filter(unit=unit, side=Side.AFTER)
    return (
        Event.objects.visible_to(user)
        .filter(kind__in=kinds_that("closes"), pk__in=ended.values("event"))
        .exclude(pk__in=stayed.values("event"))
        .in_time_order()
        .last()
    )
