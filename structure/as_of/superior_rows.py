"""What the database holds about the superiors of units, whatever the date asked about."""

from collections import namedtuple
from datetime import date

from chronology import HistoricalDate
from units.existence import life_of, life_outside
from units.facts import batches
from units.models import ExternalBody, Unit

# So many ids go into one question; databases take a few ten thousand.
BATCH = 15_000
# Of more ids than this it is asked whether they lie side by side.
SEVERAL = 500
# An id in a question costs as much as reading so many rows.
COST_OF_AN_ID = 4
# A chain of superiors is followed so far.
HIGHEST = 40

# What a unit must tell for its superiors to be found.
COLUMNS = ("pk", "parent_id", "superior_since", "founded", "dissolved", "attested")
_Unit = namedtuple("_Unit", COLUMNS)
# What is read of a dated row.
_DATED = (
    "pk", "unit_id", "parent_id", "external_body_id", "at_top", "begin", "end", "takes_effect",
)  # fmt: skip
EVER = HistoricalDate("../0001")


class SuperiorRows:
    """The dated rows of units, and the lives of all whom these or their own rows name as superiors,
    as ``reader`` (a Reader) may know of them; read once for all dates of a page.

    ``units``: {id: record or bare row} of those that were read, ``rows``: {id: their dated rows};
    ``seen``: the ids of the superiors that the reader may see, ``lives``: {id: Period} of all
    superiors; ``bodies``: {id: ExternalBody, or None where it may not be seen}, ``lives_outside``.
    """

    def __init__(self, reader):
        self.reader = reader
        self.units, self.rows, self.seen, self.lives = {}, {}, set(), {}
        self.bodies, self.lives_outside = {}, {}

    def see(self, units):
        """Take over ``units``, records that the reader may see, so that none of them is read when
        it turns out to be a superior."""
        for unit in units:
            if unit.pk not in self.lives:
                self.seen.add(unit.pk)
                self.lives[unit.pk] = life_of(unit, self.reader.today)

    def read(self, units):
        """Read what is needed to answer for ``units``, records or bare rows with ``COLUMNS``: three
        queries, and three more for each step over superiors that may not be seen."""
        units = [unit for unit in units if unit.pk not in self.rows]
        for _step in range(HIGHEST):
            if not units:
                return
            self.units |= {unit.pk: unit for unit in units}
            self.rows |= {unit.pk: [] for unit in units}
            named, bodies = {unit.parent_id for unit in units}, set()
            for row in self._dated(units):
                if row.unit_id in self.rows:
                    self.rows[row.unit_id].append(row)
                    named.add(row.parent_id)
                    bodies.add(row.external_body_id)
            self._read_bodies(bodies - {None})
            hidden = self._read_named(named - {None})
            # Those that may not be seen are passed over: who stands above them is asked next.
            units = [one for one in hidden if one.pk not in self.rows]

    def _read_bodies(self, ids):
        if new := ids - self.bodies.keys():
            found, hidden = ExternalBody.objects.in_bulk(new), self.reader.hidden_bodies
            self.bodies |= {pk: None if pk in hidden else found[pk] for pk in new}
            self.lives_outside |= {pk: life_outside(body) for pk, body in found.items()}

    def _read_named(self, ids):
        """Reads the units that are named as superiors; gives those that may not be seen."""
        hidden = []
        for some in batches(sorted(ids - self.lives.keys()), BATCH):
            rows = Unit.objects.order_by().rewrite(False).filter(pk__in=some)
            seen = self.reader.units().order_by().filter(pk__in=some)
            self.seen.update(seen.values_list("pk", flat=True))
            for row in rows.values_list(*COLUMNS):
                unit = _Unit(*row)
                if unit.pk not in self.seen:
                    unit = _as_far_as_possible(unit)
                    hidden.append(unit)
                self.lives[unit.pk] = life_of(unit, self.reader.today)
        return hidden

    def _dated(self, units):
        """The DatedSuperior rows of ``units``; of many ids side by side, those between, too."""
        rows = (
            self.reader.superiors().order_by("pk").rewrite(False).values_list(*_DATED, named=True)
        )
        ids = sorted(unit.pk for unit in units)
        if len(ids) > SEVERAL and ids[-1] - ids[0] < COST_OF_AN_ID * len(ids):
            return rows.filter(unit__pk__range=(ids[0], ids[-1]))
        return [row for some in batches(ids, BATCH) for row in rows.filter(unit__in=some)]


def _as_far_as_possible(unit):
    """A unit that may not be seen as if all that is possible of it were certain: it is never
    settled, and nothing of it is told but who stands above it."""
    since, founded, dissolved = unit.superior_since, unit.founded, unit.dissolved
    return unit._replace(
        superior_since=_day(since and since.earliest) or EVER,
        founded=_day(founded and founded.earliest) or EVER,
        dissolved=_day(dissolved and dissolved.latest),
        attested=None,
    )


def _day(day):
    return HistoricalDate.from_date(day) if day and day not in (date.min, date.max) else None
