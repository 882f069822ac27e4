"""What the terms of office tell of a unit's life: its heads."""

from django.utils import timezone

from chronology.recorded import may_have_begun, recorded
from people.as_of import was_never_led
from people.models import Term
from structure.announced import MOST
from structure.moments import HEAD, OF_A_SORT, Moment, offers_moments


def heads_in_time(unit, as_of):
    """The terms of its head post that may be seen, the latest first; read once a page."""
    terms = Term.objects.visible_to(as_of.user).filter(post__unit=unit, post__is_head=True)
    terms = terms.latest_first().select_related("person", "post__unit")
    terms = terms.prefetch_related("sources")
    return as_of.once(("heads", unit.pk), lambda: list(terms[: OF_A_SORT + 1]))


def announced_heads(unit, as_of):
    """Those of them that are to begin and are announced, in the order of time."""
    if was_never_led(unit, as_of):
        return []
    today = timezone.localdate()
    found = [one for one in heads_in_time(unit, as_of) if one.announced and one.begin]
    return [one for one in found[::-1] if not may_have_begun(one.begin, today)]


def all_announced_heads(as_of):
    """The same of all visible units, the nearest first, at most MOST; one query."""
    terms = Term.objects.visible_to(as_of.user).filter(announced=True, post__is_head=True)
    terms = terms.filter(begin_earliest__gt=timezone.localdate())
    terms = terms.select_related("person", "post__unit").order_by("begin_earliest", "pk")
    return list(terms[:MOST])


@offers_moments
def heads(unit, as_of):
    """Everyone who is known to have led the unit and may be seen; two queries."""
    if was_never_led(unit, as_of):
        return
    for number, term in enumerate(heads_in_time(unit, as_of)):
        yield Moment(
            f"head-{term.code}", "people/_moment_head.html", recorded(term.begin), until=term.end,
            rank=HEAD, order=-number, record=term, sources=list(term.sources.all()),
        )  # fmt: skip
