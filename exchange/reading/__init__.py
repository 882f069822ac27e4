"""Reading a file: the gate, the headings, the rows.

The gate looks at the size and the first bytes, at the directory of a zip, at the encoding and at
the headings before any row is taken. What it refuses is said in one sentence; problems of rows
and headings are collected, so that the editor sees all of them at once.
"""

from exchange.reading.files import read, table_from_rows
from exchange.reading.gate import FORMATS, format_of, open_source
from exchange.reading.headings import PROBLEMS_COLUMN
from exchange.reading.whole_site import MANIFEST

__all__ = [
    "FORMATS",
    "MANIFEST",
    "PROBLEMS_COLUMN",
    "format_of",
    "open_source",
    "read",
    "table_from_rows",
]
