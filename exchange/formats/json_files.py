"""JSON files: a list of records, each an object with the columns as keys.

Read record by record from a moving window over the file, so that its size does not matter.
"""

import codecs
import io
import json
import re

from django.utils.translation import gettext as _

from exchange.problems import BadFile, Problem

_CHUNK = 1 << 20
_SURROGATE = re.compile("[\ud800-\udfff]")
_BLANK = re.compile(r"[ \t\r\n]*")


class NumberText(str):
    """A number of a file as it was written."""


class BooleanText(str):
    """``true`` or ``false`` of a file."""


class Unfit:
    """A value that no cell can hold: ``what`` is "nested", "constant" or "character"."""

    def __init__(self, what, shown):
        self.what = what
        self.shown = shown


class _Pairs(list):
    """The key-value pairs of an object, in order, repeated keys included."""


def _constant(word):
    return Unfit("constant", word)


_decoder = json.JSONDecoder(
    object_pairs_hook=_Pairs, parse_int=NumberText, parse_float=NumberText, parse_constant=_constant
)


class _Window:
    """The part of the file that is being read."""

    def __init__(self, stream, file):
        self.file = file
        start = stream.read(4)
        stream.seek(0)
        if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or start[1:2] == b"\0":
            raise BadFile(
                Problem(
                    "encoding",
                    _("The file is in UTF-16; JSON is always UTF-8."),
                    _("Save it as UTF-8."),
                    file=file,
                )
            )
        self.text = io.TextIOWrapper(stream, encoding="utf-8-sig", errors="strict", newline="")
        self.buffer, self.position = "", 0
        self.line, self.column = 1, 1  # of the start of the buffer
        self.ended = False
        self.more()

    def more(self):
        """Read further; False at the end of the file."""
        if self.ended:
            return False
        self._forget()
        try:
            # Grows with what did not suffice, so that one huge record is not parsed too often.
            found = self.text.read(max(_CHUNK, len(self.buffer)))
        except UnicodeDecodeError:
            raise BadFile(
                Problem(
                    "encoding",
                    _("The file is not UTF-8."),
                    _("Save it as UTF-8."),
                    file=self.file,
                )
            ) from None
        self.buffer += found
        self.ended = not found
        return bool(found)

    def _forget(self):
        """Drop what has been read, keeping count of lines."""
        self.line, self.column = self.place(self.position)
        self.buffer = self.buffer[self.position :]
        self.position = 0

    def place(self, position):
        """(line, column) of a position in the buffer."""
        lines = self.buffer.count("\n", 0, position)
        if not lines:
            return self.line, self.column + position
        return self.line + lines, position - self.buffer.rfind("\n", 0, position)

    def peek(self):
        """The next character that is not blank, "" at the end."""
        while True:
            self.position = _BLANK.match(self.buffer, self.position).end()
            if self.position < len(self.buffer):
                return self.buffer[self.position]
            if not self.more():
                return ""

    def bad(self, position=None):
        line, column = self.place(self.position if position is None else position)
        return BadFile(
            Problem(
                "json",
                _("This is not JSON: line %(line)s, column %(column)s.")
                % {"line": line, "column": column},
                _("Commas stand between records only, and nothing follows the last bracket."),
                file=self.file,
            )
        )

    def value(self):
        """The next value, wherever it ends."""
        while True:
            try:
                value, end = _decoder.raw_decode(self.buffer, self.position)
            except RecursionError:
                raise _too_deep(self.file) from None
            except json.JSONDecodeError as error:
                if self.more():
                    continue
                raise self.bad(error.pos) from None
            # A number at the very end of the window may go on in the next chunk.
            if end == len(self.buffer) and self.more():
                continue
            self.position = end
            return value


def _too_deep(file):
    return BadFile(
        Problem(
            "nested",
            _("The file is nested too deep."),
            _("Give a list of records with plain values."),
            file=file,
        )
    )


def _depth(value):
    """How many lists and objects stand inside of each other."""
    depth, level = 0, [value]
    while level := [one for one in level if isinstance(one, list)]:
        depth += 1
        level = [
            pair[1] if isinstance(outer, _Pairs) else pair for outer in level for pair in outer
        ]
    return depth


def _not_a_list(file):
    return BadFile(
        Problem(
            "json_shape",
            _("The file must be a list of records."),
            _('Begin with “[” and write each record as {"code": "…", …}.'),
            file=file,
        )
    )


def read(stream, file, limits):
    """Yield (number of the record from 1, [(key, value), …] or Problem).

    A value is a text (NumberText, BooleanText), None for null, a list of texts or Unfit.
    """
    window = _Window(stream, file)
    if window.peek() != "[":
        if window.peek():
            window.value()
        raise _not_a_list(file)
    window.position += 1
    number = 0
    if window.peek() == "]":
        window.position += 1
    else:
        while True:
            number += 1
            window.peek()
            value = window.value()
            if type(value) is not str and _depth(value) + 1 > limits.json_depth:
                raise _too_deep(file)
            yield number, _record(value, file, number)
            sign = window.peek()
            if sign not in (",", "]"):
                raise window.bad()
            window.position += 1
            if sign == "]":
                break
            if window.peek() in ("]", ""):
                raise window.bad()
    if window.peek():
        raise window.bad()


def _record(value, file, number):
    if not isinstance(value, _Pairs):
        return Problem(
            "json_record",
            _("This is not a record."),
            _('Write each record as {"code": "…", …}.'),
            file=file,
            row=number,
            json=True,
        )
    return [(key, _cell(item)) for key, item in value]


def _cell(value):
    if isinstance(value, str):
        if not value.isprintable() and (lone := _SURROGATE.search(value)):
            return Unfit("character", f"U+{ord(lone[0]):04X}")
        return value
    if value is None or isinstance(value, Unfit):
        return value
    if value is True or value is False:
        return BooleanText("true" if value else "false")
    if isinstance(value, list) and not isinstance(value, _Pairs):
        if all(type(item) is str for item in value):
            return value
        return Unfit("nested", "[…]")
    return Unfit("nested", "{…}")


def write(stream, columns, rows):
    """Write records, one a line; ``rows``: iterable of lists of canonical texts."""
    text = io.TextIOWrapper(stream, encoding="utf-8", newline="")
    plain = [not column.typed for column in columns]
    names = [json.dumps(column.name) + ": " for column in columns]
    encode = json.encoder.encode_basestring  # escapes no letters
    text.write("[")
    between = "\n"
    for row in rows:
        text.write(between)
        between = ",\n"
        text.write(
            "{"
            + ", ".join(
                name + (encode(cell) if simple else column.json(cell))
                for name, simple, column, cell in zip(names, plain, columns, row, strict=True)
            )
            + "}"
        )
    text.write("\n]\n")
    text.flush()
    text.detach()
