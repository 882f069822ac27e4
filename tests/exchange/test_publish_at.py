"""A file appoints what is not public yet and hides nothing that is."""

from unittest import mock

import pytest
from django.apps import apps
from django.utils import timezone

import exchange
from exchange import registry
from pages.models import Page
from publishing.models import Publishable
from tests.admin.test_publish_at import MAKERS, earlier, later
from tests.exchange.files import csv_bytes, export, plan, run
from tests.factories import make_unit
from units.models import Unit

pytestmark = pytest.mark.django_db

KINDS = {
    registry.resource_of(model).kind: make
    for label, make in MAKERS.items()
    for model in [apps.get_model(label)]
}


def text(at):
    return at.astimezone(timezone.get_fixed_timezone(0)).strftime("%Y-%m-%dT%H:%M:%SZ")


def file(*rows, columns=("code", "publish_at")):
    return csv_bytes(columns, *rows)


@pytest.mark.parametrize("kind", KINDS)
def test_the_preview_names_the_cell(kind):
    public = KINDS[kind](code="public")
    KINDS[kind](code="waiting", publish_at=later())
    rows = [("waiting", text(later())), ("public", text(later()))]
    (problem,) = plan(file(*rows), kind).problems
    assert (problem.row, problem.column, problem.code) == (3, "publish_at", "hides_public")
    assert problem.value == rows[1][1]
    assert problem.message == "The public sees this record now; a later time would hide it."
    assert "draft" in problem.advice
    public.refresh_from_db()
    assert public.is_public


@pytest.mark.parametrize("kind", KINDS)
def test_what_waits_goes_out_and_comes_in(kind):
    KINDS[kind](code="waiting", publish_at=later())
    KINDS[kind](code="public", publish_at=earlier())
    before = export(kind)
    done, _applied = run(before, kind)
    assert done.is_empty
    assert export(kind) == before


def test_every_kind_is_tried_here():
    kinds = {
        kind
        for kind in registry.kinds()
        if issubclass(registry.resource_for(kind)._meta.model, Publishable)
    }
    assert kinds == KINDS.keys()


@pytest.mark.parametrize("status", ["draft", "archived"])
def test_with_a_state_that_says_so_it_is_taken_back(status):
    make_unit(code="u")
    run(file(("u", status, text(later())), columns=("code", "status", "publish_at")))
    assert Unit.objects.get().status == status
    run(file(("u", "published"), columns=("code", "status")))
    assert Unit.objects.get().is_scheduled


def test_other_times_are_taken():
    unit = make_unit(code="u", publish_at=earlier())
    for cell in (text(earlier().replace(year=2020)), ""):
        run(file(("u", cell)))
        unit.refresh_from_db()
        assert unit.is_public
    assert unit.publish_at is None


def test_new_records_may_wait():
    columns = ("code", "title_en", "publish_at", "status")
    run(csv_bytes(columns, ("p", "P", text(later()), "published")), "pages")
    assert Page.objects.get().is_scheduled


def test_what_became_public_since_the_preview_stays_public():
    """The plan is made anew when it is carried out; its problems then stop it."""
    make_unit(code="u", publish_at=later())
    planned = plan(file(("u", text(later().replace(year=2999)))))
    assert not planned.problems
    at = later().replace(year=2998)
    with (
        mock.patch("django.utils.timezone.now", return_value=at),
        pytest.raises(exchange.StalePlan),
    ):
        exchange.apply(planned, None)
    assert Unit.objects.get().publish_at.year != 2999
