"""Moving units in the admin: by mouse, by key, by form, and back again."""

from contextlib import contextmanager
from dataclasses import dataclass

from django import forms
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.admin.views.main import ChangeList
from django.core import signing
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from publishing.admin import Refused
from publishing.autocomplete import SafeAutocompleteSelect, is_id
from publishing.models import Status, may_publish
from units import rights, tree
from units.models import Unit

# A list with at most this many units is shown as a whole; a larger one branch by branch.
WHOLE_TREE = 150
# The levels that a larger list begins with: the top row and what stands directly under it.
FIRST_LEVELS = 2

UNDER = "under"
_TREE_PARAMETERS = {UNDER, "p", "e", "_popup", "_to_field"}

_SALT = "units.admin_tree.undo"
UNDO_SECONDS = 24 * 60 * 60

WHERE = {"before": "left", "after": "right", "inside": "last-child"}


class TreeChangeList(ChangeList):
    """The list of units as a tree; search results and sorted lists are flat.

    ``?under=<id>`` lists the units directly under one: the scripts open branches with it, and
    without scripts it is where the arrow leads.
    """

    def __init__(self, request, *args, **kwargs):
        under = request.GET.get(UNDER, "")
        self.under = int(under) if is_id(under) else None
        self.is_tree = not set(request.GET) - _TREE_PARAMETERS
        super().__init__(request, *args, **kwargs)

    def get_filters_params(self, params=None):
        return {k: v for k, v in super().get_filters_params(params).items() if k != UNDER}

    def get_queryset(self, request, exclude_parameters=None):
        units = super().get_queryset(request, exclude_parameters)
        if not self.is_tree:
            return units
        units = units.order_by("tree_id", "lft")
        self.total = self.root_queryset.count()
        self.is_whole = self.total <= WHOLE_TREE
        if self.under is not None:
            return units.filter(parent_id=self.under)
        return units if self.is_whole else units.filter(level__lt=FIRST_LEVELS)

    @property
    def superior(self):
        """The unit whose branch is listed, or None."""
        return Unit.objects.filter(pk=self.under).first() if self.under is not None else None


@dataclass(frozen=True)
class Move:
    """A move that was made: the unit, where it stood before, where it stands now."""

    unit: Unit
    former: tree.Placement
    now: tree.Placement

    def undo_token(self, user):
        """What ``undo()`` takes: signed, for this user, for a day."""
        values = {
            "unit": self.unit.code,
            "user": user.pk,
            "former": self.former.as_dict(),
            "now": self.now.as_dict(),
        }
        return signing.dumps(values, salt=_SALT, compress=True)


def _unit(pk):
    """The unit with this id (text from a form). Raises Refused when there is none."""
    found = is_id(pk) and Unit.objects.select_related("parent").filter(pk=pk).first()
    if found:
        return found
    raise Refused(_("This unit is no longer there. Load the list again."), 404)


def _check(user, unit, superior):
    """Raises Refused unless ``user`` may take ``unit`` from its superior and put it under
    ``superior``, and unless the unit is still right there."""
    if unit.status != Status.DRAFT and not may_publish(user, Unit):
        raise Refused(
            _("“%(unit)s” is published. Only those who may publish can move it.") % {"unit": unit},
            403,
        )
    if refused := rights.why_not_move(user, unit, unit.parent, superior):
        if refused[0] is None:
            raise Refused(_("You may not add or move units at the top of the structure."), 403)
        raise Refused(_("You may not change “%(unit)s”.") % {"unit": refused[0]}, 403)
    tree.check_superior(unit.pk, superior.pk if superior else None)
    unit.parent = superior
    unit.clean()


def move_beside(user, unit_pk, target_pk, where, seen_superior=None):
    """Moves a unit to where it was dropped and returns the Move.

    ``where``: "before" or "after" the target, or "inside" it as the last. ``seen_superior``: id
    of the superior ("" at the top) as the page of the user had it; None when it did not say.
    Every unit is read inside the lock. Raises Refused.
    """
    if where not in WHERE:
        raise Refused(_("Say whether the unit goes before, after or under the other one."), 400)
    with _writing():
        unit, target = _unit(unit_pk), _unit(target_pk)
        if unit.pk == target.pk:
            raise Refused(_("A unit cannot be its own superior."), 400)
        if seen_superior is not None:
            _refuse_moved(unit, seen_superior)
        superior = target if where == "inside" else target.parent
        return _moved(user, unit, superior, lambda: tree.move_to(unit, target, WHERE[where]))


def _refuse_moved(unit, seen_superior):
    if str(unit.parent_id or "") != seen_superior:
        raise Refused(
            _("Somebody else has moved “%(unit)s” in the meantime. Load the list again.")
            % {"unit": unit}
        )


def move_to_position(user, unit_pk, superior, position, seen_superior):
    """Moves a unit under ``superior`` (None: the top) as number ``position``, counted from 1;
    None: as the last. ``seen_superior``: as for ``move_beside``. Returns the Move.

    Raises Refused.
    """
    with _writing():
        unit = _unit(unit_pk)
        _refuse_moved(unit, seen_superior)
        superior = superior and _unit(superior.pk)
        place = None if position is None else position - 1
        return _moved(user, unit, superior, lambda: tree.move(unit, superior, place))


def step(user, unit_pk, direction):
    """Moves a unit one place "up" or "down" among its siblings. Returns the Move."""
    if direction not in ("up", "down"):
        raise Refused(_("Say whether the unit goes up or down."), 400)
    with _writing():
        unit = _unit(unit_pk)
        here = tree.placement_of(unit)
        if direction == "up" and here.position == 0:
            raise Refused(_("“%(unit)s” is the first already.") % {"unit": unit})
        if direction == "down" and here.before is None:
            raise Refused(_("“%(unit)s” is the last already.") % {"unit": unit})
        superior = unit.parent
        place = here.position + (1 if direction == "down" else -1)
        return _moved(user, unit, superior, lambda: tree.move(unit, superior, place))


def read_token(user, token):
    """What ``Move.undo_token`` signed. Raises Refused for a forged, old or borrowed one."""
    try:
        values = signing.loads(token, salt=_SALT, max_age=UNDO_SECONDS)
        former = tree.Placement(**values["former"])
        now = tree.Placement(**values["now"])
    except (signing.BadSignature, KeyError, TypeError) as error:
        raise Refused(_("This move can no longer be undone."), 400) from error
    if values.get("user") != user.pk:
        raise Refused(_("Only the person who moved the unit can undo it this way."), 403)
    return values["unit"], former, now


def undo(user, token):
    """Puts a unit back to where it stood before a move, and returns the new Move.

    Refused when the unit was moved again, its former superior is gone, or rights are missing.
    """
    code, former, expected = read_token(user, token)
    with _writing():
        unit = Unit.objects.select_related("parent").filter(code=code).first()
        if unit is None:
            raise Refused(_("This unit is no longer there. Load the list again."), 404)
        here = tree.placement_of(unit)
        # Units added beside it may shift its number or its neighbour, but not both.
        if here.parent != expected.parent or not (
            here.position == expected.position or here.before == expected.before
        ):
            raise Refused(
                _("“%(unit)s” was moved again in the meantime, so this move is not undone.")
                % {"unit": unit}
            )
        superior = Unit.objects.filter(code=former.parent).first() if former.parent else None
        if former.parent and superior is None:
            raise Refused(_("The former superior of “%(unit)s” no longer exists.") % {"unit": unit})
        return _moved(
            user, unit, superior, lambda: tree.restore(unit, former), words=_("Move undone")
        )


def _moved(user, unit, superior, act, words=None):
    try:
        before = unit.parent
        _check(user, unit, superior)
        unit.parent = before
        former = act()
    except ValidationError as error:
        raise Refused(" ".join(error.messages), 400) from error
    unit = Unit.objects.select_related("parent").get(pk=unit.pk)
    now = tree.placement_of(unit)
    log_move(user, unit, former, now, words or _("Moved"))
    return Move(unit, former, now)


def log_move(user, unit, former, now, words):
    """The line in the record's history: from where to where."""
    names = dict(
        Unit.objects.filter(code__in=[c for c in (former.parent, now.parent) if c]).values_list(
            "code", "name"
        )
    )
    top = _("the top")
    from_name = names.get(former.parent) or former.parent or top
    to_name = names.get(now.parent) or now.parent or top
    message = f"{words}: {from_name}, {former.position + 1} → {to_name}, {now.position + 1}"
    LogEntry.objects.log_actions(
        user.pk, [unit], CHANGE, change_message=message, single_object=True
    )


@contextmanager
def _writing():
    """``tree.writing()`` whose refusals are Refused."""
    try:
        with tree.writing():
            yield
    except tree.TreeBusy as busy:
        raise Refused(str(busy), 503) from busy
    except tree.TreeRefusal as refusal:
        raise Refused(str(refusal)) from refusal


class PlaceForm(forms.Form):
    """Superior and position of a unit, without a mouse."""

    superior = forms.ModelChoiceField(
        Unit.objects.all(),
        required=False,
        label=gettext_lazy("Superior"),
        help_text=gettext_lazy("Empty: the top of the structure."),
    )
    position = forms.IntegerField(
        required=False,
        min_value=1,
        max_value=1_000_000,
        label=gettext_lazy("Position"),
        help_text=gettext_lazy("1 is the first place under the superior. Empty: the last place."),
        show_hidden_initial=True,  # as in UnitForm
    )
    seen_superior = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, admin_site, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["position"].widget.attrs["data-superior"] = self.initial["superior"] or ""
        self.initial["seen_superior"] = str(self.initial["superior"] or "")
        self.fields["superior"].widget = SafeAutocompleteSelect(
            Unit._meta.get_field("parent"),
            admin_site,
            choices=self.fields["superior"].choices,
        )
