"""The kinds of events: what each is called, what it asks of its participants, what it means.

This is the only place that names them. The form, the timeline's filter, files, the API, linked
data, lineage, the comparison of two dates and the checks read what stands here, so a new kind is
one more entry in ``KINDS`` and its translations; the database needs no migration.

"Before" and "after" are the bodies that a change turns into one another, or, where a unit changes
its superior, the superior it leaves and the one it comes under. "Concerned" are all others.
"""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

ANY = (0, None)
NONE = (0, 0)
ONE = (1, 1)
AT_MOST_ONE = (0, 1)
ONE_OR_MORE = (1, None)
TWO_OR_MORE = (2, None)


@dataclass(frozen=True)
class EventKind:
    """A kind of event.

    ``value`` is stored, ``label`` is shown. ``before``, ``after`` and ``concerned`` say how many
    participants it has on each side: (fewest, most); None means without limit. ``sentence`` says
    the same in words.
    """

    value: str
    label: Any
    before: tuple[int, int | None]
    after: tuple[int, int | None]
    concerned: tuple[int, int | None]
    sentence: Any

    # More about the participants.
    a_superior: bool = False  # at least one superior, old or new, must be named
    both_or_neither: bool = False  # before and after come together
    stays: bool = False  # one may stand before and after, since it outlives the event
    nothing_new: Any = None  # what an editor reads where all that stand after stood before
    nothing_gone: Any = None  # and where, besides, all that stood before remain

    # What it means for a unit.
    founds: bool = False  # what stands after it begins with it
    closes: bool = False  # what stands before it and not after it ends with it
    makes_successors: bool = False  # what stands before it turns into what stands after it
    joins: bool = False  # several become one
    divides: bool = False  # one becomes several
    renames: bool = False
    moves: bool = False  # to another superior
    relocates: bool = False  # to another place
    may_precede: bool = False  # it may come before the founding of those it concerns

    # How it is shown.
    is_landmark: bool = False  # visitors are offered the dates of its milestones
    is_moment: bool = True  # it happens once, even if its date is known only within bounds
    is_named: bool = True  # its label stands beside the title

    @property
    def may_begin(self):
        """Whether a unit that stands after it may have begun with it."""
        return self.founds or self.makes_successors

    @property
    def surely_closes(self):
        """Whether whatever stands before it ends with it."""
        return self.closes and not self.stays

    @property
    def changes_units(self):
        """Whether it changes its participants rather than merely concerns them."""
        return self.may_begin or self.closes or self.renames or self.moves or self.relocates

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


# In the order in which they are offered.
_ALL = [
    EventKind(
        "founding", _("Founding"), NONE, ONE_OR_MORE, ANY,
        _("A founding has nothing before it and at least one unit after it."),
        founds=True, is_landmark=True,
    ),
    EventKind(
        "renaming", _("Renaming"), NONE, NONE, ONE_OR_MORE,
        _("A renaming leaves the unit the same: it has at least one unit concerned, "
          "and nothing before or after."),
        renames=True,
    ),
    EventKind(
        "transfer", _("Transfer"), ANY, AT_MOST_ONE, ONE_OR_MORE,
        _("A transfer concerns at least one unit and names its old superior as before, "
          "its one new superior as after, or both."),
        a_superior=True, moves=True,
    ),
    EventKind(
        "relocation", _("Relocation"), NONE, NONE, ONE_OR_MORE,
        _("A relocation leaves the unit the same: it has at least one unit concerned, "
          "and nothing before or after."),
        relocates=True,
    ),
    EventKind(
        "merger", _("Merger"), TWO_OR_MORE, ONE, ANY,
        _("A merger has at least two units before it and exactly one after it."),
        closes=True, makes_successors=True, joins=True, is_landmark=True,
    ),
    EventKind(
        "absorption", _("Absorption"), ONE_OR_MORE, ONE, ANY,
        _("An absorption has at least one absorbed unit before it and exactly one unit, "
          "which takes it in, after it."),
        stays=True,
        nothing_gone=_("Enter before the absorption at least one unit that is taken in."),
        closes=True, makes_successors=True, joins=True,
    ),
    EventKind(
        "split", _("Split"), ONE, TWO_OR_MORE, ANY,
        _("A split has exactly one unit before it and at least two after it."),
        closes=True, makes_successors=True, divides=True,
    ),
    EventKind(
        "separation", _("Separation"), ONE, ONE_OR_MORE, ANY,
        _("A separation has exactly one unit before it, which remains, and at least one "
          "unit after it, which leaves it."),
        stays=True,
        nothing_new=_("Enter after the separation at least one unit that is new."),
        makes_successors=True, divides=True, is_landmark=True,
    ),
    EventKind(
        "reorganisation", _("Reorganisation"), ANY, ANY, ANY,
        _("A reorganisation either turns at least one unit before it into at least one after "
          "it, or concerns at least one unit that remains the same."),
        stays=True, both_or_neither=True,
        closes=True, makes_successors=True, renames=True, moves=True, is_landmark=True,
    ),
    EventKind(
        "subordination", _("Subordination"), ANY, AT_MOST_ONE, ONE_OR_MORE,
        _("A subordination concerns at least one unit and names its old superior as before, "
          "its one new superior as after, or both."),
        a_superior=True, moves=True, is_landmark=True,
    ),
    EventKind(
        "abolition", _("Abolition"), ONE_OR_MORE, NONE, ANY,
        _("An abolition has at least one unit before it and nothing after it."),
        closes=True,
    ),
    EventKind(
        "award", _("Award"), NONE, NONE, ONE_OR_MORE,
        _("An award has at least one unit concerned, and nothing before or after."),
    ),
    EventKind(
        "membership", _("Membership"), NONE, NONE, ONE_OR_MORE,
        _("A membership has at least one unit or body outside concerned, "
          "and nothing before or after."),
    ),
    EventKind(
        "legal-act", _("Legal act"), NONE, NONE, ANY,
        _("A legal act has units concerned or none, and nothing before or after."),
        may_precede=True,
    ),
    EventKind(
        "other", _("Other"), ANY, ANY, ANY, _("Any participants."),
        stays=True, is_moment=False, is_named=False,
    ),
]  # fmt: skip
KINDS = {kind.value: kind for kind in _ALL}


def choices():
    """``[(value, label), …]`` of all kinds, for fields."""
    return [(kind.value, kind.label) for kind in KINDS.values()]


def event_kind(value):
    """The EventKind of a stored value. A value that is not declared asks and means nothing: the
    form refuses it on its own."""
    return KINDS.get(value) or EventKind(value, value, ANY, ANY, ANY, "", stays=True)


def kinds_that(meaning):
    """The values of the kinds of which ``meaning``, an attribute of EventKind, is true."""
    return [kind.value for kind in KINDS.values() if getattr(kind, meaning)]
