"""The date control in the frame of every page, and the banner of a page of the past."""

from django import template

from mia_site.addresses import has_languages, with_parameters
from mia_site.landmarks import landmarks

register = template.Library()

# What belongs to the page as it is and not to the same page at another date.
_NOT_KEPT = ("on", "page", "letter")
_MOST_KEPT = 12


@register.inclusion_tag("_when.html", takes_context=True)
def when_control(context):
    """A field for a date and some dates to choose; nothing on pages that show no records."""
    request, as_of = context.get("request"), context.get("as_of")
    if not request or not as_of or not has_languages(request.path):
        return {"as_of": None}
    choices = [(event, with_parameters(context["request"], on=event.date, page="", letter=""))
               for event in landmarks(as_of)]  # fmt: skip
    kept = [(key, value) for key, value in request.GET.items() if key not in _NOT_KEPT]
    return {
        "as_of": as_of,
        "choices": choices,
        "kept": kept[:_MOST_KEPT],
        "today_address": with_parameters(context["request"], on="", page="", letter=""),
    }


@register.inclusion_tag("_other_dates.html", takes_context=True)
def other_dates(context):
    """Links to this page at the dates of the great events."""
    choices = [(event, with_parameters(context["request"], on=event.date, page="", letter=""))
               for event in landmarks(context["as_of"])]  # fmt: skip
    return {"choices": choices}


@register.inclusion_tag("_when_banner.html", takes_context=True)
def when_banner(context, tells_of="the date"):
    """Says for which date the page answers, or why it could not answer for what was asked.

    ``tells_of``: "the date"; "all times" where the page names later things, too, each with its own
    date; "today" where it is the same on every date.
    """
    request, as_of = context.get("request"), context.get("as_of")
    shown = request and as_of and has_languages(request.path)
    if not shown or (as_of.on is None and not as_of.problem):
        return {"as_of": None}
    return {
        "as_of": as_of,
        "tells_of": tells_of,
        "today_address": with_parameters(context["request"], on="", page="", letter=""),
    }
