"""What the public may not see is not found, counted, suggested or offered as a correction."""

from datetime import timedelta
from unittest import mock

import pytest
from django.utils import timezone

from search import upkeep
from search.finding import search, suggest
from search.models import SearchEntry, SearchWord
from structure.as_of import AsOf
from tests.factories import (
    make_dated_name,
    make_event,
    make_external_body,
    make_page,
    make_person,
    make_staff,
    make_unit,
)
from tests.visibility.records import hidden_states
from units.models import DatedName

pytestmark = pytest.mark.django_db

KINDS = {
    make_unit: "name",
    make_person: "name",
    make_external_body: "name",
    make_event: "title",
    make_page: "title",
}
STATES = list(hidden_states())


def hidden(make, state, **fields):
    stem = KINDS[make]
    names = {f"{stem}_az": "Gizlinxyz", f"{stem}_en": "Hidden Gizlinxyz"}
    return make(**{"code": "hidden", "slug": "hidden", **names, **hidden_states()[state], **fields})


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("make", KINDS)
def test_hidden_records_are_not_found_by_visitors(client, make, state):
    record = hidden(make, state)
    for typed in ("gizlinxyz", "gizlin", "hidden", "gizlinxzy", "hidden zzz"):
        assert not search(typed, as_of=AsOf(None, None)).counts
        assert suggest(typed, AsOf(None, None)) == []
        page = client.get("/en/search/", {"q": typed}).content.decode().split("<main")[1]
        assert record.get_absolute_url() not in page
        assert not search(typed, as_of=AsOf(None, None)).corrected
    assert b"hidden" not in client.get("/en/search/suggest/?q=gizlin").content
    # And it is the state that keeps it away:
    type(record).objects.filter(pk=record.pk).update(status="published", publish_at=None)
    assert search("gizlinxzy", as_of=AsOf(None, None)).hits[0].record == record


@pytest.mark.parametrize("make", KINDS)
def test_those_who_may_edit_find_them(make):
    record = hidden(make, "draft")
    boss = make_staff()
    assert [hit.record for hit in search("gizlinxyz", as_of=AsOf(None, boss)).hits] == [record]


@pytest.mark.parametrize("state", STATES)
def test_former_names_of_hidden_units_stay_hidden(state):
    unit = make_unit(**hidden_states()[state])
    make_dated_name(unit, name_en="Gizlinxyz")
    assert not search("gizlinxyz", as_of=AsOf(None, None)).counts
    assert suggest("gizlinxyz", AsOf(None, None)) == []


def test_a_scheduled_record_is_found_when_its_hour_has_come():
    page = hidden(make_page, "scheduled")
    later = timezone.now() + timedelta(hours=2)
    assert not search("gizlinxyz", as_of=AsOf(None, None)).counts
    with mock.patch("django.utils.timezone.now", return_value=later):
        assert search("gizlinxyz", as_of=AsOf(None, None)).hits[0].record == page


def test_hidden_hits_take_no_place_among_the_public_ones():
    for number in range(8):
        make_unit(name_en=f"Osprey {number}", status="draft")
    seen = make_unit(name_en="Osprey")
    found = search("osprey", as_of=AsOf(None, None), most=5)
    assert ([hit.record for hit in found.hits], found.more, found.total) == ([seen], False, 1)


def test_a_word_of_a_draft_changes_nothing_for_visitors():
    """Otherwise a missing correction would tell that some draft holds the mistyped word."""
    make_unit(code="u", name_en="Police Academy")
    hidden(make_page, "draft", title_en="Acadmey")
    assert search("police acadmey", as_of=AsOf(None, None)).corrected == "police academy"
    assert search("police acadmey", as_of=AsOf(None, make_staff())).corrected == ""


def name_to_come(unit, **fields):
    tomorrow = timezone.localdate() + timedelta(days=1)
    return DatedName.objects.create(**{"code": "next", "unit": unit, "begin": tomorrow} | fields)


def test_a_name_to_come_is_not_in_the_index_before_its_day():
    """It holds one text for all readers, so nobody finds a unit by what is hidden."""
    unit = make_unit(name_en="Osprey")
    row = name_to_come(unit, name_en="Gizlinxyz")
    for _time in ("saved", "the whole index made anew"):
        assert not any("gizlin" in entry.former for entry in SearchEntry.objects.all())
        assert not SearchWord.objects.filter(word__contains="gizlin").exists()
        for reader in (None, make_staff(f"staff {_time}")):
            for typed in ("gizlinxyz", "gizlin", "gizlinxzy"):
                found = search(typed, as_of=AsOf(None, reader))
                assert not found.counts
                assert not found.corrected
                assert suggest(typed, AsOf(None, reader)) == []
        SearchEntry.objects.all().delete()
        upkeep.repair()
    row.announced = True
    row.save()
    assert search("gizlinxyz", as_of=AsOf(None, None)).hits[0].record == unit


def test_a_unit_found_by_another_text_does_not_show_a_hidden_name(client):
    unit = make_unit(name_en="Osprey", name_az="Qartal", summary_en="Keeps merlins: merlin station")
    name_to_come(unit, name_en="Merlin squadron", name_az="Şahin dəstəsi")
    (hit,) = search("merlin", as_of=AsOf(None, None)).hits
    assert (hit.record, hit.former) == (unit, None)
    assert "squadron" not in client.get("/en/search/", {"q": "merlin"}).content.decode()
    DatedName.objects.update(announced=True)
    (hit,) = search("merlin", as_of=AsOf(None, None)).hits
    assert hit.former.name_en == "Merlin squadron"
