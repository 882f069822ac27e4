"""A model's constraints, checked on rows of canonical texts without asking the database.

Django checks a CheckConstraint by sending its condition to the database, once for each record.
Here the condition is evaluated in Python; the few lookups that our constraints use are known,
and an unknown one fails loudly when the resource is first used, not when a bad row slips through.
"""

import operator

from django.db.models import F, Q

_LOOKUPS = {
    "exact": operator.eq,
    "gt": operator.gt,
    "gte": operator.ge,
    "lt": operator.lt,
    "lte": operator.le,
    "in": lambda value, among: value in among,
    "isnull": lambda value, null: (value is None) == null,
}


def compile_condition(condition):
    """A function ``(values) -> True | False | None`` for a Q; None is SQL's unknown.

    ``values``: a function from a field's name to its value. A reference is the code of its
    record; ``id`` is the record's own code, so that a reference to itself can be compared.
    """
    if condition is None:
        return lambda values: True
    if isinstance(condition, Q):
        parts = [compile_condition(child) for child in condition.children]
        join = _any if condition.connector == Q.OR else _all

        def evaluate(values):
            result = join([part(values) for part in parts])
            return (None if result is None else not result) if condition.negated else result

        return evaluate
    path, expected = condition
    name, _separator, lookup = path.partition("__")
    compare = _LOOKUPS[lookup or "exact"]

    def test(values):
        value = values(name)
        other = values(expected.name) if isinstance(expected, F) else expected
        if lookup != "isnull" and (value is None or other is None):
            return None
        return compare(value, other)

    return test


def fields_of(condition):
    """The names of the fields that a Q speaks of."""
    found = set()
    for child in condition.children:
        if isinstance(child, Q):
            found |= fields_of(child)
        else:
            path, expected = child
            found.add(path.partition("__")[0])
            if isinstance(expected, F):
                found.add(expected.name)
    return found


def _all(results):
    if False in results:
        return False
    return None if None in results else True


def _any(results):
    if True in results:
        return True
    return None if None in results else False
