"""The page that compares two dates, and the same for machines."""

from functools import wraps

from django.core.paginator import Paginator
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from history.comparison import files
from history.comparison.asked import Comparison, branches_offered, choices, milestone_years
from history.comparison.entries import KINDS
from history.comparison.shown import shown

ENTRIES_PER_PAGE = 60
ENTRIES_PER_FEED = 100


@require_safe
def compare(request):
    """``?from=1991&to=2021&kind=&branch=&page=``: what changed between two dates."""
    asked = Comparison(request.GET, request.user)
    page = Paginator(asked.entries, ENTRIES_PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "asked": asked,
        "page": page,
        "rows": shown(page.object_list, asked.sides),
        "kinds": [(kind, words, asked.counts[kind]) for kind, words in KINDS.items()],
        "branches": branches_offered(request.as_of, asked.branch),
        "choices": choices(milestone_years(request.user)),
        "words": [files.in_words(side) for side in asked.dates],
    }
    return render(request, "history/compare.html", context)


def _for_machines(view):
    """Hands ``view`` the Comparison; a question that has no answer is refused in a sentence."""

    @require_safe
    @wraps(view)
    def answer(request):
        asked = Comparison(request.GET, request.user)
        if asked.problem:
            sentences = [side.problem for side in asked.dates if side.problem] or [asked.problem]
            text = "\n".join(str(sentence) for sentence in sentences)
            return HttpResponse(text + "\n", "text/plain; charset=utf-8", status=400)
        return view(request, asked)

    return answer


@_for_machines
def compare_csv(request, asked):
    lines = files.csv_lines(asked, request.build_absolute_uri)
    return _download(lines, "text/csv; charset=utf-8", "changes.csv")


@_for_machines
def compare_json(request, asked):
    parts = files.json_parts(asked, request.build_absolute_uri)
    return _download(parts, "application/json", "changes.json")


@_for_machines
def compare_atom(request, asked):
    """``&page=``: so many entries at a time, linked as RFC 5005 has it."""
    page = Paginator(asked.entries, ENTRIES_PER_FEED).get_page(request.GET.get("page"))
    path = reverse("history:compare_atom") + asked.address()

    def address(number):
        return request.build_absolute_uri(f"{path}&page={number}" if number > 1 else path)

    feed = files.atom(asked, page, get_language(), address, request.build_absolute_uri)
    return HttpResponse(feed, "application/atom+xml; charset=utf-8")


def _download(parts, content_type, name):
    response = StreamingHttpResponse(_in(get_language(), parts), content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _in(language, parts):
    """The parts, made in ``language`` whenever they are asked for."""
    with translation.override(language):
        yield from parts
