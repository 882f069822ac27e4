"""The cells of a sheet."""

import datetime
import re

from django.utils.translation import gettext as _

from exchange.json_files import BooleanText, NumberText
from exchange.problems import BadFile, Problem
from exchange.xlsx_files.packages import damaged
from exchange.xlsx_files.parts import Parser, unescape

# A file whose rows jump further than this is not a table.
_LARGEST_GAP = 1000


class DateText(str):
    """A day of a date cell, as 2026-11-22."""


class ErrorText(str):
    """An Excel error value such as #REF!."""


class FormulaText(str):
    """A formula whose result the file does not hold."""


class Sheet(Parser):
    """The cells of a sheet; finished rows collect in ``rows``."""

    def __init__(self, file, strings, dates, date1904, limits):
        super().__init__(file)
        self.strings, self.dates, self.limits = strings, dates, limits
        self.epoch = datetime.date(1904, 1, 1) if date1904 else datetime.date(1899, 12, 30)
        self.date1904 = date1904
        self.rows, self.problems = [], []
        self.number, self.cells, self.column = 0, {}, -1
        self.kind, self.style, self.text, self.inside = "n", 0, [], None
        self.formula = False
        self.hidden_columns = False

    def start(self, name, attrs):
        if name == "c":
            self._cell(attrs)
        elif name == "row":
            self._row(attrs)
        elif name in ("v", "t", "f"):
            if name == "t" and self.inside == "rPh":
                return
            self.inside = name
            if name == "f":
                self.formula = True
            elif name == "v":
                self.text = []
        elif name == "rPh":
            self.inside = "rPh"
        elif name == "col" and attrs.get("hidden") in ("1", "true"):
            self.hidden_columns = True

    def _row(self, attrs):
        reference = attrs.get("r", "")
        number = int(reference) if reference.isdigit() else self.number + 1
        if number <= self.number or number > 1_048_576:
            raise damaged(self.file)
        if number - self.number > _LARGEST_GAP:
            raise BadFile(
                Problem(
                    "gap",
                    _("There is a gap between the rows %(first)s and %(second)s.")
                    % {"first": self.number, "second": number},
                    _("Remove the empty rows and whatever stands far below the table."),
                    file=self.file,
                    row=number,
                )
            )
        if attrs.get("hidden") in ("1", "true"):
            self.problems.append(
                Problem(
                    "hidden",
                    _("This row is hidden."),
                    _("Show all rows (remove the filter) or delete it."),
                    file=self.file,
                    row=number,
                )
            )
        self.number, self.cells, self.column = number, {}, -1

    def _cell(self, attrs):
        match = re.fullmatch(r"([A-Z]{1,3})[0-9]{1,7}", attrs.get("r", ""))
        if match:
            column = 0
            for letter in match[1]:
                column = column * 26 + ord(letter) - 64
            column -= 1
        else:
            column = self.column + 1
        if column >= 16_384:
            raise damaged(self.file)
        self.column = column
        self.kind = attrs.get("t", "n")
        style = attrs.get("s", "0")
        self.style = int(style) if style.isdigit() else 0
        self.text, self.formula = [], False

    def end(self, name):
        if name == "c":
            text = self._value("".join(self.text))
            if text != "":
                if self.column >= self.limits.columns:
                    raise BadFile(
                        Problem(
                            "columns",
                            _("The file has more than %(limit)s columns.")
                            % {"limit": self.limits.columns},
                            _("Remove the columns that the site does not know."),
                            file=self.file,
                        )
                    )
                self.cells[self.column] = text
            self.inside = None
        elif name == "row":
            self.rows.append((self.number, self.cells))
        elif name in ("v", "t", "f", "rPh"):
            self.inside = None

    def data(self, text):
        if self.inside in ("v", "t"):
            self.text.append(text)

    def _value(self, text):
        kind = self.kind
        if kind == "s":
            if not text:
                return ""
            if not text.isdigit() or int(text) >= len(self.strings):
                raise damaged(self.file)
            return self.strings[int(text)]
        if kind == "inlineStr":
            return unescape(text)
        if self.formula and text == "":
            return FormulaText("=")
        if kind == "str":
            return unescape(text)
        if kind == "e":
            return ErrorText(text)
        if kind == "b":
            return BooleanText("true" if text == "1" else "false") if text else ""
        if kind == "d":
            return DateText(text.removesuffix("T00:00:00"))
        if not text:
            return ""
        return self._number(text)

    def _number(self, text):
        try:
            number = float(text)
        except ValueError:
            raise damaged(self.file) from None
        if self.style < len(self.dates) and self.dates[self.style]:
            return self._date(number)
        if number.is_integer() and abs(number) < 1e15:
            return NumberText(int(number))
        return NumberText(repr(number))

    def _date(self, number):
        # Excel believes in 29 February 1900 (day 60), so earlier days are one off.
        days = int(number) if number == number and abs(number) < 1e7 else -1
        if not self.date1904 and days < 60:
            days += 1
        try:
            day = self.epoch + datetime.timedelta(days=days)
        except OverflowError:
            return NumberText(repr(number))
        if days < 0 or day.year > 9999:
            return NumberText(repr(number))
        seconds = round((number - int(number)) * 86400)
        if seconds:
            return DateText(f"{day.isoformat()} {datetime.timedelta(seconds=seconds)}".strip())
        return DateText(day.isoformat())
