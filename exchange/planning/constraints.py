"""The constraints of a model and its unique fields, on what its table would hold afterwards."""

from django.db import models
from django.utils.translation import gettext as _

from exchange.planning.values import compared_value
from exchange.problems import Refused
from publishing.constraints import compile_condition, fields_of
from publishing.narrowing import narrowed

_UNKNOWN = object()


def check_constraints(part):
    """The model's unique fields and constraints, on what the table would hold afterwards."""
    model = part.model
    for constraint in model._meta.constraints:
        if isinstance(constraint, models.CheckConstraint):
            _check_constraint(part, constraint)
        elif isinstance(constraint, models.UniqueConstraint):
            _check_unique(part, constraint.fields, constraint)
    for f in model._meta.concrete_fields:
        if f.unique and not f.primary_key and f.name != "code" and f.name in part.position:
            _check_unique(part, [f.name], None)


def _readers_of(part, names):
    return [(name, i, compared_value(part, name)) for i, name in enumerate(names)]


def _check_constraint(part, constraint):
    asked = fields_of(constraint.condition)
    names = {name for name in asked if name not in ("id", "pk")}
    if not names <= part.position.keys():
        return  # fields that files do not have
    if all(part.all_columns[part.position[name]].generated for name in names):
        return  # never empty, since the site fills them: not worth a look at every row
    test = compile_condition(constraint.condition)
    columns = {part.position[name] for name in names}
    silent = not names & (part.place.keys() | part.generated.keys())
    asked = sorted(asked)
    readers = _readers_of(part, asked)
    memory = {} if names == set(asked) else None  # codes differ from row to row
    changed_by = {update.index: update.changed for update in part.updates}
    for index, pk, texts in part.final_texts(asked):
        if pk is None and silent:
            continue  # nothing but defaults
        if index in part.in_cycles and "parent" in names:
            continue  # told already
        if pk is not None and not columns & set(changed_by[index]):
            continue
        holds = memory.get(texts, _UNKNOWN) if memory is not None else _UNKNOWN
        if holds is _UNKNOWN:
            holds = test({name: read(texts[i]) for name, i, read in readers}.__getitem__)
            if memory is not None and len(memory) < 10_000:
                memory[texts] = holds
        if holds is False:
            message = str(constraint.get_violation_error_message())
            part.refuse(
                Refused(constraint.name, message, _("Correct the cells of this row.")), index
            )


def _check_unique(part, fields, constraint):
    """No two rows with the same values, the database's other rows included."""
    condition = constraint.condition if constraint else None
    test = compile_condition(condition) if condition else None
    positions = [part.position.get(name) for name in fields]
    if None in positions:
        return  # fields that files do not have
    columns = [part.all_columns[i] for i in positions]
    touched = {update.pk for update in part.updates}
    if not (part.creates or part.refused_rows) and not any(
        any(i in update.changed for i in positions) for update in part.updates
    ):
        if not constraint or constraint.condition is None:
            return
        if not part.updates:
            return
    first, wanted = {}, []
    asked = sorted(fields_of(condition)) if test else []
    readers = _readers_of(part, asked)
    for index, _pk, texts in part.final_texts([*asked, *fields]):
        if test and (
            test({name: read(texts[i]) for name, i, read in readers}.__getitem__) is not True
        ):
            continue
        key = texts[len(asked) :]
        if "" in key and index in part.bad_columns:
            continue  # an address that would be made, had the row no mistake
        if "" in key and any(c.text(None) == "" and c.field.null for c in columns):
            continue  # NULLs are never equal
        if key in first:
            _not_unique(part, index, first[key], columns, key, constraint)
        else:
            first[key] = index
            wanted.append(key)
    if not first:
        return
    rows = part.resource.rows()
    if constraint and constraint.condition is not None:
        rows = rows.filter(constraint.condition)
    if len(positions) == 1 and not columns[0].target:
        rows = narrowed(rows, columns[0].name, [key[0] for key in wanted])
    for pk, texts in part.resource.texts(columns, rows):
        index = first.get(tuple(texts))
        if index is not None and pk not in touched:
            _not_unique(part, index, None, columns, tuple(texts), constraint)


def _not_unique(part, index, other, columns, key, constraint):
    advice = _("Write a different value in one of them.")
    if constraint is not None and constraint.violation_error_message:
        message = str(constraint.get_violation_error_message())
        advice = _("Only one of the two can be right: correct this row or the other one.")
    elif other is None:
        message = _("Another record already has this value.")
        advice = _("Write a different value. If it is the same record, write its code.")
    else:
        message = _("The rows %(first)s and %(second)s have the same value here.") % {
            "first": part.table.number(other),
            "second": part.table.number(index),
        }
    column = columns[-1].name if columns[-1].name in part.place else None
    part.refuse(
        Refused("unique", message, advice),
        index,
        column,
        key[-1],
    )
