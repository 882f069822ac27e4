"""Cells that a merged one covers: they mean its value, or the editor is asked to undo it.

An empty cell clears what is in the database, so a covered one is never read as empty.
"""

from django.utils.translation import gettext as _

from exchange.problems import shorten

# So many ranges are named in the preview.
_NAMED = 12


class CoveredCells:
    """What the covered cells of a table mean. ``heading_row``: the number of the headings' row."""

    def __init__(self, table, heading_row):
        self.table, self.heading_row = table, heading_row
        self.told = set()  # ranges
        self.filled = {}  # heading → {range: None}, in the order of the file

    def value(self, cell, i, number):
        """What a CoveredText in the column at ``i`` means; "" with a problem if that is unclear."""
        merged, heading = cell.merged, self.table.headings[i]
        if not cell and not cell.value:
            return ""
        if merged.top <= self.heading_row:
            self._problem(
                "merged_rows_of_headings",
                merged,
                _("The heading is merged with the rows below it (%(cells)s)."),
                _("Undo the merging: the headings are one row, and each row below is a record."),
                number,
                heading,
            )
        elif merged.left != i:
            self._problem(
                "merged_columns",
                merged,
                _("The cells %(cells)s are merged across columns."),
                _("Undo the merging, and write in each column what belongs there."),
                number,
                heading,
                cell.value,
            )
        elif self.table.columns[i].name == "code":
            self._problem(
                "merged_codes",
                merged,
                _("The cells %(cells)s are merged, so that several rows have one code."),
                _(
                    "Undo the merging. Each record is one row with a code of its own; if these "
                    "rows are one record, bring them into one row."
                ),
                number,
                heading,
                cell.value,
            )
        elif cell and cell != cell.value:
            self._problem(
                "merged_over_values",
                merged,
                _("The cell is merged into %(cells)s, and another value is hidden in it."),
                _("Undo the merging, and write in every row what belongs there."),
                number,
                heading,
                cell,
            )
        else:
            self.filled.setdefault(heading, {})[merged.name] = None
            return cell.value
        return ""

    def _problem(self, code, merged, message, advice, number, heading, value=""):
        if merged not in self.told:  # once for all of its cells
            self.told.add(merged)
            message %= {"cells": merged.name}
            self.table.problem(
                code, message, advice, row=number, column=heading, value=shorten(value)
            )

    def notes(self):
        """Sentences for the preview: where the value of a merged cell counts for several rows."""
        for heading, names in self.filled.items():
            listed = list(names)[:_NAMED]
            more = ["…"] if len(names) > _NAMED else []
            yield _(
                "In the column “%(column)s”, a merged cell counts for each of its rows: %(cells)s."
            ) % {"column": shorten(heading), "cells": ", ".join([*listed, *more])}
