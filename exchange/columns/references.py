"""Codes of other records, one or several."""

import json
import re

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import CharField, F, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from exchange.columns.column import Column, refused_by, required
from exchange.problems import Refused, shorten
from publishing.fields import validate_visible


def check_visible_code(code):
    """A code to look up, which must not even reach the database with a NUL in it."""
    if not code.isprintable():
        try:
            validate_visible(code)
        except ValidationError as error:
            raise refused_by(error) from None


class ReferenceColumn(Column):
    """The code of another record."""

    def __init__(self, name, field, **kwargs):
        super().__init__(name, field, **kwargs)
        self.target = field.related_model

    @property
    def model_field_names(self):
        return [self.field.attname]

    def expression(self):
        path = F(f"{self.field.name}__code")
        return Coalesce(path, Value("")) if self.field.null else path

    def text(self, value):
        return value.code if value else ""

    def value(self, text):
        return text or None

    def canon(self, cell):
        if not cell.strip():
            if self.required:
                raise required()
            return ""
        check_visible_code(cell)
        return cell


_QUOTED_CODE = re.compile(r'\s*(?:"((?:[^"]|"")*)"|([^;"]*))\s*(;|\Z)')


def split_codes(cell):
    """The codes of a list cell: ``a; b; "c;d"``. Raises Refused for an open quotation mark."""
    codes, position = [], 0
    while position < len(cell):
        match = _QUOTED_CODE.match(cell, position)
        if not match:
            raise Refused(
                "list",
                _("The list of codes cannot be read."),
                _("Write codes with semicolons between them, such as a; b; c."),
            )
        code = match[1].replace('""', '"') if match[1] is not None else match[2].strip()
        if code:
            codes.append(code)
        position = match.end()
    return codes


def join_codes(codes):
    """The canonical text of a list of codes."""
    return "; ".join(
        '"' + code.replace('"', '""') + '"' if ";" in code or '"' in code else code
        for code in codes
    )


class ListColumn(Column):
    """Codes of several records. ``load`` and ``write`` say where they are kept.

    ``through``: the model of the rows in between, ``source`` its reference to this record and
    ``to`` its reference to the other; ``fixed``: further values of such a row.
    """

    typed = ("list",)
    many = True

    def __init__(self, name, through, source, to, fixed=None, order="pk", **kwargs):
        super().__init__(name, None, required=False, **kwargs)
        self.through = through
        self.source = through._meta.get_field(source)
        self.to = through._meta.get_field(to)
        self.fixed = fixed or {}
        self.order = order
        self.target = self.to.related_model

    @classmethod
    def of(cls, codes):
        """The column for a CodeList of a kind of records."""
        rows = codes.through, codes.source, codes.to
        return cls(codes.name, *rows, codes.fixed, codes.order, label=codes.label)

    @property
    def default(self):
        return ""

    @default.setter
    def default(self, value):
        pass

    @property
    def model_field_names(self):
        return []

    def expression(self):
        return Value("", output_field=CharField())

    def value(self, text):
        return split_codes(text)

    def stored(self, text):
        return ()

    def json(self, text):
        return json.dumps(split_codes(text), ensure_ascii=False)

    def canon(self, cell):
        codes = split_codes(cell)
        seen = set()
        for code in codes:
            check_visible_code(code)
            if code in seen:
                raise Refused(
                    "twice",
                    _("“%(code)s” stands in the list twice.") % {"code": shorten(code)},
                    _("Remove one of the two."),
                )
            seen.add(code)
        return join_codes(codes)

    def export(self, instance, **kwargs):
        rows = models.QuerySet(self.through).filter(
            **{self.source.name: instance, f"{self.to.name}__isnull": False}, **self.fixed
        )
        return join_codes(rows.order_by(self.order).values_list(f"{self.to.name}__code", flat=True))

    def load_all(self, ids=None):
        """{id of the record: canonical text}, for all records or for these ids."""
        rows = models.QuerySet(self.through).filter(**{f"{self.to.name}__isnull": False})
        rows = rows.filter(**self.fixed)
        if ids is not None:
            rows = rows.filter(**{f"{self.source.name}__in": ids})
        found = {}
        values = rows.order_by(self.order).values_list(self.source.attname, f"{self.to.name}__code")
        for own, code in values.iterator(chunk_size=5000):
            found.setdefault(own, []).append(code)
        return {own: join_codes(codes) for own, codes in found.items()}
