import pytest
from django.utils import translation


@pytest.fixture(autouse=True)
def english():
    """Sentences are asserted in English, whatever language the site starts with."""
    with translation.override("en"):
        yield
