"""Leadership and persons: who holds which post, since when, and what is not known."""

import pytest

from people.models import Post
from tests.factories import make_person, make_post, make_staff, make_term, make_unit

pytestmark = pytest.mark.django_db


def test_the_head_stands_with_post_and_how_it_is_filled(read, ministry):
    post = make_post(ministry, title_en="Minister", how_filled_en="Appointed by the President.")
    make_term(post, make_person(name_en="Vilayət Eyvazov", rank_en="Colonel general"))
    page = read("leadership/")
    for words in (
        "Minister", ">Vilayət Eyvazov</a>", "Appointed by the President.", "Colonel general",
        "In office since: not known", ">VE</span>",
    ):  # fmt: skip
        assert words in page


def test_a_known_beginning_and_an_acting_holder_are_shown(read, ministry):
    make_term(make_post(ministry), make_person(), begin="2019-04", acting=True)
    page = read("leadership/")
    assert "since April 2019" in page
    assert ">acting</span>" in page


def test_a_post_without_a_holder_is_vacant(read, ministry):
    make_term(make_post(ministry), make_person(), begin="2001", end="2010")
    assert "Vacant" in read("leadership/")


def test_a_future_term_does_not_lead_yet(read, ministry):
    make_term(make_post(ministry), make_person(name_en="Next One"), begin="2999")
    page = read("leadership/")
    assert "Next One" not in page
    assert "Vacant" in page


def test_a_hidden_holder_is_not_named_and_the_post_not_called_vacant(read, client, ministry):
    make_term(make_post(ministry), make_person(name_en="Gizlin", status="draft"))
    page = read("leadership/")
    assert "Gizlin" not in page
    assert "Vacant" not in page
    client.force_login(make_staff())
    assert "Gizlin" in read("leadership/")


def test_former_holders_stand_by_term_the_latest_first(read, ministry):
    post = make_post(ministry)
    make_term(post, make_person(name_en="First"), begin="1991", end="1995")
    make_term(post, make_person(name_en="Second"), begin="1995", end="2004-06")
    make_term(post, make_person(name_en="Now"), begin="2004-06")
    make_term(post, make_person(name_en="Gizlin", status="draft"), begin="1980", end="1991")
    page = read("leadership/")
    former = page[page.index('id="former"') :]
    assert former.index("Second") < former.index("First")
    assert "1991–1995" in former
    assert "Now" not in former
    assert "Gizlin" not in page


def test_without_former_holders_the_page_says_so(read, ministry):
    assert "Former holders are not recorded yet." in read("leadership/")


def test_heads_of_units_stand_below_but_not_those_of_hidden_units(read, ministry, police):
    make_term(make_post(police, title_en="Chief"), make_person(name_en="Head of Police"))
    hidden = make_unit(name_en="Gizlin unit", parent=ministry, status="draft")
    make_term(make_post(hidden, title_en="Gizlin post"), make_person(name_en="Some Person"))
    gone = make_unit(name_en="Dissolved unit", parent=ministry, dissolved="1950")
    make_post(gone)
    page = read("leadership/")
    assert "Head of Police" in page
    assert ">Police Department</a>" in page
    for words in ("Gizlin", "Some Person", "Dissolved unit"):
        assert words not in page


def test_the_number_of_queries_does_not_grow(client, ministry, django_assert_max_num_queries):
    def grow(times):
        for _number in range(times):
            unit = make_unit(parent=ministry)
            make_term(make_post(unit), make_person())

    make_term(make_post(ministry), make_person())
    grow(2)
    with django_assert_max_num_queries(14) as few:
        client.get("/en/leadership/")
    grow(20)
    with django_assert_max_num_queries(len(few)):
        client.get("/en/leadership/")


def test_an_unknown_begin_counts_as_in_office_and_a_known_one_goes_first(ministry):
    post = make_post(ministry)
    make_term(post, make_person(name_en="Unknown"))
    known = make_term(post, make_person(name_en="Known"), begin="2001")
    (found,) = Post.objects.with_holders(None)
    assert found.holders[0] == known
    assert not found.is_vacant


# --- A person --------------------------------------------------------------------------------


def test_a_person_stands_with_posts_periods_spellings_and_text(read, ministry, police):
    person = make_person(
        slug="p", name_en="Aydan Aliyeva", summary_en="A composer.", body_en="Wrote a *march*.",
        name_variants="Əliyeva Aydan; A. Alieva ;",
    )  # fmt: skip
    make_term(make_post(police, title_en="Chief"), person, begin="2001", end="2004")
    make_term(make_post(ministry, title_en="Minister"), person, begin="2004", note_en="By decree.")
    page = read("people/p/")
    for words in (
        "<h1>Aydan Aliyeva</h1>", "A composer.", "<em>march</em>", "2001–2004", "since 2004",
        "By decree.", "<li>Əliyeva Aydan</li>", "<li>A. Alieva</li>", ">Police Department</a>",
    ):  # fmt: skip
        assert words in page
    assert page.index(">Minister</span>") < page.index(">Chief</span>")


def test_a_person_without_anything_but_a_name_has_a_page(read):
    make_person(slug="p", name_en="Aydan")
    page = read("people/p/")
    assert ">A</span>" in page
    assert "<h2" not in page[: page.index("<footer")]


def test_posts_in_hidden_units_do_not_show(read):
    person = make_person(slug="p")
    make_term(make_post(make_unit(name_en="Gizlin", status="draft"), title_en="Gizlin"), person)
    assert "Gizlin" not in read("people/p/")


def test_a_draft_person_is_a_404(read):
    make_person(slug="p", name_en="Gizlin", status="draft")
    assert "Gizlin" not in read("people/p/", status=404)
