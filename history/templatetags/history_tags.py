"""What other pages show of history: the life of a unit, milestones, figures, yearly days.

Every tag answers for the reader of the page (drafts stay hidden) in a bounded number of queries.
"""

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext

from chronology.languages import language
from history import lineage
from history.life import took_part_in_nothing
from history.models import Event, Figure, Observance
from history.page_date import last_day

register = template.Library()

LIFE_LINE_LENGTH = 60
LIST_LENGTH = 24


def _reader(context):
    """The user for whom the page is made; None where there is no request (error pages, tests)."""
    return getattr(context.get("request"), "user", None)


def _last_day(context):
    return last_day(context.get("as_of"))


def _shown(context, **values):
    """What every partial needs beside its own values."""
    return {"as_of": context.get("as_of"), "request": context.get("request"), **values}


@register.simple_tag(takes_context=True)
def has_lineage(context, unit):
    """Whether the unit came from another body or became one, as far as the reader may see."""
    if took_part_in_nothing(unit, context["as_of"]):
        return False
    return lineage.has_lineage(unit, _reader(context))


@register.inclusion_tag("history/_closing_event.html", takes_context=True)
def closing_event(context, unit):
    """By which event a unit ended and what came after it; nothing for a unit that exists."""
    if not unit.dissolved:
        return _shown(context)
    user = _reader(context)
    return _shown(
        context,
        unit=unit,
        event=lineage.closing_event(unit, user),
        successors=lineage.successors(unit, user),
    )


@register.inclusion_tag("history/_milestones.html", takes_context=True)
def milestones(context, limit=12):
    """The great events up to the page's date, in the order of time; the latest ``limit``."""
    events = Event.objects.visible_to(_reader(context)).milestones().begun_by(_last_day(context))
    events = events.in_time_order()
    return _shown(context, events=list(events.reverse()[:limit])[::-1])


@register.inclusion_tag("history/_figures.html", takes_context=True)
def key_figures(context, limit=6):
    """The figures chosen for the home page."""
    figures = Figure.objects.visible_to(_reader(context)).filter(on_home_page=True)
    return _figures(context, figures[:limit], of_unit=True)


@register.inclusion_tag("history/_figures.html", takes_context=True)
def unit_figures(context, unit):
    """The figures of a unit: on a page of another date those of events up to it."""
    user = _reader(context)
    figures = Figure.objects.visible_to(user).filter(unit=unit).known_by(_last_day(context), user)
    return _figures(context, figures[:LIST_LENGTH], of_unit=True)


def _figures(context, figures, **values):
    return _shown(context, figures=figures.with_links(_reader(context)), **values)


@register.filter
def is_unsure(figure, as_of):
    """Whether the event that a figure belongs to may have gone on after the page's date."""
    day = last_day(as_of)
    if day is None or figure.event is None:
        return False
    last = figure.event.date_latest
    return last is None or last > day


@register.simple_tag(takes_context=True)
def came_later(context, date):
    """Whether a HistoricalDate, or None, certainly lies after the page's date."""
    day = _last_day(context)
    return bool(day and date and date.earliest and date.earliest > day)


@register.inclusion_tag("history/_on_this_day.html", takes_context=True)
def on_this_day(context):
    """Anniversaries of events that are dated to the day, and the yearly days kept today."""
    user, today = _reader(context), timezone.localdate()
    events = Event.objects.visible_to(user).recalled_on(today)
    days = Observance.objects.visible_to(user).kept_on(today)
    return _shown(
        context,
        today=today,
        events=events.with_participants(user)[:LIST_LENGTH],
        observances=days.with_links(user)[:LIST_LENGTH],
    )


@register.inclusion_tag("history/_anniversaries_ahead.html", takes_context=True)
def anniversaries_ahead(context, limit=3):
    """The next anniversaries of events after today."""
    user, today = _reader(context), timezone.localdate()
    events = Event.objects.visible_to(user).recalled_after(today, limit)
    return _shown(context, today=today, events=events)


@register.inclusion_tag("history/_days_ahead.html", takes_context=True)
def days_ahead(context, limit=4):
    """The next yearly days after today."""
    user, today = _reader(context), timezone.localdate()
    days = Observance.objects.visible_to(user).with_links(user).ahead_of(today, limit)
    return _shown(context, today=today, observances=days)


@register.inclusion_tag("history/_unit_observances.html", takes_context=True)
def unit_observances(context, unit):
    """The yearly days of a unit that are known to have been kept on the page's date."""
    user = _reader(context)
    days = Observance.objects.visible_to(user).filter(unit=unit).known_by(_last_day(context))
    days = days.with_links(user)
    return _shown(context, observances=days[:LIST_LENGTH])


@register.inclusion_tag("history/_events_of_body.html", takes_context=True)
def events_of_body(context, body):
    """The events in which an external body took part."""
    user = _reader(context)
    events = Event.objects.visible_to(user).with_body(body).in_time_order()
    return _shown(context, body=body, events=events.with_participants(user)[:LIFE_LINE_LENGTH])


@register.filter
def without(participations, unit):
    """The participations of others than ``unit``; all of them where there is no unit."""
    return [one for one in participations if not unit or one.unit_id != unit.pk]


@register.filter
def figure_number(figure):
    """The number of a figure as people write it, with "about" where it is approximate."""
    number = grouped(figure.value)
    if not figure.approximate:
        return number
    # The word, wherever the language puts it, is set smaller than the number.
    before, after = (gettext("about %(number)s") % {"number": "\0"}).split("\0")
    return format_html(
        "{}{}{}",
        format_html('<span class="figure-about">{}</span>', before) if before else "",
        number,
        format_html('<span class="figure-about">{}</span>', after) if after else "",
    )


@register.filter
def grouped(number):
    """A whole number with its thousands set apart: 1,234 in English, 1 234 in Azerbaijani."""
    return f"{number:,}".replace(",", language().thousands)


@register.filter
def day_and_month(day):
    """A day of the year in words, without a year: "2 July", "2 iyul".

    ``day``: anything with ``day`` and ``month`` (an Observance, a date).
    """
    return f"{day.day}\N{NO-BREAK SPACE}{month_name(day.month)}"


@register.simple_tag
def day_time(day):
    """``<time datetime="07-02">2 July</time>``: a yearless date, as HTML writes it."""
    value = f"{day.month:02}-{day.day:02}"
    return format_html('<time datetime="{}">{}</time>', value, day_and_month(day))


@register.filter
def month_name(number):
    """The name of month 1 to 12 in the language of the page, as it stands in a sentence."""
    return language().months[number - 1]


@register.filter
def years_before(date, day):
    """How many years lie between a HistoricalDate and ``day``: 28 May 1918, 2026 → 108."""
    return day.year - date.earliest.year


@register.filter
def years_at_next(event, day):
    """How many years ago the event will be on its next anniversary after ``day`` (a date)."""
    first = event.date_earliest
    passed = (first.month, first.day) <= (day.month, day.day)
    return day.year + passed - first.year


@register.filter
def days_until(observance, day):
    """In how many days after ``day`` a yearly day is kept."""
    return (observance.next_after(day) - day).days


@register.filter
def precision_note(event):
    """A sentence on how precisely an event is dated; nothing where it is a certain day."""
    date = event.date
    if date is None:
        return gettext("No source gives the date of this event.")
    if date.is_period:
        begin, end = date.text.split("/")
        if event.is_moment:
            return gettext("The source does not say on which day within these bounds.")
        if not begin:
            return gettext("When it began is not known.")
        if not end:
            return gettext("When it ended is not known.")
        if ".." in (begin, end):
            return gettext("The period is open at one end.")
        return gettext("It lasted from the first date to the last.")
    note = {
        "day": "",
        "month": gettext("The source gives only the month."),
        "year": gettext("The source gives only the year."),
        "decade": gettext("Only the decade is known."),
        "century": gettext("Only the century is known."),
    }[date.precision]
    doubt = {
        "": "",
        "~": gettext("The date is approximate."),
        "?": gettext("The date is uncertain."),
        "%": gettext("The date is approximate and uncertain."),
    }[date.qualifier]
    return " ".join(filter(None, (doubt, note)))


@register.simple_tag
def address_of(comparison, **changes):
    """``{% address_of asked kind="moved" %}``: the address of a comparison with a part changed."""
    return comparison.address(**changes)


@register.filter
def body(family, key):
    """The Unit or ExternalBody that a key of a :class:`history.family.Family` stands for."""
    return family.body(key)
