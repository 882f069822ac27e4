"""The table of contents of a long page."""

import re
from dataclasses import dataclass
from html import unescape

from django.utils.safestring import mark_safe

from publishing.richtext import render
from publishing.text import slugify

# A shorter page needs no table of contents.
FEWEST_HEADINGS = 3

_HEADING = re.compile(r"<h2>(.*?)</h2>", re.DOTALL)


@dataclass(frozen=True)
class Heading:
    """A heading: the words without tags, and the id that its link leads to."""

    words: str
    anchor: str


def with_contents(source):
    """HTML of a Markdown text whose second-level headings have ids, and a list of them.

    The list is empty for a text with few headings.
    """
    headings = []

    def anchored(match):
        words = unescape(re.sub(r"<[^>]+>", "", match[1]))
        anchor = f"part-{len(headings) + 1}-{slugify(words)}".rstrip("-")
        headings.append(Heading(words, anchor))
        return f'<h2 id="{anchor}">{match[1]}</h2>'

    html = _HEADING.sub(anchored, str(render(source)))
    # render() has sanitised the text; what is added is an id of the letters a–z, digits and "-".
    html = mark_safe(html)  # noqa: S308
    return html, headings if len(headings) >= FEWEST_HEADINGS else []
