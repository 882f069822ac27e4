"""Made-up rows for the example files of a site that has no records yet.

The rows of all kinds fit together: what refers to another kind names the first sample of that
kind, so the files can be imported one after the other, in the order of ``exchange.kinds()``.
"""

from django.utils import translation
from django.utils.translation import gettext as _

from exchange import columns
from publishing.translated import language_of_column

CODES = ("example-1", "example-2")
_DATED = ("founded", "begin", "date")


def rows(resource):
    """Two rows of canonical texts in the order of the columns."""
    titles = resource._meta.model.title_fields()
    return [
        [
            own.get(column.name, _text(column, number, titles))
            for own in [resource.sample(number)]
            for column in resource.columns()
        ]
        for number in range(len(CODES))
    ]


def _text(column, number, titles):
    if column.name == "code":
        return CODES[number]
    if column.name in titles:
        # In the language of the column: files are read by people of every one.
        with translation.override(language_of_column(column.name)):
            return f"{_('Example')} {number + 1}"
    if column.name == "parent":
        return CODES[0] if number else ""
    if column.name in _DATED:
        return ("1992", "1995-06-12")[number]
    if column.generated and isinstance(column, columns.HistoricalDateColumn):
        return ""
    if column.generated and column.target is None:
        return CODES[number]
    if column.target is not None:
        return CODES[0] if column.required or column.generated else ""
    if not column.required or isinstance(column, columns.YesNoColumn):
        return column.default or ""
    if getattr(column, "choices", None):
        return column.choices[0]
    if isinstance(column, columns.WholeNumberColumn):
        return str(number + 1)
    return f"Example {number + 1}"
