import pytest
from django.db import connection
from django.utils import translation


@pytest.fixture(autouse=True)
def english():
    """Sentences are asserted in English, whatever language the site starts with."""
    with translation.override("en"):
        yield


@pytest.fixture(scope="session")
def tables(django_db_setup, django_db_blocker):
    """The tables of the throw-away models, for the whole run."""
    from .models import ALL

    with django_db_blocker.unblock():
        with connection.schema_editor() as editor:
            for model in ALL:
                editor.create_model(model)
        yield
        with connection.schema_editor() as editor:
            for model in reversed(ALL):
                editor.delete_model(model)
