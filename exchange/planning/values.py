"""From the canonical texts of a plan to the values that a model's rules compare."""

from functools import lru_cache

from exchange.columns import ReferenceColumn


def value_reader(column):
    """``column.value`` with a memory for values that occur again and again."""
    if isinstance(column, ReferenceColumn):
        # Rules ask whether there is a superior, not which: its key is not known yet.
        return lambda text: -1 if text else None
    if type(column).__name__ == "TextColumn":
        return str
    return lru_cache(maxsize=10_000)(column.value)


def compared_value(part, name):
    """A function from a column's canonical text to what a compiled condition compares."""
    if name in ("id", "pk"):
        return str
    column = part.all_columns[part.position[name]]
    if isinstance(column, ReferenceColumn):
        return lambda text: text or None
    return value_reader(column)
