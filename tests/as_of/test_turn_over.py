"""Names and superiors to come take effect on their day: once, as a whole, and nothing is lost."""

import datetime
import io
import json
import signal
import zipfile
from unittest import mock

import pytest
from django.contrib.admin.models import LogEntry
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.utils import timezone

import exchange
from chronology import HistoricalDate
from exchange.writing import locking
from mia_site import midnight
from publishing.models import RetiredCode
from sources.models import Source
from structure.as_of import AsOf
from tests.exchange.processes import ask, manage
from tests.factories import make_external_body, make_unit
from units import tree
from units.models import DatedName, DatedSuperior, Unit
from units.turn_over import turn_over

pytestmark = pytest.mark.django_db

BAKU = datetime.timezone(datetime.timedelta(hours=4))
# The first moment of 2027 in Baku.
MIDNIGHT = datetime.datetime(2026, 12, 31, 20, tzinfo=datetime.UTC)
SECOND = datetime.timedelta(seconds=1)
NEW_YEAR = "2027-01-01"


def at(moment):
    return mock.patch("django.utils.timezone.now", return_value=moment)


def noon(day):
    return at(datetime.datetime.combine(datetime.date.fromisoformat(day), datetime.time(12), BAKU))


def to_come(unit, day=NEW_YEAR, **fields):
    """The dated row of a name to come."""
    fields = {"code": f"{unit.code}-name-1", "name_az": "Yeni ad", "name_en": "New name"} | fields
    return DatedName.objects.create(unit=unit, begin=day, **fields)


def move_to_come(unit, parent=None, day=NEW_YEAR, **fields):
    fields = {"code": f"{unit.code}-superior-1", "at_top": parent is None} | fields
    return DatedSuperior.objects.create(unit=unit, parent=parent, begin=day, **fields)


def told(unit, on=None):
    """Names and superiors on a date with how surely and from when to when."""
    as_of, unit = AsOf(on and HistoricalDate(on)), Unit.objects.get(pk=unit.pk)
    names = [
        (n.text("az"), n.text("en"), n.certainty, n.begin, n.end)
        for n in as_of.names.of([unit])[unit.pk]
    ]
    superiors = as_of.superiors_of([unit])[unit.pk]
    return names, [(s.unit_id, s.certainty, s.begin, s.end) for s in superiors]


@pytest.fixture
def ministry():
    return make_unit(code="ministry", founded="1970")


@pytest.fixture
def police(ministry):
    return make_unit(
        code="police", parent=ministry, founded="1990", name_az="Polis", name_en="Police",
        abbreviation_az="PI", native_name="Polis idarəsi",
    )  # fmt: skip


def test_it_happens_at_midnight_in_baku_and_not_a_second_before(police):
    to_come(police)
    with at(MIDNIGHT - SECOND):
        assert turn_over().rows == 0
        assert Unit.objects.get(pk=police.pk).name_en == "Police"
    with at(MIDNIGHT):
        assert turn_over().rows == 1
        unit = Unit.objects.get(pk=police.pk)
    assert (unit.name_az, unit.name_en, str(unit.name_since)) == ("Yeni ad", "New name", NEW_YEAR)
    # All of the names in all languages, and what is derived from them.
    assert (unit.abbreviation_az or "", unit.native_name) == ("", "")
    assert unit.name_since_certain == datetime.date(2027, 1, 1)
    assert "new name" in unit.search_text
    assert Unit.objects.rewrite(False).values_list("name", flat=True).get(pk=unit.pk) == "Yeni ad"


def test_the_old_value_becomes_a_dated_row_with_a_code_of_its_own(police):
    row = to_come(police)
    with noon(NEW_YEAR):
        turn_over()
    (kept,) = DatedName.objects.filter(unit=police)
    assert kept.code == "police-name-until-2027-01-01" != row.code
    assert (kept.name_az, kept.name_en, kept.abbreviation_az) == ("Polis", "Police", "PI")
    assert kept.native_name == "Polis idarəsi"
    assert (str(kept.begin), str(kept.end), kept.takes_effect) == ("1990", NEW_YEAR, None)
    assert RetiredCode.objects.filter(kind="units.datedname", code=row.code).exists()


def test_the_day_before_is_told_ever_after_as_it_was_told_then(police, ministry):
    other = make_unit(code="other", founded="1980")
    to_come(police)
    move_to_come(police, other)
    with noon("2026-12-31"):
        before = told(police)
    days = ("1989", "1990", "2005-03-04", "2026-12-31")
    with noon(NEW_YEAR):
        asked = [told(police, day) for day in days]
        turn_over()
        assert [told(police, day) for day in days] == asked
    facts = lambda found: [[(*one[:-2],) for one in some] for some in found]  # noqa: E731
    assert facts(asked[-1]) == facts(before)
    assert [one[-1] for one in asked[-1][0]] == [HistoricalDate(NEW_YEAR)]


def test_a_unit_moves_with_all_below_it_to_the_last_place(ministry, police):
    station = make_unit(code="station", parent=police)
    other = make_unit(code="other", founded="1980")
    make_unit(code="zz", parent=other, order=7)
    move_to_come(police, other)
    with noon(NEW_YEAR):
        turn_over()
    assert list(tree.check()) == []
    other.refresh_from_db()
    assert [u.code for u in other.get_children()] == ["zz", "police"]
    station.refresh_from_db()
    assert [u.code for u in station.get_ancestors()] == ["other", "police"]
    (kept,) = DatedSuperior.objects.filter(unit=police)
    assert (kept.code, kept.parent_id) == ("police-superior-until-2027-01-01", ministry.pk)


def test_to_the_top_and_from_the_top(ministry, police):
    other = make_unit(code="other", founded="1980")
    move_to_come(police)
    move_to_come(other, ministry)
    with noon(NEW_YEAR):
        turn_over()
    assert list(tree.check()) == []
    assert Unit.objects.get(code="police").parent_id is None
    assert Unit.objects.get(code="other").parent_id == ministry.pk
    (kept,) = DatedSuperior.objects.filter(unit=other)
    assert kept.at_top
    assert not kept.is_unknown


def test_several_missed_days_take_effect_one_after_the_other(police):
    to_come(police, NEW_YEAR, name_en="First")
    to_come(police, "2027-03-01", code="police-name-2", name_en="Second")
    with noon("2027-04-01"):
        asked = told(police, "2027-02-01"), told(police, "2026-12-31"), told(police)
        report = turn_over()
        assert (told(police, "2027-02-01"), told(police, "2026-12-31"), told(police)) == asked
    assert report.rows == 2
    found = DatedName.objects.filter(unit=police).values_list("name_en", "begin", "end")
    texts = [(name, str(begin), str(end)) for name, begin, end in found]
    assert texts == [("Police", "1990", NEW_YEAR), ("First", NEW_YEAR, "2027-03-01")]
    assert Unit.objects.get(pk=police.pk).name_en == "Second"


def test_twice_is_once(police):
    to_come(police)
    with noon(NEW_YEAR):
        assert turn_over().rows == 1
        rows = list(DatedName.objects.values())
        assert turn_over().rows == 0
    assert list(DatedName.objects.values()) == rows


def test_what_was_vague_is_kept_as_vague_as_it_was(police):
    """Known only since when it was first public: certain from then on, possible before."""
    Unit.objects.filter(pk=police.pk).update(
        **Unit._meta.get_field("name_since").bounds_columns(HistoricalDate("/2026-11-29"))
    )
    to_come(Unit.objects.get(pk=police.pk))
    days = ("2026-11-28", "2026-11-29", "2026-12-31")
    with noon("2026-12-31"):
        before = [told(police, day)[0][0][:3] for day in days]
    with noon(NEW_YEAR):
        turn_over()
        assert [told(police, day)[0][0][:3] for day in days] == before
    assert {str(sure) for *_names, sure in before} == {"Certainty.POSSIBLE", "Certainty.CERTAIN"}


def test_two_units_change_places_on_one_day(ministry):
    a = make_unit(code="a", parent=ministry)
    b = make_unit(code="b", parent=a)
    move_to_come(a, b)
    move_to_come(b, ministry)
    with noon(NEW_YEAR):
        assert turn_over().left == []
    assert list(tree.check()) == []
    assert Unit.objects.get(code="a").parent_id == b.pk


def test_a_cycle_is_left_and_reported_and_the_others_go_on(ministry, police):
    station = make_unit(code="station", parent=police)
    row = move_to_come(police, station)
    to_come(ministry)
    with noon(NEW_YEAR):
        report = turn_over()
        assert turn_over().left == []  # reported once
    assert [code for code, _sentence in report.left] == [row.code]
    assert list(tree.check()) == []
    assert Unit.objects.get(pk=police.pk).parent_id == ministry.pk
    assert Unit.objects.get(pk=ministry.pk).name_en == "New name"
    row.refresh_from_db()
    assert row.takes_effect is None
    assert LogEntry.objects.filter(object_id=police.pk, change_message__contains=NEW_YEAR[:4])


def test_the_command_says_what_is_left(police):
    move_to_come(police, make_unit(code="station", parent=police))
    with noon(NEW_YEAR), pytest.raises(CommandError, match="police-superior-1"):
        call_command("turn_over")
    with noon(NEW_YEAR):
        call_command("turn_over")


def test_a_unit_that_had_ended_before_keeps_its_last_name(police):
    to_come(police, "2027-02-01")
    Unit.objects.filter(pk=police.pk).update(
        **Unit._meta.get_field("dissolved").bounds_columns(HistoricalDate(NEW_YEAR))
    )
    with noon("2027-02-01"):
        assert len(turn_over().left) == 1
    assert Unit.objects.get(pk=police.pk).name_en == "Police"


def test_a_body_outside_and_what_is_not_known_do_not_take_effect(police):
    """The row of a unit can hold neither."""
    outside = move_to_come(police, external_body=make_external_body(), at_top=False)
    unknown = to_come(police, name_az="", name_en="")
    nobody = move_to_come(police, code="police-superior-2", at_top=False)
    assert [row.takes_effect for row in (outside, unknown, nobody)] == [None] * 3
    with noon(NEW_YEAR):
        assert turn_over().rows == 0


def test_the_history_of_the_unit_says_so(police):
    to_come(police)
    with noon(NEW_YEAR):
        turn_over()
    entry = LogEntry.objects.get(object_id=police.pk, content_type__model="unit")
    assert "police-name-1" in entry.change_message


def test_search_finds_the_new_and_the_old_name(police, client):
    to_come(police)
    with noon(NEW_YEAR):
        turn_over()
        for query in ("New name", "Police"):
            page = client.get("/en/search/", {"q": query}).content.decode()
            assert f"/en/units/{police.slug}/" in page, query
        assert "Formerly:" in page


def test_what_is_saved_as_due_takes_effect_when_the_transaction_is_done(
    police, django_capture_on_commit_callbacks
):
    with noon("2027-02-01"):
        with django_capture_on_commit_callbacks(execute=True):
            to_come(police)
        assert timezone.localdate().isoformat() == "2027-02-01"
    assert Unit.objects.get(pk=police.pk).name_en == "New name"


@pytest.mark.parametrize("since", ["1990", "/2026-11-29"])
def test_a_file_brings_rows_to_come_with_their_day(police, since):
    """Also where since when the present one holds comes with the same file, and after the day."""
    units = [{"code": "new", "kind": police.kind.code, "name_en": "Old", "parent": "police",
              "status": "published", "name_since": since, "superior_since": since}]  # fmt: skip
    names = [{"code": "new-name-1", "unit": "new", "name_en": "Newer", "begin": NEW_YEAR}]
    superiors = [{"code": "new-superior-1", "unit": "new", "parent": "ministry", "begin": NEW_YEAR}]
    package = io.BytesIO()
    with zipfile.ZipFile(package, "w") as new:
        tables = {"units": units, "dated_names": names, "dated_superiors": superiors}
        for kind, rows in tables.items():
            lines = [",".join(rows[0]), *(",".join(row.values()) for row in rows)]
            new.writestr(f"{kind}.csv", "\n".join(lines))
    with noon("2027-02-01"):
        book = exchange.read(package.getvalue(), "all", name="site.zip")
        plan, applied = exchange.run(book)
        assert not plan.problems
        assert applied
        for model in (DatedName, DatedSuperior):
            assert str(model.objects.get(unit__code="new").takes_effect) == NEW_YEAR
        assert turn_over().rows == 2
    unit = Unit.objects.get(code="new")
    assert (unit.name_en, unit.parent.code) == ("Newer", "ministry")


def test_the_sources_of_what_took_effect_stay_with_what_it_ended(police, ministry):
    """A unit has no place for the source of its present name: the act that changed it stands with
    the old one, and with the new one as soon as that has become a dated row."""
    other = make_unit(code="other", founded="1980")
    first, second, move = (
        Source.objects.create(code=code, title_en=f"Decree {code}", kind="decree")
        for code in ("first", "second", "move")
    )
    to_come(police).sources.add(first, second)
    to_come(police, "2027-03-01", code="police-name-2", name_en="Third").sources.add(second)
    move_to_come(police, other).sources.add(move)

    def cited():
        rows = [*DatedName.objects.order_by("code"), *DatedSuperior.objects.all()]
        return {row.code: {one.code for one in row.sources.all()} for row in rows}

    with noon(NEW_YEAR):
        page = Client().get(f"/en/units/{police.slug}/").content.decode()
        turn_over()
        assert cited() == {
            "police-name-until-2027-01-01": {"first", "second"},
            "police-name-2": {"second"},
            "police-superior-until-2027-01-01": {"move"},
        }
        after = Client().get(f"/en/units/{police.slug}/").content.decode()
        for words in ("Decree first", "Decree second", "Decree move"):
            assert page.count(words) == after.count(words) > 0, words
    with noon("2027-03-01"):
        turn_over()
    assert cited()["police-name-until-2027-03-01"] == {"second"}
    connection.check_constraints()
    for one in (first, second, move):
        assert Source.objects.visible_to(None).filter(pk=one.pk).exists()


def test_of_two_missed_changes_the_one_between_cites_both_acts(police):
    sources = [
        Source.objects.create(code=code, title_en=code, kind="law") for code in ("first", "second")
    ]
    for day, source in zip((NEW_YEAR, "2027-03-01"), sources, strict=True):
        to_come(police, day, code=f"police-name-{source.code}").sources.add(source)
    with noon("2027-04-01"):
        turn_over()
    rows = {row.code: {one.code for one in row.sources.all()} for row in DatedName.objects.all()}
    assert rows == {
        "police-name-until-2027-01-01": {"first"},
        "police-name-until-2027-03-01": {"first", "second"},
    }
    connection.check_constraints()


# --- Other processes --------------------------------------------------------------------------

KILLED = """
import os, signal
from units import tree, turn_over
tree.renumber = lambda *args: os.kill(os.getpid(), signal.SIGKILL)
turn_over.turn_over()
"""
STATE = """
import json
from django.contrib.admin.models import LogEntry
from publishing.models import RetiredCode
from units.models import DatedName, DatedSuperior, Unit
from units import due
turned = Unit.objects.filter(name_en="New name", parent__code="other").count()
tables = [DatedName, DatedSuperior, RetiredCode, LogEntry]
print(json.dumps([turned, *(table.objects.count() for table in tables), due.any_due()]))
"""
MADE = """
from tests.as_of.test_turn_over import many_due
many_due()
"""
UNITS = 150
NOTHING_DONE = [0, UNITS, UNITS, 0, 0, True]
ALL_DONE = [UNITS, UNITS, UNITS, 2 * UNITS, 6 * UNITS, False]


def many_due():
    """UNITS units whose new name and superior are due today."""
    make_unit(code="other", founded="1980")
    top, today = make_unit(code="top", founded="1970"), timezone.localdate().isoformat()
    for number in range(UNITS):
        unit = make_unit(code=f"u{number}", founded="1990", parent=top)
        to_come(unit, "2999-01-01")
        move_to_come(unit, Unit.objects.get(code="other"), "2999-01-01")
    for model in (DatedName, DatedSuperior):
        day = model._meta.get_field("begin").bounds_columns(HistoricalDate(today))
        model.objects.update(takes_effect=today, **day)


def state(site):
    return json.loads(ask(site, STATE))


@pytest.mark.concurrency
@pytest.mark.django_db(transaction=True)
def test_killed_in_the_middle_it_leaves_nothing_and_two_at_once_do_it_once(site):
    made = manage(site, "shell", "--verbosity", "0", "--command", MADE)
    assert made.wait(120) == 0, made.stdout.read()
    killed = manage(site, "shell", "--verbosity", "0", "--command", KILLED)
    assert killed.wait(60) == -signal.SIGKILL
    assert state(site) == NOTHING_DONE
    both = [manage(site, "turn_over") for _process in range(2)]
    assert [one.wait(120) for one in both] == [0, 0]
    assert state(site) == ALL_DONE


@pytest.fixture
def same_connection(monkeypatch):
    """The worker's thread closes connections; here it has the one of the test."""
    monkeypatch.setattr(midnight, "close_old_connections", lambda: None)


@pytest.mark.usefixtures("same_connection")
def test_where_others_write_for_long_the_worker_tries_again_soon(police, monkeypatch):
    to_come(police)

    def busy(kinds):
        raise locking.Busy

    with noon(NEW_YEAR):
        with monkeypatch.context() as patch:
            patch.setattr(locking, "writing", busy)
            assert midnight.attempt() is False
        assert Unit.objects.get(pk=police.pk).name_en == "Police"
        assert midnight.attempt() is True
    assert Unit.objects.get(pk=police.pk).name_en == "New name"


@pytest.mark.usefixtures("same_connection")
def test_what_fails_in_the_middle_is_as_if_it_had_never_begun(police, monkeypatch):
    to_come(police)
    move_to_come(police, make_unit(code="other", founded="1980"))
    before = list(Unit.objects.values()), list(DatedName.objects.values())

    def fail():
        raise RuntimeError

    monkeypatch.setattr(tree, "renumber", fail)
    with noon(NEW_YEAR):
        assert midnight.attempt() is False
    assert (list(Unit.objects.values()), list(DatedName.objects.values())) == before


def test_the_worker_waits_until_midnight_where_the_site_is():
    with at(MIDNIGHT - 10 * SECOND):
        assert midnight.until_next() == pytest.approx(10)
    with at(MIDNIGHT - 3600 * SECOND):
        assert midnight.until_next() == midnight.LONGEST
