"""What each change was, in the words of the institution: founded, renamed, merged …

One change of a unit makes one entry, or several where it was renamed, moved and led anew. Entries
are plain data.
"""

from dataclasses import dataclass, field, replace

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from chronology import HistoricalDate, days_of
from chronology.periods import bounds_of
from history.comparison.difference import Change
from history.comparison.states import Superiors
from history.event_kinds import kinds_that
from history.models import Participation, Side
from structure.as_of import AsOf
from structure.as_of.superior_rows import COLUMNS

FOUNDED, ABOLISHED, MERGED, SPLIT = "founded", "abolished", "merged", "split"
RENAMED, MOVED, HEADS = "renamed", "moved", "heads"
# In the order of the page.
KINDS = {
    FOUNDED: _("Founded"),
    ABOLISHED: _("Abolished"),
    MERGED: _("Merged"),
    SPLIT: _("Split"),
    RENAMED: _("Renamed"),
    MOVED: _("Under another superior"),
    HEADS: _("Led by others"),
}

# What a kind of event must mean to explain an entry, and on which side of it the unit stands ("" is
# any). No event tells who leads.
_EXPLAINS = {
    FOUNDED: ("may_begin", Side.AFTER),
    ABOLISHED: ("closes", Side.BEFORE),
    RENAMED: ("renames", ""),
    MOVED: ("moves", ""),
}


@dataclass(frozen=True)
class Entry:
    """One thing that happened to one unit between the dates.

    ``certain``: whether it certainly did. ``gone`` and ``come``: the Names, Superiors or Heads
    that only one side has. ``date``: when, as an EDTF text, "" where not known. ``events``: the
    ids of the events that brought it about.
    """

    kind: str
    change: Change
    certain: bool
    gone: tuple = ()
    come: tuple = ()
    date: str = ""
    events: tuple = field(default=())

    @property
    def code(self):
        return self.change.code

    @property
    def certainty(self):
        return "certain" if self.certain else "possible"

    @property
    def key(self):
        """What names the entry among those of the same two dates, for good."""
        return f"{self.code}/{self.kind}"


def entries_of(changes):
    """The entries of a difference, not yet explained by events."""
    for change in changes:
        before, after = change.before, change.after
        if _began_or_ended(before, after):
            yield _of_existence(change)
        if before is None or after is None:
            continue
        for kind, column in ((RENAMED, "names"), (MOVED, "superiors"), (HEADS, "heads")):
            if entry := _of_column(change, kind, getattr(before, column), getattr(after, column)):
                yield entry


def _began_or_ended(before, after):
    """Whether a unit may have begun or ended in between. That nobody knows when it was founded is
    as true on both dates, so it tells of no founding between them."""
    if before is None or after is None:
        return True
    if before.existence == after.existence:
        return False
    return after.existence != "certain" or bool(after.founded)


def _of_existence(change):
    """Possible on one side and certain on the other: it may have begun or ended between them."""
    before, after = change.before, change.after
    began = before is None or (after is not None and after.existence == "certain")
    there = after if began else before
    other = before if began else after
    return Entry(
        FOUNDED if began else ABOLISHED,
        change,
        certain=other is None and there.existence == "certain",
        date=there.founded if began else there.dissolved,
    )


def _of_column(change, kind, before, after):
    """What only one side has. It changed for certain if any of it held for certain on its side,
    since it can then not have held on the other. Where more is known on one side than on the other,
    nothing is known to have changed."""
    if before == after:  # most are, where very many units are told
        return None
    if kind != HEADS and not before and not _known_begin(after):
        return None
    keys_before, keys_after = ({one.key for one in side} for side in (before, after))
    gone = tuple(one for one in before if one.key not in keys_after)
    come = tuple(one for one in after if one.key not in keys_before)
    if not come and all(one.certainty == "possible" for one in gone):
        return None
    certain = any(one.certainty == "certain" for one in (*gone, *come))
    dates = [one.begin for one in come[:1]] + [one.end for one in gone[:1]]
    return Entry(kind, change, certain, gone, come, next(filter(None, dates), ""))


def _known_begin(held):
    """Whether it is known when the first of them began, as it is not of ``/2026``."""
    return bool(held and held[0].begin and HistoricalDate(held[0].begin).earliest)


# --- Events -----------------------------------------------------------------------------------


def explained(entries, first, second, user):
    """The same entries in the order of the page, with the events that brought them about.

    A unit that began or ended by a merger or a split is told under that word. One query, linear.
    """
    entries = list(entries)
    known = _participations(entries, first, second, user)
    today = timezone.localdate()
    after, until = _last_day(first), _last_day(second)
    explaining = {kind: (kinds_that(word), side) for kind, (word, side) in _EXPLAINS.items()}
    mergers, splits = set(kinds_that("joins")), set(kinds_that("divides"))
    found = []
    for entry in entries:
        kinds, side = explaining.get(entry.kind, ((), ""))
        began, ended = bounds_of(HistoricalDate(entry.date) if entry.date else None)
        events = {
            event: kind
            for event, kind, on_side, earliest, latest in known.get(entry.code, ())
            if kind in kinds
            and side in ("", on_side)
            and not (began and latest and latest < began)
            and not (ended and earliest and earliest > ended)
        }
        kind, certain = entry.kind, entry.certain
        if kind in (FOUNDED, ABOLISHED):
            how = set(events.values())
            kind = MERGED if how & mergers else SPLIT if how & splits else kind
            # A date of its own makes certain what the state on one side leaves open.
            certain = certain or bool(began and ended and after < began and ended <= until)
        certain = certain and not (ended and ended > today)  # nothing is, after today
        if events or certain != entry.certain:
            entry = replace(entry, kind=kind, certain=certain, events=tuple(events))
        found.append(entry)
    return sorted(found, key=_place)


_AT_THE_END = HistoricalDate("9999-12-31")
_ORDER = {kind: place for place, kind in enumerate(KINDS)}


def _place(entry):
    date = HistoricalDate(entry.date) if entry.date else _AT_THE_END
    return _ORDER[entry.kind], not entry.certain, date, entry.code


def _participations(entries, first, second, user):
    """``{unit code: [(event id, kind, side, earliest, latest), …]}`` of the events that may have
    been between the two dates."""
    if not entries:
        return {}
    start = days_of(first)[0] if first else timezone.localdate()
    end = _last_day(second)
    rows = Participation.objects.visible_to(user).filter(
        Q(event__date_earliest__lte=end) | Q(event__date_earliest__isnull=True),
        Q(event__date_latest__gte=start) | Q(event__date_latest__isnull=True),
        ~Q(event__date_earliest__isnull=True, event__date_latest__isnull=True),
        unit__isnull=False,
        event__kind__in=set().union(*(kinds_that(word) for word, _side in _EXPLAINS.values())),
    )
    found = {}
    columns = ("event_id", "event__kind", "side", "event__date_earliest", "event__date_latest")
    for code, *row in rows.order_by("event_id", "pk").values_list("unit__code", *columns):
        found.setdefault(code, []).append(row)
    return found


def _last_day(on):
    return days_of(on)[1] if on else timezone.localdate()


# --- Branches ---------------------------------------------------------------------------------


def within_branch(entries, top, first, second, user):
    """The entries of the unit with the code ``top`` and of all that stood below it on either date.

    Seven queries, linear.
    """
    above = _superiors_then(first, second, user)
    inside = {entry.code: False for entry in entries}
    for code in inside:
        met, waiting = set(), [code]
        while waiting and not inside[code]:
            one = waiting.pop()
            inside[code] = one == top or inside.get(one, False)
            met.add(one)
            waiting += above.get(one, set()) - met
    return [entry for entry in entries if inside[entry.code]]


def _superiors_then(first, second, user):
    """``{unit code: codes of its superiors on the two dates}``."""
    found = {}
    for on in (first, second):
        as_of = AsOf(on, user)
        rows = as_of.units().order_by().rewrite(False)
        rows = list(rows.values_list(*COLUMNS, "code", named=True))
        superiors = Superiors(as_of, rows)
        for row in rows:
            above = [one.unit for one in superiors(row)[:1] if one.unit]
            found.setdefault(row.code, set()).update(above)
    return found
