"""Links to editorial pages, for the frame of every page."""

from django import template

from pages.models import Page

register = template.Library()

LIST_LENGTH = 20


def _linked(context, word):
    """The pages that the queryset's ``word`` gives, read once for a request: menus repeat."""
    request = context.get("request")
    known = getattr(request, "linked_pages", None) or {}
    if word not in known:
        pages = Page.objects.visible_to(getattr(request, "user", None))
        known[word] = list(getattr(pages, word)()[:LIST_LENGTH])
        if request is not None:
            request.linked_pages = known
    return {"pages": known[word], "request": request, "as_of": context.get("as_of")}


@register.inclusion_tag("pages/_links.html", takes_context=True)
def footer_pages(context):
    """The pages linked at the foot: `<li>` elements, in order."""
    return _linked(context, "in_footer")


@register.inclusion_tag("pages/_links.html", takes_context=True)
def navigation_pages(context):
    """The pages linked in the main navigation: `<li>` elements, in order."""
    return _linked(context, "in_navigation")
