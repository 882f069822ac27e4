"""Plain functions that make records for tests; every argument has a sensible default."""

import itertools

from units.models import ExternalBody, FormerName, FormerParent, Link, Unit, UnitKind

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


def make_external_body(**fields):
    """A published body outside."""
    number = next(_numbers)
    fields = {
        "code": f"body-{number}",
        "slug": f"body-{number}",
        "name_az": f"Təşkilat {number}",
        "name_en": f"Organisation {number}",
        "kind": "international",
        "status": "published",
    } | fields
    return ExternalBody.objects.create(**fields)


def make_former_name(unit, **fields):
    number = next(_numbers)
    fields = {
        "code": f"name-{number}",
        "name_az": f"Köhnə ad {number}",
        "name_en": f"Old name {number}",
    } | fields
    return FormerName.objects.create(unit=unit, **fields)


def make_former_parent(unit, **fields):
    """Give ``parent`` or ``external_body``."""
    fields = {"code": f"superior-{next(_numbers)}"} | fields
    return FormerParent.objects.create(unit=unit, **fields)


def make_link(unit, **fields):
    number = next(_numbers)
    fields = {
        "code": f"link-{number}",
        "title_az": f"Keçid {number}",
        "title_en": f"Link {number}",
    } | fields
    return Link.objects.create(unit=unit, **fields)
