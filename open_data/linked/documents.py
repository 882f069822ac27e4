"""Documents of linked data: one record with what belongs to it, and everything."""

from django.conf import settings

from open_data.dated import forget_contact
from open_data.kinds import KINDS
from open_data.linked.names import Names
from open_data.linked.nodes import CONTEXT
from open_data.rows import plain_rows_of
from people.models import Post
from publishing.record_kinds import model_at
from structure.as_of import AsOf
from units.models import Unit

# Of what belongs to a record, a document tells this much of each kind; the rest has its lists.
MOST = 200
CHUNK = 500


def wanted(request):
    """Whether the program asks for JSON-LD rather than for plain JSON."""
    return (
        request.get_preferred_type(["application/json", "application/ld+json"])
        == "application/ld+json"
    )


def document(kind, record, request, on=None):
    """The record and what is told of it: names, superiors, posts, terms, events.

    Linked data tells of today; ``on`` (HistoricalDate, None for today) only leaves out what does
    not hold on another date and is not dated either.
    """
    names = Names(request)
    graph = nodes_of(kind, [record], names, on)
    for other in KINDS:
        for path in other.told_of:
            if model_at(other.model, path) is kind.model:
                rows = other.public().filter(**{path: record}).order_by("pk").distinct()[:MOST]
                graph += nodes_of(other, rows, names)
    return {"@context": CONTEXT, "@graph": graph}


def nodes_of(kind, records, names, on=None, today=None):
    """The nodes of a list of records; ``on`` as for document(). ``today``: what a page knows of
    today already, the AsOf of somebody who sees no more than the public."""
    records, today = list(records), today or AsOf(None, None)
    if kind.name == "units":
        records = today.renew(records)
    rows = plain_rows_of(kind, records)  # linked data tells of today
    if kind.name == "units":
        if not AsOf(on, None).has_today:
            forget_contact(rows)
        _name_superiors(records, rows, today)
    if kind.name == "terms":
        posts = Post.objects.visible_to(None).filter(pk__in=[one.post_id for one in records])
        units = dict(posts.order_by().values_list("code", "unit__code"))
        return [kind.node(row, names, units) for row in rows]
    return [kind.node(row, names) for row in rows]


def _name_superiors(units, rows, today):
    """Write into the rows whom the page of each unit names as its superior today."""
    superiors = today.superiors_of(units)
    codes = {unit.parent_id: row["parent"] for unit, row in zip(units, rows, strict=True)}
    ids = {one.unit_id for several in superiors.values() for one in several} - {None}
    if others := ids - codes.keys():
        codes |= Unit.objects.filter(pk__in=others).order_by().values_list("pk", "code")
    for unit, row in zip(units, rows, strict=True):
        row["parent"] = next((codes.get(one.unit_id) for one in superiors[unit.pk]), None)


def everything(base):
    """Yields every node of the site, part after part, in constant memory."""
    names = Names(base=base)
    yield {
        "@id": f"{names.base}id/everything",
        "@type": "schema:Dataset",
        "schema:license": {"@id": settings.OPEN_DATA_LICENCE},
    }
    for kind in KINDS:
        if not kind.linked:
            continue
        for records in chunks(kind.public()):
            yield from nodes_of(kind, records, names)


def chunks(rows, size=CHUNK):
    """Lists of the records of a QuerySet, in the order of their keys.

    The keys are read first (a few megabytes for 226,000), so that no query has to find its place
    again and none stays open while a slow reader takes its time.
    """
    keys = list(rows.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(keys), size):
        yield list(rows.filter(pk__in=keys[start : start + size]).order_by("pk"))
