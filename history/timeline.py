"""The timeline, cut to what one page can bear."""

from dataclasses import dataclass, field

from django.core.paginator import Paginator

from chronology import HistoricalDate
from history.models import Era

# An era with more events than this is read decade by decade.
LONG_ERA = 12
# Of a timeline of all eras, each era shows its first events; one era alone is shown in pages.
EVENTS_PER_ERA = 30
EVENTS_PER_PAGE = 60


@dataclass
class Chapter:
    """An era with the events of it that stand on this page."""

    era: Era
    total: int
    events: list = field(default_factory=list)

    @property
    def has_more(self):
        return len(self.events) < self.total

    @property
    def parts(self):
        """``(decade or None, events)``: a long era decade by decade, a short one in one piece.

        A decade begins with an event that certainly happened in it.
        """
        if len(self.events) <= LONG_ERA:
            return [(None, self.events)]
        found = [(None, [])]
        for event in self.events:
            decade = _decade_of(event)
            if decade and decade != found[-1][0]:
                found.append((decade, []))
            found[-1][1].append(event)
        return [part for part in found if part[1]]


def _decade_of(event):
    first, last = event.date_earliest, event.date_latest
    if first is None or last is None or first.year // 10 != last.year // 10:
        return None
    return HistoricalDate(f"{first.year // 10:03}X")


def mark(chapters, on, *, whole=True):
    """Mark where the HistoricalDate ``on`` stands: ``is_later`` on what certainly came after it,
    ``is_next`` on the first of those. ``whole``: nothing stands before the first of these
    chapters. Returns whether the mark stands somewhere; if not, all is before the date.
    """
    dated = [one for chapter in chapters for one in chapter.events if one.date_earliest]
    later = [one for one in dated if on.latest and one.date_earliest > on.latest]
    for event in later:
        event.is_later = True
    if not later or (not whole and len(later) == len(dated)):
        return False
    later[0].is_next = True
    return True


def chapters(events, user):
    """The eras that have ``events``, in order, each with its first events.

    Five queries, however many events there are.
    """
    totals = events.count_by_era()
    found = {era.pk: Chapter(era, totals[era.pk]) for era in Era.objects.all() if era.pk in totals}
    for event in events.first_of_each_era(EVENTS_PER_ERA).with_participants(user):
        found[event.era_id].events.append(event)
    return list(found.values())


def page_of_era(events, era, number, user):
    """The page ``number`` (any text) of one era: (chapters, Django's Page)."""
    of_era = events.filter(era=era).in_time_order().with_participants(user)
    page = Paginator(of_era, EVENTS_PER_PAGE).get_page(number)
    total = page.paginator.count
    return ([Chapter(era, total, list(page))] if total else []), page
