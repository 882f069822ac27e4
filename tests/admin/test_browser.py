"""A press officer's ten minutes in a real browser, with the console watched for CSP refusals."""

import datetime
import re

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from history.models import Era, Event
from publishing.text import slugify
from tests.factories import make_unit, make_unit_kind
from units import admin_tree, tree
from units.models import DatedName, DatedSuperior, Unit

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def house(transactional_db):
    root = make_unit(code="root", name_en="Root", name_az="Kök")
    for number, (code, name) in enumerate([("a", "Alpha"), ("b", "Beta"), ("c", "Gamma")]):
        make_unit(code=code, name_en=name, parent=Unit.objects.get(pk=root.pk), order=number)
    return lambda code: Unit.objects.get(code=code)


def names(parent):
    rows = Unit.objects.filter(parent__code=parent).order_by("lft")
    return [unit.name_en for unit in rows]


def row(page, name):
    return page.locator("#result_list tbody tr").filter(
        has=page.get_by_role("link", name=name, exact=True)
    )


def drag(page, name, target, part):
    """Drags a row by its dots onto a part (0 top … 1 bottom) of another row."""
    source = row(page, name).locator(".branch-handle").bounding_box()
    goal = row(page, target).bounding_box()
    page.mouse.move(source["x"] + 6, source["y"] + 6)
    page.mouse.down()
    for share in (0.5, part, part):
        page.mouse.move(goal["x"] + 200, goal["y"] + goal["height"] * share, steps=4)
    page.mouse.up()


def drop_beside(page, name, target, part):
    """The same where nothing is asked; the answer of the server."""
    with page.expect_response(re.compile("/move/")) as answer:
        drag(page, name, target, part)
    return answer.value


def say(page, *, answer=None, since=None):
    """Answers the dialog after a drag and moves; the answer of the server."""
    dialog = page.get_by_role("dialog")
    if answer:
        dialog.get_by_label(answer).check()
    if since is not None:
        dialog.get_by_label("Since", exact=True).fill(since)
    with page.expect_response(re.compile("/move/")) as found:
        dialog.get_by_role("button", name="Move").click()
    return found.value


def choose(page, field, text, label):
    """Searches in a field of the form and takes what was found under the label."""
    box = page.locator(f"#id_{field} + .select2")
    box.click()
    # Into the field itself: select2 takes the focus in a timer, which loses a key typed at once.
    with page.expect_response(lambda answer: f"term={text}" in answer.url):
        page.locator(".select2-container--open .select2-search__field").fill(text)
    page.locator(".select2-results__option", has_text=label).first.click()
    expect(box).to_contain_text(label)


def test_drag_and_undo(staff, house, live_server):
    page = staff()
    page.goto(f"{live_server.url}/admin/units/unit/")
    assert drop_beside(page, "Gamma", "Alpha", 0.1).status == 200
    page.wait_for_selector("text=now stands under “Root”, at position 1")
    assert names("root") == ["Gamma", "Alpha", "Beta"]
    with page.expect_response(re.compile("/undo-move/")):
        page.get_by_role("link", name="Undo").click()
    page.wait_for_selector("text=at position 3")
    assert names("root") == ["Alpha", "Beta", "Gamma"]
    drag(page, "Gamma", "Alpha", 0.5)
    assert say(page).status == 200
    page.wait_for_selector("text=now stands under “Alpha”")
    page.wait_for_selector("text=The former superior is kept until")
    assert names("a") == ["Gamma"]
    expect(page.get_by_role("link", name="Gamma", exact=True)).to_be_visible()
    assert DatedSuperior.objects.get().parent == house("root")
    with page.expect_response(re.compile("/undo-move/")):
        page.get_by_role("link", name="Undo").click()
    page.wait_for_selector("text=at position 3")
    assert not DatedSuperior.objects.exists()
    assert list(tree.check()) == []


def test_what_a_new_superior_means_is_asked_in_a_dialog(staff, house, live_server):
    page = staff()
    page.goto(f"{live_server.url}/admin/units/unit/")
    drag(page, "Gamma", "Alpha", 0.5)
    dialog = page.get_by_role("dialog", name="Another superior")
    expect(dialog).to_contain_text("Gamma: Root → Alpha")
    expect(dialog.get_by_label("A change since …")).to_be_checked()
    expect(dialog.get_by_label("A change since …")).to_be_focused()
    expect(dialog.get_by_label("Since", exact=True)).to_have_value(str(timezone.localdate()))
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    assert names("a") == []

    drag(page, "Gamma", "Alpha", 0.5)
    dialog.get_by_label("A correction: it was always so").check()
    expect(dialog.get_by_label("Since", exact=True)).to_be_hidden()
    dialog.get_by_role("button", name="Leave it as it is").click()
    expect(dialog).to_be_hidden()
    assert names("a") == []

    drag(page, "Gamma", "Alpha", 0.5)
    assert say(page, answer="A change since …", since="Tuesday").status == 200
    expect(dialog.locator(".errorlist")).to_be_visible()
    expect(dialog.get_by_label("Since", exact=True)).to_be_focused()
    tomorrow = timezone.localdate() + datetime.timedelta(days=1)
    assert say(page, since=str(tomorrow)).status == 200
    page.wait_for_selector("text=“Gamma” stays where it is for now.")
    assert names("a") == []
    assert DatedSuperior.objects.get().parent == house("a")


def test_the_form_asks_as_soon_as_a_name_is_changed_and_not_when_it_is_set_back(
    staff, house, live_server
):
    page = staff()
    page.goto(f"{live_server.url}/admin/units/unit/{house('c').pk}/change/")
    asked = page.get_by_role("group", name="The name is changed. What does that mean?")
    above = page.get_by_role("group", name="The superior is changed. What does that mean?")
    page.get_by_role("button", name="English").last.click()
    expect(asked).to_be_hidden()
    page.fill("#id_name_en", "Delta")
    expect(asked).to_be_visible()
    expect(page.locator(".field-name_en + .since-when")).to_be_visible()
    page.fill("#id_name_en", "Gamma")
    expect(asked).to_be_hidden()
    page.fill("#id_name_en", "Delta")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(asked).to_be_visible()
    expect(page.locator("#id_name_en")).to_have_value("Delta")
    expect(above).to_be_hidden()
    choose(page, "parent", "alpha", "Alpha")
    expect(above).to_be_visible()
    choose(page, "parent", "root", "Root")
    expect(above).to_be_hidden()
    asked.get_by_label("A change since …").check()
    asked.get_by_label("Since", exact=True).fill("1 March 2026")
    page.get_by_role("button", name="Save", exact=True).click()
    page.wait_for_selector("text=The former name is kept until 1 March 2026.")
    assert house("c").name_en == "Delta"


def test_place_page_asks_when_another_superior_is_chosen(staff, house, live_server):
    page = staff()
    page.goto(f"{live_server.url}/admin/units/unit/{house('c').pk}/place/")
    asked = page.get_by_role("group", name="The superior is changed. What does that mean?")
    expect(asked).to_be_hidden()
    choose(page, "superior", "alpha", "Alpha")
    expect(asked).to_be_visible()
    asked.get_by_label("It changed, nobody knows when").check()
    page.get_by_role("button", name="Move").click()
    page.wait_for_selector("text=“Gamma” now stands under “Alpha”, at position 1.")
    assert DatedSuperior.objects.get().parent == house("root")


def test_arrows_and_keyboard(staff, house, live_server):
    page = staff()
    page.goto(f"{live_server.url}/admin/units/unit/")
    page.get_by_role("button", name="Move Beta up").focus()
    with page.expect_response(re.compile("/step/")):
        page.keyboard.press("Enter")
    page.wait_for_selector("text=“Beta” now stands")
    assert names("root") == ["Beta", "Alpha", "Gamma"]
    toggle = page.locator(".branch-toggle").first
    toggle.focus()
    page.keyboard.press("ArrowLeft")
    expect(row(page, "Beta")).to_be_hidden()
    page.keyboard.press("ArrowRight")
    expect(row(page, "Beta")).to_be_visible()


def test_branches_open_on_demand(staff, house, live_server, monkeypatch):
    monkeypatch.setattr(admin_tree, "WHOLE_TREE", 2)
    deep = make_unit(code="deep", name_en="Deep", parent=house("b"))
    make_unit(code="deeper", name_en="Deeper", parent=Unit.objects.get(pk=deep.pk))
    page = staff()
    page.goto(f"{live_server.url}/admin/units/unit/")
    expect(row(page, "Deep")).to_have_count(0)
    row(page, "Beta").locator(".branch-toggle").click()
    row(page, "Deep").locator(".branch-toggle").click()
    row(page, "Deeper").wait_for()
    page.reload()  # and stay open
    row(page, "Deeper").wait_for()
    row(page, "Beta").locator(".branch-toggle").click()
    expect(row(page, "Deeper")).to_be_hidden()


def test_add_a_unit_rename_it_and_keep_the_former_name(staff, house, live_server):
    make_unit_kind(code="office", name_en="Office", name_az="Büro")
    page = staff("publisher")
    page.goto(f"{live_server.url}/admin/units/unit/add/")
    page.get_by_role("button", name="Azərbaycanca").last.click()
    page.fill("#id_name_az", "Gəncə İdarəsi")
    expect(page.locator("#id_slug")).to_have_value("gence-idaresi")
    expect(page.locator("#id_name_en")).to_be_hidden()
    page.get_by_role("button", name="All languages").click()
    page.fill("#id_name_en", "Ganja Office")
    choose(page, "kind", "buro", "Office")
    choose(page, "parent", "root", "Root")
    page.fill("#id_founded", "june 2004")
    page.wait_for_selector("output:has-text('June 2004')")
    page.get_by_role("button", name="Save and publish").click()
    page.wait_for_selector("text=was added successfully")
    unit = Unit.objects.get(slug="gence-idaresi")
    assert (unit.status, unit.parent.code, str(unit.founded)) == ("published", "root", "2004-06")

    row(page, "Ganja Office").get_by_role("link", name="Ganja Office", exact=True).click()
    page.get_by_role("button", name="Add another Former name").click()
    page.fill("#id_dated_names-0-name_en", "Ganja Bureau")
    page.fill("#id_dated_names-0-end", "30 June 2004")
    page.fill("#id_name_en", "Ganja Department")
    page.get_by_label("A correction: it was always so").first.check()
    page.get_by_role("button", name="Save", exact=True).click()
    page.wait_for_selector("text=was changed successfully")
    assert DatedName.objects.get().code == f"{unit.code}-name-1"


def test_an_event_is_previewed_and_published(staff, house, live_server):
    Era.objects.create(code="era", slug="era", name_en="Era", name_az="Dövr", order=1)
    page = staff("publisher")
    page.goto(f"{live_server.url}/admin/history/event/add/")
    page.get_by_role("button", name="All languages").click()
    page.fill("#id_title_en", "The ministry is founded")
    page.select_option("#id_kind", "founding")
    page.fill("#id_date", "28 may 1918")
    page.wait_for_selector("output:has-text('28 May 1918')")
    choose(page, "era", "era", "Era")
    page.get_by_role("button", name="Save and publish").click()
    page.wait_for_selector("text=at least one unit after it")  # refused, with the reason
    page.get_by_role("button", name="Save as draft").click()
    page.wait_for_selector("text=was added successfully")
    event = Event.objects.get()
    assert (event.status, str(event.date)) == ("draft", "1918-05-28")

    page.get_by_role("link", name="The ministry is founded").first.click()
    page.get_by_role("button", name="Add another Participation").click()
    page.select_option("#id_participations-0-side", "after")
    choose(page, "participations-0-unit", "root", "Root")
    page.get_by_role("button", name="Save and publish").click()
    page.wait_for_selector("text=was changed successfully")
    assert Event.objects.published().count() == 1


def test_addresses_in_the_browser_are_those_of_the_server(staff, live_server):
    page = staff()
    page.goto(f"{live_server.url}/admin/pages/page/add/")
    page.get_by_role("button", name="All languages").click()
    for name in (
        "Gəncə şəhəri",
        "Xızı rayonu – İdarə №5",
        "Ümumi işlər və Çağırış",
        "ƏLİYEVA İradə",
        "Главное управление МВД, щётка и объезд",
        "O'Brien’s “quoted” name",
        "  --  ",
        "x" * 200,
    ):
        page.fill("#id_title_az", name)
        expect(page.locator("#id_slug"), name).to_have_value(slugify(name))


def test_no_page_breaks_the_content_security_policy(staff, house, live_server):
    """The fixture fails on every refusal that the console tells."""
    page = staff()
    root = house("root").pk
    for address in (
        "", "units/unit/", "units/unit/?q=alpha", "units/unit/add/", f"units/unit/{root}/change/",
        f"units/unit/{root}/delete/", f"units/unit/{root}/history/", f"units/unit/{root}/place/",
        "history/event/", "history/event/add/", "people/person/add/", "people/post/add/",
        "pages/page/add/", "auth/user/", "auth/user/add/", "guide/", "password_change/",
        "units/unitkind/add/?_to_field=id&_popup=1",
    ):  # fmt: skip
        page.goto(f"{live_server.url}/admin/{address}")
        assert page.locator("h1").count() >= 1
    page.goto(f"{live_server.url}/admin/units/unit/add/")
    with page.expect_popup() as popup:  # "+" beside the kind
        page.locator("#add_id_kind").click()
    popup.value.fill("#id_name_en", "Bureau")
    with popup.value.expect_event("close"):
        popup.value.get_by_role("button", name="Save").click()
    expect(page.locator("#id_kind option:checked")).to_have_text("Bureau")
    page.locator(".vDateField").first.scroll_into_view_if_needed()
    page.locator(".datetimeshortcuts a").last.click()
    page.locator("summary").first.click()
