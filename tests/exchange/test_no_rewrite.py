"""A file whose changes hold since a date leaves the answers for all days before as they were."""

import datetime

import pytest
from hypothesis import event, given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

import exchange
from chronology import HistoricalDate
from tests.as_of.examples import examples
from tests.as_of.test_no_rewrite import ONE_DAY, gaps, is_kept, told, unit
from tests.as_of.test_yesterday import DAY, clock, made, row
from tests.exchange.files import csv_bytes, read
from units.models import DatedName, DatedSuperior, Unit

pytestmark = pytest.mark.django_db

answers = st.sampled_from(
    ["2000", "2010-06-01", "2026", "2026-05-20", "2026-05-21", "2027-01-01", "corrections"]
)
# Of each row of the file: which unit, whether its name changes, under which one it goes (-1: the
# top, None: it stays).
changes = st.tuples(st.integers(0, 3), st.booleans(), st.sampled_from([None, -1, 0, 1, 2, 3]))


def file_of(rows, found):
    """A file with all units, of which ``rows`` says what changes."""
    names = {one.code: one.name_en for one in found}
    above = {one.code: one.parent.code if one.parent else "" for one in found}
    for which, is_renamed, other in rows:
        code = found[which % len(found)].code
        if is_renamed:
            names[code] = f"New {code}"
        if other is not None:
            above[code] = found[other % len(found)].code if other >= 0 else ""
    return csv_bytes(("code", "name_en", "parent"), *((c, names[c], above[c]) for c in names))


class RandomFilesTest(TestCase):
    @examples(30)
    @given(
        st.lists(unit, min_size=2, max_size=4),
        st.lists(row, max_size=2),
        st.lists(row, max_size=2),
        st.lists(changes, min_size=1, max_size=3),
        answers,
        st.booleans(),
    )
    def test_days_before_the_change_are_answered_as_before(
        self, units, names, superiors, rows, answer, announce
    ):
        with clock(DAY):
            made(units, names, superiors, [])
            found = list(Unit.objects.select_related("parent").order_by("code"))
            days = {datetime.date(year, 5, 1) for year in (1989, 1990, 2005)} | {DAY - ONE_DAY}
            since = None if answer == "corrections" else HistoricalDate(answer)
            if since:
                days |= {since.earliest - ONE_DAY, since.earliest - 40 * ONE_DAY}
                days = {day for day in days if day < since.earliest}
            days = sorted(day for day in days if day <= DAY)
            before, vague = {day: told(day) for day in days}, [gaps(DatedName), gaps(DatedSuperior)]
            there = DatedName.objects.count(), DatedSuperior.objects.count()
            options = exchange.Options(
                since=since, corrections=not since, announce=announce, accept_findings=True
            )
            _plan, applied = exchange.run(read(file_of(rows, found)), options=options)
            event("imported" if applied else "refused")
            if not since:
                assert there == (DatedName.objects.count(), DatedSuperior.objects.count())
                return
            for day in days:
                now = told(day)
                for code, facts in before[day].items():
                    kept = [
                        is_kept(old, new, code in unknown)
                        for old, new, unknown in zip(facts, now[code], vague, strict=True)
                    ]
                    assert all(kept), (answer, rows, code, day, units, names, superiors)
