"""The columns of a file: what a cell may hold and how it stands in the database.

A cell is text everywhere: in the file, in a plan, in a difference. ``Column.canon`` turns what
somebody wrote into the one *canonical text* of its value (or raises Refused), ``expression``
asks the database for that same text, and ``stored`` turns it into what the table's columns hold.
So a row of a file and a row of the database are compared as texts, without making objects.

Each is also a django-import-export field, so that its stock forms and templates can use them.
"""

import datetime
import decimal
import difflib
import json
import re
import unicodedata
from functools import cache

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.core.validators import MaxLengthValidator
from django.db import connection, models
from django.db.backends.base.operations import BaseDatabaseOperations
from django.db.models import Case, CharField, ExpressionWrapper, F, Value, When
from django.db.models.fields import NOT_PROVIDED
from django.db.models.functions import Cast, Coalesce
from django.utils import timezone, translation
from django.utils.dateparse import parse_datetime
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from import_export.fields import Field

from chronology import HistoricalDate, HistoricalDateField, InvalidDate
from chronology.display import display
from chronology.fields import PERIOD_REFUSED
from exchange.problems import Refused, shorten
from publishing.fields import validate_visible, validate_visible_lines
from publishing.models import validate_code
from publishing.richtext import MarkdownField, sanitise, validate_markdown

# More marks than any living script stacks on one letter.
MAX_MARKS = 8


@cache
def _marks():
    """A pattern that finds too many combining marks in a row (“Zalgo”)."""
    ranges, start = [], None
    for number in range(0x300, 0x1F000):
        if unicodedata.category(chr(number)) in ("Mn", "Me"):
            start = number if start is None else start
        elif start is not None:
            ranges.append(f"{chr(start)}-{chr(number - 1)}")
            start = None
    return re.compile(f"[{''.join(ranges)}]{{{MAX_MARKS + 1}}}")


def required():
    return Refused(
        "required", _("This cell must not be empty."), _("Write a value, or remove the row.")
    )


def _from_validation(error, advice=""):
    """A Refused with the sentences of a ValidationError."""
    return Refused(error.error_list[0].code or "invalid", " ".join(error.messages), advice)


def nearest(word, known, cutoff=0.6):
    """The member of ``known`` most like ``word``, or None."""
    by_folded = {k.casefold().strip(): k for k in known}
    found = difflib.get_close_matches(word.casefold().strip(), by_folded, n=1, cutoff=cutoff)
    return by_folded[found[0]] if found else None


class Column(Field):
    """One column of a file. Sub-classes say what its cells hold.

    ``name`` is the heading in files and the name of the model field; ``typed`` is what a
    spreadsheet or JSON may give besides text ("number", "boolean", "date", "list");
    ``generated`` says that an empty cell of a new record is filled in by the site.
    """

    typed = ()
    post = None  # a function that makes the database's text canonical, where SQL cannot
    generated = False
    many = False
    target = None  # the model of a reference

    def __init__(self, name, field=None, *, required=None, help_text=None, label=None, **kwargs):
        super().__init__(attribute=name, column_name=name, **kwargs)
        self.name = name
        self.field = field
        self._required = required
        self._help_text = help_text
        self._label = label

    def __deepcopy__(self, memo):
        return self  # nothing in it changes

    @property
    def model_field_names(self):
        """The table's columns that this column fills."""
        return [self.field.attname]

    @property
    def required(self):
        """Whether a new record must have a value here."""
        if self._required is not None:
            return self._required
        return not self.field.blank and self.field.default is NOT_PROVIDED

    @property
    def default(self):
        """Canonical text that a new record gets without this column."""
        if self.field is None or self.field.default is NOT_PROVIDED or callable(self.field.default):
            return ""
        return self.text(self.field.default)

    @default.setter
    def default(self, value):
        pass  # django-import-export sets one; ours is the model's

    def label(self, language=None):
        """The heading in a language: “ad (az)”, “founded”."""
        with translation.override(language or translation.get_language()):
            if self._label:
                return str(self._label)
            plain = getattr(self.field, "translated_field", None)
            if plain is not None:
                return f"{plain.verbose_name} ({self.field.language})"
            return str(self.field.verbose_name)

    @property
    def help_text(self):
        if self._help_text:
            return str(self._help_text)
        if self.field is None:
            return ""
        plain = getattr(self.field, "translated_field", self.field)
        return str(plain.help_text)

    def headings(self, language):
        """Everything that may stand above this column."""
        label = self.label(language)
        return {self.name, label, capfirst(label)}

    # --- text ⇄ database ---------------------------------------------------------------------
    def expression(self):
        """An SQL expression for the canonical text; never NULL."""
        raise NotImplementedError

    def text(self, value):
        """Canonical text of a Python value."""
        return "" if value is None else str(value)

    def canon(self, cell):
        """Canonical text of what stands in a cell. Raises Refused."""
        raise NotImplementedError

    def reader(self, part):
        """``canon`` for one file; columns that need to know the database make their own."""
        return self.canon

    def spellings(self, part):
        """{what files may say: canonical text} where much of a file differs only in that."""
        return None

    def value(self, text):
        """The Python value of a canonical text, as the model's attribute holds it."""
        raise NotImplementedError

    def stored(self, text):
        """What to write to ``model_field_names``, for a canonical text: a tuple."""
        return (self.value(text),)

    def json(self, text):
        """A canonical text as it stands in a JSON file."""
        return json.dumps(text, ensure_ascii=False)

    def show(self, text):
        """How a canonical text is shown to the editor where it says how a cell was understood."""
        return text

    # --- django-import-export ----------------------------------------------------------------
    def clean(self, row, **kwargs):
        text = self.canon(str(row[self.column_name] or ""))
        return self.value(text)

    def export(self, instance, **kwargs):
        return self.text(getattr(instance, self.attribute))


class TextColumn(Column):
    """Plain text, of one line or several, rich text, addresses and choices."""

    def __init__(self, name, field, **kwargs):
        super().__init__(name, field, **kwargs)
        self.lines = isinstance(field, models.TextField)
        self.markdown = isinstance(field, MarkdownField)
        self.max_length = field.max_length
        self.choices = [key for key, _label in field.flatchoices] if field.choices else None
        special = [validate_visible, validate_visible_lines, validate_code, validate_markdown]
        self.fast = [v for v in field.validators if v in special]
        self.validators = [
            v
            for v in field.validators
            if v not in special and not isinstance(v, MaxLengthValidator)
        ]
        self.exact = validate_code in self.fast
        self.checks = [v for v in field.validators if not isinstance(v, MaxLengthValidator)]
        if not self.fast:  # plain CharFields are checked like lines: nobody sees U+200B
            self.checks.insert(0, validate_visible_lines if self.lines else validate_visible)
        self.canon = self._compile()

    @property
    def required(self):
        if self._required is not None:
            return self._required
        field = self.field
        return not field.blank and field.default is NOT_PROVIDED

    def expression(self):
        if self.field.null:
            return Coalesce(F(self.field.name), Value(""), output_field=models.TextField())
        return F(self.field.name)

    def value(self, text):
        return text

    def stored(self, text):
        return (text,)

    def _compile(self):
        """``canon`` as a closure: this runs for every cell of a file."""
        exact, lines, markdown = self.exact, self.lines, self.markdown
        max_length, choices, checks = self.max_length, self.choices, self.checks
        validators, is_required = self.validators, self.required
        default = "" if is_required else self.default
        known = frozenset(choices or ())

        def canon(cell):
            text = cell if exact else cell.strip()
            if not text:
                if is_required:
                    raise required()
                return default
            if known and text not in known:
                raise self._not_a_choice(text)
            if markdown and ("<" in text or "\r" in text):
                text = sanitise(text).strip()
                if not text and is_required:
                    raise required()
            if max_length and len(text) > max_length:
                raise Refused(
                    "too_long",
                    _("The text has %(length)s characters; %(limit)s are allowed.")
                    % {"length": len(text), "limit": max_length},
                    _("Shorten it."),
                )
            visible = text.isprintable() or (lines and text.replace("\n", "").isprintable())
            if visible and not (markdown and "](" in text) and not (exact and text != text.strip()):
                wanted = validators
            else:
                wanted = checks
            for check in wanted:
                try:
                    check(text)
                except ValidationError as error:
                    raise _from_validation(error) from None
            if not text.isascii() and _marks().search(text):
                raise Refused(
                    "marks",
                    _("The text has too many combining marks on one letter."),
                    _("Type that place again."),
                )
            return text

        return canon

    def _not_a_choice(self, text):
        labels = {}
        for language, _name in settings.LANGUAGES:
            with translation.override(language):
                labels |= {str(label): key for key, label in self.field.flatchoices}
        labels |= {key: key for key in self.choices}
        found = nearest(text, labels)
        return Refused(
            "choice",
            _("“%(value)s” is not one of %(choices)s.")
            % {"value": shorten(text), "choices": ", ".join(self.choices)},
            _("Did you mean “%(word)s”?") % {"word": labels[found]}
            if found
            else _("Write one of these words."),
        )


class WholeNumberColumn(Column):
    typed = ("number",)

    def __init__(self, name, field, **kwargs):
        super().__init__(name, field, **kwargs)
        # What every database takes; SQLite alone would take more.
        ranges = BaseDatabaseOperations.integer_field_ranges
        self.smallest, self.largest = ranges[field.get_internal_type()]

    def expression(self):
        cast = Cast(F(self.field.name), CharField())
        return Coalesce(cast, Value("")) if self.field.null else cast

    def value(self, text):
        return int(text) if text else None

    def json(self, text):
        return text or "null"

    def canon(self, cell):
        text = cell.strip()
        if not text:
            if self.required:
                raise required()
            return self.default
        advice = _("Write digits only, such as 1945.")
        if not re.fullmatch(r"[+-]?[0-9]+", text):
            if re.fullmatch(r"[+-]?[0-9]+[eE][+]?[0-9]+", text):
                raise Refused("too_large", _("The number is too large."), advice)
            raise Refused("whole_number", _("This is not a whole number."), advice)
        # Longer texts are refused before int(), whose cost grows with the square of the length.
        if len(text) > 20:
            raise Refused("too_large", _("The number is too large."), _("Write a smaller one."))
        number = int(text)
        if not self.smallest <= number <= self.largest:
            raise Refused(
                "too_large",
                _("The number must be from %(smallest)s to %(largest)s.")
                % {"smallest": self.smallest, "largest": self.largest},
            )
        for check in self.field.validators:
            try:
                check(number)
            except ValidationError as error:
                raise _from_validation(error) from None
        return str(number)


class DecimalColumn(Column):
    typed = ("number",)

    def expression(self):
        cast = Cast(F(self.field.name), CharField())
        return Coalesce(cast, Value("")) if self.field.null else cast

    def post(self, text):
        """SQLite gives floating-point text, PostgreSQL trailing zeros."""
        if not text:
            return ""
        places = decimal.Decimal(1).scaleb(-self.field.decimal_places)
        return self.text(decimal.Decimal(text).quantize(places))

    def text(self, value):
        if value is None:
            return ""
        text = f"{value:f}"
        return text.rstrip("0").rstrip(".") if "." in text else text

    def value(self, text):
        return decimal.Decimal(text) if text else None

    def json(self, text):
        return text or "null"

    def canon(self, cell):
        text = cell.strip()
        if not text:
            if self.required:
                raise required()
            return ""
        if not re.fullmatch(r"[+-]?[0-9]{1,12}(\.[0-9]{1,20})?", text):
            raise Refused(
                "number",
                _("This is not a number."),
                _("Write digits with a full stop before the decimals, such as 40.4093."),
            )
        number = decimal.Decimal(text).normalize() + 0
        for check in self.field.validators:
            try:
                check(number)
            except ValidationError as error:
                raise _from_validation(error) from None
        canonical = self.text(number)
        return "0" if canonical in ("-0", "") else canonical


class YesNoColumn(Column):
    typed = ("boolean", "number")
    WORDS = {
        "yes": "yes", "true": "yes", "1": "yes", "bəli": "yes", "hə": "yes", "да": "yes",
        "no": "no", "false": "no", "0": "no", "xeyr": "no", "yox": "no", "нет": "no",
    }  # fmt: skip

    def expression(self):
        return Case(
            When(**{self.field.name: True}, then=Value("yes")),
            default=Value("no"),
            output_field=CharField(),
        )

    def text(self, value):
        return "yes" if value else "no"

    def value(self, text):
        return text == "yes"

    def json(self, text):
        return "true" if text == "yes" else "false"

    def canon(self, cell):
        text = cell.strip()
        if not text:
            return self.default
        if (found := self.WORDS.get(text.lower())) is None:
            raise Refused("yes_no", _("This is neither yes nor no."), _("Write “yes” or “no”."))
        return found


class HistoricalDateColumn(Column):
    """A date as precise as is known, in EDTF; other unambiguous forms are understood."""

    typed = ("date", "number")

    @property
    def model_field_names(self):
        name = self.field.name
        return [name, f"{name}_earliest", f"{name}_latest"]

    def expression(self):
        # Without the wrapper every row would be parsed to a date and written out again.
        return ExpressionWrapper(F(self.field.name), output_field=CharField())

    def text(self, value):
        return value.text if value else ""

    def value(self, text):
        return HistoricalDate.parse(text) if text else None

    def stored(self, text):
        return (text, *self.field.bounds(self.value(text)))

    def show(self, text):
        return f"{text} ({display(self.value(text))})" if text else ""

    def canon(self, cell):
        text = cell.strip()
        if not text:
            if not self.field.blank:
                raise required()
            return ""
        try:
            # 2024-1-1 is a slip in a file, where a machine wrote the dates.
            strict = re.fullmatch(r"[0-9]{4}-[0-9]{1,2}(-[0-9]{1,2})?", text)
            date = HistoricalDate.parse(text) if strict else HistoricalDate.read(text)
        except InvalidDate as error:
            raise Refused("date", str(error)) from None
        if date.is_period and not self.field.periods:
            raise Refused(
                "period",
                str(PERIOD_REFUSED),
                _("Write a year (1992), a month (1992-11) or a day (1992-11-24)."),
            )
        return date.text


class DayColumn(Column):
    """A day of the calendar, ``2026-11-22``."""

    typed = ("date",)

    def expression(self):
        return Coalesce(Cast(F(self.field.name), CharField()), Value(""))

    def text(self, value):
        return value.isoformat() if value else ""

    def value(self, text):
        return datetime.date.fromisoformat(text) if text else None

    def show(self, text):
        return f"{text} ({display(HistoricalDate.parse(text))})" if text else ""

    def canon(self, cell):
        text = cell.strip()
        if not text:
            if self.required:
                raise required()
            return ""
        if match := re.fullmatch(r"([0-9]{2})\.([0-9]{2})\.([0-9]{4})", text):
            text = f"{match[3]}-{match[2]}-{match[1]}"
        try:
            date = HistoricalDate.parse(text)
        except InvalidDate as error:
            raise Refused("date", str(error)) from None
        if date.exact is None:
            raise Refused("date", _("A whole date is needed here."), _("Write it like 2026-11-22."))
        return date.text


class MomentColumn(Column):
    """A day and a time; files hold it in UTC, ``2026-11-22T10:00:00Z``."""

    typed = ("date",)

    def expression(self):
        return F(self.field.name)

    def post(self, value):
        return self.text(value)

    def text(self, value):
        if not value:
            return ""
        return value.astimezone(datetime.UTC).replace(tzinfo=None).isoformat() + "Z"

    def value(self, text):
        return datetime.datetime.fromisoformat(text) if text else None

    def show(self, text):
        moment = self.value(text)
        return timezone.localtime(moment).strftime("%Y-%m-%d %H:%M") if moment else ""

    def canon(self, cell):
        text = cell.strip()
        if not text:
            if self.required:
                raise required()
            return ""
        if match := re.fullmatch(r"([0-9]{2})\.([0-9]{2})\.([0-9]{4})((?:[ T].*)?)", text):
            text = f"{match[3]}-{match[2]}-{match[1]}{match[4]}"
        if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
            text += " 00:00"
        try:
            moment = parse_datetime(text)
            if moment is not None and timezone.is_naive(moment):
                moment = timezone.make_aware(moment)
            if moment is not None:
                return self.text(moment)
        except (ValueError, OverflowError):
            pass
        raise Refused(
            "moment",
            _("This is not a date with a time."),
            _("Write it like 2026-11-22 09:30."),
        )


def _visible_code(code):
    """A code to look up, which must not even reach the database with a NUL in it."""
    if not code.isprintable():
        try:
            validate_visible(code)
        except ValidationError as error:
            raise _from_validation(error) from None


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
        _visible_code(cell)
        return cell


class PictureColumn(Column):
    """The place of an uploaded picture. Files name pictures; they do not bring them."""

    def expression(self):
        return F(self.field.name)

    def post(self, value):
        return str(value or "")

    def text(self, value):
        return getattr(value, "name", value) or ""

    def value(self, text):
        return text

    def canon(self, cell):
        text = cell.strip()
        if not text:
            return ""
        folder = self.field.upload_to
        good = re.fullmatch(re.escape(folder) + r"[\w-][\w.-]*", text, re.ASCII)
        if not good or ".." in text or len(text) > 100 or not default_storage.exists(text):
            raise Refused(
                "picture",
                _("There is no uploaded picture of this name."),
                _("Leave the column out and upload the picture on the record's own page."),
            )
        return text


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
            _visible_code(code)
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


def column_for(field, **options):
    """The column for a model field."""
    if isinstance(field, HistoricalDateField):
        return HistoricalDateColumn(field.name, field, **options)
    if isinstance(field, models.ForeignKey):
        return ReferenceColumn(field.name, field, **options)
    for base, column in (
        (models.FileField, PictureColumn),
        (models.BooleanField, YesNoColumn),
        (models.IntegerField, WholeNumberColumn),
        (models.DecimalField, DecimalColumn),
        (models.DateTimeField, MomentColumn),
        (models.DateField, DayColumn),
        (models.CharField, TextColumn),
        (models.TextField, TextColumn),
    ):
        if isinstance(field, base):
            made = column(field.name, field, **options)
            made.generated = isinstance(field, models.SlugField)
            return made
    raise TypeError(f"no column for {field!r}")


def is_postgresql():
    return connection.vendor == "postgresql"


def translated(*names):
    """The columns of translated fields: ``translated("name")`` → name_az, name_en."""
    return [f"{name}_{code}" for name in names for code, _language in settings.LANGUAGES]
