import pytest

from search.finding import search
from structure.as_of import AsOf


@pytest.fixture
def find(db):
    """``find("text")``: codes of what a visitor finds, the best first."""

    def find(typed, user=None, **options):
        results = search(typed, as_of=AsOf(None, user), page_size=100, **options)
        return [hit.record.code for hit in results.hits]

    return find
