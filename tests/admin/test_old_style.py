"""A date typed in Old Style is shown as the day it will be stored as, and said to be converted."""

import pytest
from playwright.sync_api import expect

from tests.admin.forms import errors_of, fields_of, messages_of, save
from tests.admin.test_rows_together import edit, page
from tests.factories import make_person, make_post, make_term, make_unit
from units.models import Unit

OCTOBER = "25 October 1917 Old Style is 7 November 1917."


@pytest.mark.django_db
class TestWithoutScripts:
    def test_the_saved_page_says_what_was_converted(self, boss):
        unit = make_unit()
        answer = save(boss, page(unit), founded="25 October 1917 (O.S.)")
        assert answer.status_code == 302, errors_of(answer)
        unit.refresh_from_db()
        assert unit.founded.text == "1917-11-07"
        assert f"Founded: {OCTOBER}" in messages_of(answer)

    def test_so_it_does_of_a_row(self, boss):
        term = make_term(make_post(make_unit()), make_person())
        answer = edit(boss, term.post, "terms", **{"0_begin": "25 October 1917 (O.S.)"})
        assert answer.status_code == 302, errors_of(answer)
        term.refresh_from_db()
        assert term.begin.text == "1917-11-07"
        assert f"From: {OCTOBER}" in messages_of(answer)

    def test_in_the_language_of_the_editor(self, boss):
        unit = make_unit()
        boss.defaults["HTTP_ACCEPT_LANGUAGE"] = "az"
        answer = save(boss, page(unit), founded="köhnə üslubla 25 oktyabr 1917")
        assert any(
            "Köhnə üslubla 25 oktyabr 1917-ci il yeni üslubla 7 noyabr 1917-ci il deməkdir." in one
            for one in messages_of(answer)
        )

    def test_a_refused_form_says_it_below_the_input(self, boss):
        unit = make_unit()
        answer = save(boss, page(unit), founded="25 October 1917 (O.S.)", dissolved="nonsense")
        assert answer.status_code == 200
        assert OCTOBER in answer.content.decode()
        assert fields_of(answer)["founded"] == "25 October 1917 (O.S.)"

    def test_nothing_is_said_of_other_dates(self, boss):
        answer = save(boss, page(make_unit()), founded="7 November 1917")
        assert not [one for one in messages_of(answer) if "Old Style" in one]

    def test_two_days_that_do_not_agree_are_refused_with_both(self, boss):
        answer = save(boss, page(make_unit()), founded="8 November (25 October) 1917")
        assert errors_of(answer) == [
            f"The two dates do not agree: {OCTOBER[:-1]}, not 8 November 1917. "
            "Check them, or write one of them alone."
        ]


@pytest.mark.browser
def test_the_stored_day_is_shown_while_typing(staff, transactional_db, live_server):
    unit = make_unit()
    admin = staff("publisher")
    admin.goto(live_server.url + page(unit))
    reading = admin.locator("output[for=id_founded]")
    admin.fill("#id_founded", "25 October 1917 (O.S.)")
    expect(reading).to_have_text(f"Understood as: 7 November 1917 {OCTOBER}")
    admin.fill("#id_founded", "8 November (25 October) 1917")
    expect(reading).to_contain_text("not 8 November 1917")
    expect(reading.locator("small")).to_be_empty()
    admin.fill("#id_founded", "before 1918")
    expect(reading).to_have_text("Understood as: in 1917 or earlier")
    admin.fill("#id_founded", "7 November 1917")
    expect(reading).to_have_text("Understood as: 7 November 1917")
    assert Unit.objects.get().founded is None
