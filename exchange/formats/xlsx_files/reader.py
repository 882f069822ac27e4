"""A workbook, sheet by sheet."""

from django.utils.translation import gettext as _

from exchange.formats.csv_files import unguard
from exchange.formats.xlsx_files.merged_cells import (
    MergedCells,
    MergedRanges,
    may_hold_merged_cells,
)
from exchange.formats.xlsx_files.packages import not_excel, open_zip, read_member
from exchange.formats.xlsx_files.parts import Relations, Strings, Styles, Workbook
from exchange.formats.xlsx_files.sheets import Sheet
from exchange.problems import BadFile, Problem


class Reader:
    """The sheets of a workbook. ``names``: their names in order."""

    def __init__(self, stream, file, limits):
        self.file, self.limits = file, limits
        self.package = open_zip(stream, file, limits)
        members = set(self.package.namelist())
        if "xl/workbook.xml" not in members or "[Content_Types].xml" not in members:
            raise not_excel(file)
        types = b"".join(self._part("[Content_Types].xml"))
        if b"macroEnabled" in types or "xl/vbaProject.bin" in members:
            raise BadFile(
                Problem(
                    "macros",
                    _("Workbooks with macros are not accepted."),
                    _("Save it as an ordinary workbook (.xlsx)."),
                    file=file,
                )
            )
        workbook = self._parse(Workbook(file), "xl/workbook.xml")
        relations = self._parse(Relations(file), "xl/_rels/workbook.xml.rels")
        self.date1904 = workbook.date1904
        self.sheets = []
        for name, relation, hidden in workbook.sheets:
            target = relations.targets.get(relation, "")
            path = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
            self.sheets.append((name, path, hidden))
        if not self.sheets:
            raise not_excel(file)
        self.names = [name for name, _path, _hidden in self.sheets]
        self.strings = (
            self._parse(Strings(file), "xl/sharedStrings.xml").found
            if "xl/sharedStrings.xml" in members
            else []
        )
        self.shown = (
            self._parse(Styles(file), "xl/styles.xml").shown if "xl/styles.xml" in members else []
        )

    def _part(self, name):
        return read_member(self.package, name, self.file, self.limits)

    def _parse(self, parser, name):
        parser.run(self._part(name))
        return parser

    def is_hidden(self, index):
        return self.sheets[index][2]

    def rows(self, index):
        """Yield (row number, [cells]) or (row number, Problem) of the sheet at ``index``."""
        _name, path, _hidden = self.sheets[index]
        sheet = Sheet(self.file, self.strings, self.shown, self.date1904, self.limits)
        merged = self._merged_cells(path)
        for chunk in self._part(path):
            sheet.feed(chunk)
            yield from self._finished(sheet, merged)
        sheet.feed(b"", True)
        yield from self._finished(sheet, merged)
        if sheet.hidden_columns:
            yield (
                1,
                Problem(
                    "hidden",
                    _("The sheet has hidden columns."),
                    _("Show all columns, and check what is imported."),
                    file=self.file,
                ),
            )

    def _merged_cells(self, path):
        """A MergedCells of the sheet; None where it has no merged cells."""
        if not may_hold_merged_cells(self._part(path)):
            return None
        ranges = self._parse(MergedRanges(self.file), path).found
        return MergedCells(ranges, self.file, self.limits.columns) if ranges else None

    def _finished(self, sheet, merged):
        for problem in sheet.problems:
            yield problem.row, problem
        sheet.problems = []
        for number, cells in sheet.rows:
            row = [""] * (max(cells) + 1) if cells else []
            for column, text in cells.items():
                row[column] = unguard(text) if type(text) is str and text[:1] == "'" else text
            if merged and row:
                merged.cover(number, row)
            yield number, row
        sheet.rows = []
