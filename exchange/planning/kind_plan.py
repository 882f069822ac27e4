"""The plan for the records of one kind: the rows of its table, and what becomes of them.

Only a value. What a plan looks like is said by the steps of ``exchange.planning.workflow``, which
fill it in one after the other.
"""

from dataclasses import dataclass, field
from functools import cached_property
from itertools import repeat

from django.utils.translation import gettext as _

from exchange.planning.changes import KEEP
from exchange.problems import Problem, shorten, told_apart
from publishing.visible import NAMED, deceptive


@dataclass
class KindPlan:
    """What an import makes of the records of one kind. Texts are canonical, indexes those of rows.

    ``creates``: indexes; ``updates``, ``closes``: Update, the latter without a row; ``deletes``:
    (pk, [texts of all columns]). ``codes``: {code: index}.
    """

    resource: object
    table: object
    plan: object  # the Plan of the whole file
    implied: bool = False  # made of what cells of other records ask for
    codes: dict = field(default_factory=dict)
    exists: bytearray = field(default_factory=bytearray)  # 1 for each row of a stored record
    differing: dict = field(default_factory=dict)  # {index: (pk, [stored texts of ``active``])}
    creates: list = field(default_factory=list)
    updates: list = field(default_factory=list)
    closes: list = field(default_factory=list)
    deletes: list = field(default_factory=list)
    unchanged: int = 0
    generated: dict = field(default_factory=dict)  # {column: {index: text}} for new records
    typed: dict = field(default_factory=dict)  # {(index, column): what the file says}
    meant: dict = field(default_factory=dict)  # {(index, column): Meaning}
    # Of records that another part asks for: {index: (that part, its index, column)}.
    origins: dict = field(default_factory=dict)
    refused_rows: list = field(default_factory=list)  # indexes of new records with a mistake
    bad_cells: set = field(default_factory=set)  # (index, column) of those
    in_cycles: set = field(default_factory=set)  # indexes of rows refused as part of a cycle
    notes: list = field(default_factory=list)
    problems: list = field(default_factory=list)
    listed_missing: list = field(default_factory=list)  # (code, title)
    others: int | None = None  # number of missing records, where they were not all read

    def __post_init__(self):
        self.kind = self.resource.kind
        self.all_columns = self.resource.columns()
        self.position = {column.name: i for i, column in enumerate(self.all_columns)}
        self.rows = self.table.rows
        present = [(i, c) for i, c in enumerate(self.table.columns) if c is not None]
        # Where a column of the resource stands in a row of the file.
        self.active = [(i, c) for i, c in present if c.name != "code"]
        self.place = {c.name: i for i, c in present}

    @property
    def model(self):
        return self.resource._meta.model

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

    # --- rows --------------------------------------------------------------------------------
    def cell(self, index, name):
        """What the file says in a column of a row; "" where it has none."""
        position = self.place.get(name)
        return "" if position is None else (self.rows[index][position] or "")

    @property
    def fresh(self):
        """Indexes of the rows whose records the database does not have."""
        if 0 not in self.exists:
            return []
        return [index for index in self.codes.values() if not self.exists[index]]

    def final_rows(self):
        """Yield (index, pk, function from position to text) of all new and changed records."""
        names = [column.name for column in self.all_columns]
        for index in self.creates:
            yield index, None, lambda i, index=index: self.new_text(index, names[i])
        for update in self.updates:
            yield update.index, update.pk, update.new.__getitem__

    def final_texts(self, names):
        """Yield (index, pk, texts of these columns) of all new and changed records, and of the
        refused ones as far as their cells can be read."""
        names = ["code" if name in ("id", "pk") else name for name in names]
        texts = [self.new_texts_of(name) for name in names]
        for index, *row in zip(self.creates, *texts, strict=True):
            yield index, None, tuple(row)
        positions = [self.position[name] for name in names]
        for update in self.updates:
            yield update.index, update.pk, tuple(update.new[i] for i in positions)
        for index in self.refused_rows:
            if self.bad_columns[index].isdisjoint(names):
                yield index, None, tuple(self.new_text(index, name) for name in names)

    def touched(self, name):
        """Yield (index, text) of every new text in a column."""
        position = self.position[name]
        place = self.place.get(name)
        if place is not None or name in self.generated:
            for index, text in zip(self.creates, self.new_texts_of(name), strict=True):
                if text:
                    yield index, text
        if place is not None:  # a row that is refused already says its other mistakes, too
            for index in self.refused_rows:
                text = self.rows[index][place]
                if text and (index, name) not in self.bad_cells:
                    yield index, text
        for update in self.updates:
            if position in update.changed and update.new[position]:
                yield update.index, update.new[position]

    @cached_property
    def bad_columns(self):
        """{index of a refused new row: names of the columns whose cells cannot be read}."""
        found = {index: set() for index in self.refused_rows}
        for index, name in self.bad_cells:
            if index in found:
                found[index].add(name)
        return found

    # --- new records -------------------------------------------------------------------------
    def new_text(self, index, name):
        """The text that a new record of row ``index`` gets in a column."""
        made = self.generated.get(name)
        if made is not None and index in made:
            return made[index]
        position = self.place.get(name)
        if position is not None and (text := self.rows[index][position]) is not KEEP:
            return text
        return self.defaults[self.position[name]]

    def new_texts_of(self, name):
        """``new_text`` of every new record, in the order of ``creates``: an iterable.

        For a column at a time; where a file has 100,000 rows, the calls alone would count.
        """
        made, place = self.generated.get(name), self.place.get(name)
        rows, default = self.rows, self.defaults[self.position[name]]
        if place is None:
            texts = repeat(default, len(self.creates))
        else:
            texts = [
                default if (text := rows[index][place]) is KEEP else text for index in self.creates
            ]
        if made:
            return map(made.get, self.creates, texts)
        return texts

    @cached_property
    def defaults(self):
        """Texts of a new record without any cell."""
        texts = [column.default for column in self.all_columns]
        if "status" in self.position:
            texts[self.position["status"]] = str(self.plan.status_for(self))
        return texts

    def new_texts(self, index):
        """Texts of all columns of the new record of a row."""
        texts = list(self.defaults)
        row = self.rows[index]
        for name, position in self.place.items():
            if (text := row[position]) is not KEEP:
                texts[self.position[name]] = text
        for name, made in self.generated.items():
            if index in made:
                texts[self.position[name]] = made[index]
        return texts

    def add(self, texts, origin=None):
        """A new record that no row asks for. ``texts``: {column: text}, ``code`` among them;
        ``origin``: (the part, the row and the column that ask for it)."""
        index = len(self.rows)
        row = [KEEP] * len(self.table.columns)
        for name, text in texts.items():
            if name in self.place:
                row[self.place[name]] = text
            else:
                self.generated.setdefault(name, {})[index] = text
        self.rows.append(row)
        self.exists.append(0)
        self.codes[texts["code"]] = index
        self.creates.append(index)
        if origin is not None:
            self.origins[index] = origin

    def rewrite(self, names, rule):
        """Give new and changed records what ``rule`` says: it is handed the texts of the columns
        ``names`` and gives ``{name: other text}``."""
        new = zip(*map(self.new_texts_of, names), strict=True)
        for index, texts in zip(list(self.creates), list(new), strict=True):
            for name, text in rule(*texts).items():
                place = self.place.get(name)
                if place is None:
                    self.generated.setdefault(name, {})[index] = text
                else:
                    self.rows[index][place] = text
        for update in self.updates:
            texts = [update.new[self.position[name]] for name in names]
            for name, text in rule(*texts).items():
                update.new[self.position[name]] = text
                changed = {*update.changed, self.position[name]}
                update.changed = tuple(i for i in sorted(changed) if update.new[i] != update.old[i])

    # --- stored records ----------------------------------------------------------------------
    def load(self, pks):
        """{pk: [text of every column]} of records in the database."""
        found = {}
        for start in range(0, len(pks), 5000):
            rows = self.resource.rows().filter(pk__in=pks[start : start + 5000])
            found.update(self.resource.texts(self.all_columns, rows))
        return found

    @cached_property
    def missing(self):
        """[(pk, code)] of the records that the file does not mention."""
        rows = self.resource.rows().values_list("pk", "code").iterator(chunk_size=5000)
        return [(pk, code) for pk, code in rows if code not in self.codes]

    @property
    def missing_count(self):
        if self.implied:
            return 0
        return self.others if self.others is not None else len(self.missing)

    # --- words -------------------------------------------------------------------------------
    def title(self, texts):
        """The name by which people know a record, from its texts."""
        for name in self.title_names:
            if text := texts[self.position[name]]:
                return text
        return texts[self.position["code"]]

    @cached_property
    def title_names(self):
        """Columns of ``title``, in the language in which the plan is made first."""
        return self.resource.title_columns()

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
