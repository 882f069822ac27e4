"""Moving units in the admin: by mouse, by key, by form, and back again."""

from contextlib import contextmanager
from copy import copy
from dataclasses import asdict, dataclass

from django import forms
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.admin.views.main import ChangeList
from django.core import signing
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chronology import HistoricalDate
from publishing import findings
from publishing.models import Status, may_publish, why_not_add
from staff.autocomplete import SafeAutocompleteSelect, is_id
from staff.refusals import Refused
from staff.second_look import Contradicted, judge
from staff.versions import version_of
from units import rights, tree
from units.change_words import outcome
from units.changes import SUPERIOR, Change, Meant, changed, keep
from units.models import DatedSuperior, Unit

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
class Written:
    """What a change of superior wrote beside the unit: ``row``, the code of a dated row, as it then
    was (``version``); ``since``, the texts of superior_since before and after, the same where the
    change is still to come."""

    row: str
    version: str
    since: tuple

    @property
    def is_to_come(self):
        return self.since[0] == self.since[1]


@dataclass(frozen=True)
class Move:
    """A move that was made: the unit, where it stood before, where it stands now.

    ``change``: what was said of its superior, if that changed and readers have seen it;
    ``written``: what this wrote, or None; ``outcome``: both in words. ``again``: what is to be said
    when a move that was undone is made once more.
    """

    unit: Unit
    former: tree.Placement
    now: tree.Placement
    change: Change | None = None
    written: Written | None = None
    outcome: str = ""
    again: Change | None = None

    @property
    def is_to_come(self):
        """Whether the unit stays where it is until a day that is still to come."""
        return self.change is not None and self.change.is_to_come

    def undo_token(self, user):
        """What ``undo()`` takes: signed, for this user, for a day."""
        values = {
            "unit": self.unit.code,
            "user": user.pk,
            "former": self.former.as_dict(),
            "now": self.now.as_dict(),
            "change": _as_plain(self.change),
            "again": _as_plain(self.again),
            "written": self.written and asdict(self.written),
        }
        return signing.dumps(values, salt=_SALT, compress=True)


def _as_plain(change):
    return change and [
        change.meant, change.since and change.since.text, change.announced, change.sources,
    ]  # fmt: skip


def _as_change(plain):
    if plain is None:
        return None
    meant, since, announced, sources = plain
    return Change(Meant(meant), since and HistoricalDate(since), announced, tuple(sources))


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
    tried = copy(unit)
    tried.parent = superior
    tried.clean()


def move_beside(user, unit_pk, target_pk, where, seen_superior=None, change=None, tick=""):
    """Moves a unit to where it was dropped and returns the Move.

    ``where``: "before" or "after" the target, or "inside" it as the last. ``seen_superior``: id
    of the superior ("" at the top) as the page of the user had it; None when it did not say.
    ``change``: the Change that a new superior means, needed where readers have seen the unit;
    ``tick``: what accepts what it contradicts. Every unit is read inside the lock. Raises Refused,
    and Contradicted where a second look is needed.
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
        return _moved(
            user, unit, superior, lambda: tree.move_to(unit, target, WHERE[where]), change, tick
        )


def _refuse_moved(unit, seen_superior):
    if str(unit.parent_id or "") != seen_superior:
        raise Refused(
            _("Somebody else has moved “%(unit)s” in the meantime. Load the list again.")
            % {"unit": unit}
        )


def move_to_position(user, unit_pk, superior, position, seen_superior, change=None, tick=""):
    """Moves a unit under ``superior`` (None: the top) as number ``position``, counted from 1;
    None: as the last. The rest as for ``move_beside``. Returns the Move.
    """
    with _writing():
        unit = _unit(unit_pk)
        _refuse_moved(unit, seen_superior)
        superior = superior and _unit(superior.pk)
        place = None if position is None else position - 1
        return _moved(user, unit, superior, lambda: tree.move(unit, superior, place), change, tick)


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


def _moved(user, unit, superior, act, change=None, tick=None):
    """Carry out a move: ``act()`` places the unit and gives its former Placement. ``tick``: as for
    ``move_beside``; None where nobody can be asked for a second look."""
    with _explained():
        _check(user, unit, superior)
        stays = superior == unit.parent
        before = [] if stays else findings.of_record(unit)
        if stays or not unit.has_been_public:
            change = None
        elif change is None:
            _refuse_unanswered(unit)
        row = None
        if change:
            changing = copy(unit)
            changing.parent = superior
            row = changed(SUPERIOR, changing, unit, change)
        if row and (sentence := why_not_add(user, DatedSuperior)):
            raise Refused(sentence, 403)
        if change and change.is_to_come:
            row.unit = unit
            keep(row, change)
            former = tree.placement_of(unit)
            written = _written(row, unit.superior_since, unit.superior_since)
        else:
            former = act()
            written = row and _hand_over(unit, row, changing.superior_since, change)
    words = outcome(SUPERIOR, change, row) if change else ""
    unit = Unit.objects.select_related("parent").get(pk=unit.pk)
    if not stays:
        _judge(unit, before, tick if change else None)
    now = tree.placement_of(unit)
    log_move(user, unit, former, now, _("Moved"), words)
    return Move(unit, former, now, change, written, words)


def _judge(unit, before, tick):
    try:
        judge(unit, before, tick)
    except Contradicted as contradicted:
        refused = [one.sentence for one in contradicted.found if one.is_refused]
        if refused:
            raise Refused(" ".join(refused), 400) from contradicted
        if tick is not None:  # somebody can be asked
            raise


def _refuse_unanswered(unit):
    sentence = _(
        "Readers have seen “%(unit)s” under its superior. Say whether that was changed, and since "
        "when, or corrected. Nothing was moved. Load the page again."
    )
    raise Refused(sentence % {"unit": unit})


def _hand_over(unit, row, since, change):
    """Save the dated row of the former superior, and since when the new one holds; gives what was
    Written. The unit has been placed under the new one already."""
    before = unit.superior_since
    _save_since(unit, since)
    row.unit = unit
    keep(row, change)
    return _written(row, before, since)


def _save_since(unit, since):
    unit.superior_since = since
    unit.save(update_fields=["superior_since", "updated_at"])


def _written(row, *since):
    version = version_of([DatedSuperior.objects.filter(pk=row.pk)])
    return Written(row.code, version, tuple(one.text if one else "" for one in since))


def read_token(user, token):
    """The Move that ``Move.undo_token`` signed; its unit is a code. Raises Refused for a forged,
    old or borrowed one."""
    try:
        values = signing.loads(token, salt=_SALT, max_age=UNDO_SECONDS)
        written = values["written"]
        move = Move(
            values["unit"],
            tree.Placement(**values["former"]),
            tree.Placement(**values["now"]),
            change=_as_change(values["change"]),
            written=written and Written(**written),
            again=_as_change(values["again"]),
        )
    except (signing.BadSignature, KeyError, TypeError) as error:
        raise Refused(_("This move can no longer be undone."), 400) from error
    if values.get("user") != user.pk:
        raise Refused(_("Only the person who moved the unit can undo it this way."), 403)
    return move


def undo(user, token):
    """Puts a unit back to where it stood before a move, takes back what the move wrote, and returns
    the new Move; that of a move undone makes it again.

    Refused when the unit was moved again, what was written has been changed, its former superior is
    gone, or rights are missing.
    """
    move = read_token(user, token)
    with _writing():
        unit = Unit.objects.select_related("parent").filter(code=move.unit).first()
        if unit is None:
            raise Refused(_("This unit is no longer there. Load the list again."), 404)
        stays = move.written is not None and move.written.is_to_come
        superior = unit.parent if stays else _former_superior(unit, move)
        if move.again:
            return _moved(user, unit, superior, lambda: tree.restore(unit, move.former), move.again)
        row = _row_as_written(unit, move.written)
        with _explained():
            _check(user, unit, superior)
            now = tree.placement_of(unit) if stays else tree.restore(unit, move.former)
            if row:
                row.delete()
            if row and not stays:
                _save_since(unit, move.written.since[0])
        unit = Unit.objects.select_related("parent").get(pk=unit.pk)
        here = tree.placement_of(unit)
        taken_back = _("What was recorded of the move is taken back.") if row else ""
        log_move(user, unit, now, here, _("Move undone"), taken_back)
        again = None if stays else move.change
        return Move(unit, now, here, again=again, outcome=taken_back)


def _former_superior(unit, move):
    """The superior, or None, under which the unit goes back. Raises Refused where it cannot."""
    here, expected, former = tree.placement_of(unit), move.now, move.former
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
    return superior


def _row_as_written(unit, written):
    """The dated row that a move wrote, or None where it wrote none. Raises Refused where it, or
    since when the superior holds, has been changed since."""
    if written is None:
        return None
    rows = DatedSuperior.objects.filter(unit=unit, code=written.row)
    since = unit.superior_since.text if unit.superior_since else ""
    is_same = written.is_to_come or since == written.since[1]
    if not is_same or version_of([rows]) != written.version:
        sentence = _(
            "What was recorded of the move of “%(unit)s” has been changed in the meantime, so the "
            "move is not undone."
        )
        raise Refused(sentence % {"unit": unit})
    return rows.get()


def log_move(user, unit, former, now, words, outcome=""):
    """The line in the record's history: from where to where, and what was meant (``outcome``)."""
    names = dict(
        Unit.objects.filter(code__in=[c for c in (former.parent, now.parent) if c]).values_list(
            "code", "name"
        )
    )
    top = _("the top")
    from_name = names.get(former.parent) or former.parent or top
    to_name = names.get(now.parent) or now.parent or top
    message = f"{words}: {from_name}, {former.position + 1} → {to_name}, {now.position + 1}"
    if former == now and outcome:  # it stays where it is
        message = words
    message = f"{message}. {outcome}" if outcome else message
    LogEntry.objects.log_actions(
        user.pk, [unit], CHANGE, change_message=message, single_object=True
    )


@contextmanager
def _explained():
    """What does not pass its checks is Refused."""
    try:
        yield
    except ValidationError as error:
        raise Refused(" ".join(error.messages), 400) from error


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
