"""What was on a date, read from the database in a constant number of queries."""

from django.db.models import BooleanField, ExpressionWrapper, Q

from chronology import days_of, in_force, possibly_in_force
from history.comparison.difference import Head, Name, Superior, UnitState
from people.as_of import certainty_in_office
from people.models import Term
from units.as_of import AsOf
from units.as_of.names import dated_names
from units.as_of.succession import holds_today
from units.as_of.superiors import BATCH, dated_superiors, named, over_those_not_there
from units.models import FormerName, FormerParent, Unit, exists_today

_COLUMNS = ("pk", "code", "parent_id", "name_az", "name_en", "founded", "dissolved")
# Of more batches than this it is cheaper to read the whole institution.
MOST_BATCHES = 4
# An id in a question costs as much as reading so many units.
COST_OF_AN_ID = 4


def state(on, user, among=None, near=None, *, passing_over=False):
    """``{code: UnitState}`` of the units that ``user`` may see and that certainly or possibly
    existed on ``on``: a HistoricalDate, or None for today.

    ``among``: the ids of the only units to read, in a list; ``near``: the lowest and highest of
    their ids; None: all. ``passing_over``: today, in the place of a superior that does not exist or
    may not be seen the nearest above it is told, as on pages; not where two dates are compared,
    since nobody has recorded such a move. Seven queries, linear.
    """
    only = {"in": among} if among is not None else {"range": near} if near else {}
    as_of = AsOf(on, user)
    shown = _only(as_of.units().order_by(), "pk", only)
    # Past modeltranslation, which would look at every row again.
    rows = list(shown.rewrite(False).values_list(*_COLUMNS, named=True))
    sure = set(shown.filter(_certainly_there(on)).values_list("pk", flat=True))
    borne = _only(FormerName.objects.all(), "unit__pk", only)
    former_names = _by_unit(borne, "name_az", "name_en", "begin", "end")
    former = former_superiors(only)
    of = Superiors(as_of, rows, former, only, passing_over)
    heads = _heads(as_of, only)
    present = {}
    found = {}
    for row in rows:
        if row.pk in former:
            superiors = of(row, former[row.pk])
        else:
            if row.parent_id not in present:
                present[row.parent_id] = of(row, [])
            superiors = present[row.parent_id]
        if row.pk in former_names:
            names = _names(row, former_names[row.pk], on)
        else:
            names = (Name(row.name_az or "", row.name_en or "", "certain"),)
        found[row.code] = UnitState(
            "certain" if row.pk in sure else "possible",
            _text(row.founded),
            _text(row.dissolved),
            names,
            superiors,
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
    existence = _possibly_there(first) ^ _possibly_there(second)
    existence |= _certainly_there(first) ^ _certainly_there(second)
    turned = _turning(first, second)
    heads = Term.objects.filter(turned, post__is_head=True).order_by()
    # A superior is named only while it exists itself.
    superiors = visible.filter(existence).values("pk")
    found = visible.filter(existence).values("pk").union(
        visible.filter(parent__in=superiors).values("pk"),
        FormerParent.objects.filter(parent__in=superiors).order_by().values("unit_id"),
        FormerName.objects.filter(turned).order_by().values("unit_id"),
        FormerParent.objects.filter(turned).order_by().values("unit_id"),
        heads.values("post__unit_id"),
    )  # fmt: skip
    return visible.filter(pk__in=found)


def states(first, second, user):
    """The states at two dates, without most units that are the same at both: what ``difference``
    finds between them is what it finds between the whole states. Fifteen queries for up to BATCH
    units that may differ."""
    ids = list(units_that_may_differ(first, second, user).values_list("pk", flat=True))
    if len(ids) > MOST_BATCHES * BATCH:
        return state(first, user), state(second, user)
    found = {}, {}
    ids.sort()
    for start in range(0, len(ids), BATCH):
        among, near = ids[start : start + BATCH], None
        if among[-1] - among[0] < COST_OF_AN_ID * len(among):
            # What lies between them is the same on both dates and makes no difference.
            among, near = None, (among[0], among[-1])
        for whole, on in zip(found, (first, second), strict=True):
            whole.update(state(on, user, among, near))
    return found


def _possibly_there(on):
    """As ``AsOf.units()`` has it, as a Q."""
    return exists_today() if on is None else possibly_in_force(on, begin="founded", end="dissolved")


def _certainly_there(on):
    """As ``AsOf.existence()`` has it, as a Q: today's row is its own witness."""
    if on is None:
        return exists_today()
    certain = in_force(on, begin="founded", end="dissolved")
    return certain | exists_today() if holds_today(on) else certain


def _turning(first, second):
    """Dated rows that may hold on one of two dates and not on the other, as a Q: those of which a
    bound lies between. What is open to this day ends for nobody but for today's own view."""
    if holds_today(first) != holds_today(second):
        return Q()
    days = [
        day
        for on in (first, second)
        if on is not None
        for surely in (False, True)
        for day in days_of(on, surely=surely)
    ]
    if not days:
        return Q(pk=None)
    between = Q()
    for column in ("begin_earliest", "begin_latest", "end_earliest", "end_latest"):
        between |= Q(**{f"{column}__range": (min(days), max(days))})
    return between


def former_superiors(only=None):
    """``{unit id: rows of FormerParent}``, of the units that ``_only`` leaves."""
    rows = _only(FormerParent.objects.all(), "unit__pk", only or {})
    return _by_unit(rows, "parent_id", "external_body_id", "begin", "end")


def _by_unit(rows, *columns):
    found = {}
    rows = rows.order_by("pk").values_list("pk", "unit_id", *columns, named=True)
    for row in rows:
        found.setdefault(row.unit_id, []).append(row)
    return found


class Superiors:
    """Whom the pages of ``rows``, units, name as superiors on the date of ``as_of``: a function of
    a row and its ``former`` ones that gives a tuple of Superior. Two queries. ``passing_over``: as
    for ``state()``; one more query, and two for each step up.
    """

    def __init__(self, as_of, rows, former, only=None, passing_over=False):
        self.as_of = as_of
        named = [one for several in former.values() for one in several]
        ids = {row.parent_id for row in rows} - {None}
        passing_over = passing_over and as_of.on is None
        self.over = over_those_not_there(as_of, ids) if passing_over else None
        units, bodies = as_of.visible_units(), as_of.visible_bodies()
        if only:
            ids |= {row.parent_id for row in named} | set((self.over or {}).values())
            units = units.filter(pk__in=ids - {None})
            bodies = bodies.filter(pk__in={row.external_body_id for row in named} - {None})
        there = ExpressionWrapper(_possibly_there(as_of.on), output_field=BooleanField())
        found = units.order_by().annotate(there=there).values_list("pk", "code", "there")
        self.codes, self.there = {}, set()
        for pk, code, is_there in found:
            self.codes[pk] = code
            if is_there:
                self.there.add(pk)
        self.bodies = dict(bodies.order_by().values_list("pk", "code"))

    def __call__(self, row, former):
        held = dated_superiors(row, former, self.as_of.on)
        found = named(held, seen=self.codes, there=self.there, bodies=self.bodies, over=self.over)
        return tuple(
            Superior(
                self.codes.get(one.unit_id, ""),
                self.bodies.get(one.body_id, ""),
                one.certainty.value,
                _text(one.begin),
                _text(one.end),
            )
            for one in found
        )


def _names(row, rows, on):
    return tuple(
        Name(one.az, one.en, one.certainty.value, _text(one.begin), _text(one.end))
        for one in dated_names(row, rows, on)
    )


def _heads(as_of, only):
    """``{unit id: (Head, …)}``, the likeliest first."""
    terms = Term.objects.visible_to(as_of.user).in_office(as_of.on).filter(post__is_head=True)
    terms = _only(terms, "post__unit__pk", only)
    found = {}
    for term in terms.likeliest_first(as_of.on).select_related("person", "post"):
        sure = certainty_in_office(term, as_of.on).value
        head = Head(term.person.code, term.acting, sure, _text(term.begin), _text(term.end))
        found.setdefault(term.post.unit_id, []).append(head)
    return {unit: tuple(heads) for unit, heads in found.items()}


def _text(date):
    return str(date) if date else ""
