"""Corrections of mistyped words, from the words of the index."""

from django.db import connection

from search.models import SearchWord
from search.query import Query

# Words that are compared one by one, at most, where the database cannot compare (SQLite).
_MOST_COMPARED = 6000
_TRIGRAMS = "SELECT word FROM search_searchword WHERE word %% %s ORDER BY word <-> %s LIMIT 30"


def corrected(query, is_found, more_words=()):
    """A Query with the unknown words of ``query`` replaced by the likeliest ones, or None.

    ``is_found(word)``: whether the reader finds anything by the Word alone; such words stay.
    ``more_words``: folded words that the index is to have soon. The words come from all records,
    hidden ones too: show a correction only after it has found a record that the reader may see.
    """
    texts, changed = [], False
    for word in query.words:
        typed = word.forms[0]
        can_be_wrong = 4 <= len(typed) <= 40 and typed.isalpha()
        if can_be_wrong and not is_found(word) and (better := _nearest(typed, more_words)):
            typed, changed = better, True
        texts.append(typed)
    return Query.of(" ".join(texts)) if changed else None


def _nearest(typed, more_words):
    """The other word of the index that is nearest to a folded one, or ""."""
    most = 1 if len(typed) < 6 else 2
    best = min(
        (
            (distance, one[0] != typed[0], abs(len(one) - len(typed)), one)
            for one in [*_similar(typed, most), *more_words]
            if one != typed and (distance := edits(typed, one, most)) <= most
        ),
        default=None,
    )
    return best[-1] if best else ""


def has_trigrams():
    """Whether the database compares words itself (the extension pg_trgm of PostgreSQL)."""
    if connection.vendor != "postgresql":
        return False
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_extension WHERE extname = 'pg_trgm'")
        return cursor.fetchone() is not None


def _similar(typed, most):
    if has_trigrams():
        with connection.cursor() as cursor:
            cursor.execute(_TRIGRAMS, [typed, typed])
            return [word for (word,) in cursor.fetchall()]
    # Hardly anybody mistypes the first letter, except by exchanging it with the second.
    own = _letters(typed)
    words = []
    for first in dict.fromkeys(typed[:2]):
        rows = SearchWord.objects.filter(word__gte=first, word__lt=chr(ord(first) + 1))
        words += rows.values_list("word", flat=True)[:_MOST_COMPARED]
    return [
        word
        for word in words
        if abs(len(word) - len(typed)) <= most and (_letters(word) ^ own).bit_count() <= 2 * most
    ]


def _letters(word):
    """The set of a word's letters as a number, to tell quickly that two words differ much."""
    found = 0
    for letter in word:
        found |= 1 << (ord(letter) - 97)
    return found


def edits(one, other, most):
    """How many letters must be changed, added, dropped or exchanged with their neighbour to make
    ``other`` of ``one``; ``most + 1`` stands for any number above ``most``."""
    if abs(len(one) - len(other)) > most:
        return most + 1
    before, last, row = [], [], list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        before, last, row = last, row, [i]
        for j, b in enumerate(other, 1):
            cost = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
    return min(row[-1], most + 1)
