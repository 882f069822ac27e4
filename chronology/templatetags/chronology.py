"""Dates in templates: ``{{ unit.founded|historical }}``, ``{% historical_time event.date %}``,
``{% period term.begin term.end %}``. All in the active language."""

from datetime import datetime

from django import template
from django.utils.html import format_html
from django.utils.timezone import localtime

from chronology.dates import HistoricalDate
from chronology.display import display, display_moment, display_period, machine, unbroken
from chronology.recorded import recorded

register = template.Library()


@register.filter
def historical(date):
    """A HistoricalDate in words; nothing for a missing one."""
    return unbroken(display(date))


@register.simple_tag
def historical_time(date):
    """``<time datetime="1918-05-28">28 May 1918</time>``, a ``<span>`` where no machine date
    would be true, nothing for a missing date."""
    if date is None or date == "":
        return ""
    words = historical(date)
    if value := machine(date):
        return format_html('<time datetime="{}">{}</time>', value, words)
    return format_html("<span>{}</span>", words)


@register.filter
def moment(date):
    """The same for something that happened once: "in 1828 or later" instead of "since 1828"."""
    return unbroken(display_moment(date))


@register.simple_tag
def historical_moment(date):
    """``historical_time`` for something that happened once: foundings, ends, legal acts."""
    if date and date.is_period:
        return format_html("<span>{}</span>", moment(date))
    return historical_time(date)


@register.filter
def as_since(date):
    """A date since when something holds, as somebody recorded it: without the day on which the
    site first published it. None where nobody has."""
    return recorded(date or None)


@register.simple_tag
def period(begin, end, empty="open"):
    """Two dates in one phrase. ``empty="unknown"`` where a missing end is not "still"."""
    return unbroken(display_period(begin or None, end or None, empty_end=empty))


@register.filter
def full_day(day):
    """A ``datetime.date`` or datetime in words: "22 November 2026", "22 noyabr 2026-cı il"."""
    if isinstance(day, datetime):
        day = localtime(day)
    return historical(HistoricalDate.from_date(day)) if day else ""
