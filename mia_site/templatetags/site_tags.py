"""Small pieces every page uses: icons, the current place in the navigation, other languages."""

from django import template
from django.conf import settings
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.translation import get_language

from mia_site import addresses
from search import query

register = template.Library()


@register.simple_tag
def icon(name, label=""):
    """A drawing from static/img/icons.svg. ``label``: its words when nothing beside it says so."""
    address = f"{static('img/icons.svg')}#i-{name}"
    if label:
        return format_html(
            '<svg class="icon" role="img" aria-label="{}"><use href="{}"/></svg>', label, address
        )
    return format_html(
        '<svg class="icon" aria-hidden="true" focusable="false"><use href="{}"/></svg>', address
    )


@register.simple_tag(takes_context=True)
def current(context, address, exact=False):
    """``aria-current`` for a navigation link: "page" on that page, "true" on one below it."""
    path = context["request"].path
    if path == address:
        return format_html(' aria-current="{}"', "page")
    if not exact and address.count("/") > 2 and path.startswith(address):
        return format_html(' aria-current="{}"', "true")
    return ""


@register.simple_tag
def page_language():
    """The language of the page, for ``lang``."""
    return get_language() or settings.LANGUAGE_CODE


@register.simple_tag
def native_language():
    """The language of the institution itself, in which native names are written."""
    return settings.LANGUAGE_CODE


@register.simple_tag
def longest_search():
    """How many characters of a search are read: the most that its box takes."""
    return query.QUERY_LENGTH


@register.simple_tag(takes_context=True)
def with_parameters(context, **changes):
    """As ``mia_site.addresses.with_parameters``."""
    return addresses.with_parameters(context["request"], **changes)


@register.simple_block_tag(takes_context=True)
def section(context, content, id, title, level=2):
    """``{% section id="names" title=_("Former names") %}…{% endsection %}``: a titled part of a
    page, and nothing at all when what stands inside is blank. ``section_links`` lists the parts.
    """
    if not content.strip():
        return ""
    context.render_context.setdefault("sections", []).append((id, title))
    return format_html(
        '<section class="section" id="{0}" aria-labelledby="{0}-title">'
        '<h{3} id="{0}-title">{1}</h{3}>\n{2}</section>',
        id,
        title,
        content,
        level,
    )


@register.simple_block_tag
def band(content, title, id, tone="", more="", more_words=""):
    """A part of the home page over the whole width, nothing at all when what stands inside is
    blank. ``more``: the address of a link beside the title, with its words in ``more_words``."""
    return _headed("_band.html", content, title, more, more_words, id=id, tone=tone)


@register.simple_block_tag
def half(content, title, more="", more_words=""):
    """The same for one of two parts side by side."""
    return _headed("_half.html", content, title, more, more_words)


def _headed(template_name, content, title, more, more_words, **values):
    if not content.strip():
        return ""
    values |= {"content": content, "title": title, "more": more, "more_words": more_words}
    return render_to_string(template_name, values)


@register.inclusion_tag("_section_links.html", takes_context=True)
def section_links(context):
    """Links to the parts that ``section`` drew before this tag; nothing for fewer than three."""
    sections = context.render_context.get("sections", [])
    return {"sections": sections if len(sections) > 2 else []}
