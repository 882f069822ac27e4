"""Links to editorial pages, for the frame of every page."""

from django import template

from pages.models import Page, Placement

register = template.Library()

LIST_LENGTH = 20
# Of all menus together.
MOST = 200


def _linked(context, placement):
    """The pages with this Placement; those of all menus are read once for a request."""
    request = context.get("request")
    known = getattr(request, "linked_pages", None)
    if known is None:
        pages = Page.objects.visible_to(getattr(request, "user", None))
        known = list(pages.linked()[:MOST])
        if request is not None:
            request.linked_pages = known
    pages = [page for page in known if page.placement == placement][:LIST_LENGTH]
    return {"pages": pages, "request": request, "as_of": context.get("as_of")}


@register.inclusion_tag("pages/_links.html", takes_context=True)
def footer_pages(context):
    """The pages linked at the foot: `<li>` elements, in order."""
    return _linked(context, Placement.FOOTER)


@register.inclusion_tag("pages/_links.html", takes_context=True)
def navigation_pages(context):
    """The pages linked in the main navigation: `<li>` elements, in order."""
    return _linked(context, Placement.NAVIGATION)
