"""A text in one language is never written into the other one."""

import pytest
from django.utils.translation import override

from history.models import Event
from pages.models import Page
from people.models import Person
from tests.factories import make_event, make_page, make_person, make_unit
from units.models import Unit

pytestmark = pytest.mark.django_db

TEXTS = [(Unit, "mandate"), (Unit, "body"), (Person, "body"), (Event, "body"), (Page, "body")]
MAKE = {Unit: make_unit, Person: make_person, Event: make_event, Page: make_page}


@pytest.mark.parametrize("at_work_in", ["az", "en"])
@pytest.mark.parametrize(("own", "other"), [("az", "en"), ("en", "az")])
@pytest.mark.parametrize("text", ["One *word*.", "One <b>word</b>."])
@pytest.mark.parametrize(("model", "name"), TEXTS)
def test_saving_leaves_the_other_language_empty(model, name, text, own, other, at_work_in):
    with override(at_work_in):
        record = MAKE[model](**{f"{name}_{own}": text})
        record = model.objects.get(pk=record.pk)
        record.save()
        assert getattr(record, f"{name}_{own}") == text.replace("<b>", "").replace("</b>", "")
    saved = model.objects.get(pk=record.pk)
    assert getattr(saved, f"{name}_{own}")
    assert not getattr(saved, f"{name}_{other}")
