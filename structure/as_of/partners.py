"""Which bodies outside were partners of the institution on a date."""

from django.db.models import Q

from chronology import Certainty, Period, days_of
from units.existence import how_surely, life_outside, may_meet, possibly, witnessed


def partners(as_of):
    """The bodies outside that were partners on the date for all we know, in order: those that
    became partners later are left out, those of whom nobody knows since when are not."""
    found = as_of.reader.bodies().filter(is_partner=True).order_by("order", "code")
    if as_of.on is None:
        return found.filter(possibly(None))
    institution = as_of.today.institution
    if institution is not None and not as_of.existence(institution):
        return found.none()
    _first, last = days_of(as_of.on)
    begun = Q(partner_since_earliest__isnull=True) | Q(partner_since_earliest__lte=last)
    return found.filter(begun, possibly(as_of.on), may_meet("partner_since", None, ""))


def dated_partners(as_of):
    """Those of them of whom it is known since when, or that they were on the date; a list."""
    return [
        body
        for body in partners(as_of)
        if body.partner_since_earliest
        or as_of.is_to_come
        or how_surely(_partnership(body), as_of.on) is Certainty.CERTAIN
    ]


def _partnership(body):
    return witnessed(Period.of(body.partner_since, None)).within(life_outside(body))
