"""The home page, with little content and with other registers than the Ministry's."""

import pytest

from tests.factories import make_event, make_link, make_observance, make_unit

pytestmark = pytest.mark.django_db


@pytest.fixture
def home(client):
    return lambda query="": client.get(f"/en/{query}").content.decode()


def test_parts_without_content_are_left_out(home):
    make_unit(code="top", name_en="Top")
    html = home()
    for title in ("In figures", "Milestones", "Days ahead", "Next anniversaries"):
        assert title not in html
    make_observance(title_en="Day of the Roads")
    make_event(title_en="The great fire", date="1920-01-01", weight=3)
    html = home()
    for title in ("Milestones", "Days ahead", "Next anniversaries"):
        assert title in html
    assert "In figures" not in html


def test_a_register_without_a_body_above_all_names_none_its_institution(home):
    for code in ("a", "b"):
        top = make_unit(
            code=code, name_en=f"Top {code}", address_en=f"Street {code}", founded="1900"
        )
        make_unit(code=f"{code}1", parent=top, name_en=f"Below {code}")
    make_unit(code="c", name_en="Top c", founded="1850", address_en="Street c")
    for html in (home(), home("?on=1925")):
        assert "<h1>Ministry of Internal Affairs of Azerbaijan</h1>" in html
        assert "Top a" in html
        assert "Top b" in html
        assert "Street" not in html
    # The only one of that time is none the more what the site is about.
    assert "<h1>Ministry of Internal Affairs of Azerbaijan</h1>" in home("?on=1870")


def test_the_body_with_most_below_it_is_the_institution(home):
    top = make_unit(code="large", name_en="Large")
    make_unit(code="under", parent=top)
    make_unit(code="small", name_en="Small")
    assert "<h1>Large</h1>" in home()


def test_the_institution_of_the_setting_stays_when_a_larger_register_comes(home, settings):
    settings.INSTITUTION = "ours"
    top = make_unit(code="theirs", name_en="Theirs")
    for code in ("t1", "t2"):
        make_unit(code=code, parent=top)
    make_unit(code="ours", name_en="Ours")
    assert "<h1>Ours</h1>" in home()


def test_of_a_past_date_only_what_certainly_existed_is_named(home):
    make_unit(code="old", name_en="Old certain body", founded="1900")
    for code in ("a", "b"):
        make_unit(code=code, name_en="Vague body")
    make_unit(code="new", name_en="New body", founded="1990")
    html = home("?on=1925")
    assert "Old certain body" in html
    assert "Vague body" not in html
    assert "New body" not in html
    nothing = home("?on=1850")
    assert "Of no unit below is it certain" in nothing
    assert "Vague body" not in nothing


def test_places_to_start_are_those_that_events_and_links_lead_to_then_the_largest(home):
    top = make_unit(code="top", name_en="Top")
    units = {
        name: make_unit(parent=top, name_en=name, summary_en=f"About {name}.")
        for name in ("Plain", "Large", "Linked", "Eventful")
    }
    make_unit(parent=units["Large"])
    silent = make_unit(parent=top, name_en="Silent")  # without a summary
    make_link(top, target=units["Linked"])
    for _number in range(2):
        make_event(concerned=[units["Eventful"], silent])
        make_event(concerned=[silent], status="draft")
    cards = home().partition("Places to start")[2]
    assert "Silent" not in cards
    places = [cards.index(f"About {name}.") for name in ("Eventful", "Linked", "Large", "Plain")]
    assert places == sorted(places)


def test_a_hidden_event_leads_nowhere(home):
    top = make_unit(code="top", name_en="Top")
    for number, name in enumerate(("First", "Second")):
        unit = make_unit(parent=top, name_en=name, summary_en=f"About {name}.", order=number)
    make_event(concerned=[unit], status="draft")
    cards = home().partition("Places to start")[2]
    assert cards.index("About First.") < cards.index("About Second.")
