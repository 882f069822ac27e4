"""From a table to a plan: what an import would do, and everything that is wrong with the file.

Nothing is written here. The work is linear in the rows: the file is indexed by code, the
database's rows stream past it once, rows that are equal text for text are done with, and only the
others are read cell by cell and checked as the form would check them, without a query per row.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from operator import itemgetter

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from chronology import HistoricalDate
from exchange.columns import ReferenceColumn, join_codes, nearest, split_codes
from exchange.constraints import compile_condition, fields_of
from exchange.limits import Limits
from exchange.problems import Problem, Refused, shorten
from exchange.registry import EVERYTHING, kinds, resource_for, resource_of
from publishing.models import Publishable, RetiredCode, Status, may_publish
from publishing.text import slugify

# Where a cell says nothing (a key that a JSON record lacks): the record keeps what it has.
KEEP = None

ACTIONS = ("create", "update", "move", "close", "delete")

# "Did you mean" compares with every known code; beyond this many it would take too long.
_GUESSABLE = 5000


@dataclass(frozen=True)
class Options:
    """How a file is meant.

    ``delete_missing``: close or delete the records that the file does not mention.
    ``new_status``: publication state of new records whose row says none.
    ``closing_date``: what a unit that is closed this way gets as its date of dissolution; by
    default "at an unknown time up to today", since the file does not say when.
    ``progress``: called with (what, done, total) now and then.
    """

    delete_missing: bool = False
    new_status: str = Status.PUBLISHED
    closing_date: HistoricalDate | None = None
    limits: Limits | None = None
    progress: object = None

    @property
    def dissolved(self):
        return self.closing_date or HistoricalDate(f"/{timezone.localdate().isoformat()}")


@dataclass(slots=True)
class Cell:
    """One value of a change. ``typed`` is what the file says, where that was understood to mean
    ``new``; ``shown`` says the new value in words ("28 May 1918")."""

    column: str
    label: str
    old: str
    new: str
    typed: str | None = None
    shown: str = ""


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


@dataclass
class KindPlan:
    """The plan for the records of one kind."""

    resource: object
    table: object
    plan: "Plan"
    implied: bool = False
    creates: list = field(default_factory=list)  # indexes of rows
    updates: list = field(default_factory=list)  # Update
    closes: list = field(default_factory=list)  # Update without a row
    deletes: list = field(default_factory=list)  # (pk, [texts of all columns])
    missing: list = field(default_factory=list)  # (pk, code), not mentioned by the file
    unchanged: int = 0
    generated: dict = field(default_factory=dict)  # {column: {row index: text}} for new records
    typed: dict = field(default_factory=dict)  # {(row index, column): what the file says}
    notes: list = field(default_factory=list)
    problems: list = field(default_factory=list)

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

    # --- reading the plan --------------------------------------------------------------------
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
            "missing": len(self.missing),
        }

    def refuse(self, refused, index=None, column=None, value=""):
        """Add a problem at a cell. ``index``: of the row; ``column``: a name."""
        heading = column
        if column in self.place:
            heading = self.table.headings[self.place[column]]
        self.problems.append(
            Problem(
                code=refused.code,
                message=refused.message,
                advice=refused.advice,
                file=self.table.file,
                kind=self.kind if self.plan.several else "",
                row=None if index is None else self.table.number(index),
                column=heading,
                value=shorten(value) if value else "",
                json=self.table.format == "json",
            )
        )

    def cell(self, index, name):
        """What the file says in a column of a row; "" where it has none."""
        position = self.place.get(name)
        return "" if position is None else (self.rows[index][position] or "")

    def new_text(self, index, name):
        """The canonical text that a new record of row ``index`` gets in a column."""
        made = self.generated.get(name)
        if made is not None and index in made:
            return made[index]
        position = self.place.get(name)
        if position is not None and (text := self.rows[index][position]) is not KEEP:
            return text
        return self.defaults[self.position[name]]

    @cached_property
    def defaults(self):
        """Canonical texts of a new record without any cell."""
        texts = [column.default for column in self.all_columns]
        if "status" in self.position:
            texts[self.position["status"]] = str(self.plan.status_for(self))
        return texts

    def new_texts(self, index):
        """Canonical texts of all columns of the new record of a row."""
        texts = list(self.defaults)
        row = self.rows[index]
        for name, position in self.place.items():
            if (text := row[position]) is not KEEP:
                texts[self.position[name]] = text
        for name, made in self.generated.items():
            if index in made:
                texts[self.position[name]] = made[index]
        return texts

    def title(self, texts):
        """The name by which people know a record, from its canonical texts."""
        for name in self._title_names:
            if text := texts[self.position[name]]:
                return text
        return texts[self.position["code"]]

    @cached_property
    def _title_names(self):
        return self.resource.title_columns()

    def change(self, action, item):
        if action == "create":
            texts = self.new_texts(item)
            return Change(
                action=action,
                kind=self.kind,
                code=texts[self.position["code"]],
                title=self.title(texts),
                row=None if self.implied else self.table.number(item),
                cells=[self._shown(i, "", texts[i], item) for i, t in enumerate(texts) if t],
            )
        if action == "delete":
            texts = item[1]
            return Change(
                action=action,
                kind=self.kind,
                code=texts[self.position["code"]],
                title=self.title(texts),
                row=None,
                cells=[self._shown(i, text, "", None) for i, text in enumerate(texts) if text],
            )
        change = Change(
            action=item.action,
            kind=self.kind,
            code=item.old[self.position["code"]],
            title=self.title(item.new),
            row=None if item.index is None else self.table.number(item.index),
            cells=[self._shown(i, item.old[i], item.new[i], item.index) for i in item.changed],
        )
        if item.action == "move":
            parent = self.position["parent"]
            change.old_parent, change.new_parent = item.old[parent], item.new[parent]
        return change

    def _shown(self, i, old, new, index):
        column = self.all_columns[i]
        typed = self.typed.get((index, column.name)) if index is not None else None
        return Cell(
            column=column.name,
            label=column.label(),
            old=old,
            new=new,
            typed=typed,
            shown=column.show(new) if typed is not None or column.typed else new,
        )

    # --- making the plan ---------------------------------------------------------------------
    def build(self):
        """Fill everything in. Problems are added, never raised."""
        self.problems.extend(self.table.problems)
        if "code" not in self.place or self.table.fatal:
            return
        self.resource.prepare(self)
        self._index()
        candidates = self._compare()
        self._read_cells(candidates)
        self._references()
        if self.resource.tree:
            self._tree()
        self._generate()
        self._rules()
        self._constraints()
        self._missing()
        self.resource.check(self)
        self._rights()
        self.table.sort_problems(self.problems)

    def _index(self):
        """Rows by code; what has no code or a code twice is a problem."""
        key, codes = self.place["code"], self.codes
        canon = self.resource.column("code").canon
        repeated = {}
        for index, row in enumerate(self.rows):
            code = row[key]
            if not code:
                self.refuse(
                    Refused(
                        "required",
                        _("The code is missing."),
                        _("Write the permanent identifier of the record."),
                    ),
                    index,
                    "code",
                )
            elif code in codes:
                repeated.setdefault(code, [codes[code]]).append(index)
            else:
                codes[code] = index
        for code, indexes in repeated.items():
            numbers = [str(self.table.number(index)) for index in indexes]
            listed = _("%(first)s and %(last)s") % {
                "first": ", ".join(numbers[:-1][:20]),
                "last": numbers[-1],
            }
            for index in indexes[1:]:
                self.refuse(
                    Refused(
                        "duplicate",
                        _("The rows %(rows)s have the same code.") % {"rows": listed},
                        _("Every record has a code of its own: change or remove one of them."),
                    ),
                    index,
                    "code",
                    code,
                )
        self._canon_code = canon

    def _compare(self):
        """Let the database's rows stream past: equal ones are done with.

        Returns {row index: (pk, [texts of the active columns])} for those that differ.
        """
        resource, active = self.resource, self.active
        columns = [resource.column("code"), *(column for _i, column in active)]
        positions = [self.place["code"], *(i for i, _column in active)]
        # A row of the file in the order of the columns that the database is asked for.
        width = len(self.table.columns)
        whole = positions == list(range(width))
        for i, column in active:
            if names := column.spellings(self):
                for row in self.rows:
                    row[i] = names.get(row[i], row[i])
        pick = itemgetter(*positions) if len(positions) > 1 else lambda row: (row[positions[0]],)
        seen, candidates, unchanged = bytearray(len(self.rows)), {}, 0
        codes, rows, missing = self.codes, self.rows, self.missing
        slow = any(column.post or column.many for column in columns)
        if slow:
            stream = resource.texts(columns, resource.rows())
        else:
            stream = (
                resource.rows()
                .values_list("pk", *resource.expressions(columns))
                .iterator(chunk_size=5000)
            )
            stream = ((values[0], values[1:]) for values in stream)
        for pk, texts in stream:
            index = codes.get(texts[0])
            if index is None:
                missing.append((pk, texts[0]))
                continue
            seen[index] = 1
            row = rows[index]
            if (tuple(row) if whole else pick(row)) == tuple(texts):
                unchanged += 1
            else:
                candidates[index] = (pk, texts[1:])
        self.unchanged = unchanged
        self._seen = seen
        return candidates

    def _read_cells(self, candidates):
        """Canonical texts for the rows that are new or differ."""
        readers = [
            (i, column.name, column.reader(self), column.generated) for i, column in self.active
        ]
        fresh = [index for code, index in self.codes.items() if not self._seen[index]]
        self._not_in_file = self._absent_required()
        key = self.place["code"]
        bad = set()
        total, progress = len(fresh) + len(candidates), self.plan.progress
        for done, index in enumerate(fresh):
            if not done % 5000:
                progress(_("Checking"), done, total)
            row = self.rows[index]
            try:
                self._canon_code(row[key])
            except Refused as refused:
                bad.add(index)
                self.refuse(refused, index, "code", row[key])
            for i, name, read, generated in readers:
                cell = row[i]
                if cell is KEEP or (generated and not cell.strip()):
                    row[i] = KEEP
                    continue
                try:
                    text = read(cell)
                except Refused as refused:
                    bad.add(index)
                    self.refuse(refused, index, name, cell)
                    continue
                if text != cell:
                    if cell.strip() != text:
                        self.typed[index, name] = cell
                    row[i] = text
        for index in fresh:
            for name in self._not_in_file:
                self.refuse(required_column(name), index, name)
                bad.add(index)
                break
        self.creates = [index for index in fresh if index not in bad]
        self._new_codes = {self.rows[index][key] for index in fresh}
        self._check_retired(fresh)
        changed = {}
        for index, (pk, old) in candidates.items():
            row, new, differs = self.rows[index], {}, False
            for (i, name, read, generated), before in zip(readers, old, strict=True):
                cell = row[i]
                if cell is KEEP or cell == before or (generated and not cell.strip()):
                    continue
                try:
                    text = read(cell)
                except Refused as refused:
                    bad.add(index)
                    self.refuse(refused, index, name, cell)
                    continue
                if text != cell and cell.strip() != text:
                    self.typed[index, name] = cell
                if text != before:
                    new[name] = text
                    differs = True
            if differs:
                changed[index] = (pk, new)
            elif index not in bad:
                self.unchanged += 1
        self._load_updates(changed)
        self.bad = bad

    def _absent_required(self):
        """Columns that every new record needs and the file does not have."""
        return [
            column.name
            for column in self.all_columns
            if column.required and not column.generated and column.name not in self.place
        ]

    def _check_retired(self, fresh):
        """New records may not have the code of a deleted one."""
        if not fresh:
            return
        kind = self.resource._meta.model._meta.label_lower
        for code in RetiredCode.objects.filter(kind=kind).values_list("code", flat=True):
            index = self.codes.get(code)
            if index is not None and not self._seen[index]:
                self.refuse(
                    Refused(
                        "retired_code",
                        _("This code belonged to a record that was deleted."),
                        _("Codes are never used again; choose another one."),
                    ),
                    index,
                    "code",
                    code,
                )

    def _load_updates(self, changed):
        """Make Updates with the texts of all columns, old and new."""
        by_pk = {pk: (index, new) for index, (pk, new) in changed.items()}
        loaded = self.load(list(by_pk))
        parent = self.position.get("parent") if self.resource.tree else None
        for pk, (index, new) in by_pk.items():
            old = loaded[pk]
            texts = list(old)
            for name, text in new.items():
                texts[self.position[name]] = text
            positions = tuple(i for i, (a, b) in enumerate(zip(old, texts, strict=True)) if a != b)
            moved = parent is not None and parent in positions
            self.updates.append(
                Update(pk, index, old, texts, positions, "move" if moved else "update")
            )

    def load(self, pks):
        """{pk: [canonical text of every column]} of records in the database."""
        found = {}
        for start in range(0, len(pks), 5000):
            rows = self.resource.rows().filter(pk__in=pks[start : start + 5000])
            found.update(self.resource.texts(self.all_columns, rows))
        return found

    # --- references --------------------------------------------------------------------------
    def _touched(self, name):
        """Yield (index, text) of every new text in a column."""
        position = self.position[name]
        place = self.place.get(name)
        if place is not None or name in self.generated:
            for index in self.creates:
                if text := self.new_text(index, name):
                    yield index, text
        for update in self.updates:
            if position in update.changed and update.new[position]:
                yield update.index, update.new[position]

    def _references(self):
        """Every code that is referred to must exist, in the database or in the same import."""
        for _i, column in self.active:
            if column.target is None:
                continue
            wanted = {}
            for index, text in self._touched(column.name):
                for code in split_codes(text) if column.many else (text,):
                    wanted.setdefault(code, []).append(index)
            if not wanted:
                continue
            known = self.plan.known_codes(column.target, wanted)
            for code in wanted.keys() - known:
                advice = _("Check the code, or import that record first.")
                if guess := self.plan.guess(column.target, code):
                    advice = _("Did you mean “%(word)s”?") % {"word": guess}
                for index in wanted[code]:
                    self.refuse(
                        Refused(
                            "unknown_reference",
                            _("There is no record with the code “%(code)s”.")
                            % {"code": shorten(code)},
                            advice,
                        ),
                        index,
                        column.name,
                        code,
                    )

    # --- tree --------------------------------------------------------------------------------
    def _tree(self):
        """No ring of superiors, and no chain deeper than allowed."""
        if "parent" not in self.place:
            return
        parent_at = self.position["parent"]
        place, key = self.place["parent"], self.place["code"]
        parents = {}
        moved = {}
        if any(update.action == "move" for update in self.updates):
            rows = self.resource.rows().values_list("code", "parent__code")
            parents = dict(rows.iterator(chunk_size=5000))
            code_at = self.position["code"]
            moved = {u.new[code_at]: u.index for u in self.updates if u.action == "move"}
            for update in self.updates:
                if update.action == "move":
                    parents[update.new[self.position["code"]]] = update.new[parent_at] or None
        fresh = {}
        for index, seen in enumerate(self._seen):
            if not seen and (code := self.rows[index][key]):
                fresh.setdefault(code, index)
                parents.setdefault(code, self.rows[index][place] or None)
        self._rings(parents, moved, fresh)
        self._levels(parents, fresh)

    def _rings(self, parents, moved, fresh):
        state = {}  # code → number of the walk that met it
        for walk, start in enumerate([*moved, *fresh], 1):
            path, code = [], start
            while code is not None and code in parents and code not in state:
                state[code] = walk
                path.append(code)
                code = parents[code]
            if code is None or state.get(code) != walk or code not in path:
                continue
            ring = path[path.index(code) :]
            shown = ring if len(ring) <= 12 else [*ring[:6], "…", *ring[-5:]]
            sentence = (
                _("A record cannot be its own superior.")
                if len(ring) == 1
                else _("These are under each other in a ring: %(ring)s.")
                % {"ring": " → ".join([*shown, shown[0]])}
            )
            for member in ring:
                index = moved.get(member, fresh.get(member))
                if index is not None:
                    self.refuse(
                        Refused("ring", sentence, _("Give one of them another superior.")),
                        index,
                        "parent",
                        parents[member],
                    )

    def _levels(self, parents, fresh):
        limit = self.plan.limits.levels
        levels = {}
        known = {parent for parent in parents.values() if parent and parent not in parents}
        # What cannot be a code was refused already and must not reach the database (NUL).
        known = {parent for parent in known if parent.isprintable()}
        if known:
            rows = self.resource.rows()
            if len(known) <= 1000:
                rows = rows.filter(code__in=known)
            levels = dict(rows.values_list("code", "level").iterator(chunk_size=5000))
            levels = {code: level for code, level in levels.items() if code in known}
        for start in parents:
            path, code = [], start
            while code is not None and code in parents and code not in levels:
                levels[code] = -1  # being walked; a ring ends here
                path.append(code)
                code = parents[code]
            level = -1 if code is None else levels.get(code, -1)
            for member in reversed(path):
                level += 1
                levels[member] = level
        deep = [
            index
            for code, index in self.codes.items()
            if levels.get(code, 0) >= limit and (code in fresh or self._is_moved(index))
        ]
        for index in deep:
            self.refuse(
                Refused(
                    "too_deep",
                    _("This record would stand on level %(level)s; %(limit)s levels are allowed.")
                    % {"level": levels[self.rows[index][self.place["code"]]] + 1, "limit": limit},
                    _("Give it a higher superior."),
                ),
                index,
                "parent",
                self.cell(index, "parent"),
            )

    def _is_moved(self, index):
        return index in self._moved_indexes

    @cached_property
    def _moved_indexes(self):
        return {update.index for update in self.updates if update.action == "move"}

    # --- what the site fills in --------------------------------------------------------------
    def _generate(self):
        """What a new record needs and its row does not say: addresses, kinds."""
        for column in self.all_columns:
            if hasattr(column, "fill"):
                column.fill(self)
        if "slug" not in self.position:
            return
        made = self.generated.setdefault("slug", {})
        needy = [index for index in self.creates if not self.cell(index, "slug")]
        if not needy:
            return
        taken = set(self.resource.rows().values_list("slug", flat=True).iterator(chunk_size=5000))
        taken.update(text for _index, text in self._touched("slug"))
        counters = {}
        names = [name for name in self.resource._meta.model.title_fields() if name in self.place]
        for index in needy:
            row = self.rows[index]
            stem = ""
            for name in names:
                if stem := slugify(row[self.place[name]] or ""):
                    break
            stem = stem or slugify(row[self.place["code"]]) or self.kind
            slug, number = stem, counters.get(stem, 1)
            while slug in taken:
                number += 1
                slug = f"{stem}-{number}"
            counters[stem] = number
            taken.add(slug)
            made[index] = slug

    # --- rules over several fields -----------------------------------------------------------
    def _rules(self):
        """The model's own ``clean()``, on one instance that is filled anew for every row."""
        model = self.resource._meta.model
        record = model.__new__(model)
        record._state = models.base.ModelState()
        record._state.adding = False  # retired codes were asked for all rows at once
        record._state.db = "default"
        names = model.title_fields()
        record.title_fields = lambda: names
        values = record.__dict__
        values.update({f.attname: None for f in model._meta.concrete_fields})
        setters = []
        for i, column in enumerate(self.all_columns):
            if not column.many:
                attribute = column.field.attname
                setters.append((i, attribute, _value_reader(column)))
        for _i, attribute, read in setters:
            values[attribute] = read("")
        blank = dict(values)
        defaults = self.defaults
        for i, attribute, read in setters:
            values[attribute] = blank[attribute] = read(defaults[i])
        given = [
            (self.place[self.all_columns[i].name], attribute, read)
            for i, attribute, read in setters
            if self.all_columns[i].name in self.place
        ]
        kept = []
        clean = self.resource.clean_row
        for index in self.creates:
            row = self.rows[index]
            for position, attribute, read in given:
                text = row[position]
                values[attribute] = blank[attribute] if text is KEEP else read(text)
            try:
                clean(record)
            except ValidationError as error:
                self._explain(error, index)
                continue
            kept.append(index)
        self.creates = kept
        for update in self.updates:
            for i, attribute, read in setters:
                values[attribute] = read(update.new[i])
            try:
                clean(record)
            except ValidationError as error:
                self._explain(error, update.index)

    def _explain(self, error, index):
        """A problem for every message of a model's ValidationError."""
        by_field = error.error_dict if hasattr(error, "error_dict") else {None: error.error_list}
        for name, errors in by_field.items():
            for one in errors:
                column = None if name in (None, NON_FIELD_ERRORS) else name
                if one.code == "no_title":
                    names = self.resource._meta.model.title_fields()
                    column = next((n for n in names if n in self.place), names[0])
                message = " ".join(one.messages)
                value = self.cell(index, column) if column else ""
                self.refuse(Refused(one.code or "rule", message), index, column, value)

    def _constraints(self):
        """The model's unique fields and constraints, on what the table would hold afterwards."""
        model = self.resource._meta.model
        for constraint in model._meta.constraints:
            if isinstance(constraint, models.CheckConstraint):
                self._check_constraint(constraint)
            elif isinstance(constraint, models.UniqueConstraint):
                self._unique(constraint.fields, constraint)
        for f in model._meta.concrete_fields:
            if f.unique and not f.primary_key and f.name != "code" and f.name in self.position:
                self._unique([f.name], None)

    def _reader_of_values(self, texts_of):
        """A function that a compiled condition asks, for one row's texts."""
        position, columns = self.position, self.all_columns

        def values(name):
            if name in ("id", "pk"):
                return texts_of(position["code"])
            column = columns[position[name]]
            text = texts_of(position[name])
            if isinstance(column, ReferenceColumn):
                return text or None
            return column.value(text)

        return values

    def _final_rows(self):
        """Yield (index, pk, function from position to text) of all new and changed rows."""
        names = [column.name for column in self.all_columns]
        for index in self.creates:
            yield index, None, lambda i, index=index: self.new_text(index, names[i])
        for update in self.updates:
            yield update.index, update.pk, update.new.__getitem__

    def _check_constraint(self, constraint):
        test = compile_condition(constraint.condition)
        names = {name for name in fields_of(constraint.condition) if name not in ("id", "pk")}
        if not names <= self.position.keys():
            return  # fields that files do not have
        columns = {self.position[name] for name in names}
        silent = not names & (self.place.keys() | self.generated.keys())
        for index, pk, texts_of in self._final_rows():
            if pk is None and silent:
                continue  # nothing but defaults
            if pk is not None and not columns & set(self._changed_of[index]):
                continue
            if test(self._reader_of_values(texts_of)) is False:
                message = str(constraint.get_violation_error_message())
                self.refuse(
                    Refused(constraint.name, message, _("Correct the cells of this row.")), index
                )

    @cached_property
    def _changed_of(self):
        return {update.index: update.changed for update in self.updates}

    def _unique(self, fields, constraint):
        """No two rows with the same values, the database's other rows included."""
        test = compile_condition(constraint.condition) if constraint else None
        positions = [self.position.get(name) for name in fields]
        if None in positions:
            return  # fields that files do not have
        columns = [self.all_columns[i] for i in positions]
        touched = {update.pk for update in self.updates}
        if not self.creates and not any(
            any(i in update.changed for i in positions) for update in self.updates
        ):
            if not constraint or constraint.condition is None:
                return
            if not self.updates:
                return
        first, wanted = {}, []
        for index, _pk, texts_of in self._final_rows():
            if test and test(self._reader_of_values(texts_of)) is not True:
                continue
            key = tuple(texts_of(i) for i in positions)
            if "" in key and any(c.text(None) == "" and c.field.null for c in columns):
                continue  # NULLs are never equal
            if key in first:
                self._not_unique(index, first[key], columns, key, constraint)
            else:
                first[key] = index
                wanted.append(key)
        if not first:
            return
        rows = self.resource.rows()
        if constraint and constraint.condition is not None:
            rows = rows.filter(constraint.condition)
        if len(positions) == 1 and len(first) <= 1000 and not columns[0].target:
            rows = rows.filter(**{f"{columns[0].name}__in": [key[0] for key in wanted]})
        for pk, texts in self.resource.texts(columns, rows):
            index = first.get(tuple(texts))
            if index is not None and pk not in touched:
                self._not_unique(index, None, columns, tuple(texts), constraint)

    def _not_unique(self, index, other, columns, key, constraint):
        if constraint is not None and constraint.violation_error_message:
            message = str(constraint.get_violation_error_message())
        elif other is None:
            message = _("Another record already has this value.")
        else:
            message = _("The rows %(first)s and %(second)s have the same value here.") % {
                "first": self.table.number(other),
                "second": self.table.number(index),
            }
        column = columns[-1].name if columns[-1].name in self.place else None
        self.refuse(
            Refused("unique", message, _("Write a different value in one of them.")),
            index,
            column,
            key[-1],
        )

    # --- records that the file does not mention ----------------------------------------------
    def _missing(self):
        if not self.plan.options.delete_missing or self.implied or not self.missing:
            return
        pks = [pk for pk, _code in self.missing]
        loaded = self.load(pks)
        if self.resource.closes:
            at = self.position[self.resource.closes]
            date = self.plan.options.dissolved.text
            for pk in pks:
                old = loaded[pk]
                if not old[at]:
                    new = list(old)
                    new[at] = date
                    self.closes.append(Update(pk, None, old, new, (at,), "close"))
            return
        self.deletes = [(pk, loaded[pk]) for pk in pks]

    def check_deletes(self):
        """Records that others refer to cannot be deleted; what goes with them is said.

        Asked after all kinds are planned: what refers to a record may go in the same import.
        """
        if not self.deletes:
            return
        going = {
            part.resource._meta.model: {pk for pk, _texts in part.deletes}
            for part in self.plan.parts
        }
        for relation in self.resource._meta.model._meta.related_objects:
            self._check_relation(relation, going)

    def _check_relation(self, relation, going):
        model, name = relation.related_model, relation.field.name
        if relation.many_to_many or model._meta.auto_created:
            return
        protects = relation.on_delete in (models.PROTECT, models.RESTRICT)
        leaves = going.get(model, set())
        pks = [pk for pk, _texts in self.deletes]
        texts = dict(self.deletes)
        found = {}
        for start in range(0, len(pks), 5000):
            rows = models.QuerySet(model).filter(**{f"{name}__in": pks[start : start + 5000]})
            for pk, owner in rows.order_by().values_list("pk", relation.field.attname):
                if pk not in leaves:
                    found[owner] = found.get(owner, 0) + 1
        for owner, count in found.items():
            what = {
                "title": self.title(texts[owner]),
                "count": count,
                "records": str(model._meta.verbose_name_plural),
            }
            if protects:
                self.refuse(
                    Refused(
                        "in_use",
                        _("“%(title)s” cannot be deleted: %(count)s × %(records)s refer to it.")
                        % what,
                        _("Keep its row in the file, or change those records first."),
                    )
                )
            elif relation.on_delete is models.CASCADE:
                self.notes.append(
                    _("“%(title)s”: %(count)s × %(records)s will be deleted with it.") % what
                )

    # --- rights ------------------------------------------------------------------------------
    def _rights(self):
        user = self.plan.user
        if user is None:
            return
        names = [column.name for column in self.all_columns]

        def as_dict(texts):
            return dict(zip(names, texts, strict=True))

        model = self.resource._meta.model
        publishes = not issubclass(model, Publishable) or may_publish(user, model)
        default_may_change = RecordMay.is_default(self.resource)
        for index in self.creates:
            if not publishes and self.new_text(index, "status") != Status.DRAFT:
                self._may_not_publish(index)
            if not default_may_change and not self.resource.may_change(
                user, None, as_dict(self.new_texts(index))
            ):
                self._may_not_change(index, "", self.cell(index, "code"))
        self._rights_of_owners(user)
        for update in [*self.updates, *self.closes]:
            if not publishes:
                at = self.position["status"]
                schedule = self.position["publish_at"]
                if update.old[at] == Status.PUBLISHED or {at, schedule} & set(update.changed):
                    self._may_not_publish(update.index)
            if not default_may_change and not self.resource.may_change(
                user, as_dict(update.old), as_dict(update.new)
            ):
                self._may_not_change(update.index, self.title(update.old))

    def _rights_of_owners(self, user):
        """Rows that belong to another record change what the public sees where that is public."""
        for name in self.resource.belongs_to:
            target = self.resource.column(name).target
            if not issubclass(target, Publishable) or may_publish(user, target):
                continue
            at = self.position[name]
            touched = [(index, {text(at)}) for index, _pk, text in self._final_rows()]
            for update in self.updates:
                touched.append((update.index, {update.old[at]}))
            touched += [(None, {texts[at]}) for _pk, texts in self.deletes]
            codes = {code for _index, owners in touched for code in owners}
            rows = models.QuerySet(target).filter(status=Status.PUBLISHED)
            public = set(rows.order_by().values_list("code", flat=True)) & codes
            for index, owners in touched:
                if owners & public:
                    self._may_not_publish(index)

    def _may_not_publish(self, index):
        self.refuse(
            Refused(
                "may_not_publish",
                _("You may not publish, change or withdraw what the public sees by import."),
                _("Leave the status as “draft”, or ask somebody with the right to publish."),
            ),
            index,
            "status" if "status" in self.place else None,
            self.cell(index, "status") if index is not None else "",
        )

    def _may_not_change(self, index, title, code=""):
        self.refuse(
            Refused(
                "may_not_change",
                _("You may not change “%(title)s”.") % {"title": title or code},
                _("Remove the row, or ask somebody who may."),
            ),
            index,
            "code",
            code,
        )


class RecordMay:
    """Whether a resource has a rule of its own for ``may_change``: asking for every row costs."""

    @staticmethod
    def is_default(resource):
        from exchange.resource import RecordResource

        return type(resource).may_change is RecordResource.may_change


def required_column(name):
    return Refused(
        "column_missing",
        _("Column “%(name)s” is missing, and new records need it.") % {"name": name},
        _("Add the column."),
    )


def _value_reader(column):
    """``column.value`` with a memory for values that occur again and again."""
    if isinstance(column, ReferenceColumn):
        # Rules ask whether there is a superior, not which: its key is not known yet.
        return lambda text: -1 if text else None
    if type(column).__name__ == "TextColumn":
        return str
    memory = {}
    value = column.value

    def read(text):
        found = memory.get(text)
        if found is None:
            found = value(text)
            if len(memory) < 10_000:
                memory[text] = found
        return found

    return read


class ChangeList(Sequence):
    """The changes of a plan, made when they are looked at: slices for pages, len() for counts."""

    def __init__(self, items):
        self._items = items  # (part, action, item)

    def __len__(self):
        return len(self._items)

    def __getitem__(self, key):
        if isinstance(key, slice):
            return [part.change(action, item) for part, action, item in self._items[key]]
        part, action, item = self._items[key]
        return part.change(action, item)


class Plan:
    """What an import of a file would do. Writes nothing; ``exchange.apply`` carries it out.

    ``parts``: a KindPlan for every kind, in the order of writing. ``problems``: everything that
    is wrong; a plan with problems cannot be applied. ``notes``: what the editor should know.
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
        self._codes = {}
        self._build()

    def progress(self, what, done, total):
        if self.options.progress:
            self.options.progress(what, done, total)

    def _build(self):
        tables = {table.kind: table for table in self.book.tables}
        for kind in kinds():
            if kind not in tables:
                continue
            part = KindPlan(resource_for(kind)(), tables[kind], self)
            self.parts.append(part)
            part.build()
        order = {kind: number for number, kind in enumerate(kinds())}
        for kind, part in self.implied.items():
            own = self.part(kind)
            if own is None:
                self.parts.append(part)
            else:
                self._merge(own, part)
        self.parts.sort(key=lambda part: order[part.kind])
        for part in self.parts:
            part.check_deletes()

    def _merge(self, own, implied):
        """Records that cells ask for, in a file that brings their kind, too."""
        names = [column.name for column in implied.table.columns]
        for row in implied.rows:
            texts = dict(zip(names, row, strict=True))
            index = len(own.rows)
            cells = [KEEP] * len(own.table.columns)
            for name, text in texts.items():
                if name in own.place:
                    cells[own.place[name]] = text
                else:
                    own.generated.setdefault(name, {})[index] = text
            own.rows.append(cells)
            own.codes[texts["code"]] = index
            own._seen.append(0)
            own.creates.append(index)
        own.notes += implied.notes

    # --- used while planning -----------------------------------------------------------------
    def part(self, kind):
        """The KindPlan of a kind, None where the file has no such records."""
        return next((part for part in self.parts if part.kind == kind), None)

    def status_for(self, part):
        """Publication state of new records that say none."""
        model = part.resource._meta.model
        if self.user is not None and not may_publish(self.user, model):
            return Status.DRAFT
        return self.options.new_status

    def known_codes(self, model, wanted):
        """Those of the ``wanted`` codes that exist or will exist after this import."""
        known = set()
        resource = resource_of(model)
        part = self.part(resource.kind) if resource else None
        if part is not None and part.codes:
            # Rows with problems of their own count: one message for them is enough.
            known.update(part.codes)
            if self.options.delete_missing and not part.resource.closes:
                return known & wanted.keys()
        if resource and resource.kind in self.implied:
            known.update(self.implied[resource.kind].codes)
        rest = [code for code in wanted if code not in known]
        rows = models.QuerySet(model).order_by()
        if len(rest) > 2000:
            known.update(rows.values_list("code", flat=True).iterator(chunk_size=5000))
        else:
            for start in range(0, len(rest), 500):
                found = rows.filter(code__in=rest[start : start + 500])
                known.update(found.values_list("code", flat=True))
        return known & wanted.keys()

    def guess(self, model, code):
        """The existing code most like ``code``; None where there are too many to compare."""
        if model not in self._codes:
            rows = models.QuerySet(model).order_by().values_list("code", flat=True)
            codes = list(rows[: _GUESSABLE + 1])
            resource = resource_of(model)
            part = self.part(resource.kind) if resource else None
            if part is not None:
                codes += [c for c in part.codes if c != code]
            self._codes[model] = codes if len(codes) <= _GUESSABLE else []
        return nearest(code, [c for c in self._codes[model] if c != code], cutoff=0.8)

    # --- reading -----------------------------------------------------------------------------
    @cached_property
    def problems(self):
        """Everything that is wrong, in the order of the file."""
        found = list(self.book.problems)
        for part in self.parts:
            found.extend(part.problems)
        return found

    @property
    def notes(self):
        return [note for part in self.parts for note in part.notes]

    @property
    def counts(self):
        total = dict.fromkeys([*ACTIONS, "unchanged", "missing"], 0)
        for part in self.parts:
            for name, count in part.counts.items():
                total[name] += count
        return total

    @property
    def is_empty(self):
        """Whether applying it would change nothing."""
        return not any(self.counts[action] for action in ACTIONS)

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
        """[(code, title)] of the records of a kind that the file does not mention."""
        part = self.part(kind)
        if part is None:
            return []
        loaded = part.load([pk for pk, _code in part.missing[:1000]])
        return [(code, part.title(loaded[pk])) for pk, code in part.missing[:1000]]

    @cached_property
    def token(self):
        """A fingerprint of all that would be done, with what the touched records hold now."""
        digest = hashlib.sha256()
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
        return digest.hexdigest()

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
        return ", ".join(parts)


def plan(book, options=None, user=None):
    """Plan the import of what ``exchange.read`` gave: a Table or a Book. Writes nothing."""
    return Plan(book.as_book(), options, user)


__all__ = [
    "EVERYTHING",
    "Cell",
    "Change",
    "KindPlan",
    "Options",
    "Plan",
    "join_codes",
    "plan",
]
