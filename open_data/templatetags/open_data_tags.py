"""What pages show of open data: linked data in their head, their words for others, the files."""

import json
from html import unescape

from django import template
from django.conf import settings
from django.utils.html import format_html, format_html_join, strip_tags
from django.utils.safestring import mark_safe
from django.utils.translation import get_language

from chronology.languages import SOURCE, known, site_codes
from open_data import files, state
from open_data.kinds import BY_NAME
from open_data.linked import CONTEXT, Names
from open_data.linked.documents import nodes_of
from open_data.sections import MENU, SECTIONS

register = template.Library()

# What would end the element or begin a comment in it; JSON reads the escapes as the signs.
_UNSAFE = {ord("<"): "\\u003c", ord(">"): "\\u003e", ord("&"): "\\u0026"}


@register.simple_tag
def sections(menu=False):
    """The sections of the site, or those of the main menu."""
    return MENU if menu else SECTIONS


@register.simple_tag(takes_context=True)
def linked_data(context, kind, record):
    """``{% linked_data "units" unit %}``: the record as JSON-LD, a block of data that no browser
    runs. Nothing for a record that the public does not see, and on a page for another date."""
    as_of, request = context.get("as_of"), context.get("request")
    if not record or not request or getattr(as_of, "on", None) or not record.is_public:
        return ""
    names = Names(request)
    today = as_of if as_of and not as_of.reader.may_edit_units else None
    graph = nodes_of(BY_NAME[kind], [record], names, today=today)
    return _script({"@context": CONTEXT, "@graph": graph})


@register.simple_tag(takes_context=True)
def site_linked_data(context, name):
    """The site itself as JSON-LD, for the home page."""
    names = Names(context["request"])
    node = {
        "@id": names.base,
        "@type": "schema:WebSite",
        "schema:name": {"@value": name, "@language": get_language()},
        "schema:url": {"@id": names.base},
        "schema:inLanguage": site_codes(),
    }
    return _script({"@context": CONTEXT, "@graph": [node]})


def _script(document):
    text = json.dumps(document, ensure_ascii=False).translate(_UNSAFE)
    # Every sign that HTML could take for markup is escaped above.
    return mark_safe(f'<script type="application/ld+json">{text}</script>')  # noqa: S308


@register.simple_block_tag(takes_context=True)
def kept(context, content, name):
    """Shows what stands inside and keeps its words for ``{% shown name %}``."""
    words = unescape(strip_tags(content)).strip()
    context.render_context.setdefault("kept", {})[name] = words
    return content


@register.simple_tag(takes_context=True)
def shown(context, name):
    """What ``kept`` showed on this page under a name: plain text, to be escaped like any other."""
    return context.render_context.get("kept", {}).get(name, "")


@register.simple_tag
def source_language():
    """The language of what is not translated, such as the reference of the API."""
    return SOURCE


@register.simple_tag
def open_graph_locales():
    """``(locale of the page, [the others])`` as Open Graph writes them: az_AZ."""
    own = get_language()
    others = [_locale(code) for code in site_codes() if code != own]
    return _locale(own), others


def _locale(code):
    return known()[code].locale if code in known() else code


@register.filter
def with_code(text):
    """Plain text whose words between ` and ` are code."""
    return format_html_join(
        "", "{}", [(format_html("<code>{}</code>", part) if number % 2 else part,)
                   for number, part in enumerate(text.split("`"))],
    )  # fmt: skip


@register.inclusion_tag("open_data/_files.html", takes_context=True)
def downloads(context):
    """The files of all public data, with size, date and checksum where they lie ready."""
    now, base = state.current(), Names(context["request"]).base
    find = files.made if files.is_small() else files.lying_ready
    offered = [(one, find(one.name, base, now)) for one in files.FORMATS]
    return {"files": offered, "moment": now.moment, "licence": settings.OPEN_DATA_LICENCE}
