"""The cells of a sheet."""

import datetime
import math
import re
from enum import Enum, auto

from django.utils.translation import gettext as _

from exchange.formats.json_files import BooleanText, NumberText
from exchange.formats.xlsx_files.merged_cells import column_number
from exchange.formats.xlsx_files.number_formats import GENERAL, Shows
from exchange.formats.xlsx_files.packages import damaged
from exchange.formats.xlsx_files.parts import Parser, unescape
from exchange.problems import BadFile, Problem, too_many_columns_advice

# A file whose rows jump further than this is not a table.
_LARGEST_GAP = 1000


class DateText(str):
    """A date cell as precise as it is shown: 2026-11-22, 2026-11, 2026, 2026-11-22 09:30:00.

    ``moment``: the same with a time of day that the cell holds and does not show.
    """

    def __new__(cls, text, moment=""):
        made = super().__new__(cls, text)
        made.moment = moment or text
        return made


class UndatedText(str):
    """A date cell whose day cannot be told, so that the text is no date. ``why``: a Why."""

    def __new__(cls, text, why):
        made = super().__new__(cls, text)
        made.why = why
        return made


class Why(Enum):
    NO_DAY = auto()  # a number that no calendar has a day for
    EARLY = auto()  # a day before 1 March 1900, which spreadsheet programs count differently
    NO_YEAR = auto()  # the format does not show the year
    UNCLEAR = auto()  # the format is not understood


class TimeText(str):
    """A time without a day, or how long something took."""


class PercentText(str):
    """A number that is shown as so many in a hundred; ``number``: as the cell holds it."""


class PaddedText(NumberText):
    """A number that the sheet shows with zeros before it, with these zeros."""


class ErrorText(str):
    """An Excel error value such as #REF!."""


class FormulaText(str):
    """A formula whose result the file does not hold."""


# Excel has a 29 February 1900 (day 60) and counts the days before it from 1 January 1900;
# LibreOffice and the others have no such day and count from 31 December 1899.
_FIRST_CERTAIN = 61
_EPOCH, _EPOCH_1904 = datetime.date(1899, 12, 30), datetime.date(1904, 1, 1)
_MILLISECONDS = 86_400_000
# The last day that a cell of either system can hold, 9999-12-31, and one day more.
_BEYOND = 2_958_466

_ISO_TIME = r"[0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?(?:Z|[+-][0-9]{2}:[0-9]{2})?"
_ISO_DATE = re.compile(rf"([0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}})(?:T({_ISO_TIME}))?")
_ISO_TIME_ALONE = re.compile(rf"T?{_ISO_TIME}")
_MIDNIGHT = re.compile(r"00:00(?::00(?:\.0+)?)?")


class Sheet(Parser):
    """The cells of a sheet; finished rows collect in ``rows``."""

    def __init__(self, file, strings, shown, date1904, limits):
        super().__init__(file)
        self.strings, self.shown, self.limits = strings, shown, limits
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
                    _(
                        "Bring the rows of the table together, and move whatever else stands far "
                        "below it to another sheet."
                    ),
                    file=self.file,
                    row=number,
                )
            )
        if attrs.get("hidden") in ("1", "true"):
            self.problems.append(
                Problem(
                    "hidden",
                    _("This row is hidden."),
                    _("Show all rows (remove the filter), and check what is imported."),
                    file=self.file,
                    row=number,
                )
            )
        self.number, self.cells, self.column = number, {}, -1

    def _cell(self, attrs):
        match = re.fullmatch(r"([A-Z]{1,3})[0-9]{1,7}", attrs.get("r", ""))
        column = column_number(match[1]) if match else self.column + 1
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
                            too_many_columns_advice(),
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
            return self._iso_date(text) if text else ""
        if not text:
            return ""
        return self._number(text)

    def _number(self, text):
        try:
            number = float(text)
        except ValueError:
            raise damaged(self.file) from None
        shown, digits = self.shown[self.style] if self.style < len(self.shown) else GENERAL
        if shown is Shows.PERCENT:
            made = PercentText(f"{number * 100:g}%")
            made.number = text
            return made
        if shown is not Shows.NUMBER and math.isfinite(number):
            return self._date(number, shown)
        if number.is_integer() and abs(number) < 1e15:
            if digits and number >= 0:
                return PaddedText(f"{int(number):0{digits}d}")
            return NumberText(int(number))
        return NumberText(repr(number))

    def _date(self, number, shown):
        """The date that a number is, as far as it is shown."""
        whole = math.floor(number)
        # Sums of dates miss midnight by less than they can show.
        milliseconds = round((number - whole) * _MILLISECONDS)
        if shown is Shows.MOMENT:
            milliseconds = round(milliseconds, -3)
        if milliseconds == _MILLISECONDS:
            whole, milliseconds = whole + 1, 0
        time = str(datetime.timedelta(seconds=milliseconds // 1000)).rjust(8, "0")
        if shown is Shows.TIME:
            return TimeText(time if 0 <= whole < 1 else repr(number))
        if whole < _FIRST_CERTAIN and not self.date1904:
            return UndatedText(_plain(number), Why.EARLY)
        first = _EPOCH_1904 if self.date1904 else _EPOCH
        if not 0 <= whole < _BEYOND - (first - _EPOCH).days:
            return UndatedText(_plain(number), Why.NO_DAY)
        day = (first + datetime.timedelta(days=whole)).isoformat()
        return _as_shown(day, time if milliseconds else "", shown)

    def _iso_date(self, text):
        """A cell that holds its date as text (type "d"), as far as it is shown."""
        if _ISO_TIME_ALONE.fullmatch(text):
            return TimeText(text.removeprefix("T"))
        match = _ISO_DATE.fullmatch(text)
        shown = self.shown[self.style].shows if self.style < len(self.shown) else Shows.NUMBER
        if shown in (Shows.NUMBER, Shows.PERCENT, Shows.TIME):
            shown = Shows.MOMENT
        try:
            day = datetime.date.fromisoformat(match[1]).isoformat() if match else None
        except ValueError:
            day = None
        if day is None:
            return UndatedText(text, Why.NO_DAY)
        time = match[2] or ""
        return _as_shown(day, "" if _MIDNIGHT.fullmatch(time) else time, shown)


def _plain(number):
    return str(int(number)) if number.is_integer() else repr(number)


def _as_shown(day, time, shown):
    """``day``: 2026-11-22; ``time``: "" at midnight."""
    moment = f"{day} {time}".strip()
    if shown is Shows.MOMENT:
        return DateText(moment)
    if shown is Shows.DAY:
        return DateText(day, moment)
    if shown is Shows.MONTH:
        return DateText(day[:7])
    if shown is Shows.YEAR:
        return DateText(day[:4])
    return UndatedText(f"-{day[4:]}", Why.NO_YEAR if shown is Shows.NO_YEAR else Why.UNCLEAR)
