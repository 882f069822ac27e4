"""What a reader may see of units, bodies outside and dated rows, whatever the date asked about."""

from datetime import date
from functools import cached_property

from django.db.models import DateField, Q, Value
from django.utils import timezone

from publishing.models import is_published, may_edit
from structure.as_of.superior_rows import SuperiorRows
from units.models import DatedName, DatedSuperior, ExternalBody, Link, Unit

# Of more units at the top than this none is above all others.
FEW_TOPS = 20
# Stands among the days of rows to come, before all of them: see ``rows_decide_today``.
_IN_DOUBT = date.min


class Reader:
    """What ``user`` (None: the public) may see. One is made for a page, and what it has asked once
    it knows, so that the page's answers for today and for its date share it."""

    def __init__(self, user=None):
        self.user = user
        self.present_chains = {}  # {unit id: [units above it today]}
        self.superior_rows = SuperiorRows(self)
        self.without_dated_names = set()  # ids of units of which it was read that they have none

    def units(self):
        """Every unit that the reader may see, whether or not it exists on a date."""
        return self._units.all()

    @cached_property
    def _units(self):  # put together once, since a page asks for them again and again
        return Unit.objects.visible_to(self.user)

    @cached_property
    def tops(self):
        """Those of them at the top; of more than a few only so many as show that they are more."""
        return list(self.units().filter(parent=None).order_by()[: FEW_TOPS + 1])

    def seen(self, path):
        """Whether the reader may see a unit, as a Q; ``path``: ``"unit__"`` and the like."""
        return Q() if self.may_edit_units else is_published(path=path)

    def bodies(self):
        """The bodies outside that the reader may see."""
        return ExternalBody.objects.visible_to(self.user)

    def names(self):
        """The DatedName rows of all units that the reader may know of."""
        return DatedName.objects.begun_or_announced(self.user)

    def superiors(self):
        """The DatedSuperior rows of all units that the reader may know of."""
        return DatedSuperior.objects.begun_or_announced(self.user)

    def superiors_seen(self):
        """Those of them with a superior that the reader may see."""
        seen = Q(parent__in=self.units()) | Q(external_body__in=self.bodies())
        seen |= Q(parent=None, external_body=None)
        return self.superiors().filter(seen).select_related("parent", "external_body")

    def links(self, unit):
        """“See also” of the unit, without those that lead to a unit the reader may not see."""
        seen = Q(target__isnull=True) | Q(target__in=self.units())
        links = Link.objects.filter(seen, unit=unit).select_related("target")
        return links.order_by("order", "code")

    @cached_property
    def today(self):
        """Today's date, the same for all of a page."""
        return timezone.localdate()

    @cached_property
    def may_edit_units(self):
        return may_edit(self.user, Unit)

    @cached_property
    def has_hidden_units(self):
        """Whether there are units that the reader may not see."""
        return Unit.objects.hides_any_from(self.user)

    @cached_property
    def hidden_bodies(self):
        """The ids of the bodies outside that the reader may not see, in a list."""
        hidden = ExternalBody.objects.hidden_from(self.user).order_by()
        return list(hidden.values_list("pk", flat=True))

    @property
    def first_change(self):
        """The day of the first row to come, or None."""
        return next((day for day in self._days_of_rows if day != _IN_DOUBT), None)

    @property
    def rows_decide_today(self):
        """Whether a dated superior is to be asked for today, too, though no row to come is due:
        where the superior on the row of its unit has ended, or may have, or does not exist yet."""
        return _IN_DOUBT in self._days_of_rows

    @cached_property
    def _days_of_rows(self):
        """The first two of the days of rows to come and ``_IN_DOUBT``; one query."""
        names, superiors = (
            model.objects.filter(takes_effect__isnull=False).order_by().values_list("takes_effect")
            for model in (DatedName, DatedSuperior)
        )
        today = timezone.localdate()
        gone = Q(unit__parent__dissolved_earliest__lte=today)
        gone |= Q(unit__parent__founded_earliest__gt=today)
        # By the index of the end alone, which almost no row passes; who begins later does no harm.
        not_over = Q(end_latest__gt=today) | Q(end_latest__isnull=True)
        rows = DatedSuperior.objects.filter(gone, not_over).order_by()
        doubt = rows.values_list(Value(_IN_DOUBT, output_field=DateField()))
        found = names.union(superiors, doubt).order_by("takes_effect")[:2]
        return [day for (day,) in found]

    @property
    def is_due(self):
        """Whether a row to come has its day and does not stand on the row of its unit yet."""
        return self.first_change is not None and self.first_change <= timezone.localdate()
