"""Editorial pages."""

from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from pages.contents import with_contents
from pages.models import Page
from publishing.text import slugify


@require_safe
def page(request, slug):
    """A page of text. A page with the code ``contact`` may have a template of its own,
    ``pages/by_code/contact.html``; all others share ``pages/page.html``."""
    shown = get_object_or_404(Page.objects.visible_to(request.user), slug=slug)
    body, headings = with_contents(shown.body)
    return TemplateResponse(
        request,
        [f"pages/by_code/{slugify(shown.code)}.html", "pages/page.html"],
        {"page": shown, "body": body, "headings": headings},
    )
