"""The pages of exporting, in the admin's frame."""

from functools import wraps

from django.conf import settings
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.template.response import TemplateResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from exchange.desk.exports import words
from exchange.desk.exports.downloads import send_example, send_export
from exchange.desk.exports.forms import ExportForm, headings
from exchange.desk.exports.scopes import Scope, scopes
from exchange.permissions import may_export, may_import
from exchange.registry import EVERYTHING, kinds, resource_for
from exchange.sending.documentation import describe
from exchange.sending.export import example_rows
from publishing.text import capitalised

# What one kind can be had as for an example.
EXAMPLES = ("xlsx", "csv", "json")
# Characters of a cell that the page of columns shows.
_SHOWN = 80


def _page(request, template, title, **context):
    frame = admin.site.each_context(request)
    context = {**frame, "title": title, **context}
    return TemplateResponse(request, f"admin/exchange/{template}.html", context)


def exportable(user):
    """The kinds that ``user`` may export."""
    return [kind for kind in kinds() if may_export(user, kind)]


def may_learn(user, kind):
    """Whether ``user`` may see how files of ``kind`` look."""
    return may_export(user, kind) or may_import(user, kind)


def _of_a_kind(allowed):
    """The view gets a kind that there is and that the user has the right to; else 404 or 403."""

    def decorate(view):
        @wraps(view)
        def guarded(request, kind, **kwargs):
            if kind not in kinds() and not (kind == EVERYTHING and allowed is may_export):
                raise Http404
            if not allowed(request.user, kind):
                raise PermissionDenied(_("You have no right to export these records."))
            return view(request, kind, **kwargs)

        return guarded

    return decorate


@require_safe
def kinds_to_export(request):
    """Every kind that the user may export, and the whole site."""
    found = exportable(request.user)
    if not found:
        raise PermissionDenied(_("You have no right to export records."))
    apps = [
        (app, [(k, words.kind_name(k), Scope("all", k, request.user).count) for k in inside])
        for app, inside in words.by_app(found, admin.site.get_app_list(request))
    ]
    everything = may_export(request.user, EVERYTHING)
    return _page(request, "export_kinds", _("Export"), apps=apps, everything=everything)


@require_http_methods(["GET", "HEAD", "POST"])
@_of_a_kind(may_export)
def export(request, kind):
    """GET asks which records in which form, POST answers with the file."""
    form = ExportForm(request.POST or None, kind=kind, scopes=scopes(request, kind))
    if request.method == "POST" and form.is_valid():
        choice = form.cleaned_data["file_format"]
        return send_export(request.user, form.scope_chosen, choice, form.language)
    name = words.kind_name(kind)
    return _page(
        request,
        "export",
        _("Export: %(kind)s") % {"kind": name},
        kind=kind,
        kind_name=name,
        form=form,
        on_drafts=words.on_drafts(kind, request.user),
        everything=kind == EVERYTHING,
        list_opts=None if kind == EVERYTHING else _opts_of_list(kind),
    )


def _opts_of_list(kind):
    """``_meta`` of the kind's model where it has a list of its own in the admin, else None."""
    model = resource_for(kind)._meta.model
    return model._meta if model in admin.site._registry else None


@require_safe
@_of_a_kind(may_learn)
def columns(request, kind):
    """What stands in each column of a kind, with example rows and example files."""
    rows = example_rows(kind, user=request.user)
    described = [
        (name, capitalised(label, get_language()), holds, needed, _first(rows, at))
        for at, (name, label, holds, needed) in enumerate(describe(kind, words.kind_name))
    ]
    filled = [at for at in range(len(described)) if any(row[at] for row in rows)]
    name = words.kind_name(kind)
    return _page(
        request,
        "example",
        _("Columns and examples: %(kind)s") % {"kind": name},
        kind=kind,
        kind_name=name,
        described=described,
        shown_columns=[described[at][0] for at in filled],
        shown_rows=[[_short(row[at]) for at in filled] for row in rows],
        formats=EXAMPLES,
        headings=headings(),
        may_export=may_export(request.user, kind),
        may_import=may_import(request.user, kind),
    )


def _first(rows, at):
    """The first cell of a column that says something."""
    return _short(next((row[at] for row in rows if row[at]), ""))


def _short(text):
    text = " ".join(text.split())
    return text if len(text) <= _SHOWN else text[:_SHOWN].rstrip() + "…"


@require_safe
@_of_a_kind(may_learn)
def example(request, kind, file_format):
    """``?headings=az``: labels in a language above the columns; codes without it."""
    if file_format not in EXAMPLES:
        raise Http404
    language = request.GET.get("headings")
    language = language if language in dict(settings.LANGUAGES) else None
    return send_example(request.user, kind, file_format, language)
