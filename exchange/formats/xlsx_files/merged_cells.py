"""Merged cells: the value of the first one holds for all, as a person reads the sheet.

The list of them comes after the cells that it is about, so it is read before the rows; a sheet
that has none is not parsed for that.
"""

import re
from typing import NamedTuple

from django.utils.translation import gettext as _

from exchange.formats.xlsx_files.packages import damaged
from exchange.formats.xlsx_files.parts import Parser
from exchange.problems import BadFile, Problem

# 20,000 rows merged in pairs in twelve columns; beyond that it is no table.
MOST = 120_000

_TAGS = [b"mergeCell", "mergeCell".encode("utf-16-le"), "mergeCell".encode("utf-16-be")]
_RANGE = re.compile(r"\$?([A-Z]{1,3})\$?([0-9]{1,7})(?::\$?([A-Z]{1,3})\$?([0-9]{1,7}))?")


class Range(NamedTuple):
    """Rows from 1, columns from 0, both ends inside. ``name``: as B2:B4."""

    top: int
    left: int
    bottom: int
    right: int
    name: str


class CoveredText(str):
    """What stands in a cell that a merged one covers, as a rule nothing.

    ``merged``: the Range; ``value``: what its first cell holds, a text or typed text.
    """


def column_number(letters):
    """A, B, … AA → 0, 1, … 26."""
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - 64
    return column - 1


def may_hold_merged_cells(chunks):
    """Whether the bytes of a sheet name merged cells at all; much cheaper than parsing it."""
    tail, longest = b"", max(map(len, _TAGS))
    for chunk in chunks:
        tail += chunk
        if any(tag in tail for tag in _TAGS):
            return True
        tail = tail[-longest:]
    return False


class MergedRanges(Parser):
    """The ranges of a sheet, in ``found``."""

    def __init__(self, file):
        super().__init__(file)
        self.parser.EndElementHandler = None
        self.parser.CharacterDataHandler = None
        self.found = []

    def start(self, name, attrs):
        if name != "mergeCell":
            return
        match = _RANGE.fullmatch(attrs.get("ref", ""))
        if not match:
            raise damaged(self.file)
        rows = sorted((int(match[2]), int(match[4] or match[2])))
        columns = sorted((column_number(match[1]), column_number(match[3] or match[1])))
        if rows[0] == rows[1] and columns[0] == columns[1]:
            return
        self.found.append(Range(rows[0], columns[0], rows[1], columns[1], attrs["ref"]))
        if len(self.found) > MOST:
            raise BadFile(
                Problem(
                    "merged_cells",
                    _("The sheet has more than %(limit)s merged cells.") % {"limit": MOST},
                    _("Undo the merging, and write in every row what belongs there."),
                    file=self.file,
                )
            )


class MergedCells:
    """Puts a CoveredText into every covered cell, row by row from the top."""

    def __init__(self, ranges, file, columns):
        self.ranges = sorted(ranges)
        self.file, self.columns = file, columns
        self.coming = 0
        self.open = {}  # column → (Range, value)

    def cover(self, number, row):
        """Fill in the covered cells of a row, a list, which may get longer."""
        while self.coming < len(self.ranges) and self.ranges[self.coming].top <= number:
            self._open(self.ranges[self.coming], number, row)
            self.coming += 1
        for column, (merged, value) in list(self.open.items()):
            if merged.bottom < number:
                del self.open[column]
            elif (merged.top, merged.left) != (number, column):
                row.extend([""] * (column + 1 - len(row)))
                covered = row[column] = CoveredText(row[column])
                covered.merged, covered.value = merged, value

    def _open(self, merged, number, row):
        there = merged.top == number and merged.left < len(row)
        value = row[merged.left] if there else ""
        # What lies beyond the columns of a file is of no interest.
        for column in range(merged.left, min(merged.right + 1, self.columns)):
            other = self.open.get(column)
            if other is not None and other[0].bottom >= merged.top:
                raise BadFile(
                    Problem(
                        "merged_cells",
                        _("The merged cells %(first)s and %(second)s lie over each other.")
                        % {"first": other[0].name, "second": merged.name},
                        _("Undo the merging, and write in every row what belongs there."),
                        file=self.file,
                        row=merged.top,
                    )
                )
            self.open[column] = merged, value
