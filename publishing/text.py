"""Text rules shared by every record: characters nobody can see, addresses, folding, slugs."""

import re
import unicodedata

from anyascii import anyascii

from chronology.languages import language as language_of

# Line breaks and tabs are visible enough; everything else below U+0020 is not.
_ALLOWED_CONTROLS = "\n\r\t"


def invisible_character(text, allow_line_breaks=False):
    """The first character of ``text`` that cannot be seen, as ``U+200B``, or ``None``.

    Covers controls (with NUL), zero-width and direction-changing characters, lone surrogates.
    Unicode categories Cc, Cf and Cs. A soft hyphen (U+00AD) and the joiners inside emoji
    (U+200D between pictographs) are kept, since people type them on purpose.
    """
    for index, character in enumerate(text):
        if allow_line_breaks and character in _ALLOWED_CONTROLS:
            continue
        if unicodedata.category(character) not in ("Cc", "Cf", "Cs"):
            continue
        if character == "\u00ad":
            continue
        if character == "\u200d" and _joins_pictographs(text, index):
            continue
        if 0xE0020 <= ord(character) <= 0xE007F:  # tag characters of sub-national flags
            continue
        return f"U+{ord(character):04X}"
    return None


def with_plain_line_ends(text):
    """``text`` with ``\n`` at the end of each line, whoever wrote it."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _joins_pictographs(text, index):
    before = text[index - 1] if index else ""
    after = text[index + 1] if index + 1 < len(text) else ""
    return _is_pictograph(before) and _is_pictograph(after)


def _is_pictograph(character):
    return bool(character) and unicodedata.category(character) in ("So", "Sk", "Mn")


class _Foldings(dict):
    """Code point → what stands for it in folded text. Each character is asked for once.

    anyascii goes letter by letter; ``str.translate`` with this is ten times as fast, which counts
    where a file brings names by the hundred thousand.
    """

    def __missing__(self, number):
        plain = anyascii(chr(number)).lower()
        folded = _NOT_WORDS.sub(" ", plain)
        if len(self) < _MOST_FOLDINGS:
            self[number] = folded
        return folded


_NOT_WORDS = re.compile(r"[^a-z0-9]+")
_MOST_FOLDINGS = 20_000
_foldings = _Foldings()


def fold(text):
    """Text as searches compare it, ASCII letters, digits and single blanks: Əliyeva → eliyeva."""
    return " ".join(text.translate(_foldings).split())


class _LineFoldings(_Foldings):
    """The same, line ends left as they are."""


_line_foldings = _LineFoldings({ord("\n"): "\n"})
_BLANKS = re.compile("  +")


def fold_all(texts):
    """``[fold(text) for text in texts]``, for a great many short ones, all in one go."""
    together = "\n".join(texts)
    if not texts or together.count("\n") != len(texts) - 1:
        return [fold(text) for text in texts]
    folded = _BLANKS.sub(" ", together.translate(_line_foldings))
    return [text.strip() for text in folded.split("\n")]


def search_text(*texts):
    """What a search looks through for these texts.

    Foreign spellings write ``ə`` as ``a`` as often as ``e`` (Mardakan for Mərdəkan), so both
    foldings are kept; the query is folded once, with :func:`fold`.
    """
    foldings = []
    for text in texts:
        if not text:
            continue
        variants = [text]
        if "ə" in text or "Ə" in text:
            variants.append(text.replace("ə", "a").replace("Ə", "a"))
        for folded in map(fold, variants):
            if folded and folded not in foldings:
                foldings.append(folded)
    return " | ".join(foldings)


def search_texts(columns):
    """``[search_text(*texts) for texts in zip(*columns)]``, for a great many short ones.

    ``columns``: lists of texts, all of one length, at least one.
    """
    parts = []
    for texts in columns:
        if not any(texts):
            continue
        folded = fold_all([text or "" for text in texts])
        parts.append(folded)
        at = [i for i, text in enumerate(texts) if text and ("ə" in text or "Ə" in text)]
        if at:
            others = [""] * len(folded)
            variants = fold_all([texts[i].replace("ə", "a").replace("Ə", "a") for i in at])
            for i, variant in zip(at, variants, strict=True):
                others[i] = variant
            parts.append(others)
    if not parts:
        return [""] * len(columns[0])
    return [" | ".join(dict.fromkeys(filter(None, one))) for one in zip(*parts, strict=True)]


def slugify(text):
    """The address form of a name, the same in browser, server and import: Gəncə → gence."""
    return _as_address(fold(text))


def slugify_all(texts):
    """``[slugify(text) for text in texts]``, for a great many short ones."""
    return [_as_address(folded) for folded in fold_all(texts)]


def _as_address(folded):
    return folded.replace(" ", "-")[:90].strip("-")


def capitalised(text, language):
    """``text`` with a capital first letter, as the language (a code) writes it: İ of i."""
    text = str(text)
    return language_of(language).upper(text[:1]) + text[1:]
