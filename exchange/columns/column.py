"""What all columns of a file have in common."""

import difflib
import json

from django.db.models.fields import NOT_PROVIDED
from django.utils import translation
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from import_export.fields import Field

from exchange.problems import Refused


def required():
    return Refused(
        "required", _("This cell must not be empty."), _("Write the value that belongs here.")
    )


def refused_by(error, advice=""):
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
        if language is not None:
            with translation.override(language):
                return self.label()
        # Asked for every cell of a preview: no change of language where none is wanted.
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
