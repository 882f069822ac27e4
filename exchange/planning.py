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

from django.db import models
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from exchange.changes import ACTIONS, KEEP, Cell, Change, Options, Update
from exchange.columns import nearest
from exchange.limits import Limits
from exchange.problems import Problem, Refused, shorten
from exchange.references import ReferenceRules
from exchange.registry import kinds, resource_for, resource_of
from exchange.rules_of_leaving import LeavingRules
from exchange.rules_of_rights import RightsRules
from exchange.rules_of_rows import RowRules
from exchange.rules_of_trees import TreeRules
from publishing.models import RetiredCode, Status, may_publish
from publishing.text import slugify

# "Did you mean" compares with every known code; beyond this many it would take too long.
_GUESSABLE = 5000


@dataclass
class KindPlan(ReferenceRules, TreeRules, RowRules, LeavingRules, RightsRules):
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

    # --- tree --------------------------------------------------------------------------------

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

    # --- records that the file does not mention ----------------------------------------------

    # --- rights ------------------------------------------------------------------------------


def required_column(name):
    return Refused(
        "column_missing",
        _("Column “%(name)s” is missing, and new records need it.") % {"name": name},
        _("Add the column."),
    )


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
