"""Rich text: Markdown in, allow-listed HTML out.

Authors write Markdown. Raw HTML is taken out of the source when it is saved, the Markdown
renderer has HTML switched off, and the result passes an explicit allow-list. Any one of the
three would do; together a mistake in one harms nobody.
"""

import re

import nh3
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy as _
from markdown_it import MarkdownIt

from publishing.text import with_plain_line_ends
from publishing.translated import columns
from publishing.visible import refuse_invisible

_ALLOWED_TAGS = {
    "p", "br", "hr", "strong", "em", "s", "a", "ul", "ol", "li", "blockquote", "code", "pre",
    "h2", "h3", "h4", "table", "thead", "tbody", "tr", "th", "td",
}  # fmt: skip
_ALLOWED_ATTRIBUTES = {"a": {"href", "title"}, "ol": {"start"}}
_ALLOWED_SCHEMES = {"http", "https", "mailto", "tel"}

_markdown = MarkdownIt("commonmark", {"html": False, "linkify": False}).enable(
    ["table", "strikethrough"]
)

# Elements whose content is code rather than text: they go with what they hold.
_CODE_ELEMENTS = re.compile(
    r"<(script|style|iframe|object|embed|svg|math|template)\b.*?(</\1\s*>|\Z)",
    re.IGNORECASE | re.DOTALL,
)
# Tags and comments, but not Markdown's <https://…> and <name@host> links.
_TAGS = re.compile(r"<!--.*?(-->|\Z)|</?[a-z][a-z0-9-]*(\s[^<>]*)?/?>", re.IGNORECASE | re.DOTALL)
_LINK_TARGET = re.compile(r"\]\(\s*<?\s*([a-z][a-z0-9+.-]*):", re.IGNORECASE)


def sanitise(source):
    """Markdown without raw HTML; applying it twice changes nothing more.

    ``source``: Markdown text. Line ends become ``\\n``.
    """
    text = with_plain_line_ends(source)
    while True:
        cleaned = _TAGS.sub("", _CODE_ELEMENTS.sub("", text))
        if cleaned == text:
            return cleaned
        text = cleaned


def render(source):
    """Safe HTML of a Markdown text.

    Headings begin at level 2, since every page has its own level 1.
    """
    if not source:
        return ""
    html = _markdown.render(sanitise(source))
    html = re.sub(r"<(/?)h([1-6])>", lambda m: f"<{m[1]}h{min(int(m[2]) + 1, 4)}>", html)
    return mark_safe(  # noqa: S308 - the allow-list below is what makes it safe
        nh3.clean(
            html,
            tags=_ALLOWED_TAGS,
            attributes=_ALLOWED_ATTRIBUTES,
            url_schemes=_ALLOWED_SCHEMES,
            link_rel="noopener nofollow",
        )
    )


def validate_markdown(value):
    """Refuses links to anything but web, mail and telephone, and characters nobody can see."""
    for match in _LINK_TARGET.finditer(value):
        scheme = match[1].lower()
        if scheme not in _ALLOWED_SCHEMES:
            raise ValidationError(
                _("A link begins with “%(scheme)s:”. Use http, https, mailto or tel."),
                params={"scheme": scheme},
            )
    refuse_invisible(value, lines=True)


class MarkdownField(models.TextField):
    """Markdown text, sanitised whenever it is saved."""

    default_validators = [validate_markdown]

    def pre_save(self, model_instance, add):
        value = super().pre_save(model_instance, add)
        if value:
            value = sanitise(value)
            # The own column of a translated text answers with the other language where the one
            # at work has no text; set, that text would be written into the language at work.
            if not self._is_translated(model_instance):
                setattr(model_instance, self.attname, value)
        return value

    def _is_translated(self, model_instance):
        return hasattr(model_instance, columns(self.attname)[0])
