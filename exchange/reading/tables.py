"""What was read from a file: rows of texts under known columns."""

from dataclasses import dataclass, field

from django.utils.translation import get_language

from exchange.problems import Problem
from publishing.text import capitalised


@dataclass
class Table:
    """The rows of one kind. ``columns[i]`` is the Column of ``headings[i]``, None if ignored.

    ``rows``: lists of cells, each a text, or None where a JSON record lacks the key ("keep").
    ``numbers``: the number of each row in the file, None where they simply count from 2.
    ``notes``: what the editor should know of how the file was understood.
    ``fatal``: the rows cannot be trusted or matched to columns; nothing more can be said.
    """

    kind: str
    file: str = ""
    format: str = "csv"
    headings: list = field(default_factory=list)
    columns: list = field(default_factory=list)
    rows: list = field(default_factory=list)
    numbers: list | None = None
    problems: list = field(default_factory=list)
    notes: list = field(default_factory=list)
    fatal: bool = False

    @property
    def first(self):
        return 1 if self.format == "json" else 2

    def number(self, index):
        """The number of a row in the file, as the editor counts."""
        return index + self.first if self.numbers is None else self.numbers[index]

    def problem(self, code, message, advice="", row=None, column=None, value=""):
        """Add a problem and return it."""
        found = Problem(
            code=code,
            message=message,
            advice=advice,
            file=self.file,
            row=row,
            column=column,
            value=value,
            json=self.format == "json",
            label=self.label_of(column),
        )
        self.problems.append(found)
        return found

    def label_of(self, heading):
        """What the forms call the column of a heading; "" where it says so itself."""
        column = dict(zip(self.headings, self.columns, strict=False)).get(heading)
        label = column.label() if column else ""
        same = label.casefold() == (heading or "").casefold()
        return "" if same else capitalised(label, get_language())

    def sort_problems(self, problems):
        """By row, then by column, whole-file problems first."""
        place = {heading: i for i, heading in enumerate(self.headings)}
        problems.sort(key=lambda p: (p.row or 0, place.get(p.column, -1)))

    def as_book(self):
        return Book(self.file, self.format, [self])


@dataclass
class Book:
    """Tables of several kinds: a workbook, a zip, or one table alone."""

    file: str = ""
    format: str = "csv"
    tables: list = field(default_factory=list)
    problems: list = field(default_factory=list)
    # Kinds whose table has headings and no row: the site that wrote it has none of them.
    without_rows: list = field(default_factory=list)
    # {name in the cells: Picture}, see ``exchange.reading.pictures``.
    pictures: dict = field(default_factory=dict)

    def as_book(self):
        return self

    @property
    def kinds(self):
        """The kinds of which it brings a table, those without a row included."""
        return {*(table.kind for table in self.tables), *self.without_rows}

    @property
    def all_problems(self):
        """Those of the file and of its tables."""
        return [*self.problems, *(p for table in self.tables for p in table.problems)]
