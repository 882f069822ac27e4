"""What was on a date, read from the database in a constant number of queries."""

from django.db.models import Q

from chronology import days_of
from history.comparison.difference import Head, Name, Superior, UnitState
from people.as_of import certainty_in_office
from people.models import Term
from publishing.translated import columns
from structure.as_of import AsOf
from structure.as_of.names import names_held
from structure.as_of.superior_rows import BATCH, COLUMNS, COST_OF_AN_ID
from structure.as_of.superiors import Superiors as UnitSuperiors
from units import existence
from units.models import DatedName, DatedSuperior, ExternalBody, Unit

_NAMES = columns("name")
_COLUMNS = (*COLUMNS, "code", *_NAMES, "name_since")
# Of more batches than this it is cheaper to read the whole institution.
MOST_BATCHES = 4


def state(on, user, among=None, near=None, expected=False):
    """``{code: UnitState}`` of the units that ``user`` may see and that certainly or possibly
    existed on ``on``: a HistoricalDate, or None for today.

    ``among``: the ids of the only units to read, in a list; ``near``: the lowest and highest of
    their ids; None: all. ``expected``: how surely as far as can be foreseen, since nothing is
    certain after today. Eight queries, and three for each step over units that may not be seen;
    linear.
    """
    only = {"in": among} if among is not None else {"range": near} if near else {}
    as_of = AsOf(on, user)
    shown = _only(as_of.units().order_by(), "pk", only)
    # Past modeltranslation, which would look at every row again.
    rows = list(shown.rewrite(False).values_list(*_COLUMNS, named=True))
    borne = _only(DatedName.objects.begun_or_announced(user), "unit__pk", only)
    dated_names = _by_unit(borne, *_NAMES, "begin", "end", "takes_effect")
    superiors = Superiors(as_of, rows, expected)
    heads = _heads(as_of, only, expected)
    found = {}
    for row in rows:
        found[row.code] = UnitState(
            (as_of.expected_existence(row) if expected else as_of.existence(row)).value,
            _text(row.founded),
            _text(row.dissolved),
            _names(row, dated_names.get(row.pk, ()), on, expected),
            superiors(row),
            heads.get(row.pk, ()),
        )
    return found


def _only(rows, field, only):
    """The rows of the units that are wanted; ``only``: ``{lookup: value}`` of their ids, or {}."""
    return rows.filter(**{f"{field}__{lookup}": value for lookup, value in only.items()})


def units_that_may_differ(first, second, user):
    """The visible units that may not be the same on both dates, as a queryset.

    All others are: nothing of theirs, nor a superior of theirs, begins or ends, in any sense of a
    vague date, from the one date to the other.
    """
    visible = Unit.objects.visible_to(user).order_by()
    turned_up = existence.possibly(first) ^ existence.possibly(second)
    turned_up |= existence.expected(first) ^ existence.expected(second)
    turned = _turning(first, second)
    heads = Term.objects.filter(turned, post__is_head=True).order_by()
    # Over one that may not be seen whoever is above it is named.
    hidden = Unit.objects.hidden_from(user).order_by().values("pk")
    # A superior is named only while it exists itself.
    superiors = Unit.objects.order_by().filter(turned_up).values("pk")
    turned_up_outside = existence.possibly(first) ^ existence.possibly(second)
    turned_up_outside |= existence.expected_outside(first) ^ existence.expected_outside(second)
    outside = ExternalBody.objects.order_by().filter(turned_up_outside).values("pk")
    found = visible.filter(turned_up).values("pk").union(
        visible.filter(parent__in=superiors).values("pk"),
        DatedSuperior.objects.filter(parent__in=superiors).order_by().values("unit_id"),
        DatedSuperior.objects.filter(external_body__in=outside).order_by().values("unit_id"),
        _outdone(DatedName, "name_since", first, second),
        _outdone(DatedSuperior, "superior_since", first, second),
        DatedName.objects.filter(turned).order_by().values("unit_id"),
        DatedSuperior.objects.filter(turned).order_by().values("unit_id"),
        heads.values("post__unit_id"),
        visible.filter(_begun_between(first, second)).values("pk"),
        visible.filter(parent__in=hidden).values("pk"),
        DatedSuperior.objects.filter(parent__in=hidden).order_by().values("unit_id"),
    )  # fmt: skip
    return visible.filter(pk__in=found)


def states(first, second, user):
    """The states at two dates, without most units that are the same at both: the entries of the
    difference between them are those between the whole states, as far as can be foreseen (which
    also differ in how surely something held). Fifteen queries for up to BATCH units that may
    differ."""
    ids = list(units_that_may_differ(first, second, user).values_list("pk", flat=True))
    if len(ids) > MOST_BATCHES * BATCH:
        return state(first, user, expected=True), state(second, user, expected=True)
    found = {}, {}
    ids.sort()
    for start in range(0, len(ids), BATCH):
        among, near = ids[start : start + BATCH], None
        if among[-1] - among[0] < COST_OF_AN_ID * len(among):
            # What lies between them is the same on both dates and makes no difference.
            among, near = None, (among[0], among[-1])
        for whole, on in zip(found, (first, second), strict=True):
            whole.update(state(on, user, among, near, expected=True))
    return found


def _turning(first, second):
    """Dated rows that may hold on one of two dates and not on the other, as a Q: those of which a
    bound lies between."""
    between = Q()
    for column in ("begin_earliest", "begin_latest", "end_earliest", "end_latest"):
        between |= Q(**{f"{column}__range": _days(first, second)})
    return between


def _begun_between(first, second):
    """Units whose present name or superior may have begun between two dates, as a Q."""
    days = _days(first, second)
    return Q(name_since_earliest__range=days) | Q(superior_since_earliest__range=days)


def _outdone(model, since, first, second):
    """The ids of units with dated rows whose present value is certain on one of two dates only: all
    that is merely possible beside it is told on the other alone."""
    certain = Q(**{f"unit__{since}_certain__range": _days(first, second)})
    return model.objects.filter(certain).order_by().values("unit_id")


def _days(first, second):
    asked = map(existence.day_asked, (first, second))
    days = [day for on in asked for surely in (False, True) for day in days_of(on, surely=surely)]
    return min(days), max(days)


def _by_unit(rows, *columns):
    found = {}
    rows = rows.order_by("pk").values_list("pk", "unit_id", *columns, named=True)
    for row in rows:
        found.setdefault(row.unit_id, []).append(row)
    return found


class Superiors:
    """Whom the pages of ``rows``, units, name as superiors on the date of ``as_of``: a function of
    a row that gives a tuple of Superior.
    """

    def __init__(self, as_of, rows, expected=False):
        self.expected = expected
        self._found = UnitSuperiors(as_of).read(rows)
        named = {one.unit_id for row in rows for one in self._found.of(row)} - {None}
        units = Unit.objects.order_by().values_list("pk", "code")
        known = {row.pk: row.code for row in rows}
        self._codes = known | dict(units.filter(pk__in=named - known.keys()))

    def __call__(self, row):
        return tuple(
            Superior(
                self._codes.get(one.unit_id, ""),
                self._found.body(one.body_id).code if one.body_id else "",
                (one.expected if self.expected else one.certainty).value,
                _text(one.begin),
                _text(one.end),
            )
            for one in self._found.of(row)
        )


def _names(row, rows, on, expected):
    return tuple(
        Name(
            one.texts,
            (one.expected if expected else one.certainty).value,
            _text(one.begin),
            _text(one.end),
        )
        for one in names_held(row, rows, on)
    )


def _heads(as_of, only, expected):
    """``{unit id: (Head, …)}``, the likeliest first."""
    terms = Term.objects.visible_to(as_of.user).in_office(as_of.on).filter(post__is_head=True)
    terms = _only(terms, "post__unit__pk", only)
    found = {}
    for term in terms.likeliest_first(as_of.on).select_related("person", "post__unit"):
        sure = certainty_in_office(term, as_of.on, expected).value
        head = Head(term.person.code, term.acting, sure, _text(term.begin), _text(term.end))
        found.setdefault(term.post.unit_id, []).append(head)
    return {unit: tuple(heads) for unit, heads in found.items()}


def _text(date):
    return str(date) if date else ""
