"""To whom units answered on a date, and so who stood under whom.

``Superiors`` is the one answer, for a page as for a file of all units. A unit stands in one place
of the tree of a date: under the superior that comes first. Where none is known (nobody recorded
it, or the superior did not exist) no other is made up for it. A superior that existed but may not
be seen is passed over: the next above it is named.
"""

from dataclasses import dataclass, replace

from django.db.models import Q

from chronology import Certainty, HistoricalDate, Period
from structure.as_of.succession import Standing, held
from structure.as_of.superior_rows import EVER, HIGHEST
from units import due
from units.existence import day_asked
from units.models import DatedSuperior
from units.tree.climbing import superior_ids

SUPERIORS = Standing(
    DatedSuperior,
    "superior_since",
    Q(parent__isnull=True, external_body__isnull=True, at_top=False),
    other="parent",
    outside="external_body",
)

_ALWAYS = Period.of(EVER, None)


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

    ``read(units)`` first, then ``of(unit)`` asks nothing more; units are records or bare rows, see
    ``SuperiorRows.read``.
    """

    def __init__(self, as_of):
        self.as_of, self.day = as_of, day_asked(as_of.on)
        self._known = as_of.reader.superior_rows
        self._found = {}

    def read(self, units, seen=()):
        """Read what is needed to answer for ``units``. ``seen``: units that the reader may see, as
        records, so that none of them has to be read as a superior."""
        self._known.see(seen)
        self._known.read(units)
        return self

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
        units = {one.pk: one for one in self._present_chain(unit)}
        found = self.read([unit], units.values()).of(unit)
        if others := {one.unit_id for one in found} - {None} - units.keys():
            units |= self.as_of.reader.units().in_bulk(others)
        return [(units.get(one.unit_id) or self.body(one.body_id), one) for one in found]

    def chain(self, unit):
        """The visible superiors of the unit, topmost first, up to the first of whom it is not known
        whom they answered to. A body outside (ExternalBody) may stand at the top."""
        known = {one.pk: one for one in self._present_chain(unit)}
        self.read([unit, *known.values()], known.values())
        chain, met, current = [], {unit.pk}, unit
        while len(chain) < HIGHEST and (best := self.above(current)):
            if best.body_id:
                chain.append(self.body(best.body_id))
                break
            if best.unit_id is None or best.unit_id in met:
                break
            if best.unit_id not in known:
                other = self.as_of.reader.units().get(pk=best.unit_id)
                new = [other, *self._present_chain(other)]
                known |= {one.pk: one for one in new}
                self.read(new, new)
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
                return (self._known.lives_outside[row.external_body_id],)
            return (self._known.lives.get(row.parent_id if row else unit.parent_id, _ALWAYS),)

        rows, since = self._known.rows[unit.pk], unit.superior_since
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
            if superior.unit_id and superior.unit_id not in self._known.seen:
                found += self._passing_over(superior, above | {unit.pk})
            elif not superior.body_id or self._known.bodies.get(superior.body_id):
                found.append(superior)
        return found

    def _passing_over(self, superior, above):
        hidden = self._known.units.get(superior.unit_id)
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

    def body(self, pk):
        """The body outside with this id that has been read, or None where it may not be seen."""
        return self._known.bodies.get(pk)


def _less(one, other):
    """The less sure of two: both are more than "no"."""
    return one if one is Certainty.POSSIBLE else other


def _unknown(row):
    return not (row.parent_id or row.external_body_id or row.at_top)


# --- Where units stand in the tree, for queries -----------------------------------------------


def placed_by_their_rows(units, asked, superiors=None):
    """Those of ``units`` that stood then where their own row has them; ``asked``: an Asked.
    ``superiors``: a condition that only their superiors meet, where these are few."""
    return units.filter(SUPERIORS.present_holds(asked, superiors))


def placed_by_dated_rows(asked, *condition, **superior):
    """The preferred DatedSuperior rows that put a unit under ``superior`` (``parent=…`` or
    ``external_body=…``, or a condition) on the date."""
    return SUPERIORS.chosen_rows(asked, *condition, Q(**superior))
