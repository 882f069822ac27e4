"""The search: from a text that somebody typed to records in the best order, on any date."""

from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.core.paginator import Paginator
from django.db import models
from django.utils.translation import get_language

from chronology.languages import site_codes
from history.models import Event
from search import ranking
from search.candidates import MOST, Visible, candidates, is_found
from search.hits import hits
from search.holders import holdings
from search.kinds import BY_KEY
from search.models import SearchEntry
from search.query import Query
from search.spelling import corrected
from units.models import Unit

PAGE_SIZE = 20
SUGGESTIONS = 8


@dataclass
class KindCount:
    """How many hits a kind has. ``more``: that and more."""

    key: str
    title: str
    count: int
    more: bool


@dataclass
class Results:
    """The answer to a search.

    ``query``: as typed; ``corrected``: what was searched instead, since nothing was found for it,
    or ""; ``any_word``: no record holds all words, these hold some; ``counts``: a KindCount for
    every kind with hits; ``kind``: the key of the only kind shown, or ""; ``hits``: the Hits of
    this page; ``page``: Django's Page, for paging; ``total``, ``more``: number of hits shown on all
    pages together, and whether there are more than that.
    """

    query: str
    kind: str = ""
    corrected: str = ""
    any_word: bool = False
    counts: list = field(default_factory=list)
    hits: list = field(default_factory=list)
    page: Any = None
    total: int = 0
    more: bool = False


def search(typed, *, as_of, kind="", page=1, page_size=PAGE_SIZE, existing=False, most=MOST):
    """What the reader may see and find by ``typed``, any text. Returns Results.

    ``as_of``: structure.as_of.AsOf, whose ``user`` decides what is visible and whose date decides
    names; ``kind``: "unit", "person", "event", "body" or "page", anything else means all kinds;
    ``page``: from 1, out of range becomes the nearest; ``existing``: without units that did not
    exist on the date; ``most``: how many candidates of a kind are ranked. A constant number of
    queries; none for a text without letters and digits.
    """
    query = Query.of(typed)
    results = Results(query.text)
    if not query:
        return results
    found, words, query = _found(query, Visible(as_of, existing), most, results)
    held = holdings(found, as_of)
    results.counts = _counts(found, held, most)
    if kind in {count.key for count in results.counts}:
        results.kind = kind
        found = [one for one in found if one.kind.shown == kind]
    ranked = _ranked(found, query, words, held)
    shown = [one for one in results.counts if results.kind in ("", one.key)]
    results.more = any(one.more for one in shown)
    results.total = sum(one.count for one in shown)
    results.page = Paginator(ranked, page_size).get_page(page)
    results.hits = hits(results.page.object_list, words, as_of)
    return results


def suggest(typed, as_of, limit=SUGGESTIONS):
    """The best Hits for a text that is still being typed; at most ``limit``, in few queries."""
    query = Query.of(typed)
    if not query:
        return []
    found = candidates(query.words, Visible(as_of), most=MOST // 5)
    ranked = _ranked(found, query, query.words, holdings(found, as_of))
    return hits(ranked[:limit], query.words, as_of)


def _found(query, visible, most, results):
    """Candidates of each kind, the words that found them and the query they belong to.

    First all words; then their beginnings; then those of a corrected query; then any word.
    """

    def ask(words, any_word=False):
        return candidates(words, visible, any_word=any_word, most=most)

    @cache
    def knows(word):
        return is_found(word, visible)

    def any_rows(found):
        return any(one.rows for one in found)

    if any_rows(found := ask(query.words)):
        return found, query.words, query
    if (better := corrected(query, knows, visible.due_words)) and any_rows(
        found := ask(better.words)
    ):
        results.corrected = better.text
        return found, better.words, better
    loose = query.loosened(knows)
    if any_rows(found := ask(loose)):
        return found, loose, query
    if len(query.words) > 1:
        found = ask(loose, any_word=True)
        results.any_word = any_rows(found)
    return found, loose, query


def _counts(found, held, most):
    """A KindCount of every kind with hits; a person found in several ways counts once."""
    keys, more = {}, {}
    for one in found:
        new = [held[row[0]].key if row[0] in held else row[0] for row in one.rows]
        keys.setdefault(one.kind.shown, set()).update(new)
        more[one.kind.shown] = more.get(one.kind.shown, False) or one.more
    return [
        KindCount(key, BY_KEY[key].title, min(len(some), most), more[key] or len(some) > most)
        for key, some in keys.items()
        if some
    ]


def _ranked(found, query, words, held):
    """Keys of entries, the best first; ``held``: the Holdings among them, which stand for people.

    A person found in several ways stands where the best of them stands.
    """
    codes = site_codes()
    language = codes.index(get_language()) if get_language() in codes else 0
    weights = _weights(found)
    best = {}
    for one in found:
        for key, _object_id, name, *others in one.rows:
            place = ranking.rank((name, *others), query, words, language)
            missing, tier, other, begun = place
            weight, after, holding = weights.get(key, 1), one.kind.named_after_others, held.get(key)
            if holding:
                # Who is in office stands among the units, who was stands behind them.
                key, weight, after = holding.key, holding.weight, not holding.in_office
            order = (missing, ranking.COARSE[tier], other, after, tier, begun)
            # A unit before its head, where the words are those of both names.
            order += -weight, bool(holding), len(name), holding.place if holding else 0
            if key not in best or order < best[key]:
                best[key] = order
    return sorted(best, key=lambda key: (best[key], key))


def _weights(found):
    """{entry key: importance} of units (by the size of what stands below) and events."""
    weights = {}
    for one in found:
        first = SearchEntry.ids_of(one.kind.number)[0]
        pks = [row[1] for row in one.rows]
        if not pks:
            continue
        if one.kind.model is Unit:
            # Past modeltranslation, which would look at every one of a thousand rows again.
            rows = models.QuerySet(Unit).order_by().filter(pk__in=pks)
            for pk, lft, rght in rows.values_list("pk", "lft", "rght"):
                weights[first + pk] = 1 + ranking.bit_length((rght - lft) // 2)
        elif one.kind.model is Event:
            rows = Event.objects.order_by().filter(pk__in=pks)
            for pk, weight in rows.values_list("pk", "weight"):
                weights[first + pk] = weight
    return weights
