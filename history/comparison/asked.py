"""What an address of the comparison asks: two dates, a kind of change, a branch."""

import itertools
from dataclasses import dataclass
from functools import cached_property

from django.db.models import F
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from chronology import HistoricalDate, InvalidDate, days_of, read_date
from history.comparison.difference import difference
from history.comparison.entries import KINDS, entries_of, explained, within_branch
from history.comparison.states import states
from history.models import Event
from structure.as_of import AsOf
from units.models import Unit

TEXT_LENGTH = 60
BRANCHES_OFFERED = 100
# A pair that tells much: from the first milestone of so many years to the last one.
TELLING_YEARS = 40


@dataclass(frozen=True)
class Side:
    """One of the two dates: what was written, the HistoricalDate (None: today), and ``problem``, a
    sentence where it cannot be used."""

    text: str
    on: HistoricalDate | None = None
    problem: str | Promise = ""

    @classmethod
    def read(cls, text, today):
        """``text``: as ``read_date`` knows dates; "today" and nothing are today."""
        text = text.strip()[:TEXT_LENGTH]
        if not text or text.lower() == "today":
            return cls("")
        try:
            on = read_date(text)
        except InvalidDate as error:
            return cls(text, problem=str(error))
        return cls(text, None if on.exact == today else on)

    @property
    def value(self):
        """As the address has it; today is nothing."""
        return str(self.on) if self.on else self.text if self.problem else ""


class Comparison:
    """What ``?from=&to=&kind=&branch=`` asks, and its answer. ``query``: a QueryDict.

    ``problem`` is a sentence where there can be no answer, ``remark`` one where there is something
    to be said of it; ``entries`` are all that fit the question, in the order of the page.
    """

    def __init__(self, query, user):
        self.user = user
        today = timezone.localdate()
        texts = [query.get("from", ""), query.get("to", "")]
        if "from" not in query and "to" not in query:
            texts = telling_pair(user) or ["", ""]
        sides = [Side.read(text, today) for text in texts]
        read = not any(side.problem for side in sides)
        self.is_reversed = read and _day(sides[0]) > _day(sides[1])
        self.first, self.second = sides[::-1] if self.is_reversed else sides
        self.kind = query.get("kind", "")
        self.branch_asked = query.get("branch", "").strip()

    @property
    def problem(self):
        """The sentence why nothing can be compared, or ""."""
        if self.first.problem or self.second.problem:
            return _("One of the dates could not be read, so nothing is compared.")
        if self.first.on == self.second.on:
            return _("Both dates are the same, so nothing changed between them.")
        if self.kind and self.kind not in KINDS:
            return _("There is no such kind of change.")
        if self.branch_asked and self.branch is None:
            return _("There is no such unit.")
        return ""

    @property
    def remarks(self):
        """Sentences on how the dates are understood."""
        found = []
        if self.is_reversed:
            found.append(_("The later date came first; the two were put in the order of time."))
        if not self.problem and _last_day(self.first) >= _day(self.second):
            found.append(_("The two times overlap, so some of what changed may belong to both."))
        return found

    @property
    def dates(self):
        return self.first, self.second

    @cached_property
    def sides(self):
        """The institution on either date, for links: two AsOf."""
        return AsOf(self.first.on, self.user), AsOf(self.second.on, self.user)

    @cached_property
    def branch(self):
        """The Unit to which the answer is narrowed, or None."""
        if not self.branch_asked:
            return None
        found = Unit.objects.visible_to(self.user).filter(slug=self.branch_asked[:100]).first()
        return found if found and found.slug == self.branch_asked else None

    @cached_property
    def all_entries(self):
        """Every entry of the branch, whatever its kind."""
        if self.problem:
            return []
        dates = self.first.on, self.second.on
        changes = difference(*states(*dates, self.user))
        entries = explained(entries_of(changes), *dates, self.user)
        if self.branch is None:
            return entries
        return within_branch(entries, self.branch.code, *dates, self.user)

    @property
    def entries(self):
        return [entry for entry in self.all_entries if self.kind in ("", entry.kind)]

    @property
    def counts(self):
        """``{kind: (certain, possible)}`` of the branch."""
        found = {kind: [0, 0] for kind in KINDS}
        for entry in self.all_entries:
            found[entry.kind][not entry.certain] += 1
        return {kind: tuple(numbers) for kind, numbers in found.items()}

    def page_address(self):
        """The path of the page with this comparison."""
        return reverse("history:compare") + self.address()

    def address(self, **changes):
        """The end of the address of this comparison; ``kind`` and ``branch`` can be changed."""
        asked = {"from": self.first.value, "to": self.second.value}
        more = {"kind": self.kind, "branch": self.branch_asked} | changes
        return "?" + urlencode(asked | {name: value for name, value in more.items() if value})


def _day(side):
    """What orders two dates: the first day that each can mean."""
    return days_of(side.on)[0] if side.on else timezone.localdate()


def _last_day(side):
    return days_of(side.on)[1] if side.on else timezone.localdate()


def milestone_years(user):
    """The years of the milestones that are dated to a year or better, in order, as numbers."""
    events = Event.objects.visible_to(user).milestones().order_by("date_earliest")
    dates = [date for date in events.values_list("date", flat=True) if date]
    return sorted({date.year or date.earliest.year for date in dates if date.earliest})


def telling_pair(user):
    """Two texts of dates for somebody who asks nothing yet: from the milestones; None without."""
    years = milestone_years(user)
    recent = [year for year in years if year >= years[-1] - TELLING_YEARS]
    if len(recent) < 2:
        recent = years
    return [f"{recent[0]:04}", f"{recent[-1]:04}"] if len(recent) > 1 else None


def branches_offered(as_of, chosen):
    """``(slug, name)`` of units with others below them, the highest first."""
    units = as_of.reader.units().filter(rght__gt=F("lft") + 1)
    found = list(units.order_by("level", "tree_id", "lft")[:BRANCHES_OFFERED])
    if chosen and chosen not in found:
        found.append(chosen)
    return [(unit.slug, as_of.name(unit)) for unit in as_of.prepare(found)]


def choices(years):
    """``(from, to)`` years one after another, for quick choices."""
    return [(f"{a:04}", f"{b:04}") for a, b in itertools.pairwise(years)]
