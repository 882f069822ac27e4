"""Who led units on a date."""

from people.models import Post, Term
from structure.heads import answers_heads
from units.existence import day_asked, how_surely


@answers_heads
def heads_of(units, as_of):
    """``{unit id: [Term, …]}`` for ``AsOf.heads_of()``: who held the head posts of ``units``, as
    far as the reader may see them. Terms come with ``person``, ``post`` and ``certainty``. One
    query; every unit has an entry, nobody's where it did not exist.
    """
    found = {unit.pk: [] for unit in units}
    there = [unit.pk for unit in units if as_of.existence(unit)]
    terms = Term.objects.visible_to(as_of.user).in_office(as_of.on).likeliest_first(as_of.on)
    terms = terms.filter(post__unit__in=there, post__is_head=True)
    for term in terms.select_related("person", "post__unit"):
        term.certainty = certainty_in_office(term, as_of.on)
        found[term.post.unit_id].append(term)
    return found


def has_posts(unit, as_of):
    """Whether the unit has any post, seen or hidden; most have none. Asked once a page."""
    return as_of.once(("posts", unit.pk), Post.objects.filter(unit=unit).order_by().exists)


def was_never_led(unit, as_of):
    """Whether the page has found by ``has_posts()`` that the unit has none; asks nothing."""
    return as_of.known(("posts", unit.pk)) is False


def certainty_in_office(term, on, expected=False):
    """How surely a term, with its post and unit, ran on ``on`` (HistoricalDate or None for today)
    while the unit existed: a Certainty. ``expected``: as far as can be foreseen."""
    return term.period.certainty(day_asked(on)) if expected else how_surely(term.period, on)
