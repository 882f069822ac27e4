"""The state of the institution on a date as plain data, and the difference between two states.

As in an import's preview, a change is two rows, before and after, for one code. A row that only one
side has is None on the other. So a difference says all that is needed to get from one state to the
other, and back with its rows swapped.
"""

from dataclasses import dataclass, fields

from chronology.languages import site_codes


@dataclass(frozen=True, slots=True)
class Name:
    """A name with how surely it was borne ("certain", "possible"), from when to when (EDTF texts;
    "" where not known, or for as long as the unit exists). ``texts``: in each language of the
    site."""

    texts: tuple
    certainty: str
    begin: str = ""
    end: str = ""

    @property
    def key(self):
        return self.texts

    def text(self, code):
        """The name in one language, "" where it is not known in it."""
        return self.texts[site_codes().index(code)]


@dataclass(frozen=True, slots=True)
class Superior:
    """Whom a unit answered to: the code of a unit or of a body outside, both "" at the top."""

    unit: str
    body: str
    certainty: str
    begin: str = ""
    end: str = ""

    @property
    def key(self):
        return self.unit, self.body


@dataclass(frozen=True, slots=True)
class Head:
    """Who led a unit: the code of the person."""

    person: str
    acting: bool
    certainty: str
    begin: str = ""
    end: str = ""

    @property
    def key(self):
        return self.person


@dataclass(frozen=True, slots=True)
class UnitState:
    """A unit on a date. ``existence``: "certain" or "possible". ``names``, ``superiors`` and
    ``heads``: what certainly or possibly held, the likeliest first; empty where not known."""

    existence: str
    founded: str = ""
    dissolved: str = ""
    names: tuple = ()
    superiors: tuple = ()
    heads: tuple = ()


@dataclass(frozen=True, slots=True)
class Change:
    """What became of the unit ``code``: its UnitState before and after, None where it was not."""

    code: str
    before: UnitState | None
    after: UnitState | None

    @property
    def columns(self):
        """The names of what differs; of a unit that only one side has, all there is to tell."""
        found = [field.name for field in fields(UnitState)]
        if self.before is None or self.after is None:
            return found
        return [one for one in found if getattr(self.before, one) != getattr(self.after, one)]


def difference(before, after):
    """The list of Change between two states ``{code: UnitState}``, by code; linear but for the
    sorting of what changed."""
    found = [
        Change(code, state, after.get(code))
        for code, state in before.items()
        if after.get(code) != state
    ]
    found += [Change(code, None, state) for code, state in after.items() if code not in before]
    return sorted(found, key=lambda change: change.code)
