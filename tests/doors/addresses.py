"""Every public address of the site, read off the resolver so that no new door is forgotten."""

import contextlib
import itertools

from django.apps import apps
from django.conf import settings
from django.urls import URLPattern, get_resolver, reverse
from django.urls.exceptions import NoReverseMatch
from django.utils.translation import override as translation_override

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
)


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


def all_values(argument):
    """What the argument of an address may be: the slug (or code …) of every record there is."""
    found = set()
    for model in apps.get_models():
        if argument in {field.name for field in model._meta.concrete_fields}:
            found.update(model._base_manager.values_list(argument, flat=True))
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
                values = [all_values(argument) for argument in arguments]
                for combination in itertools.product(*values):
                    filled = dict(zip(arguments, map(str, combination), strict=True))
                    with contextlib.suppress(NoReverseMatch):  # the value does not fit the route
                        addresses.add(reverse(name, kwargs=filled))
    return sorted(addresses)
