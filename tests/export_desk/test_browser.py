"""The pages of exporting in a real browser: accessible, within the screen, with a real download."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings

from tests.browser.test_every_page import DESKTOP, PHONE, RULES
from tests.factories import make_staff, make_unit

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PAGES = [
    "export/", "export/all/", "export/units/?filter=state%3Ddraft&ids=1", "examples/units/",
    "addresses/legacyaddress/", "publishing/retiredslug/",
]  # fmt: skip


@pytest.fixture
def desk(page, client, live_server):
    """A signed-in browser; the test fails on whatever its console refuses."""
    said = []
    page.on("console", lambda m: m.type in ("error", "warning") and said.append(m.text))
    client.force_login(make_staff())
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    for name, value in ((settings.SESSION_COOKIE_NAME, session), ("django_language", "en")):
        page.context.add_cookies([{"name": name, "value": value, "url": live_server.url}])
    yield page
    assert said == []


def test_every_page_is_accessible_and_fits(desk, live_server):
    unit = make_unit(slug="a")
    unit.slug = "b"
    unit.save()
    for scheme in ("light", "dark"):
        desk.emulate_media(color_scheme=scheme)
        for size in (PHONE, DESKTOP):
            desk.set_viewport_size(size)
            for address in PAGES:
                desk.goto(f"{live_server.url}/admin/{address}")
                wide = "document.documentElement.scrollWidth - innerWidth"
                assert desk.evaluate(wide) <= 0, (address, size)
                found = Axe().run(desk, options=RULES).response["violations"]
                assert [(v["id"], v["nodes"][0]["html"]) for v in found] == [], (address, scheme)


def test_a_file_comes_with_a_click(desk, live_server):
    make_unit(code="police")
    desk.goto(f"{live_server.url}/admin/units/unit/")
    desk.get_by_role("link", name="Export").click()
    desk.get_by_label("CSV for import").check()
    desk.get_by_label("Short codes").check()
    with desk.expect_download() as download:
        desk.get_by_role("button", name="Download the file").click()
    assert download.value.suggested_filename.startswith("units-")
    text = download.value.path().read_text()
    assert text.startswith("code,parent,")
    assert "\npolice," in text
