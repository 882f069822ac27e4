"""Every kind of record has its place in every output; a place that is missing is named."""

from dataclasses import replace

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib import admin
from django.urls import NoReverseMatch, reverse

from exchange.registry import resource_for
from publishing.models import Coded, Publishable
from publishing.record_kinds import all_kinds, kind_named
from tests.visibility.records import PublicWorld

BASE = settings.BASE_DIR
# schema.org and the Organization Ontology have no words for these, or their pages say it all.
NOT_LINKED = {"figures", "figure_groups", "observances", "eras", "links", "pages"}
# Filled in by the site.
NOT_IN_FILES = {
    "id", "created_at", "updated_at", "lft", "rght", "level", "tree_id", "takes_effect",
}  # fmt: skip


def in_admin():
    """The models that staff edit: on pages of their own, or on that of another record."""
    found = set(admin.site._registry)
    for its in admin.site._registry.values():
        found |= {inline.model for inline in its.inlines}
    return found


def has_address(name, *args):
    try:
        return bool(reverse(name, args=args))
    except NoReverseMatch:
        return False


def files_lack(kind):
    """Fields of the model that no column holds, by name."""
    columns = {column.name for column in resource_for(kind.name).columns()}
    stored = [field for field in kind.model._meta.concrete_fields if field.editable]
    stems = {f.translated_field.name for f in stored if hasattr(f, "translated_field")}
    return {field.name for field in stored} - columns - stems - NOT_IN_FILES


def missing_places(kind):
    """The places that a kind lacks, in words."""
    has_page = hasattr(kind.model, "get_absolute_url")
    documents = {
        name: (BASE / "docs" / f"{name}.md").read_text() for name in ("file-formats", "open-data")
    }
    places = {
        "visible_to": hasattr(kind.model._default_manager.all(), "visible_to"),
        "admin": kind.model in in_admin(),
        "docs/file-formats.md": f"### `{kind.name}`\n" in documents["file-formats"],
        "page": not has_page or has_address(kind.page, "slug"),
        "search": not has_page or kind.searched,
        "walk of drafts": not issubclass(kind.model, Publishable)
        or hasattr(PublicWorld, f"_hide_{kind.model._meta.model_name}"),
    }
    if kind.is_public:
        places |= {
            "API": has_address(f"api:{kind.name}_list"),
            "docs/open-data.md": kind.name in documents["open-data"],
            "linked data": kind.name in NOT_LINKED or kind.node,
            "fixtures": (BASE / "fixtures" / f"{kind.name}.json").exists(),
        }
    return {place for place, is_there in places.items() if not is_there}


def test_every_model_with_a_code_is_a_kind_of_record():
    coded = {model for model in apps.get_models() if issubclass(model, Coded)}
    assert {kind.model for kind in all_kinds()} == coded


@pytest.mark.parametrize("kind", all_kinds(), ids=lambda kind: kind.name)
def test_it_has_its_place_everywhere(kind):
    assert missing_places(kind) == set()
    assert files_lack(kind) == set()


def test_names_and_numbers_are_given_once():
    kinds = all_kinds()
    assert len({kind.name for kind in kinds}) == len(kinds)
    searched = [kind.searched for kind in kinds if kind.searched]
    assert len({one.number for one in searched}) == len({one.key for one in searched})
    assert len({one.number for one in searched}) == len(searched)


def test_what_is_missing_is_named():
    bare = replace(kind_named("units"), name="stations", linked="", page="", searched=None)
    assert missing_places(bare) == {
        "page", "search", "docs/file-formats.md", "docs/open-data.md", "API", "linked data",
        "fixtures",
    }  # fmt: skip


def test_a_field_without_a_column_is_named(monkeypatch):
    units = resource_for("units")
    kept = [column for column in units.columns() if column.name != "phone"]
    monkeypatch.setattr(units, "_columns", kept)
    assert files_lack(kind_named("units")) == {"phone"}
