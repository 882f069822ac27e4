"""Asking for some rows of a table, or for all where that is shorter."""

# Beyond this many values, reading a whole column is shorter than asking for each.
ASKED_ONE_BY_ONE = 1000


def narrowed(rows, name, wanted):
    """``rows`` whose field ``name`` is among ``wanted``, or more of them: all where they are few.

    ``rows``: a QuerySet; whoever asks looks for what was wanted among the answers.
    """
    wanted = list(wanted)
    if len(wanted) > ASKED_ONE_BY_ONE:
        return rows
    at_least = rows.order_by().values("pk")[len(wanted) : len(wanted) + 1]
    return rows.filter(**{f"{name}__in": wanted}) if at_least else rows
