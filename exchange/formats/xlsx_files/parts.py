"""The parts of a workbook besides its sheets, as streams of XML."""

import re
from xml.parsers import expat

from django.utils.translation import gettext as _

from exchange.formats.xlsx_files.number_formats import GENERAL, built_in, number_format
from exchange.formats.xlsx_files.packages import damaged, not_allowed


class Parser:
    """An expat parser that refuses entities and document types, fed in chunks."""

    def __init__(self, file):
        self.file = file
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.StartDoctypeDeclHandler = self._refuse
        self.parser.EntityDeclHandler = self._refuse
        self.parser.StartElementHandler = lambda name, attrs: self.start(_local(name), attrs)
        self.parser.EndElementHandler = lambda name: self.end(_local(name))
        self.parser.CharacterDataHandler = self.data

    def _refuse(self, *args):
        raise not_allowed(self.file, _("it declares entities"))

    def feed(self, chunk, final=False):
        try:
            self.parser.Parse(chunk, final)
        except expat.ExpatError:
            raise damaged(self.file) from None

    def run(self, chunks):
        for chunk in chunks:
            self.feed(chunk)
        self.feed(b"", True)

    def start(self, name, attrs):
        pass

    def end(self, name):
        pass

    def data(self, text):
        pass


def _local(name):
    return name.rpartition(":")[2]


class Strings(Parser):
    """The shared strings, without phonetic readings."""

    def __init__(self, file):
        super().__init__(file)
        self.found, self.parts, self.inside, self.phonetic = [], [], False, 0

    def start(self, name, attrs):
        if name == "si":
            self.parts = []
        elif name == "rPh":
            self.phonetic += 1
        elif name == "t":
            self.inside = not self.phonetic

    def end(self, name):
        if name == "si":
            self.found.append(unescape("".join(self.parts)))
        elif name == "rPh":
            self.phonetic -= 1
        elif name == "t":
            self.inside = False

    def data(self, text):
        if self.inside:
            self.parts.append(text)


class Workbook(Parser):
    def __init__(self, file):
        super().__init__(file)
        self.sheets, self.date1904 = [], False

    def start(self, name, attrs):
        if name == "sheet":
            relation = next((v for k, v in attrs.items() if _local(k) == "id"), "")
            self.sheets.append(
                (attrs.get("name", ""), relation, attrs.get("state", "visible") != "visible")
            )
        elif name == "workbookPr":
            self.date1904 = attrs.get("date1904") in ("1", "true")


class Relations(Parser):
    def __init__(self, file):
        super().__init__(file)
        self.targets = {}

    def start(self, name, attrs):
        if name == "Relationship":
            self.targets[attrs.get("Id", "")] = attrs.get("Target", "")


class Styles(Parser):
    """What each cell style shows of a number: ``shown``, a NumberFormat each."""

    def __init__(self, file):
        super().__init__(file)
        self.formats, self.shown, self.inside = {}, [], False

    def start(self, name, attrs):
        if name == "numFmt":
            self.formats[attrs.get("numFmtId", "")] = number_format(attrs.get("formatCode", ""))
        elif name == "cellXfs":
            self.inside = True
        elif name == "xf" and self.inside:
            number = attrs.get("numFmtId", "0")
            found = self.formats.get(number)
            if found is None:
                found = built_in(int(number)) if number.isdigit() else GENERAL
            self.shown.append(found)

    def end(self, name):
        if name == "cellXfs":
            self.inside = False


ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


def unescape(text):
    """``_x000D_`` → a carriage return (ECMA-376 part 1, 22.9.2.19)."""
    if "_x" not in text:
        return text
    return ESCAPED.sub(lambda match: chr(int(match[1], 16)), text)
