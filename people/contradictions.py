"""What cannot be true at the same time of terms of office, and what seldom is."""

from collections import defaultdict
from typing import Any, NamedTuple

from django.db import models
from django.utils.translation import gettext_noop as _

from chronology import Certainty
from chronology.overlaps import Claim
from exchange.planning.planned_rows import PlannedRows
from people.models import Person, Post, Term
from publishing.findings import (
    Finding,
    Place,
    Severity,
    Span,
    finds,
    finds_all,
    finds_in_plans,
    only_new,
)
from units.contradictions.claims import pairs
from units.contradictions.rules import life_in_words, outside_life
from units.facts import Planned, PlannedTables, Stored, batches, date_of, title_columns

TERM = "people.term"


class TermFacts(NamedTuple):
    """What a term's row says; records are codes, dates HistoricalDates or None."""

    code: str
    post: str
    person: str
    begin: Any
    end: Any

    @property
    def claim(self):
        return Claim(self.begin, self.end, "open")

    @property
    def place(self):
        return Place(TERM, self.code, "begin")


def judge(terms, units, heads, name_of):
    """Yield the findings about ``terms``, all of the posts that they belong to.

    ``units``: {code of a post: UnitFacts}; ``heads``: codes of the posts that lead their units;
    ``name_of``: from the code of a person to the name.
    """
    of_posts = defaultdict(list)
    for term in terms:
        of_posts[term.post].append(term)
    for post, own in of_posts.items():
        if (unit := units.get(post)) and (unit.founded or unit.dissolved):
            for term in own:
                yield from _outside(term, unit, name_of)
        if post in heads:
            for one, other, sure in pairs(own):
                yield _two_heads(one, other, sure, name_of)


def _outside(term, unit, name_of):
    if wholly := list(outside_life(term.place, term.claim, unit)):
        yield from wholly
        return
    ends = term.end.earliest if term.end else None
    late = unit.dissolved and unit.dissolved.latest
    goes_on = late and (term.end is None or (ends and ends > late))
    begun, founded = term.begin and term.begin.latest, unit.founded and unit.founded.earliest
    if not goes_on and not (begun and founded and begun < founded):
        return
    yield Finding(
        "term_outlives_unit",
        Severity.SECOND_LOOK,
        _("The term of %(person)s (%(period)s) lies partly outside of the life of “%(unit)s” "
          "(%(life)s)."),
        {
            "person": name_of(term.person),
            "period": Span(term.begin, term.end),
            "unit": unit.title,
            "life": life_in_words(unit),
        },
        _("Nobody is shown in the post outside of it. Correct the term, or the dates of the unit."),
        (
            term.place._replace(field="end" if goes_on else "begin"),
            Place("units.unit", unit.code, "dissolved" if goes_on else "founded"),
        ),
        tuple(map(str, (term.begin, term.end, unit.founded, unit.dissolved))),
    )  # fmt: skip


def _two_heads(one, other, sure, name_of):
    values = {
        "person": name_of(one.person),
        "other": name_of(other.person),
        "period": Span(one.begin, one.end),
        "other_period": Span(other.begin, other.end),
    }
    about = tuple(map(str, (one.person, one.begin, one.end, other.person, other.begin, other.end)))
    places = (other.place, one.place._replace(field="end"))
    advice = _("End the earlier term on the day the next one begins.")
    if sure is Certainty.CERTAIN:
        message = _(
            "On some days %(person)s (%(period)s) and %(other)s (%(other_period)s) both hold the "
            "post of the head."
        )
        return Finding("two_heads", Severity.REFUSED, message, values, advice, places, about)
    message = _(
        "%(person)s (%(period)s) and %(other)s (%(other_period)s) may hold the post of the head on "
        "the same days."
    )
    advice = _("If it is known better, write the end of the one like the beginning of the other.")
    return Finding(
        "perhaps_two_heads", Severity.SECOND_LOOK, message, values, advice, places, about
    )


# --- the database -----------------------------------------------------------------------------


def _rows(model):
    return models.QuerySet(model).order_by()


def names_of_people(codes):
    """{code: name} of persons."""
    columns = ("code", *title_columns(Person))
    rows = _rows(Person).filter(code__in=codes).values_list(*columns)
    return {code: next(filter(None, titles), code) for code, *titles in rows}


class _Names:
    def __init__(self):
        self._known = {}

    def __call__(self, code):
        if code not in self._known:
            self._known |= {code: code, **names_of_people([code])}
        return self._known[code]


def _stored(posts):
    """The findings about the terms of ``posts``, a QuerySet."""
    found = list(posts.values_list("code", "unit__code", "is_head"))
    units = {unit.code: unit for unit in Stored().units({unit for _code, unit, _head in found})}
    terms = []
    for some in batches([code for code, _unit, _head in found], 500):
        rows = _rows(Term).filter(post__code__in=some).order_by("pk")
        columns = ("code", "post__code", "person__code", "begin", "end")
        terms += map(TermFacts._make, rows.values_list(*columns))
    return judge(
        terms,
        {code: units[unit] for code, unit, _head in found},
        {code for code, _unit, is_head in found if is_head},
        _Names(),
    )


@finds("units.unit")
def of_unit(unit):
    return _stored(_rows(Post).filter(unit=unit.pk))


@finds("people.post")
def of_post(post):
    return _stored(_rows(Post).filter(pk=post.pk))


@finds("people.person")
def of_person(person):
    return _stored(_rows(Post).filter(pk__in=_rows(Term).filter(person=person.pk).values("post")))


@finds_all
def of_all_posts():
    keys = _rows(Post).order_by("pk").values_list("pk", flat=True)
    for some in batches(keys.iterator(chunk_size=2000)):
        yield from _stored(_rows(Post).filter(pk__in=some))


# --- imports ----------------------------------------------------------------------------------


@finds_in_plans
def of_plan(plan):
    """What an import of terms, posts or units would newly make."""
    terms = PlannedRows(plan, "terms", ["post", "person", "begin", "end"])
    posts = PlannedRows(plan, "posts", ["unit", "is_head"])
    units = PlannedTables.of(plan)
    if not (terms.after or posts.after or units.units.before):
        return []
    codes = {*terms.touched("post"), *posts.after}
    if lives := units.units.changed("founded", "dissolved"):
        codes.update(texts[0] for texts in posts.among("unit", lives))
    if not codes:
        return []

    def found(was):
        about = {code: (unit, head) for code, unit, head in posts.among("code", codes, was)}
        lives = Planned(units, was).units({unit for unit, _head in about.values()})
        by_code = {unit.code: unit for unit in lives}
        rows = (
            TermFacts(code, post, person, date_of(begin), date_of(end))
            for code, post, person, begin, end in terms.among("post", codes, was)
        )
        return judge(
            list(rows),
            {code: by_code[unit] for code, (unit, _head) in about.items() if unit in by_code},
            {code for code, (_unit, head) in about.items() if head == "yes"},
            _Names(),
        )

    after = list(found(False))
    return only_new(after, found(True)) if after else []
