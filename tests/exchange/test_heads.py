"""Files of terms and posts: two heads do not overlap, on what the tables hold afterwards."""

import pytest

import exchange
from exchange.reading.tables import Book
from people.models import Person, Post, Term
from tests.exchange.files import csv_bytes, plan, read, run
from tests.factories import make_person, make_post, make_term, make_unit

pytestmark = pytest.mark.django_db

COLUMNS = ("code", "post", "person", "begin", "end")


def terms_csv(*rows):
    return csv_bytes(COLUMNS, *rows)


@pytest.fixture
def post():
    post = make_post(make_unit(code="u"), code="p", title_en="Chief")
    for code in "ABC":
        make_person(code=code, name_en=f"Person {code}")
    return post


def person(code):
    return Person.objects.get(code=code)


def periods():
    return {term.code: (str(term.begin or ""), str(term.end or "")) for term in Term.objects.all()}


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_a_file_that_ends_one_term_and_begins_the_next(post, order):
    make_term(post, person("A"), code="a", begin="1990")
    rows = [("a", "p", "A", "1990", "2000-05-03"), ("b", "p", "B", "2000-05-03", "")]
    run(terms_csv(*(rows[n] for n in order)), "terms")
    assert periods() == {"a": ("1990", "2000-05-03"), "b": ("2000-05-03", "")}


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_two_new_ones_that_overlap_by_a_day(post, order):
    rows = [("a", "p", "A", "1990", "2000-05-04"), ("b", "p", "B", "2000-05-03", "")]
    (problem,) = plan(terms_csv(*(rows[n] for n in order)), "terms").problems
    assert (problem.code, problem.row, problem.column) == ("overlap", 3, "begin")
    assert f"On some days {'AB'[order[0]]} holds this post too" in problem.message


def test_against_one_that_is_stored(post):
    make_term(post, person("A"), code="a", begin="1990", end="2000-05-03")
    (problem,) = plan(terms_csv(("b", "p", "B", "2000-05-02", "")), "terms").problems
    assert (problem.code, problem.row) == ("overlap", 2)
    assert not plan(terms_csv(("b", "p", "B", "2000-05-03", "")), "terms").problems


def test_two_exchange_their_times(post):
    make_term(post, person("A"), code="a", begin="1990", end="2000")
    make_term(post, person("B"), code="b", begin="2000", end="2010")
    run(terms_csv(("a", "p", "A", "2000", "2010"), ("b", "p", "B", "1990", "2000")), "terms")
    assert periods() == {"a": ("2000", "2010"), "b": ("1990", "2000")}


def test_one_moves_to_another_post(post):
    other = make_post(make_unit(), code="q")
    make_term(post, person("A"), code="a", begin="1990")
    make_term(other, person("B"), code="b", begin="1990")
    (problem,) = plan(terms_csv(("a", "q", "A", "1990", "")), "terms").problems
    assert problem.code == "overlap"
    rows = [("a", "q", "A", "1990", ""), ("b", "p", "B", "1990", "")]
    run(terms_csv(*rows), "terms")
    assert Term.objects.get(code="a").post == other


def test_what_the_file_removes_does_not_count(post):
    make_term(post, person("A"), code="a", begin="1990")
    file = terms_csv(("b", "p", "B", "1995", ""))
    assert plan(file, "terms").problems
    run(file, "terms", delete_missing=True)
    assert periods() == {"b": ("1995", "")}


class TestAPostBecomesTheHead:
    """Several may hold a post that does not lead, and may not when it does."""

    @pytest.fixture
    def held_by_two(self, post):
        Post.objects.update(is_head=False)
        make_term(post, person("A"), code="a", begin="1990")
        make_term(post, person("B"), code="b", begin="1995")
        return csv_bytes(("code", "is_head"), ("p", "yes"))

    def test_alone_it_is_refused(self, held_by_two):
        (problem,) = plan(held_by_two, "posts").problems
        assert (problem.code, problem.row, problem.column) == ("overlap", 2, "is_head")
        assert "On some days A holds this post too" in problem.message

    def test_with_terms_that_say_who_went(self, held_by_two):
        done, _applied = several(
            posts=held_by_two, terms=terms_csv(("a", "p", "A", "1990", "1995"))
        )
        assert not done.problems, [str(p) for p in done.problems]
        assert Post.objects.get().is_head

    def test_with_terms_that_do_not(self, held_by_two):
        for row in (("a", "p", "A", "1990", "1996"), ("c", "p", "C", "1980", "1985")):
            done, _applied = several(posts=held_by_two, terms=terms_csv(row))
            assert [problem.code for problem in done.problems] == ["overlap"], row
        assert not Post.objects.get().is_head

    def test_one_that_leads_already_is_left_alone(self, post):
        """What is wrong in the tables stays with those who look after it."""
        make_term(post, person("A"), code="a", begin="1990")
        make_term(post, person("B"), code="b", begin="1995")
        assert not plan(csv_bytes(("code", "title_en"), ("p", "Head")), "posts").problems

    def test_one_that_leads_no_more(self, post):
        make_term(post, person("A"), code="a", begin="1990")
        done, _applied = several(
            posts=csv_bytes(("code", "is_head"), ("p", "no")),
            terms=terms_csv(("b", "p", "B", "1995", "")),
        )
        assert not done.problems, [str(p) for p in done.problems]
        assert Term.objects.count() == 2


def several(**files):
    """A file of several kinds, planned and carried out."""
    return exchange.run(Book("all", tables=[read(data, kind) for kind, data in files.items()]))
