"""The pages of what happened: timeline, event, figures, yearly days."""

from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from chronology import HistoricalDate
from drawing.files import svg_file
from history import timeline as pages_of_time
from history.calendar import Year, day_asked_for
from history.density import density
from history.family_page import FamilyPage
from history.filters import TimelineFilter
from history.models import Event, Figure, Observance
from history.page_date import last_day
from history.spans import Span

FIGURES_SHOWN = 500
EVENTS_OF_A_DAY = 100


@require_safe
def timeline(request):
    """``?q=&kind=&unit=&era=&page=``: all eras with their first events, or one era in pages."""
    asked = TimelineFilter(request.GET, as_of=request.as_of, user=request.user)
    events = asked.narrow(Event.objects.visible_to(request.user))
    if asked.chosen_era:
        chapters, page = pages_of_time.page_of_era(
            events, asked.chosen_era, request.GET.get("page"), request.user
        )
    else:
        chapters, page = pages_of_time.chapters(events, request.user), None
    request.page_parameters = asked.page_parameters(page.number if page else 1)
    on, is_marked = request.as_of.on, False
    if on:
        is_marked = pages_of_time.mark(chapters, on, whole=not page or page.number == 1)
    context = {
        "filter": asked,
        "chapters": chapters,
        "page": page,
        "total": sum(chapter.total for chapter in chapters),
        "density": density(asked.narrow_to_era(events)),
        "is_marked": is_marked,
    }
    return render(request, "history/timeline.html", context)


@require_safe
def span(request, key):
    """A year (``1992``), decade (``199X``) or century (``19XX``): with the timeline's filter."""
    if Event.objects.visible_to(request.user).filter(slug=key).exists():
        return event(request, key)  # an event may be called like a year
    date = HistoricalDate(key) if key.strip("0X") else None
    if date is None or date.earliest > timezone.localdate():
        raise Http404
    asked = TimelineFilter(request.GET, as_of=request.as_of, user=request.user)
    events = asked.narrow_to_era(Event.objects.visible_to(request.user))
    shown = Span(date, events, request.user)
    lasting, possible = shown.others
    context = {
        "filter": asked,
        "span": shown,
        "certain": shown.certain,
        "lasting": lasting,
        "possible": possible,
        "neighbours": shown.neighbours,
        "inner": shown.inner,
        "crumbs": [(reverse("history:timeline") + asked.kept, _("History"))],
    }
    return render(request, "history/span.html", context)


@require_safe
def event(request, slug):
    """One event with all that is known of it."""
    user, events = request.user, Event.objects.visible_to(request.user)
    shown = get_object_or_404(
        events.with_participants(user).select_related("era").prefetch_related("sources"), slug=slug
    )
    beside, kept = events, ""
    if TimelineFilter.asked_in(request.GET):
        asked = TimelineFilter(request.GET, as_of=request.as_of, user=user)
        if asked.is_valid():
            beside, kept = asked.narrow_to_era(events), asked.kept
    context = {
        "event": shown,
        "kept": kept,
        "crumbs": [(reverse("history:timeline") + kept, _("History"))],
        "figures": Figure.objects.visible_to(user).filter(event=shown).with_links(user),
        "observances": Observance.objects.visible_to(user)
        .filter(origin=shown)
        .known_by(last_day(request.as_of))
        .with_links(user),
        "previous": beside.just_before(shown),
        "next": beside.just_after(shown),
    }
    return render(request, "history/event.html", context)


@require_safe
def lineage(request, slug):
    """From which bodies a unit came and what became of it, as a drawing and as a list."""
    return render(request, "history/lineage.html", FamilyPage(request, slug).context)


@require_safe
def lineage_file(request, slug):
    """The same drawing as an SVG file that stands alone."""
    page = FamilyPage(request, slug)
    address = request.build_absolute_uri(page.address)
    drawing = page.drawing.head_with(page.title, f"{page.state} · {address}")
    return svg_file(request, drawing, f"{slug}-lineage.svg")


@require_safe
def figures(request):
    """All figures, group by group."""
    user = request.user
    shown = Figure.objects.visible_to(user).known_by(last_day(request.as_of), user)
    shown = shown.select_related("group").in_groups().with_links(user)
    context = {"figures": shown[:FIGURES_SHOWN]}
    return render(request, "history/figures.html", context)


@require_safe
def days(request):
    """``?day=07-02``: the yearly days month by month, and what is recalled on one day."""
    user, today = request.user, timezone.localdate()
    day, misread = day_asked_for(request.GET.get("day"), today)
    events = Event.objects.visible_to(user)
    observances = Observance.objects.visible_to(user).with_links(user)
    context = {
        "today": today,
        "day": day,
        "misread": misread,
        "events": events.recalled_on(day).with_participants(user)[:EVENTS_OF_A_DAY],
        "kept": observances.kept_on(day),
        "ahead": observances.ahead_of(today, 1),
        "year": Year(today, day, observances, events.days_of_the_year()),
        "webcal": f"webcal://{request.get_host()}{reverse('history:days_calendar')}",
    }
    return render(request, "history/days.html", context)
