"""What the page and the file of a unit's lineage show."""

from functools import cached_property

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from chronology import HistoricalDate
from chronology.display import display, unbroken
from history.family import Family
from history.family_drawing import drawing_of
from structure.dated_addresses import dated
from units.models import Unit


class FamilyPage:
    """The lineage of the unit with this slug, for the reader and the date of the request.

    Raises Http404 where the reader may not see the unit.
    """

    def __init__(self, request, slug):
        self.as_of = request.as_of
        self.unit = get_object_or_404(self.as_of.reader.units(), slug=slug)
        self.family = Family(self.unit, request.user)
        units = [one for one in self.family.bodies.values() if isinstance(one, Unit)]
        self.as_of.prepare(units)

    @cached_property
    def drawing(self):
        return drawing_of(self.family, self.as_of)

    @property
    def title(self):
        return _("Lineage: %(name)s") % {"name": self.as_of.name(self.unit)}

    @property
    def state(self):
        """Of which day the names are, in words."""
        day = self.as_of.on or HistoricalDate.from_date(timezone.localdate())
        return _("State of %(date)s") % {"date": unbroken(display(day))}

    @property
    def address(self):
        return dated(reverse("history:lineage", args=[self.unit.slug]), self.as_of)

    @property
    def context(self):
        drawing = self.drawing if self.family else None
        shown = {"unit": self.unit, "family": self.family, "title": self.title}
        return {**shown, "drawing": drawing}
