"""From when on what nobody has dated is certain: from the day on which it is first public.

On that day "since when" is written down where it is not known: as ``/2026-11-29`` (began at an
unknown time, at the latest then). So a page about yesterday says what yesterday's page said, and
what was never recorded of earlier days stays merely possible.
"""

import datetime

from django.core.exceptions import ValidationError
from django.db.models import DateTimeField
from django.utils import timezone
from django.utils.timezone import is_aware, make_aware
from django.utils.translation import gettext as _

from chronology import HistoricalDate
from chronology.recorded import closed_at, may_have_begun, settled
from publishing.models import Status

_MOMENT = DateTimeField()
ONE_DAY = datetime.timedelta(days=1)


def settle(unit):
    """Write the three dates into a published unit where they are not certain by the day on which
    it is first public; gives the names of the fields that it has changed."""
    day, before = first_public_day(unit.publish_at), _dates(unit)
    is_to_come = unit.founded and not may_have_begun(unit.founded, day)
    if unit.status != Status.PUBLISHED or is_to_come:
        return []
    if unit.dissolved and unit.dissolved.latest is None and may_have_begun(unit.dissolved, day):
        unit.dissolved = closed_at(unit.dissolved, day)
    if unit.dissolved and unit.dissolved.latest and unit.dissolved.latest <= day:
        day = _last_day(unit.dissolved)
    else:
        founded = unit.founded and unit.founded.certain
        if not founded or founded > day:
            attested = unit.attested and unit.attested.certain
            if attested is None or attested > day or unit.attested.earliest > timezone.localdate():
                unit.attested = HistoricalDate.from_date(day)
    for name in ("name_since", "superior_since"):
        since = getattr(unit, name)
        setattr(unit, name, settled(None if _not_yet(since) else since, day))
    return [name for name, date in _dates(unit).items() if date != before[name]]


def has_been_public(status, name_since, superior_since):
    """Whether visitors may have seen a unit that has these: it is published, or it was and its
    dates tell; not one that was never public before a day still to come. The dates are
    HistoricalDates, texts of them, or nothing."""
    dates = [str(date) if date else "" for date in (name_since, superior_since)]
    if any(_not_yet(HistoricalDate(text)) for text in dates if text):
        return False
    return status == Status.PUBLISHED or all(dates)


def _last_day(dissolved):
    """The last day on which a unit that has ended existed for certain, for all that is known."""
    ended = dissolved.earliest
    if ended in (None, datetime.date.min):
        ended = dissolved.latest
    return max(ended, datetime.date.min + ONE_DAY) - ONE_DAY


def settle_partnership(body):
    """The same for since when a published body outside has been a partner."""
    before = body.partner_since
    if body.status != Status.PUBLISHED or not body.is_partner:
        return []
    since = None if _not_yet(before) else before
    body.partner_since = settled(since, first_public_day(body.publish_at))
    return ["partner_since"] if body.partner_since != before else []


def effect_day(begin, end, since, *, fits=True):
    """The day on which a dated row takes the place of the present one, or None where it tells of
    the past: it begins on a day after the one from which the present one certainly holds
    (``since``), or still to come, and has no end. HistoricalDates or None.

    ``fits``: whether the row of a unit can hold what it says. It holds no body outside, nor that
    something is not known: such a row never takes effect and stays a dated row.
    """
    day = begin and begin.exact
    if day is None or end is not None or not fits:
        return None
    since = since and since.certain
    return day if day > timezone.localdate() or (since and day > since) else None


def refuse_vague_future(begin, end):
    """Raise ValidationError, at the field, for a row to come that does not begin on a day, or that
    has an end: it takes effect by itself, and holds until the next one begins."""
    if begin is None or may_have_begun(begin, timezone.localdate()):
        return
    if begin.exact is None:
        sentence = _(
            "What is to come takes effect by itself, so it needs a day. Write it like 2027-01-01."
        )
        raise ValidationError({"begin": ValidationError(sentence, code="no_day")})
    if end is not None:
        sentence = _("What is to come holds until the next row begins. Leave this empty.")
        raise ValidationError({"end": ValidationError(sentence, code="no_end")})


def _dates(unit):
    return {n: getattr(unit, n) for n in ("dissolved", "attested", "name_since", "superior_since")}


def first_public_day(publish_at):
    """The day on which a published record with this moment, or None, is first public if it was not
    before: today, or a day to come."""
    today, moment = timezone.localdate(), _MOMENT.to_python(publish_at)
    if moment is None:
        return today
    return max(today, timezone.localdate(moment if is_aware(moment) else make_aware(moment)))


def _not_yet(since):
    """Whether it was written down for a day of publication that is still to come."""
    return (
        since
        and since.is_period
        and since.begin is None
        and since.latest
        and (since.latest > timezone.localdate())
    )
