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
    """The units right below the institution that certainly exist on the date, with the number of
    those below each; where there is none, whatever else did. Without an institution: the top."""
    if institution is None:
        return as_of.prepare(as_of.count_sub_units(as_of.known_tops()[:GLANCE]))
    certain = as_of.certain_units()
    # Asked unit by unit below the institution: as a list it would be all units of the site.
    below = as_of.sub_units(institution).filter(refers_to("pk", certain))
    if as_of.on is not None and not below.exists():
        below = certain.exclude(pk=institution.pk)
    return as_of.prepare(as_of.count_sub_units(below[:GLANCE]))


def places_to_start(as_of, institution):
    """The units of the institution with the most to read, for visitors who know no name.

    Those that most events and “see also” links lead to come first, then those with most parts
    among the units right below it. Units without a summary in the reader's language are left out:
    a card would say nothing.
    """
    told = as_of.units_below(institution).filter(summary__gt="")
    ways = Counter()
    for records, unit in (
        (Participation.objects.visible_to(as_of.user), "unit"),
        (Link.objects.all(), "target"),
    ):
        # Few records lead somewhere, however many units there are: those are counted.
        counted = records.filter(**{f"{unit}__isnull": False}).order_by().values_list(unit)
        number = Count("event", distinct=True) if unit == "unit" else Count("pk")
        ways.update(dict(counted.annotate(number=number).order_by("-number")[:LED_TO]))
    led_to = told.filter(pk__in=ways).order_by("lft")
    found = sorted(led_to, key=lambda unit: (-ways[unit.pk], unit.lft - unit.rght))
    found = found[:PLACES_TO_START]
    if missing := PLACES_TO_START - len(found):
        rest = as_of.sub_units(institution).filter(summary__gt="")
        rest = rest.exclude(pk__in=[unit.pk for unit in found])
        found += rest.order_by(F("lft") - F("rght"), "lft")[:missing]
    return found
