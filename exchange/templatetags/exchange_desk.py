"""Ways to the import desk, for those who may go there."""

from django import template
from django.urls import reverse

from exchange.permissions import may_import
from exchange.registry import resource_of

register = template.Library()


@register.simple_tag(takes_context=True)
def import_address(context, opts):
    """Where records of a model, given by its ``_meta``, are imported; "" for who may not."""
    resource = resource_of(opts.model)
    if resource is None or not may_import(context["request"].user, resource.kind):
        return ""
    return f"{reverse('admin:exchange_import')}?kind={resource.kind}"
