"""The search box in a real browser: suggestions by keyboard and mouse, and everything without."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.test_every_page import RULES, faults_of
from tests.factories import make_dated_name, make_unit

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def site(transactional_db, live_server):
    for number in range(5):
        make_unit(slug=f"osprey-{number}", name_az=f"Qartal {number}", name_en=f"Osprey {number}")
    unit = make_unit(slug="kestrel", name_az="Qızılquş", name_en="Kestrel", dissolved="1960")
    make_dated_name(unit, name_az="Laçın", name_en="Osprey hall", begin="1920", end="1930")
    return live_server.url


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["az", "en"])
def test_results_shut_nobody_out(site, new_context, language, scheme):
    context = new_context(viewport={"width": 360, "height": 780}, color_scheme=scheme)
    page, axe = context.new_page(), Axe()
    for query in ("?q=osprey", "?q=osprye", "?q=osprey+zeppelin", "?q=osprey&on=1925", "?q=zzzz"):
        assert list(faults_of(page, f"{site}/{language}/search/{query}", 200, axe)) == []


def test_suggestions_are_chosen_with_the_keyboard(site, new_context):
    page = new_context(viewport={"width": 1280, "height": 900}).new_page()
    errors = []
    page.on("console", lambda message: errors.append(message.text))
    page.goto(f"{site}/en/")
    box = page.locator("#hero-q")
    box.press_sequentially("ospr")
    options = page.get_by_role("option")
    expect(options).to_have_count(6)
    expect(box).to_have_attribute("aria-expanded", "true")
    box.press("ArrowDown")
    box.press("ArrowDown")
    chosen = page.locator('[role=option][aria-selected="true"]')
    expect(chosen).to_have_count(1)
    expect(box).to_have_attribute("aria-activedescendant", chosen.get_attribute("id"))
    expect(box).to_be_focused()
    found = Axe().run(page, options=RULES).response["violations"]
    assert [one["id"] for one in found] == []
    address = chosen.get_attribute("href")
    box.press("Enter")
    page.wait_for_url(f"{site}{address}")
    assert errors == []


def test_escape_closes_and_enter_alone_searches(site, new_context):
    page = new_context().new_page()
    page.goto(f"{site}/en/search/")
    box = page.locator("#q")
    box.press_sequentially("osprey")
    expect(page.get_by_role("listbox").last).to_be_visible()
    box.press("Escape")
    expect(page.locator(".suggestions:visible")).to_have_count(0)
    expect(box).to_have_attribute("aria-expanded", "false")
    expect(box).to_have_value("osprey")
    box.press("Enter")
    page.wait_for_url(re.compile("q=osprey"))
    expect(page.locator(".hit")).to_have_count(6)


def test_a_suggestion_can_be_clicked(site, new_context):
    page = new_context().new_page()
    page.goto(f"{site}/en/units/")
    page.locator("#header-q").press_sequentially("kestr")
    page.get_by_role("option").first.click()
    page.wait_for_url(f"{site}/en/units/kestrel/")


@pytest.mark.parametrize(
    ("path", "box"), [("", "#hero-q"), ("units/", "#header-q"), ("search/", "#q")]
)
def test_suggestions_and_results_stay_on_the_date(site, new_context, path, box):
    page = new_context().new_page()
    page.goto(f"{site}/en/{path}?on=1925")
    page.locator(box).press_sequentially("osprey hall")
    option = page.get_by_role("option").first
    expect(option).to_contain_text("Osprey hall")
    expect(option).to_have_attribute("href", "/en/units/kestrel/?on=1925")
    page.locator(box).press("Escape")
    page.locator(box).press("Enter")
    page.wait_for_url(re.compile("/en/search/[?].*on=1925"))
    expect(page.locator(".hit-title a").first).to_have_attribute("href", re.compile("on=1925"))


def test_the_box_works_without_scripts(site, new_context):
    page = new_context(java_script_enabled=False).new_page()
    page.goto(f"{site}/en/")
    page.locator("#hero-q").fill("osprey")
    page.locator("#hero-q").press("Enter")
    page.wait_for_url(re.compile("/en/search/"))
    expect(page.locator(".hit")).to_have_count(6)
