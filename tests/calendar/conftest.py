import datetime

import pytest
from icalendar import Calendar


@pytest.fixture
def calendar_at(client):
    """Reads back the calendar at an address: the Calendar and the response's bytes."""

    def _read(address, status=200, **headers):
        response = client.get(address, headers=headers)
        assert response.status_code == status
        return Calendar.from_ical(response.content), response

    return _read


@pytest.fixture
def days_of():
    """The days of an entry in some years, counted by hand from its rule as RFC 5545 reads it."""

    def _days(entry, years):
        start = entry["DTSTART"].dt
        rule = entry["RRULE"]
        assert rule["FREQ"] == ["YEARLY"]
        found = []
        for year in years:
            if "BYMONTHDAY" in rule:
                assert [int(n) for n in rule["BYMONTH"]] == [2]
                assert [int(n) for n in rule["BYMONTHDAY"]] == [-1]
                day = datetime.date(year, 3, 1) - datetime.timedelta(days=1)
            else:
                try:
                    day = start.replace(year=year)
                except ValueError:  # an invalid date is left out (RFC 5545, 3.3.10)
                    continue
            if day >= start:
                found.append(day)
        return found

    return _days
