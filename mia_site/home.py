"""What the home page chooses by itself."""

from django.db.models import Count, Exists, F, OuterRef, Q

from history.models import Event

PLACES_TO_START = 6
GLANCE = 60


def glance(as_of, institution):
    """The units right below the institution that certainly exist on the date, with the number of
    those below each; where there is none, whatever else did."""
    certain = as_of.certain_units()
    # Asked unit by unit below the institution: as a list it would be all units of the site.
    is_certain = Exists(certain.order_by().filter(pk=OuterRef("pk")))
    below = as_of.sub_units(institution).filter(is_certain)
    if as_of.on is not None and not below.exists():
        below = certain.exclude(pk=institution.pk)
    return as_of.prepare(as_of.count_sub_units(below[:GLANCE]))


def places_to_start(as_of, institution):
    """The units of the institution with the most to read, for visitors who know no name.

    Those that most events and “see also” links lead to come first, then those with most parts.
    Units without a summary in the reader's language are left out: a card would say nothing.
    """
    events = Event.objects.visible_to(as_of.user)
    units = as_of.units_below(institution).filter(summary__gt="")
    led_to = Count("participations", filter=Q(participations__event__in=events), distinct=True)
    pointed_to = Count("linked_from", distinct=True)
    units = units.annotate(ways=led_to + pointed_to)
    return units.order_by("-ways", F("lft") - F("rght"), "lft")[:PLACES_TO_START]
