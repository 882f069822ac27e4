"""Forms: what contradicts is refused at its field, or saved after a second look at exactly that."""

import datetime
import re

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from history.models import Event
from people.models import Post
from tests.admin.forms import (
    NAME_CORRECTED,
    SUPERIOR_CORRECTED,
    errors_of,
    fields_of,
    messages_of,
    save,
)
from tests.factories import (
    make_dated_name,
    make_dated_superior,
    make_event,
    make_person,
    make_post,
    make_term,
    make_unit,
)
from units.models import DatedName, DatedSuperior, Unit

pytestmark = pytest.mark.django_db


def page(record):
    opts = record._meta
    return reverse(f"admin:{opts.app_label}_{opts.model_name}_change", args=[record.pk])


def row(rows, number=0, **fields):
    """Fields of a new row of an inline."""
    total = {f"{rows}-TOTAL_FORMS": number + 1}
    return {f"{rows}-{number}-{name}": value for name, value in fields.items()} | total


def listed(answer):
    """The sentences that ask for a second look."""
    look = answer.context["adminform"].form.second_look
    return [one.sentence for one in look.questions] if look else []


def tick(answer):
    return re.search(r'name="looked_at" value="([0-9a-f]+)"', answer.content.decode())[1]


def again(client, record, answer, **changes):
    """Sends the form that came back once more."""
    return client.post(page(record), {**fields_of(answer), **changes, "_save": "1"})


class TestRefused:
    def test_two_units_under_each_other(self, boss):
        """Case 5: in 1960–1970 each was the superior of the other, and it was accepted."""
        one, other = make_unit(name_en="One"), make_unit(name_en="Other")
        make_dated_superior(other, parent=one, begin="1960", end="1970")
        period = {"begin": "1960", "end": "1970"}
        answer = save(boss, page(one), **row("dated_superiors", parent=other.pk, **period))
        (sentence,) = errors_of(answer)
        assert "under each other in a circle" in sentence
        assert "One" in sentence
        assert "Other" in sentence
        formset = answer.context["inline_admin_formsets"][1].formset
        assert list(formset.forms[0].errors) == ["parent"]
        assert one.dated_superiors.count() == 0

    def test_a_name_and_the_unit_changed_in_one_form(self, boss):
        unit = make_unit(founded="1900", name_since="1900")
        name = row("dated_names", name_en="Old", begin="1900", end="1950-01-01")
        answer = save(boss, page(unit), **name)
        assert "On some days two names hold" in " ".join(errors_of(answer))
        assert not DatedName.objects.exists()
        assert save(boss, page(unit), name_since="1950-01-01", **name).status_code == 302
        assert DatedName.objects.get().name_en == "Old"

    def test_one_row_ends_and_the_next_begins(self, boss):
        unit = make_unit()
        make_dated_name(unit, begin="1950-01-01", end="1960-01-01")
        new = row("dated_names", 1, name_en="B", begin="1959-01-01", end="1960-01-01")
        assert errors_of(save(boss, page(unit), **new))
        answer = save(boss, page(unit), **new, **{"dated_names-0-end": "1959-01-01"})
        assert answer.status_code == 302

    def test_not_known_until_after_today_at_its_end(self, boss):
        unit = make_unit()
        make_dated_name(unit, begin="1950-01-01", end="1960-01-01", name_az="", name_en="")
        tomorrow, today = (timezone.localdate() + datetime.timedelta(days=n) for n in (1, 0))
        answer = save(boss, page(unit), **{"dated_names-0-end": tomorrow.isoformat()})
        (sentence,) = errors_of(answer)
        assert sentence.startswith("“Not known” lasts until after today (1 January 1950 – ")
        assert "End this row today at the latest" in sentence
        formset = answer.context["inline_admin_formsets"][0].formset
        assert list(formset.forms[0].errors) == ["end"]
        assert str(DatedName.objects.get().end) == "1960-01-01"
        answer = save(boss, page(unit), **{"dated_names-0-end": today.isoformat()})
        assert answer.status_code == 302

    def test_at_its_row_and_with_nothing_saved(self, boss):
        unit = make_unit(founded="1990-01-01")
        new = row("dated_names", name_en="Old", begin="1950", end="1960")
        answer = save(boss, page(unit), **new, **NAME_CORRECTED, name_en="New name")
        formset = answer.context["inline_admin_formsets"][0].formset
        assert list(formset.forms[0].errors) == ["begin"]
        unit.refresh_from_db()
        assert unit.name_en != "New name"
        assert not messages_of(answer)
        assert 'value="New name"' in answer.content.decode()

    def test_a_new_unit(self, boss):
        make_unit()
        address = reverse("admin:units_unit_add")
        kind = Unit.objects.get().kind_id
        new = row("dated_names", name_en="Old", begin="1950", end="1960")
        filled = {"name_en": "New", "kind": kind, "founded": "1990-01-01", "status": "draft"}
        answer = save(boss, address, **filled, **new)
        assert "No day of this period" in " ".join(errors_of(answer))
        assert Unit.objects.count() == 1
        fields = fields_of(answer) | {"dated_names-0-begin": "1990", "dated_names-0-end": "1991"}
        answer = boss.post(address, {**fields, "_save": "1"})
        assert answer.status_code == 302, errors_of(answer)
        assert Unit.objects.count() == 2

    def test_whoever_closes_a_cycle_by_moving(self, boss):
        top = make_unit(founded="1900-01-01", name_en="Top")
        below = make_unit(founded="1900-01-01", name_en="Below")
        make_dated_superior(top, parent=below, begin="1960-01-01", end="1965-01-01")
        answer = save(boss, page(below), parent=top.pk, **SUPERIOR_CORRECTED)
        assert "in a circle" in " ".join(errors_of(answer))
        below.refresh_from_db()
        assert below.parent is None


class TestASecondLook:
    @pytest.fixture
    def closed(self):
        superior = make_unit(founded="1900", name_en="Old Office")
        make_unit(parent=superior, founded="1950", name_en="Its part")
        return superior

    def test_without_a_tick_nothing_is_saved(self, boss, closed):
        answer = save(boss, page(closed), dissolved="1995-01-01")
        (sentence,) = listed(answer)
        assert "“Old Office” ended (1 January 1995) and “Its part” goes on under it." in sentence
        assert "Look at what is listed above" in " ".join(errors_of(answer))
        closed.refresh_from_db()
        assert closed.dissolved is None
        assert not messages_of(answer)

    def test_with_it_the_same_form_is_saved(self, boss, closed):
        answer = save(boss, page(closed), dissolved="1995-01-01")
        done = again(boss, closed, answer, looked_at=tick(answer))
        assert done.status_code == 302
        closed.refresh_from_db()
        assert str(closed.dissolved) == "1995-01-01"
        assert len(messages_of(done)) == 1

    def test_other_findings_need_another_tick(self, boss, closed):
        answer = save(boss, page(closed), dissolved="1995-01-01")
        other = again(boss, closed, answer, looked_at=tick(answer), dissolved="1996-01-01")
        assert listed(other)
        assert tick(other) != tick(answer)
        assert again(boss, closed, other, looked_at=tick(answer)).status_code == 200
        assert again(boss, closed, other, looked_at=tick(other)).status_code == 302

    def test_a_tick_accepts_nothing_that_is_refused(self, boss, closed):
        new = row("dated_names", name_en="Old", begin="1850", end="1860")
        answer = save(boss, page(closed), dissolved="1995-01-01", **new)
        assert listed(answer)
        refused = again(boss, closed, answer, looked_at=tick(answer))
        assert "No day of this period" in " ".join(errors_of(refused))
        closed.refresh_from_db()
        assert closed.dissolved is None

    def test_it_is_asked_once(self, boss, closed):
        answer = save(boss, page(closed), dissolved="1995-01-01")
        again(boss, closed, answer, looked_at=tick(answer))
        assert save(boss, page(closed), phone="+994 12 000 00 00").status_code == 302
        below = closed.get_children().get()
        assert save(boss, page(below), name_en="Renamed", **NAME_CORRECTED).status_code == 302
        # Until what it rests on changes.
        assert listed(save(boss, page(closed), dissolved="1996-01-01"))

    def test_an_old_contradiction_leaves_the_record_editable(self, boss):
        unit = make_unit()
        for _number in range(2):
            make_dated_name(unit, begin="1950", end="1960")
        assert save(boss, page(unit), phone="+994 12 000 00 00").status_code == 302
        assert errors_of(save(boss, page(unit), **{"dated_names-0-end": "1961"}))

    def test_two_superiors(self, boss):
        unit, one, other = make_unit(), make_unit(name_en="One"), make_unit(name_en="Other")
        make_dated_superior(unit, parent=one, begin="1960-01-01", end="1970-01-01")
        new = row("dated_superiors", 1, parent=other.pk, begin="1965-01-01", end="1975-01-01")
        answer = save(boss, page(unit), **new, superior_since="1975-01-01")
        (sentence,) = listed(answer)
        assert "has two superiors at once: “One” (1 January 1960 – 1 January 1970) and" in sentence
        assert again(boss, unit, answer, looked_at=tick(answer)).status_code == 302
        assert DatedSuperior.objects.count() == 2

    def test_in_azerbaijani(self, boss, closed):
        boss.cookies["django_language"] = "az"
        with translation.override("az"):
            answer = save(boss, page(closed), dissolved="1995-01-01")
            (sentence,) = listed(answer)
        assert "1995" in sentence
        assert "goes on under it" not in sentence
        assert "I have looked at this" not in answer.content.decode()


class TestOtherRecords:
    def test_terms_of_a_post(self, boss):
        unit = make_unit(founded="1990-01-01", dissolved="2000-01-01")
        post = make_post(unit)
        new = row("terms", person=make_person().pk, begin="1995", end="2001")
        answer = save(boss, page(post), **new)
        assert "lies partly outside of the life" in listed(answer)[0]
        assert again(boss, post, answer, looked_at=tick(answer)).status_code == 302
        assert post.terms.count() == 1

    def test_a_term_wholly_outside(self, boss):
        post = make_post(make_unit(founded="1990-01-01"))
        new = row("terms", person=make_person().pk, begin="1980", end="1985")
        answer = save(boss, page(post), **new)
        assert "No day of this period" in " ".join(errors_of(answer))
        assert not Post.objects.get().terms.exists()

    def test_two_heads_that_may_overlap(self, boss):
        post = make_post(make_unit())
        make_term(post, make_person(), begin="1990", end="2000")
        new = row("terms", 1, person=make_person().pk, begin="2000-05-03")
        answer = save(boss, page(post), **new)
        assert "may hold the post of the head" in listed(answer)[0]

    def test_an_event_before_its_unit(self, boss):
        unit = make_unit(founded="1990-01-01")
        event = make_event(date="1995", concerned=[unit])
        answer = save(boss, page(event), date="1985")
        assert "contradicts the life" in listed(answer)[0]
        assert again(boss, event, answer, looked_at=tick(answer)).status_code == 302
        assert str(Event.objects.get().date) == "1985"

    def test_a_unit_closed_as_merged(self, boss):
        unit = make_unit(founded="1990")
        answer = save(boss, page(unit), dissolved="2000-01-01", closing_reason="merged")
        assert "no event names who came after it" in listed(answer)[0]
        assert "closing_reason" in fields_of(answer)
