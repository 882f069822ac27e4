"""Excel workbooks (.xlsx), read and written as streams of cells.

Own code rather than openpyxl: its reader pads rows to whatever width a file claims (a 4.6 KB file
keeps a worker busy for good), and its writer puts the time of day into the file, so that no two
exports of the same data are equal. ECMA-376 part 1, chapter 18 (SpreadsheetML).
"""

from exchange.formats.xlsx_files.merged_cells import CoveredText
from exchange.formats.xlsx_files.packages import (
    not_excel,
    open_zip,
    password,
    read_member,
    zip_entry,
)
from exchange.formats.xlsx_files.reader import Reader
from exchange.formats.xlsx_files.sheets import (
    DateText,
    ErrorText,
    FormulaText,
    PaddedText,
    PercentText,
    TimeText,
    UndatedText,
    Why,
)
from exchange.formats.xlsx_files.writer import write

__all__ = [
    "CoveredText",
    "DateText",
    "ErrorText",
    "FormulaText",
    "PaddedText",
    "PercentText",
    "Reader",
    "TimeText",
    "UndatedText",
    "Why",
    "not_excel",
    "open_zip",
    "password",
    "read_member",
    "write",
    "zip_entry",
]
