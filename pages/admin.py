"""Editorial pages."""

from django.contrib import admin
from django.utils.translation import gettext_lazy

from pages.models import Page
from staff.lists import StateFilter
from staff.publication import RecordAdmin


@admin.register(Page)
class PageAdmin(RecordAdmin):
    list_display = ["title", "placement", "order", "state"]
    list_filter = [StateFilter, "placement"]
    fieldsets = [
        (None, {"fields": ["title", "slug", "code"]}),
        RecordAdmin.publication,
        (gettext_lazy("Text"), {"fields": ["summary", "body"]}),
        (gettext_lazy("Navigation"), {"fields": ["placement", "order"]}),
    ]
