"""A source is shown where a statement that the reader sees cites it."""

import re

import pytest
from django.contrib.auth.models import AnonymousUser

from sources.models import Source
from tests.factories import (
    make_dated_name,
    make_dated_superior,
    make_event,
    make_person,
    make_post,
    make_source,
    make_staff,
    make_term,
    make_unit,
)

pytestmark = pytest.mark.django_db
NOBODY = AnonymousUser()


def cite_in_a_name(unit, source):
    make_dated_name(unit, begin="1950", end="1960").sources.add(source)


def cite_in_a_superior(unit, source):
    make_dated_superior(unit, at_top=True, begin="1950", end="1960").sources.add(source)


def cite_in_a_term(unit, source):
    term = make_term(make_post(unit, is_head=True), make_person(), begin="2001")
    term.sources.add(source)


def cite_as_founding(unit, source):
    unit.founding_sources.add(source)


def cite_as_closing(unit, source):
    unit.closing_sources.add(source)


def cite_in_an_event(unit, source):
    make_event(status=unit.status).sources.add(source)


CITED = [
    cite_in_a_name, cite_in_a_superior, cite_in_a_term, cite_as_founding, cite_as_closing,
    cite_in_an_event,
]  # fmt: skip


@pytest.mark.parametrize("cite", CITED)
def test_a_source_is_seen_with_the_statement_that_cites_it(cite):
    source = make_source()
    cite(make_unit(founded="1940", dissolved="2020"), source)
    assert list(Source.objects.visible_to(NOBODY)) == [source]


@pytest.mark.parametrize("cite", CITED)
def test_a_source_of_a_draft_alone_is_not_seen(cite):
    cite(make_unit(founded="1940", dissolved="2020", status="draft"), make_source())
    assert not Source.objects.visible_to(NOBODY).exists()


def test_a_source_that_nothing_cites_is_seen_by_its_editors_alone():
    make_source()
    assert not Source.objects.visible_to(NOBODY).exists()
    assert Source.objects.visible_to(make_staff("boss", "administrator")).exists()


@pytest.mark.parametrize("cite", [one for one in CITED if one is not cite_in_an_event])
def test_the_life_line_names_the_source_beside_the_statement(client, cite):
    unit = make_unit(founded="1940", dissolved="2020")
    cite(unit, make_source(title_en="Decree on what was", number="12-QD"))
    page = client.get(f"/en/units/{unit.slug}/").content.decode()
    assert page.count('Source: <a href="#source-1">1</a>') == 1
    (listed,) = re.findall(r'<li id="source-1">(.*?)</li>', page, re.DOTALL)
    assert "<cite>Decree on what was</cite>" in listed
    assert "12-QD" in listed


def test_the_sources_of_a_life_line_are_listed_once_in_the_order_of_citing(client):
    unit = make_unit(founded="1940", dissolved="2020")
    first, second = make_source(code="z"), make_source(code="a")
    unit.founding_sources.add(first)
    cite_in_a_name(unit, second)
    cite_in_a_name(unit, first)
    page = client.get(f"/en/units/{unit.slug}/").content.decode()
    assert re.findall(r'href="#source-(\d)"', page) == ["1", "2", "1"]
    assert re.findall(r'id="source-(\d)".*?<cite>([^<]*)', page, re.DOTALL) == [
        ("1", first.title_en), ("2", second.title_en),
    ]  # fmt: skip


def test_the_life_line_leads_to_the_text_of_the_source(client):
    unit = make_unit(founded="1940")
    unit.founding_sources.add(make_source(url="https://e-qanun.az/framework/1?a=1&b=2"))
    page = client.get(f"/en/units/{unit.slug}/").content.decode()
    assert 'href="https://e-qanun.az/framework/1?a=1&amp;b=2" rel="noopener"' in page


@pytest.mark.parametrize("group", ["publisher", "administrator"])
def test_who_may_import_may_import_sources(group):
    assert make_staff(group, group).has_perm("sources.import_source")


def test_sources_stand_in_the_admin_between_history_and_pages(client):
    client.force_login(make_staff("boss"))
    labels = [app["app_label"] for app in client.get("/admin/").context["app_list"]]
    assert labels[labels.index("history") : labels.index("pages") + 1] == [
        "history", "sources", "pages",
    ]  # fmt: skip
