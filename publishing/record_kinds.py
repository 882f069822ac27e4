"""The kinds of records: each is declared once, beside its model, and read by every output.

An app declares its kinds in a module ``record_kinds``. Files in and out, the API, linked data, the
search, the site map, the feed, the fixtures and the first page of the admin ask this module what
there is; what they do with it is theirs. A new kind is one more declaration and whatever it names.
"""

from dataclasses import dataclass, field
from functools import cached_property
from graphlib import TopologicalSorter
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils import translation
from django.utils.module_loading import autodiscover_modules, import_string
from django.utils.text import capfirst

from chronology.languages import SOURCE
from publishing.translated import columns

# Fields of staff: every record that the public gets is published.
OF_STAFF = ("status", "publish_at")


@dataclass(frozen=True)
class CodeList:
    """A list of codes of other records, which stand in the rows of a model in between.

    ``through``: that model, ``source`` the name of its reference to the record and ``to`` of that
    to the other; ``fixed``: further values of such a row.
    """

    name: str
    through: type
    source: str
    to: str
    label: Any
    fixed: dict = field(default_factory=dict)
    order: str = "pk"

    @classmethod
    def of_field(cls, field):
        """The list that a many-to-many field holds."""
        ends = field.m2m_field_name(), field.m2m_reverse_field_name()
        return cls(field.name, field.remote_field.through, *ends, field.verbose_name)

    @property
    def target(self):
        """The model of the other records."""
        return self.through._meta.get_field(self.to).related_model


@dataclass(frozen=True)
class Searched:
    """How records of a kind are found.

    ``number``: the part of the keys of the index; never change it. ``key``: the word in addresses;
    ``title`` and ``one``: what several and one are called. ``name`` … ``body``: stems of the
    fields, from the weightiest to the lightest part, over references too (``post__title``).
    ``shown_as``: the key of the kind as which it is shown and counted, if not its own.
    ``named_after_others``: whether its titles name what they are about, which is found before it.
    """

    number: int
    key: str
    title: Any
    one: Any
    name: tuple
    former: tuple = ()
    short: tuple = ("code",)
    summary: tuple = ()
    body: tuple = ()
    shown_as: str = ""
    named_after_others: bool = False


@dataclass(frozen=True, kw_only=True, eq=False)
class RecordKind:
    """A kind of record.

    ``name``: its word in addresses, files, commands and fixtures; ``formerly_called``: such words
    in files of earlier exports. ``fields``: what files and answers hold of a record, in their
    order: names of fields, without a language, and CodeLists. ``parts``: {fixture: model} of rows
    that belong to a record and stand in its lists.

    ``resource``: where the RecordResource is, if the kind needs one of its own. ``told``: what the
    API says of them, in English; a kind without it is for staff alone. ``linked``: where the
    function is that makes a node of linked data of a row. ``page``: the name of the address of its
    pages, which a slug completes.

    ``period``: the two fields between which a record holds; ``joined`` and ``outside``: the units
    and the bodies outside that it joins, without which it does not hold. ``told_of``: the records
    whose linked data tell of it. ``of_today``: fields that are told for today only. ``is_news``:
    whether new ones stand in the feed. ``add_words``: what leads to the form for a new one from the
    first page of the admin.
    """

    name: str
    model: type
    fields: tuple
    formerly_called: tuple = ()
    parts: dict = field(default_factory=dict)
    resource: str = ""
    told: str = ""
    linked: str = ""
    page: str = ""
    period: tuple = ()
    joined: tuple = ()
    outside: tuple = ()
    told_of: tuple = ()
    of_today: tuple = ()
    searched: Searched | None = None
    is_news: bool = False
    add_words: Any = ""

    @property
    def is_public(self):
        return bool(self.told)

    @property
    def one(self):
        """What a record is called in English."""
        with translation.override(SOURCE):
            return capfirst(str(self.model._meta.verbose_name))

    @property
    def many(self):
        """The same of several."""
        with translation.override(SOURCE):
            return capfirst(str(self.model._meta.verbose_name_plural))

    @cached_property
    def columns(self):
        """{name of a column: its field or CodeList}: each field in every language it has."""
        found = {}
        for one in self.fields:
            if isinstance(one, CodeList):
                found[one.name] = one
                continue
            names = in_languages(self.model, one)
            fields = [self.model._meta.get_field(name) for name in names]
            found |= {
                name: CodeList.of_field(field) if field.many_to_many else field
                for name, field in zip(names, fields, strict=True)
            }
        return found

    @cached_property
    def public_columns(self):
        """The same without those of staff."""
        return {name: field for name, field in self.columns.items() if name not in OF_STAFF}

    @property
    def columns_of_today(self):
        """The names of the columns that hold what is told for today only."""
        return [name for stem in self.of_today for name in in_languages(self.model, stem)]

    @cached_property
    def references(self):
        """{name: field} of the columns with the code of one other record."""
        found = self.public_columns.items()
        return {name: one for name, one in found if isinstance(one, models.ForeignKey)}

    def has(self, name):
        """Whether its model has such a field."""
        try:
            self.model._meta.get_field(name)
        except FieldDoesNotExist:
            return False
        return True

    def visible_to(self, user):
        """The records that ``user`` may see, as a QuerySet."""
        return self.model._default_manager.visible_to(user)

    def public(self):
        """The records that everybody may see, in no order."""
        return self.visible_to(None).order_by()

    @cached_property
    def node(self):
        """The function that makes linked data of a row, or None."""
        return import_string(self.linked) if self.linked else None


def model_at(model, path):
    """The model to which a path of references leads: ``post__unit``."""
    for name in path.split("__"):
        model = model._meta.get_field(name).related_model
    return model


def in_languages(model, stem):
    """The fields of a model that hold ``stem``: one a language, or the field itself."""
    names = {field.name for field in model._meta.concrete_fields}
    return [name for name in columns(stem) if name in names] or [stem]


# --- Declaring and asking -----------------------------------------------------------------------
_declared = {}
_found = False


def declare(place, *kinds):
    """Make kinds known. ``place``: that of their app on the first page of the admin."""
    _declared[place] = kinds


def all_kinds():
    """All RecordKinds, app by app as staff meet them."""
    global _found
    if not _found:
        _found = True
        autodiscover_modules("record_kinds")
    return [kind for place in sorted(_declared) for kind in _declared[place]]


def public_kinds():
    """Those of whose records machines may read."""
    return [kind for kind in all_kinds() if kind.is_public]


def kind_named(name):
    """The RecordKind with this name. Raises KeyError."""
    found = next((kind for kind in all_kinds() if kind.name == name), None)
    if found is None:
        raise KeyError(name)
    return found


def kind_of(model):
    """The RecordKind of a model. Raises KeyError; translated, proxy and historical relatives of
    models do not occur."""
    found = next((kind for kind in all_kinds() if kind.model is model), None)
    if found is None:
        raise KeyError(model._meta.label)
    return found


def fixtures():
    """The names of the files with the content of the site, those that others refer to first."""
    models_of = {kind.name: kind.model for kind in public_kinds()}
    for kind in public_kinds():
        models_of |= kind.parts
    names = {model: name for name, model in models_of.items()}
    graph = {}
    for name, model in models_of.items():
        relations = [one.related_model for one in model._meta.get_fields() if _refers(one)]
        graph[name] = [names[one] for one in relations if one in names and one is not model]
    return tuple(TopologicalSorter(graph).static_order())


def _refers(field):
    return field.concrete and (field.many_to_one or field.many_to_many)
