"""Texts of records as the index holds them."""

import re

from publishing.text import fold, fold_all

VARIANTS, LANGUAGES = " | ", " || "
# A tsvector of PostgreSQL holds one megabyte; more of one record is no help to anybody.
_LONGEST = 100_000
# Names of so few words also stand as one token, so that "Polis" is found among a hundred thousand
# names that contain it.
_WORDS_OF_WHOLE_NAMES = 2

_LINK = re.compile(r"\]\([^)]*\)")


def foldings(text):
    """The foldings of a name: ``ə`` as ``e`` and, where it has one, as ``a`` (Mardakan)."""
    plain = fold(text)
    if "ə" in text or "Ə" in text:
        other = fold(text.replace("ə", "a").replace("Ə", "a"))
        return [plain, other]
    return [plain] if plain else []


def of_names(columns, languages):
    """Names as the index holds them: ``merdekan | mardakan || mardakan office``.

    ``columns``: ``{place: texts}``, a text or None for each record; ``languages``: the places of
    those that are wanted, ``[[0], [1, 3]]``. Returns a list, one for each record. A column at a
    time, since imports ask for hundreds of thousands.
    """
    count = len(next(iter(columns.values())))
    found = []
    for places in languages:
        part = None
        for place in places:
            if any(columns[place]):
                more = _variants([text or "" for text in columns[place]])
                part = more if part is None else list(map(_with, part, more))
        found.append(part)
    while found and found[-1] is None:
        found.pop()
    if len(found) == 1:
        return found[0]
    if not found:
        return [""] * count
    parts = [[""] * count if part is None else part for part in found]
    return [
        LANGUAGES.join(one) if one[-1] else _joined(list(one)) for one in zip(*parts, strict=True)
    ]


def _variants(texts):
    """Each text's foldings, joined."""
    found = fold_all(texts)
    at = [i for i, text in enumerate(texts) if "ə" in text or "Ə" in text]
    others = fold_all([texts[i].replace("ə", "a").replace("Ə", "a") for i in at])
    for i, other in zip(at, others, strict=True):
        if other != found[i]:
            found[i] = f"{found[i]}{VARIANTS}{other}"
    return found


def _with(part, more):
    """A part of a language with the foldings that it lacks."""
    if not part or not more:
        return part or more
    return VARIANTS.join(dict.fromkeys([*part.split(VARIANTS), *more.split(VARIANTS)]))


def of_prose(row, languages):
    """Longer texts: the folding, then the words that are also written with ``a`` for ``ə``."""
    return _joined(
        [
            VARIANTS.join([one for place in places if row[place] for one in _of_text(row[place])])
            for places in languages
        ]
    )


def _of_text(text):
    folded = foldings(_LINK.sub(" ", text[:_LONGEST]))
    if len(folded) < 2:
        return folded
    words = zip(folded[0].split(), folded[1].split(), strict=True)
    return [folded[0], " ".join(dict.fromkeys(b for a, b in words if a != b))]


def _joined(found):
    while found and not found[-1]:
        found.pop()
    return LANGUAGES.join(found)


def whole_name(name):
    """The token for a whole name of one or two words, or ""."""
    if not name or name.count(" ") >= _WORDS_OF_WHOLE_NAMES:
        return ""
    return "0" + name.replace(" ", "")


def with_whole_names(short, name):
    """``short`` with the tokens of the whole names in the folded ``name``."""
    names = name.replace(LANGUAGES, VARIANTS).split(VARIANTS)
    few = [one for one in names if one.count(" ") < _WORDS_OF_WHOLE_NAMES]
    tokens = dict.fromkeys([token for one in few if (token := whole_name(one))])
    return VARIANTS.join([*filter(None, [short]), *tokens]) if tokens else short


def words_of(text):
    """The words in folded text that are worth offering as a correction."""
    return {word for word in set(text.split()) if 4 <= len(word) <= 40 and word.isalpha()}
