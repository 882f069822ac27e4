"""Pictures travel with the whole site: the same bytes out and in, and nothing hostile."""

import io
import json
import os
import time
import zipfile

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import models
from PIL import Image

import exchange
from publishing.clean_pictures import holds_only_pixels
from publishing.images import clean_picture
from tests.exchange.files import export, rezip
from tests.factories import make_person, make_unit
from units.models import Unit

pytestmark = pytest.mark.django_db

FORMATS = ["PNG", "JPEG", "WEBP"]


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    return settings.MEDIA_ROOT


def picture(kind="PNG", colour="navy", size=(40, 30), **options):
    out = io.BytesIO()
    Image.radial_gradient("L").resize(size).convert("RGB").save(out, kind, **options)
    if colour != "navy":
        out = io.BytesIO()
        Image.new("RGB", size, colour).save(out, kind, **options)
    return out.getvalue()


def unit_with(content, **fields):
    unit = make_unit(**fields)
    unit.emblem.save("emblem.png", ContentFile(content, name="emblem.png"))
    return unit


def bring(data):
    return exchange.run(
        exchange.read(data, "all", name="site.zip", limits=exchange.Limits.browser())
    )


def forget(media):
    """An empty site."""
    models.QuerySet(Unit)._raw_delete("default")
    for folder in media.glob("*"):
        for file in folder.glob("*"):
            file.unlink()


def files_of(media):
    return sorted(str(file.relative_to(media)) for file in media.glob("*/*"))


def with_picture(data, name, content, drop_manifest=True):
    drop = ("manifest.json",) if drop_manifest else ()
    return rezip(data, add=[(name, content)], drop=drop)


@pytest.mark.parametrize("kind", FORMATS)
def test_a_picture_comes_back_byte_for_byte_on_an_empty_site(kind, media):
    unit = unit_with(picture(kind), code="a")
    stored = unit.emblem.read()
    before = export("all", "zip")
    names = zipfile.ZipFile(io.BytesIO(before)).namelist()
    assert f"media/{unit.emblem.name}" in names
    forget(media)
    plan, applied = bring(before)
    assert applied, [str(p) for p in plan.problems]
    assert Unit.objects.get().emblem.read() == stored
    assert export("all", "zip") == before


def _written(path):
    """Which file it is and when it was written; when it was read does not count."""
    found = os.stat(path)
    return found.st_ino, found.st_size, found.st_mtime_ns


def test_pictures_that_are_here_already_are_not_written_again(media):
    unit = unit_with(picture("JPEG"), code="a")
    before = _written(unit.emblem.path)
    plan, applied = bring(export("all", "zip"))
    assert plan.is_empty
    assert applied
    assert _written(unit.emblem.path) == before
    assert len(files_of(media)) == 1


def test_a_lost_picture_comes_back_though_no_row_has_changed(media):
    unit = unit_with(picture(), code="a")
    data = export("all", "zip")
    os.unlink(unit.emblem.path)
    plan, _applied = bring(data)
    assert plan.counts["update"] == 0
    assert not plan.is_empty
    assert default_storage.exists(unit.emblem.name)


def test_the_manifest_names_each_picture_with_its_hash():
    unit = unit_with(picture(), code="a")
    package = zipfile.ZipFile(io.BytesIO(export("all", "zip")))
    (entry,) = json.loads(package.read("manifest.json"))["media"]
    assert entry["name"] == f"media/{unit.emblem.name}"
    data = rezip(export("all", "zip"), change={entry["name"]: lambda content: content + b"x"})
    plan, applied = bring(data)
    assert applied is None
    assert f"“{entry['name']}” is not what the manifest says" in str(plan.problems[0])


def test_a_public_export_holds_no_picture_of_a_draft():
    unit_with(picture(), code="a", status="draft")
    names = zipfile.ZipFile(io.BytesIO(export("all", "zip", user=None))).namelist()
    assert not [name for name in names if name.startswith("media/")]
    assert [n for n in zipfile.ZipFile(io.BytesIO(export("all", "zip"))).namelist() if "media" in n]


def test_what_a_picture_tells_besides_its_pixels_stays_behind(media):
    """A picture with a place in it is drawn anew and the row gets its new name."""
    unit = unit_with(picture("JPEG"), code="a")
    data = export("all", "zip")
    exif = Image.Exif()
    exif[0x010E] = "taken at home"
    spoilt = picture("JPEG", exif=exif)
    assert b"taken at home" in spoilt
    name = f"media/{unit.emblem.name}"
    forget(media)
    plan, applied = bring(rezip(data, change={name: lambda _old: spoilt}, drop=["manifest.json"]))
    assert applied, plan.problems
    unit = Unit.objects.get()
    assert b"taken at home" not in unit.emblem.read()
    assert f"media/{unit.emblem.name}" != name


def test_a_picture_never_takes_the_name_of_another_one(media):
    unit = unit_with(picture(), code="a")
    name, content = unit.emblem.name, unit.emblem.read()
    other = clean_picture(ContentFile(picture(colour="red"), name="x.png")).read()
    data = rezip(
        export("all", "zip"), change={f"media/{name}": lambda _old: other}, drop=["manifest.json"]
    )
    plan, applied = bring(data)
    assert applied
    assert plan.counts["update"] == 1
    assert default_storage.open(name).read() == content
    unit.refresh_from_db()
    assert unit.emblem.name != name
    assert unit.emblem.read() == other


def test_a_picture_that_no_record_names_is_left_out(media):
    unit_with(picture(), code="a")
    extra = picture(colour="green")
    bring(with_picture(export("all", "zip"), "media/portraits/extra.png", extra))
    assert len(files_of(media)) == 1


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("../../x.png", picture(), "“../../x.png” has a path that leads out"),
        ("/etc/x.png", picture(), "“/etc/x.png” has a path that leads out"),
        ("media/../x.png", picture(), "“media/../x.png” has a path that leads out"),
        ("media/emblems/x.html", b"<script>", "“media/emblems/x.html” is no place of a picture"),
        ("media/emblems/.x.png", picture(), "is no place of a picture"),
        ("media/secrets/x.png", picture(), "Pictures are .jpg, .png or .webp and lie in media/"),
        ("media/emblems/deep/x.png", picture(), "is no place of a picture"),
        ("media/emblems/x.png", b"MZ not a picture", "“media/emblems/x.png”: This is not a pict"),
        ("media/emblems/x.png", picture("JPEG"), "not what the ending “.png” says"),
        ("media/emblems/x.png", b"<svg onload=alert(1)>", "SVG drawings can hold programs"),
        ("media/emblems/x.png", os.urandom(9_000_000), "x.png” is larger than 8 MB"),
        ("media/emblems/x.png", picture(size=(9000, 9000), colour="red"), "too many pixels"),
        ("notes.txt", b"hello", "“notes.txt”, which is no kind of record"),
    ],
    ids=lambda value: value[:24] if isinstance(value, str) else "",
)
def test_hostile_members_are_refused_at_their_name(name, content, sentence, media):
    make_unit(code="a")
    plan, applied = bring(with_picture(export("all", "zip"), name, content))
    assert applied is None
    assert any(sentence in str(problem) for problem in plan.problems), plan.problems
    assert files_of(media) == []


def test_a_link_is_refused_at_its_name(media):
    make_unit(code="a")
    data = io.BytesIO(export("all", "zip"))
    with zipfile.ZipFile(data, "a") as package:
        entry = zipfile.ZipInfo("media/emblems/x.png")
        entry.external_attr = 0o120777 << 16
        package.writestr(entry, "/etc/passwd")
    plan, applied = bring(data.getvalue())
    assert applied is None
    assert "the part “media/emblems/x.png” is a link" in str(plan.problems[0])


def test_a_refused_import_keeps_no_picture(media, monkeypatch):
    unit_with(picture(), code="a")
    data = export("all", "zip")
    forget(media)

    def fail(*args):
        raise RuntimeError

    monkeypatch.setattr("exchange.writing.audit.record", fail)
    with pytest.raises(RuntimeError):
        bring(data)
    assert files_of(media) == []
    assert not Unit.objects.exists()


def test_portraits_travel_too():
    person = make_person()
    person.portrait.save("p.png", ContentFile(picture(), name="p.png"))
    names = zipfile.ZipFile(io.BytesIO(export("all", "zip"))).namelist()
    assert f"media/{person.portrait.name}" in names


# --- what counts as clean -----------------------------------------------------------------------
@pytest.mark.parametrize("kind", FORMATS)
def test_what_the_cleaner_makes_holds_only_pixels(kind):
    made = clean_picture(ContentFile(picture(kind), name="x")).read()
    assert holds_only_pixels(made)
    assert not holds_only_pixels(made + b"PK hidden behind the end")
    assert not holds_only_pixels(made[:-3])


@pytest.mark.parametrize(
    ("kind", "options"),
    [
        ("JPEG", {"comment": b"hello"}),
        ("JPEG", {"icc_profile": b"profile"}),
        ("PNG", {"icc_profile": b"profile"}),
        ("WEBP", {"exif": b"Exif\0\0II*\0"}),
        ("WEBP", {"save_all": True, "append_images": [Image.new("RGB", (40, 30), "red")]}),
    ],
)
def test_comments_profiles_and_frames_are_not_only_pixels(kind, options):
    assert not holds_only_pixels(picture(kind, **options))


def test_transparency_is_only_pixels():
    for kind in ("PNG", "WEBP"):
        out = io.BytesIO()
        Image.new("RGBA", (9, 9), (1, 2, 3, 4)).save(out, kind)
        assert holds_only_pixels(clean_picture(ContentFile(out.getvalue(), name="x")).read())


# --- unfinished files ---------------------------------------------------------------------------
def test_what_a_killed_export_left_goes_with_the_next_one(tmp_path):
    left = tmp_path / ".export-killed"
    left.write_bytes(b"half")
    fresh = tmp_path / ".export-running"
    fresh.write_bytes(b"half")
    os.utime(left, (time.time() - 3600,) * 2)
    exchange.export_to(tmp_path / "units.csv", "units")
    assert sorted(os.listdir(tmp_path)) == [".export-running", "media", "units.csv"] or sorted(
        os.listdir(tmp_path)
    ) == [".export-running", "units.csv"]


def test_a_running_export_keeps_its_file_however_long_it_takes(tmp_path, monkeypatch):
    def slow(kind, stream, file_format, **options):
        stream.write(b"half")
        stream.flush()
        (mine,) = tmp_path.glob(".export-*")
        os.utime(mine, (time.time() - 3600,) * 2)
        if not list(tmp_path.glob("other.csv")):
            monkeypatch.undo()
            exchange.export_to(tmp_path / "other.csv", "units")
        return 1

    monkeypatch.setattr("exchange.sending.export.export", slow)
    exchange.export_to(tmp_path / "units.csv", "units")
    assert (tmp_path / "units.csv").read_bytes() == b"half"
    assert not list(tmp_path.glob(".export-*"))
