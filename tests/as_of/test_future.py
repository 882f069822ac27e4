"""Pages of days to come, and what is hidden until its day."""

import datetime
import json
import re

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from chronology import Certainty, HistoricalDate
from mia_site.as_of import asked_for
from people.life import all_announced_heads, announced_heads
from structure.announced import announced_changes, announced_of
from structure.as_of import AsOf
from tests.factories import make_person, make_post, make_staff, make_term, make_unit
from tests.visibility.addresses import public_addresses
from units.models import DatedName, DatedSuperior, Unit

YEAR = timezone.localdate().year + 1
DAY = f"{YEAR}-01-01"
EVE = f"{YEAR - 1}-12-31"
MARK = "Sonraxyz"


@pytest.fixture
def world(db):
    """A unit that is to be renamed, moved under a new unit, and led by somebody else; by default
    all of it is hidden until its day."""
    root = make_unit(code="root", slug="root", founded="1918", name_en="Ministry")
    other = make_unit(code="other", slug="other", founded="1920", parent=root)
    child = make_unit(code="child", slug="child", founded="1950", parent=root, name_en="Child")
    rows = {
        "name": DatedName.objects.create(
            code="nameto", unit=child, name_en=f"{MARK} name", name_az=f"{MARK} ad", begin=DAY
        ),
        "superior": DatedSuperior.objects.create(
            code=f"{MARK}-superior", unit=child, parent=other, begin=DAY
        ),
        "term": make_term(
            make_post(child, title_en="Chief"), make_person(code="next", slug="next"),
            code=f"{MARK}-term", begin=DAY,
        ),
    }  # fmt: skip
    return rows


def announce(rows):
    for row in rows.values():
        row.announced = True
        row.save()


def page(path, on=""):
    found = Client().get(f"{path}?on={on}" if on else path)
    return b"".join(found) if found.streaming else found.content


def where_found(words):
    """Yields (word, public address, with those of a day to come) where an answer has a word."""
    client = Client()
    addresses = {f"{one.split('?')[0]}?on={DAY}" for one in public_addresses()}
    addresses |= {
        *public_addresses(),
        "/en/search/?q=sonraxyz+name",
        "/en/compare/?from=today&to=9999",
    }
    for address in sorted(addresses):
        answer = client.get(address)
        body = b"".join(answer) if answer.streaming else answer.content
        assert answer.status_code < 500, address
        text = body.decode(errors="replace")
        yield from ((word, address) for word in words if word in text and word not in address)


WORDS = (f"{MARK} name", f"{MARK}-superior", f"{MARK}-term")


def test_what_is_hidden_leaves_no_trace_before_its_day(world):
    assert list(where_found(WORDS)) == []


def test_the_same_words_are_found_when_they_are_announced(world):
    announce(world)
    missing = set(WORDS)
    for word, _address in where_found(WORDS):
        missing.discard(word)
        if not missing:  # the walk takes a while
            break
    assert not missing


@pytest.mark.parametrize(
    ("on", "name", "superior"),
    [(EVE, "Child", "root"), (DAY, f"{MARK} name", "other"), (str(YEAR), f"{MARK} name", "other"),
     ("9999", f"{MARK} name", "other")],
)  # fmt: skip
def test_an_announced_row_takes_the_place_of_the_present_on_its_day(world, on, name, superior):
    announce(world)
    row = json.loads(page("/api/v1/units/child", on))
    assert (row["name_en"], row["parent"]) == (name, superior)
    assert row["existence"] == row["names"][0]["certainty"] == "possible"
    then = AsOf(HistoricalDate(on))
    child = Unit.objects.get(code="child")
    assert [one.code for one in then.superiors(child)][-1] == superior
    above = Unit.objects.get(code=superior)
    assert child in then.sub_units(above)
    assert name in page("/en/units/child/", on).decode()


@pytest.mark.parametrize("on", [EVE, DAY, str(YEAR), "9999", ""])
def test_a_visitor_is_answered_as_if_a_hidden_row_were_not_there(world, on):
    row = json.loads(page("/api/v1/units/child", on))
    assert (row["name_en"], row["parent"], row["heads"]) == ("Child", "root", [])
    staff = AsOf(HistoricalDate(on or DAY), make_staff())
    child = Unit.objects.get(code="child")
    if on not in ("", EVE):
        assert staff.names.held(child).text("en") == f"{MARK} name"
        assert [one.code for one in staff.superiors(child)] == ["root", "other"]
        assert child in staff.sub_units(Unit.objects.get(code="other"))


def test_what_is_announced_is_said_on_the_pages_of_today(world):
    announce(world)
    for path in ("/en/units/child/", "/en/structure/", "/az/units/child/"):
        assert f"?on={DAY}" in page(path).decode(), path
    structure = page("/en/structure/").decode()
    assert "Announced changes" in structure
    assert re.search(
        rf"From 1 January {YEAR}</a>: <a[^>]*>Child</a> – <span>Chief</span>", structure
    )
    assert "Child" in page("/en/units/child/").decode().split("<h1>")[1].split("</h1>")[0]
    for words in ("until an unknown date", f"since 1 January {YEAR}"):  # it stands at its day
        assert words not in page("/en/units/child/").decode()


@pytest.mark.parametrize("on", [DAY, str(YEAR), "9999"])
def test_hidden_rows_move_nobody_in_lists_of_a_day_to_come(world, on):
    """What stands under whom and in A–Z is asked in SQL, which has a guard of its own."""
    then = AsOf(HistoricalDate(on))
    root, other, child = (Unit.objects.get(code=code) for code in ("root", "other", "child"))
    assert child in then.sub_units(root)
    assert child not in then.sub_units(other)
    assert ">Child<" in page("/en/units/", on).decode()


def test_editors_are_not_told_that_what_is_hidden_is_announced(world):
    """They see it on the life line, where it says who else does."""
    as_of, child = AsOf(None, make_staff()), Unit.objects.get(code="child")
    every = (announced_of(child, as_of), announced_heads(child, as_of),
             announced_changes(as_of), all_announced_heads(as_of))  # fmt: skip
    assert every == ([], [], [], [])
    announce(world)
    as_of = AsOf(None, make_staff("other"))
    assert len(announced_of(child, as_of)) == len(announced_changes(as_of)) == 2
    assert announced_heads(child, as_of) == all_announced_heads(as_of) == [world["term"]]


def test_what_is_announced_of_a_draft_or_under_one_is_not_told(world):
    announce(world)
    Unit.objects.filter(code="other").update(status="draft")  # the superior to come
    assert announced_changes(AsOf(None)) == [world["name"]]
    child = Unit.objects.get(code="child")
    assert announced_of(child, AsOf(None)) == [world["name"]]
    Unit.objects.filter(code="child").update(status="draft")
    assert announced_changes(AsOf(None)) == []
    assert all_announced_heads(AsOf(None)) == []


@pytest.mark.parametrize("on", [DAY, str(YEAR), "9999", f"{YEAR + 20}", f"{YEAR}/.."])
def test_nothing_is_certain_after_today(db, on):
    unit = make_unit(founded="1918")
    assert AsOf(HistoricalDate(on)).existence(unit) is Certainty.POSSIBLE
    assert unit not in Unit.objects.in_force(HistoricalDate(on))
    assert unit in AsOf(HistoricalDate(on)).units()


@pytest.mark.parametrize("on", [str(YEAR - 1), f"{str(YEAR)[:3]}X", f"1990/{YEAR}", "1990/.."])
def test_a_time_with_today_in_it_is_certain_up_to_today(db, on):
    unit = make_unit(founded="1918")
    new = make_unit(founded=(timezone.localdate() + datetime.timedelta(days=1)).isoformat())
    as_of = AsOf(HistoricalDate(on))
    assert as_of.existence(unit) is Certainty.CERTAIN
    assert as_of.existence(new) is Certainty.POSSIBLE
    assert list(Unit.objects.in_force(as_of.on)) == [unit]


def test_a_date_to_come_is_no_problem_and_has_a_banner_of_its_own(world):
    assert asked_for(DAY, None).problem == ""
    text = page("/en/structure/", DAY).decode()
    assert "Nothing of it is certain yet." in text
    assert "cannot be used as a date" not in text


def test_what_will_change_is_compared_and_not_certain(world):
    announce(world)
    text = page(f"/en/compare/?from=today&to={DAY}").decode()
    assert f"{MARK} name" in text
    assert "is-possible" in text


def test_nobody_serves_longer_than_a_life_in_the_days_to_come_either(world):
    make_term(make_post(make_unit(founded="1990")), make_person(), code="now", begin="2015")
    for on, is_there in (("2075", True), ("2076", False), ("9999", False)):
        rows = json.loads(page("/api/v1/terms", on))["results"]
        assert ("now" in [row["code"] for row in rows]) == is_there, on


@pytest.mark.parametrize(
    ("field", "dates"),
    [("begin", {"begin": str(YEAR)}), ("begin", {"begin": f"{DAY}?"}),
     ("end", {"begin": DAY, "end": f"{YEAR + 1}"})],
)  # fmt: skip
def test_a_row_to_come_needs_a_day_and_no_end(db, field, dates):
    row = DatedName(unit=make_unit(), name_en="Next", code="next", **dates)
    with pytest.raises(ValidationError) as error:
        row.full_clean()
    assert set(error.value.message_dict) == {field}
