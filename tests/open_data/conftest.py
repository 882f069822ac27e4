import pytest
from django.core.management import call_command

from mia_site.content import CONTENT_FIXTURES
from tests.factories import (
    make_dated_name,
    make_dated_superior,
    make_event,
    make_external_body,
    make_figure,
    make_link,
    make_observance,
    make_page,
    make_person,
    make_post,
    make_source,
    make_term,
    make_unit,
)


@pytest.fixture(autouse=True)
def _own_files(settings, tmp_path):
    settings.OPEN_DATA_DIR = tmp_path / "open_data"


@pytest.fixture
def content(db):
    """The whole content that the site is delivered with."""
    call_command("loaddata", *CONTENT_FIXTURES, verbosity=0)


class Ministry:
    """A ministry with a department that was renamed and moved; one record of every kind."""

    def __init__(self):
        self.top = make_unit(code="top", name_az="Nazirlik", name_en="Ministry", founded="1918")
        self.police = make_unit(
            code="police", name_az="Polis İdarəsi", name_en="Police", parent=self.top,
            founded="1992", phone="+994 12 590",
        )  # fmt: skip
        self.body = make_external_body(code="nkvd", name_en="NKVD", kind="state")
        self.name = make_dated_name(
            self.police, code="police-1", name_az="Milis", name_en="Militia", begin="1992",
            end="2004-06",
        )  # fmt: skip
        self.superior = make_dated_superior(
            self.police, code="police-s1", external_body=self.body, begin="1992", end="1995"
        )
        self.person = make_person(code="eyvazov", name_az="Əyvazov", name_en="Eyvazov")
        self.post = make_post(self.police, code="chief", title_az="Rəis", title_en="Chief")
        self.term = make_term(self.post, self.person, code="chief-1", begin="2019")
        self.source = make_source(code="decree", date="1992-11")
        self.event = make_event(
            code="split", kind="split", date="1992", title_en="A split", before=[self.top],
            after=[self.police, self.top], concerned=[self.body],
        )  # fmt: skip
        self.event.sources.add(self.source)
        make_figure(code="fallen", unit=self.police, event=self.event)
        make_observance(code="police-day", unit=self.police, since="1992", origin=self.event)
        make_link(self.police, code="see", target=self.top)
        make_page(code="about")


@pytest.fixture
def ministry(db):
    return Ministry()
