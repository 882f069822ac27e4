"""A picture is public as long as a public record names it; the file itself stays on the disk."""

import io
from datetime import timedelta
from pathlib import Path

import pytest
from django.apps import apps
from django.core.files.base import ContentFile
from django.db import connection, models
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from PIL import Image

from publishing.images import PictureField
from publishing.models import Publishable
from publishing.richtext import MarkdownField
from publishing.shown_pictures import may_see_picture
from tests.factories import (
    make_event,
    make_external_body,
    make_page,
    make_person,
    make_staff,
    make_unit,
)

pytestmark = pytest.mark.django_db

MAKE = {
    "unit": make_unit,
    "person": make_person,
    "event": make_event,
    "page": make_page,
    "externalbody": make_external_body,
}


def fields_of(sort):
    """(model, name of the field) of every field of a sort in the project."""
    return [
        (model, field.name)
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if isinstance(field, sort)
    ]


PICTURES = fields_of(PictureField)
TEXTS = [one for one in fields_of(MarkdownField) if one[1][-3:] in ("_az", "_en")]
each_kind = pytest.mark.parametrize(
    ("model", "name"), PICTURES, ids=[f"{model.__name__}.{name}" for model, name in PICTURES]
)


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    return settings.MEDIA_ROOT


def give_picture(record, name, colour="navy"):
    out = io.BytesIO()
    Image.new("RGB", (40, 30), colour).save(out, "PNG")
    getattr(record, name).save("picture.png", ContentFile(out.getvalue(), name="picture.png"))
    return getattr(record, name).url


def with_picture(model, name, **fields):
    record = MAKE[model._meta.model_name](**fields)
    return record, give_picture(record, name)


def status(client, address):
    return client.get(address).status_code


def test_every_sort_of_picture_is_walked():
    assert {model._meta.model_name for model, _name in PICTURES} >= {"unit", "person"}
    images = [one for one in fields_of(models.FileField) if one not in PICTURES]
    assert images == [], "a file that is not a PictureField is served by no rule"
    assert all(issubclass(model, Publishable) for model, _name in PICTURES)


@each_kind
def test_a_replaced_picture_is_gone_at_once(client, media, model, name):
    record, old = with_picture(model, name)
    first = client.get(old)
    assert first.status_code == 200
    # Whoever has a copy asks before using it.
    assert first["Cache-Control"] == "public, no-cache"
    kept = {"if-modified-since": first["Last-Modified"]}
    assert client.get(old, headers=kept).status_code == 304
    new = give_picture(record, name, "red")
    assert new != old
    assert (status(client, old), status(client, new)) == (404, 200)
    assert client.get(old, headers=kept).status_code == 404
    assert "no-" in client.get(old)["Cache-Control"]
    assert (Path(media) / old.removeprefix("/media/")).exists()  # undo needs it
    # Undone: the record names it again.
    model.objects.filter(pk=record.pk).update(**{name: old.removeprefix("/media/")})
    assert (status(client, old), status(client, new)) == (200, 404)


@each_kind
def test_a_picture_taken_away_or_of_a_deleted_record_is_gone(client, media, model, name):
    record, address = with_picture(model, name)
    setattr(record, name, "")
    record.save()
    assert status(client, address) == 404
    other, second = with_picture(model, name)
    other.delete()
    assert status(client, second) == 404
    assert len(list(Path(media).rglob("*.png"))) == 2


@each_kind
@pytest.mark.parametrize("state", ["draft", "archived", "scheduled"])
def test_a_picture_of_a_hidden_record_is_seen_by_its_editors_only(client, model, name, state):
    later = timezone.now() + timedelta(hours=1)
    hidden = {"status": state}
    if state == "scheduled":
        hidden = {"status": "published", "publish_at": later}
    record, address = with_picture(model, name, **hidden)
    assert status(client, address) == 404
    client.force_login(make_staff(group="editor"))
    seen = client.get(address)
    assert seen.status_code == 200
    assert seen["Cache-Control"] == "private, no-store"
    client.logout()
    model.objects.filter(pk=record.pk).update(status="published", publish_at=None)
    assert status(client, address) == 200


@each_kind
def test_a_picture_that_another_public_record_names_stays(client, model, name):
    record, address = with_picture(model, name)
    other = MAKE[model._meta.model_name]()
    model.objects.filter(pk=other.pk).update(**{name: address.removeprefix("/media/")})
    give_picture(record, name, "red")
    assert status(client, address) == 200
    model.objects.filter(pk=other.pk).update(status="draft")
    assert status(client, address) == 404


def test_a_picture_of_another_kind_of_record_counts(client):
    unit = make_unit()
    address = give_picture(unit, "emblem")
    person = make_person()
    type(person).objects.filter(pk=person.pk).update(portrait=address.removeprefix("/media/"))
    unit.delete()
    assert status(client, address) == 200


@pytest.mark.parametrize(
    ("model", "name"), TEXTS, ids=[f"{model.__name__}.{name}" for model, name in TEXTS]
)
def test_a_text_that_leads_to_a_picture_keeps_it(client, model, name):
    unit = make_unit()
    address = give_picture(unit, "emblem")
    give_picture(unit, "emblem", "red")
    record = MAKE[model._meta.model_name](**{name: f"See [the old emblem]({address})."})
    assert status(client, address) == 200
    model.objects.filter(pk=record.pk).update(status="draft")
    assert status(client, address) == 404
    longer = address.replace(".png", ".pngx")
    model.objects.filter(pk=record.pk).update(**{name: longer, "status": "published"})
    assert status(client, address) == 404
    model.objects.filter(pk=record.pk).update(**{name: f"/x{address}"})
    assert status(client, address) == 404


@pytest.mark.parametrize(
    "spelling", ["emblems//{}", "./emblems/{}", "x/../emblems/{}", "EMBLEMS/{}"]
)
def test_another_spelling_of_its_address_opens_nothing(client, spelling):
    unit = make_unit()
    old = give_picture(unit, "emblem")
    give_picture(unit, "emblem", "red")
    place = spelling.format(old.rpartition("/")[2])
    assert client.get(f"/media/{place}").status_code in (301, 404)


def test_what_asking_costs():
    unit = make_unit()
    name = give_picture(unit, "emblem").removeprefix("/media/")
    with CaptureQueriesContext(connection) as asked:
        assert may_see_picture(name, None)
    assert len(asked) <= len(PICTURES)
    give_picture(unit, "emblem", "red")
    with CaptureQueriesContext(connection) as asked:
        assert not may_see_picture(name, None)
    assert len(asked) == len(PICTURES) + len({model for model, _name in TEXTS})
    with CaptureQueriesContext(connection) as asked:  # no file: no text is read for it
        assert not may_see_picture("emblems/none.png", None)
    assert len(asked) == len(PICTURES)


@each_kind
def test_a_picture_is_found_by_an_index(model, name):
    plan = model.objects.published().filter(**{name: "emblems/a.png"}).explain()
    if connection.vendor == "sqlite":
        assert f"({name}=? AND status=?)" in plan
    else:  # which reads so small a table whole
        assert [name, "status"] in [index.fields for index in model._meta.indexes]
