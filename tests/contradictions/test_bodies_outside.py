"""A superior outside that did not exist all the time is found like any other."""

import pytest

from publishing import findings
from tests.admin.forms import errors_of, save
from tests.contradictions.test_files import codes, planned
from tests.contradictions.test_forms import again, listed, page, tick
from tests.exchange.files import csv_bytes
from tests.factories import make_dated_superior, make_external_body, make_unit

pytestmark = pytest.mark.django_db

ENDED = "“Union” ended (26 December 1991) and “School” goes on under it."


@pytest.fixture
def union(db):
    """A body outside of 1922 to which a school answered from 1930 to 1995."""
    body = make_external_body(code="union", name_en="Union", founded="1922-12-30")
    school = make_unit(code="school", name_en="School", superior_since="1995")
    make_dated_superior(school, code="row", external_body=body, begin="1930", end="1995")
    return body


@pytest.mark.parametrize(("dissolved", "found"), [("1994-12-31", 1), ("1995-01-01", 0), ("", 0)])
def test_in_the_whole_database(union, dissolved, found):
    union.dissolved = dissolved or None
    union.save()
    assert [one.code for one in findings.of_everything()] == ["superior_not_there"] * found


def test_founded_after_a_unit_came_under_it(union):
    union.founded = "1931-01-01"
    union.save()
    (finding,) = findings.of_everything()
    assert "was founded later (1 January 1931) than “School” came under it" in finding.sentence


def test_the_form_of_the_body_asks_for_a_second_look(boss, union):
    answer = save(boss, page(union), dissolved="1991-12-26")
    (sentence,) = listed(answer)
    assert sentence.startswith(ENDED)
    assert again(boss, union, answer, looked_at=tick(answer)).status_code == 302
    union.refresh_from_db()
    assert str(union.dissolved) == "1991-12-26"


def test_an_end_before_the_beginning_is_refused(boss, union):
    answer = save(boss, page(union), dissolved="1900")
    assert errors_of(answer) == ["The end is before the beginning."]


def test_a_file_asks_for_a_second_look(union):
    file = csv_bytes(("code", "dissolved"), ("union", "1991-12-26"))
    assert codes(planned(external_bodies=file)) == ["superior_not_there"]
    (finding,) = planned(external_bodies=file).findings
    assert finding.sentence.startswith(ENDED)
    assert {place.model for place in finding.places} == {
        "units.datedsuperior",
        "units.externalbody",
    }
