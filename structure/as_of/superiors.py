"""To whom units answered on a date, and so who stood under whom.

``Superiors`` is the one answer, for a page as for a file of all units. A unit stands in one place
of the tree of a date: under the superior that comes first. Where none is known (nobody recorded
it, or the superior did not exist) no other is made up for it. A superior that existed but may not
be seen is passed over: the next above it is named.
"""

from collections import namedtuple
from dataclasses import dataclass, replace
from datetime import date

from django.db.models import Q

from chronology import Certainty, HistoricalDate, Period
from structure.as_of.succession import Standing, held
from units import due
from units.existence import day_asked, life_of, life_outside
from units.models import DatedSuperior, ExternalBody, Unit
from units.tree.climbing import superior_ids

# So many ids go into one question; databases take a few ten thousand.
BATCH = 15_000
# Of more ids than this it is asked whether they lie side by side.
SEVERAL = 500
# An id in a question costs as much as reading so many rows.
COST_OF_AN_ID = 4
# A chain of superiors is followed so far.
HIGHEST = 40

SUPERIORS = Standing(
    DatedSuperior,
    "superior_since",
    Q(parent__isnull=True, external_body__isnull=True, at_top=False),
    other="parent",
    outside="external_body",
)

# What a unit must tell for its superiors to be found.
COLUMNS = ("pk", "parent_id", "superior_since", "founded", "dissolved", "attested")
_Unit = namedtuple("_Unit", COLUMNS)
# What is read of a dated row.
_DATED = (
    "pk", "unit_id", "parent_id", "external_body_id", "at_top", "begin", "end", "takes_effect",
)  # fmt: skip
_EVER = HistoricalDate("../0001")
_ALWAYS = Period.of(_EVER, None)


@dataclass(frozen=True)
class HeldSuperior:
    """A superior unit or body outside (the other id is None; both None: none, at the top), how
    surely on the date, and from when to when (None: not known, or still when ``is_present``).
    ``expected``: how surely as far as can be foreseen."""

    unit_id: int | None
    body_id: int | None
    certainty: Certainty
    begin: HistoricalDate | None
    end: HistoricalDate | None
    expected: Certainty
    is_present: bool = False
    over_hidden: bool = False

    @property
    def is_named(self):
        """Whether readers are told it: that nobody stands over one who may not be seen is not."""
        return bool(self.unit_id or self.body_id or not self.over_hidden)


class Superiors:
    """Whom the pages of units name as their superiors on the date of ``as_of``.

    ``read(units)`` first, then ``of(unit)`` asks nothing more; units are records or bare rows with
    ``COLUMNS``. Three queries, and three more for each step over superiors that may not be seen.
    """

    def __init__(self, as_of):
        self.as_of, self.day = as_of, day_asked(as_of.on)
        self._units, self._rows, self._lives, self._found = {}, {}, {}, {}
        self._seen, self._bodies, self._lives_outside = set(), {}, {}

    def read(self, units):
        """Read what is needed to answer for ``units``."""
        units = [unit for unit in units if unit.pk not in self._rows]
        for _step in range(HIGHEST):
            if not units:
                return self
            self._units |= {unit.pk: unit for unit in units}
            self._rows |= {unit.pk: [] for unit in units}
            named, bodies = {unit.parent_id for unit in units}, set()
            for row in self._dated(units):
                if row.unit_id in self._rows:
                    self._rows[row.unit_id].append(row)
                    named.add(row.parent_id)
                    bodies.add(row.external_body_id)
            self._read_bodies(bodies - {None})
            hidden = self._read_named(named - {None})
            # Those that may not be seen are passed over: who stands above them is asked next.
            units = [one for one in hidden if one.pk not in self._rows]
        return self

    def _read_bodies(self, ids):
        if new := ids - self._bodies.keys():
            found, hidden = ExternalBody.objects.in_bulk(new), self.as_of.reader.hidden_bodies
            self._bodies |= {pk: None if pk in hidden else found[pk] for pk in new}
            self._lives_outside |= {pk: life_outside(body) for pk, body in found.items()}

    def _read_named(self, ids):
        """Reads the units that are named as superiors; gives those that may not be seen."""
        new, hidden = sorted(ids - self._lives.keys()), []
        for some in batches(new):
            rows = Unit.objects.order_by().rewrite(False).filter(pk__in=some)
            seen = self.as_of.reader.units().order_by().filter(pk__in=some)
            self._seen.update(seen.values_list("pk", flat=True))
            for row in rows.values_list(*COLUMNS):
                unit = _Unit(*row)
                if unit.pk not in self._seen:
                    unit = _as_far_as_possible(unit)
                    hidden.append(unit)
                self._lives[unit.pk] = life_of(unit, self.as_of.reader.today)
        return hidden

    def of(self, unit):
        """``[HeldSuperior, best first]`` of a unit; empty: not known, or it did not exist."""
        return [one for one in self._of(unit) if one.is_named]

    def above(self, unit):
        """Under whom the unit stands in the tree of the date: the first of its superiors, a
        HeldSuperior, or None where that is not known."""
        return next(iter(self._of(unit)), None)

    def told(self, unit):
        """``[(Unit, ExternalBody or None, HeldSuperior)]`` of one unit, best first; None: it stood
        at the top. Empty: as ``of()``."""
        found = self.read([unit]).of(unit)
        units = self.as_of.reader.units().in_bulk({one.unit_id for one in found} - {None})
        return [(units.get(one.unit_id) or self.body(one.body_id), one) for one in found]

    def chain(self, unit):
        """The visible superiors of the unit, topmost first, up to the first of whom it is not known
        whom they answered to. A body outside (ExternalBody) may stand at the top."""
        known = {one.pk: one for one in self._present_chain(unit)}
        self.read([unit, *known.values()])
        chain, met, current = [], {unit.pk}, unit
        while len(chain) < HIGHEST and (best := self.above(current)):
            if best.body_id:
                chain.append(self.body(best.body_id))
                break
            if best.unit_id is None or best.unit_id in met:
                break
            if best.unit_id not in known:
                other = self.as_of.reader.units().get(pk=best.unit_id)
                known |= {one.pk: one for one in [other, *self._present_chain(other)]}
                self.read(known.values())
            current = known[best.unit_id]
            met.add(current.pk)
            chain.append(current)
        return chain[::-1]

    def _present_chain(self, unit):
        """The units above it as the rows of today have them, whether or not they existed."""
        chains = self.as_of.reader.present_chains
        if unit.pk not in chains:
            above = superior_ids(unit)
            chains[unit.pk] = list(self.as_of.reader.units().filter(pk__in=above)) if above else []
        return chains[unit.pk]

    def _of(self, unit, above=frozenset()):
        if unit.pk not in self._found:
            found = self._with_next_above(unit, above)
            if above:  # cut short where a cycle of hidden units closes, so not for everybody
                return found
            self._found[unit.pk] = found
        return self._found[unit.pk]

    def _with_next_above(self, unit, above):
        life, found, today = self.as_of.life(unit), [], self.as_of.reader.today
        if not life.certainty(self.day):
            return []

        def lives(row):
            if row and row.external_body_id:
                return (self._lives_outside[row.external_body_id],)
            return (self._lives.get(row.parent_id if row else unit.parent_id, _ALWAYS),)

        rows, since = self._rows[unit.pk], unit.superior_since
        for one in held(
            rows, self.as_of.on, since,
            life=life, lives=lives, is_unknown=_unknown, today=today,
        ):  # fmt: skip
            superior = HeldSuperior(
                one.value.parent_id if one.value else unit.parent_id,
                one.value.external_body_id if one.value else None,
                one.certainty, one.begin, one.end, one.expected,
                is_present=one.value is None or due.stands_today(one.value, one.end),
            )  # fmt: skip
            if superior.unit_id and superior.unit_id not in self._seen:
                found += self._passing_over(superior, above | {unit.pk})
            elif not superior.body_id or self._bodies.get(superior.body_id):
                found.append(superior)
        return found

    def _passing_over(self, superior, above):
        hidden = self._units.get(superior.unit_id)
        if hidden is None or hidden.pk in above:
            return []
        return [
            replace(
                one,
                begin=None,
                certainty=_less(superior.certainty, one.certainty),
                expected=_less(superior.expected, one.expected),
                over_hidden=True,
            )
            for one in self._of(hidden, above)
        ]

    def _dated(self, units):
        """The DatedSuperior rows of ``units``; of many ids side by side, those between, too."""
        rows = (
            self.as_of.reader.superiors()
            .order_by("pk")
            .rewrite(False)
            .values_list(*_DATED, named=True)
        )
        ids = sorted(unit.pk for unit in units)
        if len(ids) > SEVERAL and ids[-1] - ids[0] < COST_OF_AN_ID * len(ids):
            return rows.filter(unit__pk__range=(ids[0], ids[-1]))
        return [row for some in batches(ids) for row in rows.filter(unit__in=some)]

    def body(self, pk):
        """The body outside with this id that has been read, or None where it may not be seen."""
        return self._bodies.get(pk)


def _less(one, other):
    """The less sure of two: both are more than "no"."""
    return one if one is Certainty.POSSIBLE else other


def _as_far_as_possible(unit):
    """A unit that may not be seen as if all that is possible of it were certain: it is never
    settled, and nothing of it is told but who stands above it."""
    since, founded, dissolved = unit.superior_since, unit.founded, unit.dissolved
    return unit._replace(
        superior_since=_day(since and since.earliest) or _EVER,
        founded=_day(founded and founded.earliest) or _EVER,
        dissolved=_day(dissolved and dissolved.latest),
        attested=None,
    )


def _day(day):
    return HistoricalDate.from_date(day) if day and day not in (date.min, date.max) else None


def _unknown(row):
    return not (row.parent_id or row.external_body_id or row.at_top)


def batches(ids):
    """Slices of a list of ids that fit into one question each."""
    return (ids[start : start + BATCH] for start in range(0, len(ids), BATCH))


# --- Where units stand in the tree, for queries -----------------------------------------------


def placed_by_their_rows(units, asked):
    """Those of ``units`` that stood then where their own row has them; ``asked``: an Asked."""
    return units.filter(SUPERIORS.present_holds(asked))


def placed_by_dated_rows(asked, *condition, **superior):
    """The preferred DatedSuperior rows that put a unit under ``superior`` (``parent=…`` or
    ``external_body=…``, or a condition) on the date."""
    return SUPERIORS.chosen_rows(asked, *condition, Q(**superior))
