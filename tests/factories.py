"""Plain functions that make records for tests; every argument has a sensible default."""

import itertools

from units.models import Unit, UnitKind

_numbers = itertools.count(1)


def make_unit_kind(**fields):
    number = next(_numbers)
    fields = {"code": f"kind-{number}", "name_az": "Növ", "name_en": "Kind"} | fields
    return UnitKind.objects.create(**fields)


def make_unit(**fields):
    """A published unit; give ``parent``, ``founded``, ``status`` … as needed."""
    number = next(_numbers)
    fields = {
        "code": f"unit-{number}",
        "slug": f"unit-{number}",
        "name_az": f"İdarə {number}",
        "name_en": f"Unit {number}",
        "status": "published",
    } | fields
    if "kind" not in fields:
        fields["kind"] = UnitKind.objects.first() or make_unit_kind()
    return Unit.objects.create(**fields)
