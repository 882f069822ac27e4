"""Links to editorial pages, for the frame of every page."""

from django import template

from pages.models import Page

register = template.Library()

LIST_LENGTH = 20


def _pages(context):
    user = getattr(context.get("request"), "user", None)
    return Page.objects.visible_to(user)


@register.inclusion_tag("pages/_links.html", takes_context=True)
def footer_pages(context):
    """The pages linked at the foot: `<li>` elements, in order."""
    return {"pages": _pages(context).in_footer()[:LIST_LENGTH], "request": context.get("request")}


@register.inclusion_tag("pages/_links.html", takes_context=True)
def navigation_pages(context):
    """The pages linked in the main navigation: `<li>` elements, in order."""
    pages = _pages(context).in_navigation()[:LIST_LENGTH]
    return {"pages": pages, "request": context.get("request")}
