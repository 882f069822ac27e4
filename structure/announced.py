"""What is announced of names and superiors: changes to come that everybody may see."""

from django.db.models import Exists, OuterRef
from django.utils import timezone

from structure.as_of.in_time import names_in_time, superiors_in_time
from units.models import DatedName

# So many are listed together, the nearest first.
MOST = 20


def announced_of(unit, as_of):
    """The announced DatedName and DatedSuperior rows of one unit, in the order of time; without a
    query where the life line of the page has read them."""
    rows, today = (
        [*names_in_time(as_of, unit), *superiors_in_time(as_of, unit)],
        timezone.localdate(),
    )
    rows = (row for row in rows if row.announced and row.takes_effect)
    return _in_time(row for row in rows if row.takes_effect > today)


def announced_changes(as_of):
    """The same of all visible units, at most ``MOST``; one query where nothing is to come."""
    if as_of.reader.first_change is None:
        return []
    found = []
    for rows in (DatedName.objects, as_of.reader.superiors_seen()):
        seen = Exists(as_of.units().order_by().filter(pk=OuterRef("unit")))
        to_come = rows.filter(seen, takes_effect__gt=timezone.localdate(), announced=True)
        found += to_come.select_related("unit").order_by("takes_effect", "pk")[:MOST]
    found = _in_time(found)[:MOST]
    as_of.prepare([row.unit for row in found])
    return found


def _in_time(rows):
    return sorted(rows, key=lambda row: (row.takes_effect, row._meta.model_name, row.pk))
