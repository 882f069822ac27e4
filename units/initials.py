"""Which names units are shown by, and with which characters they begin, as the database can tell.

The names in one language stand in an index with all that decides whether a unit is shown, so that
names are counted and found by their beginnings without the rows themselves being read.
"""

from django.db.models import CharField, Func, Lookup

from publishing.translated import shown_columns

# Sort before and behind every other character that a text holds.
FIRST, LAST = "\x01", "\U0010ffff"


class ShownName(Func):
    """The name in one column, else that in the next, and so on to the last."""

    output_field = CharField()

    def as_sql(self, compiler, connection, **extra):
        *columns, last = (compiler.compile(one)[0] for one in self.get_source_expressions())
        filled = ", ".join(f"NULLIF({column}, '')" for column in columns)
        return f"COALESCE({filled}, {last})", []


def shown_name(language, path=""):
    """An expression for the name of a unit or former name that readers of ``language`` are shown:
    in theirs, else in another, else the code. ``path``: ``"unit__"``, from a dated name."""
    return ShownName(*(f"{path}{column}" for column in (*columns_of(language), "code")))


def columns_of(language):
    """The columns of the name in ``language`` and in the others, as readers are shown them."""
    return tuple(shown_columns("name", language))


class _InOrderOfBytes(Lookup):
    """Compares texts byte by byte, as the index of names has them on both databases."""

    def as_sql(self, compiler, connection):
        column, params = self.process_lhs(compiler, connection)
        value, more = self.process_rhs(compiler, connection)
        operator = self.on_postgresql if connection.vendor == "postgresql" else self.operator
        return f"{column} {operator} {value}", [*params, *more]


@CharField.register_lookup
class From(_InOrderOfBytes):
    lookup_name, operator, on_postgresql = "from", ">=", "~>=~"


@CharField.register_lookup
class UpTo(_InOrderOfBytes):
    lookup_name, operator, on_postgresql = "up_to", "<=", "~<=~"
