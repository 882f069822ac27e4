"""What a reader may see of units, bodies outside and dated rows, whatever the date asked about."""

from datetime import date
from functools import cached_property

from django.db.models import Q
from django.utils import timezone

from publishing.models import is_published, may_edit
from structure.as_of.prepared import PreparedAnswers
from structure.as_of.superior_rows import SuperiorRows
from units.models import DatedName, DatedSuperior, ExternalBody, Link, Unit

# Of more units at the top than this none is above all others.
FEW_TOPS = 20


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
        return not self.may_edit_units and any(
            self._answers[reason] is not None for reason in ("not_published", "not_yet")
        )

    @cached_property
    def hidden_bodies(self):
        """The ids of the bodies outside that the reader may not see, in a list."""
        hidden = ExternalBody.objects.hidden_from(self.user).order_by()
        return list(hidden.values_list("pk", flat=True))

    @cached_property
    def first_change(self):
        """The day of the first row to come, or None."""
        days = (self._answers["first_name"], self._answers["first_superior"])
        days = (date.fromisoformat(day) if isinstance(day, str) else day for day in days)
        return min(filter(None, days), default=None)

    @property
    def rows_decide_today(self):
        """Whether a dated superior is to be asked for today, too, though no row to come is due:
        where the superior on the row of its unit has ended, or may have, or does not exist yet."""
        return self._answers["in_doubt"] is not None

    @cached_property
    def _answers(self):
        return ANSWERS.ask()

    @property
    def is_due(self):
        """Whether a row to come has its day and does not stand on the row of its unit yet."""
        return self.first_change is not None and self.first_change <= timezone.localdate()


def _to_come(model):
    rows = model.objects.filter(takes_effect__isnull=False).order_by("takes_effect")
    return rows.values("takes_effect")


def _in_doubt(today):
    gone = Q(unit__parent__dissolved_earliest__lte=today)
    gone |= Q(unit__parent__founded_earliest__gt=today)
    # By the index of the end alone, which almost no row passes; who begins later does no harm.
    not_over = Q(end_latest__gt=today) | Q(end_latest__isnull=True)
    return DatedSuperior.objects.filter(gone, not_over).order_by().values("pk")


# Whether there is anything at all to look for: almost every page asks, and almost always not.
ANSWERS = PreparedAnswers(
    first_name=lambda now, today: _to_come(DatedName),
    first_superior=lambda now, today: _to_come(DatedSuperior),
    in_doubt=lambda now, today: _in_doubt(today),
    not_published=lambda now, today: Unit.objects.hidden_from_the_public(now)[0].values("pk"),
    not_yet=lambda now, today: Unit.objects.hidden_from_the_public(now)[1].values("pk"),
)
