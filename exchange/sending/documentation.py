"""What each column of each kind holds, in words: for docs/file-formats.md and the admin."""

from django.utils.translation import gettext as _

from exchange import columns
from exchange.planning.vocabulary import VocabularyColumn
from exchange.registry import kinds, resource_for, resource_of


def describe(kind, kind_name=str):
    """[(column, label, what it holds, when it is needed)] in the active language.

    ``kind_name``: what other kinds are called in these texts; their codes by default.
    """
    return [
        (column.name, column.label(), holds(column, kind_name), needed(column))
        for column in resource_for(kind).columns()
    ]


def needed(column):
    """Whether a new record must have a value."""
    if column.generated:
        return _("made by the site if empty")
    if column.required:
        return _("yes")
    return _("no")


def holds(column, kind_name=str):
    """What may stand in the cells of a column."""
    parts = [_content(column, kind_name), column.help_text]
    if getattr(column, "markdown", False):
        parts[1] = parts[1].removesuffix(_("Markdown."))  # said by the first part
    words = " ".join(part for part in parts if part)
    return " ".join(words.split())


def _content(column, kind_name):
    if isinstance(column, VocabularyColumn):
        return _("Code or name of a record of “%(kind)s”; an unknown word becomes a new one.") % {
            "kind": kind_name(resource_of(column.target).kind)
        }
    if column.target is not None:
        text = (
            _("Codes of “%(kind)s”, separated by semicolons.")
            if column.many
            else _("Code of a record of “%(kind)s”.")
        )
        return text % {"kind": kind_name(resource_of(column.target).kind)}
    if isinstance(column, columns.HistoricalDateColumn):
        return _("Date or period in EDTF.") if column.field.periods else _("Date in EDTF.")
    if isinstance(column, columns.WholeNumberColumn):
        return _("Whole number.")
    if isinstance(column, columns.DecimalColumn):
        return _("Number with a full stop before the decimals.")
    if isinstance(column, columns.YesNoColumn):
        return _("yes or no.")
    if isinstance(column, columns.DayColumn):
        return _("Day, 2026-11-22.")
    if isinstance(column, columns.MomentColumn):
        return _("Date and time, 2026-11-22T10:00:00Z; without a zone in the site's time.")
    if isinstance(column, columns.PictureColumn):
        return _("Path of an uploaded picture; a file brings no pictures.")
    if column.choices:
        return _("One of: %(words)s.") % {"words": ", ".join(column.choices)}
    limit = column.max_length
    if column.markdown:
        return _("Markdown; HTML is taken out.")
    if column.lines:
        return _("Text of several lines.")
    return _("Text, at most %(limit)s characters.") % {"limit": limit}


def markdown():
    """The tables of columns as they stand in docs/file-formats.md."""
    parts = []
    for kind in kinds():
        lines = [f"### `{kind}`", "", "| column | holds | needed |", "|---|---|---|"]
        for name, _label, text, when in describe(kind):
            lines.append(f"| `{name}` | {text.replace('|', '/')} | {when} |")
        parts.append("\n".join(lines) + "\n")
    return "\n".join(parts)
