"""Addresses that keep the date for which the page answers. Builtin: no ``{% load %}`` needed."""

from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext

from structure.dated_addresses import dated, on_parameter

register = template.Library()


register.filter(dated)


@register.simple_tag(takes_context=True)
def dated_url(context, name, *args, **kwargs):
    """``{% dated_url 'units:structure' %}``: as ``{% url %}``, with the page's date.

    Where the template is included with ``only``, hand it ``as_of``.
    """
    return dated(reverse(name, args=args, kwargs=kwargs), context.get("as_of"))


@register.simple_tag(takes_context=True)
def and_on(context):
    """What an address that has a ``?`` already goes on with: ``&on=1920``, or nothing."""
    as_of = context.get("as_of")
    return f"&{on_parameter(as_of)}" if as_of and as_of.on is not None else ""


@register.simple_tag(takes_context=True)
def dated_field(context):
    """The hidden field by which a search form keeps the date; nothing for today."""
    as_of = context.get("as_of")
    if not as_of or as_of.on is None:
        return ""
    return format_html('<input type="hidden" name="on" value="{}">', as_of.on)


@register.simple_tag(takes_context=True)
def of_today(context, words=""):
    """The label over what is kept without a date, on a page whose date does not have today in it;
    nothing on others. ``words``: where it is not the text that follows.

    Where the template is included with ``only``, hand it ``as_of``.
    """
    as_of = context.get("as_of")
    if not as_of or as_of.has_today:
        return ""
    return format_html('<p class="of-today">{}</p>', words or gettext("Text of today"))
