"""A kind of event is one declaration: what is declared stands everywhere, and does its part."""

import json
import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.http import QueryDict

from history.comparison.asked import Comparison
from history.contradictions import of_event
from history.event_kinds import ANY, KINDS, ONE, TWO_OR_MORE, EventKind
from history.family import Family
from history.lineage import closing_event
from history.rules import problems
from mia_site.landmarks import landmarks
from structure.as_of import AsOf
from tests.factories import make_event, make_staff, make_unit

# Declared before Django starts, as it would be in ``history/event_kinds.py``.
IN_A_NEW_PROCESS = """
import json, os, django
os.environ["DJANGO_SETTINGS_MODULE"] = "mia_site.settings"
from history.event_kinds import ANY, KINDS, ONE, EventKind
KINDS["jubilee"] = EventKind("jubilee", "Jubilee", ANY, ANY, ONE, "A jubilee concerns one unit.")
django.setup()

from django.core.management import call_command
from exchange import describe
from history.filters import TimelineFilter
from history.models import Event
from history.resources import EventResource
from open_data.documentation import _description
from open_data.schemas import record_of

cell = EventResource.fields["kind"]
call_command("makemigrations", check=True, dry_run=True, verbosity=0)
print(json.dumps({
    "form": str(list(Event._meta.get_field("kind").formfield().choices)),
    "filter": str(list(TimelineFilter.base_fields["kind"].choices)),
    "cell of a file": cell.canon("jubilee"),
    "documentation of files": str(describe("events")),
    "record of the API": json.dumps(record_of("events").model_json_schema()),
    "description of the API": json.dumps(_description(), default=str),
}))
"""


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    """What a program says in which the kind "jubilee" is declared."""
    env = os.environ | {"DATABASE_URL": f"sqlite:///{tmp_path_factory.mktemp('kinds')}/no.sqlite3"}
    done = subprocess.run(
        [sys.executable, "-c", IN_A_NEW_PROCESS],
        cwd=settings.BASE_DIR, env=env, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return json.loads(done.stdout.splitlines()[-1])


@pytest.mark.parametrize(
    "place",
    [
        "form", "filter", "cell of a file", "documentation of files", "record of the API",
        "description of the API",
    ],
)  # fmt: skip
def test_it_stands_everywhere_without_a_migration(place, told):
    assert "jubilee" in told[place]


@pytest.fixture
def declare(monkeypatch):
    """Declares the kind "union", of two or more before and one after, with more ``meanings``."""

    def _declare(**meanings):
        kind = EventKind("union", "Union", TWO_OR_MORE, ONE, ANY, "Two become one.", **meanings)
        monkeypatch.setitem(KINDS, "union", kind)

    return _declare


def test_its_numbers_are_asked_for(declare):
    assert problems("union", []) == []
    declare()
    assert problems("union", [])[0] == "Two become one."


@pytest.mark.django_db
def test_it_stands_on_pages(declare, client, read):
    declare()
    make_event(title_en="The joining", kind="union", concerned=[make_unit()])
    make_event(title_en="Something else")
    page = read("history/?kind=union")
    assert '<option value="union" selected>Union</option>' in page
    assert '<span class="event-kind">Union</span>' in page
    assert "The joining" in page
    assert "Something else" not in page
    client.force_login(make_staff())
    assert '<option value="union">' in client.get("/admin/history/event/add/").content.decode()
    assert "?kind__exact=union" in client.get("/admin/history/event/").content.decode()


def compared(first, second):
    query = QueryDict(mutable=True)
    query.update({"from": first, "to": second})
    return {(one.kind, one.code) for one in Comparison(query, None).entries}


@pytest.mark.django_db
def test_what_it_means_is_done(declare):
    """By lineage, the end of a unit, the comparison of two dates, checks, dates to visit."""
    first, second = (
        make_unit(code=code, founded="1900", dissolved="1950-06") for code in ("first", "second")
    )
    both = make_unit(code="both", founded="1950-06")
    event = make_event(kind="union", date="1950-06", before=[first, second], after=[both], weight=3)
    assert Family(both).ancestors == {}
    assert closing_event(first) is None
    assert compared("1940", "1960") == {
        ("abolished", "first"), ("abolished", "second"), ("founded", "both"),
    }  # fmt: skip
    assert landmarks(AsOf()) == []

    declare(makes_successors=True, closes=True, joins=True, is_landmark=True)
    assert set(Family(both).ancestors) == {("unit", first.pk), ("unit", second.pk)}
    assert closing_event(first) == event
    assert compared("1940", "1960") == {
        ("merged", "first"), ("merged", "second"), ("merged", "both"),
    }  # fmt: skip
    assert landmarks(AsOf()) == [event]

    event.date = "1950-01"
    event.save()
    assert {found.code for found in of_event(event)} == {"event_outside_life"}
