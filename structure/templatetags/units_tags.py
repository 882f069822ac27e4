"""Names of units in templates: always those of the date for which the page answers."""

from django import template
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.http import urlencode
from django.utils.translation import gettext

from chronology import Certainty, HistoricalDate
from chronology.display import display
from structure import chart, moments
from structure.as_of import AsOf
from structure.dated_addresses import dated
from units.models import DatedName

register = template.Library()


@register.filter
def name_as_of(unit, as_of):
    """``{{ unit|name_as_of:as_of }}``: its name on the page's date, as plain text."""
    return as_of.name(unit) if as_of else str(unit)


@register.simple_tag(takes_context=True)
def unit_name(context, unit):
    """The same, marked with its language where that is not the page's."""
    as_of = context.get("as_of")
    return _marked_name(unit, as_of) if as_of else str(unit)


@register.simple_tag(takes_context=True)
def unit_link(context, unit):
    """The same as a link to the page of the unit, or body outside, on the page's date."""
    as_of = context.get("as_of")
    name = _marked_name(unit, as_of) if as_of else str(unit)
    return format_html('<a href="{}">{}</a>', dated(unit.get_absolute_url(), as_of), name)


def _marked_name(unit, as_of):
    name, language = as_of.names.name_and_language(unit)
    return format_html('<span lang="{}">{}</span>', language, name) if language else name


@register.simple_tag(takes_context=True)
def unit_marks(context, unit):
    """Quiet words beside a name: what is not certain for the page's date; nothing for today."""
    as_of = context.get("as_of")
    if not as_of or as_of.on is None:
        return ""
    existence = as_of.expected_existence(unit)
    if existence is Certainty.NO:
        return _mark(gettext("did not exist then"))
    marks = [_mark(gettext("possibly existed"))] if existence is Certainty.POSSIBLE else []
    held = as_of.names.held(unit)
    if held is None:
        marks.append(_mark(gettext("today’s name")))
    elif held.expected is Certainty.POSSIBLE and not marks:  # a name of what may not have existed
        marks.append(_mark(gettext("name not certain")))
    return format_html_join("", "{}", ((mark,) for mark in marks))


def _mark(words):
    return format_html(' <span class="unsure">{}</span>', words)


@register.filter
def expected(unit, as_of):
    """The same as far as can be foreseen, on a date to come."""
    return as_of.expected_existence(unit).value


@register.filter
def existed(unit, as_of):
    """How surely the unit existed on the page's date: "certain", "possible" or "no"."""
    return as_of.existence(unit).value


@register.filter
def name_held(unit, as_of):
    """The likeliest HeldName of the unit on the page's date, or None."""
    return as_of.names.held(unit)


@register.filter
def other_names(unit, as_of):
    """``[(name, language or "")]``: what else the unit was, or may have been, called then; without
    today's name, which the page gives anyway."""
    return [one.in_language() for one in as_of.names.others(unit) if not one.is_present]


@register.filter
def is_name(row):
    """Whether a dated row is one of a name."""
    return isinstance(row, DatedName)


@register.filter
def shown_date(date):
    """A HistoricalDate in words, as plain text."""
    return display(date)


@register.filter
def map_address(unit):
    """A page of OpenStreetMap that shows where the unit is, or "" when nothing says where.

    By its position when that is known, otherwise by its postal address.
    """
    if unit.latitude is not None and unit.longitude is not None:
        place = {"mlat": unit.latitude, "mlon": unit.longitude}
        return f"https://www.openstreetmap.org/?{urlencode(place)}"
    if unit.address:
        return f"https://www.openstreetmap.org/search?{urlencode({'query': unit.address})}"
    return ""


@register.filter
def dialled(phone):
    """A telephone number as ``tel:`` links want it: digits, and a plus sign before them."""
    return ("+" if phone.strip().startswith("+") else "") + "".join(filter(str.isdigit, phone))


@register.filter
def host_of(address):
    """The name of a website as people write it: https://www.mia.gov.az/ → mia.gov.az"""
    return address.split("://", 1)[-1].removeprefix("www.").rstrip("/")


@register.filter
def letter_anchor(letter, listing):
    """The ``id`` of a letter's group in the index; letters themselves differ only by signs."""
    letters = [known for known, _count in listing.letters]
    return f"l-{letters.index(letter) + 1}"


@register.filter
def branch(address, unit):
    """The address of a page of the tree, for the branch of ``unit`` only."""
    return f"{address}?{urlencode({'branch': unit.slug})}"


@register.filter
def chart_address(unit, of):
    """Where the branch of a unit is drawn on its own."""
    return of.address_of(unit)


@register.filter
def tree_address(unit, of):
    """Where the branch of a unit, or the whole for None, stands as a tree to open and close."""
    return of.tree_address_of(unit)


@register.filter
def number_below(branch):
    """How many units stand below a branch of a tree or chart, in words."""
    return chart.number_below(branch)


@register.filter
def units_below(count):
    """A number of units below another, in words."""
    return chart.units_below(count)


@register.inclusion_tag("units/_life_line.html", takes_context=True)
def life_line(context, unit):
    """Everything known to have happened to a unit, from every app, in the order of time."""
    as_of = context.get("as_of") or AsOf()
    return {
        "unit": unit,
        "as_of": as_of,
        "request": context.get("request"),
        "line": moments.life_line(unit, as_of),
        "today": as_of.today,
        "superior": as_of.today.superior(unit),
    }


@register.inclusion_tag("units/_cite.html", takes_context=True)
def cite_page(context, unit):
    """How to cite the page of a unit on its date: words and an address that stay as they are."""
    as_of, request = context["as_of"], context["request"]
    today = HistoricalDate.from_date(timezone.localdate())
    on = as_of.on or today
    path = f"{reverse('units:by_code', args=[unit.code])}?{urlencode({'on': str(on)})}"
    return {
        "name": as_of.name(unit),
        "on": on,
        "today": today,
        "address": request.build_absolute_uri(path),
    }
