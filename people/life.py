"""What the terms of office tell of a unit's life: its heads."""

from chronology.settling import recorded
from people.as_of import was_never_led
from people.models import Term
from units.moments import HEAD, OF_A_SORT, Moment, offers_moments


@offers_moments
def heads(unit, as_of):
    """Everyone who is known to have led the unit and may be seen; two queries."""
    if was_never_led(unit, as_of):
        return
    terms = Term.objects.visible_to(as_of.user).filter(post__unit=unit, post__is_head=True)
    terms = terms.latest_first().select_related("person", "post__unit")
    terms = terms.prefetch_related("sources")
    for number, term in enumerate(terms[: OF_A_SORT + 1]):
        yield Moment(
            f"head-{term.code}", "people/_moment_head.html", recorded(term.begin), until=term.end,
            rank=HEAD, order=-number, record=term, sources=list(term.sources.all()),
        )  # fmt: skip
