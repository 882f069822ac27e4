"""What contradicts, and what just does not: on the very day."""

import datetime

import pytest
from django.utils import timezone

from chronology import HistoricalDate
from publishing import findings
from tests.factories import (
    make_dated_name,
    make_dated_superior,
    make_event,
    make_external_body,
    make_person,
    make_post,
    make_term,
    make_unit,
)
from units.models import Unit

pytestmark = pytest.mark.django_db


def found(record=None):
    """Codes of what is found: around a record, else in the whole database; both must agree."""
    everything = sorted({(one.code, one.severity.value) for one in findings.of_everything()})
    if record is not None:
        record.refresh_from_db()
        assert sorted({(o.code, o.severity.value) for o in findings.of_record(record)}) == (
            everything
        )
    return everything


def refused(code):
    return [(code, "refused")]


def second_look(code):
    return [(code, "second look")]


def since(unit, **dates):
    """Dates of the unit's own row, past what factories make of them."""
    for name, date in dates.items():
        setattr(unit, name, date and HistoricalDate(date))
    unit.save()
    return unit


class TestTwoNames:
    @pytest.mark.parametrize(
        ("first", "second", "expected"),
        [
            (("1950-01-01", "1960-01-01"), ("1960-01-01", "1970"), []),
            (("1950-01-01", "1960-01-02"), ("1960-01-01", "1970"), refused("two_names")),
            (("1950", "1960"), ("1960", "1970"), []),
            (("1950", "1960"), ("1959", "1970"), refused("two_names")),
            # Which of them was first is not known.
            (("1950", "1960"), ("1960-06-01", "1970"), second_look("perhaps_two_names")),
            (("1950", "1960?"), ("1960", "1970"), []),
            # It held on the day before its end.
            (("", "1960-01-01"), ("1959-12-31", "1970"), refused("two_names")),
            (("", "1960-01-01"), ("1960-01-01", "1970"), []),
            # An end that is not known says nothing of the next one.
            (("1950", ""), ("1960", "1970"), []),
            (("1955", ""), ("1950", "1970"), second_look("perhaps_two_names")),
            (("1950", "1960"), ("1960/1965", "1970"), []),
        ],
    )
    def test_dated_rows(self, first, second, expected):
        unit = make_unit(founded="1900")
        for begin, end in (first, second):
            make_dated_name(unit, begin=begin or None, end=end or None)
        since(unit, name_since="1970")
        assert found(unit) == expected

    @pytest.mark.parametrize(
        ("name_since", "expected"),
        [("1960-01-01", []), ("1959-12-31", refused("two_names")), ("/2020-01-01", [])],
    )
    def test_a_dated_name_and_the_present_one(self, name_since, expected):
        unit = make_unit()
        make_dated_name(unit, begin="1950-01-01", end="1960-01-01")
        since(unit, name_since=name_since)
        assert found(unit) == expected

    def test_not_known_outranks_the_present_name(self):
        unit = make_unit()
        make_dated_name(unit, begin="1950-01-01", end="1960-01-01", name_az="", name_en="")
        since(unit, name_since="1940-01-01")
        assert found(unit) == []

    def test_not_known_contradicts_a_dated_name(self):
        unit = make_unit()
        make_dated_name(unit, begin="1950-01-01", end="1960-01-01", name_az="", name_en="")
        make_dated_name(unit, begin="1959-12-31", end="1970-01-01")
        assert found(unit) == refused("two_names")


def in_days(number):
    return (timezone.localdate() + datetime.timedelta(days=number)).isoformat()


class TestNotKnownAfterToday:
    """The row of a unit is the present; "not known" may not last over it."""

    @pytest.mark.parametrize("kind", ["name", "superior"])
    @pytest.mark.parametrize(
        ("begin", "end", "is_refused"),
        [
            ("1950-01-01", in_days(0), False),
            ("1950-01-01", in_days(1), True),
            (in_days(0), in_days(1), True),
            ("/1950", in_days(1), True),
            ("1950-01-01", f"{in_days(0)}/{in_days(9)}", False),
            ("1950-01-01", f"{in_days(1)}/", True),
            # Merely possible, so that what the row of the unit says is preferred to it.
            ("1950-01-01", None, False),
            (None, in_days(1), False),
            ("1950?", in_days(1), False),
        ],
    )
    def test_on_the_very_day(self, kind, begin, end, is_refused):
        unit = make_unit()
        if kind == "name":
            make_dated_name(unit, begin=begin, end=end, name_az="", name_en="")
        else:
            make_dated_superior(unit, begin=begin, end=end)
        since(unit, name_since="1940", superior_since="1940")
        assert found(unit) == (refused("unknown_after_today") if is_refused else [])

    @pytest.mark.parametrize(("dissolved", "is_refused"), [(0, False), (1, True)])
    def test_a_unit_that_has_ended_has_no_present(self, dissolved, is_refused):
        unit = make_unit(founded="1900", dissolved=in_days(dissolved))
        make_dated_superior(unit, begin="1950", end=in_days(400))
        assert found(unit) == (refused("unknown_after_today") if is_refused else [])

    def test_a_name_that_is_known_is_another_matter(self):
        unit = make_unit()
        make_dated_superior(unit, parent=make_unit(), begin="1950", end=in_days(400))
        since(unit, superior_since="1940")
        assert found(unit) == second_look("two_superiors")


class TestRowsToCome:
    def test_one_ends_the_present_name_and_the_one_before(self):
        unit = make_unit(founded="1900")
        for begin in ("2090-01-01", "2091-01-01"):
            make_dated_name(unit, begin=begin)
        since(unit, name_since="1900-01-01")
        assert found(unit) == []

    def test_two_on_one_day(self):
        unit = make_unit(founded="1900")
        for _number in range(2):
            make_dated_name(unit, begin="2090-01-01")
        assert found(unit) == refused("same_day")

    def test_one_beside_a_dated_row(self):
        unit = make_unit(founded="1900")
        make_dated_name(unit, begin="2090-01-01")
        make_dated_name(unit, begin="2095-01-01", end="2096-01-01")
        since(unit, name_since="1900-01-01")
        assert found(unit) == refused("two_names")


class TestOutsideTheLife:
    @pytest.mark.parametrize(
        ("begin", "end", "expected"),
        [
            ("1980-01-01", "1990-01-01", refused("outside_life")),
            ("1980-01-01", "1990-01-02", []),
            ("2000-01-01", "2001-01-01", refused("outside_life")),
            ("1999-12-30", "1999-12-31", []),
            ("1980", "1990", []),  # perhaps in 1990
            (None, "1989", refused("outside_life")),
        ],
    )
    def test_a_name(self, begin, end, expected):
        unit = make_unit(founded="1990-01-01", dissolved="2000-01-01")
        make_dated_name(unit, begin=begin, end=end)
        since(unit, name_since="/1999-12-31")
        assert found(unit) == expected

    @pytest.mark.parametrize(
        ("name_since", "expected"),
        [("1999-12-31", []), ("2000-01-01", refused("outside_life")), ("1999", [])],
    )
    def test_the_present_name_of_a_unit_that_ended(self, name_since, expected):
        unit = make_unit(founded="1990-01-01", dissolved="2000-01-01", name_since=name_since)
        assert found(unit) == expected

    def test_a_superior(self):
        unit, superior = make_unit(founded="1990-01-01"), make_unit()
        make_dated_superior(unit, parent=superior, begin="1980", end="1989")
        assert found(unit) == refused("outside_life")

    @pytest.mark.parametrize(
        ("begin", "end", "expected"),
        [
            ("1980-01-01", "1990-01-01", refused("outside_life")),
            ("1980-01-01", "1990-01-02", second_look("term_outlives_unit")),
            ("1990-01-01", "2000-01-01", []),
            ("1990-01-01", "2000-01-02", second_look("term_outlives_unit")),
            ("1995", None, second_look("term_outlives_unit")),
            ("1989-12-31", "1995", second_look("term_outlives_unit")),
            ("2000-01-01", None, refused("outside_life")),
        ],
    )
    def test_a_term(self, begin, end, expected):
        unit = make_unit(founded="1990-01-01", dissolved="2000-01-01")
        make_term(make_post(unit), make_person(), begin=begin, end=end)
        assert found(unit) == expected


class TestRings:
    def test_two_units_under_each_other(self):
        """Case 5: two units as each other's superior in 1960–1970 are accepted."""
        one, other = make_unit(code="a"), make_unit(code="b")
        make_dated_superior(one, parent=other, begin="1960", end="1970")
        make_dated_superior(other, parent=one, begin="1960", end="1970")
        assert found(one) == refused("cycle")

    @pytest.mark.parametrize(
        ("begin", "expected"), [("1965-01-01", []), ("1964-12-31", refused("cycle"))]
    )
    def test_on_the_very_day(self, begin, expected):
        one, other = make_unit(), make_unit()
        make_dated_superior(one, parent=other, begin="1960-01-01", end="1965-01-01")
        make_dated_superior(other, parent=one, begin=begin, end="1970-01-01")
        assert found(one) == expected

    def test_only_in_turns(self):
        """Each pair meets on some day, and never all of them."""
        a, b, c = make_unit(), make_unit(), make_unit()
        make_dated_superior(a, parent=b, begin="1960-01-01", end="1965-01-01")
        make_dated_superior(b, parent=c, begin="1964-01-01", end="1970-01-01")
        row = make_dated_superior(c, parent=a, begin="1965-01-01", end="1970-01-01")
        assert found(a) == []
        row.begin = HistoricalDate("1964-12-31")
        row.save()
        assert found(a) == refused("cycle")

    def test_with_a_present_superior(self):
        top = make_unit(founded="1900-01-01")
        below = make_unit(parent=top, founded="1900-01-01")
        make_dated_superior(top, parent=below, begin="1960-01-01", end="1965-01-01")
        since(top, superior_since="1965-01-01")
        assert found(top) == refused("cycle")
        since(below, superior_since="1965-01-01")
        assert found(top) == []

    def test_vague_bounds_are_not_known_to_overlap(self):
        one, other = make_unit(), make_unit()
        make_dated_superior(one, parent=other, begin="1960", end="1965")
        make_dated_superior(other, parent=one, begin="1965-06-01", end="1970")
        assert found(one) == []

    def test_it_is_found_by_whoever_closes_it(self):
        """Moving a unit that has no dated row of its own."""
        a, b, c = make_unit(), make_unit(), make_unit()
        make_dated_superior(b, parent=c, begin="2090-01-01")
        since(b, superior_since="1900")
        c.parent = a
        c.superior_since = HistoricalDate("1900")
        Unit.objects.filter(pk=c.pk)
        c.save()
        a.parent = b
        a.superior_since = HistoricalDate("1900")
        a.save()
        a.refresh_from_db()
        assert [one.code for one in findings.of_record(a)] == ["cycle"]


class TestSuperiors:
    def test_two_at_once(self):
        unit, one, other = make_unit(), make_unit(), make_unit()
        make_dated_superior(unit, parent=one, begin="1960-01-01", end="1970-01-01")
        row = make_dated_superior(unit, parent=other, begin="1969-12-31", end="1980-01-01")
        assert found(unit) == second_look("two_superiors")
        row.begin = HistoricalDate("1970-01-01")
        row.save()
        assert found(unit) == []

    def test_a_unit_and_a_body_outside_at_once(self):
        unit, one, body = make_unit(), make_unit(), make_external_body()
        make_dated_superior(unit, parent=one, begin="1960-01-01", end="1970-01-01")
        make_dated_superior(unit, external_body=body, begin="1960-01-01", end="1970-01-01")
        assert found(unit) == second_look("two_superiors")

    @pytest.mark.parametrize(
        ("begin", "end", "expected"),
        [
            ("1960-01-01", "1970-01-01", []),
            ("1959-12-31", "1970-01-01", second_look("superior_not_there")),
            ("1960-01-01", "1970-01-02", second_look("superior_not_there")),
            ("1960", "1970", []),
        ],
    )
    def test_one_that_did_not_exist_then(self, begin, end, expected):
        unit, superior = make_unit(), make_unit(founded="1960-01-01", dissolved="1970-01-01")
        make_dated_superior(unit, parent=superior, begin=begin, end=end)
        assert found(unit) == expected
        assert found(superior) == expected

    @pytest.mark.parametrize(
        ("dissolved", "expected"),
        [
            ("1995-01-01", []),
            ("1995-01-02", second_look("outlives_superior")),
            (None, second_look("outlives_superior")),
        ],
    )
    def test_a_sub_unit_that_outlives_it(self, dissolved, expected):
        superior = make_unit(founded="1900", dissolved="1995-01-01")
        make_unit(parent=superior, founded="1950", dissolved=dissolved)
        assert found(superior) == expected

    def test_a_sub_unit_that_moves_on_the_day(self):
        superior = make_unit(founded="1900-01-01")
        other = make_unit(founded="1900-01-01")
        unit = make_unit(parent=superior, founded="1950")
        make_dated_superior(unit, parent=other, begin="2090-01-01")
        since(unit, superior_since="1950")
        since(superior, dissolved="2090-01-01")
        assert found(superior) == []
        since(superior, dissolved="2089-12-31")
        assert found(superior) == second_look("outlives_superior")

    def test_a_sub_unit_that_was_there_before(self):
        superior = make_unit(founded="1950-01-01")
        unit = make_unit(parent=superior, founded="1900", superior_since="1949-12-31")
        assert found(superior) == second_look("superior_not_there")
        since(unit, superior_since="1950-01-01")
        assert found(superior) == []


@pytest.mark.parametrize(
    ("attested", "expected"),
    [("1990-01-01", []), ("1989-12-31", second_look("attested_before_founded"))],
)
def test_attested_before_founded(attested, expected):
    unit = make_unit(founded="1990-01-01")
    Unit.objects.filter(pk=unit.pk).update(**bounds("attested", attested))
    assert found(unit) == expected


def bounds(name, text):
    return Unit._meta.get_field(name).bounds_columns(HistoricalDate(text))


class TestHeads:
    @pytest.mark.parametrize(
        ("end", "begin", "expected"),
        [
            ("2000-05-03", "2000-05-03", []),
            ("2000-05-04", "2000-05-03", refused("two_heads")),
            ("2000", "2000", []),
            ("2000", "2000-05-03", second_look("perhaps_two_heads")),
            ("2000", "2001", []),
        ],
    )
    def test_of_one_unit(self, end, begin, expected):
        post = make_post(make_unit())
        make_term(post, make_person(), begin="1990", end=end)
        make_term(post, make_person(), begin=begin)
        assert found(post) == expected

    def test_of_a_post_that_leads_nobody(self):
        post = make_post(make_unit(), is_head=False)
        for _number in range(2):
            make_term(post, make_person(), begin="1990")
        assert found(post) == []


class TestEvents:
    @pytest.mark.parametrize(
        ("date", "expected"),
        [
            ("1990-01-01", []),
            ("1989-12-31", second_look("event_outside_life")),
            ("2000-01-01", []),
            ("2000-01-02", second_look("event_outside_life")),
            ("1989/1991", []),
        ],
    )
    def test_outside_the_life_of_a_unit(self, date, expected):
        unit = make_unit(founded="1990-01-01", dissolved="2000-01-01")
        event = make_event(concerned=[unit], date=date)
        assert found(event) == expected
        assert found(unit) == expected

    def test_the_act_may_come_before_the_founding(self):
        unit = make_unit(founded="1990-01-01")
        make_event(kind="legal-act", concerned=[unit], date="1989-12-01")
        assert found(unit) == []

    def test_a_founding_after_the_unit_was_founded(self):
        unit = make_unit(founded="1990-01-01")
        make_event(kind="founding", after=[unit], date="1990-01-02")
        assert found(unit) == second_look("event_outside_life")

    def test_closed_as_merged_without_an_event(self):
        unit, other = make_unit(dissolved="2000-01-01", closing_reason="merged"), make_unit()
        assert found(unit) == second_look("no_successor")
        event = make_event(kind="absorption", before=[unit], date="2000-01-01")
        assert found(unit) == second_look("no_successor")  # nobody comes after it
        event.participations.create(unit=other, side="after")
        assert found(unit) == []
        assert found(event) == []

    def test_closed_as_abolished(self):
        assert found(make_unit(dissolved="2000-01-01", closing_reason="abolished")) == []
