"""The lineage of a unit: all that became it, all that it became, event by event.

A *step* is one event with the bodies before it and after it that belong to the family: those that
became the unit, over any number of events, and those that it became. List and drawing are both
made from the steps, so they say the same. Over time there are real cycles (a part leaves and
comes back); every body is followed once only.

The family is read generation by generation, nearest first, each at a constant number of queries,
and stops at a size that can be shown; what is left out is counted and said.
"""

import datetime
from collections import defaultdict
from dataclasses import dataclass, field
from itertools import count

from django.db.models import Count, F, Q, Window
from django.db.models.functions import RowNumber

from history.models import Event, Participation, Side
from units.models import ExternalBody, Unit

# In each direction so many bodies and generations are followed, so many events in a generation,
# and so many bodies of one side of an event.
BODIES = 60
GENERATIONS = 12
EVENTS = 60
A_SIDE = 24


@dataclass
class Step:
    """One event that turned some bodies of the family into others.

    ``before``, ``after``: keys of bodies, see :class:`Family`; one that stands on both sides is
    named only where it became, or came from, another one. ``rest_before``, ``rest_after``: how
    many more took part on that side and are not named, since they are not of the family or there
    are too many.
    """

    event: Event
    before: list = field(default_factory=list)
    after: list = field(default_factory=list)
    rest_before: int = 0
    rest_after: int = 0


class Family:
    """The lineage of ``unit`` as far as ``user`` may see it.

    ``bodies``: ``{key: Unit or ExternalBody}``, a key being ``("unit", pk)`` or ``("body", pk)``.
    ``steps``: in the order of time, those without a date last. ``ancestors``, ``descendants``:
    ``{key: generations away}``. ``left_out``: whether the family goes on beyond what is shown.

    A hidden event or body ends a line: nothing is shown of it and nothing is reached through it.
    Two queries a generation and direction, and five more.
    """

    def __init__(self, unit, user=None):
        self.key = ("unit", unit.pk)
        self.left_out = False
        self._visible = Participation.objects.visible_to(user).of_lineage()
        self._events = set()
        self.ancestors = self._follow(Side.AFTER, Side.BEFORE)
        self.descendants = self._follow(Side.BEFORE, Side.AFTER)
        self.steps = sorted(self._read_steps(), key=lambda step: in_time(step.event))
        self.bodies = self._read_bodies(unit)

    def __bool__(self):
        return bool(self.steps)

    def body(self, key):
        """The Unit or ExternalBody of a key."""
        return self.bodies[key]

    def _follow(self, from_side, to_side):
        """All bodies in one direction, nearest first: ``{key: generations away}``."""
        met, standing = {}, [self.key]
        for distance in count(1):
            fresh = []
            for event, far in self._links(standing, from_side, to_side):
                if far != self.key and far not in met:
                    if distance > GENERATIONS or len(met) == BODIES:
                        self.left_out = True
                        continue
                    met[far] = distance
                    fresh.append(far)
                self._events.add(event)
            if not fresh:
                return met
            standing = fresh

    def _links(self, standing, from_side, to_side):
        """Yields ``(event id, key on the other side)`` of those standing; two queries."""
        among = Q(unit__in=_ids(standing, "unit")) | Q(external_body__in=_ids(standing, "body"))
        rows = self._visible.filter(among, side=from_side).order_by(*_IN_TURN)
        near = defaultdict(list)
        for event, *participant in rows.values_list(*_COLUMNS)[: EVENTS * BODIES]:
            near[event].append(_key(*participant))
        events = list(near)[:EVENTS]
        self.left_out |= len(near) > EVENTS
        place = Window(RowNumber(), partition_by="event", order_by="id")
        others = self._visible.filter(side=to_side, event__in=events).annotate(place=place)
        others = others.filter(place__lte=A_SIDE).order_by(*_IN_TURN)
        for event, *participant in others.values_list(*_COLUMNS):
            far = _key(*participant)
            if set(near[event]) - {far}:
                yield event, far

    def _read_steps(self):
        """The steps: who of the family stands on which side, how many others do; three queries."""
        events = Event.objects.in_bulk(self._events)
        keys = {self.key, *self.ancestors, *self.descendants}
        taking_part = self._visible.filter(event__in=events).order_by()
        of_family = Q(unit__in=_ids(keys, "unit")) | Q(external_body__in=_ids(keys, "body"))
        sides = {pk: {Side.BEFORE: [], Side.AFTER: []} for pk in events}
        named = taking_part.filter(of_family).exclude(side=Side.SUBJECT).order_by("id")
        for event, side, *participant in named.values_list("event", "side", *_COLUMNS[1:]):
            sides[event][side].append(_key(*participant))
        counts = taking_part.values_list("event", "side").annotate(count=Count("pk"))
        total = {(event, side): count for event, side, count in counts}
        for pk, event in events.items():
            before, after = sides[pk][Side.BEFORE], sides[pk][Side.AFTER]
            yield Step(
                event,
                [one for one in before if set(after) - {one}],
                [one for one in after if set(before) - {one}],
                total.get((pk, Side.BEFORE), 0) - len(before),
                total.get((pk, Side.AFTER), 0) - len(after),
            )

    def _read_bodies(self, unit):
        keys = {self.key, *self.ancestors, *self.descendants}
        units = Unit.objects.in_bulk(_ids(keys, "unit"))
        outside = ExternalBody.objects.in_bulk(_ids(keys, "body"))
        found = {("unit", pk): one for pk, one in units.items()}
        found |= {("body", pk): one for pk, one in outside.items()}
        return found | {self.key: unit}


_COLUMNS = ("event", "unit", "external_body")
_IN_TURN = (F("event__date_earliest").asc(nulls_last=True), "event__order", "event", "id")


def in_time(event):
    """The key by which events stand in the order of time; those without a date come last."""
    day = event.date_earliest or event.date_latest
    return (day is None, day or datetime.date.max, event.order, event.code)


def _key(unit, body):
    return ("unit", unit) if unit else ("body", body)


def _ids(keys, sort):
    return [pk for kind, pk in keys if kind == sort]
