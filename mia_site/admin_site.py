"""The admin as staff meet it: name, sign-in, start page, guide, order of the apps."""

from django.apps import apps
from django.conf import settings
from django.contrib.admin import AdminSite
from django.template.response import TemplateResponse
from django.urls import NoReverseMatch, path, reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from exchange.desk.exports import urls as export_desk
from exchange.desk.exports.views import exportable
from exchange.desk.imports import jobs as import_jobs
from exchange.desk.imports import urls as import_desk
from mia_site.admin_rules import FieldsAutocomplete, with_rules
from publishing.models import Publishable, Status
from publishing.preview import SCHEDULED, in_state
from publishing.record_kinds import all_kinds
from publishing.richtext import render

# How many waiting records of one kind the start page names.
SHOWN = 5


class MinistryAdminSite(AdminSite):
    """Django's admin under the site's name, with what waits on its first page."""

    site_header = gettext_lazy("Ministry of Internal Affairs · editing")
    site_title = gettext_lazy("Editing")
    index_title = gettext_lazy("What do you want to do?")
    index_template = "admin/start.html"
    enable_nav_sidebar = False  # the tree and the forms need the width

    def register(self, model_or_iterable, admin_class=None, **options):
        super().register(model_or_iterable, with_rules(admin_class), **options)

    def autocomplete_view(self, request):
        return FieldsAutocomplete.as_view(admin_site=self)(request)

    def get_urls(self):
        return [
            path("guide/", self.admin_view(self.guide), name="guide"),
            *import_desk.patterns(self),
            *export_desk.patterns(self),
            *super().get_urls(),
        ]

    def each_context(self, request):
        return {
            **super().each_context(request),
            "site_url": reverse("home"),
            "admin_languages": settings.LANGUAGES,
        }

    def get_app_list(self, request, app_label=None):
        """The apps in the order of their kinds of records, others follow by name; in each, what
        has a page of its own before vocabularies."""
        labels = list(dict.fromkeys(kind.model._meta.app_label for kind in all_kinds()))
        listed = sorted(
            super().get_app_list(request, app_label),
            key=lambda app: (*labels, app["app_label"]).index(app["app_label"]),
        )
        if app_label is None:
            listed = _with_all_addresses(listed)
        declared = list(apps.get_models())
        for app in listed:
            app["models"].sort(
                key=lambda entry: (
                    not issubclass(entry["model"], Publishable),
                    declared.index(entry["model"]),
                )
            )
        return listed

    def index(self, request, extra_context=None):
        return super().index(
            request,
            {
                "waiting": list(self._waiting(request)),
                "quick_links": list(self._quick_links(request)),
                **(extra_context or {}),
            },
        )

    def _waiting(self, request):
        """Drafts and scheduled records, kind by kind, as far as the user may change the kind."""
        for model, model_admin in self._registry.items():
            if not issubclass(model, Publishable) or not model_admin.has_change_permission(request):
                continue
            opts = model._meta
            address = reverse(f"admin:{opts.app_label}_{opts.model_name}_changelist")
            for state in (Status.DRAFT.value, SCHEDULED):
                rows = model_admin.get_queryset(request).filter(in_state(state))
                order = "publish_at" if state == SCHEDULED else "-updated_at"
                shown = list(rows.order_by(order)[: SHOWN + 1])
                if not shown:
                    continue
                yield {
                    "state": state,
                    "kind": opts.verbose_name_plural,
                    "records": [
                        (record, reverse(f"{address_name(opts)}_change", args=[record.pk]))
                        for record in shown[:SHOWN]
                    ],
                    "more": len(shown) > SHOWN,
                    "address": f"{address}?state={state}",
                }

    def _quick_links(self, request):
        """(address, words) of the usual acts that the user may do."""
        for kind in all_kinds():
            if kind.add_words and self._registry[kind.model].has_add_permission(request):
                yield reverse(f"{address_name(kind.model._meta)}_add"), kind.add_words
        try:
            structure = reverse("admin:units_unit_changelist")
        except NoReverseMatch:
            return
        if request.user.has_perm("units.view_unit") or request.user.has_perm("units.change_unit"):
            yield structure, _("Arrange the structure")
        if import_jobs.importable(request.user):
            yield reverse("admin:exchange_import"), _("Import a file")
        if exportable(request.user):
            yield reverse("admin:exchange_exports"), _("Export")

    def guide(self, request):
        """``docs/editors-guide.md`` in the editor's language."""
        docs = settings.BASE_DIR / "docs"
        own = docs / f"editors-guide.{get_language()}.md"
        source = own if own.exists() else docs / "editors-guide.md"
        _title, _newline, text = source.read_text(encoding="utf-8").partition("\n")
        context = {
            **self.each_context(request),
            "title": _("Editors' guide"),
            "guide": render(text),
        }
        return TemplateResponse(request, "admin/guide.html", context)


def _with_all_addresses(listed):
    """Former addresses of records stand beside those of the former site."""
    by_label = {app["app_label"]: app for app in listed}
    if {"addresses", "publishing"} <= by_label.keys():
        by_label["addresses"]["models"] += by_label.pop("publishing")["models"]
    return list(by_label.values())


def address_name(opts):
    """The first part of the URL names of a model's admin: ``admin:units_unit``."""
    return f"admin:{opts.app_label}_{opts.model_name}"
