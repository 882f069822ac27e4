"""The words of a plan: what becomes of which record, cell by cell."""

from dataclasses import dataclass

from django.utils import timezone

from chronology import HistoricalDate
from exchange.limits import Limits
from publishing.models import Status

# Where a cell says nothing (a key that a JSON record lacks): the record keeps what it has.
KEEP = None

ACTIONS = ("create", "update", "move", "close", "delete")


@dataclass(frozen=True)
class Options:
    """How a file is meant.

    ``delete_missing``: close or delete the records that the file does not mention.
    ``new_status``: publication state of new records whose row says none.
    ``closing_date``: what a unit that is closed this way gets as its date of dissolution; by
    default "at an unknown time up to today", since the file does not say when.
    ``accept_findings``: somebody has looked at what the plan finds contradictory, and goes on.
    ``corrections``, ``since``: what the cells mean that change what readers have seen: it was
    always so, or it changed then, where their row does not say another date (``since_when``).
    ``announce``: a change that lies in the future is shown to everybody before.
    ``progress``: called with (what, done, total) now and then.
    """

    delete_missing: bool = False
    new_status: str = Status.PUBLISHED
    closing_date: HistoricalDate | None = None
    accept_findings: bool = False
    corrections: bool = False
    since: HistoricalDate | None = None
    announce: bool = False
    limits: Limits | None = None
    progress: object = None

    @property
    def dissolved(self):
        return self.closing_date or HistoricalDate(f"/{timezone.localdate().isoformat()}")


@dataclass(slots=True)
class Cell:
    """One value of a change. ``typed`` is what the file says, where that was understood to mean
    ``new``; ``shown`` says the new value in words ("28 May 1918"); ``meant``: what it means of a
    value that readers have seen (``exchange.planning.since_when``)."""

    column: str
    label: str
    old: str
    new: str
    typed: str | None = None
    shown: str = ""
    meant: str = ""


@dataclass(slots=True)
class Change:
    """What becomes of one record. ``row`` is None where no row of the file asks for it.

    ``action``: create, update, move (an update under another superior), close, delete.
    ``old_parent``/``new_parent``: codes, for a move.
    """

    action: str
    kind: str
    code: str
    title: str
    row: int | None
    cells: list
    old_parent: str = ""
    new_parent: str = ""


@dataclass(slots=True)
class Update:
    """A record that changes. ``old`` and ``new``: canonical texts of all columns."""

    pk: int
    index: int | None
    old: list
    new: list
    changed: tuple
    action: str = "update"
