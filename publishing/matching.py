"""The question every search asks of folded text (``SearchTextField``)."""

from django.db.models import Q

from publishing.text import fold

_MOST_WORDS = 8


def matching(query, field="search_text"):
    """Rows whose ``field`` holds every word of ``query``, as a Q.

    ``query``: whatever a person typed; letters fold as in the index (``eliyeva`` finds Əliyeva).
    Nothing searchable in it (blank, only signs) matches no row. Words past the eighth are ignored.
    """
    words = fold(query).split()[:_MOST_WORDS]
    if not words:
        return Q(pk__in=[])
    found = Q()
    for word in words:
        found &= Q(**{f"{field}__contains": word})
    return found
