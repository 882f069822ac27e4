"""Whatever is uploaded as a picture: a picture is kept, drawn anew, or a sentence says why not."""

import io
import struct
import zlib

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from publishing.images import LONGEST_EDGE, CleanPicture, PictureFormField, clean_picture
from tests.factories import make_unit

GPS = 0x8825


def picture(kind="JPEG", size=(60, 40), mode="RGB", colour="red", **options):
    out = io.BytesIO()
    Image.new(mode, size, colour).save(out, kind, **options)
    return out.getvalue()


def upload(content, name="photo.jpg"):
    return SimpleUploadedFile(name, content, content_type="image/jpeg")


def refusal(content, name="photo.jpg"):
    with pytest.raises(ValidationError) as caught:
        clean_picture(upload(content, name))
    return caught.value


@pytest.mark.parametrize(("kind", "ending"), [("JPEG", "jpg"), ("PNG", "png"), ("WEBP", "webp")])
def test_the_three_formats_are_kept_as_they_are(kind, ending):
    kept = clean_picture(upload(picture(kind), "whatever.bin"))
    assert kept.name.endswith(f".{ending}")
    assert Image.open(kept).format == kind
    assert Image.open(kept).size == (60, 40)


def test_exif_with_the_place_and_comments_are_gone():
    exif = Image.Exif()
    exif[GPS] = {1: "N", 2: (40.0, 22.0, 0.0)}
    exif[0x010E] = "taken at the secret place"
    content = picture(exif=exif.tobytes(), comment=b"secret comment")
    assert b"secret" in content
    kept = clean_picture(upload(content)).read()
    assert not Image.open(io.BytesIO(kept)).getexif()
    assert b"secret" not in kept


def test_a_picture_held_sideways_is_turned_upright():
    exif = Image.Exif()
    exif[0x0112] = 6
    assert Image.open(clean_picture(upload(picture(exif=exif.tobytes())))).size == (40, 60)


def test_what_hides_behind_a_picture_is_left_behind():
    polyglot = picture() + b"<script>alert(1)</script>PK\x03\x04"
    kept = clean_picture(upload(polyglot)).read()
    assert b"script" not in kept
    assert b"PK\x03\x04" not in kept


def test_text_chunks_of_a_png_are_left_behind():
    from PIL.PngImagePlugin import PngInfo

    info = PngInfo()
    info.add_text("Comment", "<script>alert(1)</script>")
    content = picture("PNG", pnginfo=info)
    assert b"script" in content
    assert b"script" not in clean_picture(upload(content)).read()


@pytest.mark.parametrize(
    "drawing",
    [
        b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
        b'\xef\xbb\xbf<?xml version="1.0"?>\n<!DOCTYPE svg>\n<svg onload="alert(1)"/>',
    ],
)
def test_svg_is_refused_with_its_own_sentence(drawing):
    assert refusal(drawing, "mark.png").code == "svg"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"GIF89a" + b"\0" * 50,
        picture()[:200],
        picture("PNG")[:60],
        b"%PDF-1.4",
        b"<html>",
        b"\x89PNG\r\n\x1a\n" + b"\0" * 100,
        b"RIFF\xff\xff\xff\xffWEBPVP8 " + b"\xff" * 40,
        picture("GIF"),
        picture("BMP"),
        picture("TIFF"),
        picture("ICO", size=(16, 16)),
    ],
)
def test_anything_else_is_refused_in_words(content):
    assert refusal(content).code == "unreadable"


def png_claiming(width, height):
    """A PNG of a few hundred bytes whose header claims any size."""

    def chunk(kind, data):
        crc = struct.pack(">I", zlib.crc32(kind + data))
        return struct.pack(">I", len(data)) + kind + data + crc

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = zlib.compress(b"\0" * 100_000)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
    )


@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
@pytest.mark.parametrize("size", [(10_000, 10_000), (30_000, 30_000), (2_000_000_000, 1)])
def test_a_small_file_that_unpacks_to_gigabytes_is_refused_by_its_header(size):
    assert refusal(png_claiming(*size), "bomb.png").code == "too_many_pixels"


def test_a_zip_bomb_in_a_text_chunk_is_refused():
    data = b"Comment\0\0" + zlib.compress(b"a" * 80_000_000)
    chunk = struct.pack(">I", len(data)) + b"zTXt" + data
    chunk += struct.pack(">I", zlib.crc32(b"zTXt" + data))
    good = picture("PNG")
    assert refusal(good[:33] + chunk + good[33:], "bomb.png").code == "unreadable"


def test_too_many_bytes_are_refused_before_anything_is_read(settings):
    settings.IMAGE_MAX_BYTES = 100
    error = refusal(picture())
    assert error.code == "too_large"
    assert "100" in error.messages[0]


def test_a_large_photograph_is_scaled_down_and_keeps_its_shape():
    kept = Image.open(clean_picture(upload(picture(size=(5000, 2500)))))
    assert kept.size == (LONGEST_EDGE, LONGEST_EDGE // 2)


@pytest.mark.parametrize("mode", ["L", "P", "RGBA", "LA", "1", "I;16"])
def test_every_kind_of_png_can_be_kept(mode):
    colour = None if mode == "P" else 0 if mode in ("L", "1", "I;16") else "red"
    if mode == "LA":
        colour = (0, 0)
    kept = Image.open(clean_picture(upload(picture("PNG", mode=mode, colour=colour))))
    assert kept.mode in ("RGB", "RGBA")
    assert (kept.mode == "RGBA") == (mode in ("RGBA", "LA"))


def test_a_cmyk_photograph_can_be_kept():
    content = picture("JPEG", mode="CMYK", colour=(0, 0, 0, 0))
    assert Image.open(clean_picture(upload(content))).mode == "RGB"


def test_of_an_animation_the_first_frame_is_kept():
    out = io.BytesIO()
    frames = [Image.new("RGB", (20, 20), colour) for colour in ("red", "blue")]
    frames[0].save(out, "WEBP", save_all=True, append_images=frames[1:])
    kept = Image.open(clean_picture(upload(out.getvalue())))
    assert getattr(kept, "n_frames", 1) == 1


@pytest.mark.parametrize("name", ["../../etc/passwd", "a\0b.php", "şəkil <b>.svg", ".htaccess", ""])
def test_the_stored_name_is_ours(name):
    file = ContentFile(picture(), name=name)
    assert set(clean_picture(file).name) <= set("abcdefghijklmnopqrstuvwxyz0123456789-.")


def test_the_form_field_gives_the_clean_picture():
    assert isinstance(PictureFormField().clean(upload(picture())), CleanPicture)
    with pytest.raises(ValidationError) as caught:
        PictureFormField().clean(upload(b"<svg/>", "a.png"))
    assert caught.value.error_list[0].code == "svg"


@pytest.mark.django_db
def test_a_picture_given_to_a_record_without_a_form_is_drawn_anew_too():
    unit = make_unit()
    unit.emblem = ContentFile(picture() + b"<script>", name="evil.html")
    unit.save()
    unit.refresh_from_db()
    assert unit.emblem.name.endswith(".jpg")
    assert b"<script>" not in unit.emblem.read()


@pytest.mark.django_db
def test_a_picture_saved_through_its_file_is_drawn_anew_too():
    unit = make_unit()
    unit.emblem.save("evil.html", ContentFile(picture() + b"<script>"))
    assert unit.emblem.name.endswith(".jpg")
    assert b"<script>" not in unit.emblem.read()


@pytest.mark.django_db
def test_what_is_no_picture_never_reaches_the_disk():
    unit = make_unit()
    unit.emblem = ContentFile(b"<html>", name="evil.html")
    with pytest.raises(ValidationError):
        unit.save()
