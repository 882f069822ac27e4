"""The dated names and superiors of a unit, and who stood under it, in the order of time."""

from django.db.models import Exists, F, OuterRef, Q

from chronology import days_of
from structure.moments import OF_A_SORT
from units import due
from units.changes import NAME, SUPERIOR
from units.models import DatedSuperior, Unit


def names_in_time(as_of, unit):
    """The names that the unit had before, or is to have; a list, read once a page; of very many
    the first."""
    if unit.pk in as_of.reader.without_dated_names:
        return []
    return _in_time(as_of, NAME, unit, as_of.reader.names())


def superiors_in_time(as_of, unit):
    """To whom the unit answered before, or is to answer, where the reader may see them; the same
    way."""
    if as_of.reader.superior_rows.rows.get(unit.pk) == []:  # as of most units
        return []
    return _in_time(as_of, SUPERIOR, unit, as_of.reader.superiors_seen())


def _in_time(as_of, fact, unit, rows):
    def read():
        of_unit = _by_begin(rows.filter(unit=unit)).prefetch_related("sources")
        found = list(of_unit[: OF_A_SORT + 1])
        turned = due.turned(fact, [unit]) if as_of.reader.is_due else {}
        if unit.pk in turned:
            found = due.as_written(found, turned[unit.pk])
            found = [row for row in found if row.pk or _may_see(as_of, row)]
        return found

    return as_of.once((fact, unit.pk), read)


def _may_see(as_of, row):
    superior = getattr(row, "parent_id", None)
    return superior is None or as_of.reader.units().filter(pk=superior).exists()


def former_sub_units(as_of, superior, most):
    """``DatedSuperior`` rows of the visible units that answered to this unit, or to this body
    outside, until the date, with when; a list of at most ``most``, without those that are to."""
    side = "parent" if isinstance(superior, Unit) else "external_body"
    seen = Exists(as_of.reader.units().filter(pk=OuterRef("unit")))
    rows = as_of.reader.superiors().filter(seen, takes_effect=None, **{side: superior})
    if not as_of.has_today:
        rows = rows.filter(end_latest__lte=days_of(as_of.on)[0])
    found = list(_by_begin(rows.select_related("unit"))[:most])
    left = _just_left(superior, as_of) if side == "parent" and as_of.is_due_today else []
    return due.in_time([*found, *left]) if left else found


def _just_left(superior, as_of):
    """The same of those that left the unit today or before, and of which no row says so yet."""
    came = DatedSuperior.objects.filter(parent=superior).order_by().values("unit")
    units = as_of.reader.units().filter(Q(parent=superior) | Q(pk__in=came))
    rows = due.rows_due(SUPERIOR, unit__in=units.order_by().values("pk"))
    turned = due.turned(SUPERIOR, units.filter(pk__in=rows)) if rows else {}
    kept = [row for one in turned.values() for row in one.kept]
    return [row for row in kept if row.parent_id == superior.pk]


def _by_begin(rows):
    return rows.order_by(F("begin_earliest").asc(nulls_first=True), "end_earliest", "code")
