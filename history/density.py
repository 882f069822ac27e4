"""How many events when: the overview above the timeline, as bars of one length of time.

An event is counted in the one bar in which it certainly happened. What is known less exactly than
the bars are long, or lasted longer, stands in no bar: it is told beside them.
"""

from dataclasses import dataclass

from chronology import HistoricalDate

# As many bars as a wide screen can bear; longer histories are counted by decade or century.
MOST_BARS = 42
_LENGTHS = (1, 10, 100)
HEIGHT = 100


@dataclass(frozen=True)
class Bar:
    """``date``: the year, decade or century as a HistoricalDate. ``height``: of 100."""

    date: HistoricalDate
    number: int
    height: int
    is_mark: bool

    @property
    def top(self):
        return HEIGHT - self.height

    @property
    def year(self):
        """The number that stands below it."""
        return self.date.earliest.year if self.date.earliest.year > 1 else 0


@dataclass(frozen=True)
class Density:
    """``spread``: events that no single bar can hold. ``undated``: those without any date."""

    bars: list
    spread: int = 0
    undated: int = 0

    @property
    def is_telling(self):
        """Whether there is more than one bar to compare."""
        return sum(bar.number > 0 for bar in self.bars) > 1


def density(events):
    """The Density of an EventQuerySet; one query."""
    counts = events.count_by_years()
    undated = counts.pop((None, None), 0)
    length = _length_for(counts)
    in_bars, spread = {}, 0
    for (first, last), number in counts.items():
        if _bar_of(first, length) == _bar_of(last, length) is not None:
            start = _bar_of(first, length)
            in_bars[start] = in_bars.get(start, 0) + number
        else:
            spread += number
    return Density(_bars(in_bars, length), spread, undated)


def _length_for(counts):
    """The shortest bars, in years, of which there are not too many."""
    # What no century can hold stands in no bar, however long the bars are.
    years = [
        year
        for first, last in counts
        if _bar_of(first, 100) == _bar_of(last, 100) is not None
        for year in (first, last)
    ]
    if not years:
        return _LENGTHS[0]
    for length in _LENGTHS:
        if _bar_of(max(years), length) - _bar_of(min(years), length) < MOST_BARS * length:
            break
    return length


def _bar_of(year, length):
    return None if year is None else year // length * length


def _bars(in_bars, length):
    """All bars from the first to the last, also those without events: time is drawn to scale."""
    if not in_bars:
        return []
    most = max(in_bars.values())
    return [
        Bar(
            HistoricalDate(f"{start:04}"[: 5 - len(str(length))] + "X" * (len(str(length)) - 1)),
            in_bars.get(start, 0),
            round(in_bars.get(start, 0) / most * HEIGHT),
            start % (5 * length) == 0,
        )
        for start in range(min(in_bars), max(in_bars) + 1, length)
    ]
