"""The tree of a date worked out unit by unit, from plain dictionaries, as a person would."""

import datetime

from chronology import Certainty, HistoricalDate, certainty

NEVER = datetime.date.max


def date(text):
    return HistoricalDate(text) if text else None


class NaiveTree:
    """``units``: ``{code: {"parent", "founded", "dissolved", "hidden"}}``; ``rows``: a list of
    ``{"unit", "superior", "begin", "end"}`` in the order in which they were written, where a
    superior "outside" is a body outside. Dates are EDTF texts."""

    def __init__(self, units, rows, on, today):
        self.units, self.rows, self.on, self.today = units, rows, on, today

    def exists(self, code):
        unit = self.units[code]
        founded, dissolved = date(unit["founded"]), date(unit["dissolved"])
        return not unit["hidden"] and bool(certainty(self.on, founded, dissolved))

    def has_today(self):
        first, last = self.on.earliest or datetime.date.min, self.on.latest or NEVER
        return first <= self.today <= last

    def surely_by(self):
        """The last day that the question surely asks about."""
        on = self.on
        if on.latest:
            return on.latest
        return (on.begin or on.end).latest

    def place(self, code):
        """Code of the superior, "outside", None (at the top), or "?"."""
        mine = [row for row in self.rows if row["unit"] == code]
        if not mine or self.has_today():
            return self.units[code]["parent"]
        if self.last_has_ended(mine):
            return self.units[code]["parent"]
        candidates = []
        for number, row in enumerate(mine):
            begin, end = date(row["begin"]), date(row["end"])
            sure = certainty(self.on, begin, end, empty_end="unknown")
            if not sure or self.replaced(row, mine):
                continue
            if sure is Certainty.CERTAIN:
                rank = 1
            elif begin and begin.latest <= self.surely_by():
                rank = 2
            else:
                rank = 3
            since = begin.earliest if begin else datetime.date.min
            candidates.append((rank, -since.toordinal() if begin else 1, number, row["superior"]))
        if candidates:
            return min(candidates)[-1]
        last = self.last(mine)
        end = date(last["end"])
        begin = date(last["begin"])
        may_end = max(filter(None, [end and end.earliest, begin and begin.earliest]), default=None)
        latest = self.on.latest or NEVER
        if may_end is None or may_end <= latest:
            return self.units[code]["parent"]  # it may have come under it already
        return "?"

    def last(self, mine):
        def key(numbered):
            number, row = numbered
            begin, end = date(row["begin"]), date(row["end"])
            ends = (end and end.earliest) or (begin and begin.earliest) or None
            return (
                ends is not None, ends or datetime.date.min,
                begin is not None, begin.earliest if begin else datetime.date.min, number,
            )  # fmt: skip

        return max(enumerate(mine), key=key)[1]

    def last_has_ended(self, mine):
        end = date(self.last(mine)["end"])
        return bool(end and end.latest and end.latest <= self.surely_by() and end.latest != NEVER)

    def replaced(self, row, mine):
        end, begin = date(row["end"]), date(row["begin"])
        if (end and end.latest) or not begin:
            return False
        first = self.on.earliest or datetime.date.min
        for other in mine:
            other_begin = date(other["begin"])
            if other_begin and begin.latest < other_begin.earliest and other_begin.latest <= first:
                return True
        return False

    def superior(self, code):
        """Code of the superior under which it is drawn; None: at the top."""
        place = self.place(code)
        return place if place in self.units and self.exists(place) else None

    def children(self, of=None):
        return {code for code in self.units if self.exists(code) and self.superior(code) == of}
