"""Form fields of records: sizes, limits, languages."""

from django import forms
from django.contrib import admin
from django.db import models
from django.utils.text import capfirst, format_lazy
from django.utils.translation import get_language_info
from django.utils.translation import gettext as _

from publishing.richtext import MarkdownField
from staff.autocomplete import (
    SafeAutocompleteSelect,
    SafeAutocompleteSelectMultiple,
    SafeModelMultipleChoiceField,
)

# What PostgreSQL can hold; SQLite would take more and the move to PostgreSQL would fail on it.
_LARGEST = {
    "PositiveSmallIntegerField": 32_767,
    "SmallIntegerField": 32_767,
    "PositiveIntegerField": 2_147_483_647,
    "IntegerField": 2_147_483_647,
}


class FieldsMixin:
    """Form fields of a useful size, numbers that fit every database, safe autocompletes."""

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is None:
            return None
        largest = _LARGEST.get(db_field.get_internal_type())
        if largest and isinstance(field, forms.IntegerField) and not db_field.choices:
            field = self._with_limit(field, largest)
        original = getattr(db_field, "translated_field", db_field)
        widget = field.widget
        if isinstance(widget, admin.widgets.RelatedFieldWidgetWrapper):
            # Deleting another record from within this form is a trap, not a convenience.
            widget.can_delete_related = False
        if isinstance(widget, admin.widgets.AdminSplitDateTime):
            for part, words in zip(widget.widgets, (_("Date"), _("Time")), strict=True):
                part.attrs["aria-label"] = f"{field.label}: {words}"
        if isinstance(widget, forms.Textarea):
            widget.attrs["rows"] = 14 if isinstance(original, MarkdownField) else 3
            if isinstance(original, MarkdownField):
                widget.attrs["class"] = f"{widget.attrs.get('class', '')} markdown".strip()
        elif isinstance(widget, forms.TextInput) and isinstance(original, models.CharField):
            length = original.max_length or 0
            widget.attrs.setdefault("size", str(min(70, length)) if length else "40")
        return field

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs.setdefault("widget", SafeAutocompleteSelect(db_field, self.admin_site))
        # Not django-mptt's field, which draws the depth of a unit into its name.
        kwargs.setdefault("form_class", forms.ModelChoiceField)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs.setdefault("widget", SafeAutocompleteSelectMultiple(db_field, self.admin_site))
        kwargs.setdefault("form_class", SafeModelMultipleChoiceField)
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    @staticmethod
    def _with_limit(field, largest):
        field.max_value = largest
        field.validators.append(forms.fields.validators.MaxValueValidator(largest))
        field.widget.attrs["max"] = largest
        return field


class LanguageFieldsMixin(FieldsMixin):
    """Form fields of a record in several languages.

    One language is enough for a name; every label says its language.
    """

    def patch_translation_field(self, db_field, field, request, **kwargs):
        super().patch_translation_field(db_field, field, request, **kwargs)
        language = getattr(db_field, "language", None)
        if language is None:
            return
        # Which language is written is up to the author; the model asks for one of them.
        field.required = False
        field.blank = True
        field.label = format_lazy(
            "{} ({})",
            capfirst(db_field.translated_field.verbose_name),
            get_language_info(language)["name_local"],
        )
        field.widget.is_required = False
        field.widget.attrs["lang"] = language
