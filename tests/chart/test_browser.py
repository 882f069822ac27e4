"""Drawings in a real browser: text in its box, scrolled in a box of their own, on one sheet."""

import re

import pytest
from django.core.management import call_command

from mia_site.content import CONTENT_FIXTURES
from tests.factories import make_event, make_unit
from units.models import Unit

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

OVERFLOWS = """() => {
    const over = [];
    for (const box of document.querySelectorAll('.drawing .box')) {
        const rect = box.querySelector('rect').getBBox();
        for (const line of box.querySelectorAll('tspan')) {
            const text = line.parentNode.getBBox();
            const length = line.getComputedTextLength() + Number(line.getAttribute('x'));
            if (length > rect.width - 1 || text.y + text.height > rect.height + 1) {
                over.push(line.textContent);
            }
        }
    }
    return over;
}"""
LINEAGE = "units/long/lineage/"


@pytest.fixture
def site(transactional_db, live_server):
    call_command("loaddata", *CONTENT_FIXTURES, verbosity=0)
    top = Unit.objects.get(code="mia")
    name = "Mülki Müdafiə və Səfərbərlik Məsələləri üzrə Respublikalararasılaşdırılmışdan İdarə 12"
    long = make_unit(slug="long", name_az=name, name_en=name.upper(), parent=top)
    make_event(
        kind="merger", date="1950", before=[make_unit() for _ in range(30)], after=[long],
        title_az=name, title_en=name,
    )  # fmt: skip
    return live_server.url


@pytest.mark.parametrize("path", ["az/structure/chart/", "en/structure/chart/", f"en/{LINEAGE}"])
@pytest.mark.parametrize(
    "font", ["", "DejaVu Sans", "Liberation Sans"], ids=["own", "widest", "narrow"]
)
def test_no_text_stands_outside_its_box(site, new_context, path, font):
    page = new_context(viewport={"width": 1280, "height": 900}, bypass_csp=True).new_page()
    page.goto(f"{site}/{path}")
    if font:
        page.add_style_tag(content=f".drawing {{ font-family: '{font}' !important }}")
    assert page.locator(".drawing .box").count() > 20
    assert page.evaluate(OVERFLOWS) == []


def test_the_overflow_would_be_seen(site, new_context):
    page = new_context(bypass_csp=True).new_page()
    page.goto(f"{site}/az/structure/chart/")
    page.add_style_tag(content=".drawing { font-size: 30px } .drawing * { font-size: 30px }")
    assert page.evaluate(OVERFLOWS)


@pytest.mark.parametrize("path", ["structure/chart/", LINEAGE])
def test_a_phone_scrolls_the_drawing_and_not_the_page(site, new_context, path):
    page = new_context(viewport={"width": 360, "height": 780}).new_page()
    page.goto(f"{site}/az/{path}")
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    box = page.locator(".drawing-box")
    assert box.evaluate("box => box.scrollWidth > box.clientWidth")
    top = page.locator(".drawing .is-top rect").first.bounding_box()
    assert top["x"] >= 0, "the drawing begins where the unit in question stands"
    assert top["x"] + top["width"] <= 360


def test_the_keyboard_reaches_every_box_and_shows_it(site, new_context):
    page = new_context(viewport={"width": 1280, "height": 900}).new_page()
    page.goto(f"{site}/en/structure/chart/")
    page.locator(".drawing-box").focus()
    page.keyboard.press("Tab")
    focused = "document.activeElement.closest('.box') && getComputedStyle("
    focused += "document.activeElement.querySelector('rect')).strokeWidth"
    assert page.evaluate(focused) == "4px"


@pytest.mark.parametrize(("paper", "size"), [("a4", (842, 595)), ("a3", (1191, 842))])
def test_a_chart_is_printed_on_one_sheet(site, new_context, paper, size, tmp_path):
    page = new_context().new_page()
    page.goto(f"{site}/az/structure/chart/?paper={paper}")
    file = page.pdf(prefer_css_page_size=True)
    boxes = re.findall(rb"/MediaBox ?\[([^\]]*)\]", file)
    assert [tuple(round(float(n)) for n in box.split()[2:]) for box in boxes] == [size]


def test_the_citation_is_copied(site, new_context):
    context = new_context(permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto(f"{site}/en/units/police-academy/")
    page.get_by_role("button", name="Copy").click()
    page.get_by_role("button", name="Copied").wait_for()
    assert "/en/c/" in page.evaluate("navigator.clipboard.readText()")
