"""People who are found by a post that they hold or held.

The index has an entry for each term of office, with the title of the post and the name of the
person, so that a term of a hidden unit is left out when somebody searches, like any hidden record.
"""

from dataclasses import dataclass

from people.as_of import certainty_in_office
from people.models import Person, Term
from publishing import translated
from search import highlighting, ranking
from search.kinds import BY_MODEL
from search.models import entry_id


@dataclass(frozen=True)
class Holding:
    """That a term was found. ``key``: of the person's entry; ``weight``: as of a unit, that of the
    unit which the post leads; ``in_office``: whether the term runs on the date; ``place``: the one
    among all that were found, the likeliest first."""

    key: int
    weight: int
    in_office: bool
    place: int


def holdings(found, as_of):
    """``{key of a term's entry: Holding}`` of the terms among the Candidates; at most one query."""
    first = entry_id(BY_MODEL[Term].number, 0)
    person = entry_id(BY_MODEL[Person].number, 0)
    pks = [row[1] for one in found if one.kind.model is Term for row in one.rows]
    if not pks:
        return {}
    terms = Term.objects.filter(pk__in=pks).likeliest_first(as_of.on).select_related("post__unit")
    terms = terms.only(
        "begin", "begin_earliest", "begin_latest", "end", "end_earliest", "end_latest", "person",
        "post__is_head", "post__unit__lft", "post__unit__rght", "post__unit__founded",
        "post__unit__dissolved", "post__unit__attested",
    )  # fmt: skip
    return {
        first + term.pk: Holding(
            person + term.person_id,
            1 + (ranking.bit_length(_size(term.post.unit)) if term.post.is_head else 0),
            bool(certainty_in_office(term, as_of.on)),
            place,
        )
        for place, term in enumerate(terms)
    }


def _size(unit):
    return (unit.rght - unit.lft) // 2


def best_terms(people, words, as_of):
    """``{person id: Term}``: of each person the term whose post has most of the words, rather one
    that runs on the date, rather the likeliest; none without a word. One query."""
    terms = Term.objects.visible_to(as_of.user).filter(person__in=people)
    best = {}
    for term in terms.select_related("post__unit").likeliest_first(as_of.on):
        titles = translated.texts(term.post, "title")
        count = max(highlighting.number_found(title, words) for title in titles)
        rank = count, bool(certainty_in_office(term, as_of.on))
        if count and rank > best.get(term.person_id, ((0, False), None))[0]:
            best[term.person_id] = (rank, term)
    return {pk: term for pk, (_rank, term) in best.items()}
