"""Pictures that editors upload: three formats, bounded, drawn anew before they are kept.

What is stored is never the uploaded file but a fresh drawing of its pixels. Location and camera
data, comments, further frames and anything hidden behind the picture stay behind.
"""

import hashlib
from io import BytesIO
from pathlib import PurePath

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import models
from django.db.models.fields.files import ImageFieldFile
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps

from publishing.clean_pictures import holds_only_pixels
from publishing.text import slugify

# Longest edge in pixels of a stored picture; larger ones are scaled down.
LONGEST_EDGE = 2000
# Format → file name ending, media type, how it is written.
FORMATS = {
    "JPEG": ("jpg", "image/jpeg", {"quality": 88, "optimize": True, "progressive": True}),
    "PNG": ("png", "image/png", {"optimize": True}),
    "WEBP": ("webp", "image/webp", {"quality": 88, "method": 4}),
}
MEDIA_TYPES = {ending: media_type for ending, media_type, _options in FORMATS.values()}


class CleanPicture(ContentFile):
    """A picture drawn anew by :func:`clean_picture`."""


def clean_picture(upload):
    """A :class:`CleanPicture` of an uploaded file.

    ``upload``: a Django File. Raises ValidationError with a sentence for the editor when it is too
    large (IMAGE_MAX_BYTES, IMAGE_MAX_PIXELS), not a JPEG, PNG or WebP, or damaged.
    """
    if upload.size > settings.IMAGE_MAX_BYTES:
        raise ValidationError(
            _("The picture has %(size)s; at most %(limit)s are taken. Save it smaller."),
            params={
                "size": filesizeformat(upload.size),
                "limit": filesizeformat(settings.IMAGE_MAX_BYTES),
            },
            code="too_large",
        )
    upload.seek(0)
    content = upload.read()
    if _is_drawing(content):
        raise ValidationError(
            _("SVG drawings can hold programs and are not taken. Save the picture as PNG."),
            code="svg",
        )
    image, kind = _decoded(content)
    ending, _media_type, options = FORMATS[kind]
    written = BytesIO()
    image.save(written, kind, **options)
    data = written.getvalue()
    stem = slugify(PurePath(upload.name or "").stem)[:60] or "picture"
    return CleanPicture(data, name=f"{stem}-{hashlib.sha256(data).hexdigest()[:10]}.{ending}")


def _is_drawing(content):
    start = content[:4096].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return start.startswith(b"<") and (b"<svg" in start or start.startswith(b"<?xml"))


def _decoded(content):
    """The pixels of the first frame, upright, in RGB(A) or grey, and the format's name."""
    try:
        with Image.open(BytesIO(content), formats=list(FORMATS)) as image:
            kind = image.format
            # The header says how large it would become, before anything is unpacked.
            if image.width * image.height > settings.IMAGE_MAX_PIXELS:
                raise _too_many_pixels()
            image.draft("RGB", (LONGEST_EDGE, LONGEST_EDGE))
            upright = ImageOps.exif_transpose(image)
            transparent = "A" in upright.mode or "transparency" in upright.info
            pixels = upright.convert("RGBA" if transparent and kind != "JPEG" else "RGB")
            pixels.thumbnail((LONGEST_EDGE, LONGEST_EDGE))
    except ValidationError:
        raise
    except Image.DecompressionBombError as error:
        raise _too_many_pixels() from error
    except Exception as error:  # decoders meet damaged files with whatever they stumble over
        raise ValidationError(
            _("This is not a picture that can be read. Take a JPEG, PNG or WebP file."),
            code="unreadable",
        ) from error
    fresh = Image.new(pixels.mode, pixels.size)  # without the comments that travel with `pixels`
    fresh.paste(pixels)
    return fresh, kind


def _too_many_pixels():
    return ValidationError(
        _("The picture has too many pixels; at most %(limit)s million are taken. Save it smaller."),
        params={"limit": settings.IMAGE_MAX_PIXELS // 1_000_000},
        code="too_many_pixels",
    )


def adopt_picture(name, content):
    """A :class:`CleanPicture` of a picture that may have been cleaned before, on another site.

    Drawing a JPEG anew loses a little each time. So bytes that hold pixels and nothing else (see
    ``publishing.clean_pictures``) are kept as they are, under the name they had; others go through
    :func:`clean_picture`. Raises ValidationError as that does, and for a name whose ending is not
    that of the picture.
    """
    upload = ContentFile(content, name=name)
    drawn = clean_picture(upload)
    ending = PurePath(name).suffix.lstrip(".")
    if drawn.name.rpartition(".")[2] != ending:
        raise ValidationError(
            _("The picture is not what the ending “.%(ending)s” says."),
            params={"ending": ending[:10]},
            code="ending",
        )
    with Image.open(BytesIO(content), formats=list(FORMATS)) as image:
        small_enough = max(image.size) <= LONGEST_EDGE
    if small_enough and holds_only_pixels(content):
        return CleanPicture(content, name=PurePath(name).name)
    return drawn


class PictureFormField(forms.ImageField):
    """Takes an upload and gives a :class:`CleanPicture`."""

    def to_python(self, data):
        # Not ImageField's own: that one lets Pillow try every format it knows.
        upload = forms.FileField.to_python(self, data)
        return None if upload is None else clean_picture(upload)

    def widget_attrs(self, widget):
        attrs = super().widget_attrs(widget)
        return attrs | {"accept": ",".join(MEDIA_TYPES.values())}


class PictureFile(ImageFieldFile):
    """Cleans whatever way the file comes: the form has done it and explained, code has not."""

    def save(self, name, content, save=True):
        if not isinstance(content, CleanPicture):
            content = clean_picture(content)
        super().save(content.name, content, save)


class PictureField(models.ImageField):
    """An image field whose files have all been through :func:`clean_picture`."""

    attr_class = PictureFile

    def formfield(self, **kwargs):
        return super().formfield(**({"form_class": PictureFormField} | kwargs))
