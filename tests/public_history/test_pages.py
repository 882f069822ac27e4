"""Editorial pages, their contents list, their links in the frame."""

import pytest

from pages.contents import with_contents
from tests.factories import make_page, make_staff, make_unit

pytestmark = pytest.mark.django_db
LONG = "# Bir\n\nmətn\n\n# İki və *üç*\n\nmətn\n\n# Bir\n\nmətn"


def test_a_page_shows_its_text(read):
    make_page(slug="about", title_en="About", summary_en="In short.", body_en="Some **text**.")
    page = read("about/")
    assert "<h1>About</h1>" in page
    assert "In short." in page
    assert "<strong>text</strong>" in page
    assert '<meta name="description" content="In short.">' in page
    assert "On this page" not in page


def test_a_long_page_has_contents_that_lead_to_its_headings(read):
    make_page(slug="long", body_en=LONG)
    page = read("long/")
    for anchor, words in (
        ("part-1-bir", "Bir"), ("part-2-iki-ve-uc", "İki və üç"), ("part-3-bir", "Bir"),
    ):  # fmt: skip
        assert f'<a href="#{anchor}">{words}</a>' in page
        assert f'<h2 id="{anchor}">' in page


def test_headings_cannot_carry_anything_into_the_page():
    html, headings = with_contents(
        '# <img src=x onerror=alert(1)>\n\n# "><b>x\n\n# [a](javascript:alert(1))'
    )
    assert "<img" not in html
    assert "javascript:" not in html or "href" not in html
    assert all(set(one.anchor) <= set("abcdefghijklmnopqrstuvwxyz0123456789-") for one in headings)


def test_the_contact_page_has_the_address_facts_of_the_institution(read):
    make_unit(
        name_en="Ministry", address_en="7 Azerbaijan Ave", phone="+994 12 590 92 22",
        email="info@example.org", website="https://example.org/", opening_hours_en="9–18",
    )  # fmt: skip
    make_page(code="contact", slug="contact", title_en="Contact", body_en="Write to us.")
    page = read("contact/")
    main = page[page.index("<main") : page.index("</main>")]
    for words in (
        "7 Azerbaijan Ave", 'href="tel:+994125909222"', "mailto:info@example.org", "9–18",
        "Write to us.", 'href="https://example.org/"',
    ):  # fmt: skip
        assert words in main


def test_the_contact_page_stands_without_any_fact(read):
    make_page(code="contact", slug="contact", title_en="Contact")
    assert "<dt>" not in read("contact/")


@pytest.mark.parametrize("code", ["../page", "a/b", "contact.html", "../../base"])
def test_no_code_reaches_another_template(read, code):
    make_page(code=code, slug="odd", title_en="Odd")
    assert "<h1>Odd</h1>" in read("odd/")


def test_pages_are_linked_where_they_belong_and_drafts_nowhere(read):
    make_page(slug="foot", title_en="In the foot", placement="footer")
    make_page(slug="nav", title_en="In the menu", placement="navigation")
    make_page(slug="none", title_en="Nowhere", placement="none")
    make_page(slug="gizlin", title_en="Gizlin", placement="footer", status="draft")
    make_page(slug="gizlin-2", title_en="Gizlin", placement="navigation", status="draft")
    page = read("days/")
    assert '<a href="/en/foot/">In the foot</a>' in page
    assert '<a href="/en/nav/">In the menu</a>' in page
    assert "Nowhere" not in page
    assert "Gizlin" not in page


def test_a_draft_page_is_for_staff(client, read):
    make_page(slug="draft", title_en="Gizlin", status="draft")
    assert "Gizlin" not in read("draft/", status=404)
    client.force_login(make_staff())
    assert "Only staff see this page." in read("draft/")
