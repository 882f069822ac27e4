"""What a cell means that changes what readers have seen: a correction, or a change since a date.

Which cells those are is said by the resource (``RecordResource.ask``), what they mean by the file
or by one answer for all of it (``Options``). Cells without an answer make one question of the plan.
"""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from chronology.display import display
from exchange.problems import Problem, Refused, shorten

# The code of all problems that another answer solves.
SINCE_WHEN = "since_when"


@dataclass(frozen=True)
class Meaning:
    """What a changed cell means. ``since``: a HistoricalDate, None for a correction; ``to_come``:
    the change lies in the future, and everybody sees it before if it is ``announced``."""

    since: Any = None
    to_come: bool = False
    announced: bool = False

    @property
    def words(self):
        if self.since is None:
            return _("a correction: the former value is not kept")
        date = {"date": display(self.since)}
        if not self.to_come:
            return _("changed since %(date)s: the former value is kept") % date
        if self.announced:
            return _("takes effect on %(date)s, announced now") % date
        return _("takes effect on %(date)s, hidden until then") % date


@dataclass
class Asked:
    """The cells of a plan of which nobody has said what they mean: the first one, ``index`` of the
    row and ``column``, and how many there are. ``sentence``: why they are asked about."""

    part: Any
    index: int
    column: str
    sentence: str
    count: int = 1


def problem_of(asked):
    """The Problem that an unanswered question is."""
    message = asked.sentence
    if more := asked.count - 1:
        message += " " + ngettext(
            "There is %(count)s more such change.", "There are %(count)s more such changes.", more
        ) % {"count": more}
    part, column = asked.part, asked.column
    heading = part.table.headings[part.place[column]]
    return Problem(
        code=SINCE_WHEN,
        message=message,
        advice=_(
            "Say of the whole file that this changed on a date (--since DATE) or that it was "
            "always so (--corrections), or write into each row since when the new value holds."
        ),
        file=part.table.file,
        kind=part.kind if part.plan.several else "",
        row=part.table.number(asked.index),
        column=heading,
        value=shorten(part.cell(asked.index, column)),
        json=part.table.format == "json",
        label=part.table.label_of(heading),
    )


def refused(sentence):
    """A Refused for an answer that cannot be."""
    return Refused(SINCE_WHEN, sentence)
