"""Dates that a visitor may want to see the site at: those of the great events."""

from django.db.models import Exists, OuterRef, Q

from history.event_kinds import kinds_that
from history.models import Event, Participation, Side

MOST = 4
_TITLES = Event.title_fields()
_LOOKED_AT = 60


def landmarks(as_of):
    """The visible milestones that changed the institution itself, in the order of time, at most
    four; where there is none, those of any unit. One query beside that for the institution.
    """
    institution = as_of.institution
    part = Participation.objects.filter(event=OuterRef("pk"), unit=institution and institution.pk)
    # In a founding it is the institution that was founded, not a part of it.
    part = part.filter(~Q(event__kind__in=kinds_that("founds")) | Q(side=Side.AFTER))
    events = Event.objects.visible_to(as_of.user).milestones().annotate(own=Exists(part))
    events = events.filter(kind__in=kinds_that("is_landmark"), date_earliest__isnull=False).only(
        "code", "date", *_TITLES
    )
    events = list(events.order_by("date_earliest", "order", "code")[:_LOOKED_AT])
    return ([event for event in events if event.own] or events)[:MOST]
