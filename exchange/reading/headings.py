"""Headings matched to columns; every trouble with them becomes a problem."""

from django.core.exceptions import ValidationError
from django.utils import translation
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from chronology.languages import SOURCE, reading_order
from exchange.formats.xlsx_files import CoveredText
from exchange.problems import BadFile, Problem, shorten, told_apart, too_many_columns_advice
from exchange.reading.foreign_headings import meant_by, suggestion
from exchange.registry import kinds, resource_for
from publishing.visible import refuse_invisible

# Our own column in the copy that names the problems; it may stay when the copy comes back.
PROBLEMS_COLUMN = "problems"


def by_label(resource, heading):
    """The column whose heading in one of the site's languages this is; None if none or several."""
    for language in reading_order():
        found = [c for c in resource.columns() if heading in c.headings(language)]
        if len(found) == 1:
            return found[0]
    return None


def match_headings(table, headings, limits, number):
    """Match headings to columns; every trouble with them becomes a problem.

    ``headings``: cells, among them those of a sheet that a merged heading covers.
    """
    covering = {i: h for i, h in enumerate(headings) if isinstance(h, CoveredText) and h.value}
    headings = [str(heading) for heading in headings]
    resource = resource_for(table.kind)
    if len(headings) > limits.columns:
        raise BadFile(too_many_columns(table, limits))
    table.headings = headings
    by_name = {column.name: column for column in resource.columns()}
    first = {}
    for i, heading in enumerate(headings):
        column = None
        if wrong := _invisible(heading):
            message, advice = told_apart(wrong)
            table.problem("heading_character", message, advice, row=number, column=heading)
        elif heading != PROBLEMS_COLUMN and heading:
            column = by_name.get(heading) or by_label(resource, heading)
            if column is None:
                unknown_column(table, heading, row=number)
        elif i in covering:
            _merged_heading(table, covering[i], number)
        elif not heading:
            table.problem(
                "heading_empty",
                _("Column %(number)s has no name.") % {"number": len(table.columns) + 1},
                _("Write what it holds above it. Only what is not meant for the site may go."),
                row=number,
            )
        if column is not None and column.name in first:
            table.problem(
                "column_twice",
                _("Column “%(name)s” appears twice.") % {"name": shorten(heading)},
                _("Compare the two, and keep the one whose values are right."),
                row=number,
                column=heading,
            )
            column = None
        elif column is not None:
            first[column.name] = heading
        table.columns.append(column)
    unknown = [p for p in table.problems if p.code == "column_unknown"]
    if unknown and len(unknown) >= len(headings) - len(covering) - 1 and not first:
        _nothing_known(table, resource)
    elif "code" not in first:
        missing_code(table)


def _nothing_known(table, resource):
    """No heading is known: other records, or no headings at all. One problem instead of many."""
    several = ("column_unknown", "merged_heading")
    table.problems = [p for p in table.problems if p.code not in several]
    other = _looks_like(table.headings, table.kind)
    meant = [(h, meant_by(resource, h)) for h in table.headings[:20]]
    renames = [
        f"“{shorten(heading)}” → “{name_in(table, resource, found[0])}”"
        for heading, found in meant
        if found
    ]
    if other:
        advice = _("This looks like “%(kind)s”.") % {"kind": other}
    elif renames:
        advice = _(
            "Rename what you know: %(renames)s. Compare the others with the list of columns; leave "
            "out only what is not meant for the site."
        ) % {"renames": ", ".join(renames)}
    else:
        advice = _("The first row must hold the headings, such as %(names)s.") % {
            "names": ", ".join(expected(table, resource, most=8))
        }
    table.problem(
        "columns_unknown",
        _("Unknown columns: %(names)s.")
        % {"names": ", ".join(f"“{shorten(h)}”" for h in table.headings[:8])},
        advice,
        row=1,
    )
    table.fatal = True


def _invisible(heading):
    """What is wrong with a heading that has a character that nobody sees; "" if nothing is."""
    sentence = _(
        "The name of column “%(name)s” has the invisible character %(character)s. Type the name "
        "again."
    )
    try:
        sentence = sentence.replace("%(name)s", shorten(heading).replace("%", "%%"))
        refuse_invisible(heading, sentence=sentence)
    except ValidationError as error:
        return " ".join(error.messages)
    return ""


def _merged_heading(table, cell, number):
    """Once for each merged heading, however many columns it covers."""
    message = _("The heading “%(name)s” is merged across columns (%(cells)s).") % {
        "name": shorten(cell.value),
        "cells": cell.merged.name,
    }
    if not any(p.message == message for p in table.problems):
        table.problem(
            "merged_heading",
            message,
            _("Undo the merging, and give every column with data a heading of its own."),
            row=number,
            column=str(cell.value),
        )


def _looks_like(headings, kind):
    """The kind whose columns most of these are, None if no other kind fits."""
    own = {column.name for column in resource_for(kind).columns()}
    best, most = None, sum(heading in own for heading in headings)
    for other in kinds():
        if other != kind:
            names = {column.name for column in resource_for(other).columns()}
            count = sum(heading in names for heading in headings)
            if count > most and count * 2 > len(headings):
                best, most = other, count
    return best


def missing_code(table):
    resource = resource_for(table.kind)
    other = _looks_like(table.headings, table.kind)
    name = name_in(table, resource, "code")
    meant = next((h for h in table.headings if meant_by(resource, h) == ["code"]), None)
    if meant:
        advice = _("If “%(heading)s” is the permanent identifier of each record, name it so.") % {
            "heading": shorten(meant)
        }
    elif other:
        advice = _("This looks like “%(kind)s”.") % {"kind": other}
    else:
        advice = _(
            "Add it. It holds the code that each record has on the site, as an export shows it; "
            "only new records get new ones."
        )
    table.problem(
        "column_missing",
        _("Column “%(name)s” is missing.") % {"name": name},
        advice,
        row=1,
        column=name,
    )
    table.fatal = True


def too_many_columns(table, limits):
    return Problem(
        "columns",
        _("The file has more than %(limit)s columns.") % {"limit": limits.columns},
        too_many_columns_advice(),
        file=table.file,
    )


def unknown_column(table, heading, row):
    resource = resource_for(table.kind)
    other = _looks_like(table.headings, table.kind) if table.format != "json" else None
    if found := suggestion(resource, heading):
        advice = _did_you_mean(table, resource, found)
    elif other:
        advice = _("This looks like “%(kind)s”.") % {"kind": other}
    else:
        advice = _(
            "Check its spelling, or give it a name that the site knows. Leave the column out only "
            "if it is not meant for the site. Names that are not in the file yet: %(names)s"
        ) % {"names": ", ".join(expected(table, resource))}
    table.problem(
        "column_unknown",
        _("Unknown column “%(name)s”.") % {"name": shorten(heading)},
        advice,
        row=row,
        column=heading,
    )


def _did_you_mean(table, resource, found):
    words = [name_in(table, resource, name) for name in found]
    if len(words) == 1:
        return _("Did you mean “%(word)s”?") % {"word": words[0]}
    listed = ", ".join(f"“{word}”" for word in words)
    return _("Did you mean one of %(words)s?") % {"words": listed}


def name_in(table, resource, name):
    """How a column is called in this file: by its code, or as the admin names it.

    Codes where the file uses some, or where the editor reads their language; else the editor's
    words.
    """
    by_name = {column.name: column for column in resource.columns()}
    if name not in by_name:
        return name
    codes = any(heading in by_name for heading in table.headings)
    if codes or translation.get_language() == SOURCE:
        return name
    return capfirst(by_name[name].label())


def expected(table, resource, most=12):
    """The columns that the file does not have yet, the most needed first."""
    there = {column.name for column in table.columns if column is not None}
    names = [column.name for column in resource.columns() if column.name not in there]
    words = [name_in(table, resource, name) for name in names[:most]]
    return [*words, "…"] if len(names) > most else words
