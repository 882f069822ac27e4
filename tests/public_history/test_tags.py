"""What history and people offer to the pages of units, through their tags."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import translation

from structure.as_of import AsOf
from tests.factories import (
    make_event,
    make_external_body,
    make_figure,
    make_observance,
    make_person,
    make_post,
    make_term,
    make_unit,
)

pytestmark = pytest.mark.django_db


def draw(tag, **values):
    request = RequestFactory().get("/en/")
    request.user = AnonymousUser()
    template = Template(
        "{% load history_tags people_tags pages_tags units_tags %}{% " + tag + " %}"
    )
    with translation.override("az"):
        return template.render(Context({"request": request, "as_of": AsOf(), **values}))


def test_the_life_line_shows_events_and_kin(police):
    old = make_unit(name_en="Old school", name_az="Köhnə")
    make_event(
        kind="reorganisation", date="1992-05-23", title_az="Çevrilmə", before=[old], after=[police]
    )
    html = draw("life_line unit", unit=police)
    assert "Çevrilmə" in html
    assert "Köhnə" in html
    assert f'href="/az/units/{police.slug}/lineage/"' in html


def test_the_life_line_of_a_unit_without_history_is_nothing(police):
    make_event(status="draft", concerned=[police])
    assert draw("life_line unit", unit=police).strip() == ""


def test_a_long_life_line_is_cut_and_leads_on(police, django_assert_max_num_queries):
    for number in range(70):
        make_event(date=str(1900 + number), concerned=[police])
    with django_assert_max_num_queries(14):  # three for the superior, one for rows that are due
        html = draw("life_line unit", unit=police)
    assert html.count('class="event') >= 60
    assert f"?unit={police.slug}" in html


def test_head_of_names_the_head_or_says_vacant_or_nothing(police):
    assert draw("head_of unit", unit=police).strip() == ""
    post = make_post(police, title_az="Rəis")
    assert "holder-vacant" in draw("head_of unit", unit=police)
    make_term(post, make_person(name_az="Aydan Əliyeva"), begin="2019", acting=True)
    html = draw("head_of unit", unit=police)
    for words in ("Rəis", "Aydan Əliyeva", "2019", 'class="acting"'):
        assert words in html


def test_leadership_of_and_past_heads_are_bounded(police, django_assert_max_num_queries):
    post = make_post(police)
    for number in range(5):
        make_term(
            post, make_person(name_az=f"Köhnə {number}"), begin=str(1990 + number),
            end=str(1991 + number),
        )  # fmt: skip
        other = make_post(police, is_head=False, title_az=f"Müavin {number}")
        make_term(other, make_person())
    with django_assert_max_num_queries(3):
        html = draw("leadership_of unit", unit=police)
    assert html.count('<li class="post') == 6
    with django_assert_max_num_queries(1):
        html = draw("past_heads unit", unit=police)
    assert html.index("Köhnə 4") < html.index("Köhnə 0")


def test_home_tags_draw_what_is_chosen(ministry, today_is):
    today_is(2026, 5, 28)
    make_event(weight=3, title_az="Böyük", date="1918-05-28", concerned=[ministry])
    make_event(weight=2, title_az="Kiçik", date="1919-05-29")
    make_figure(value=932, on_home_page=True)
    make_figure(value=555)
    make_observance(title_az="Polis günü")
    milestones = draw("milestones")
    assert "Böyük" in milestones
    assert "Kiçik" not in milestones
    assert "932" in draw("key_figures")
    assert "555" not in draw("key_figures")
    today = draw("on_this_day")
    assert "Böyük" in today
    assert "108" in today
    assert "Kiçik" not in today
    assert "Polis günü" in draw("days_ahead")


def test_milestones_over_the_limit_keep_the_latest_in_order():
    for year in range(1900, 1920):
        make_event(weight=3, date=str(year), title_az=f"Il {year}.")
    html = draw("milestones limit=3")
    assert "1916" not in html
    assert html.index("Il 1917.") < html.index("Il 1918.") < html.index("Il 1919.")


def test_on_this_day_says_so_when_nothing_is_recalled(today_is):
    today_is(2026, 5, 28)
    assert 'class="nothing"' in draw("on_this_day")


def test_units_and_bodies_have_their_days_figures_and_events(police):
    body = make_external_body()
    make_observance(title_az="Polis günü", unit=police)
    make_figure(value=66, unit=police)
    make_event(title_az="Qoşulma", concerned=[body])
    assert "Polis günü" in draw("unit_observances unit", unit=police)
    assert "66" in draw("unit_figures unit", unit=police)
    assert "Qoşulma" in draw("events_of_body body", body=body)
    for tag in ("unit_observances unit", "unit_figures unit"):
        assert draw(tag, unit=make_unit()).strip() == ""
    assert draw("events_of_body body", body=make_external_body()).strip() == ""


def test_the_closing_event_says_what_became_of_a_unit(police):
    gone = make_unit(dissolved="1992", closing_reason="replaced")
    make_event(
        kind="reorganisation", title_az="Çevrilmə", date="1992", before=[gone], after=[police]
    )
    html = draw("closing_event unit", unit=gone)
    assert "Çevrilmə" in html
    assert 'href="/az/units/police/"' in html
    assert draw("closing_event unit", unit=police).strip() == ""


def test_on_its_own_page_a_unit_is_not_named_with_each_event(police, ministry):
    make_event(concerned=[police, ministry])
    make_event(kind="founding", after=[police])
    html = draw("life_line unit", unit=police)
    before_today, _today = html.split('id="moment-today"')
    assert "Polis İdarəsi" not in before_today
    assert "Nazirlik" in before_today


def test_the_facts_of_a_unit_name_its_head(police):
    post = make_post(unit=police, is_head=True, title_az="Rəis", title_en="Chief")
    make_term(post=post, person=make_person(name_az="Aydan Əliyeva"))
    html = draw("head_fact unit", unit=police)
    assert "Rəis" in html
    assert "Aydan Əliyeva" in html


def test_a_unit_without_a_head_post_has_no_such_fact(police):
    make_post(unit=police, is_head=False)
    assert draw("head_fact unit", unit=police).strip() == ""


def test_a_head_who_is_not_public_is_no_fact(police):
    post = make_post(unit=police, is_head=True)
    make_term(post=post, person=make_person(status="draft", name_az="Gizli"))
    assert draw("head_fact unit", unit=police).strip() == ""
