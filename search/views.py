"""The page of results, and what is offered while somebody types."""

from django.http import JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from search.finding import search, suggest
from structure.dated_addresses import dated


@require_safe
def results(request):
    """``?q=``: hits, the best first; ``kind=``: of one kind only; ``existing=1``: no units that did
    not exist on the date; without ``q`` the search box and where to look."""
    existing = request.GET.get("existing") == "1"
    found = search(
        request.GET.get("q", ""),
        as_of=request.as_of,
        kind=request.GET.get("kind", ""),
        page=request.GET.get("page", 1),
        existing=existing,
    )
    return render(request, "search/results.html", {"results": found, "existing": existing})


@require_safe
def suggestions(request):
    """JSON: the best hits for ``?q=``, each with its address on the date and its name in pieces."""
    found = [
        {
            "title": hit.name.pieces,
            "lang": hit.name.lang,
            "kind": hit.kind_title,
            "url": dated(hit.url, request.as_of),
        }
        for hit in suggest(request.GET.get("q", ""), request.as_of)
    ]
    response = JsonResponse({"hits": found}, json_dumps_params={"ensure_ascii": False})
    response["Cache-Control"] = "private, max-age=60"
    response["X-Robots-Tag"] = "noindex"
    return response
