"""The model's own rules over several fields, ``clean()``, on planned rows."""

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models

from exchange.planning.changes import KEEP
from exchange.planning.values import value_reader
from exchange.problems import Refused


def check_model(part):
    """The model's own ``clean()``, on one instance that is filled anew for every row."""
    model = part.model
    record = model.__new__(model)
    record._state = models.base.ModelState()
    record._state.adding = False  # retired codes were asked for all rows at once
    record._state.db = "default"
    names = model.title_fields()
    record.title_fields = lambda: names
    values = record.__dict__
    values.update({f.attname: None for f in model._meta.concrete_fields})
    setters = []
    for i, column in enumerate(part.all_columns):
        if not column.many:
            attribute = column.field.attname
            setters.append((i, attribute, value_reader(column)))
    for _i, attribute, read in setters:
        values[attribute] = read("")
    blank = dict(values)
    defaults = part.defaults
    for i, attribute, read in setters:
        values[attribute] = blank[attribute] = read(defaults[i])
    given = [
        (part.place[part.all_columns[i].name], attribute, read)
        for i, attribute, read in setters
        if part.all_columns[i].name in part.place
    ]
    kept = []
    clean = part.resource.clean_row
    for index in part.refused_rows:  # their other cells are asked all the same
        row, told = part.rows[index], part.bad_columns[index]
        for position, attribute, read in given:
            text = KEEP if part.table.columns[position].name in told else row[position]
            values[attribute] = blank[attribute] if text is KEEP else read(text)
        try:
            clean(record)
        except ValidationError as error:
            _explain(part, error, index, told)
    for index in part.creates:
        row = part.rows[index]
        for position, attribute, read in given:
            text = row[position]
            values[attribute] = blank[attribute] if text is KEEP else read(text)
        try:
            clean(record)
        except ValidationError as error:
            _explain(part, error, index)
            continue
        kept.append(index)
    part.creates = kept
    for update in part.updates:
        for i, attribute, read in setters:
            values[attribute] = read(update.new[i])
        try:
            clean(record)
        except ValidationError as error:
            _explain(part, error, update.index)


def _explain(part, error, index, told=frozenset()):
    """A problem for every message of a model's ValidationError.

    ``told``: columns of the row that were refused already.
    """
    by_field = error.error_dict if hasattr(error, "error_dict") else {None: error.error_list}
    for name, errors in by_field.items():
        for one in errors:
            column = None if name in (None, NON_FIELD_ERRORS) else name
            if one.code == "no_title":
                names = part.model.title_fields()
                column = next((n for n in names if n in part.place), names[0])
                if told.intersection(names):
                    continue
            if column in told:
                continue
            message = " ".join(one.messages)
            value = part.cell(index, column) if column else ""
            part.refuse(Refused(one.code or "rule", message), index, column, value)
