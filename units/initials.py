"""Which names units are shown by, and with which characters they begin, as the database can tell.

The names in one language stand in an index with all that decides whether a unit is shown, so that
names are counted and found by their beginnings without the rows themselves being read.
"""

from django.db.models import CharField, F, Func, Lookup

LANGUAGES = ("az", "en")
# Sorts behind every other character.
LAST = "\U0010ffff"


class ShownName(Func):
    """The name in one column, else that in the next, else a third."""

    output_field = CharField()
    template = "COALESCE(NULLIF({}, ''), NULLIF({}, ''), {})"

    def as_sql(self, compiler, connection, **extra):
        columns = (compiler.compile(one)[0] for one in self.get_source_expressions())
        return self.template.format(*columns), []


def shown_name(language):
    """An expression for the name of a unit or former name that readers of ``language`` are shown:
    in theirs, else in the other, else the code."""
    return ShownName(*columns_of(language), "code")


def columns_of(language):
    """The columns of the name in ``language`` and in the other, as readers are shown them."""
    own = language if language in LANGUAGES else "en"
    return f"name_{own}", *(f"name_{code}" for code in LANGUAGES if code != own)


@CharField.register_lookup
class Begins(Lookup):
    """``name_az__begins="Şə"``: begins with these very characters, found by the index of names.

    (``startswith`` takes no index on SQLite.)
    """

    lookup_name = "begins"

    def as_sql(self, compiler, connection):
        column, params = self.process_lhs(compiler, connection)
        return f"({column} >= %s AND {column} < %s)", [*params, self.rhs, *params, self.rhs + LAST]

    def as_postgresql(self, compiler, connection):
        column, params = self.process_lhs(compiler, connection)
        text = connection.ops.prep_for_like_query(self.rhs)
        return f"{column}::text LIKE %s", [*params, f"{text}%"]


class Bytewise(Func):
    """A text that is compared byte by byte, whatever the order of the database."""

    template = "%(expressions)s"
    output_field = CharField()

    def as_postgresql(self, compiler, connection, **extra):
        return self.as_sql(compiler, connection, template='%(expressions)s COLLATE "C"', **extra)


def bytewise(column):
    """An expression for a column as :class:`Bytewise`."""
    return Bytewise(F(column))
