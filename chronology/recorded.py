"""Since when something holds of which it is only known that it holds on a day.

"Since when" is then written down as a period that ends on that day: ``/2026-11-29`` (began at an
unknown time, at the latest then), ``2026-01-01/2026-11-29`` (this year). So it is certain from that
day on, and possible before.
"""

from .dates import HistoricalDate


def settled(since, day):
    """``since``, a HistoricalDate or None, of something that holds on ``day``, a date: certain
    from that day on. What begins only after the day is left as it is."""
    if since is None:
        return HistoricalDate(f"/{day.isoformat()}")
    if (since.certain is not None and since.certain <= day) or not may_have_begun(since, day):
        return since
    return closed_at(since, day)


def closed_at(date, day):
    """The HistoricalDate ``date`` as a period that ends on ``day`` at the latest."""
    if date.is_period:
        begin = date.text.partition("/")[0]
    else:
        begin = date.text if date.qualifier else date.earliest.isoformat()
    return HistoricalDate(f"{begin}/{day.isoformat()}")


def may_have_begun(date, day):
    """Whether the HistoricalDate can mean ``day`` or one before it."""
    return date.earliest is None or date.earliest <= day


def recorded(date):
    """What somebody has recorded of a HistoricalDate (or None) that may have been settled, for
    readers: ``2026`` of ``2026-01-01/2026-11-29``, None of ``/2026-11-29``."""
    if date is None or not date.is_period or date.end is None or date.end.exact is None:
        return date
    if date.begin is None:
        return None if date.text.startswith("/") else date
    first = date.begin.text
    shorter = [HistoricalDate(one) for one in (first[:4], first[:7], f"{first[:3]}X", first)]
    return next((one for one in shorter if settled(one, date.end.exact) == date), date)


def says_the_same(since, stored):
    """Whether ``stored`` is what ``since`` became when it was settled; HistoricalDates or None."""
    if stored is None or not stored.is_period or stored.end is None or stored.end.exact is None:
        return since == stored
    return settled(since, stored.end.exact) == stored
