"""Which day belongs to the former value and which to the new one, on the very days."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from chronology import HistoricalDate
from structure.as_of import AsOf
from tests.as_of.test_yesterday import clock
from tests.factories import make_unit
from units.changes import NAME, SUPERIOR, Change, Meant, changed, hand_over
from units.models import Unit

TODAY = datetime.date(2026, 5, 20)


def date(text):
    return HistoricalDate(text) if text is not None else None


def change(since=None, meant=Meant.CHANGE, announced=False):
    return Change(meant, date(since), announced)


UNKNOWN = change(meant=Meant.UNKNOWN)


def texts(dates):
    return tuple(one and one.text for one in dates)


@pytest.mark.parametrize(
    ("stored", "since", "expected"),
    [
        ("1990-05-01", "1990-05-02", ("1990-05-01", "1990-05-02")),
        ("1990-05-01", "2026-05-20", ("1990-05-01", "2026-05-20")),
        ("1990", "1990", ("1990", "1990")),
        ("1990", "1990-01-02", ("1990", "1990-01-02")),
        ("1990-05-01", "2026", ("1990-05-01", "2026-01-01/2026-05-20")),
        (None, "2020", (None, "2020")),
        ("/2026-05-19", "2020", (None, "2020")),
        ("/2026-05-19", "2026-05-20", ("/2026-05-19", "2026-05-20")),
        ("/2026-05-20", "2026-05-20", ("/2026-05-20", "2026-05-20")),
        ("2026-01-01/2026-05-19", "2026-03", ("2026-01-01/2026-03-31", "2026-03")),
        ("1957/1961", "1961-12-31", ("1957/1961", "1961-12-31")),
        ("1957/1961", "1960", ("1957/1960-12-31", "1960")),
        ("../2000", "1990", ("../1990-12-31", "1990")),
    ],
)
def test_a_dated_change(stored, since, expected):
    assert texts(hand_over(date(stored), change(since), today=TODAY)) == expected


@pytest.mark.parametrize("since", ["1990-05-01", "1990-04", "1989"])
def test_a_change_on_the_day_on_which_the_old_value_began_or_before_is_refused(since):
    with pytest.raises(ValidationError) as refused:
        hand_over(date("1990-05-01"), change(since), today=TODAY)
    assert refused.value.code == "before"


@pytest.mark.parametrize(
    ("stored", "expected"),
    [
        ("1990-05-01", "1990-05-02/2026-05-20"),
        ("1990", "1991-01-01/2026-05-20"),
        ("1990?", "/2026-05-20"),
        (None, "/2026-05-20"),
        ("/2026-05-18", "2026-05-19/2026-05-20"),
        ("/2026-05-19", "2026-05-20"),  # certain yesterday: only today is left
        ("/2026-05-20", "2026-05-20"),
        ("2026-01-01/2026-05-20", "2026-05-20"),
    ],
)
def test_a_change_that_nobody_can_date_lies_after_the_day_on_which_the_old_value_was_certain(
    stored, expected
):
    assert texts(hand_over(date(stored), UNKNOWN, today=TODAY)) == (stored, expected)


@pytest.mark.parametrize(
    ("since", "code"), [("2027", "no_day"), ("2026-12", "no_day"), ("2027-01-01?", "no_day"),
                        (None, "required")],
)  # fmt: skip
def test_what_is_to_come_needs_a_day(since, code):
    from units.changes import check

    with clock(TODAY), pytest.raises(ValidationError) as refused:
        check(date("1990"), change(since))
    assert refused.value.code == code


@pytest.mark.django_db
class TestAnswers:
    """What AsOf says before and after, on the days around the change."""

    def rename(self, said, **fields):
        with clock(TODAY):
            unit = make_unit(name_en="Old", name_az="Köhnə", **fields)
            stored = Unit.objects.get(pk=unit.pk)
            unit.name_en = unit.name_az = "New"
            row = changed(NAME, unit, stored, said)
            unit.save()
            if row:
                row.save()
        return Unit.objects.get(pk=unit.pk)

    def told(self, unit, day):
        with clock(TODAY):
            held = AsOf(date(day), None).names.of([unit])[unit.pk]
        return [(one.text("en"), one.certainty.name) for one in held]

    def test_the_day_of_the_change_has_the_new_name(self):
        unit = self.rename(change("2010-06-01"), founded="1990-05-01")
        assert self.told(unit, "2010-05-31") == [("Old", "CERTAIN")]
        assert self.told(unit, "2010-06-01") == [("New", "CERTAIN")]

    def test_the_last_day_on_which_the_former_one_was_certain_stays_certain(self):
        unit = self.rename(UNKNOWN, founded="1990-05-01")
        assert self.told(unit, "1990-05-01") == [("Old", "CERTAIN")]
        assert {name for name, _sure in self.told(unit, "1990-05-02")} == {"Old", "New"}
        assert self.told(unit, "2026-05-20") == [("New", "CERTAIN")]

    def test_a_unit_that_has_ended(self):
        unit = self.rename(change("1995"), founded="1990-05-01", dissolved="2000-01-01")
        assert self.told(unit, "1994-12-31") == [("Old", "CERTAIN")]
        assert self.told(unit, "1999-12-31") == [("New", "CERTAIN")]
        assert self.told(unit, "2000-01-01") == []

    def test_a_correction_holds_for_the_past(self):
        unit = self.rename(change(meant=Meant.CORRECTION), founded="1990-05-01")
        assert self.told(unit, "1990-05-01") == [("New", "CERTAIN")]

    def test_what_is_to_come_leaves_the_unit_as_it_is(self):
        unit = self.rename(change("2026-05-21", announced=True), founded="1990-05-01")
        row = unit.dated_names.get()
        assert (unit.name_en, str(unit.name_since)) == ("Old", "1990-05-01")
        assert (row.name_en, str(row.begin), row.end, row.announced) == (
            "New", "2026-05-21", None, True,
        )  # fmt: skip
        assert row.takes_effect == datetime.date(2026, 5, 21)

    def test_a_superior_at_the_top_is_kept_as_such(self):
        with clock(TODAY):
            above, unit = make_unit(), make_unit(founded="1990-05-01")
            stored = Unit.objects.get(pk=unit.pk)
            unit.parent = Unit.objects.get(pk=above.pk)
            row = changed(SUPERIOR, unit, stored, change("2026-05-20"))
        assert (row.at_top, row.parent, str(row.end)) == (True, None, "2026-05-20")
        assert timezone.localdate() != TODAY  # the clock is set back
