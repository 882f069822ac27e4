"""A name or a superior that changes: what is kept of the old one, and since when the new one holds.

Whoever changes them says which it is: a correction (it was always so), a change since a date, or a
change of which nobody knows when. Nothing decides it for them. Of a change the old value is kept as
a dated row, so that every page of an earlier date says what it said; a change that lies in the
future leaves the unit's row as it is and becomes a dated row itself, until its day.
"""

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chronology import HistoricalDate
from chronology.display import display
from chronology.recorded import may_have_begun, recorded, settled
from publishing.translated import columns
from sources.models import Source
from units.first_public import ONE_DAY
from units.models import DatedName, DatedSuperior


class Meant(models.TextChoices):
    """What a changed name or superior means."""

    CORRECTION = "correction", gettext_lazy("A correction: it was always so")
    CHANGE = "change", gettext_lazy("A change since …")
    UNKNOWN = "unknown", gettext_lazy("It changed, nobody knows when")


@dataclass(frozen=True)
class Change:
    """What an editor says of it: ``since``, a HistoricalDate, of a change whose date is known;
    ``announced``: a change that lies in the future is shown to everybody before; ``sources``: the
    ids of those that tell of it."""

    meant: Meant
    since: HistoricalDate | None = None
    announced: bool = False
    sources: tuple = ()

    @property
    def is_to_come(self):
        """Whether it lies in the future as a whole."""
        return self.since is not None and not may_have_begun(self.since, timezone.localdate())


@dataclass(frozen=True)
class Fact:
    """What a unit's row says and dated rows (``model``) keep of other periods: ``fields`` of both;
    ``since``: the field of the unit that says since when."""

    model: Any
    since: str
    fields: tuple

    def values(self, unit):
        """``{field: value}`` of a unit or a dated row."""
        return {name: getattr(unit, name) for name in self.fields}

    def differs(self, unit, stored):
        """Whether it is another one in ``unit`` than in ``stored``, the row of the database."""
        return any((getattr(unit, n) or None) != (getattr(stored, n) or None) for n in self.fields)


NAME = Fact(
    DatedName, "name_since", (*columns("name", "short_name", "abbreviation"), "native_name")
)
SUPERIOR = Fact(DatedSuperior, "superior_since", ("parent_id",))
FACTS = (NAME, SUPERIOR)


def hand_over(stored_since, change, *, today=None):
    """``(begin, handover)`` of an old value, two HistoricalDates or None for not known: the dated
    row that keeps it begins and ends so, and the new value holds since the handover.

    ``stored_since``: since when the old value held, or None. Of a change that nobody can date the
    handover lies after the day on which the old value was certain, and today at the latest. Raises
    ValidationError for a change before the old value had begun, and one to come without a day.
    """
    today = today or timezone.localdate()
    if change.meant is Meant.UNKNOWN:
        return stored_since, _some_day(stored_since, today)
    check_day(change, today)
    if stored_since is None:
        return None, settled(change.since, today)
    handover = settled(change.since, today)
    begun, over = stored_since.earliest, handover.latest
    if begun is not None and over <= begun:
        raise ValidationError(
            _("The present value holds since %(since)s, so it cannot have changed before. Write a "
              "later date, or say that it is a correction.")
            % {"since": display(recorded(stored_since) or stored_since)},
            code="before",
        )  # fmt: skip
    if stored_since.is_period and stored_since.latest and stored_since.latest > over:
        begin = _at_the_latest(stored_since, handover)
    else:
        begin = stored_since
    return begin, handover


def _some_day(stored_since, today):
    """The handover of a change that nobody can date."""
    certain = stored_since and stored_since.certain
    if certain is None:
        return HistoricalDate(f"/{today.isoformat()}")
    if certain >= today - ONE_DAY:
        return HistoricalDate.from_date(today)
    return HistoricalDate(f"{(certain + ONE_DAY).isoformat()}/{today.isoformat()}")


def is_later(since, stored_since):
    """Whether a ``since`` certainly says another day than the present value's (HistoricalDates;
    ``stored_since`` or None), and so that there was a change."""
    earliest = stored_since and stored_since.earliest
    return bool(since.earliest) and (earliest is None or since.earliest > earliest)


def check(stored_since, change):
    """Raise ValidationError for a change that cannot be: its date is missing, lies before the
    present value (which holds since ``stored_since``) began, or lies in the future without a day.
    """
    if change.is_to_come:
        check_day(change, timezone.localdate())
    elif change.meant is not Meant.CORRECTION:
        hand_over(stored_since, change)


def check_day(change, today):
    """Raise ValidationError for a change without a date, or one to come that has no day."""
    if change.since is None:
        raise ValidationError(_("Write since when."), code="required")
    if not may_have_begun(change.since, today) and change.since.exact is None:
        raise ValidationError(
            _("What is to come takes effect by itself, so it needs a day. Write it like "
              "2027-01-01."),
            code="no_day",
        )  # fmt: skip


def _at_the_latest(since, handover):
    """A vague ``since`` that began at the latest when it was handed over; None: not known when."""
    begin = since.text.partition("/")[0]
    return HistoricalDate(f"{begin}/{handover.latest.isoformat()}") if begin else None


def changed(fact, unit, stored, change):
    """Carry out what an editor says of a changed fact, in ``unit``, which has the new value and is
    not saved yet; ``stored`` is its row in the database.

    Gives the dated row to be saved beside it, or None: for a correction nothing is kept. Of a
    change to come the row has the new value, and the unit gets back its own. Raises
    ValidationError as ``hand_over()``.
    """
    if change.meant is Meant.CORRECTION:
        return None
    if change.is_to_come:
        check_day(change, timezone.localdate())
        row = _row(fact, unit, unit, change.since, None)
        row.announced = change.announced
        for name, value in fact.values(stored).items():
            setattr(unit, name, value)
        return row
    begin, handover = hand_over(getattr(stored, fact.since), change)
    setattr(unit, fact.since, handover)
    return _row(fact, stored, unit, begin, handover)


def keep(row, change):
    """Save the dated row that ``changed()`` gave, with the sources of the change."""
    row.save()
    row.sources.set(Source.objects.filter(pk__in=change.sources))


def _row(fact, source, unit, begin, end):
    row = fact.model(unit=unit, begin=begin, end=end, **fact.values(source))
    if fact is SUPERIOR:
        row.at_top = row.parent_id is None
    return row
