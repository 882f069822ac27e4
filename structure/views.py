"""The public pages of units and of the bodies outside. They ask and render."""

from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from drawing.files import svg_file
from structure.as_of.in_time import former_sub_units
from structure.as_of.partners import dated_partners
from structure.chart import ChartQuestion
from structure.index import Index
from structure.shown_tree import shown_tree
from units.models import ExternalBodyKind

SUB_UNITS_A_PAGE = 60
BODIES_A_PAGE = 60
QUERY_LENGTH = 200


@require_safe
def structure(request):
    """The tree; ``?q=`` keeps the units that match, ``?branch=`` draws one branch of it."""
    as_of, query = request.as_of, request.GET.get("q", "").strip()[:QUERY_LENGTH]
    top = None
    if slug := request.GET.get("branch"):
        top = get_object_or_404(as_of.reader.units() if as_of.on else as_of.units(), slug=slug)
    superiors = as_of.superiors(top) if top else []
    as_of.names.expect([top, *superiors] if top else [])
    tree = shown_tree(as_of, top, query, request.GET.get("page"))
    number = tree.page.number if tree.page and not query else 1
    request.page_parameters = {"branch": top and top.slug, "page": number}
    context = {
        "tree": tree,
        "query": query,
        "top": top,
        "superiors": superiors,
        "ended": as_of.ended_units().count(),
    }
    return render(request, "units/structure.html", context)


@require_safe
def chart(request):
    """The tree, or ``?branch=`` of it, drawn; ``?levels=`` and ``?paper=a3`` as asked for."""
    asked = ChartQuestion(request)
    number = asked.chart.page.number if asked.chart.page and not asked.levels else 1
    request.page_parameters = {"branch": asked.top and asked.top.slug, "page": number}
    return render(request, "units/chart.html", {"asked": asked, "chart": asked.chart})


@require_safe
def chart_file(request):
    """The same drawing as an SVG file that stands alone."""
    asked = ChartQuestion(request)
    drawing = asked.headed_drawing(request.build_absolute_uri(asked.address))
    return svg_file(request, drawing, asked.file_name)


@require_safe
def index(request):
    """Units A–Z; ``?former=1`` adds those that ended and names no longer borne."""
    former = request.GET.get("former") == "1"
    listing = Index(request.as_of, get_language(), former=former)
    shown = listing.page(letter=request.GET.get("letter", ""), number=request.GET.get("page"))
    if not former:
        request.page_parameters = shown.parameters
    return render(
        request, "units/index.html", {"listing": listing, "shown": shown, "former": former}
    )


@require_safe
def detail(request, slug):
    """One unit: what it is, whom to call, who leads it, what happened to it."""
    as_of = request.as_of
    unit = get_object_or_404(as_of.reader.units().select_related("kind"), slug=slug)
    sub_units = Paginator(as_of.sub_units(unit).select_related("kind"), SUB_UNITS_A_PAGE)
    sub_units = sub_units.get_page(request.GET.get("page"))
    request.page_parameters = {"page": sub_units.number}
    sub_units.object_list = as_of.count_sub_units(sub_units.object_list)
    superiors = as_of.superiors(unit)
    left = former_sub_units(as_of, unit, SUB_UNITS_A_PAGE)
    as_of.prepare([unit, *sub_units.object_list, *superiors, *(row.unit for row in left)])
    context = {
        "unit": unit,
        "superiors": superiors,
        "superior": superiors[-1] if superiors else None,
        "held_superiors": as_of.held_superiors(unit),
        "sub_units": sub_units,
        "former_sub_units": left,
        "links": list(as_of.reader.links(unit)),
    }
    return render(request, "units/detail.html", context)


@require_safe
def by_code(request, code):
    """The address that stays: leads to where the unit is found today, on the date asked for."""
    unit = get_object_or_404(request.as_of.reader.units(), code=code)
    address = unit.get_absolute_url()
    if not address:
        raise Http404
    on = request.GET.get("on", "")[:QUERY_LENGTH]
    return redirect(f"{address}?{urlencode({'on': on})}" if on else address)


@require_safe
def international(request):
    """The partners by kind, and the other bodies that the history tells of."""
    as_of = request.as_of
    partners = dated_partners(as_of)  # the others may have become partners since
    groups = [
        (label, [body for body in partners if body.kind == kind])
        for kind, label in ExternalBodyKind.choices
    ]
    bodies = as_of.reader.bodies().order_by("order", "code")
    undated = bodies.filter(Q(is_partner=False) | Q(partner_since_earliest=None))
    undated = undated.exclude(pk__in=[body.pk for body in partners])
    others = bodies.filter(is_partner=False) if as_of.has_today else bodies.none()
    others = Paginator(others, BODIES_A_PAGE)
    others = others.get_page(request.GET.get("page"))
    request.page_parameters = {"page": others.number}
    context = {
        "groups": [group for group in groups if group[1]],
        "partner_count": len(partners),
        "undated": 0 if as_of.has_today else undated.count(),
        "others": others,
    }
    return render(request, "units/international.html", context)


@require_safe
def external_body(request, slug):
    """A body outside: who it is, since when a partner, which of our units answered to it."""
    body = get_object_or_404(request.as_of.reader.bodies(), slug=slug)
    former = former_sub_units(request.as_of, body, SUB_UNITS_A_PAGE)
    return render(request, "units/external_body.html", {"body": body, "former_sub_units": former})
