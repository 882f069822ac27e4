"""One question to every kind of record that has a page."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from history.models import Event
from pages.models import Page
from people.models import Person
from publishing.matching import closeness, matching

HITS_A_KIND = 20
QUERY_LENGTH = 200


@dataclass
class Hits:
    """What was found of one kind. ``more``: there is more than is shown."""

    kind: str
    title: str
    records: list
    more: bool


def search(query, as_of, user):
    """The records that ``user`` may see and whose name, former name or title holds ``query``.

    ``query``: as typed, of any length; what is past 200 characters is ignored. Returns the kinds
    with hits, each at most 20, the closest first. Five queries, none for a blank search.
    """
    query = query.strip()[:QUERY_LENGTH]
    if not query:
        return []
    found = (
        ("unit", _("Units"), as_of.called(query).select_related("kind")),
        ("person", _("People"), Person.objects.visible_to(user).filter(matching(query))),
        ("event", _("Events"), Event.objects.visible_to(user).filter(matching(query))),
        ("body", _("Organisations"), as_of.visible_bodies().filter(matching(query))),
        ("page", _("Pages"), Page.objects.visible_to(user).filter(matching(query))),
    )
    groups = []
    for kind, title, records in found:
        records = list(records.order_by(closeness(query), "code")[: HITS_A_KIND + 1])
        if records:
            groups.append(Hits(kind, title, records[:HITS_A_KIND], more=len(records) > HITS_A_KIND))
    return groups
