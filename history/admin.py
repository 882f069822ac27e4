"""Events with those who took part, figures, yearly days."""

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy

from history.models import (
    Era,
    Event,
    Figure,
    FigureGroup,
    Observance,
    Participation,
)
from history.rules import problems
from publishing.models import Status
from staff.formsets import RowFormSet
from staff.inlines import PlainRowInline
from staff.lists import StateFilter, date_column
from staff.publication import RecordAdmin
from staff.records import CodedAdmin


@admin.register(Era)
class EraAdmin(CodedAdmin):
    list_display = [
        "name",
        date_column("begin", gettext_lazy("from")),
        date_column("end", gettext_lazy("until")),
        "order",
    ]
    fields = ["name", "slug", "summary", "begin", "end", "order", "code"]


class ParticipationFormSet(RowFormSet):
    """Drafts may be incomplete; what is published keeps the rule of its kind of event."""

    def judge(self, forms):
        super().judge(forms)
        if self.instance.status != Status.PUBLISHED:
            return
        if sentences := problems(self.instance.kind, [form.instance for form in forms]):
            raise ValidationError(
                [*sentences, gettext_lazy("Mend this, or save the event as a draft for now.")]
            )


class ParticipationInline(PlainRowInline):
    model = Participation
    formset = ParticipationFormSet
    fields = ["side", "unit", "external_body"]
    autocomplete_fields = ["unit", "external_body"]


@admin.register(Event)
class EventAdmin(RecordAdmin):
    list_display = ["title", date_column("date", gettext_lazy("date")), "kind", "era", "state"]
    list_filter = [StateFilter, "kind", "era", "weight"]
    list_select_related = ["era"]
    date_hierarchy = "date_earliest"
    autocomplete_fields = ["era", "sources"]
    inlines = [ParticipationInline]
    fieldsets = [
        (None, {"fields": ["title", "kind", "date", "era", "place", "slug", "code"]}),
        RecordAdmin.publication,
        (gettext_lazy("Text"), {"fields": ["summary", "body"]}),
        (gettext_lazy("Sources"), {"fields": ["sources"]}),
        (gettext_lazy("On the timeline"), {"fields": ["weight", "order"]}),
    ]

    def publishing_problems(self, record):
        return problems(record.kind, record.participations.select_related("unit", "external_body"))


@admin.register(FigureGroup)
class FigureGroupAdmin(CodedAdmin):
    list_display = ["name", "order"]
    fields = ["name", "summary", "order", "code"]


@admin.register(Figure)
class FigureAdmin(RecordAdmin):
    list_display = ["label", "value", "approximate", "group", "on_home_page", "state"]
    list_filter = [StateFilter, "group", "on_home_page"]
    list_select_related = ["group"]
    autocomplete_fields = ["group", "event", "unit"]
    fieldsets = [
        (None, {"fields": ["label", "value", "approximate", "group", "note", "code"]}),
        RecordAdmin.publication,
        (gettext_lazy("Belongs to"), {"fields": ["event", "unit", "on_home_page", "order"]}),
    ]


@admin.register(Observance)
class ObservanceAdmin(RecordAdmin):
    list_display = ["title", "day", "month", "unit", "state"]
    list_filter = [StateFilter, "month"]
    list_select_related = ["unit"]
    autocomplete_fields = ["unit", "origin"]
    fieldsets = [
        (None, {"fields": ["title", "day", "month", "unit", "since", "origin", "code"]}),
        RecordAdmin.publication,
        (gettext_lazy("Text"), {"fields": ["summary"]}),
    ]
