"""Which hit comes first. The same on every database: a few hundred hits are ranked here."""

import re
from functools import lru_cache

from search.texts import LANGUAGES

# Tiers, the best first.
(
    WHOLE_NAME, WHOLE_SHORT, NAME_BEGINS, NAME_BEGINS_SO, NAME_HOLDS, NAME_WORDS,
    WHOLE_FORMER, FORMER_WORDS, NAMES_TOGETHER, SUMMARY, BODY,
) = range(11)  # fmt: skip

# Among names that begin with the query and those that hold it, the kind of record decides first.
COARSE = (0, 1, 2, 2, 2, 2, 3, 4, 5, 6, 7)

_VARIANTS = re.compile(r" \|\|? ")


def rank(entry, query, words, language):
    """What to sort a hit by, the lowest first.

    ``entry``: (name, former, short, summary) folded; ``language``: the place of the reader's in
    LANGUAGES. Returns (words that are missing, tier, 1 for another language, words only begun).
    """
    name, former, short, summary = (f" {text} " for text in entry)
    in_name = [word.found_in(name) for word in words]
    begun = sum(not word.whole_in(name) for word in words)
    tier, other = BODY, 1
    if all(in_name):
        tier, other = _in_names(entry[0], query, words, language)
    if tier > WHOLE_SHORT and any(text in query.phrases for text in _VARIANTS.split(entry[2])):
        return 0, WHOLE_SHORT, 0, 0
    if tier < BODY:
        return 0, tier, other, begun
    if all(word.found_in(former) for word in words):
        whole = any(text in query.phrases for text in _VARIANTS.split(entry[1]))
        return 0, WHOLE_FORMER if whole else FORMER_WORDS, 0, begun
    names = name + former + short
    if all(word.found_in(names) for word in words):
        return 0, NAMES_TOGETHER, 0, begun
    everything = names + summary
    if all(word.found_in(everything) for word in words):
        return 0, SUMMARY, 0, begun
    return sum(not word.found_in(everything) for word in words), BODY, 0, begun


def _in_names(name, query, words, language):
    best = (NAME_WORDS, 1)
    for number, texts in enumerate(name.split(LANGUAGES)):
        other = int(number != language)
        for text in texts.split(" | "):
            if text:
                best = min(best, (_tier(text, query, words), other))
    return best


def _tier(text, query, words):
    if text in query.phrases:
        return WHOLE_NAME
    padded = f" {text} "
    if padded.startswith(query.padded):
        return NAME_BEGINS
    if text.startswith(query.phrases):
        return NAME_BEGINS_SO
    if any([phrase in padded for phrase in query.begun]):  # noqa: C419 - quicker
        return NAME_HOLDS
    return NAME_WORDS if all(word.found_in(padded) for word in words) else NAMES_TOGETHER


@lru_cache(maxsize=64)
def bit_length(size):
    """Units weigh by the number of digits of their size, so that length of names still counts."""
    return size.bit_length()
