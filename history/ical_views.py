"""The days of the year as iCalendar files, at their addresses."""

import hashlib

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.views.decorators.http import require_safe

from history import ical
from history.models import Event, Observance

# A calendar is read by machines that give up on what is too large.
ANNIVERSARIES_LIMIT = 2000


@require_safe
def days(request):
    """All yearly days and anniversaries; ``?only=days`` leaves the anniversaries out."""
    observances = Observance.objects.visible_to(request.user).with_links(request.user)
    events = Event.objects.visible_to(request.user).known_to_the_day()
    if request.GET.get("only") == "days":
        events = events.none()
    events = events.order_by("date_earliest", "order", "code")[:ANNIVERSARIES_LIMIT]
    return _calendar(request, observances, events, "days")


@require_safe
def day(request, code):
    """One yearly day."""
    seen = Observance.objects.visible_to(request.user).with_links(request.user)
    return _calendar(request, [get_object_or_404(seen, code=code)], [], "day")


def _calendar(request, observances, events, name):
    observances, events = list(observances), list(events)
    source = request.build_absolute_uri()
    content = ical.calendar_of(observances, events, request.build_absolute_uri, source)
    response = HttpResponse(content, content_type=ical.CONTENT_TYPE)
    response["Content-Disposition"] = f'inline; filename="{name}.ics"'
    etag = quote_etag(hashlib.sha256(content).hexdigest()[:32])
    response["ETag"] = etag
    changed = ical.last_changed([*observances, *events])
    if changed:
        response["Last-Modified"] = changed.strftime("%a, %d %b %Y %H:%M:%S GMT")
    seconds = int(changed.timestamp()) if changed else None
    return get_conditional_response(request, etag, seconds, response)
