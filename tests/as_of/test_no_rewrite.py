"""Whatever the desk writes leaves the answers for the days before the change as they were."""

import datetime

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from chronology import Certainty, HistoricalDate
from structure.as_of import AsOf
from tests.admin.forms import fields_of, save
from tests.as_of.examples import examples
from tests.as_of.test_yesterday import DAY, clock, made, row, since
from tests.factories import make_staff
from units.models import DatedName, DatedSuperior, Unit

pytestmark = pytest.mark.django_db

ONE_DAY = datetime.timedelta(days=1)
dates = st.sampled_from(["", "1990", "1990-05-01", "2010", "2026", "2026-05-19", "/2025"])
unit = st.fixed_dictionaries(
    {
        "above": st.integers(-1, 4), "founded": dates, "name_since": since, "superior_since": since,
        "dissolved": st.sampled_from(["", "", "", "2020", "2026-05-20"]),
        "status": st.just("published"),
    }
)  # fmt: skip
answers = st.sampled_from(["unknown", "2000", "2010-06-01", "2026", "2026-05-20", "2026-05-21",
                           "2027-01-01"])  # fmt: skip
WAYS = ["name in the form", "superior in the form", "drag", "place", "inline", "action", "arrow"]


def told(day):
    """Names and superiors of every unit on a day, with their certainty, best first."""
    as_of = AsOf(HistoricalDate.from_date(day), None)
    units = list(Unit.objects.order_by("code"))
    names, superiors = as_of.names.of(units), as_of.superiors_of(units)
    return {
        one.code: (
            [(held.text("en"), held.certainty) for held in names[one.pk]],
            [(held.unit_id, held.body_id, held.certainty) for held in superiors[one.pk]],
        )
        for one in units
    }


def is_kept(before, now, has_gap):
    """Whether an answer, (what, …, certainty) each, stayed. In which order merely possible ones
    come is not asked: what the unit's own row says comes last among them, a dated row before. Nor
    whether "not known", where that is merely possible itself (``has_gap``), outranks them."""
    if has_gap and Certainty.CERTAIN not in {one[-1] for one in [*before, *now]}:
        return set(before) <= set(now)
    return set(before) == set(now)


def gaps(model):
    """The codes of units with a row that says "not known"."""
    return {row.unit.code for row in model.objects.all() if row.is_unknown}


def said(what, answer):
    if answer == "unknown":
        return {f"{what}-meant": "unknown"}
    return {f"{what}-meant": "change", f"{what}-since": answer}


def act(client, way, unit, other, answer):
    """The answer of the site to one act of the desk."""
    change = reverse("admin:units_unit_change", args=[unit.pk])
    if way == "name in the form":
        return save(client, change, name_en="New name", **said("name", answer))
    if way == "superior in the form":
        return save(client, change, parent=other.pk, position="", **said("superior", answer))
    if way == "drag":
        values = {"unit": unit.pk, "target": other.pk, "where": "inside"}
        move = reverse("admin:units_unit_move")
        return client.post(move, values | said("superior", answer))
    if way == "place":
        place = reverse("admin:units_unit_place", args=[unit.pk])
        values = {"superior": other.pk, "position": "", "seen_superior": str(unit.parent_id or "")}
        return client.post(place, values | said("superior", answer))
    if way == "inline":
        page = fields_of(client.get(change))
        number = page["dated_names-TOTAL_FORMS"]
        values = {
            "dated_names-TOTAL_FORMS": str(int(number) + 1),
            f"dated_names-{number}-name_en": "Row", f"dated_names-{number}-begin": answer,
        }  # fmt: skip
        return client.post(change, page | values | {"_save": "1"})
    if way == "action":
        values = {"action": "archive_selected", "_selected_action": [unit.pk]}
        client.post("/admin/units/unit/", values)
        return client.post("/admin/units/unit/", values | {"action": "publish_selected"})
    return client.post(reverse("admin:units_unit_step", args=[unit.pk]), {"direction": "up"})


def earliest_day(way, answer, unit):
    if way in ("action", "arrow"):
        return DAY + ONE_DAY
    if answer != "unknown":
        return HistoricalDate(answer).earliest
    stored = unit.name_since if way == "name in the form" else unit.superior_since
    return min(stored.certain + ONE_DAY, DAY)


class RandomSitesTest(TestCase):
    @examples(60)
    @given(
        st.lists(unit, min_size=2, max_size=4),
        st.lists(row, max_size=2),
        st.lists(row, max_size=2),
        st.sampled_from(WAYS),
        answers,
        st.integers(0, 3),
        st.integers(0, 3),
    )
    def test_days_before_the_change_are_answered_as_before(
        self, units, names, superiors, way, answer, which, other
    ):
        assume(not (way == "inline" and answer == "unknown"))
        with clock(DAY):
            made(units, names, superiors, [])
            found = list(Unit.objects.order_by("code"))
            unit, above = found[which % len(found)], found[other % len(found)]
            first = earliest_day(way, answer, unit)
            days = {first - ONE_DAY, first - 40 * ONE_DAY, DAY - ONE_DAY}
            days |= {datetime.date(year, 5, 1) for year in (1989, 1990, 2005)}
            days = sorted(day for day in days if day < first and day <= DAY)
            before, vague = {day: told(day) for day in days}, [gaps(DatedName), gaps(DatedSuperior)]
            client = Client(headers={"accept-language": "en"})
            client.force_login(make_staff())
            act(client, way, unit, above, answer)
            for day in days:
                now = told(day)
                for code, facts in before[day].items():
                    kept = [
                        is_kept(old, new, code in unknown)
                        for old, new, unknown in zip(facts, now[code], vague, strict=True)
                    ]
                    assert all(kept), (way, answer, code, day, units, names, superiors)

    def test_a_correction_does_change_them(self):
        with clock(DAY):
            unit = {"above": -1, "founded": "1990", "name_since": "1990", "superior_since": "1990",
                    "dissolved": "", "status": "published"}  # fmt: skip
            made([unit], [], [], [])
            client = Client(headers={"accept-language": "en"})
            client.force_login(make_staff())
            one, day = Unit.objects.get(), datetime.date(2000, 1, 1)
            before = told(day)
            change = reverse("admin:units_unit_change", args=[one.pk])
            save(client, change, name_en="New name", **{"name-meant": "correction"})
            assert told(day) != before
            assert not DatedName.objects.exists()
            assert not DatedSuperior.objects.exists()
