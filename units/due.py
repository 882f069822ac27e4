"""Rows to come whose day has come: which they are, and what a unit is once they have taken effect.

Until ``units.turn_over`` has written it, pages answer from here.
"""

import datetime
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connections, models, router
from django.utils import timezone
from django.utils.translation import gettext as _

from units.changes import FACTS, SUPERIOR, Change, Meant, hand_over
from units.models import Unit


def is_due(row, today=None):
    """Whether a dated row has its day today or had it, and still waits to take effect."""
    day = row.takes_effect
    return day is not None and day <= (today or timezone.localdate())


def stands_today(row, end):
    """Whether a dated row that ends so (HistoricalDate or None) is the one that is to stand on the
    row of its unit."""
    return is_due(row) and (end is None or end.earliest > timezone.localdate())


def any_due(today=None):
    """Whether any row is due. One query, which two indexes answer."""
    today = today or timezone.localdate()
    connection = connections[router.db_for_read(Unit)]
    asked = " OR ".join(
        f"EXISTS (SELECT 1 FROM {connection.ops.quote_name(fact.model._meta.db_table)} "  # noqa: S608
        "WHERE takes_effect <= %s)"
        for fact in FACTS
    )
    with connection.cursor() as cursor:
        day = connection.ops.adapt_datefield_value(today)
        cursor.execute(f"SELECT {asked}", [day] * len(FACTS))
        return bool(cursor.fetchone()[0])


def rows_due(fact, today=None, **conditions):
    """``{unit id: [rows that are due, in the order of their days]}`` of a Fact; one query."""
    rows = models.QuerySet(fact.model).filter(
        takes_effect__lte=today or timezone.localdate(), **conditions
    )
    found = {}
    for row in rows.order_by("takes_effect", "pk"):
        found.setdefault(row.unit_id, []).append(row)
    return found


@dataclass
class TurnedOver:
    """A fact of a unit once its due rows have taken effect: its ``values`` by field and ``since``
    when they hold; ``kept``: dated rows, not saved, of what held before, with codes that the same
    rows get on every site, and ``rests_on``, the rows whose sources they cite; ``done``: the rows
    that took effect; ``left``: ``[(row, sentence)]`` of those that cannot."""

    values: dict
    since: Any
    kept: list = field(default_factory=list)
    done: list = field(default_factory=list)
    left: list = field(default_factory=list)


def turned_over(fact, unit, rows, today=None):
    """The TurnedOver ``unit``; ``rows``: its due rows."""
    found = TurnedOver(*stored(fact, unit))
    ended = unit.dissolved and unit.dissolved.latest
    taken, found.left = handovers(rows, found.since, ended, today)
    for row, begin, end in taken:
        kept = _kept(fact, unit, found.values, begin, end)
        kept.rests_on = [*found.done[-1:], row]
        found.kept.append(kept)
        found.values, found.since = fact.values(row), end
        found.done.append(row)
    return found


def turned(fact, units, today=None):
    """``{unit id: TurnedOver}`` of those of ``units`` that have due rows of a Fact; one query."""
    by_key = {unit.pk: unit for unit in units}
    rows = rows_due(fact, today, unit__in=by_key)
    return {pk: turned_over(fact, by_key[pk], some, today) for pk, some in rows.items()}


def renew(units, today=None):
    """Write into ``units``, which are shown and never saved, what stands on their rows once what
    is due has taken effect; what is stored is kept beside. Two queries."""
    units = [unit for unit in units if "_stored" not in unit.__dict__]
    by_key = {fact: turned(fact, units, today) for fact in FACTS} if units else {}
    for unit in units:
        unit._stored = {fact: stored(fact, unit) for fact in FACTS}
        for fact, found in by_key.items():
            if one := found.get(unit.pk):
                for name, value in [*one.values.items(), (fact.since, one.since)]:
                    setattr(unit, name, value)


def stored(fact, unit):
    """``(values, since)`` of a fact as the row of the unit has them."""
    if "_stored" in unit.__dict__:
        return unit._stored[fact]
    return fact.values(unit), getattr(unit, fact.since)


def handovers(rows, since, ended, today=None):
    """How the due ones among the dated ``rows`` of a unit take effect one after the other:
    ``([(row, begin, end), …], [(row, sentence) of those that cannot, …])``, in the order of their
    days. What held before a row did so from ``begin`` (HistoricalDate, None: not known) to ``end``.

    ``since``: when what stands on the unit's row began, a HistoricalDate or None; ``ended``: the
    day by which the unit had ended, or None.
    """
    taken, left = [], []
    waiting = [row for row in rows if row.takes_effect is not None]
    if not waiting:  # most units; asked for each of a great many
        return taken, left
    today = today or timezone.localdate()
    waiting = [row for row in waiting if is_due(row, today)]
    for row in sorted(waiting, key=lambda row: (row.takes_effect, row.pk)):
        if ended and ended <= row.takes_effect:
            left.append((row, _("The unit had ended before.")))
            continue
        try:
            begin, end = hand_over(since, Change(Meant.CHANGE, row.begin), today=today)
        except ValidationError as error:
            left.append((row, " ".join(error.messages)))
        else:
            taken.append((row, begin, end))
            since = end
    return taken, left


def as_written(rows, turned):
    """The dated ``rows`` of a unit as they are once it is ``turned`` over (a TurnedOver), in the
    order of time; those that are not written yet have no key."""
    gone = {row.pk for row in turned.done}
    return in_time([*(row for row in rows if row.pk not in gone), *turned.kept])


def in_time(rows):
    """Dated rows in the order of time."""
    never, ever = datetime.date.min, datetime.date.max
    return sorted(
        rows, key=lambda one: (one.begin_earliest or never, one.end_earliest or ever, one.code)
    )


def sources_of(row):
    """The sources that a dated row cites, or, where it is not written yet, is going to."""
    found = (one for row in getattr(row, "rests_on", [row]) for one in row.sources.all())
    return list(dict.fromkeys(found))


def _kept(fact, unit, values, begin, end):
    row = fact.model(unit=unit, begin=begin, end=end, **values)
    if fact is SUPERIOR:
        row.at_top = row.parent_id is None
    row.code = f"{row.code_stem()[:80].strip('-')}-until-{end}"
    return row
