"""The plan for the records of one kind, made of its rules."""

from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice

from django.utils.translation import gettext as _

from exchange.planning.addresses import AddressRules
from exchange.planning.comparison import Comparison
from exchange.planning.leaving import LeavingRules
from exchange.planning.model_rules import RowRules
from exchange.planning.new_records import FilledIn
from exchange.planning.publication import PublicationRules
from exchange.planning.references import ReferenceRules
from exchange.planning.rights import RightsRules
from exchange.planning.shown_changes import ShownChanges
from exchange.planning.trees import TreeRules
from exchange.problems import Problem, shorten, told_apart
from publishing.visible import NAMED, deceptive

# So many of the records that a file does not mention are shown by name.
LISTED = 1000


@dataclass
class KindPlan(
    FilledIn,
    ShownChanges,
    Comparison,
    ReferenceRules,
    TreeRules,
    RowRules,
    AddressRules,
    PublicationRules,
    LeavingRules,
    RightsRules,
):
    """The plan for the records of one kind."""

    resource: object
    table: object
    plan: object  # the Plan of the whole file
    implied: bool = False
    creates: list = field(default_factory=list)  # indexes of rows
    updates: list = field(default_factory=list)  # Update
    closes: list = field(default_factory=list)  # Update without a row
    deletes: list = field(default_factory=list)  # (pk, [texts of all columns])
    unchanged: int = 0
    generated: dict = field(default_factory=dict)  # {column: {row index: text}} for new records
    typed: dict = field(default_factory=dict)  # {(row index, column): what the file says}
    meant: dict = field(default_factory=dict)  # {(row index, column): Meaning}
    # Of records that another part asks for: {row index: (that part, its row index, column)}.
    origins: dict = field(default_factory=dict)
    notes: list = field(default_factory=list)
    problems: list = field(default_factory=list)
    listed_missing: list = field(default_factory=list)  # (code, title)

    def __post_init__(self):
        self.kind = self.resource.kind
        self.all_columns = self.resource.columns()
        self.position = {column.name: i for i, column in enumerate(self.all_columns)}
        self.rows = self.table.rows
        present = [(i, c) for i, c in enumerate(self.table.columns) if c is not None]
        # Where a column of the resource stands in a row of the file.
        self.active = [(i, c) for i, c in present if c.name != "code"]
        self.place = {c.name: i for i, c in present}
        self.codes = {}  # code → row index
        self.in_cycles = set()  # indexes of rows whose superiors go round, told already
        self._others = None  # number of missing records, where they were not all looked at

    @property
    def counts(self):
        moved = sum(1 for u in self.updates if u.action == "move")
        return {
            "create": len(self.creates),
            "update": len(self.updates) - moved,
            "move": moved,
            "unchanged": self.unchanged,
            "close": len(self.closes),
            "delete": len(self.deletes),
            "missing": self.missing_count,
        }

    @cached_property
    def missing(self):
        """[(pk, code)] of the records that the file does not mention."""
        rows = self.resource.rows().values_list("pk", "code").iterator(chunk_size=5000)
        return [(pk, code) for pk, code in rows if code not in self.codes]

    def look_up_missing(self):
        """Fill in ``listed_missing``: codes and titles of what the file does not mention."""
        if self.implied:
            return
        columns = [self.resource.column(name) for name in ("code", *self._title_names)]
        rows = self.resource.rows()
        if self._others is None:
            rows = rows.filter(pk__in=[pk for pk, _code in self.missing[:LISTED]])
        found = (
            (code, next(filter(None, titles), code))
            for _pk, (code, *titles) in self.resource.texts(columns, rows)
            if code not in self.codes
        )
        self.listed_missing = list(islice(found, LISTED))

    @property
    def missing_count(self):
        if self.implied:
            return 0
        return self._others if self._others is not None else len(self.missing)

    def refuse(self, refused, index=None, column=None, value=""):
        """Add a problem at a cell. ``index``: of the row; ``column``: a name."""
        if index in self.origins:
            part, index, column = self.origins[index]
            part.refuse(refused, index, column, part.cell(index, column))
            return
        heading = column
        if column in self.place:
            heading = self.table.headings[self.place[column]]
        message, advice = refused.message, refused.advice
        if not advice:
            message, advice = told_apart(message)
        if not advice:
            advice = _("Correct this cell.") if column else _("Correct the cells of this row.")
        if refused.code not in NAMED and (hidden := deceptive(value)):
            advice += " " + _("The cell holds what looks like something else: %(characters)s.") % {
                "characters": ", ".join(hidden)
            }
        self.problems.append(
            Problem(
                code=refused.code,
                message=message,
                advice=advice,
                file=self.table.file,
                kind=self.kind if self.plan.several else "",
                row=None if index is None else self.table.number(index),
                column=heading,
                value=shorten(value) if value else "",
                json=self.table.format == "json",
                label=self.table.label_of(heading),
            )
        )

    def cell(self, index, name):
        """What the file says in a column of a row; "" where it has none."""
        position = self.place.get(name)
        return "" if position is None else (self.rows[index][position] or "")

    def build(self):
        """Fill everything in. Problems are added, never raised."""
        self.problems.extend(self.table.problems)
        self.notes.extend(self.table.notes)
        if "code" not in self.place or self.table.fatal:
            return
        self.resource.prepare(self)
        self._index()
        candidates = self._compare()
        self._read_cells(candidates)
        self._references()
        self.resource.ask(self)
        if self.resource.tree:
            self._tree()
        self._generate()
        self.resource.settle(self)
        self._rules()
        self._constraints()
        self._addresses()
        self._publication()
        self._missing()
        self.resource.check(self)
        self._rights()
        self.table.sort_problems(self.problems)
