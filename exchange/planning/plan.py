"""From a table to a plan: what an import would do, and everything that is wrong with the file.

Nothing is written here. The work is linear in the rows: the file is indexed by code, the
database's rows stream past it once, rows that are equal text for text are done with, and only the
others are read cell by cell and checked as the form would check them, without a query per row.
"""

import hashlib
from dataclasses import dataclass
from functools import cached_property

from django.db import connection
from django.utils import translation
from django.utils.translation import ngettext

from exchange.columns import PictureColumn
from exchange.garbage_collection import without_collecting
from exchange.limits import Limits
from exchange.one_state import one_state
from exchange.planning import workflow
from exchange.planning.changes import ACTIONS, Options
from exchange.planning.kind_plan import KindPlan
from exchange.planning.shown_changes import ChangeList, change
from exchange.planning.since_when import SINCE_WHEN, Asked, problem_of
from exchange.reading.tables import Table
from exchange.registry import kinds, resource_for
from publishing import findings
from publishing.models import Status, may_publish


@dataclass(frozen=True)
class ShownPlan:
    """What is kept of a plan that somebody has looked at, to carry it out later.

    ``token``: as that of the Plan; ``kinds``: those of its parts.
    """

    book: object
    options: Options
    user: object
    token: str
    kinds: tuple


class Plan:
    """What an import of a file would do. Writes nothing; ``exchange.apply`` carries it out.

    ``parts``: a KindPlan for every kind, in the order of writing. ``problems``: everything that
    is wrong; a plan with problems cannot be applied. ``notes``: what the editor should know.
    ``findings``: what the import would make that contradicts itself and may be true all the same;
    it is applied only where ``options.accept_findings``.
    ``counts``: {"create": …, "update": …, "move": …, "unchanged": …, "close": …, "delete": …,
    "missing": …}. ``token``: changes when anybody changes a record that the plan touches.
    """

    def __init__(self, book, options=None, user=None):
        self.book = book
        self.options = options or Options()
        self.user = user
        self.limits = self.options.limits or Limits.command()
        self.language = translation.get_language()
        self.several = len(book.tables) > 1
        self.parts = []
        self.vocabularies = {}  # model → Vocabulary
        self.implied = {}  # kind → KindPlan of records that cells ask for
        self.findings = []
        self.asked = None  # Asked: cells of which nobody has said what they mean
        self.remembered = {}  # what rules over the whole plan have read
        # What others save meanwhile is in all of the plan or in nothing of it; what its preview
        # shows later is looked up here, too, for then those records may be gone.
        with without_collecting(), one_state(connection):
            self._build()

    def _build(self):
        tables = {table.kind: table for table in self.book.tables}
        for kind in kinds():
            if kind in tables:
                part = KindPlan(resource_for(kind)(), tables[kind], self)
                self.parts.append(part)
                workflow.run(part)
        for kind, implied in self.implied.items():
            own = self.part(kind)
            if own is None:
                self.parts.append(implied)
            else:
                _merge(own, implied)
        order = {kind: number for number, kind in enumerate(kinds())}
        self.parts.sort(key=lambda part: order[part.kind])
        workflow.finish(self)

    # --- used while planning -----------------------------------------------------------------
    def progress(self, what, done, total):
        if self.options.progress:
            self.options.progress(what, done, total)

    def ask(self, part, index, column, sentence):
        """Nobody has said what a changed cell means. ``sentence``: why that is asked."""
        count = self.asked.count + 1 if self.asked else 1
        if self.asked is None or index < self.asked.index:  # the first one in the file is shown
            self.asked = Asked(part, index, column, sentence)
        self.asked.count = count

    def imply(self, kind, names):
        """A KindPlan for new records of a ``kind`` that cells ask for, to be added to.

        ``names``: of the columns that they have, ``code`` first.
        """
        resource = resource_for(kind)()
        columns = [resource.column(name) for name in names]
        table = Table(kind, headings=list(names), columns=columns)
        part = self.implied[kind] = KindPlan(resource, table, self, implied=True)
        return part

    def part(self, kind):
        """The KindPlan of a kind, None where the file has no such records."""
        return next((part for part in self.parts if part.kind == kind), None)

    def status_for(self, part):
        """Publication state of new records that say none."""
        if self.user is not None and not may_publish(self.user, part.model):
            return Status.DRAFT
        return self.options.new_status

    # --- reading -----------------------------------------------------------------------------
    @cached_property
    def problems(self):
        """Everything that is wrong, in the order of the file."""
        found = list(self.book.problems)
        for part in self.parts:
            found.extend(part.problems)
        # As with findings: asked where nothing else has to be mended first.
        if self.asked and all(problem.code == SINCE_WHEN for problem in found):
            found.append(problem_of(self.asked))
        return found

    @property
    def only_asks(self):
        """Whether nothing is wrong but what an answer, or another one, can solve."""
        return bool(self.problems) and all(p.code == SINCE_WHEN for p in self.problems)

    @property
    def meanings(self):
        """Yields (code, Cell) of the cells that change what readers have seen."""
        for part in self.parts:
            indexes = {index for index, _column in part.meant}
            found = [(u.action, u) for u in part.updates if u.index in indexes]
            found += [("create", index) for index in part.creates if index in indexes]
            for item in found:
                shown = change(part, *item)
                yield from ((shown.code, cell) for cell in shown.cells if cell.meant)

    @property
    def notes(self):
        return [note for part in self.parts for note in part.notes]

    @property
    def awaits_a_look(self):
        """Whether somebody has to say first that the findings have been looked at."""
        return bool(self.findings) and not self.options.accept_findings

    @property
    def counts(self):
        total = dict.fromkeys([*ACTIONS, "unchanged", "missing"], 0)
        for part in self.parts:
            for name, number in part.counts.items():
                total[name] += number
        return total

    @property
    def is_empty(self):
        """Whether applying it would change nothing."""
        return not any(self.counts[action] for action in ACTIONS) and not self.pictures

    @cached_property
    def pictures(self):
        """Pictures of the file that its records name and the site does not have yet."""
        new = {p.stored: p for p in self.book.pictures.values() if not p.there}
        if not new:
            return []
        named = set()
        for part in self.parts:
            for i, column in part.active:
                if isinstance(column, PictureColumn):
                    named.update(row[i] for row in part.rows)
        return [picture for stored, picture in sorted(new.items()) if stored in named]

    def changes(self, kind=None, action=None):
        """A sequence of Change, of one kind or one action if given: slice it for pages."""
        items = []
        for part in self.parts:
            if kind in (None, part.kind):
                items += [(part, "create", index) for index in part.creates]
                items += [(part, update.action, update) for update in part.updates]
                items += [(part, "close", update) for update in part.closes]
                items += [(part, "delete", delete) for delete in part.deletes]
        if action is not None:
            items = [item for item in items if item[1] == action]
        return ChangeList(items)

    def missing(self, kind):
        """[(code, title)] of records of a kind that the file does not mention, the first LISTED.

        Empty where the file has problems: then nobody knows which it means.
        """
        part = self.part(kind)
        return [] if part is None else part.listed_missing

    @cached_property
    def token(self):
        """A fingerprint of all that would be done, with what the touched records hold now."""
        digest = hashlib.sha256()
        for picture in self.pictures:
            digest.update(f"{picture.stored} {picture.sha256}".encode())
        for part in self.parts:
            digest.update(repr((part.kind, len(part.problems))).encode())
            for index in part.creates:
                texts = part.new_texts(index)
                digest.update(repr(texts).encode("utf-8", "surrogatepass"))
            for update in [*part.updates, *part.closes]:
                digest.update(
                    repr((update.pk, update.old, update.new)).encode("utf-8", "surrogatepass")
                )
            for pk, texts in part.deletes:
                digest.update(repr((pk, texts)).encode("utf-8", "surrogatepass"))
        if self.findings:
            digest.update(findings.fingerprint(self.findings).encode())
        return digest.hexdigest()

    @property
    def shown(self):
        kinds = tuple(part.kind for part in self.parts)
        return ShownPlan(self.book, self.options, self.user, self.token, kinds)

    def summary(self):
        """One sentence: what the import would do."""
        counts = self.counts
        parts = [
            ngettext("%s new record", "%s new records", counts["create"]) % counts["create"],
            ngettext("%s changed", "%s changed", counts["update"]) % counts["update"],
            ngettext("%s moved", "%s moved", counts["move"]) % counts["move"],
            ngettext("%s unchanged", "%s unchanged", counts["unchanged"]) % counts["unchanged"],
        ]
        if counts["close"]:
            parts.append(ngettext("%s closed", "%s closed", counts["close"]) % counts["close"])
        if counts["delete"]:
            parts.append(ngettext("%s deleted", "%s deleted", counts["delete"]) % counts["delete"])
        if new := len(self.pictures):
            parts.append(ngettext("%s new picture", "%s new pictures", new) % new)
        return ", ".join(parts)


def _merge(own, implied):
    """Records that cells ask for, in a file that brings their kind, too."""
    names = [column.name for column in implied.table.columns]
    for index, row in enumerate(implied.rows):
        own.add(dict(zip(names, row, strict=True)), implied.origins.get(index))
    own.notes += implied.notes


def plan(book, options=None, user=None):
    """Plan the import of what ``exchange.read`` gave: a Table or a Book. Writes nothing."""
    return Plan(book.as_book(), options, user)
