"""Addresses that have moved: former slugs of records, addresses of the former site (ADR 17).

Both are asked for only when a page was not found (and, for the former site, at ``/?/…``, which
would be the home page): a page that is there costs no query more.
"""

from functools import cache
from urllib.parse import quote, unquote

from django.apps import apps
from django.conf import settings
from django.core.exceptions import DisallowedRedirect
from django.core.handlers.wsgi import get_str_from_wsgi
from django.http import HttpResponsePermanentRedirect
from django.urls import NoReverseMatch, Resolver404, resolve, reverse
from django.utils import translation
from django.utils.encoding import escape_uri_path
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language_from_path

from addresses.fields import key_of
from addresses.models import LegacyAddress
from publishing.models import RetiredSlug
from publishing.slug_triggers import models_with_slugs
from units.models import Unit

READING = ("GET", "HEAD")
# The parameter by which pages of the tree are asked for a part of it.
BRANCH = "branch"


def moved_permanently(address):
    """301, to be asked for anew each time: what was renamed may get its old name back."""
    response = HttpResponsePermanentRedirect(address)
    response["Cache-Control"] = "no-cache"
    return response


class RetiredSlugMiddleware:
    """Leads from a former slug to the present address of the record, on every page of a record."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if response.status_code != 404 or request.method not in READING:
            return response
        path = present_path(request.path_info, request.user)
        query = request.META.get("QUERY_STRING", "")
        if path is None:
            path, query = escape_uri_path(request.path), _present_query(request)
        if query is None:
            return response
        try:
            return moved_permanently(f"{path}?{query}" if query else path)
        except DisallowedRedirect:  # a query too long to be led anywhere
            return moved_permanently(path)


def _present_query(request):
    """The query with the present slug of the branch that a page of the tree was asked for."""
    slug = request.GET.get(BRANCH, "")
    unit = slug and RetiredSlug.objects.present_record(Unit, slug[:100], request.user)
    if not unit:
        return None
    query = request.GET.copy()
    query[BRANCH] = unit.slug
    return query.urlencode()


class LegacyAddressMiddleware:
    """Leads from an address of the former site to the page that took its place.

    Stands before the language is chosen: ``/?/az/content/1/`` would become the home page.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.method not in READING:
            return self.get_response(request)
        query = get_str_from_wsgi(request.environ, "QUERY_STRING", "")
        at_home = request.path_info == "/" and unquote(query[:3]).startswith("/")
        if at_home and (target := target_of(request.path_info, query)):
            return moved_permanently(target)
        response = self.get_response(request)
        if _nothing_there(request, response) and (target := target_of(request.path_info, query)):
            return moved_permanently(target)
        return response


def _nothing_there(request, response):
    """Whether no page has this address: not found, or a guess of the language put before it."""
    guessed = response.status_code == 302 and request.path_info != "/"
    if guessed and not get_language_from_path(request.path_info):
        path = response["Location"].partition("?")[0]
        language = get_language_from_path(path)
        return path.rstrip("/") == f"/{language}{quote(request.path_info).rstrip('/')}"
    return response.status_code == 404


def target_of(path, query=""):
    """Where an address of the former site leads today, or None. Any text is safe here.

    An entry with this very query comes before one without any.
    """
    keys = [key for key in (key_of(path, query), key_of(path)) if key]
    found = dict(
        LegacyAddress.objects.filter(address__in=keys).order_by().values_list("address", "target")
    )
    target = next((found[key] for key in keys if key in found), None)
    # Asked once more, since the table may have been written by other hands than the site's.
    if target is None or not url_has_allowed_host_and_scheme(target, allowed_hosts=None):
        return None
    path, sign, rest = _split(target)
    return (present_path(unquote(path), None) or path) + sign + rest


def _split(target):
    at = min((i for sign in "?#" if (i := target.find(sign)) >= 0), default=len(target))
    return target[:at], target[at : at + 1], target[at + 1 :]


def present_path(path, user):
    """The present path of a page whose path has a former slug in it, or None.

    ``user``: whoever asks; records that they may not see are not found under any address.
    """
    with translation.override(get_language_from_path(path) or settings.LANGUAGE_CODE):
        match = _resolved(path) or _resolved(f"{path}/")
        if match is None:
            return None
        slug = match.kwargs.get("slug")
        model = slug and _model_at(match.route.partition("/")[2])
        if not model:
            return None
        record = RetiredSlug.objects.present_record(model, slug, user)
        if record is None:
            return None
        try:
            return reverse(match.view_name, kwargs={**match.kwargs, "slug": record.slug})
        except NoReverseMatch:
            return None


def _resolved(path):
    try:
        return resolve(path)
    except Resolver404:
        return None


def _model_at(route):
    """The model whose pages stand at a route such as ``units/<slug:slug>/lineage/``."""
    found = [start for start in _models_by_route() if route.startswith(start)]
    return _models_by_route()[max(found, key=len)] if found else None


@cache
def _models_by_route():
    """{"units/<slug:slug>": Unit …}: every model whose records have a page under their slug."""
    found = {}
    language = settings.LANGUAGE_CODE
    with translation.override(language):
        for model in models_with_slugs(apps):
            if hasattr(model, "get_absolute_url"):
                route = resolve(model(slug="x").get_absolute_url()).route
                found[route.removeprefix(f"{language}/").rstrip("/")] = model
    return found
