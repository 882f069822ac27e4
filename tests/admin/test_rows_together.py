"""The rows of a form are judged as they will be when all of them are saved, and saved so."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from history.models import Event, Participation
from people.models import Person, Post, Term
from tests.admin.forms import errors_of, fields_of, save
from tests.factories import (
    make_dated_name,
    make_dated_superior,
    make_event,
    make_external_body,
    make_person,
    make_post,
    make_term,
    make_unit,
)
from units.models import Unit

pytestmark = pytest.mark.django_db


def page(record):
    opts = record._meta
    return reverse(f"admin:{opts.app_label}_{opts.model_name}_change", args=[record.pk])


def edit(client, record, prefix, *new, **changes):
    """Save a record's page. ``changes``: ``{"0_end": "2000"}``, by number of the row; ``new``: rows
    to add, dicts. ``{"0_DELETE": "on"}`` removes a row. ``record`` may be an address."""
    address = record if isinstance(record, str) else page(record)
    fields = fields_of(client.get(address))
    there = int(fields[f"{prefix}-TOTAL_FORMS"])
    sent = {f"{prefix}-{key.replace('_', '-', 1)}": value for key, value in changes.items()}
    for number, row in enumerate(new, there):
        sent |= {f"{prefix}-{number}-{name}": value for name, value in row.items()}
    sent[f"{prefix}-TOTAL_FORMS"] = there + len(new)
    return client.post(address, {**fields, **sent, "_save": "1"})


def accepted(answer):
    assert answer.status_code == 302, errors_of(answer)


def refused(answer, words):
    assert answer.status_code == 200
    (error,) = errors_of(answer)
    assert words in error
    return error


@pytest.fixture
def post():
    return make_post(make_unit())


@pytest.fixture
def people():
    return [make_person(name_en=f"Person {letter}") for letter in "ABC"]


def terms(post):
    """(begin, end) of each, in the order of their codes."""
    rows = post.terms.order_by("begin_earliest", "code")
    return [(str(row.begin or ""), str(row.end or "")) for row in rows]


class TestHeads:
    def test_one_term_ends_and_the_next_begins(self, boss, post, people):
        make_term(post, people[0], begin="1990")
        new = {"person": people[1].pk, "begin": "2000-05-03"}
        accepted(edit(boss, post, "terms", new, **{"0_end": "2000-05-03"}))
        assert terms(post) == [("1990", "2000-05-03"), ("2000-05-03", "")]

    def test_a_day_too_long_is_refused(self, boss, post, people):
        make_term(post, people[0], begin="1990")
        new = {"person": people[1].pk, "begin": "2000-05-03"}
        answer = edit(boss, post, "terms", new, **{"0_end": "2000-05-04"})
        refused(answer, "On some days Person A holds this post too.")
        assert terms(post) == [("1990", "")]

    @pytest.mark.parametrize("order", [(0, 1), (1, 0)])
    def test_two_new_ones_that_overlap(self, boss, post, people, order):
        rows = [
            {"person": people[0].pk, "begin": "1990", "end": "2001"},
            {"person": people[1].pk, "begin": "2000", "end": "2010"},
        ]
        answer = edit(boss, post, "terms", *(rows[n] for n in order))
        refused(answer, f"On some days Person {'AB'[order[0]]} holds this post too.")
        assert not terms(post)

    def test_two_new_ones_that_touch(self, boss, post, people):
        rows = [
            {"person": people[0].pk, "begin": "2000-01-01", "end": "2010"},
            {"person": people[1].pk, "begin": "1990", "end": "2000-01-01"},
        ]
        accepted(edit(boss, post, "terms", *rows))
        assert len(terms(post)) == 2

    def test_two_new_ones_of_one_person(self, boss, post, people):
        rows = [{"person": people[0].pk, "begin": year} for year in ("1990", "2000")]
        refused(edit(boss, post, "terms", *rows), "Person A holds this post too")

    def test_a_row_that_is_removed_does_not_count(self, boss, post, people):
        make_term(post, people[0], begin="1990")
        new = {"person": people[1].pk, "begin": "1995"}
        accepted(edit(boss, post, "terms", new, **{"0_DELETE": "on"}))
        assert terms(post) == [("1995", "")]

    def test_nor_does_a_new_row_that_is_removed(self, boss, post, people):
        make_term(post, people[0], begin="1990")
        new = {"person": people[1].pk, "begin": "1995", "DELETE": "on"}
        accepted(edit(boss, post, "terms", new))
        assert terms(post) == [("1990", "")]

    def test_two_exchange_their_times(self, boss, post, people):
        first = make_term(post, people[0], code="a", begin="1990", end="2000")
        second = make_term(post, people[1], code="b", begin="2000", end="2010")
        changes = {"0_begin": "2000", "0_end": "2010", "1_begin": "1990", "1_end": "2000"}
        accepted(edit(boss, post, "terms", **changes))
        assert post.terms.earliest("begin_earliest") == second
        assert post.terms.latest("begin_earliest") == first

    def test_what_somebody_added_meanwhile_counts(self, boss, post, people):
        fields = fields_of(boss.get(page(post)))
        make_term(post, people[0], begin="1990")
        row = {"terms-0-person": people[1].pk, "terms-0-begin": "1995", "terms-TOTAL_FORMS": 1}
        told = boss.post(page(post), {**fields, **row, "_save": "1"})  # that somebody saved
        answer = boss.post(page(post), {**fields_of(told), "_save": "1"})
        refused(answer, "Person A holds this post too")

    def test_a_new_post(self, boss, people):
        unit = make_unit()
        rows = [{"person": person.pk, "begin": "1990"} for person in people[:2]]
        address = reverse("admin:people_post_add")
        fields = fields_of(boss.get(address)) | {"unit": unit.pk, "title_en": "Chief"}
        fields["terms-TOTAL_FORMS"] = 2
        for number, row in enumerate(rows):
            fields |= {f"terms-{number}-{name}": value for name, value in row.items()}
        refused(boss.post(address, fields | {"is_head": "on"}), "Person A holds this post too")
        assert not Post.objects.exists()
        accepted(boss.post(address, fields))  # several hold a post that does not lead
        assert Term.objects.count() == 2

    def test_other_posts_are_held_by_several(self, boss, people):
        post = make_post(make_unit(), is_head=False)
        rows = [{"person": person.pk, "begin": "1990"} for person in people]
        accepted(edit(boss, post, "terms", *rows))
        assert len(terms(post)) == 3

    def test_making_such_a_post_the_head(self, boss, people):
        post = make_post(make_unit(), is_head=False)
        for person in people[:2]:
            make_term(post, person, begin="1990")
        fields = fields_of(boss.get(page(post))) | {"is_head": "on", "_save": "1"}
        refused(boss.post(page(post), fields), "holds this post too")
        accepted(boss.post(page(post), fields | {"terms-1-begin": "2000", "terms-0-end": "2000"}))
        post.refresh_from_db()
        assert post.is_head

    def test_the_post_that_leads_no_more(self, boss, post, people):
        make_term(post, people[0], begin="1990")
        fields = fields_of(boss.get(page(post))) | {"_save": "1", "terms-TOTAL_FORMS": 2}
        del fields["is_head"]
        fields |= {"terms-1-person": people[1].pk, "terms-1-begin": "1995"}
        accepted(boss.post(page(post), fields))


class TestTheHeadsOfAPerson:
    """The same on the page of a person, whose rows belong to several posts."""

    def test_against_the_term_of_another_person(self, boss, post, people):
        make_term(post, people[0], begin="1990", end="2000-05-03")
        new = {"post": post.pk, "begin": "2000-05-02"}
        refused(edit(boss, people[1], "terms", new), "Person A holds this post too")
        accepted(edit(boss, people[1], "terms", new | {"begin": "2000-05-03"}))

    def test_two_new_ones(self, boss, post, people):
        other = make_post(make_unit())
        rows = [{"post": one.pk, "begin": "1990"} for one in (post, other)]
        accepted(edit(boss, people[0], "terms", *rows))
        rows = [{"post": make_post(make_unit()).pk, "begin": year} for year in ("1990", "1991")]
        accepted(edit(boss, people[1], "terms", *rows))
        third = make_post(make_unit())
        rows = [{"post": third.pk, "begin": year} for year in ("1990", "1991")]
        refused(edit(boss, people[2], "terms", *rows), "Person C holds this post too")

    def test_a_row_moves_to_another_post(self, boss, post, people):
        other = make_post(make_unit())
        make_term(post, people[0], begin="1990")
        make_term(other, people[1], begin="1990")
        answer = edit(boss, people[0], "terms", **{"0_post": other.pk})
        refused(answer, "Person B holds this post too")
        answer = edit(boss, people[0], "terms", **{"0_post": other.pk, "0_end": "1990"})
        accepted(answer)


class TestOneAlone:
    """A program that saves one record is told the same."""

    def test_a_term(self, post, people):
        make_term(post, people[0], begin="1990", end="2000-05-03")
        term = Term(post=post, person=people[1], code="t", begin="2000-05-03")
        term.full_clean()
        term.begin = "2000-05-02"
        with pytest.raises(ValidationError, match="Person A holds this post too"):
            term.full_clean()

    def test_a_post(self, people):
        post = make_post(make_unit(), is_head=False)
        for person in people[:2]:
            make_term(post, person, begin="1990")
        post.is_head = True
        with pytest.raises(ValidationError, match="holds this post too"):
            post.full_clean()


def heads(unit):
    return {post.code for post in unit.posts.heads()}


class TestPostsOfAUnit:
    @pytest.mark.parametrize(("old", "new"), [(0, 1), (1, 0)])
    def test_another_post_becomes_the_head(self, boss, old, new):
        unit = make_unit()
        posts = [make_post(unit, code=f"p{n}", order=n, is_head=n == old) for n in range(2)]
        fields = fields_of(boss.get(page(unit)))
        del fields[f"posts-{old}-is_head"]
        accepted(boss.post(page(unit), fields | {f"posts-{new}-is_head": "on", "_save": "1"}))
        assert heads(unit) == {posts[new].code}

    def test_two_heads_are_refused(self, boss):
        unit = make_unit()
        make_post(unit, code="p")
        answer = edit(boss, unit, "posts", {"title_en": "Other", "is_head": "on", "order": 0})
        refused(answer, "already has a post marked as its head")
        answer = edit(
            boss, make_unit(), "posts", *[{"title_en": "P", "is_head": "on", "order": 0}] * 2
        )
        refused(answer, "already has a post marked as its head")
        assert Post.objects.count() == 1

    def test_a_head_goes_and_a_new_one_comes(self, boss):
        unit = make_unit()
        make_post(unit, code="p")
        new = {"title_en": "Other", "is_head": "on", "order": 0}
        accepted(edit(boss, unit, "posts", new, **{"0_DELETE": "on"}))
        assert [post.title_en for post in unit.posts.heads()] == ["Other"]

    def test_a_new_head_takes_over_from_a_row_that_stays(self, boss):
        unit = make_unit()
        make_post(unit, code="p")
        fields = fields_of(boss.get(page(unit))) | {"posts-TOTAL_FORMS": 2, "_save": "1"}
        del fields["posts-0-is_head"]
        fields |= {"posts-1-title_en": "Other", "posts-1-is_head": "on", "posts-1-order": 0}
        accepted(boss.post(page(unit), fields))
        assert [post.title_en for post in unit.posts.heads()] == ["Other"]

    def test_one_with_several_holders_does_not_become_the_head(self, boss, people):
        unit = make_unit()
        post = make_post(unit, is_head=False)
        for person in people[:2]:
            make_term(post, person, begin="1990")
        answer = edit(boss, unit, "posts", **{"0_is_head": "on"})
        refused(answer, "holds this post too")

    def test_new_rows_of_a_new_unit(self, boss):
        kind = make_unit().kind
        address = reverse("admin:units_unit_add")
        fields = fields_of(boss.get(address)) | {"name_en": "New", "kind": kind.pk}
        fields |= {"posts-TOTAL_FORMS": 2, "posts-0-title_en": "A", "posts-1-title_en": "B"}
        fields |= {"posts-0-order": 0, "posts-1-order": 0, "position": ""}
        answer = boss.post(address, fields | {"posts-0-is_head": "on", "posts-1-is_head": "on"})
        refused(answer, "already has a post marked as its head")
        accepted(boss.post(address, fields | {"posts-1-is_head": "on"}))
        assert Post.objects.get(is_head=True).title_en == "B"


def taking_part(event):
    return {(row.side, row.participant.code) for row in Participation.objects.filter(event=event)}


class TestParticipants:
    @pytest.fixture
    def units(self):
        return [make_unit(code=code) for code in "ABC"]

    def test_one_goes_and_comes_back_in_one_save(self, boss, units):
        event = make_event(concerned=units[:1])
        new = {"side": "subject", "unit": units[0].pk}
        accepted(edit(boss, event, "participations", new, **{"0_DELETE": "on"}))
        assert taking_part(event) == {("subject", "A")}

    def test_two_exchange_their_units(self, boss, units):
        event = make_event(concerned=units[:2])
        changes = {"0_unit": units[1].pk, "1_unit": units[0].pk}
        accepted(edit(boss, event, "participations", **changes))
        rows = Participation.objects.filter(event=event).order_by("pk")
        assert [row.unit.code for row in rows] == ["B", "A"]

    def test_three_go_round_and_bodies_too(self, boss, units):
        bodies = [make_external_body(code=code) for code in ("X", "Y")]
        event = make_event(concerned=[*units, *bodies])
        changes = {f"{n}_unit": units[(n + 1) % 3].pk for n in range(3)}
        changes |= {"3_external_body": bodies[1].pk, "4_external_body": bodies[0].pk}
        accepted(edit(boss, event, "participations", **changes))
        rows = Participation.objects.filter(event=event).order_by("pk")
        assert [row.participant.code for row in rows] == ["B", "C", "A", "Y", "X"]

    def test_one_takes_the_place_of_one_that_moves_on(self, boss, units):
        """The second row must be written before the first."""
        event = make_event(concerned=units[:2])
        accepted(
            edit(boss, event, "participations", **{"0_unit": units[1].pk, "1_unit": units[2].pk})
        )
        assert taking_part(event) == {("subject", "B"), ("subject", "C")}

    def test_the_two_sides_of_one_unit(self, boss, units):
        event = make_event(before=units[:1], after=units[:1])
        changes = {"0_side": "after", "1_side": "before"}
        accepted(edit(boss, event, "participations", **changes))
        assert taking_part(event) == {("before", "A"), ("after", "A")}

    def test_one_twice_is_refused(self, boss, units):
        event = make_event(concerned=units[:1])
        answer = edit(boss, event, "participations", {"side": "subject", "unit": units[0].pk})
        assert answer.status_code == 200
        assert errors_of(answer)
        answer = edit(boss, event, "participations", *[{"side": "after", "unit": units[1].pk}] * 2)
        assert answer.status_code == 200
        assert errors_of(answer)
        assert taking_part(event) == {("subject", "A")}

    def test_what_somebody_added_meanwhile_counts(self, boss, units):
        event = make_event()
        fields = fields_of(boss.get(page(event)))
        Participation.objects.create(event=event, unit=units[0])
        row = {"participations-0-unit": units[0].pk, "participations-TOTAL_FORMS": 1, "_save": "1"}
        told = boss.post(page(event), fields | row | {"participations-0-side": "subject"})
        answer = boss.post(page(event), fields_of(told) | {"_save": "1"})
        refused(answer, "This unit already stands on this side of the event.")

    def test_rules_of_one_row_are_asked_as_ever(self, boss, units):
        event = make_event()
        body = make_external_body()
        both = {"side": "subject", "unit": units[0].pk, "external_body": body.pk}
        refused(edit(boss, event, "participations", both), "Give either a unit or a body outside.")


class TestDatedNamesAndSuperiors:
    """Their periods may overlap (double subordination was common); a handover is one save."""

    def test_a_name_ends_and_the_next_begins(self, boss):
        unit = make_unit()
        make_dated_name(unit, begin="1950", end="1980")
        new = {"name_en": "Between", "begin": "1970", "end": "1980"}
        accepted(edit(boss, unit, "dated_names", new, **{"0_end": "1970"}))
        assert unit.dated_names.count() == 2

    def test_a_superior_goes_and_comes_in_one_save(self, boss):
        unit, superior = make_unit(), make_unit()
        make_dated_superior(unit, parent=superior, begin="1950", end="1980")
        new = {"parent": superior.pk, "begin": "1950", "end": "1970"}
        accepted(edit(boss, unit, "dated_superiors", new, **{"0_DELETE": "on"}))
        assert [str(row.end) for row in unit.dated_superiors.all()] == ["1970"]

    def test_rules_of_one_row_are_asked_as_ever(self, boss):
        unit = make_unit()
        new = {"parent": unit.pk, "begin": "1950"}
        refused(edit(boss, unit, "dated_superiors", new), "cannot be its own superior")
        new = {"name_en": "Old", "begin": "1950", "end": "1940"}
        refused(edit(boss, unit, "dated_names", new), "The end is before the beginning.")


def test_saving_without_a_change_writes_no_row(boss, people):
    unit = make_unit()
    post = make_post(unit)
    make_term(post, people[0], begin="1990")
    event = make_event(concerned=[unit])
    for record in (unit, post, people[0], event):
        assert save(boss, page(record)).status_code == 302
    assert (Unit.objects.count(), Person.objects.count(), Event.objects.count()) == (1, 3, 1)
    assert (Post.objects.count(), Term.objects.count(), Participation.objects.count()) == (1, 1, 1)
