"""Showing in a text what was found in its folding."""

import re
import unicodedata

from anyascii import anyascii
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

_OPEN, _CLOSE = SafeString("<mark>"), SafeString("</mark>")
_WORD = re.compile(r"[a-z0-9]+")


def tokens(text):
    """``(folded word, begin, end)`` of each word of ``text``, places in ``text`` as it is.

    The word is folded with ``ə`` as ``e``; as everywhere in the search, what ``anyascii`` makes
    several words of (an emoji, a hyphenated name) is several words.
    """
    folded, places = [], []
    for place, character in enumerate(text):
        plain = character if character.isascii() else anyascii(character)
        folded.append(plain.lower())
        places += [place] * len(plain)
    for match in _WORD.finditer("".join(folded)):
        begin, end = places[match.start()], places[match.end() - 1] + 1
        while end < len(text) and unicodedata.combining(text[end]):
            end += 1
        yield match[0], begin, end


def pieces(text, words):
    """``[(text, is a hit), …]``: ``text`` cut at the words that are like one of ``words``."""
    found, reached = [], 0
    for folded, begin, end in tokens(text):
        if begin < reached or not _is_hit(folded, text[begin:end], words):
            continue
        if found and found[-1][1] and text[reached:begin].isspace():
            begin = reached - len(found.pop()[0])  # neighbouring hits are one
        elif begin > reached:
            found.append((text[reached:begin], False))
        found.append((text[begin:end], True))
        reached = end
    if reached < len(text):
        found.append((text[reached:], False))
    return found


def _is_hit(folded, original, words):
    if any(word.is_like(folded) for word in words):
        return True
    if "ə" not in original and "Ə" not in original:
        return False
    other = anyascii(original.replace("ə", "a").replace("Ə", "a")).lower()
    return any(word.is_like(other) for word in words)


def number_found(text, words):
    """How many of ``words`` stand in ``text``."""
    hits = [(folded, text[begin:end]) for folded, begin, end in tokens(text)]
    return sum(any(_is_hit(folded, one, [word]) for folded, one in hits) for word in words)


def html_of(cut):
    """Safe HTML of pieces."""
    return format_html_join(
        "", "{}{}{}", ((_OPEN, text, _CLOSE) if hit else ("", text, "") for text, hit in cut)
    )


def passage(text, words, length=220):
    """The pieces of about ``length`` characters around the first hit of a long text.

    Cut at blanks; an ellipsis stands where something is left out. Empty without a hit.
    """
    first = next((b for f, b, e in tokens(text) if _is_hit(f, text[b:e], words)), None)
    if first is None:
        return []
    begin = max(0, first - length // 3)
    if begin:
        begin = text.find(" ", begin, first) + 1 or first
    end = min(len(text), begin + length)
    if end < len(text):
        end = max(text.rfind(" ", begin, end), first + 1)
        if end == first + 1:
            end = min(len(text), begin + length)
    cut = pieces(text[begin:end], words)
    return [
        *([("… ", False)] if begin else []),
        *cut,
        *([(" …", False)] if end < len(text) else []),
    ]
