"""Every type of page in a real browser: accessible, within the screen, asking no other host.

axe-core is run with the rules of WCAG 2.0, 2.1 and 2.2, levels A and AA. Three things that axe
passes over are looked at besides: absolute alternate addresses, a description, and that the name
a screen reader hears contains the words that are seen (WCAG 2.5.3).
"""

import shutil
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.core.management import call_command
from playwright.sync_api import expect

from mia_site.content import CONTENT_FIXTURES
from tests.extent import FULL
from tests.factories import make_unit
from units.models import Unit

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PHONE = {"width": 360, "height": 780}
DESKTOP = {"width": 1280, "height": 900}

# One of each type; the dissolved unit, the undated event and the empty answers are types too.
PAGES = {
    "": 200,
    "?on=1925": 200,
    "structure/": 200,
    "structure/?q=polis": 200,
    "structure/?q=zzzz": 200,
    "structure/chart/": 200,
    "structure/chart/?on=1925&branch=ministry": 200,
    "units/": 200,
    "units/ministry/": 200,
    "units/press-service/": 200,
    "units/dissolved/": 200,
    "units/police-college/?on=1950": 200,
    "units/police-academy/lineage/": 200,
    "units/ministry/lineage/": 200,
    "leadership/": 200,
    "leadership/?on=2000": 200,
    "people/vilayet-eyvazov/": 200,
    "?on=1842": 200,
    "units/ministry/?on=1925": 200,
    "figures/?on=2010": 200,
    "international/?on=2010": 200,
    "contact/?on=1925": 200,
    "structure/?on=1925": 200,
    "units/?on=1925": 200,
    "units/police-college/?on=1958": 200,
    "units/police-academy/?on=1925": 200,
    "leadership/?on=1925": 200,
    "structure/?on=nonsense": 200,
    "history/": 200,
    "history/?q=zzzz": 200,
    "history/baku-police-begins-1841/": 200,
    "history/?on=1950&kind=founding": 200,
    "history/1992/": 200,
    "history/199X/": 200,
    "history/1950/": 200,
    "compare/?from=1991&to=2020": 200,
    "compare/?from=1917&to=x": 200,
    "figures/": 200,
    "days/": 200,
    "international/": 200,
    "international/interpol/": 200,
    "search/": 200,
    "search/?q=polis": 200,
    "search/?q=polis&on=1930": 200,
    "search/?q=zzzz": 200,
    "about/": 200,
    "contact/": 200,
    "accessibility/": 200,
    "open-data/": 200,
    "open-data/api/": 200,
    "site-map/": 200,
    "no-such-page/": 404,
}
UNPREFIXED = {"/preferences/": 200, "/accounts/login/": 200}

RULES = {
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
    },
    "rules": {"label-content-name-mismatch": {"enabled": True}},
    "resultTypes": ["violations"],
}

LAYOUT = """() => {
    const root = document.documentElement;
    const described = document.querySelector('meta[name=description]');
    const alternates = [...document.querySelectorAll('link[rel=alternate][hreflang]')];
    return {
        wide: root.scrollWidth - root.clientWidth,
        described: described ? described.content.trim().length : 0,
        relative: alternates.map(a => a.getAttribute('href')).filter(h => !/^https?:/.test(h)),
        language: root.lang,
        headings: document.querySelectorAll('h1').length,
    };
}"""


@pytest.fixture
def site(transactional_db, live_server):
    """The address of the running site with its whole content and one dissolved unit."""
    call_command("loaddata", *CONTENT_FIXTURES, verbosity=0)
    pictures = Path(settings.BASE_DIR) / "fixtures" / "media"
    shutil.copytree(pictures, settings.MEDIA_ROOT, dirs_exist_ok=True)
    make_unit(
        code="dissolved", slug="dissolved", parent=Unit.objects.get(code="mia"),
        founded="1950", dissolved="1960", closing_reason="abolished",
    )  # fmt: skip
    return live_server.url


def addresses(language):
    return [
        *((f"/{language}/{path}", status) for path, status in PAGES.items()),
        *UNPREFIXED.items(),
    ]


def faults_of(page, address, status, axe=None):
    """What is wrong with the page at an address, as sentences; nothing when all is well."""
    response = page.goto(address)
    if response.status != status:
        yield f"status {response.status} instead of {status}"
    seen = page.evaluate(LAYOUT)
    if seen["wide"] > 0:
        yield f"{seen['wide']} pixels wider than the screen"
    if seen["headings"] != 1:
        yield f"{seen['headings']} first-level headings"
    if not seen["described"]:
        yield "no description"
    if seen["relative"]:
        yield f"alternate addresses are not absolute: {seen['relative']}"
    if axe:
        for found in axe.run(page, options=RULES).response["violations"]:
            places = "; ".join(" ".join(node["target"]) for node in found["nodes"][:3])
            yield f"axe {found['id']}: {found['help']} at {places}"


def walk(context, site, addresses, axe=None):
    """All faults of the pages, each with its address; requests elsewhere and console errors too."""
    page = context.new_page()
    faults = []
    page.on(
        "request",
        lambda r: r.url.startswith((site, "data:")) or faults.append(f"asks {r.url}"),
    )
    page.on(
        "console",
        lambda m: (
            m.type in ("error", "warning")
            and "404 (Not Found)" not in m.text
            and faults.append(f"console at {page.url}: {m.text}")
        ),
    )
    page.on("pageerror", lambda error: faults.append(f"script at {page.url}: {error}"))
    for path, status in addresses:
        faults += [f"{path}: {fault}" for fault in faults_of(page, site + path, status, axe)]
    page.close()
    return faults


# Every second page in the first and the last, the others in those between: each in both widths, in
# both languages and in both schemes of colours. ``make full`` walks all pages in all four.
@pytest.mark.parametrize(
    ("viewport", "scheme", "language", "turn"),
    [
        (PHONE, "light", "az", 0), (PHONE, "dark", "en", 1),
        (DESKTOP, "light", "az", 1), (DESKTOP, "dark", "en", 0),
    ],
    ids=["phone-light-az", "phone-dark-en", "desktop-light-az", "desktop-dark-en"],
)  # fmt: skip
def test_no_page_shuts_anybody_out(site, new_context, viewport, scheme, language, turn):
    locale = {"az": "az-AZ", "en": "en-GB"}[language]
    context = new_context(viewport=viewport, color_scheme=scheme, locale=locale)
    pages = addresses(language) if FULL else addresses(language)[turn::2]
    assert walk(context, site, pages, Axe()) == []


def test_the_view_for_weak_sight_is_kept_and_accessible(site, new_context):
    context = new_context(viewport=PHONE, java_script_enabled=True)
    page = context.new_page()
    page.goto(f"{site}/az/")
    page.locator("button[name=sight]").first.click()
    expect(page.locator("html")).to_have_attribute("data-sight", "large")
    expect(page).to_have_url(f"{site}/az/")
    page.close()
    assert walk(context, site, addresses("az"), Axe()) == []


def test_pages_are_whole_without_scripts(site, new_context):
    context = new_context(viewport=PHONE, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site}/en/")
    page.locator("header summary").filter(has_text="Menu").click()
    page.locator("header").get_by_role("link", name="Structure", exact=True).first.click()
    expect(page).to_have_url(f"{site}/en/structure/")
    expect(page.locator("footer")).to_be_visible()  # the page has come whole
    assert page.locator("main a[href*='/units/']").count() >= 44
    page.goto(f"{site}/en/structure/?q=ganja")
    main = page.locator("main")
    expect(main.get_by_role("link", name="Ganja Police Department")).to_be_visible()
    page.locator("header .when > summary").click()
    page.get_by_label("Show this page as of").fill("28.05.1918")
    page.get_by_label("Show this page as of").press("Enter")
    expect(page).to_have_url(f"{site}/en/structure/?q=ganja&on=28.05.1918")
    expect(page.locator(".when-banner")).to_contain_text("28\N{NO-BREAK SPACE}May 1918")
    page.get_by_role("link", name="Back to today").click()
    expect(page).to_have_url(f"{site}/en/structure/?q=ganja")


def test_the_keyboard_reaches_the_content_first(site, new_context):
    page = new_context(viewport=DESKTOP).new_page()
    page.goto(f"{site}/en/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "#main"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")


def test_axe_is_awake(site, new_context):
    """The counter-proof: a picture without a text and grey on grey are reported."""
    page = new_context(viewport=DESKTOP).new_page()
    page.goto(f"{site}/en/about/")
    page.evaluate(
        """() => {
            const p = document.createElement('p');
            p.textContent = 'hard to read';
            p.style.color = '#888'; p.style.background = '#999';
            const img = document.createElement('img');
            img.src = '/static/img/mark.svg';
            document.querySelector('main').append(p, img);
        }"""
    )
    found = {v["id"] for v in Axe().run(page, options=RULES).response["violations"]}
    assert {"color-contrast", "image-alt"} <= found
