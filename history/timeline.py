"""The timeline, cut to what one page can bear."""

from dataclasses import dataclass, field

from django.core.paginator import Paginator

from history.models import Era

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
