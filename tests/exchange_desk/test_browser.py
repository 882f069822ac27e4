"""The whole way in a real browser, with and without scripts; every page is accessible."""

import re
import threading

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.db import connection
from playwright.sync_api import expect

from exchange.desk.imports import work
from exchange.models import ImportJob, State
from tests.browser.test_every_page import RULES
from tests.exchange.files import csv_bytes
from tests.factories import make_staff, make_unit, make_unit_kind
from units.models import Unit

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

HEAD = ["code", "parent", "name_en", "founded", "body_en"]
GOOD = csv_bytes(
    HEAD,
    ["south", "north", "South", "28.05.1918", "A <b>bold</b> text"],
    ["north", "", "North", "about 1992", "Long " * 100],
)
BAD = csv_bytes(HEAD, ["a", "nobody", "A", "", ""], ["b", "", "B", "2024-02-31", ""])
PHONE, DESKTOP = {"width": 360, "height": 780}, {"width": 1280, "height": 900}


@pytest.fixture
def desk(live_server, settings):
    """The site's address; every file is left to the worker."""
    settings.IMPORT_AT_ONCE_BYTES = 0
    kind = make_unit_kind(code="unit")
    police = make_unit(code="police", slug="police", kind=kind, name_en="Police")
    make_unit(code="south", slug="south", parent=police, kind=kind, name_en="South")
    make_staff("boss")
    return live_server.url


def sign_in(page, site):
    page.goto(f"{site}/admin/")
    page.fill("[name=login]", "boss")
    page.fill("[name=password]", "correct horse 1")
    page.press("[name=password]", "Enter")
    page.wait_for_url(re.compile("/admin/$"))


def say_that_it_was_always_so(page):
    """Answer what the changed name and superior of "south" mean; the preview is made anew."""
    page.get_by_role("radio", name="They are corrections").check()
    page.get_by_role("button", name="Check again with this answer").click()
    page.wait_for_selector("progress")
    do(work.check)
    page.wait_for_selector(".import-confirm", timeout=15_000)


def upload(page, data):
    page.set_input_files("#id_file", {"name": "file.csv", "mimeType": "text/csv", "buffer": data})
    page.locator(".import-form button").click()
    page.wait_for_selector("progress")


def do(step):
    """The worker takes the step, beside the browser."""

    def run():
        step(ImportJob.objects.latest("created").pk)
        connection.close()

    worker = threading.Thread(target=run)
    worker.start()
    worker.join(30)


def faults(page):
    page.wait_for_load_state()
    found = [
        f"axe {v['id']}: {v['help']} at {v['nodes'][0]['target']}"
        for v in Axe().run(page, options=RULES).response["violations"]
    ]
    wide = page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    return [*found, *([f"{wide} pixels too wide"] if wide > 0 else [])]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_from_the_start_page_to_the_result(desk, new_context, viewport, scheme):
    page = new_context(viewport=viewport, color_scheme=scheme, locale="en-GB").new_page()
    said = []
    page.on("console", lambda m: m.type in ("error", "warning") and said.append(m.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    sign_in(page, desk)
    page.get_by_role("link", name="Import a file").click()
    assert faults(page) == []

    upload(page, BAD)
    assert faults(page) == []
    do(work.check)
    page.wait_for_selector(".import-problems")
    assert faults(page) == []
    assert page.get_by_role("button", name="Import now").count() == 0
    with page.expect_download() as copy:
        page.get_by_role("link", name="Download your file").click()
    assert copy.value.suggested_filename == "file-problems.csv"

    page.get_by_role("link", name="Upload the mended file").click()
    upload(page, GOOD)
    do(work.check)
    page.wait_for_selector(".import-changes")
    assert faults(page) == []
    say_that_it_was_always_so(page)
    for summary in page.locator("#content details > summary").all():
        summary.click()
    assert faults(page) == []
    assert Unit.objects.count() == 2

    page.get_by_role("button", name="Import now").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("progress")
    do(work.carry_out)
    page.wait_for_selector("p.import-done")
    assert faults(page) == []
    expect(page.locator("p.import-done")).to_contain_text("The database now holds 3 × units")
    page.locator(".import-change a").first.click()
    expect(page).to_have_url(re.compile("/admin/units/unit/"))
    assert said == []


def test_the_whole_way_without_scripts(desk, new_context):
    page = new_context(viewport=PHONE, java_script_enabled=False, locale="en-GB").new_page()
    sign_in(page, desk)
    page.goto(f"{desk}/admin/import/?kind=units")
    upload(page, GOOD)
    do(work.check)
    page.wait_for_selector(".import-changes", timeout=15_000)  # the page renews itself
    say_that_it_was_always_so(page)
    page.get_by_role("link", name="moved").click()
    expect(page.locator(".import-move")).to_have_count(1)
    page.get_by_role("button", name="Import now").click()
    page.wait_for_selector("progress")
    do(work.carry_out)
    page.wait_for_selector("p.import-done", timeout=15_000)
    assert Unit.objects.count() == 3


def test_closing_the_page_loses_nothing(desk, new_context):
    context = new_context(locale="en-GB")
    page = context.new_page()
    sign_in(page, desk)
    page.goto(f"{desk}/admin/import/")
    upload(page, GOOD)
    page.close()
    do(work.check)
    assert ImportJob.objects.get().state == State.READY
    page = context.new_page()
    page.goto(f"{desk}/admin/import/")
    page.get_by_role("link", name="file.csv").click()
    expect(page.get_by_role("radio", name="They are corrections")).to_be_visible()
