"""Every public address of the site, read off the resolver so that no new one is forgotten."""

import contextlib
import itertools

from django.apps import apps
from django.conf import settings
from django.urls import URLPattern, get_resolver, reverse
from django.urls.exceptions import NoReverseMatch
from django.utils.translation import override as translation_override

from open_data import files, sitemap
from open_data.kinds import BY_NAME

# Doors for staff, tested with the admin, and those that show no record.
NOT_PUBLIC = ("admin", "accounts", "i18n", "media", "preferences", "healthz", "readyz")

# Words that lists are asked with: search, filters, one that is in every hidden record.
QUERIES = (
    "",
    "?q=gizlinxyz",
    "?q=hidden",
    "?unit=hidden",
    "?branch=hidden",
    "?page=2",
    "?kind=abolition",
    "?on=1995&branch=hidden",
    "?on=1925&former=1",
    "?from=1900&to=",
)

# Pages of records that say something else for another date; walked at one, too.
DATED = ("units:detail", "units:external_body", "people:person", "history:event")


def public_patterns():
    """Pairs (name with namespace, names of arguments) of every public address."""
    return list(_walk(get_resolver().url_patterns, "", ""))


def _walk(patterns, prefix, namespace):
    for entry in patterns:
        route = prefix + str(entry.pattern).lstrip("^")
        if route.startswith(NOT_PUBLIC):
            continue
        if isinstance(entry, URLPattern):
            if entry.name:
                yield namespace + entry.name, sorted(entry.pattern.regex.groupindex)
        else:
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            yield from _walk(entry.url_patterns, route, inner)


def kind_of(name):
    """The model of ``api:units_one`` (a record of one kind by its code), else None."""
    kind = name.removeprefix("api:").removesuffix("_one")
    return BY_NAME[kind].model if kind in BY_NAME and name.startswith("api:") else None


# What arguments may be that no record holds.
FIXED = {
    "name": [*files.BY_FILE, *sitemap.RECORDS, "lists"],
    "number": ["1"],
    "ending": ["csv", "json"],
    "rest": ["nothing"],
}


def all_values(argument, model=None):
    """What the argument of an address may be: the slug (or code …) of every record there is.

    ``model``: only of its records.
    """
    if argument in FIXED:
        return FIXED[argument]
    found = set()
    for one in [model] if model else apps.get_models():
        if argument in {field.name for field in one._meta.concrete_fields}:
            found.update(one._base_manager.values_list(argument, flat=True))
    return sorted(found - {""}) or ["hidden"]


def public_addresses():
    """Every public address: lists with every query, records with every record's slug."""
    addresses = set()
    for language, _name in settings.LANGUAGES:
        with translation_override(language):
            for name, arguments in public_patterns():
                if not arguments:
                    addresses.update(reverse(name) + query for query in QUERIES)
                    continue
                for values in _all_arguments(name, arguments):
                    with contextlib.suppress(NoReverseMatch):  # the value does not fit the route
                        addresses.add(address := reverse(name, kwargs=values))
                        if language == "en" and name in DATED:
                            addresses.add(f"{address}?on=1925")
    return sorted(addresses)


def _all_arguments(name, arguments):
    """Yields what ``reverse`` needs for each address of that name."""
    models = {None: kind_of(name)}
    if "kind" in arguments:  # the other parts are of its records: those of all others say 404
        models = {kind: BY_NAME[kind].model for kind in BY_NAME}
    for kind, model in models.items():
        values = [[kind] if a == "kind" else all_values(a, model) for a in arguments]
        for combination in itertools.product(*values):
            yield dict(zip(arguments, map(str, combination), strict=True))
