"""Ways to the export desk, for those who may go there."""

from django import template

from exchange.desk.exports.scopes import address_for
from exchange.permissions import may_export
from exchange.registry import resource_of

register = template.Library()


@register.simple_tag(takes_context=True)
def export_address(context, opts):
    """Where the records that a list shows are exported; "" for who may not."""
    resource, request = resource_of(opts.model), context["request"]
    if resource is None or not may_export(request.user, resource.kind):
        return ""
    return address_for(resource.kind, filters=request.GET.urlencode())
