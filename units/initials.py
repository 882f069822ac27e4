"""With which character the names of units begin, as the database can tell by an index.

The expressions are written with constants in them: SQLite uses an index on an expression only
where the query has the very same one, without parameters.
"""

from django.db.models import CharField, Func

LANGUAGES = ("az", "en")


class ShownName(Func):
    """The name in one column, else that in the next, else a third."""

    output_field = CharField()
    template = "COALESCE(NULLIF({}, ''), NULLIF({}, ''), {})"

    def as_sql(self, compiler, connection, **extra):
        columns = (compiler.compile(one)[0] for one in self.get_source_expressions())
        return self.template.format(*columns), []


class Initial(ShownName):
    """The first character of that name."""

    template = f"SUBSTR({ShownName.template}, 1, 1)"


def shown_name(language):
    """An expression for the name of a unit or former name that readers of ``language`` are shown:
    in theirs, else in the other, else the code."""
    return ShownName(*_columns(language))


def initial(language):
    """An expression for the first character of that name."""
    return Initial(*_columns(language))


def _columns(language):
    own = language if language in LANGUAGES else "en"
    other = next(code for code in LANGUAGES if code != own)
    return f"name_{own}", f"name_{other}", "code"
