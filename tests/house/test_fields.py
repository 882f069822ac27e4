"""A field of a unit is in the form, on the page, in files, API, linked data and documentation.

Each output is made with two values of the field. Where nothing changes, the field is not in it, and
the test names that place. So a field that somebody adds cannot be forgotten in one of them.
"""

import io
import re
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.conf import settings
from django.contrib import admin
from django.contrib.admin.utils import flatten_fieldsets
from django.db import models, transaction
from django.utils import translation

import exchange
from chronology.fields import HistoricalDateField
from publishing.fields import WebAddressField
from tests.factories import make_source, make_unit, make_unit_kind
from units.models import Unit

pytestmark = pytest.mark.django_db

# Years of the dates of a unit, and one between them: what began by then is certain on it. It exists
# before and after.
YEARS, THEN = (1905, 1901), "1903"
EARLIER_OR_LATER = {"founded": -100, "dissolved": 100}
SAVED = datetime(2026, 1, 1, tzinfo=UTC)
LANGUAGE = settings.LANGUAGES[-1][0]

_LINKED = re.compile(r"<script type=\"application/ld\+json\">.*?</script>", re.DOTALL)
# What make_unit() gives.
GIVEN = ("code", "slug", "status")
# The vocabularies of linked data have no property for these.
NOT_LINKED = (
    "body", "mandate", "jurisdiction", "opening_hours", "emblem_caption", "emblem_alt", "attested",
    "name_since", "superior_since", "closing_reason", "founding_sources", "closing_sources",
)  # fmt: skip
# Where a field is left out on purpose.
NOT_THERE = {name: {"linked data"} for name in NOT_LINKED} | {
    "publish_at": {"page", "API", "linked data"},  # of staff
    "order": {"form", "page", "linked data"},  # the form asks for a position; lists follow it
}


def editable_fields():
    """The names of what editors write, a text in several languages once."""
    opts = Unit._meta
    stems = [
        field
        for field in [*opts.concrete_fields, *opts.many_to_many]
        if field.editable and not field.primary_key and not hasattr(field, "translated_field")
    ]
    return [field.name for field in stems]


def column(name):
    """The field of a text in the language of the pages that are read here."""
    names = {field.name for field in Unit._meta.get_fields()}
    return f"{name}_{LANGUAGE}" if f"{name}_{LANGUAGE}" in names else name


def value(field, number):
    """A value of a field, another one for another number (0 or 1)."""
    if isinstance(field, HistoricalDateField):
        return str(YEARS[number] + EARLIER_OR_LATER.get(field.name, 0))
    if field.many_to_many:
        return [make_source(code=f"{field.name}-{number}")]
    if isinstance(field, models.ForeignKey):
        given = {"code": f"{field.name}-{number}", "name_en": f"{field.name} {number}"}
        of_units = field.related_model is Unit
        return make_unit(founded="1800", **given) if of_units else make_unit_kind(**given)
    if field.choices:
        return [key for key, _label in field.flatchoices if key][-number]
    if isinstance(field, models.DateTimeField):
        return datetime(2020, 1, 1 + number, tzinfo=UTC)
    if isinstance(field, models.DecimalField):
        return Decimal(40 + number)
    if isinstance(field, models.IntegerField):
        return 1 + number
    if isinstance(field, models.FileField):
        return f"pictures/{number}.png"
    if isinstance(field, models.EmailField):
        return f"post{number}@example.org"
    if isinstance(field, WebAddressField):
        return f"https://{number}.example.org/"
    return f"{field.name.replace('_', '-')}-{number}"


class Places:
    """The outputs of one unit, and which of them a field of it lacks.

    ``filled``: whether its other fields have values, too.
    """

    def __init__(self, client, filled):
        self.client = client
        self.unit = make_unit(code="shown", slug="shown")
        self._write(0, [name for name in editable_fields() if name not in GIVEN] if filled else [])
        self.outputs = self._read()
        assert self.outputs == self._read()  # whatever differs later is the field's

    def _write(self, number, names):
        lists = {}
        for name in names:
            field = Unit._meta.get_field(column(name))
            new = value(field, number)
            if field.many_to_many:
                lists[name] = new
            else:
                setattr(self.unit, field.name, new)
        self.unit.save()
        for name, new in lists.items():
            getattr(self.unit, name).set(new)
        Unit.objects.filter(pk=self.unit.pk).update(updated_at=SAVED)
        self.unit.refresh_from_db()

    def _read(self):
        address = f"/api/v1/units/{self.unit.code}"
        file = io.BytesIO()
        exchange.export("units", file, "csv", rows=Unit.objects.filter(pk=self.unit.pk))
        with translation.override(LANGUAGE):
            page = self.unit.get_absolute_url()
        linked = self.client.get(address, headers={"accept": "application/ld+json"})
        return {
            "page": [
                _LINKED.sub("", self.client.get(page, {"on": on}).content.decode())
                for on in ("", THEN)
            ],
            "file": file.getvalue(),
            "API": self.client.get(address).content,
            "linked data": linked.content,
        }

    def lacking(self, name, change=None):
        """The outputs in which a change of a field is not seen; ``change``: who makes it."""
        change = change or (lambda: self._write(1, [name]))
        with transaction.atomic():
            change()
            after = self._read()
            transaction.set_rollback(True)
        self.unit.refresh_from_db()
        return {place for place, before in self.outputs.items() if after[place] == before}


def not_written(name):
    """The places that name their fields one by one and have not this one."""
    form = admin.site._registry[Unit]
    documented = (settings.BASE_DIR / "docs" / "file-formats.md").read_text()
    section = documented.partition("### `units`\n")[2].partition("\n### ")[0]
    places = {
        "form": {name, column(name)} & set(flatten_fieldsets(form.get_fieldsets(None))),
        "documentation": re.search(rf"^\| `{column(name)}` ", section, re.MULTILINE),
    }
    return {place for place, found in places.items() if not found}


def missing_places(client, names, change=None):
    """{name: the places that lack it}, without those that lack nothing.

    A field may be shown only where another one is empty: what is missing unexpectedly beside
    filled fields is looked for once more beside empty ones.
    """
    lacking = {}
    for filled in (True, False):
        with transaction.atomic():
            places = Places(client, filled)
            for name in names:
                if lacking.get(name) != NOT_THERE.get(name, set()) - {"form"}:
                    lacks = places.lacking(name, change)
                    lacking[name] = lacks & lacking.get(name, lacks)
            transaction.set_rollback(True)
    return {name: found for name in names if (found := not_written(name) | lacking[name])}


def test_a_field_of_a_unit_is_in_all_its_places(client):
    assert missing_places(client, editable_fields()) == NOT_THERE


def test_a_field_that_is_nowhere_is_named_with_every_place(client, monkeypatch):
    monkeypatch.setattr(Unit, "pigeon", "1st tower", raising=False)

    def change():
        monkeypatch.setattr(Unit, "pigeon", "2nd tower")

    everywhere = {"form", "page", "file", "API", "linked data", "documentation"}
    assert missing_places(client, ["pigeon"], change) == {"pigeon": everywhere}
