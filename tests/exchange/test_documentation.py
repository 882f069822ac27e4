"""docs/file-formats.md says of every column what the code says."""

from pathlib import Path

from django.conf import settings
from django.utils import translation

import exchange
from exchange.sending.documentation import markdown


def page():
    return (Path(settings.BASE_DIR) / "docs" / "file-formats.md").read_text()


def test_every_column_of_every_kind_is_documented_as_it_is():
    documented = page().partition("## Columns\n\n")[2]
    with translation.override("en"):
        assert documented.splitlines() == markdown().splitlines()


def test_every_language_has_its_columns_and_every_kind_its_key():
    for kind in exchange.kinds():
        names = [column.name for column in exchange.resource_for(kind).columns()]
        assert names[0] == "code"
        assert len(names) <= settings.IMPORT_MAX_COLUMNS
        for name in names:
            stem, _line, language = name.rpartition("_")
            if language in ("az", "en"):
                assert {f"{stem}_{code}" for code, _name in settings.LANGUAGES} <= set(names)


def test_every_field_that_editors_fill_has_a_column():
    """So that a new field cannot be forgotten in files."""
    for kind in exchange.kinds():
        resource = exchange.resource_for(kind)
        names = {column.name for column in resource.columns()}
        fields = {
            field.name
            for field in resource._meta.model._meta.concrete_fields
            if field.editable
            and not field.primary_key
            and field.name not in resource.translations()
            and field.name not in ("created_at", "updated_at", "lft", "rght", "level", "tree_id")
        }
        assert fields <= names, kind
