"""Public pages do not enter ``exchange``: what files need does not slow them down or break them."""

import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command

import exchange
from history.models import Event
from mia_site.content import CONTENT_FIXTURES
from pages.models import Page
from people.models import Person
from units.models import ExternalBody, Unit

pytestmark = pytest.mark.django_db

EXCHANGE = f"{Path(settings.BASE_DIR) / 'exchange'}/"
PAGES = [
    "", "structure/", "structure/chart/", "units/", "units/ministry/", "units/ministry/lineage/",
    "leadership/", "history/", "history/1918/", "figures/", "days/",
    "compare/?from=1918&to=1992", "international/", "search/?q=polis", "units/?on=1992",
    "units/ministry/?on=1992",
]  # fmt: skip


@pytest.fixture
def entered():
    """The functions of ``exchange`` that were called. Modules that are loaded do not count: Django
    loads all template tags when the first template is read."""
    found = set()

    def note(frame, event, _argument):
        code = frame.f_code
        if event == "call" and code.co_filename.startswith(EXCHANGE) and code.co_name != "<module>":
            found.add(f"{Path(code.co_filename).stem}.{code.co_name}")

    before = sys.getprofile()
    sys.setprofile(note)
    yield found
    sys.setprofile(before)


@pytest.fixture
def addresses(db):
    """Pages of every sort, one of each kind of record among them."""
    call_command("loaddata", *CONTENT_FIXTURES, verbosity=0)
    found = [f"/en/{page}" for page in PAGES]
    for model in (Unit, Person, Event, ExternalBody):
        found += [record.get_absolute_url() for record in model.objects.visible_to(None)[:8]]
    pages = Page.objects.visible_to(None).exclude(code="open-data")  # it offers files
    return [*found, *(record.get_absolute_url() for record in pages[:3])]


def test_the_watch_sees_what_it_must(entered):
    exchange.kinds()
    assert "registry.kinds" in entered


def test_no_page_of_today_enters_exchange(addresses, client, entered):
    answers = [client.get(address).status_code for address in addresses]
    assert answers.count(200) > 0.8 * len(addresses), dict(zip(addresses, answers, strict=True))
    assert entered == set()
