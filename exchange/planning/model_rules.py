"""The model's own rules, on planned rows: ``clean()``, constraints, unique values."""

from functools import cached_property

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models
from django.utils.translation import gettext as _

from exchange.columns import ReferenceColumn
from exchange.planning.changes import KEEP
from exchange.problems import Refused
from publishing.constraints import compile_condition, fields_of
from publishing.narrowing import narrowed

_UNKNOWN = object()


class RowRules:
    """Part of KindPlan."""

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
        for index in self.refused_rows:  # their other cells are asked all the same
            row, told = self.rows[index], self._told_of[index]
            for position, attribute, read in given:
                text = KEEP if self.table.columns[position].name in told else row[position]
                values[attribute] = blank[attribute] if text is KEEP else read(text)
            try:
                clean(record)
            except ValidationError as error:
                self._explain(error, index, told)
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

    @cached_property
    def _told_of(self):
        """{index of a refused new row: names of the columns whose cells cannot be read}."""
        found = {index: set() for index in self.refused_rows}
        for index, name in self.bad_cells:
            if index in found:
                found[index].add(name)
        return found

    def _explain(self, error, index, told=frozenset()):
        """A problem for every message of a model's ValidationError.

        ``told``: columns of the row that were refused already.
        """
        by_field = error.error_dict if hasattr(error, "error_dict") else {None: error.error_list}
        for name, errors in by_field.items():
            for one in errors:
                column = None if name in (None, NON_FIELD_ERRORS) else name
                if one.code == "no_title":
                    names = self.resource._meta.model.title_fields()
                    column = next((n for n in names if n in self.place), names[0])
                    if told.intersection(names):
                        continue
                if column in told:
                    continue
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

    def _value_of(self, name):
        """A function from a column's canonical text to what a compiled condition compares."""
        if name in ("id", "pk"):
            return str
        column = self.all_columns[self.position[name]]
        if isinstance(column, ReferenceColumn):
            return lambda text: text or None
        return _value_reader(column)

    def _final_rows(self):
        """Yield (index, pk, function from position to text) of all new and changed rows."""
        names = [column.name for column in self.all_columns]
        for index in self.creates:
            yield index, None, lambda i, index=index: self.new_text(index, names[i])
        for update in self.updates:
            yield update.index, update.pk, update.new.__getitem__

    def _rows_of(self, names):
        """Yield (index, pk, canonical texts of these columns) of all new and changed rows."""
        names = ["code" if name in ("id", "pk") else name for name in names]
        texts = [self.new_texts_of(name) for name in names]
        for index, *row in zip(self.creates, *texts, strict=True):
            yield index, None, tuple(row)
        positions = [self.position[name] for name in names]
        for update in self.updates:
            yield update.index, update.pk, tuple(update.new[i] for i in positions)
        for index in self.refused_rows:  # as far as their cells can be read
            if self._told_of[index].isdisjoint(names):
                yield index, None, tuple(self.new_text(index, name) for name in names)

    def _readers_of(self, names):
        return [(name, i, self._value_of(name)) for i, name in enumerate(names)]

    def _check_constraint(self, constraint):
        asked = fields_of(constraint.condition)
        names = {name for name in asked if name not in ("id", "pk")}
        if not names <= self.position.keys():
            return  # fields that files do not have
        if all(self.all_columns[self.position[name]].generated for name in names):
            return  # never empty, since the site fills them: not worth a look at every row
        test = compile_condition(constraint.condition)
        columns = {self.position[name] for name in names}
        silent = not names & (self.place.keys() | self.generated.keys())
        asked = sorted(asked)
        readers = self._readers_of(asked)
        memory = {} if names == set(asked) else None  # codes differ from row to row
        for index, pk, texts in self._rows_of(asked):
            if pk is None and silent:
                continue  # nothing but defaults
            if index in self.in_cycles and "parent" in names:
                continue  # told already
            if pk is not None and not columns & set(self._changed_of[index]):
                continue
            holds = memory.get(texts, _UNKNOWN) if memory is not None else _UNKNOWN
            if holds is _UNKNOWN:
                holds = test({name: read(texts[i]) for name, i, read in readers}.__getitem__)
                if memory is not None and len(memory) < 10_000:
                    memory[texts] = holds
            if holds is False:
                message = str(constraint.get_violation_error_message())
                self.refuse(
                    Refused(constraint.name, message, _("Correct the cells of this row.")), index
                )

    @cached_property
    def _changed_of(self):
        return {update.index: update.changed for update in self.updates}

    def _unique(self, fields, constraint):
        """No two rows with the same values, the database's other rows included."""
        condition = constraint.condition if constraint else None
        test = compile_condition(condition) if condition else None
        positions = [self.position.get(name) for name in fields]
        if None in positions:
            return  # fields that files do not have
        columns = [self.all_columns[i] for i in positions]
        touched = {update.pk for update in self.updates}
        if not (self.creates or self.refused_rows) and not any(
            any(i in update.changed for i in positions) for update in self.updates
        ):
            if not constraint or constraint.condition is None:
                return
            if not self.updates:
                return
        first, wanted = {}, []
        asked = sorted(fields_of(condition)) if test else []
        readers = self._readers_of(asked)
        for index, _pk, texts in self._rows_of([*asked, *fields]):
            if test and (
                test({name: read(texts[i]) for name, i, read in readers}.__getitem__) is not True
            ):
                continue
            key = texts[len(asked) :]
            if "" in key and index in self._told_of:
                continue  # an address that would be made, had the row no mistake
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
        if len(positions) == 1 and not columns[0].target:
            rows = narrowed(rows, columns[0].name, [key[0] for key in wanted])
        for pk, texts in self.resource.texts(columns, rows):
            index = first.get(tuple(texts))
            if index is not None and pk not in touched:
                self._not_unique(index, None, columns, tuple(texts), constraint)

    def _not_unique(self, index, other, columns, key, constraint):
        advice = _("Write a different value in one of them.")
        if constraint is not None and constraint.violation_error_message:
            message = str(constraint.get_violation_error_message())
            advice = _("Only one of the two can be right: correct this row or the other one.")
        elif other is None:
            message = _("Another record already has this value.")
            advice = _("Write a different value. If it is the same record, write its code.")
        else:
            message = _("The rows %(first)s and %(second)s have the same value here.") % {
                "first": self.table.number(other),
                "second": self.table.number(index),
            }
        column = columns[-1].name if columns[-1].name in self.place else None
        self.refuse(
            Refused("unique", message, advice),
            index,
            column,
            key[-1],
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
