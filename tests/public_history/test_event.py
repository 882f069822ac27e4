"""One event: all that is known, how precisely, and from where."""

import pytest

from tests.factories import (
    make_era,
    make_event,
    make_external_body,
    make_figure,
    make_observance,
    make_source,
    make_staff,
    make_unit,
)

pytestmark = pytest.mark.django_db


def test_everything_that_is_known_stands_on_the_page(read, ministry, police):
    body = make_external_body(name_en="The Empire", slug="empire")
    event = make_event(
        slug="e", title_en="The change", summary_en="In short.", body_en="At **length**.",
        place_en="Baku", date="1992", kind="reorganisation", era=make_era(name_en="The era"),
        before=[body], after=[police], concerned=[ministry],
    )  # fmt: skip
    make_figure(event=event, value=1200, label_en="people")
    make_observance(origin=event, title_en="Day of change")
    event.sources.add(
        make_source(
            title_en="On the change", kind="decree", number="12", publisher_en="President",
            date="1992-05-23", url="https://example.org/decree", accessed="2026-11-22",
        )
    )  # fmt: skip
    page = read("history/e/")
    for words in (
        "<h1>The change</h1>", "In short.", "<strong>length</strong>", "Baku", "The era",
        "Reorganisation", "1,200", "Day of change", "The source gives only the year.",
    ):  # fmt: skip
        assert words in page
    before, after = page.index(">The Empire</a>"), page.index(">Police Department</a>")
    assert before < after < page.index(">Ministry</a>")
    assert 'href="/en/international/empire/"' in page
    citation = " ".join(page[page.index("<cite") :].split())
    assert citation.startswith("<cite>On the change</cite>. Decree 12, <span>President</span>,")
    assert '<a class="source-address" href="https://example.org/decree" rel="noopener">' in citation
    assert "(read on 22 November 2026)" in citation


def test_what_is_not_known_is_said_or_left_out(read):
    make_event(slug="e")
    page = read("history/e/")
    assert "date not known" in page
    assert "No source gives the date of this event." in page
    assert "No source is recorded for this event." in page
    assert "Who took part" not in page
    assert "<dt>Place</dt>" not in page


@pytest.mark.parametrize(
    ("date", "note"),
    [
        ("1992", "The source gives only the year."),
        ("1992-05", "The source gives only the month."),
        ("184X", "Only the decade is known."),
        ("18XX", "Only the century is known."),
        ("1840~", "The date is approximate. The source gives only the year."),
        ("1917-11-13?", "The date is uncertain."),
        ("1840%", "The date is approximate and uncertain. The source gives only the year."),
        ("1957/1961", "It lasted from the first date to the last."),
        ("1991/..", "The period is open at one end."),
        ("1991/", "When it ended is not known."),
        ("/1991", "When it began is not known."),
    ],
)
def test_how_precisely_a_date_is_known_is_explained(read, date, note):
    make_event(slug="e", date=date)
    assert f'<span class="precision">{note}</span>' in read("history/e/")


def test_a_certain_day_needs_no_explanation(read):
    make_event(slug="e", date="1918-05-28")
    assert 'class="precision"' not in read("history/e/")


def test_neighbours_lead_on_and_skip_drafts(read):
    make_event(date="1910", title_en="Older", slug="older")
    make_event(date="1915", title_en="Hidden", slug="hidden", status="draft")
    make_event(date="1920", slug="e")
    make_event(date="1930", title_en="Newer", slug="newer")
    page = read("history/e/")
    assert 'rel="prev" href="/en/history/older/"' in page
    assert 'rel="next" href="/en/history/newer/"' in page
    assert "Hidden" not in page


def test_a_draft_is_a_404_to_the_public_and_a_preview_to_staff(client, read):
    make_event(slug="e", title_en="Gizlin", status="draft")
    assert "Gizlin" not in read("history/e/", status=404)
    client.force_login(make_staff())
    page = read("history/e/")
    assert "Gizlin" in page
    assert "Only staff see this page." in page


def test_hidden_participants_figures_and_days_stay_hidden(read, police):
    hidden = make_unit(name_en="Gizlin unit", status="draft")
    event = make_event(slug="e", concerned=[police, hidden], before=[
        make_external_body(name_en="Gizlin body", status="draft")
    ])  # fmt: skip
    make_figure(event=event, label_en="Gizlin figure", status="draft")
    make_figure(event=event, label_en="Open figure", unit=hidden)
    make_observance(origin=event, title_en="Gizlin day", status="archived")
    page = read("history/e/")
    assert "Gizlin" not in page
    assert "Open figure" in page
    assert "<h3>Before</h3>" not in page


@pytest.mark.parametrize("slug", ["no-such-event", "x" * 300])
def test_an_unknown_address_is_a_404(read, slug):
    read(f"history/{slug}/", status=404)


def test_the_number_of_queries_does_not_grow(client, ministry, django_assert_max_num_queries):
    event = make_event(slug="e", concerned=[ministry])
    event.sources.add(make_source())
    make_figure(event=event, unit=ministry)
    make_observance(origin=event, unit=ministry)
    with django_assert_max_num_queries(22) as few:
        client.get("/en/history/e/")
    for _number in range(10):
        make_figure(event=event, unit=make_unit(parent=ministry))
        make_observance(origin=event, unit=make_unit(parent=ministry))
        event.sources.add(make_source())
        make_event()
    with django_assert_max_num_queries(len(few)):
        client.get("/en/history/e/")
