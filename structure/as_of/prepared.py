"""Queries whose SQL Django writes once; a page fills in its values.

Django needs more time to put these nested queries together than the database to answer them. So
they are built, in the ordinary words, with places for what differs from page to page (the days
asked about, now, ids of superiors), and the SQL is kept. Values only ever go to the database as
parameters.
"""

from django.db import connections, router
from django.db.models import BooleanField, DateField, DateTimeField, Expression, Func, IntegerField
from django.db.models.expressions import RawSQL
from django.utils import timezone

from chronology import DaysAsked
from publishing.models import may_edit
from structure.as_of.succession import Asked
from units.existence import DaysGiven, surely_has_today
from units.models import Unit


class Given(Expression):
    """The place of a value, or of ``several``, that is known only when the query runs."""

    def __init__(self, name, output_field, several=False):
        super().__init__(output_field=output_field)
        self.name, self.several = name, several

    def as_sql(self, compiler, connection):
        return "(%s)" if self.several else "%s", [self]

    def filled(self, value, connection):
        """The parameters that stand for ``value``, as this database wants them."""
        if self.several:  # ids, of which there are hundreds
            return value
        return [self.output_field.get_db_prep_value(value, connection)]


class Among(Func):
    """Whether a column holds one of several ids that are given when the query runs."""

    template, arg_joiner, output_field = "%(expressions)s", " IN ", BooleanField()

    def __init__(self, column, name="superiors"):
        super().__init__(column, Given(name, IntegerField(), several=True))


_DAYS = ("first", "last", "sure_first", "sure_last")


class Prepared:
    """The query that ``build(units, asked)`` gives for another date than today.

    ``units``: those that the reader may see and that existed then, ``asked``: the Asked of the
    dated rows, with the days; ``Among(column)`` stands for the ids of superiors. ``hidden``: the
    units are those that the reader may not see.
    """

    def __init__(self, build, hidden=False):
        self.build, self.hidden, self._written = build, hidden, {}

    def rows(self, as_of, superiors=(), limit=None):
        """The rows as ``{column: value}``; ``superiors``: one id at least where the query asks for
        them. (By name, since Django may write the columns in another order than values() says.)"""
        connection = connections[router.db_for_read(Unit)]
        sql, params = self._filled(connection, as_of, superiors)
        with connection.cursor() as cursor:
            cursor.execute(sql if limit is None else f"{sql} LIMIT {int(limit)}", params)
            names = [column[0] for column in cursor.description]
            return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def as_subquery(self, as_of, superiors=()):
        """The same for ``filter(pk__in=…)``."""
        connection = connections[router.db_for_read(Unit)]
        return RawSQL(*self._filled(connection, as_of, superiors))  # noqa: S611 - Django wrote it

    def _filled(self, connection, as_of, superiors):
        # Who may see drafts has a query of their own; nothing else of a reader matters. Those of
        # rows to come and of today are written only where they count.
        asked, has_today = as_of.asked_of_rows, surely_has_today(as_of.day)
        editor = may_edit(as_of.user, Unit)
        key = connection.alias, connection.vendor, editor, asked.to_come, asked.hides, has_today
        if key not in self._written:
            self._written[key] = self._write(connection.alias, as_of.user, asked, has_today)
        sql, params = self._written[key]
        days = DaysAsked.of(as_of.day)
        values = {name: getattr(days, name) for name in _DAYS}
        values |= {"now": timezone.now(), "today": timezone.localdate(), "superiors": superiors}
        return _fill(sql, params, values, connection)

    def _write(self, alias, user, asked, has_today):
        first, last, *sure, today = (Given(name, DateField()) for name in (*_DAYS, "today"))
        days = DaysGiven(first, last, *sure, has_today=has_today, today=today)
        now = Given("now", DateTimeField())
        every = Unit.objects.using(alias)
        units = every.hidden_from(user, now) if self.hidden else every.visible_to(user, now)
        units = units.possibly_in_force(days)
        found = self.build(units.order_by(), Asked(days, asked.to_come, asked.hides))
        return found.query.get_compiler(using=alias).as_sql()


class PreparedAnswers:
    """The first value that each of several queries gives, all in one query.

    ``questions``: ``{name: function of the places of now and today that gives the queryset}``.
    """

    def __init__(self, **questions):
        self.questions, self._written = questions, {}

    def ask(self):
        """``{name: value, or None where there is none}``; days as the database gives them."""
        connection = connections[router.db_for_read(Unit)]
        key = connection.alias, connection.vendor
        if key not in self._written:
            self._written[key] = self._write(connection.alias)
        values = {"now": timezone.now(), "today": timezone.localdate()}
        sql, params = _fill(*self._written[key], values, connection)
        with connection.cursor() as cursor:
            cursor.execute(sql, params)
            return dict(zip(self.questions, cursor.fetchone(), strict=True))

    def _write(self, alias):
        now, today = Given("now", DateTimeField()), Given("today", DateField())
        written = [
            question(now, today)[:1].query.get_compiler(using=alias).as_sql()
            for question in self.questions.values()
        ]
        sql = ", ".join(f"({sql})" for sql, _params in written)
        return f"SELECT {sql}", [param for _sql, params in written for param in params]


def _fill(sql, params, values, connection):
    """The SQL and its parameters with ``values``, by name, in the place of each Given."""
    pieces, filled = [], []
    for piece, param in zip(sql.split("%s"), [*params, None], strict=True):
        given = [param]
        if isinstance(param, Given):
            given = param.filled(values[param.name], connection)
        pieces += piece, ", ".join(["%s"] * len(given))
        filled += given
    return "".join(pieces[:-1]), filled[:-1]
