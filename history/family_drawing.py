"""The lineage of a unit as a drawing: bodies and events in columns, the past at the left."""

from collections import defaultdict

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from chronology.display import display_moment, display_period
from drawing.layers import drawn
from drawing.shapes import Box
from structure.dated_addresses import dated
from units.models import Unit


def drawing_of(family, as_of):
    """The Drawing of a :class:`history.family.Family`: the same bodies, events and links.

    A body that comes back after it had become another one stands there a second time, said so:
    time has no cycles, and neither have the lines.
    """
    boxes, arcs = {}, []
    following = defaultdict(list)

    def link(a, b, event):
        arcs.append((a, b, event))
        following[a].append(b)

    for step in family.steps:
        here = ("event", step.event.pk)
        boxes[here] = _event_box(step.event, as_of)
        for key in step.before:
            if key not in boxes:
                boxes[key] = _body_box(family, key, as_of)
            link(key, here, here)
        if step.rest_before:
            boxes["before", *here] = _rest_box(step, step.rest_before, as_of)
            link(("before", *here), here, here)
        for key in step.after:
            if key in boxes and _leads_to(key, here, following):
                boxes["again", key, here] = _body_box(family, key, as_of, again=True)
                link(here, ("again", key, here), here)
                continue
            if key not in boxes:
                boxes[key] = _body_box(family, key, as_of)
            link(here, key, here)
        if step.rest_after:
            boxes["after", *here] = _rest_box(step, step.rest_after, as_of)
            link(here, ("after", *here), here)
    return drawn(boxes, arcs)


def _leads_to(start, goal, following):
    met, waiting = {start}, [start]
    while waiting:
        node = waiting.pop()
        if node == goal:
            return True
        fresh = [one for one in following[node] if one not in met]
        met.update(fresh)
        waiting.extend(fresh)
    return False


def _body_box(family, key, as_of, *, again=False):
    body = family.body(key)
    unit = isinstance(body, Unit)
    notes = [_period_of(body) if unit else _("body outside")]
    if again:
        notes.append(_("again"))
    return Box(
        name=as_of.name(body) if unit else str(body),
        address=dated(body.get_absolute_url(), as_of),
        language=as_of.name_language(body),
        kind="again" if again else "top" if key == family.key else "",
        note=" · ".join(filter(None, notes)),
    )


def _period_of(unit):
    """From when until when the unit existed, where anything of it is known."""
    if not unit.founded and not unit.dissolved:
        return ""
    return display_period(unit.founded, unit.dissolved)


def _event_box(event, as_of):
    return Box(
        name=str(event),
        address=dated(event.get_absolute_url(), as_of),
        kind="event",
        note=display_moment(event.date) if event.date else _("date not known"),
        width=176,
    )


def _rest_box(step, count, as_of):
    words = ngettext("and %(count)s more", "and %(count)s more", count) % {"count": count}
    return Box(words, dated(step.event.get_absolute_url(), as_of), kind="rest", width=150)
