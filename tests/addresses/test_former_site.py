"""Addresses of the former site lead to the page that took their place."""

from contextlib import suppress

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

import exchange
from addresses.fields import key_of, local_target, old_address
from addresses.models import LegacyAddress
from addresses.moved import target_of
from staff.models import new_token
from tests.factories import make_staff, make_unit

OLD = "/?/en/content/28998/"


def remember(address, target, **fields):
    record = LegacyAddress(address=address, target=target, **fields)
    record.full_clean(exclude=["code"])
    record.save()
    return record


@pytest.fixture
def unit(db):
    return make_unit(slug="police")


@pytest.mark.parametrize(
    "asked",
    [
        OLD,
        "/?/en/content/28998",
        "/?%2Fen%2Fcontent%2F28998%2F",
        "/?/en/content/28998//",
        "//?/en/content/28998/"[1:],
    ],
)
def test_however_it_is_asked_for(unit, leads_to, asked):
    remember(OLD, "/en/units/police/")
    assert leads_to(asked) == "/en/units/police/"


@pytest.mark.parametrize(
    "typed",
    ["https://mia.gov.az/?/en/content/28998/", "?/en/content/28998", OLD, f" {OLD}#top "],
)
def test_however_it_is_typed(unit, leads_to, typed):
    assert remember(typed, "/en/units/police/").address == "/?/en/content/28998"
    assert leads_to(OLD) == "/en/units/police/"


def test_other_paths_lead_when_there_is_no_such_page(unit, leads_to):
    remember("/news/17.html?lang=az", "/az/units/police/")
    remember("/Bölmə/Xəbər", "/az/units/police/")
    assert leads_to("/news/17.html?lang=az") == "/az/units/police/"
    assert leads_to("/B%C3%B6lm%C9%99/X%C9%99b%C9%99r/") == "/az/units/police/"


def test_a_word_that_could_be_a_page_of_ours_leads_in_one_hop(unit, leads_to, client):
    remember("/struktur", "/az/units/police/")
    assert leads_to("/struktur") == "/az/units/police/"
    assert client.get("/muraciet").status_code == 302


def test_case_is_kept(unit, client):
    remember("/News/17.html", "/az/units/police/")
    assert client.get("/news/17.html").status_code == 404


def test_an_entry_with_the_query_comes_first(unit, leads_to):
    make_unit(slug="army")
    remember("/show.php", "/en/units/police/")
    remember("/show.php?id=2", "/en/units/army/")
    assert leads_to("/show.php?id=1") == "/en/units/police/"
    assert leads_to("/show.php?id=2") == "/en/units/army/"


def test_an_unknown_one_leads_home_and_a_page_is_a_page(unit, client):
    remember("/en/units/police", "/az/units/")
    assert client.get("/en/units/police/").status_code == 200  # what is there is never led away
    assert client.get("/?/en/content/1/").status_code == 302
    assert client.get("/nothing.html").status_code == 404


def test_it_follows_the_record_in_one_hop(unit, leads_to):
    remember(OLD, "/en/units/police/?on=1992#heads")
    unit.slug = "guards"
    unit.save()
    assert leads_to(OLD) == "/en/units/guards/?on=1992#heads"


def test_the_home_page_asks_nothing(db, client, django_assert_num_queries):
    with django_assert_num_queries(0):
        client.get("/")


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/en/", "//evil.example/en/", "/\\evil.example", "http:///en/units/",
        "javascript:alert(1)", "en/units/", "/admin/", "/?/az/x", "/no/such/page/", "/", "/xx/",
        "/en/no/such/page/", "/en/units/\r\nX-Bad: 1", "/en/units/\0", "/en/../../etc/", "https://",
        "https://[::1", "/az//evil.example/",
    ],
)  # fmt: skip
def test_it_leads_only_to_pages_of_this_site(target):
    with pytest.raises(ValidationError):
        local_target(target)


@pytest.mark.parametrize(
    ("target", "path"),
    [
        ("/en/units/", "/en/units/"),
        ("http://localhost:8000/az/units/?letter=%C6%8F", "/az/units/?letter=%C6%8F"),
        (" /az/contact/ ", "/az/contact/"),
    ],
)
def test_its_own_name_before_a_target_is_taken_off(target, path):
    assert local_target(target) == path


def test_what_others_wrote_into_the_table_leads_nowhere_else(unit, client):
    remember(OLD, "/en/units/police/")
    LegacyAddress.objects.update(target="//evil.example/")
    assert client.get(OLD)["Location"] == "/az/"


@pytest.mark.parametrize("address", ["/", "", "/?page=2", "/\u200b", "/" + "a" * 600, "/a\0b"])
def test_what_is_no_old_address(address):
    with pytest.raises(ValidationError):
        old_address(address)


class TestChains:
    @pytest.mark.parametrize(
        ("address", "target"),
        [
            ("/en/itself/", "/en/itself/"),
            ("/en/older", "/en/old/"),
            ("/en/new", "/az/units/"),
        ],
    )
    def test_are_refused(self, db, address, target):
        remember("/en/old", "/en/new/")
        with pytest.raises(ValidationError, match="another"):
            remember(address, target)

    def test_are_refused_in_files(self, db):
        remember("/en/old", "/en/new/")
        plan = read("code,address,target\na,/en/older,/en/old/\nb,/x,/en/y/\nc,/en/y,/en/z/\n")
        assert [(p.row, p.column, p.code) for p in plan.problems] == [
            (2, "target", "chain"), (3, "target", "chain"), (4, "target", "chain"),
        ]  # fmt: skip


def read(text, **options):
    book = exchange.read(text.encode(), "legacy_addresses", name="legacy_addresses.csv")
    return exchange.run(book, **options)[0]


class TestFiles:
    def test_come_in_in_any_spelling_and_change_nothing_twice(self, unit, leads_to):
        text = "code,address,target\na,https://mia.gov.az/?/en/content/28998/,/en/units/police/\n"
        assert not read(text).problems
        assert leads_to(OLD) == "/en/units/police/"
        assert read(text).is_empty

    @pytest.mark.parametrize("target", ["https://evil.example/", "/nowhere/", ""])
    def test_bad_targets_are_told_at_their_cell(self, db, target):
        [problem] = read(f"code,address,target\na,/x,{target}\n").problems
        assert (problem.row, problem.column) == (2, "target")

    def test_the_public_gets_none_of_them(self, unit):
        from addresses.resources import LegacyAddressResource

        remember(OLD, "/en/units/police/")
        assert not LegacyAddressResource.visible_to(None).exists()
        assert LegacyAddressResource.visible_to(make_staff()).exists()


def test_the_admin_takes_and_lists_them(unit, client):
    client.force_login(make_staff("chief", "publisher"))
    form = {"address": f"https://mia.gov.az{OLD}", "target": "/en/units/police/", "note": ""}
    path = "/admin/addresses/legacyaddress/add/"
    assert client.post(path, form | {"version": new_token()}).status_code == 302
    page = client.get("/admin/addresses/legacyaddress/?q=content").content.decode()
    assert "/?/en/content/28998" in page
    assert client.get(OLD)["Location"] == "/en/units/police/"
    elsewhere = form | {"target": "//evil.example", "version": new_token()}
    assert client.post(path, elsewhere).status_code == 200
    assert LegacyAddress.objects.count() == 1


def test_editors_have_no_right_to_them(db, client):
    client.force_login(make_staff("ed", "editor"))
    assert client.get("/admin/addresses/legacyaddress/").status_code == 403
    assert client.get("/admin/publishing/retiredslug/").status_code == 403


def test_administrators_may_give_a_former_address_free(unit, client):
    from publishing.models import RetiredSlug

    unit.slug = "guards"
    unit.save()
    row = RetiredSlug.objects.get()
    client.force_login(make_staff("chief", "administrator"))
    assert "police" in client.get("/admin/publishing/retiredslug/").content.decode()
    client.post(f"/admin/publishing/retiredslug/{row.pk}/delete/", {"post": "yes"})
    assert client.get("/en/units/police/").status_code == 404
    make_unit(slug="police").full_clean()


@given(st.text(), st.text())
def test_any_text_is_safe(path, query):
    key = key_of(path, query)
    if key and not {"%", "?"} & set(path + query):
        assert key == key_of(*key.partition("?")[::2])  # written once, it stays so
    assert "\0" not in key
    for take in (old_address, local_target):
        with suppress(ValidationError):
            take(path)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "query", ["/%00", "/%ED%A0%80", "/%FF%FE", "/" + "x" * 5000, "/%u0130", "/'--", "/\u0259"]
)
def test_any_question_is_safe(client, query):
    assert client.get(f"/?{query}").status_code in (302, 400)
    assert client.get(f"/nothing.html?{query}").status_code in (404, 400)
    assert target_of("/\ud800", query) is None
