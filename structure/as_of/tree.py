"""The whole tree of a date, and the order in which its units come."""

from django.db.models import F, OuterRef, Subquery
from django.utils import timezone

from chronology import days_of
from structure.as_of.superior_rows import BATCH, COLUMNS
from structure.outline import Branch
from units import due
from units.changes import SUPERIOR
from units.facts import batches
from units.models import DatedSuperior

# What a unit without dated rows must tell for its place in the tree; the slug is for whoever draws.
PLACE = (
    "pk", "slug", "parent_id", "superior_since_earliest", "founded_earliest", "dissolved_latest",
)  # fmt: skip


def tree_on(superiors, units):
    """``(Branch objects at the top, [Branch of those whose superior is not known])``, nested, of
    ``units``, a queryset of those that are shown, in its order. A Branch holds a row with
    ``PLACE``.

    ``superiors``: the Superiors of the date. Linear; no recursion; of units that stand below one
    another in a cycle, the first stands at the top.
    """
    rows = list(units.rewrite(False).values_list(*PLACE, named=True))
    branches = {row.pk: Branch(row) for row in rows}
    first = _first_superiors(superiors, units, branches)
    above = {row.pk: first.get(row.pk) for row in rows}
    for pk in opened_cycles(above):
        above[pk] = None
    top, unplaced = [], []
    for row in rows:
        branch, superior = branches[row.pk], branches.get(above[row.pk])
        if superior:
            superior.branches.append(branch)
        else:
            (top if row.pk in first else unplaced).append(branch)
    return top, unplaced


def _first_superiors(superiors, units, branches):
    """``{id of a unit: id of the unit above it, or None}`` of those of ``branches`` of which it is
    known under whom they stood.

    A unit with no dated row of the time stands where its own row has it, if at all: only others,
    and those under a unit that is not among ``branches``, are looked at one by one."""
    first, others = {}, []
    first_day, last_day = days_of(superiors.day)
    rows = superiors.as_of.reader.superiors().order_by()
    rows = rows.exclude(end_latest__lte=first_day).exclude(begin_earliest__gt=last_day)
    dated = set(rows.values_list("unit_id", flat=True))
    for pk, branch in branches.items():
        unit, above = branch.unit, branches.get(branch.unit.parent_id)
        if pk in dated or (unit.parent_id and above is None):
            others.append(pk)
        elif _may_stand_under(unit, above and above.unit, last_day):
            first[pk] = unit.parent_id
    for some in batches(others, BATCH):
        rows = units.filter(pk__in=some).order_by().rewrite(False)
        rows = list(rows.values_list(*COLUMNS, named=True))
        superiors.read(rows)
        found = {row.pk: superiors.above(row) for row in rows}
        first |= {pk: one.unit_id for pk, one in found.items() if one}
    return first


def _may_stand_under(unit, superior, last_day):
    """Whether what the row of the unit says certainly or possibly held; both existed at the time.
    ``superior`` None: nobody."""
    since, founded, ended = (
        unit.superior_since_earliest,
        unit.founded_earliest,
        unit.dissolved_latest,
    )
    begun = since if founded is None or (since and since > founded) else founded
    if superior is not None:
        founded, over = superior.founded_earliest, superior.dissolved_latest
        if over is not None and begun is not None and begun >= over:
            return False
        if founded is not None and (begun is None or founded > begun):
            begun = founded
    if begun is None:
        return True
    return begun <= last_day and (ended is None or begun < ended)


def opened_cycles(above):
    """Of every cycle of superiors the unit that comes first; ``above``: ``{id: superior id}``."""
    order = {pk: place for place, pk in enumerate(above)}
    done, found = set(), []
    for start in above:
        path, pk = [], start
        while pk is not None and pk not in done:
            done.add(pk)
            path.append(pk)
            pk = above.get(pk)
        if pk in path:
            found.append(min(path[path.index(pk) :], key=order.get))
    return found


class Order:
    """The order of units among those beside them on the date of ``as_of``: the tree's, but what is
    due today stands last under its new superior."""

    def __init__(self, as_of):
        self.moved = {}
        if as_of.on is None and as_of.reader.is_due:
            self.moved = {
                pk: (rows[-1].takes_effect, rows[-1].code)
                for pk, rows in due.rows_due(SUPERIOR).items()
            }

    def of(self, units):
        """The units, a queryset, in this order."""
        if not self.moved:
            return units.order_by("tree_id", "lft")
        rows = DatedSuperior.objects.filter(
            unit=OuterRef("pk"), takes_effect__lte=timezone.localdate()
        ).order_by("-takes_effect", "-pk")
        places = (F(name).asc(nulls_first=True) for name in ("moved_on", "moved_by"))
        found = units.annotate(
            moved_on=Subquery(rows.values("takes_effect")[:1]),
            moved_by=Subquery(rows.values("code")[:1]),
        )
        return found.order_by(*places, "tree_id", "lft")

    def place(self, unit):
        """By what units are put in this order in Python."""
        return self.moved.get(unit.pk, ()), unit.tree_id, unit.lft
