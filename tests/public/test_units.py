"""Structure, A–Z, unit pages, international relations."""

import re

import pytest

from structure import outline
from structure.index import ONE_PAGE_LIMIT
from tests.factories import (
    make_dated_name,
    make_dated_superior,
    make_external_body,
    make_link,
    make_unit,
)
from units.models import Unit

pytestmark = pytest.mark.django_db

WILD_PAGES = ["99999999999", "abc", "-1", "0", "", "9" * 5000, "٣"]


def text(client, address, status=200):
    response = client.get(address)
    assert response.status_code == status
    return response.content.decode()


def in_this_order(page, *words):
    places = [page.index(word) for word in words]
    assert places == sorted(places)


# --- Structure -------------------------------------------------------------------------------


def test_the_tree_shows_every_unit_under_its_superior(client, ministry):
    page = text(client, "/en/structure/")
    main = page[page.index('<ul class="tree"') :]
    in_this_order(main, "Ministry", "Police Department", "Ganja Office", "Staff")
    assert "4 units" in page


def test_a_branch_opens_beside_its_link_and_not_around_it(client, ministry):
    page = text(client, "/en/structure/")
    for summary in re.findall(r"<summary>.*?</summary>", page[page.index("<main") :], re.S):
        assert "<a " not in summary


def test_the_tree_is_filtered_without_a_script_and_keeps_the_way_down(client, ministry):
    main = text(client, "/en/structure/?q=gence").split("<main")[1]
    assert "Ganja Office" in main
    assert "Police Department" in main
    assert ">Staff<" not in main
    assert "1 unit is called so." in main


@pytest.mark.parametrize("query", ["%", "_", "'", '"', "\\", "🙂", "a" * 5000, "?*", " "])
def test_any_filter_gets_a_page(client, ministry, query):
    assert client.get("/az/structure/", {"q": query}).status_code == 200


def test_a_large_tree_draws_two_levels_and_opens_the_rest_by_branch(client, ministry, monkeypatch):
    monkeypatch.setattr(outline, "WHOLE_TREE_LIMIT", 3)
    page = text(client, "/en/structure/")
    assert "Ganja Office" not in page
    assert "?branch=police" in page
    branch = text(client, "/en/structure/?branch=police")
    assert "Ganja Office" in branch
    assert ">Staff<" not in branch.split("<main")[1]


@pytest.mark.parametrize("branch", ["nobody", "%00", "../x", "a" * 300])
def test_an_unknown_branch_is_not_found(client, ministry, branch):
    assert client.get(f"/en/structure/?branch={branch}").status_code in (400, 404)


def test_queries_of_the_tree_do_not_grow_with_it(client, ministry, django_assert_max_num_queries):
    client.get("/az/structure/")
    for number in range(30):
        ministry.refresh_from_db()
        make_unit(parent=ministry, name_az=f"Yeni {number}")
    with django_assert_max_num_queries(12):
        client.get("/az/structure/")


def test_a_hidden_superior_leaves_no_gap_and_no_trace(client, ministry):
    Unit.objects.filter(code="police").update(status="draft")
    page = text(client, "/en/structure/")
    assert "Ganja Office" in page
    assert "Police Department" not in page


# --- A–Z -------------------------------------------------------------------------------------


def test_units_stand_in_the_order_of_the_alphabet_of_the_page(client, ministry):
    page = text(client, "/az/units/").split('class="letter-group"', 1)[1]
    in_this_order(page, "Gəncə şöbəsi", "Nazirlik", "Polis İdarəsi", "Şəxsi Heyət")
    page = text(client, "/en/units/").split('class="letter-group"', 1)[1]
    in_this_order(page, "Ganja Office", "Ministry", "Police Department", "Staff")


def test_former_units_and_former_names_are_listed_on_request(client, ministry):
    gone = make_unit(name_en="Abolished Bureau", parent=ministry, dissolved="1999")
    make_dated_name(Unit.objects.get(code="police"), name_en="Militia")
    assert "Abolished Bureau" not in text(client, "/en/units/")
    page = text(client, "/en/units/?former=1")
    assert "Abolished Bureau" in page
    assert gone.get_absolute_url()
    assert "Militia" in page
    in_this_order(page.split("Militia", 1)[1], "now:", "Police Department")


def test_a_long_index_is_shown_letter_by_letter(client, ministry):
    rows = [
        Unit(
            code=f"many-{n}", slug=f"many-{n}", name_az=f"Zolaq {n:04}", name_en=f"Zone {n:04}",
            kind=ministry.kind, status="published", lft=1, rght=2, level=0, tree_id=1000 + n,
        )
        for n in range(ONE_PAGE_LIMIT + 1)
    ]  # fmt: skip
    Unit.objects.bulk_create(rows)
    first = text(client, "/en/units/")
    assert "Ganja Office" in first
    assert "Zone 0001" not in first
    page = text(client, "/en/units/?letter=Z")
    assert "Zone 0001" in page
    assert "Zone 0300" not in page
    assert "Zone 0300" in text(client, "/en/units/?letter=Z&page=3")
    for wild in WILD_PAGES:
        assert client.get("/en/units/", {"letter": "Z", "page": wild}).status_code == 200
    assert client.get("/en/units/?letter=%F0%9F%99%82").status_code == 200


def test_queries_of_the_index_do_not_grow(client, ministry, django_assert_max_num_queries):
    client.get("/az/units/")
    for letter in "ABCÇDEƏ":
        ministry.refresh_from_db()
        make_unit(parent=ministry, name_az=f"{letter} idarəsi")
    with django_assert_max_num_queries(9):
        client.get("/az/units/?former=1")


# --- A unit ----------------------------------------------------------------------------------


def test_facts_that_are_unknown_leave_no_hole(client, ministry):
    page = text(client, "/en/units/office/").split("<main")[1].split("</main>")[0]
    for label in ("Telephone", "E-mail", "Address", "Hours", "Website", "Founded", "Mandate"):
        assert label not in page
    assert "None" not in page


def test_everything_known_of_a_unit_is_on_its_page(client, ministry):
    unit = Unit.objects.get(code="office")
    for field, value in {
        "short_name_en": "GO", "abbreviation_en": "G.O.", "native_name": "Gəncə şöbəsi",
        "summary_en": "A short summary.", "body_en": "A **long** text.",
        "mandate_en": "- to keep order", "jurisdiction_en": "Ganja", "address_en": "1 Street",
        "phone": "+994 12 000 00 00", "email": "office@example.org",
        "website": "https://www.example.org/", "opening_hours_en": "Mon–Fri\n9–18",
        "founded": "2011",
    }.items():  # fmt: skip
        setattr(unit, field, value)
    unit.save()
    make_dated_name(unit, name_en="Elder Office", begin="1950", end="2011")
    body = make_external_body(name_en="Foreign Ministry")
    make_dated_superior(unit, external_body=body, begin="1950", end="1991")
    make_link(unit, title_en="A sister", target=ministry)
    make_link(unit, title_en="Only a title")
    page = text(client, "/en/units/office/")
    for words in (
        "GO", "G.O.", "A short summary.", "<strong>long</strong>", "to keep order", "1 Street",
        "tel:+994120000000", "mailto:office@example.org", ">example.org<", "Mon–Fri<br>9–18",
        '<time datetime="2011">2011</time>', "Elder Office", "1950–2011", "Foreign Ministry",
        "A sister", "Only a title", "openstreetmap.org/search?query=1+Street",
        "/en/units/police/", 'lang="az">Gəncə şöbəsi',
    ):  # fmt: skip
        assert words in page, words


def test_a_unit_that_ended_says_so(client, ministry):
    make_unit(
        slug="gone", name_en="Gone", parent=ministry, dissolved="1999-05", closing_reason="merged"
    )
    page = text(client, "/en/units/gone/")
    assert "This unit no longer exists." in page
    assert "May 1999" in page
    assert "Merged" in page
    assert "no longer exists" not in text(client, "/en/units/police/")


def test_text_in_another_language_is_marked_as_such(client, ministry):
    make_unit(slug="only-az", name_az="Yalnız", name_en="", summary_az="Qısa.", parent=ministry)
    page = text(client, "/en/units/only-az/")
    assert '<span lang="az">Yalnız</span>' in page
    assert 'lang="az">Qısa.' in page
    assert '<html lang="en"' in page


def test_a_link_to_a_hidden_unit_is_not_shown(client, ministry):
    hidden = make_unit(parent=ministry, status="draft")
    make_link(ministry, title_en="A secret plan", target=hidden)
    assert "A secret plan" not in text(client, "/en/units/top/")


def test_a_former_superior_that_is_hidden_is_not_shown(client, ministry):
    hidden = make_external_body(name_en="Hidden body", status="draft")
    make_dated_superior(ministry, external_body=hidden)
    assert "Hidden body" not in text(client, "/en/units/top/")


def test_sub_units_are_shown_in_pages(client, ministry):
    for number in range(65):
        ministry.refresh_from_db()
        make_unit(parent=ministry, name_en=f"Sub-unit {number:03}", order=10 + number)
    first = text(client, "/en/units/top/")
    assert "Sub-unit 001" in first
    assert "Sub-unit 064" not in first
    assert "Sub-unit 064" in text(client, "/en/units/top/?page=2")
    for wild in WILD_PAGES:
        assert client.get("/en/units/top/", {"page": wild}).status_code == 200


def test_queries_of_a_unit_do_not_grow(client, ministry, django_assert_max_num_queries):
    client.get("/en/units/top/")
    body = make_external_body()
    for number in range(20):
        ministry.refresh_from_db()
        child = make_unit(parent=ministry)
        make_dated_name(ministry, begin=str(1900 + number), end=str(1901 + number))
        make_dated_superior(ministry, external_body=body)
        make_link(ministry, target=child)
    with django_assert_max_num_queries(28):
        client.get("/en/units/top/")


@pytest.mark.parametrize("address", ["/en/units/draft/", "/az/units/draft/"])
def test_a_draft_is_seen_by_its_editors_only(client, ministry, editor, address):
    make_unit(
        slug="draft", name_az="Qaralama", name_en="Draft unit", parent=ministry, status="draft"
    )
    assert client.get(address).status_code == 404
    for page in ("/en/", "/en/structure/", "/en/structure/?q=draft", "/en/units/", "/en/units/top/",
                 "/en/units/?former=1", "/en/search/?q=draft"):  # fmt: skip
        assert "Draft unit" not in text(client, page)
    client.force_login(editor)
    page = client.get(address)
    assert page.status_code == 200


# --- International relations -----------------------------------------------------------------


def test_partners_stand_by_kind_with_their_date(client, db):
    make_external_body(name_en="World police", is_partner=True, partner_since="1992")
    make_external_body(name_en="Region", kind="regional", is_partner=True)
    make_external_body(name_en="Old empire", kind="state")
    make_external_body(name_en="Unseen", is_partner=True, status="draft")
    page = text(client, "/en/international/").split("<main")[1]
    in_this_order(
        page, "International organisation", "World police", "1992", "Region", "Old empire"
    )
    assert "Unseen" not in page


def test_the_page_of_a_body_outside(client, ministry):
    body = make_external_body(slug="empire", name_en="Empire", website="https://example.org/")
    make_dated_superior(ministry, external_body=body, begin="1840", end="1917")
    page = text(client, "/en/international/empire/").split("<main")[1]
    in_this_order(page, "Units of ours under it", "Ministry", "1840–1917")
    make_external_body(slug="unseen", status="draft")
    assert client.get("/en/international/unseen/").status_code == 404


@pytest.mark.parametrize(
    "address",
    ["/en/structure/", "/en/units/", "/en/units/top/", "/en/international/", "/en/", "/en/search/"],
)
def test_pages_are_read_only(client, ministry, address):
    assert client.post(address).status_code == 405


def test_very_many_units_side_by_side_stand_on_pages(client, ministry, monkeypatch):
    monkeypatch.setattr(outline, "WHOLE_TREE_LIMIT", 5)
    for number in range(12):
        make_unit(code=f"side-{number}", slug=f"side-{number}", parent=ministry, order=10 + number)
    first = text(client, "/en/structure/?branch=top")
    second = text(client, "/en/structure/?branch=top&page=2")
    assert "/units/side-0/" in first
    assert "/units/side-0/" not in second
    assert "/units/side-5/" in second
    assert "Page 2 of 3" in second


def test_staff_are_told_on_the_page_that_the_public_does_not_see_it(client, ministry, editor):
    make_unit(code="plan", slug="plan", parent=ministry, status="draft")
    make_external_body(code="guest", slug="guest", status="draft")
    client.force_login(editor)
    for address in ("/en/units/plan/", "/en/international/guest/"):
        assert "draft-banner" in text(client, address)
    assert "draft-banner" not in text(client, "/en/units/police/")
