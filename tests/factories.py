"""Plain functions that make records for tests; every argument has a sensible default."""

import itertools

from django.utils import timezone

from chronology import HistoricalDate
from history.models import (
    Era,
    Event,
    Figure,
    FigureGroup,
    Observance,
    Participation,
)
from pages.models import Page
from people.models import Person, Post, Term
from sources.models import Source
from units.models import DatedName, DatedSuperior, ExternalBody, Link, Unit, UnitKind

_numbers = itertools.count(1)


def make_unit_kind(**fields):
    number = next(_numbers)
    fields = {"code": f"kind-{number}", "name_az": "Növ", "name_en": "Kind"} | fields
    return UnitKind.objects.create(**fields)


def make_unit(**fields):
    """A published unit; give ``parent``, ``founded``, ``status`` … as needed.

    Name and superior hold since it was founded, where the test does not say since when.
    """
    number = next(_numbers)
    since = fields.get("founded")
    fields = {"name_since": since, "superior_since": since} | fields
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


def make_dated_name(unit, **fields):
    number = next(_numbers)
    fields = {
        "code": f"name-{number}",
        "name_az": f"Köhnə ad {number}",
        "name_en": f"Old name {number}",
    } | fields
    row = DatedName.objects.create(unit=unit, **fields)
    _follows(unit, "name_since", unit.dated_names.all())
    return row


def make_dated_superior(unit, **fields):
    """Give ``parent`` or ``external_body``."""
    fields = {"code": f"superior-{next(_numbers)}"} | fields
    row = DatedSuperior.objects.create(unit=unit, **fields)
    _follows(unit, "superior_since", unit.dated_superiors.all())
    return row


def _follows(unit, since, rows):
    """Lets what the unit's own row says begin where the last of its dated rows ends, for all that
    these tell, as a register has it in which one followed the other without a gap."""
    never = HistoricalDate("0001")
    last = max(rows, key=lambda row: row.end or row.begin or never)
    began = last.begin and str(last.begin)
    date = last.end or (HistoricalDate(f"{began}/") if began and "/" not in began else None)
    has_begun = date and (date.earliest is None or date.earliest <= timezone.localdate())
    setattr(unit, since, date if has_begun else None)
    unit.save(update_fields=[since])


def make_link(unit, **fields):
    number = next(_numbers)
    fields = {
        "code": f"link-{number}",
        "title_az": f"Keçid {number}",
        "title_en": f"Link {number}",
    } | fields
    return Link.objects.create(unit=unit, **fields)


def make_staff(name="boss", group=None, **fields):
    """Staff: a superuser, or one of the group "editor", "publisher" or "administrator"."""
    from importlib import import_module

    from django.apps import apps
    from django.contrib.auth.models import Group, User

    if group and not Group.objects.filter(name=group).exists():  # emptied by a transactional test
        import_module("accounts.migrations.0001_groups").create_groups(apps, None)
    fields = {"is_staff": True, "is_superuser": group is None} | fields
    user = User.objects.create_user(name, f"{name}@example.org", "correct horse 1", **fields)
    if group:
        user.groups.add(Group.objects.get(name=group))
    return user


def make_era(**fields):
    number = next(_numbers)
    fields = {
        "code": f"era-{number}",
        "slug": f"era-{number}",
        "name_az": f"Dövr {number}",
        "name_en": f"Era {number}",
        "order": number,
    } | fields
    return Era.objects.create(**fields)


def make_event(*, before=(), after=(), concerned=(), **fields):
    """A published event; units and bodies on its sides by ``before``, ``after``, ``concerned``."""
    number = next(_numbers)
    fields = {
        "code": f"event-{number}",
        "slug": f"event-{number}",
        "title_az": f"Hadisə {number}",
        "title_en": f"Event {number}",
        "kind": "other",
        "status": "published",
    } | fields
    if "era" not in fields:
        fields["era"] = Era.objects.first() or make_era()
    event = Event.objects.create(**fields)
    for side, participants in (("before", before), ("after", after), ("subject", concerned)):
        for one in participants:
            field = "unit" if isinstance(one, Unit) else "external_body"
            Participation.objects.create(event=event, side=side, **{field: one})
    return event


def make_source(**fields):
    number = next(_numbers)
    fields = {
        "code": f"source-{number}",
        "title_az": f"Mənbə {number}",
        "title_en": f"Source {number}",
        "kind": "article",
    } | fields
    return Source.objects.create(**fields)


def make_figure(**fields):
    """A published figure, in the first group there is."""
    number = next(_numbers)
    fields = {
        "code": f"figure-{number}",
        "label_az": f"say {number}",
        "label_en": f"number {number}",
        "value": number,
        "status": "published",
    } | fields
    if "group" not in fields:
        fields["group"] = FigureGroup.objects.first() or FigureGroup.objects.create(
            code=f"group-{number}", name_az="Qrup", name_en="Group"
        )
    return Figure.objects.create(**fields)


def make_observance(**fields):
    """A published yearly day: 2 July unless ``month`` and ``day`` say otherwise."""
    number = next(_numbers)
    fields = {
        "code": f"day-{number}",
        "title_az": f"Gün {number}",
        "title_en": f"Day {number}",
        "month": 7,
        "day": 2,
        "status": "published",
    } | fields
    return Observance.objects.create(**fields)


def make_person(**fields):
    number = next(_numbers)
    fields = {
        "code": f"person-{number}",
        "slug": f"person-{number}",
        "name_az": f"Şəxs {number}",
        "name_en": f"Person {number}",
        "status": "published",
    } | fields
    return Person.objects.create(**fields)


def make_post(unit, **fields):
    """The post of the unit's head, unless ``is_head`` says otherwise."""
    number = next(_numbers)
    fields = {
        "code": f"post-{number}",
        "title_az": f"Vəzifə {number}",
        "title_en": f"Post {number}",
        "is_head": True,
    } | fields
    return Post.objects.create(unit=unit, **fields)


def make_term(post, person, **fields):
    fields = {"code": f"term-{next(_numbers)}"} | fields
    return Term.objects.create(post=post, person=person, **fields)


def make_page(**fields):
    number = next(_numbers)
    fields = {
        "code": f"page-{number}",
        "slug": f"page-{number}",
        "title_az": f"Səhifə {number}",
        "title_en": f"Page {number}",
        "status": "published",
    } | fields
    return Page.objects.create(**fields)
