"""Predecessors and successors of a unit, derived from the events and never stored.

A body before an event of a kind in that makes successors is a predecessor of every other body after
it. Over time this makes real cycles (a part leaves and comes back), so every walk remembers whom
it has met.
"""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q

from history.event_kinds import kinds_that
from history.models import Event, Participation, Side

# A chain of bodies that is longer than this goes on behind the link to the farthest one.
FARTHEST = 8


@dataclass(frozen=True)
class Kin:
    """A predecessor or successor: a unit or external body, by which event, how many steps away."""

    participation: Participation
    event: Event
    distance: int

    @property
    def participant(self):
        return self.participation.participant


def predecessors(unit, user=None, farthest=FARTHEST):
    """What became this unit, nearest first: a list of :class:`Kin` that ``user`` may see."""
    return _walk(unit, user, Side.AFTER, Side.BEFORE, farthest)


def successors(unit, user=None, farthest=FARTHEST):
    """What this unit became, nearest first: a list of :class:`Kin` that ``user`` may see."""
    return _walk(unit, user, Side.BEFORE, Side.AFTER, farthest)


def has_kin(unit, user=None):
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


def _walk(unit, user, from_side, to_side, farthest):
    """Breadth first; one step costs four queries, however many bodies it meets."""
    visible = Participation.objects.visible_to(user).of_lineage()
    start = ("unit", unit.pk)
    met, found, standing = {start}, [], Q(unit=unit)
    for distance in range(1, farthest + 1):
        events = visible.filter(standing, side=from_side).values("event")
        step = visible.filter(side=to_side, event__in=events).order_by(
            "event__date_earliest", "event__order", "id"
        )
        fresh = []
        for participation in step.select_related("event").prefetch_related("unit", "external_body"):
            key = _key(participation)
            if key not in met:
                met.add(key)
                fresh.append(participation)
        found += [Kin(one, one.event, distance) for one in fresh]
        if not fresh:
            break
        standing = Q(unit__in=[one.unit_id for one in fresh if one.unit_id]) | Q(
            external_body__in=[one.external_body_id for one in fresh if one.external_body_id]
        )
    return found


def _key(participation):
    if participation.unit_id:
        return ("unit", participation.unit_id)
    return ("body", participation.external_body_id)
