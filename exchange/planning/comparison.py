"""The rows of a file beside those of the database: equal ones are done with at once."""

from itertools import count
from operator import itemgetter

from django.utils.translation import gettext as _

from exchange.columns import HistoricalDateColumn
from exchange.planning.changes import KEEP, Update
from exchange.problems import Refused
from exchange.reading.headings import name_in
from publishing.models import RetiredCode

# A file of so few rows asks for its own records, where the database has more than that.
_FEW = 1000


class Comparison:
    """Part of KindPlan."""

    def _index(self):
        """Rows by code; what has no code or a code twice is a problem."""
        key = self.place["code"]
        self._canon_code = self.resource.column("code").canon
        codes = self.codes = dict(zip(map(itemgetter(key), self.rows), count()))
        if len(codes) == len(self.rows) and not codes.keys() & {"", KEEP}:
            return
        codes.clear()
        heading = self.table.headings[key]
        told = {problem.row for problem in self.table.problems if problem.column == heading}
        repeated = {}
        for index, row in enumerate(self.rows):
            code = row[key]
            if not code and self.table.number(index) in told:
                continue  # what stands there could not be read
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
                        self._about_repeated(indexes),
                    ),
                    index,
                    "code",
                    code,
                )

    def _about_repeated(self, indexes):
        """Registers of versions hold a record once for each period: those are former names."""
        names = [c.name for c in self.all_columns if isinstance(c, HistoricalDateColumn)]
        periods = {tuple(self.cell(index, name) for name in names) for index in indexes}
        if names and len(periods) == len(indexes):
            return _(
                "Every record has one row. If these are its periods, keep the row that holds now, "
                "and bring the former names and superiors as files of their own."
            )
        return _(
            "If these rows are one record, bring them into one row; if they are several, give each "
            "a code of its own."
        )

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
        if whole:
            pick = tuple
        elif len(positions) > 1:
            pick = itemgetter(*positions)
        else:
            pick = itemgetter(slice(positions[0], positions[0] + 1))
        seen, candidates, unchanged = bytearray(len(self.rows)), {}, 0
        codes, rows, missing = self.codes, self.rows, []
        slow = any(column.post or column.many for column in columns)
        there, records, chunk = None, resource.rows(), 5000
        if len(codes) <= _FEW and not self.plan.options.delete_missing:
            there, chunk = records.count(), None  # few rows come, and at once
            if there > _FEW:
                # What cannot be a code was refused already and must not reach the database (NUL).
                records = records.filter(code__in=[code for code in codes if code.isprintable()])
            else:
                there = None
        if slow:
            stream = ((pk, *texts) for pk, texts in resource.texts(columns, records, chunk))
        else:
            stream = records.values_list("pk", *resource.expressions(columns))
            stream = stream.iterator(chunk_size=chunk) if chunk else stream
        for values in stream:
            index = codes.get(values[1])
            if index is None:
                missing.append(values[:2])
                continue
            seen[index] = 1
            if tuple(pick(rows[index])) == values[1:]:
                unchanged += 1
            else:
                candidates[index] = (values[0], values[2:])
        self.unchanged = unchanged
        self._seen = seen
        if there is None:
            self.missing = missing
        else:
            self._others = there - sum(seen)
        return candidates

    def _read_cells(self, candidates):
        """Canonical texts for the rows that are new or differ."""
        readers = [
            (i, column.name, column.reader(self), column.generated) for i, column in self.active
        ]
        alike = {c.name: c.says_the_same for _i, c in self.active if hasattr(c, "says_the_same")}
        fresh = []
        if 0 in self._seen:
            fresh = [index for index in self.codes.values() if not self._seen[index]]
        self._not_in_file = self._absent_required()
        key = self.place["code"]
        bad = set()
        self.bad_cells = bad_cells = set()  # (row index, column)
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
                    bad_cells.add((index, name))
                    self.refuse(refused, index, name, cell)
                    continue
                if text != cell:
                    if cell.strip() != text:
                        self.typed[index, name] = cell
                    row[i] = text
        for index in fresh:
            for name in self._not_in_file:
                shown = name_in(self.table, self.resource, name)
                self.refuse(required_column(shown), index, shown)
                bad.add(index)
                break
        self.creates = [index for index in fresh if index not in bad]
        self.refused_rows = [index for index in fresh if index in bad]
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
                if text != before and not (name in alike and alike[name](text, before)):
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


def required_column(name):
    """``name``: as the file would call the column."""
    return Refused(
        "column_missing",
        _("Column “%(name)s” is missing, and new records need it.") % {"name": name},
        _("Add the column."),
    )
