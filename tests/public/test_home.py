"""The home page, with little content and with other registers than the Ministry's."""

import pytest

from tests.factories import make_event, make_observance, make_unit

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
        top = make_unit(code=code, name_en=f"Top {code}", address_en=f"Street {code}")
        make_unit(code=f"{code}1", parent=top, name_en=f"Below {code}")
    for html in (home(), home("?on=1925")):
        assert "<h1>Ministry of Internal Affairs of Azerbaijan</h1>" in html
        assert "Top a" in html
        assert "Top b" in html
        assert "Street" not in html


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
