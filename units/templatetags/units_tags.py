"""Names of units in templates: always those of the date for which the page answers."""

from django import template
from django.utils.html import format_html
from django.utils.http import urlencode

register = template.Library()


@register.filter
def name_as_of(unit, as_of):
    """``{{ unit|name_as_of:as_of }}``: its name on the page's date, as plain text."""
    return as_of.name(unit) if as_of else str(unit)


@register.simple_tag(takes_context=True)
def unit_name(context, unit):
    """The same, marked with its language where that is not the page's."""
    as_of = context.get("as_of")
    if as_of and (language := as_of.name_language(unit)):
        return format_html('<span lang="{}">{}</span>', language, as_of.name(unit))
    return name_as_of(unit, as_of)


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
