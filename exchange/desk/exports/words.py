"""What the pages of exporting say of formats, kinds and choices."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from exchange.desk.imports import words as desk_words
from exchange.registry import EVERYTHING, resource_for
from publishing.models import Publishable, may_edit

# What each choice of a file is, for somebody who has to open it.
FORMATS = {
    "xlsx": (
        gettext_lazy("Excel workbook (.xlsx)"),
        gettext_lazy("To read and change in Excel or LibreOffice; may be imported again."),
    ),
    "spreadsheet": (
        gettext_lazy("CSV for spreadsheets (.csv)"),
        gettext_lazy(
            "Opens in Excel by a double click, with Azerbaijani letters and columns in place. A ' "
            "stands before what Excel would take for a formula; an import takes it off again."
        ),
    ),
    "csv": (
        gettext_lazy("CSV for import (.csv)"),
        gettext_lazy(
            "The exact texts with commas between: for another copy of this site, for programs."
        ),
    ),
    "json": (
        gettext_lazy("JSON (.json)"),
        gettext_lazy("For programs. The columns always have their short codes."),
    ),
    "zip": (
        gettext_lazy("CSV files in one archive (.zip)"),
        gettext_lazy(
            "One exact CSV for each kind, with a list of contents: for safekeeping and for another "
            "copy of this site."
        ),
    ),
}


def formats_of(kind):
    return ["xlsx", "zip"] if kind == EVERYTHING else ["xlsx", "spreadsheet", "csv", "json"]


def kind_name(kind):
    """“Units” for "units", in the active language."""
    return _("The whole site") if kind == EVERYTHING else desk_words.kind_name(kind)


def by_app(kinds, app_list):
    """[(app, [kinds])] as the start page arranges apps and records, rows of records last."""
    found = {}
    for kind in desk_words.in_order(kinds, app_list):
        opts = resource_for(kind)._meta.model._meta
        found.setdefault(opts.app_config.verbose_name, []).append(kind)
    return list(found.items())


def scope_words(scope):
    """A choice of records in a sentence, with their number."""
    sentences = {
        "all": _("All records: %(n)s"),
        "filter": _("Only what the list shows now, over all its pages: %(n)s"),
        "chosen": _("Only the records that you ticked: %(n)s"),
    }
    return sentences[scope.key] % {"n": scope.count}


def on_drafts(kind, user):
    """A sentence on who may see what is in the file; "" where nothing in it is ever hidden."""
    if kind == EVERYTHING:
        return _("Drafts are in the file as far as you may see them: do not pass it on unread.")
    model = resource_for(kind)._meta.model
    if not issubclass(model, Publishable):
        return ""
    if may_edit(user, model):
        return _("Drafts and scheduled records are in the file, too: do not pass it on unread.")
    return _("Only published records are in the file.")
