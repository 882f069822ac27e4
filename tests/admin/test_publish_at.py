"""A later "publish at" is for what is not public yet: it takes nothing away that is."""

import datetime
from unittest import mock

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from publishing.models import Publishable
from tests.admin.forms import errors_of, save
from tests.factories import (
    make_event,
    make_external_body,
    make_figure,
    make_observance,
    make_page,
    make_person,
    make_unit,
)

pytestmark = pytest.mark.django_db

MAKERS = {
    "units.unit": make_unit,
    "units.externalbody": make_external_body,
    "people.person": make_person,
    "history.event": make_event,
    "history.figure": make_figure,
    "history.observance": make_observance,
    "pages.page": make_page,
}
DAY = datetime.timedelta(days=1)


def later():
    return timezone.now() + DAY


def earlier():
    return timezone.now() - DAY


def address(record):
    opts = record._meta
    return reverse(f"admin:{opts.app_label}_{opts.model_name}_change", args=[record.pk])


def typed(at):
    """The two fields of a moment, as somebody in Baku types them."""
    local = timezone.localtime(at)
    return {"publish_at_0": f"{local:%Y-%m-%d}", "publish_at_1": f"{local:%H:%M:%S}"}


def asked_what_is_stored(found):
    """Queries that read the state of a page before it is written."""
    asked = 'SELECT "pages_page"."status"'
    return [query for query in found.captured_queries if query["sql"].startswith(asked)]


def stored(record):
    return type(record).objects.get(pk=record.pk)


def test_every_kind_that_is_published_is_tried_here():
    kinds = {m._meta.label_lower for m in apps.get_models() if issubclass(m, Publishable)}
    assert kinds == MAKERS.keys()


@pytest.mark.parametrize("kind", MAKERS)
class TestEveryKind:
    def test_the_form_refuses_it_at_the_field(self, kind, boss):
        record = MAKERS[kind]()
        answer = save(boss, address(record), **typed(later()))
        assert answer.status_code == 200
        errors = answer.context["adminform"].form.errors
        assert list(errors) == ["publish_at"]
        assert "The public sees this record now" in errors["publish_at"][0]
        assert stored(record).publish_at is None

    def test_save_and_full_clean_refuse_it(self, kind):
        record = MAKERS[kind]()
        record.publish_at = later()
        for act in (record.full_clean, record.save):
            with pytest.raises(ValidationError) as refused:
                act()
            assert list(refused.value.message_dict) == ["publish_at"]
        assert stored(record).is_public

    def test_what_is_not_public_yet_is_put_off_and_brought_forward(self, kind, boss):
        record = MAKERS[kind](publish_at=later())
        for at in (later() + DAY, later()):
            assert save(boss, address(record), **typed(at)).status_code == 302
            assert stored(record).is_scheduled
        assert save(boss, address(record), **typed(earlier())).status_code == 302
        assert stored(record).is_public

    @pytest.mark.parametrize("status", ["draft", "archived"])
    def test_a_hidden_record_is_appointed(self, kind, status, boss):
        record = MAKERS[kind](status=status)
        answer = save(boss, address(record), status="published", **typed(later()))
        assert answer.status_code == 302, errors_of(answer)
        assert stored(record).is_scheduled


class TestThePast:
    def test_a_time_that_has_passed_is_kept_changed_and_cleared(self, boss):
        page = make_page(publish_at=earlier())
        assert save(boss, address(page), title_en="Other").status_code == 302
        for fields in (typed(earlier() - DAY), {"publish_at_0": "", "publish_at_1": ""}):
            assert save(boss, address(page), **fields).status_code == 302
            assert stored(page).is_public
        assert stored(page).publish_at is None

    def test_the_very_moment_is_public(self):
        page = make_page()
        at = timezone.now() + DAY
        with mock.patch("django.utils.timezone.now", return_value=at):
            page.publish_at = at
            page.full_clean()
            page.save()
            assert page.is_public
            page.publish_at = at + datetime.timedelta(microseconds=1)
            with pytest.raises(ValidationError):
                page.save()

    def test_what_became_public_at_its_very_moment_is_not_put_off(self):
        page = make_page(publish_at=later())
        with mock.patch("django.utils.timezone.now", return_value=page.publish_at):
            page.publish_at += DAY
            with pytest.raises(ValidationError):
                page.save()
        with mock.patch(
            "django.utils.timezone.now",
            return_value=page.publish_at - DAY - datetime.timedelta(microseconds=1),
        ):
            page.save()  # a moment before it was not public yet


class TestTakenBackOnPurpose:
    """Draft and archive say what they do; then the time may say when it comes back."""

    @pytest.mark.parametrize("status", ["draft", "archived"])
    def test_by_the_form(self, status, boss):
        page = make_page()
        answer = save(boss, address(page), status=status, **typed(later()))
        assert answer.status_code == 302
        assert stored(page).status == status
        answer = save(boss, address(page), status="published")
        assert stored(page).is_scheduled

    def test_the_button_for_drafts(self, boss):
        page = make_page()
        assert save(boss, address(page), button="_draft", **typed(later())).status_code == 302
        assert stored(page).status == "draft"

    def test_the_button_publish_does_not_hide(self, boss):
        page = make_page()
        answer = save(boss, address(page), button="_publish", **typed(later()))
        assert "The public sees this record now" in errors_of(answer)[0]


class TestWhatIsStoredCounts:
    """Not what the copy in hand remembers."""

    def test_somebody_else_published_it_meanwhile(self):
        mine = make_page(status="draft")
        type(mine).objects.update(status="published")
        mine.status, mine.publish_at = "published", later()
        with pytest.raises(ValidationError):
            mine.save()

    def test_fields_that_are_not_written_hide_nothing(self):
        page = make_page()
        page.publish_at = later()
        page.title_en = "Other"
        page.save(update_fields=["title_en"])
        page.save(update_fields=["status"])
        assert stored(page).is_public
        with pytest.raises(ValidationError):
            page.save(update_fields=["publish_at"])
        page.status = "draft"  # not written, so the page would stay published
        with pytest.raises(ValidationError):
            page.save(update_fields=["publish_at"])
        page.save(update_fields=["publish_at", "status"])
        assert stored(page).status == "draft"

    def test_a_copy_without_the_field(self, django_assert_max_num_queries):
        page = make_page()
        part = type(page).objects.defer("publish_at").get(pk=page.pk)
        part.title_en = "Other"
        with django_assert_max_num_queries(30) as found:
            part.save(update_fields=["title_en"])
            part.save()
        assert not asked_what_is_stored(found)
        assert stored(page).title_en == "Other"

    def test_only_a_time_to_come_is_asked_about(self, django_assert_max_num_queries):
        with django_assert_max_num_queries(30) as found:
            make_page(publish_at=later()).publish_at = None
            make_page(publish_at=earlier()).save()
        assert not asked_what_is_stored(found)

    def test_a_time_without_a_zone(self):
        unit = make_unit()
        unit.publish_at = "2999-01-01 10:00"
        with pytest.raises(ValidationError), pytest.warns(RuntimeWarning, match="naive"):
            unit.save()


class TestTheList:
    def test_publishing_what_is_appointed_leaves_what_is_public(self, boss):
        public, waiting = make_page(), make_page(status="draft", publish_at=later())
        boss.post(
            "/admin/pages/page/",
            {"action": "publish_selected", "_selected_action": [public.pk, waiting.pk]},
        )
        assert stored(public).is_public
        assert stored(waiting).is_scheduled
