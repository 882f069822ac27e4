"""Which uploaded pictures may be seen: those that a record names which may be seen itself.

A file stays on the disk when its record gets another picture, is hidden or deleted (an undo brings
it back), but nobody gets it any more.
"""

import re
from functools import cache

from django.apps import apps
from django.conf import settings
from django.core.files.storage import default_storage
from django.db.models import Q

from publishing.images import PictureField
from publishing.richtext import MarkdownField


def may_see_picture(name, user):
    """Whether a record that ``user`` (None: the public) may see names the picture: as its own, or
    as the target of a link in its text. ``name``: of the file, as the database has it."""
    for model, fields in _fields_of(PictureField):
        named = Q.create([(field, name) for field in fields], connector=Q.OR)
        if model._default_manager.visible_to(user).order_by().filter(named).exists():
            return True
    # Texts have no index for this. They are read for files that are there and that no record has
    # as its picture: there are few, and hardly anybody asks for one.
    return default_storage.exists(name) and _is_linked(name, user)


def _is_linked(name, user):
    address = f"{settings.MEDIA_URL}{name}"
    link = re.compile(rf"(?:^|[\s(<\"']|//[^/\s]+){re.escape(address)}(?![\w.-])")
    for model, fields in _fields_of(MarkdownField):
        holding = Q.create([(f"{field}__contains", address) for field in fields], connector=Q.OR)
        rows = model._default_manager.visible_to(user).order_by().filter(holding)
        for texts in rows.values_list(*fields):
            if any(link.search(text or "") for text in texts):
                return True
    return False


@cache
def _fields_of(sort):
    """``[(model, [names of its fields of this class])]``, the models without any left out.

    The own column of a text repeats one of its translations, and not always the newest.
    """
    found = []
    for model in apps.get_models():
        names = [f.name for f in model._meta.concrete_fields if isinstance(f, sort)]
        translated = {name.rsplit("_", 1)[0] for name in names if "_" in name}
        if names := [name for name in names if name not in translated]:
            found.append((model, names))
    return found
