"""The days of the year as an iCalendar file (RFC 5545, RFC 7986) for people's own calendars.

Yearly days (``Observance``) and the anniversaries of events become all-day entries that return
every year. Only an event whose date is one certain day has an anniversary: a calendar cannot show
"in 1992". docs/adr/0014 says why entries begin when they do and how 29 February is kept.
"""

import calendar
import datetime
import uuid

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext
from icalendar import Calendar, Event, vDDDTypes, vDuration, vRecur, vText, vUri

from chronology.display import display

PRODUCT = "-//Ministry of Internal Affairs of Azerbaijan//Days of the year//EN"
CONTENT_TYPE = "text/calendar; charset=utf-8"
REFRESH = datetime.timedelta(days=1)

# Calendars that count from 1900 or from the Unix epoch drop or shift what begins before; an entry
# about an older event begins here and says its year in words.
FIRST_YEAR = 1970

# Identifiers come from the permanent codes alone: the same on every host and in every language.
_NAMES = uuid.UUID("6f0a5d2e-5b0c-5d63-9b0e-0d7c6f1a1918")


def calendar_of(observances, events, absolute, source):
    """The bytes of a calendar of ``observances`` and the anniversaries of ``events``.

    ``events`` that are not dated to the day are left out. ``absolute``: a function that makes a
    path an address with host; ``source``: the address of the calendar itself. Texts are in the
    active language. Lines are folded and ended as RFC 5545 §3.1 wants them.
    """
    observances, events = list(observances), [e for e in events if e.date and e.date.exact]
    made = Calendar()
    made.add("prodid", PRODUCT)
    made.add("version", "2.0")
    made.add("calscale", "GREGORIAN")
    made.add("method", "PUBLISH")
    name = gettext("Days of the Ministry of Internal Affairs of Azerbaijan")
    for word in ("name", "x-wr-calname"):
        made.add(word, vText(name))
    made.add("source", vUri(source), parameters={"VALUE": "URI"})
    for word in ("refresh-interval", "x-published-ttl"):
        made.add(word, vDuration(REFRESH), parameters={"VALUE": "DURATION"})
    if changed := last_changed([*observances, *events]):
        made.add("last-modified", changed)
    for one in observances:
        made.add_component(_yearly_day(one, absolute))
    for one in events:
        made.add_component(_anniversary(one, absolute))
    return made.to_ical()


def last_changed(records):
    """When the newest of ``records`` was changed or came out, in UTC; None without any."""
    moments = [one.updated_at for one in records]
    moments += [one.publish_at for one in records if one.publish_at]
    passed = [moment for moment in moments if moment <= timezone.now()]
    return max(passed).astimezone(datetime.UTC).replace(microsecond=0) if passed else None


def _yearly_day(observance, absolute):
    """Begins when the day is known to have been kept; without that, with the year in which the
    site first knew of it, since nothing may be claimed of the years before."""
    first = observance.created_at.date().replace(month=1, day=1)
    lines = [observance.summary]
    if observance.since:
        lines.append(gettext("Kept since: %(date)s") % {"date": display(observance.since)})
        known = observance.since.latest or observance.since.earliest or first
        first = max(known, datetime.date(FIRST_YEAR, 1, 1))
    if observance.origin:
        origin = {"event": str(observance.origin)}
        lines.append(gettext("Recalls: %(event)s") % origin)
    key = f"{observance.month:02}-{observance.day:02}"
    page = f"{reverse('history:days')}?day={key}#day"
    entry = _entry("observance", observance, absolute(page), lines)
    entry.add("categories", [gettext("yearly day")])
    return _every_year(entry, observance.month, observance.day, first)


def _anniversary(event, absolute):
    day = event.date.exact
    lines = [
        gettext("It happened on this day: %(date)s") % {"date": display(event.date)},
        event.summary,
    ]
    entry = _entry("event", event, absolute(event.get_absolute_url()), lines, year=day.year)
    entry.add("categories", [gettext("anniversary of an event")])
    return _every_year(entry, day.month, day.day, max(day, datetime.date(FIRST_YEAR, 1, 1)))


def _entry(kind, record, address, lines, year=None):
    entry = Event()
    entry.add("uid", f"urn:uuid:{uuid.uuid5(_NAMES, f'{kind}:{record.code}')}")
    entry.add("dtstamp", record.updated_at.astimezone(datetime.UTC).replace(microsecond=0))
    entry.add("created", record.created_at.astimezone(datetime.UTC).replace(microsecond=0))
    entry.add("last-modified", record.updated_at.astimezone(datetime.UTC).replace(microsecond=0))
    title = f"{record} ({year})" if year else str(record)
    entry.add("summary", vText(title), parameters={"LANGUAGE": _language_of(record)})
    told = "\n".join(filter(None, [*lines, address]))
    entry.add("description", vText(told), parameters={"LANGUAGE": get_language()})
    entry.add("url", vUri(address))
    entry.add("transp", "TRANSPARENT")  # an anniversary makes nobody busy
    entry.add("class", "PUBLIC")
    return entry


def _language_of(record):
    """The language that the title is written in: the reader's if there is one."""
    own = get_language()
    written = [name.rsplit("_", 1)[1] for name in record.title_fields() if getattr(record, name)]
    return own if own in written or not written else written[0]


def _every_year(entry, month, day, first):
    """All day, every year from the first such day on or after ``first``.

    29 February is asked for as the last day of February, so that in a year without a 29th it is
    kept on the 28th, as the pages of the site do.
    """
    leap = (month, day) == (2, 29)
    start = _in_year(first.year, month, day)
    if start < first and first.year < datetime.MAXYEAR:
        start = _in_year(first.year + 1, month, day)
    for word, value in (("dtstart", start), ("dtend", start + datetime.timedelta(days=1))):
        entry.add(word, vDDDTypes(value), parameters={"VALUE": "DATE"})
    rule = {"freq": "yearly"} | ({"bymonth": 2, "bymonthday": -1} if leap else {})
    entry.add("rrule", vRecur(rule))
    return entry


def _in_year(year, month, day):
    return datetime.date(year, month, min(day, calendar.monthrange(year, month)[1]))
