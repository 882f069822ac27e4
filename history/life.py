"""What the events tell of a unit's life: changes, seats, predecessors and successors."""

from django.db.models import prefetch_related_objects

from history.models import Event, participants_seen_by
from structure.moments import HAPPENING, OF_A_SORT, Moment, offers_moments


@offers_moments
def events(unit, as_of):
    """The visible events of a unit in the order of time; a constant number of queries."""
    shown = as_of.once(("events", unit.pk), lambda: _events(unit, as_of.user))
    for number, event in enumerate(shown):
        yield Moment(
            f"event-{event.slug}", "history/_moment_event.html", event.date,
            rank=HAPPENING, order=number, record=event, lasts=not event.is_moment,
        )  # fmt: skip


def _events(unit, user):
    events = Event.objects.visible_to(user).with_unit(unit).in_time_order()
    found = list(events[: OF_A_SORT + 1])
    if found:  # most units have none
        prefetch_related_objects(found, participants_seen_by(user))
    return found


def took_part_in_nothing(unit, as_of):
    """Whether the page has found already that the reader sees no event of the unit."""
    return as_of.known(("events", unit.pk)) == []
