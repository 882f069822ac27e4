"""Which kinds of records can be imported and exported: all that are declared
(``publishing.record_kinds``), each by its own RecordResource or by one made of its fields."""

from functools import cache
from graphlib import TopologicalSorter

from django.utils.module_loading import import_string

from publishing import record_kinds

EVERYTHING = "all"
# What a kind's own resource is made of; by name, like those of the apps above.
_WITHOUT_RULES = "exchange.resource.RecordResource"


@cache
def _resource(kind):
    """The RecordResource class of a RecordKind. Not before all apps are ready: the columns of
    translations exist only then."""
    if kind.resource:
        return import_string(kind.resource)
    base = import_string(_WITHOUT_RULES)
    meta = type("Meta", (base.Meta,), {"model": kind.model, "fields": [*kind.columns]})
    return type(f"{kind.model.__name__}Resource", (base,), {"Meta": meta})


def kinds():
    """All kinds, those that others refer to first."""
    return list(_in_order(tuple(record_kinds.all_kinds())))


@cache
def _in_order(declared):
    resources = {kind.name: _resource(kind) for kind in declared}
    by_model = {kind.model: kind.name for kind in declared}
    graph = {
        name: sorted(
            {
                by_model[column.target]
                for column in resources[name].fields.values()
                if column.target in by_model and by_model[column.target] != name
            }
        )
        for name in sorted(resources)
    }
    return tuple(TopologicalSorter(graph).static_order())


def resource_for(kind):
    """The RecordResource class of a kind such as "units". Raises KeyError."""
    return _resource(record_kinds.kind_named(kind))


def kind_called(name):
    """The kind that is named so in a file, or was in files of earlier exports; else the name."""
    found = (kind.name for kind in record_kinds.all_kinds() if name in kind.formerly_called)
    return next(found, name)


def resource_of(model):
    """The RecordResource class for a model, or None."""
    try:
        return _resource(record_kinds.kind_of(model))
    except KeyError:
        return None
