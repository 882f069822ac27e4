"""What each kind of event asks of its participations: how many stand before, after, concerned.

"Before" and "after" are the bodies that a change turns into one another, or, where a unit changes
its superior, the superior it leaves and the one it comes under. "Concerned" are all others. Only
the kinds in ``LINEAGE`` make predecessors and successors.
"""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from history.models import EventKind, Side

ANY = (0, None)
NONE = (0, 0)
ONE = (1, 1)
AT_MOST_ONE = (0, 1)
ONE_OR_MORE = (1, None)
TWO_OR_MORE = (2, None)


@dataclass(frozen=True)
class Rule:
    """How many participants a kind has on each side: (fewest, most); None means without limit.

    ``sentence`` is the rule in words. ``stays``: a participant may stand before and after, since
    it outlives the change. ``a_superior``: at least one superior, old or new, must be named.
    ``both_or_neither``: before and after come together.
    """

    before: tuple[int, int | None]
    after: tuple[int, int | None]
    concerned: tuple[int, int | None]
    sentence: Any
    stays: bool = False
    a_superior: bool = False
    both_or_neither: bool = False

    def allows(self, before, after, concerned):
        """Whether these numbers of participants keep the rule."""
        counts = ((before, self.before), (after, self.after), (concerned, self.concerned))
        if not all(
            fewest <= count and (most is None or count <= most) for count, (fewest, most) in counts
        ):
            return False
        if self.a_superior and not before + after:
            return False
        if self.both_or_neither:
            return bool(before) == bool(after) and bool(before + after + concerned)
        return True


RULES = {
    EventKind.FOUNDING: Rule(
        NONE,
        ONE_OR_MORE,
        ANY,
        gettext_lazy("A founding has nothing before it and at least one unit after it."),
    ),
    EventKind.RENAMING: Rule(
        NONE,
        NONE,
        ONE_OR_MORE,
        gettext_lazy(
            "A renaming leaves the unit the same: it has at least one unit concerned, "
            "and nothing before or after."
        ),
    ),
    EventKind.TRANSFER: Rule(
        ANY,
        AT_MOST_ONE,
        ONE_OR_MORE,
        gettext_lazy(
            "A transfer concerns at least one unit and names its old superior as before, "
            "its one new superior as after, or both."
        ),
        a_superior=True,
    ),
    EventKind.RELOCATION: Rule(
        NONE,
        NONE,
        ONE_OR_MORE,
        gettext_lazy(
            "A relocation leaves the unit the same: it has at least one unit concerned, "
            "and nothing before or after."
        ),
    ),
    EventKind.MERGER: Rule(
        TWO_OR_MORE,
        ONE,
        ANY,
        gettext_lazy("A merger has at least two units before it and exactly one after it."),
    ),
    EventKind.ABSORPTION: Rule(
        ONE_OR_MORE,
        ONE,
        ANY,
        gettext_lazy(
            "An absorption has at least one absorbed unit before it and exactly one unit, "
            "which takes it in, after it."
        ),
        stays=True,
    ),
    EventKind.SPLIT: Rule(
        ONE,
        TWO_OR_MORE,
        ANY,
        gettext_lazy("A split has exactly one unit before it and at least two after it."),
    ),
    EventKind.SEPARATION: Rule(
        ONE,
        ONE_OR_MORE,
        ANY,
        gettext_lazy(
            "A separation has exactly one unit before it, which remains, and at least one "
            "unit after it, which leaves it."
        ),
        stays=True,
    ),
    EventKind.REORGANISATION: Rule(
        ANY,
        ANY,
        ANY,
        gettext_lazy(
            "A reorganisation either turns at least one unit before it into at least one after "
            "it, or concerns at least one unit that remains the same."
        ),
        stays=True,
        both_or_neither=True,
    ),
    EventKind.SUBORDINATION: Rule(
        ANY,
        AT_MOST_ONE,
        ONE_OR_MORE,
        gettext_lazy(
            "A subordination concerns at least one unit and names its old superior as before, "
            "its one new superior as after, or both."
        ),
        a_superior=True,
    ),
    EventKind.ABOLITION: Rule(
        ONE_OR_MORE,
        NONE,
        ANY,
        gettext_lazy("An abolition has at least one unit before it and nothing after it."),
    ),
    EventKind.AWARD: Rule(
        NONE,
        NONE,
        ONE_OR_MORE,
        gettext_lazy(
            "An award has at least one unit concerned, and nothing before or after."
        ),
    ),
    EventKind.MEMBERSHIP: Rule(
        NONE,
        NONE,
        ONE_OR_MORE,
        gettext_lazy(
            "A membership has at least one unit or body outside concerned, "
            "and nothing before or after."
        ),
    ),
    EventKind.LEGAL_ACT: Rule(
        NONE,
        NONE,
        ANY,
        gettext_lazy("A legal act has units concerned or none, and nothing before or after."),
    ),
    EventKind.OTHER: Rule(
        ANY, ANY, ANY, gettext_lazy("Any participants."), stays=True
    ),
}  # fmt: skip

# The kinds whose "before" turns into their "after".
LINEAGE = (
    EventKind.MERGER,
    EventKind.ABSORPTION,
    EventKind.SPLIT,
    EventKind.SEPARATION,
    EventKind.REORGANISATION,
)

# The kinds that can end a unit which stands before and not after.
CLOSING = (
    EventKind.ABOLITION,
    EventKind.MERGER,
    EventKind.ABSORPTION,
    EventKind.SPLIT,
    EventKind.REORGANISATION,
)


def problems(kind, participations):
    """What keeps these participations from being published, as sentences for an editor.

    ``kind``: a value of EventKind. ``participations``: Participation objects, saved or not, or
    anything with ``side``, ``unit`` and ``external_body``. An empty list means: all is well. An
    unknown kind has no rule to break; the form refuses it on its own.
    """
    rule = RULES.get(kind)
    if rule is None:
        return []
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
    elif both and kind != EventKind.OTHER and len(both) == counts[Side.AFTER]:
        if kind == EventKind.SEPARATION:
            found.append(_("Enter after the separation at least one unit that is new."))
        elif kind == EventKind.ABSORPTION and len(both) == counts[Side.BEFORE]:
            found.append(_("Enter before the absorption at least one unit that is taken in."))
    return found
