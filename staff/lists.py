"""Lists of records: folded search, states, dates."""

from django.contrib import admin
from django.utils.translation import gettext_lazy

from chronology.display import display, display_moment, unbroken
from publishing.matching import matching
from publishing.preview import STATES, in_state
from publishing.text import fold, search_text


def folded_matches(queryset, term, text_fields):
    """Rows in which every word of ``term`` occurs, compared as folded text (Əliyeva ~ eliyeva).

    Models with a ``search_text`` column are searched in the database; the small vocabularies
    without one are folded here, from ``text_fields``.
    """
    if any(field.name == "search_text" for field in queryset.model._meta.concrete_fields):
        return queryset.filter(matching(term))
    words = fold(term).split()
    if not words:
        return queryset.none()
    matches = [
        pk
        for pk, *texts in queryset.order_by().values_list("pk", *text_fields)
        if all(word in search_text(*(str(text or "") for text in texts)) for word in words)
    ]
    return queryset.filter(pk__in=matches)


class FoldedSearchMixin:
    """Search and autocomplete that find Əliyeva by "eliyeva"."""

    # Asked for by Django's search form and autocomplete; the search itself is folded_matches().
    search_fields = ["code"]
    # Further text columns for models without search_text.
    folded_fields = ()

    def get_search_results(self, request, queryset, search_term):
        if not search_term:
            return queryset, False
        fields = ["code", *self.model.title_fields(), *self.folded_fields]
        return folded_matches(queryset, search_term, fields), False


class StateFilter(admin.SimpleListFilter):
    """Draft, scheduled, published, archived."""

    title = gettext_lazy("state")
    parameter_name = "state"

    def lookups(self, request, model_admin):
        return list(STATES.items())

    def queryset(self, request, queryset):
        return queryset.filter(in_state(self.value())) if self.value() in STATES else queryset


def date_column(field, description):
    """A list column that shows a HistoricalDateField in words and sorts by its first day."""

    @admin.display(description=description, ordering=f"{field}_earliest")
    def column(record):
        words = display_moment if getattr(record, "is_moment", True) else display
        return unbroken(words(getattr(record, field))) or "–"

    column.__name__ = field
    return column
