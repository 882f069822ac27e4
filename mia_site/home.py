"""What the home page chooses by itself."""

from collections import Counter

from django.db.models import Count, F

from history.models import Participation
from publishing.models import refers_to
from units.models import Link

PLACES_TO_START = 6
# How many of the most visited are looked at; some may be hidden or without a summary.
LED_TO = 200
GLANCE = 60


def glance(as_of, institution):
    """The units right below the institution, or at the top where there is none, that certainly
    exist on the date, with the number of those below each; else whatever else certainly did."""
    certain = as_of.expected_units()
    first = as_of.sub_units(institution) if institution else as_of.known_tops()
    # Asked unit by unit: as a list the certain ones would be all units of the site.
    shown = first.filter(refers_to("pk", certain))
    if as_of.on is not None and not shown.exists():
        shown = certain.exclude(pk=institution.pk) if institution else certain
    return as_of.prepare(as_of.count_sub_units(shown[:GLANCE]))


def places_to_start(as_of, institution):
    """The units of the institution with the most to read, for visitors who know no name.

    Those that most events and “see also” links lead to come first, then those with most parts
    among the units right below it. Units without a summary in the reader's language are left out:
    a card would say nothing.
    """
    told = as_of.units_below(institution).filter(summary__gt="")
    ways = _ways_to_units(as_of.user)
    led_to = told.filter(pk__in=ways).order_by("lft")
    found = sorted(led_to, key=lambda unit: (-ways[unit.pk], unit.lft - unit.rght))
    found = found[:PLACES_TO_START]
    if missing := PLACES_TO_START - len(found):
        rest = as_of.sub_units(institution).filter(summary__gt="")
        rest = rest.exclude(pk__in=[unit.pk for unit in found])
        found += rest.order_by(F("lft") - F("rght"), "lft")[:missing]
    return found


def _ways_to_units(user):
    """``Counter({unit id: how many events and links lead there})`` of those with the most.

    Few records lead to a unit, however many units there are: so those are counted.
    """
    events = Participation.objects.visible_to(user).exclude(unit=None).values_list("unit")
    links = Link.objects.exclude(target=None).values_list("target")
    counted = (
        events.annotate(number=Count("event", distinct=True)),
        links.annotate(number=Count("pk")),
    )
    ways = Counter()
    for rows in counted:
        ways.update(dict(rows.order_by("-number")[:LED_TO]))
    return ways
