"""Addresses that are kept: those of the former site and those that records have left behind."""

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from addresses.models import LegacyAddress
from publishing.models import RetiredSlug
from publishing.slug_triggers import models_with_slugs
from publishing.text import capitalised
from staff.records import CodedAdmin


@admin.register(LegacyAddress)
class LegacyAddressAdmin(CodedAdmin):
    """Addresses of the former site; many at once come in as a file (exchange)."""

    list_display = ["address", "leads_to", "note"]
    list_per_page = 200
    folded_fields = ["address", "target", "note"]
    fields = ["address", "target", "note", "code"]

    @admin.display(description=gettext_lazy("leads to"), ordering="target")
    def leads_to(self, record):
        return format_html('<a href="{0}">{0}</a>', record.target)


@admin.register(RetiredSlug)
class RetiredSlugAdmin(admin.ModelAdmin):
    """What the site keeps by itself: to be looked at, or given free for another record."""

    list_display = ["slug", "kind_in_words", "record", "retired_at"]
    list_display_links = None
    search_fields = ["slug", "code"]
    show_full_result_count = False

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def get_queryset(self, request):
        return super().get_queryset(request).filter(kind__in=self._models())

    def changelist_view(self, request, extra_context=None):
        title = capitalised(str(self.opts.verbose_name_plural), get_language())
        return super().changelist_view(request, {"title": title, **(extra_context or {})})

    @staticmethod
    def _models():
        return {model._meta.label_lower: model for model in models_with_slugs()}

    @admin.display(description=gettext_lazy("kind of record"), ordering="kind")
    def kind_in_words(self, row):
        return self._models()[row.kind]._meta.verbose_name

    @admin.display(description=gettext_lazy("leads to"), ordering="code")
    def record(self, row):
        model = self._models()[row.kind]
        record = model._base_manager.filter(code=row.code).first()
        if record is None:
            return _("a record that was deleted")
        opts = model._meta
        address = reverse(f"admin:{opts.app_label}_{opts.model_name}_change", args=[record.pk])
        return format_html('<a href="{}">{}</a>', address, record)
