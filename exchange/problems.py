"""What is wrong with a file, said to the person who has to mend it."""

import re
from dataclasses import dataclass

from django.utils.translation import gettext as _

# Longer values are cut in messages: the cell's address is what finds them.
SHOWN = 60


# What a clerk reads more easily than the number of the character.
_SIGNS = {"\n": "↵", "\t": "⇥", "\xa0": "␣"}


def shorten(value):
    """``value`` on one line, cut to what a message can hold, invisible characters spelt out."""
    start = str(value)[: SHOWN + 1].replace("\r\n", "\n")
    text = "".join(c if c.isprintable() else _SIGNS.get(c, f"\\u{ord(c):04x}") for c in start)
    return text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"


_NEXT_SENTENCE = re.compile(r"(?<=[.!?]) (?=[^\W\d_a-zəğıöüşç]|“)")


def told_apart(sentences):
    """(what is wrong, what to do) of a rule that says both, in this order and in sentences."""
    wrong, *todo = _NEXT_SENTENCE.split(str(sentences), maxsplit=1)
    return wrong, "".join(todo)


def split_or_command():
    """What to do with a file that is too large for an upload."""
    # Of what a file that is said to be complete does not mention, units are closed.
    return _(
        "Ask for it to be imported with the command import_records, or split it. A part is not the "
        "complete file: do not say that it is."
    )


def too_many_columns_advice():
    return _("Upload a copy that has only the columns that are meant for the site.")


class Refused(ValueError):
    """A cell that cannot be taken: ``code`` for programs, what is wrong, what to do.

    Both sentences are in the language that was active when the cell was read.
    """

    def __init__(self, code, message, advice=""):
        super().__init__(message)
        self.code = code
        self.message = message
        self.advice = advice


@dataclass(slots=True)
class Problem:
    """One thing to mend, with its place. All texts are in the editor's language.

    ``row`` counts as a spreadsheet does: the heading is row 1; in JSON it is the number of the
    record, from 1. ``row`` and ``column`` are None where the whole file, or a whole row, is
    meant. ``kind`` is the sheet of a file for everything. ``label`` is what the forms call the
    column, where the file says otherwise.
    """

    code: str
    message: str
    advice: str = ""
    file: str = ""
    kind: str = ""
    row: int | None = None
    column: str | None = None
    value: str = ""
    json: bool = False
    label: str = ""

    @property
    def place(self):
        """“row 2, column "title"”; "" for the whole file."""
        column = shorten(self.column) if self.column else ""
        if self.row is None:
            return _("column “%(column)s”") % {"column": column} if column else ""
        if column:
            return _("%(row)s, column “%(column)s”") % {"row": self.line, "column": column}
        return self.line

    @property
    def line(self):
        """“row 2”, “record 2” of JSON; "" for the whole file."""
        if self.row is None:
            return ""
        word = _("record %(row)s") if self.json else _("row %(row)s")
        return word % {"row": self.row}

    @property
    def sentence(self):
        """Message and advice."""
        return f"{self.message} {self.advice}".strip()

    def __str__(self):
        head = ", ".join(part for part in (self.file, self.kind, self.place) if part)
        value = f" [{self.value}]" if self.value else ""
        return f"{head}: {self.sentence}{value}"


class BadFile(Exception):
    """The file cannot be read any further; ``problems`` says why."""

    def __init__(self, *problems):
        super().__init__("; ".join(p.message for p in problems))
        self.problems = list(problems)
