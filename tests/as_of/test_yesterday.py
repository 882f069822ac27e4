"""What a page said of today it says of that day ever after, as long as nobody edits anything."""

import dataclasses
import datetime
from unittest import mock

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from chronology import HistoricalDate
from history.comparison.states import state
from publishing import findings
from structure.as_of import AsOf
from structure.index import Index
from structure.outline import walk
from tests.as_of.examples import examples
from tests.factories import (
    make_dated_name,
    make_dated_superior,
    make_external_body,
    make_person,
    make_post,
    make_term,
    make_unit,
)
from units.contradictions.claims import NAME
from units.models import DatedName, DatedSuperior, Unit

pytestmark = pytest.mark.django_db

DAY = datetime.date(2026, 5, 20)
LATER = [1, 30, 400]
dates = st.sampled_from(
    ["", "", "1990", "1990?", "2026", "2026-05", "2026-05-20", "2026-05-19", "2026-05-21", "202X",
     "2026~", "2020/", "/2025", "2030"]
)  # fmt: skip
since = dates.filter(lambda text: text not in ("2026-05-21", "2030"))  # which forms refuse
unit = st.fixed_dictionaries(
    {
        "above": st.integers(-1, 4), "founded": dates, "name_since": since, "superior_since": since,
        "dissolved": st.one_of(st.just(""), st.just(""), dates),
        "status": st.sampled_from(["published", "published", "published", "draft"]),
    }
)  # fmt: skip
row = st.tuples(st.integers(0, 4), st.integers(-2, 4), dates, dates)
term = st.tuples(st.integers(0, 4), dates, st.one_of(st.just(""), dates))


def clock(day):
    now = datetime.datetime.combine(day, datetime.time(12), tzinfo=timezone.get_current_timezone())
    return mock.patch("django.utils.timezone.now", return_value=now)


def in_order(begin, end):
    if not begin or not end:
        return begin, end
    first, last = HistoricalDate(begin), HistoricalDate(end)
    known = first.earliest and last.latest
    return (begin, end) if not known or first.earliest < last.latest else (begin, "")


def made(units, names, superiors, terms):
    found = []
    for number, fields in enumerate(units):
        fields = dict(fields)
        above = fields.pop("above")
        founded, dissolved = in_order(fields.pop("founded"), fields.pop("dissolved"))
        parent = found[above] if 0 <= above < len(found) else None
        found.append(
            make_unit(
                code=f"u{number}", slug=f"u{number}", founded=founded, dissolved=dissolved,
                parent=parent and Unit.objects.get(pk=parent.pk), **fields,
            )
        )  # fmt: skip
    body = make_external_body(code="body")
    kept = {one.pk: (one.name_since, one.superior_since) for one in found}
    for which, above, begin, end in names:
        begin, end = in_order(begin, end)
        texts = {"name_az": "", "name_en": ""} if above == -2 else {}
        make_dated_name(found[which % len(found)], begin=begin, end=end, **texts)
    for which, above, begin, end in superiors:
        begin, end = in_order(begin, end)
        below = found[which % len(found)]
        superior = found[above % len(found)] if above >= 0 else None
        who = {"parent": superior} if superior and superior != below else {"external_body": body}
        make_dated_superior(below, begin=begin, end=end, **({} if above == -2 else who))
    for one in Unit.objects.all():  # as the editor wrote it, not as the factories follow the rows
        one.name_since, one.superior_since = kept[one.pk]
        one.save()
    for finding in findings.of_everything():  # which forms refuse
        if finding.code == "unknown_after_today":
            model = DatedName if finding.place.model == NAME else DatedSuperior
            model.objects.filter(code=finding.place.code).delete()
    for number, (which, begin, end) in enumerate(terms):
        begin, end = in_order(begin, end)
        post = make_post(found[which % len(found)], is_head=False)
        make_term(post, make_person(code=f"p{number}"), begin=begin, end=end)


def without_coming_ends(found):
    """A UnitState without the ends that were still to come on DAY: what follows was hidden then."""

    def known(one):
        is_to_come = one.end and (HistoricalDate(one.end).earliest or DAY) > DAY
        return dataclasses.replace(one, end="") if is_to_come else one

    return dataclasses.replace(
        found,
        names=tuple(map(known, found.names)),
        superiors=tuple(map(known, found.superiors)),
    )


def told(on):
    """What pages, files and answers tell, without what only words it: facts and places."""
    as_of = AsOf(on, None)
    place = {branch.unit.slug: "" for branch in as_of.outline}
    place |= {branch.unit.slug: "?" for branch in as_of.outline_unplaced}
    for branch in walk(as_of.outline + as_of.outline_unplaced):
        place |= {below.unit.slug: branch.unit.slug for below in branch.branches}
    listed = Index(as_of, "en").page()
    names = [(entry.unit.slug, entry.name) for _letter, found in listed.groups for entry in found]
    units = list(as_of.reader.units())
    below = {unit.code: [one.code for one in as_of.sub_units(unit)] for unit in units}
    existing = list(as_of.units())
    counts = {unit.code: unit.sub_unit_count for unit in as_of.count_sub_units(existing)}
    called = {unit.code: as_of.name(unit) for unit in as_of.prepare(existing)}
    not_known = {u.code for u in existing if as_of.day is not None and not as_of.names.held(u)}
    return {
        "below": below,
        "counts": counts,
        "tops": {one.code for one in as_of.known_tops()},
        "unplaced": {one.code for one in as_of.unplaced()},
        "called": called,
        "name not known": not_known,
        "state": {code: without_coming_ends(one) for code, one in state(on, None).items()},
        "place": place,
        # Before what has become the institution since, some are counted only.
        "A–Z": None if as_of.is_before_institution else sorted(names),
        "chains": {u.code: [getattr(s, "code", "") for s in as_of.superiors(u)] for u in units},
        "certain": {unit.code for unit in as_of.reader.units().in_force(on)},
    }


class RandomDataTest(TestCase):
    @examples(60)
    @given(
        st.lists(unit, min_size=2, max_size=5),
        st.lists(row, max_size=3),
        st.lists(row, max_size=3),
        st.lists(term, max_size=2),
    )
    def test_todays_page_is_the_page_of_that_day_ever_after(self, units, names, superiors, terms):
        with clock(DAY):
            made(units, names, superiors, terms)
            today = told(None)
        for days in LATER:
            with clock(DAY + datetime.timedelta(days=days)):
                later = told(HistoricalDate.from_date(DAY))
            for what, found in today.items():
                same = later[what] == found or later[what] is None
                assert same, (what, days, units, superiors)


@pytest.mark.parametrize(
    "path", ["/en/structure/", "/en/units/", "/en/leadership/", "/en/structure/chart/"]
)
def test_the_pages_name_the_same_units_and_nobody_is_less_certain(content, path):
    """With the content of the site, recorded on 29 November 2026."""
    day = datetime.date(2026, 12, 1)
    with clock(day):
        before = Client().get(path).content.decode().partition("<main")[2]
    with clock(day + datetime.timedelta(days=1)):
        after = Client().get(f"{path}?on={day}").content.decode().partition("<main")[2]
    for unit in Unit.objects.published():
        address = f'href="/en/units/{unit.slug}/'
        assert (f'{address}"' in before) == (f"{address}?on={day}" in after), unit.code
    assert before.count('class="unsure"') == after.count('class="unsure"')
    assert ("it is not known whether" in before) == ("it is not known whether" in after)


@pytest.mark.parametrize("dissolved", ["1995-01-01", "202X", "2026-05-20"])
def test_under_a_superior_that_may_have_ended_dated_rows_are_asked_today_too(db, dissolved):
    """Its page of today listed the unit below it, and the page of the unit named another one."""
    with clock(DAY):
        old = make_unit(code="old", founded="1900", dissolved=dissolved)
        new = make_unit(code="new", founded="1900")
        unit = make_unit(code="unit", founded="1900", parent=Unit.objects.get(pk=old.pk))
        make_dated_superior(unit, parent=new, begin="1990")
        Unit.objects.filter(pk=unit.pk).update(**since_1990())
        assert [one.code for one in AsOf().superiors(unit)] == ["new"]
        assert [one.code for one in AsOf().sub_units(new)] == ["unit"]
        today = told(None)
    with clock(DAY + datetime.timedelta(days=1)):
        assert told(HistoricalDate.from_date(DAY)) == today


def since_1990():
    date = HistoricalDate("1990/")
    field = Unit._meta.get_field("superior_since")
    return {"superior_since": date, **field.bounds_columns(date)}
