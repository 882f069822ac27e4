import pytest
from django.core.management import call_command

from mia_site.content import CONTENT_FIXTURES
from tests.exchange.conftest import empty_site, site  # noqa: F401 - the site of other processes


@pytest.fixture
def content(db):
    """The whole content of the site."""
    call_command("loaddata", *CONTENT_FIXTURES, verbosity=0)
