"""Whether the participants of an event fit its kind (``history.event_kinds``)."""

from django.utils.translation import gettext as _

from history.event_kinds import event_kind
from history.models import Side


def problems(kind, participations):
    """What keeps these participations from being published, as sentences for an editor.

    ``kind``: the value of a kind of event. ``participations``: Participation objects, saved or
    not, or anything with ``side``, ``unit`` and ``external_body``. An empty list means: all is
    well. An unknown kind has no rule to break.
    """
    rule = event_kind(kind)
    sides = {side: [] for side in Side.values}
    for one in participations:
        if participant := one.unit or one.external_body:
            sides[one.side].append(participant)
    found = []
    counts = {side: len(sides[side]) for side in sides}
    if not rule.allows(counts[Side.BEFORE], counts[Side.AFTER], counts[Side.SUBJECT]):
        found.append(str(rule.sentence))
        found.append(
            _("Entered now: %(before)s before, %(after)s after, %(concerned)s concerned.")
            % {
                "before": counts[Side.BEFORE],
                "after": counts[Side.AFTER],
                "concerned": counts[Side.SUBJECT],
            }
        )
    both = [one for one in sides[Side.BEFORE] if one in sides[Side.AFTER]]
    if both and not rule.stays:
        found.extend(
            _("%(participant)s stands both before and after. In this kind of event nothing does.")
            % {"participant": participant}
            for participant in both
        )
    elif both and len(both) == counts[Side.AFTER]:
        if rule.nothing_new:
            found.append(str(rule.nothing_new))
        elif rule.nothing_gone and len(both) == counts[Side.BEFORE]:
            found.append(str(rule.nothing_gone))
    return found
