"""Rich text and translated text in templates."""

from django import template
from django.utils.html import format_html

from publishing import translated
from publishing.richtext import render

register = template.Library()


@register.filter
def markdown(source):
    """Safe HTML of a Markdown text; see :func:`publishing.richtext.render`."""
    return render(source)


@register.simple_tag
def lang_of(record, field):
    """`` lang="…"`` when ``field`` is shown in another language than the page's, else nothing.

    For records whose text is translated: a missing translation falls back to another language,
    and a screen reader must be told which.
    """
    _text, other = translated.shown(translated.texts(record, field))
    return format_html(' lang="{}"', other) if other else ""
