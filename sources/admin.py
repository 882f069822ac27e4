"""The register of sources."""

from django.contrib import admin
from django.utils.translation import gettext_lazy

from sources.models import Source
from staff.lists import date_column
from staff.records import CodedAdmin


@admin.register(Source)
class SourceAdmin(CodedAdmin):
    list_display = ["title", "kind", "number", date_column("date", gettext_lazy("date"))]
    list_filter = ["kind"]
    fields = ["title", "kind", "number", "publisher", "date", "url", "accessed", "note", "code"]
