"""Rows of a record as a table in its form."""

from django.contrib import admin
from modeltranslation.admin import (
    TranslationTabularInline,
)

from staff.fields import FieldsMixin, LanguageFieldsMixin
from staff.formsets import InlineRowForm, RowFormSet


class _RowInlineMixin(LanguageFieldsMixin):
    extra = 0
    form = InlineRowForm
    formset = RowFormSet
    # The site makes the code of a row from the code of its record (Coded.free_code).
    exclude = ["code"]

    def get_formset(self, request, obj=None, **kwargs):
        formset = super().get_formset(request, obj, **kwargs)
        formset.form.user = request.user
        formset.form.second_look = getattr(request, "second_look", None)
        return formset


class RowInline(_RowInlineMixin, TranslationTabularInline):
    """Rows of a record as a table."""


class PlainRowInline(FieldsMixin, admin.TabularInline):
    """Rows without a code and without text of their own."""

    extra = 0
    form = InlineRowForm
    formset = RowFormSet
