"""Entries of a comparison with the records that a page, a feed or a file shows of them."""

from dataclasses import dataclass, field, replace
from typing import Any

from django.utils.translation import gettext as _

from chronology import HistoricalDate
from chronology.display import display_period
from history.comparison.entries import HEADS, KINDS, MOVED, RENAMED, Entry
from history.models import Event
from people.models import Person
from publishing.translated import shown as shown_text
from structure.as_of import AsOf
from units.models import ExternalBody, Unit


@dataclass(frozen=True)
class Fact:
    """A name, superior or head as it stands on one side. ``address``: undated, "" without a page.
    ``language``: of the words, where it is not the page's."""

    words: str
    certain: bool
    begin: HistoricalDate | None
    end: HistoricalDate | None
    address: str = ""
    language: str = ""

    @property
    def period(self):
        """From when to when, in words; "" where neither is known."""
        return display_period(self.begin, self.end) if self.begin or self.end else ""


@dataclass(frozen=True)
class ShownSide:
    """One of the two dates of an entry. ``existence``: "certain", "possible" or "" (not there)."""

    as_of: AsOf
    existence: str
    name: Fact | None
    facts: list = field(default_factory=list)


@dataclass(frozen=True)
class Shown:
    """An entry with its records. ``unit`` is never None: who may not see it has no entry."""

    entry: Entry
    unit: Unit
    before: ShownSide
    after: ShownSide
    events: list
    date: HistoricalDate | None

    @property
    def kind(self):
        return self.entry.kind

    @property
    def kind_in_words(self):
        return KINDS[self.entry.kind]

    @property
    def name(self):
        """What the unit is called: on the later date if it is there then."""
        return self.after.name or self.before.name

    @property
    def is_change_of_facts(self):
        return self.kind in (RENAMED, MOVED, HEADS)

    @property
    def began(self):
        """Of a unit that was founded, or came out of a merger or a split."""
        before, after = self.entry.change.before, self.entry.change.after
        return before is None or (after is not None and after.existence == "certain")

    @property
    def updated_at(self):
        """When the newest of the records behind it was changed."""
        return max(record.updated_at for record in (self.unit, *self.events))


def shown(entries, sides):
    """The list of Shown for ``entries`` (one page of them); at most ten queries.

    ``sides``: two AsOf of the same user, earlier and later.
    """
    entries = list(entries)
    user = sides[0].user
    units = Unit.objects.visible_to(user).filter(code__in=set(_unit_codes(entries)))
    units = {unit.code: unit for unit in units}
    for side in sides:
        side.prepare(units.values())
    bodies = ExternalBody.objects.visible_to(user).filter(
        code__in=set(_codes(entries, "superiors", "body"))
    )
    people = Person.objects.visible_to(user).filter(
        code__in=set(_codes(entries, "heads", "person"))
    )
    ids = {pk for entry in entries for pk in entry.events}
    events = Event.objects.visible_to(user).filter(pk__in=ids).with_participants(user)
    records = _Records(
        units,
        {body.code: body for body in bodies},
        {person.code: person for person in people},
        {event.pk: event for event in events},
    )
    return [_shown(entry, sides, records) for entry in entries if entry.code in units]


@dataclass(frozen=True)
class _Records:
    units: Any
    bodies: Any
    people: Any
    events: Any


def _rows(entries):
    for entry in entries:
        yield from filter(None, (entry.change.before, entry.change.after))


def _codes(entries, column, name):
    """The codes that the facts of a column name."""
    for row in _rows(entries):
        yield from filter(None, (getattr(one, name) for one in getattr(row, column)))


def _unit_codes(entries):
    yield from (entry.code for entry in entries)
    yield from _codes(entries, "superiors", "unit")


def _shown(entry, sides, records):
    before, after = (
        _side(entry, state, as_of, records)
        for state, as_of in zip((entry.change.before, entry.change.after), sides, strict=True)
    )
    return Shown(
        entry,
        records.units[entry.code],
        before,
        after,
        [records.events[pk] for pk in entry.events if pk in records.events],
        _date(entry.date),
    )


def _side(entry, state, as_of, records):
    if state is None:
        return ShownSide(as_of, "", None)
    names = [_name(one) for one in state.names]
    if entry.kind == RENAMED:
        facts = names
    elif entry.kind == HEADS:
        facts = [_head(one, records) for one in state.heads]
    else:
        facts = [_superior(one, as_of, records) for one in state.superiors]
    if as_of.is_to_come:  # of which nothing is certain
        facts = [fact and replace(fact, certain=False) for fact in facts]
    facts = sorted(filter(None, facts), key=lambda fact: fact.begin or _AT_THE_BEGINNING)
    name = next((one for one in names if one.words), None)
    name = name or Fact(str(records.units[entry.code]), certain=False, begin=None, end=None)
    existence = "possible" if as_of.is_to_come else state.existence
    return ShownSide(as_of, existence, name, facts)


_AT_THE_BEGINNING = HistoricalDate("0001")


def _name(one):
    words, language = shown_text(one.texts)
    return _fact(one, words, language=language)


def _head(one, records):
    person = records.people.get(one.person)
    if person is None:
        return None
    words = _("%(person)s (acting)") % {"person": person} if one.acting else str(person)
    return _fact(one, words, address=person.get_absolute_url())


def _superior(one, as_of, records):
    if not one.unit and not one.body:
        return _fact(one, _("at the top, under nobody"))
    record = records.units.get(one.unit) or records.bodies.get(one.body)
    if record is None:
        return None
    if isinstance(record, Unit):
        words, language = as_of.name(record), as_of.name_language(record)
    else:
        words, language = str(record), ""
    return _fact(one, words, address=record.get_absolute_url(), language=language)


def _fact(one, words, **more):
    return Fact(words, one.certainty == "certain", _date(one.begin), _date(one.end), **more)


def _date(text):
    return HistoricalDate(text) if text else None


def in_one_line(shown, side):
    """The facts of one side of a Shown as plain text, for files and feeds."""
    if not side.existence:
        return _("not there")
    if not shown.is_change_of_facts:
        words = _("there") if side.existence == "certain" else _("possibly there")
        above = _facts_in_words(side.facts)
        return f"{words}: {side.name.words}" + (f" ({above})" if above else "")
    return _facts_in_words(side.facts) or _("not known")


def _facts_in_words(facts):
    return "; ".join(
        (fact.words if fact.certain else _("possibly %(words)s") % {"words": fact.words})
        + (f", {fact.period}" if fact.period else "")
        for fact in facts
    )


__all__ = ["MOVED", "Fact", "Shown", "ShownSide", "in_one_line", "shown"]
