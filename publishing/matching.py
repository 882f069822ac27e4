"""The question every search asks of folded text (``SearchTextField``)."""

from django.db.models import Case, IntegerField, Q, Value, When

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


def closeness(query, field="search_text"):
    """An expression to order by: 0 where one of the texts begins with the query, 1 where one holds
    it as it stands, 2 where only its words are found."""
    phrase = fold(query)
    begins = Q(**{f"{field}__startswith": phrase}) | Q(**{f"{field}__contains": f"| {phrase}"})
    return Case(
        When(begins, then=Value(0)),
        When(**{f"{field}__contains": phrase}, then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
