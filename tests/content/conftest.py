import pytest
from django.core.management import call_command
from django.db import transaction

from mia_site.content import CONTENT_FIXTURES


@pytest.fixture(scope="module")
def content_of_module(django_db_setup, django_db_blocker):
    """The whole content of the site, loaded as the set-up loads it, on an empty database."""
    around = transaction.atomic()
    around._from_testcase = True  # as Django's TestCase does: commits inside are savepoints
    with django_db_blocker.unblock(), around:
        call_command("loaddata", *CONTENT_FIXTURES, verbosity=0)
        yield
        transaction.set_rollback(True)


@pytest.fixture
def content(content_of_module, db):
    """The content, loaded once for a module; what a test changes is taken back after it."""
