"""One record of every kind that the admin has a form for, with every field of that form filled.

``full_records()`` walks the admin's own register, so a new kind or a new field comes along by
itself. ``test_unchanged.py`` looks that nothing stayed empty.
"""

import datetime
from decimal import Decimal
from io import BytesIO

from django.conf import settings
from django.contrib import admin
from django.contrib.auth.models import Group, Permission, User
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import models
from django.test import RequestFactory
from django.utils import timezone
from modeltranslation.translator import NotRegistered, translator
from PIL import Image

from addresses.models import LegacyAddress
from chronology.fields import HistoricalDateField
from publishing.images import PictureField
from publishing.models import Status
from publishing.richtext import MarkdownField
from sources.models import Source
from tests import factories
from units.models import Unit

# What stands in a field of that name; others are filled by their type.
BY_NAME = {
    "phone": "+994 (12) 000-00 00",
    "email": "press@dövlət.az",
    "latitude": Decimal("-0.000001"),
    "longitude": Decimal("49.800000"),
    "closing_reason": "replaced",
    "weight": 3,
    "month": 2,
    "day": 29,
    # Vague, and a period where one may stand; the end never before the beginning.
    "begin": "1841?",
    "founded": "1841~/1842-06~",
    "attested": "1845",
    "at_top": False,  # only one of three superiors
    "name_since": "1950/1960",
    "superior_since": "/1990-05-04",
    "since": "1992",
    "partner_since": "199X",
    "date": "1918-05",
    "accessed": datetime.date(2020, 2, 29),
    "end": "2020?",
    "dissolved": "2020-01/2020-02?",
    "status": Status.PUBLISHED,
    # Kept to the microsecond.
    "publish_at": datetime.datetime(2015, 3, 4, 5, 6, 7, 891011, tzinfo=datetime.UTC),
}
# Every line break that can stand in a database, blanks at both ends.
LINES = " first\r\nsecond «Ə»\n\n  fourth\rfifth & <six> \n"
MARKDOWN = """
# Ə

* one\x20\x20
* two

    code & "so"

<https://example.org/?a=1&b=2>

| a |
|---|
| b |
"""


def full_records():
    """``{model: its full record}`` for every kind that the admin's pages can change."""
    made = _make()
    for record in made.values():
        fill(record)
    for row in _rows():
        fill(row)
    return {model: type(record).objects.get(pk=record.pk) for model, record in made.items()}


def changeable():
    """``(model, ModelAdmin)`` of all forms of the admin in which a superuser can save."""
    request = RequestFactory().get("/")
    request.user = User(is_superuser=True, is_staff=True, is_active=True)
    return [
        (model, model_admin)
        for model, model_admin in admin.site._registry.items()
        if model_admin.has_change_permission(request)
    ]


def fill(record):
    """Fills every empty field of a stored record that a form could show, and stores it as it is.

    With ``update()``: what forms and ``save()`` would make tidy has its place in a database, too.
    """
    values = {}
    in_languages = translated(type(record))
    for field in record._meta.concrete_fields:
        if not field.editable or field.primary_key or field.is_relation or field.unique:
            continue
        if field.name in in_languages:
            continue
        if isinstance(field, HistoricalDateField):
            date = field.to_python(BY_NAME[field.name])
            values |= field.bounds_columns(date)
        elif getattr(record, field.attname) in ("", None, False, 0) or field.name in BY_NAME:
            values[field.name] = _value(field)
    for name in in_languages:  # the column of the text repeats that of the first language
        first = f"{name}_{settings.LANGUAGES[0][0]}"
        values[name] = values.get(first, getattr(record, first))
    models.QuerySet(type(record)).filter(pk=record.pk).update(**values)
    for field in record._meta.many_to_many:
        if field.related_model is Source:
            cited = getattr(record, field.name)
            cited.set(cited.all() or [factories.make_source()])


def translated(model):
    """The names of the texts that have a column for every language."""
    try:
        return list(translator.get_options_for_model(model).all_fields)
    except NotRegistered:
        return []


def _value(field):
    if field.name in BY_NAME:
        return BY_NAME[field.name]
    if isinstance(field, PictureField):
        return _picture(field)
    if isinstance(field, models.BooleanField):
        return True
    if isinstance(field, models.DateTimeField):
        return timezone.now().replace(microsecond=123456)
    if field.choices:
        return field.choices[-1][0]
    if isinstance(field, models.IntegerField):
        return 7
    if isinstance(field, models.URLField):
        return "https://şəki.example/ə?x=1&y=%20#z"
    if isinstance(field, MarkdownField):
        return f"{MARKDOWN}{field.name}\n"
    if isinstance(field, models.TextField):
        return f"{LINES}{field.name} "
    return f" {field.name}  «Ə» & 'q' "[: field.max_length]


def _picture(field):
    """The name of a stored file that the site would not have written like this."""
    written = BytesIO()
    Image.new("RGB", (40, 30), "teal").save(written, "JPEG", quality=30, comment=b"kept")
    return default_storage.save(f"{field.upload_to}full.jpg", ContentFile(written.getvalue()))


def _make():
    """A record of every kind, tied to others wherever its form can tie it; not filled yet."""
    kind = factories.make_unit_kind(code="full-kind")
    root = factories.make_unit(code="full-root", name_en="Root", kind=kind)
    others = [
        factories.make_unit(
            code=f"full-{n}", order=n, kind=kind, parent=Unit.objects.get(pk=root.pk)
        )
        for n in range(4)
    ]
    unit, other = others[1], others[3]
    body = factories.make_external_body(code="full-body")
    person = factories.make_person(code="full-person")
    post = factories.make_post(unit, code="full-post")
    factories.make_term(post, person)
    factories.make_dated_name(unit)
    factories.make_dated_superior(unit, parent=other)
    factories.make_dated_superior(unit, external_body=body)
    factories.make_link(unit, target=other)
    factories.make_link(unit, url="https://example.org/")
    event = factories.make_event(code="full-event", kind="other")
    event.participations.create(side="before", unit=unit)
    event.participations.create(side="after", external_body=body)
    # Not in the order of their numbers.
    event.sources.set([factories.make_source(code=code) for code in ("z", "full-source", "a")])
    figure = factories.make_figure(
        code="full-figure", event=event, unit=unit, value=-(2**63), approximate=True
    )
    day = factories.make_observance(code="full-day", unit=unit, origin=event)
    address = LegacyAddress.objects.create(
        code="full-address", address="/?/az/full/", target="/en/units/"
    )
    user = factories.make_staff("full", "editor")
    user.user_permissions.set(Permission.objects.order_by("-pk")[:3])
    made = [
        kind, unit, body, person, post, event, figure, figure.group, day, event.era, address, user,
        event.sources.get(code="full-source"), factories.make_page(code="full-page"),
        Group.objects.get(name="editor"),
    ]  # fmt: skip
    return {type(record): record for record in made}


def _rows():
    """The rows that stand in forms of other records."""
    from history.models import Participation
    from people.models import Term
    from units.models import DatedName, DatedSuperior, Link

    for model in (DatedName, DatedSuperior, Term, Participation):
        yield from model.objects.all()
    for link in Link.objects.all():
        models.QuerySet(Link).filter(pk=link.pk).update(
            title_az=" Keçid ", title_en="A  link ", order=7
        )
