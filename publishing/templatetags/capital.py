"""``capfirst`` that knows the Azerbaijani i: "istifadəçilər" → "İstifadəçilər", not "I…".

A builtin of the templates (settings.TEMPLATES), so that Django's own admin pages use it too.
"""

from django import template
from django.template.defaultfilters import stringfilter
from django.utils.translation import get_language

from publishing.text import capitalised

register = template.Library()


@register.filter(is_safe=True)
@stringfilter
def capfirst(text):
    """The text with a capital first letter, by the rules of the active language."""
    return capitalised(text, get_language())
