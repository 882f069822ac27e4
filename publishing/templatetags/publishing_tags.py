"""``{% draft_banner object %}``: tells staff that the public does not see this page."""

from django import template

from publishing.preview import banner

register = template.Library()


@register.inclusion_tag("publishing/_draft_banner.html", takes_context=True)
def draft_banner(context, record):
    """The banner for a record that is not public; nothing for a public one."""
    request = context.get("request")
    return {"banner": banner(record, getattr(request, "user", None))}
