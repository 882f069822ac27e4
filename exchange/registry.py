"""Which kinds of records can be imported and exported. Each app registers its own resources."""

from functools import cache
from graphlib import TopologicalSorter

from django.utils.module_loading import autodiscover_modules

_resources = {}
_found = False


def _discover():
    """Imports the ``resources`` module of every app, once.

    On first use and not in ``ready()``: the columns of translations exist only when all apps,
    modeltranslation among them, are ready.
    """
    global _found
    if not _found:
        _found = True
        autodiscover_modules("resources")


EVERYTHING = "all"


def register(resource):
    """Make a RecordResource class known; usable as a decorator.

    Stands in the ``resources`` module of the app that owns the records, so that ``exchange``
    need not know any of them.
    """
    _resources[resource.kind] = resource
    return resource


def kinds():
    """All kinds, those that others refer to first."""
    _discover()
    return list(_in_order(frozenset(_resources)))


@cache
def _in_order(known):
    """``known``: the registered kinds; the answer is kept until another one is registered."""
    by_model = {resource._meta.model: kind for kind, resource in _resources.items()}
    graph = {
        kind: sorted(
            {
                by_model[column.target]
                for column in resource.fields.values()
                if column.target in by_model and column.target is not resource._meta.model
            }
        )
        for kind, resource in sorted((kind, _resources[kind]) for kind in known)
    }
    return tuple(TopologicalSorter(graph).static_order())


def resource_for(kind):
    """The RecordResource class of a kind such as "units". Raises KeyError."""
    _discover()
    return _resources[kind]


def kind_called(name):
    """The kind that is named so in a file, or was in files of earlier exports; else the name."""
    _discover()
    return next((kind for kind, r in _resources.items() if name in r.formerly_called), name)


def resource_of(model):
    """The RecordResource class for a model, or None."""
    _discover()
    return next((r for r in _resources.values() if r._meta.model is model), None)
