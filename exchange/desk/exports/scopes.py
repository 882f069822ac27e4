"""Which records an export is about: all of a kind, those that a list shows, or chosen ones."""

from copy import copy
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlencode

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import SuspiciousOperation
from django.db.models import QuerySet
from django.http import QueryDict
from django.urls import reverse

from exchange.registry import EVERYTHING, kinds, resource_for, resource_of

# What a list keeps in its address beside its filters: page, order, all on one page …
_NO_FILTERS = {"p", "o", "e", "all", "_popup", "_to_field", "_changelist_filters"}
# More than a list shows on one page.
_MOST_CHOSEN = 1000


@dataclass
class Scope:
    """One choice of records. ``rows``: a QuerySet, None for all that the user may see."""

    key: str
    kind: str
    user: object
    rows: QuerySet | None = None

    @cached_property
    def count(self):
        if self.kind == EVERYTHING:
            return sum(resource_for(k).visible_to(self.user).count() for k in kinds())
        visible = resource_for(self.kind).visible_to(self.user)
        if self.rows is not None:
            visible = visible.filter(pk__in=self.rows.order_by().values("pk"))
        return visible.count()


def address_for(kind, *, filters="", chosen=()):
    """The export page of a kind with what a list had in its address, or with chosen ids."""
    query = {}
    if chosen:
        query["ids"] = ",".join(map(str, chosen))
    if filters:
        query["filter"] = filters
    address = reverse("admin:exchange_export", args=[kind])
    return f"{address}?{urlencode(query)}" if query else address


def scopes(request, kind):
    """The Scopes that the address of the page offers, the narrowest first."""
    found = []
    if kind != EVERYTHING:
        model = resource_for(kind)._meta.model
        if ids := _ids(request.GET.get("ids", "")):
            rows = QuerySet(model).filter(pk__in=ids)
            found.append(Scope("chosen", kind, request.user, rows))
        rows = _listed(request, model, request.GET.get("filter", ""))
        if rows is not None:
            found.append(Scope("filter", kind, request.user, rows))
    return [*found, Scope("all", kind, request.user)]


def _ids(text):
    numbers = text[: 20 * _MOST_CHOSEN].split(",")[:_MOST_CHOSEN]
    return [int(n) for n in numbers if n.isascii() and n.isdecimal() and int(n) < 2**63]


def _listed(request, model, query):
    """What the list of a model shows with this query, over all its pages; None for all or none."""
    try:
        asked = QueryDict(query)
    except (SuspiciousOperation, ValueError):  # too many fields
        return None
    if not set(asked) - _NO_FILTERS or "\0" in query + "".join(asked.values()):
        return None
    model_admin = admin.site._registry.get(model)
    if model_admin is None:
        return None
    listed = copy(request)
    listed.method, listed.GET = "GET", asked
    try:
        return model_admin.get_changelist_instance(listed).queryset
    except (IncorrectLookupParameters, SuspiciousOperation):
        return None


def kind_of_list(model_admin):
    """The kind of the records that a list shows, or None."""
    resource = resource_of(model_admin.model)
    return resource.kind if resource else None
