import pytest

from chronology import HistoricalDate
from history.comparison.asked import Comparison


@pytest.fixture
def compared():
    """``compared("1918", "1925", user=…, kind=…)`` → {(kind, code, certainty)} of the entries."""
    from django.http import QueryDict

    def _compared(first, second, user=None, **more):
        query = QueryDict(mutable=True)
        query.update({"from": first, "to": second} | more)
        asked = Comparison(query, user)
        return {(one.kind, one.code, one.certainty) for one in asked.entries}

    return _compared


@pytest.fixture
def on():
    """A HistoricalDate from its text; None for ""."""
    return lambda text: HistoricalDate(text) if text else None
