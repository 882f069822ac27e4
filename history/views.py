"""The pages of what happened: timeline, event, figures, yearly days."""

from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from history import timeline as pages_of_time
from history.calendar import Year, day_asked_for
from history.filters import TimelineFilter
from history.models import Event, Figure, Observance

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
    total = sum(chapter.total for chapter in chapters)
    context = {"filter": asked, "chapters": chapters, "page": page, "total": total}
    return render(request, "history/timeline.html", context)


@require_safe
def event(request, slug):
    """One event with all that is known of it."""
    user, events = request.user, Event.objects.visible_to(request.user)
    shown = get_object_or_404(
        events.with_participants(user).select_related("era").prefetch_related("sources"), slug=slug
    )
    context = {
        "event": shown,
        "crumbs": [(reverse("history:timeline"), _("History"))],
        "figures": Figure.objects.visible_to(user).filter(event=shown).with_links(user),
        "observances": Observance.objects.visible_to(user).filter(origin=shown).with_links(user),
        "previous": events.just_before(shown),
        "next": events.just_after(shown),
    }
    return render(request, "history/event.html", context)


@require_safe
def figures(request):
    """All figures, group by group."""
    shown = Figure.objects.visible_to(request.user).select_related("group")
    context = {"figures": shown.in_groups().with_links(request.user)[:FIGURES_SHOWN]}
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
    }
    return render(request, "history/days.html", context)
