"""The public pages of units and of the bodies outside. They ask and render."""

from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from publishing.matching import matching
from units import outline
from units.index import Index
from units.models import ExternalBodyKind

SUB_UNITS_A_PAGE = 60
HITS_LIMIT = 200
QUERY_LENGTH = 200


@require_safe
def structure(request):
    """The tree; ``?q=`` keeps the units that match, ``?branch=`` draws one branch of it."""
    whole = request.as_of.outline
    count = outline.total(whole)
    query = request.GET.get("q", "").strip()[:QUERY_LENGTH]
    top, superiors = None, []
    if slug := request.GET.get("branch"):
        top = get_object_or_404(request.as_of.units(), slug=slug)
        superiors = request.as_of.superiors(top)
        whole = [outline.branch_of(whole, slug)]
    large = outline.total(whole) > outline.WHOLE_TREE_LIMIT
    if query:
        found = request.as_of.units().filter(matching(query)).values_list("pk", flat=True)
        hits = set(found[:HITS_LIMIT])
        branches, page = outline.cut_to(outline.only(whole, hits), outline.DEEPEST), None
    elif top:
        hits = set()
        below, page = outline.drawn(whole[0].branches, request.GET.get("page"))
        branches = [outline.redrawn(whole[0], below)]
    else:
        hits = set()
        branches, page = outline.drawn(whole, request.GET.get("page"))
    context = {
        "branches": outline.filled(branches),
        "page": page,
        "count": count,
        "query": query,
        "hits": len(hits),
        "more_hits": len(hits) == HITS_LIMIT,
        "top": top,
        "superiors": superiors,
        "large": large,
        "ended": request.as_of.ended_units().count(),
    }
    return render(request, "units/structure.html", context)


@require_safe
def index(request):
    """Units A–Z; ``?former=1`` adds those that ended and names no longer borne."""
    former = request.GET.get("former") == "1"
    listing = Index(request.as_of.names(former=former), get_language())
    shown = listing.page(letter=request.GET.get("letter", ""), number=request.GET.get("page"))
    return render(
        request, "units/index.html", {"listing": listing, "shown": shown, "former": former}
    )


@require_safe
def detail(request, slug):
    """One unit: what it is, whom to call, who leads it, what happened to it."""
    as_of = request.as_of
    unit = get_object_or_404(as_of.visible_units().select_related("kind"), slug=slug)
    sub_units = as_of.with_sub_unit_counts(as_of.sub_units(unit)).select_related("kind")
    superiors = as_of.superiors(unit)
    context = {
        "unit": unit,
        "superiors": superiors,
        "superior": superiors[-1] if superiors else None,
        "sub_units": Paginator(sub_units, SUB_UNITS_A_PAGE).get_page(request.GET.get("page")),
        "former_sub_units": list(as_of.former_sub_units(unit)[:SUB_UNITS_A_PAGE]),
        "former_names": list(as_of.former_names(unit)),
        "former_superiors": list(as_of.former_superiors(unit)),
        "links": list(as_of.links(unit)),
    }
    return render(request, "units/detail.html", context)


@require_safe
def international(request):
    """The partners by kind, and the other bodies that the history tells of."""
    bodies = request.as_of.visible_bodies().order_by("order", "code")
    partners = list(bodies.filter(is_partner=True))
    groups = [
        (label, [body for body in partners if body.kind == kind])
        for kind, label in ExternalBodyKind.choices
    ]
    context = {
        "groups": [group for group in groups if group[1]],
        "partner_count": len(partners),
        "others": Paginator(bodies.filter(is_partner=False), 60).get_page(request.GET.get("page")),
    }
    return render(request, "units/international.html", context)


@require_safe
def external_body(request, slug):
    """A body outside: who it is, since when a partner, which of our units answered to it."""
    body = get_object_or_404(request.as_of.visible_bodies(), slug=slug)
    former = list(request.as_of.former_sub_units(body)[:SUB_UNITS_A_PAGE])
    return render(request, "units/external_body.html", {"body": body, "former_sub_units": former})
