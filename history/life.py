"""What the events tell of a unit's life: changes, seats, predecessors and successors."""

from history.models import Event
from units.moments import HAPPENING, OF_A_SORT, Moment, offers_moments


@offers_moments
def events(unit, as_of):
    """The visible events of a unit in the order of time; a constant number of queries."""
    shown = Event.objects.visible_to(as_of.user).with_unit(unit).in_time_order()
    shown = shown.with_participants(as_of.user)
    for number, event in enumerate(shown[: OF_A_SORT + 1]):
        yield Moment(
            f"event-{event.slug}", "history/_moment_event.html", event.date,
            rank=HAPPENING, order=number, record=event, lasts=not event.is_moment,
        )  # fmt: skip
