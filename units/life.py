"""What the rows of a unit tell of its life: beginning, names, superiors, end."""

from units.moments import BEGINNING, END, NAME, OF_A_SORT, SUPERIOR, Moment, offers_moments


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
    """The names it bore; two queries."""
    rows = as_of.dated_names(unit).prefetch_related("sources")
    for number, row in enumerate(rows[: OF_A_SORT + 1]):
        yield Moment(
            f"name-{row.code}", "units/_moment_name.html", row.begin, until=row.end,
            rank=NAME, order=number, record=row, sources=list(row.sources.all()),
        )  # fmt: skip


@offers_moments
def superiors(unit, as_of):
    """Whom it answered to, as far as the reader may see them; two queries."""
    rows = as_of.former_superiors(unit).prefetch_related("sources")
    for number, row in enumerate(rows[: OF_A_SORT + 1]):
        yield Moment(
            f"superior-{row.code}", "units/_moment_superior.html", row.begin, until=row.end,
            rank=SUPERIOR, order=number, record=row, sources=list(row.sources.all()),
        )  # fmt: skip
