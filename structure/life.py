"""What the rows of a unit tell of its life: beginning, names, superiors, end."""

from structure.as_of.in_time import names_in_time, superiors_in_time
from structure.moments import BEGINNING, END, NAME, SUPERIOR, Moment, offers_moments
from units import due


@offers_moments
def beginning_and_end(unit, as_of):
    """When the unit was founded and when it ended, as its own row says."""
    if unit.founded:
        yield Moment(
            "founded", "units/_moment_founded.html", unit.founded,
            rank=BEGINNING, sources=list(unit.founding_sources.all()),
        )  # fmt: skip
    if unit.dissolved:
        yield Moment(
            "dissolved", "units/_moment_dissolved.html", unit.dissolved,
            rank=END, sources=list(unit.closing_sources.all()),
        )  # fmt: skip


@offers_moments
def names(unit, as_of):
    """The names it bore, and those that are announced; two queries."""
    for number, row in enumerate(names_in_time(as_of, unit)):
        yield Moment(
            f"name-{row.code}", "units/_moment_name.html", row.begin, until=row.end,
            rank=NAME, order=number, record=row, sources=due.sources_of(row),
        )  # fmt: skip


@offers_moments
def superiors(unit, as_of):
    """Whom it answered to, or is to, as far as the reader may see them; two queries."""
    for number, row in enumerate(superiors_in_time(as_of, unit)):
        yield Moment(
            f"superior-{row.code}", "units/_moment_superior.html", row.begin, until=row.end,
            rank=SUPERIOR, order=number, record=row, sources=due.sources_of(row),
        )  # fmt: skip
