"""What other pages show of people: who leads a unit, who led it before."""

from django import template

from people.as_of import certainty_in_office, has_posts, was_never_led
from people.life import all_announced_heads, announced_heads
from people.models import Post, Term
from structure.announced import announced_changes as changes_of_units
from structure.announced import announced_of

register = template.Library()

LIST_LENGTH = 60


@register.filter
def in_office(term, as_of):
    """How surely the term ran on the page's date: "certain", "possible" or "no"."""
    return certainty_in_office(term, getattr(as_of, "on", None)).value


@register.inclusion_tag("units/_announced.html", takes_context=True)
def announced_of_unit(context, unit):
    """What is announced of a unit: its name, its superior, its head; on the page of today only."""
    as_of = context["as_of"]
    if as_of.on is not None:
        return {}
    heads = announced_heads(unit, as_of) if has_posts(unit, as_of) else []
    return {"rows": announced_of(unit, as_of), "heads": heads, "unit": unit, "as_of": as_of}


@register.inclusion_tag("units/_announced_changes.html", takes_context=True)
def announced_changes(context):
    """What is announced of all units: their names, their superiors, their heads."""
    as_of = context["as_of"]
    rows, heads = changes_of_units(as_of), all_announced_heads(as_of)
    as_of.prepare(term.post.unit for term in heads)
    return {"rows": rows, "heads": heads, "as_of": as_of}


def _reader(context):
    return getattr(context.get("request"), "user", None)


def _day(context):
    """The date the page answers for; None means today."""
    return getattr(context.get("as_of"), "on", None)


def _posts(context, unit):
    user = _reader(context)
    return Post.objects.visible_to(user).filter(unit=unit).with_holders(user, _day(context))


@register.inclusion_tag("people/_head_of.html", takes_context=True)
def head_of(context, unit):
    """Who leads a unit: name, post, since when. "Vacant" without a holder, nothing without a post.

    Shares its queries with ``leadership_of``.
    """
    return {"post": _head(context, unit), "as_of": context.get("as_of")}


@register.inclusion_tag("people/_head_fact.html", takes_context=True)
def head_fact(context, unit):
    """The head as one line of the unit's facts, while it exists; shares its queries with
    ``leadership_of``."""
    as_of = context["as_of"]
    return {"post": _head(context, unit) if as_of.existence(unit) else None, "as_of": as_of}


@register.inclusion_tag("people/_leadership_of.html", takes_context=True)
def leadership_of(context, unit):
    """All posts of a unit, who holds each and how it is filled; three queries."""
    return {"posts": _post_list(context, unit), "as_of": context.get("as_of")}


def _head(context, unit):
    return next((post for post in _post_list(context, unit) if post.is_head), None)


def _post_list(context, unit):
    """The posts of a unit, its head first; read once for a page, where facts and text ask."""
    request = context.get("request")
    read = getattr(request, "posts_by_unit", {})
    if not has_posts(unit, context["as_of"]):
        return []
    if unit.pk not in read:
        posts = _posts(context, unit).order_by("-is_head", "order", "code")
        read[unit.pk] = list(posts[:LIST_LENGTH])
        if not context["as_of"].existence(unit):  # nobody holds a post in what does not exist
            for post in read[unit.pk]:
                post.holders, post.is_vacant = [], False
        if request:
            request.posts_by_unit = read
    return read[unit.pk]


@register.inclusion_tag("people/_past_heads.html", takes_context=True)
def past_heads(context, unit):
    """Those who led a unit before, the latest first; nothing where nobody is known."""
    if was_never_led(unit, context["as_of"]):
        return {"terms": []}
    terms = Term.objects.visible_to(_reader(context)).ended(_day(context))
    terms = terms.filter(post__unit=unit, post__is_head=True).latest_first()
    terms = terms.select_related("person", "post__unit")[:LIST_LENGTH]
    return {"terms": terms, "as_of": context.get("as_of")}
