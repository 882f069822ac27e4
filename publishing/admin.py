"""What the admin of every room shares: folded search, states, publishing, honest refusals."""

from contextlib import nullcontext

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.admin.options import IS_POPUP_VAR
from django.contrib.admin.utils import unquote
from django.core.exceptions import ValidationError
from django.db import DataError, IntegrityError, OperationalError, models, transaction
from django.db.models import ProtectedError, RestrictedError
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.text import capfirst, format_lazy
from django.utils.translation import get_language, get_language_info, gettext_lazy, ngettext
from django.utils.translation import gettext as _
from modeltranslation.admin import (
    TranslationAdmin,
    TranslationTabularInline,
)

from chronology.forms import conversions_in
from chronology.templatetags.chronology import historical
from chronology.templatetags.chronology import moment as in_bounds
from publishing.autocomplete import (
    SafeAutocompleteSelect,
    SafeAutocompleteSelectMultiple,
    SafeModelMultipleChoiceField,
    is_id,
)
from publishing.form_guard import labels_of_parts, lock_chosen, lock_for_deletion, version_for
from publishing.forms import RecordForm, VersionedForm
from publishing.formsets import InlineRowForm, RowFormSet
from publishing.log_words import in_words
from publishing.matching import matching
from publishing.models import Status, may_publish
from publishing.preview import SCHEDULED, STATES, in_state, moment, state_of
from publishing.richtext import MarkdownField
from publishing.second_look import Contradicted, judged, take_back
from publishing.sent_forms import SentForm
from publishing.text import capitalised, fold, search_text

# What PostgreSQL can hold; SQLite would take more and the move to PostgreSQL would fail on it.
_LARGEST = {
    "PositiveSmallIntegerField": 32_767,
    "SmallIntegerField": 32_767,
    "PositiveIntegerField": 2_147_483_647,
    "IntegerField": 2_147_483_647,
}


class Refused(Exception):
    """An act that the admin does not do. ``sentence``: why, for the editor; ``status``: HTTP."""

    def __init__(self, sentence, status=409):
        super().__init__(sentence)
        self.sentence = sentence
        self.status = status


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


def date_column(field, description):
    """A list column that shows a HistoricalDateField in words and sorts by its first day."""

    @admin.display(description=description, ordering=f"{field}_earliest")
    def column(record):
        words = in_bounds if getattr(record, "is_moment", True) else historical
        return words(getattr(record, field)) or "–"

    column.__name__ = field
    return column


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


class CodedAdmin(FoldedSearchMixin, LanguageFieldsMixin, TranslationAdmin):
    """A record with a permanent code. Refusals are sentences, never server errors.

    A form writes what its version says that the database holds, or it is refused: what it is
    about to write is locked, then read, then compared.
    """

    form = VersionedForm
    # Columns of files that the form does not write, and which others may change meanwhile.
    not_compared = ()
    save_on_top = False
    list_per_page = 50
    show_full_result_count = False
    change_form_template = "admin/record_change_form.html"
    # What other rooms offer for chosen rows of every list; see offer().
    offered = []

    class Media:
        css = {"all": ["admin_site/forms.css"]}
        js = ["admin_site/languages.js", "admin_site/slug.js", "admin_site/labels.js"]

    def get_readonly_fields(self, request, obj=None):
        fields = list(super().get_readonly_fields(request, obj))
        return [*fields, "code"] if obj else fields

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        form.user = request.user
        form.stored_version = getattr(request, "stored_version", "")
        form.part_labels = labels_of_parts(self, request)
        form.second_look = getattr(request, "second_look", None)
        return form

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        kind = self.opts.verbose_name
        context["title"] = capitalised(kind if change else context["title"], get_language())
        if self.trans_opts.all_fields:
            context["languages_of_form"] = settings.LANGUAGES
        return super().render_change_form(request, context, add, change, form_url, obj)

    @classmethod
    def offer(cls, action, allowed):
        """Lets a room offer an action in every list. ``allowed(model_admin, request)``: to whom."""
        CodedAdmin.offered = [*CodedAdmin.offered, (action, allowed)]

    def get_actions(self, request):
        actions = super().get_actions(request)
        if self.actions is None or IS_POPUP_VAR in request.GET:
            return actions
        offered = [action for action, allowed in self.offered if allowed(self, request)]
        return actions | {a.__name__: (a, a.__name__, a.short_description) for a in offered}

    def writing(self):
        """A transaction with what must be held while records of this kind are written; taken
        before they are read."""
        return transaction.atomic()

    def _answering(self, request, view):
        """The answer of ``view()``, or a page that says why the act was not done."""
        try:
            with self.writing() if request.method == "POST" else nullcontext():
                return view()
        except Refused as refusal:
            return self.refusal_response(request, refusal)
        except (ProtectedError, RestrictedError) as error:
            names = ", ".join(str(one) for one in list(getattr(error, "protected_objects", ()))[:5])
            sentence = _("This is still used elsewhere and was not deleted: %(names)s.")
            return self.refusal_response(request, Refused(sentence % {"names": names}))
        except IntegrityError:
            sentence = _(
                "Somebody else saved something that contradicts this at the same moment. "
                "Nothing was changed. Go back, look at the record again and repeat your change."
            )
            return self.refusal_response(request, Refused(sentence))
        except DataError:
            sentence = _("One of the values is too large or too long. Nothing was changed.")
            return self.refusal_response(request, Refused(sentence, 400))
        except OperationalError:
            if request.method != "POST":
                raise
            sentence = _(
                "The database was too busy to save. Nothing was changed. Go back and try again."
            )
            return self.refusal_response(request, Refused(sentence, 503))

    def refusal_response(self, request, refusal):
        """The page for something that was not done; it keeps the admin's frame."""
        context = {
            **self.admin_site.each_context(request),
            "title": _("Not done"),
            "sentence": refusal.sentence,
            "opts": self.opts,
            "is_popup": IS_POPUP_VAR in request.POST,
        }
        return TemplateResponse(request, "admin/refused.html", context, status=refusal.status)

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        view = super().changeform_view

        def answer():
            request.stored_version = version_for(self, request, object_id)
            adds = object_id is None and request.method == "POST" and request.stored_version
            if adds and self.has_add_permission(request):
                request.sent_form = SentForm.objects.claim(request.user, request.stored_version)
                if request.sent_form.object_id:
                    return self._saved_already(request)
            return view(request, object_id, form_url, extra_context)

        def answer_judged():
            if request.method != "POST":
                return answer()
            try:
                return judged(self, request, object_id and unquote(object_id), answer)
            except Contradicted as contradicted:
                take_back(request, contradicted)
                return answer()

        return self._answering(request, answer_judged)

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        if sent := getattr(request, "sent_form", None):
            sent.object_id = str(obj.pk)
            sent.save(update_fields=["object_id"])

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        rows = (row for formset in formsets for row in formset.forms)
        for sentence in conversions_in([form, *rows]):
            self.message_user(request, sentence)
        request.saved_form = form, formsets

    def _saved_already(self, request):
        """The answer to a form for a new record that comes again: the record it made."""
        made = self.get_object(request, request.sent_form.object_id)
        if made is None:
            raise Refused(_("This form was saved before, and its record has been deleted since."))
        self.message_user(
            request,
            _(
                "This form had been saved already, as “%(record)s”; it was not saved again. "
                "To add another record, open a new form."
            )
            % {"record": made},
            messages.WARNING,
        )
        if IS_POPUP_VAR in request.POST:
            return self.response_add(request, made)
        opts = self.opts
        return HttpResponseRedirect(
            reverse(f"admin:{opts.app_label}_{opts.model_name}_change", args=[made.pk])
        )

    def delete_view(self, request, object_id, extra_context=None):
        view = super().delete_view

        def answer():
            if request.method == "POST":
                lock_for_deletion(self, request, object_id)
            return view(request, object_id, extra_context)

        return self._answering(request, answer)

    def history_view(self, request, object_id, extra_context=None):
        response = super().history_view(request, object_id, extra_context)
        for entry in (getattr(response, "context_data", None) or {}).get("action_list", ()):
            entry.change_message = in_words(entry.change_message)
        return response

    def changelist_view(self, request, extra_context=None):
        if request.method == "POST":
            self._drop_forged_ids(request)
        title = capitalised(str(self.opts.verbose_name_plural), get_language())
        extra_context = {"title": title, **(extra_context or {})}
        view = super().changelist_view
        return self._answering(request, lambda: view(request, extra_context))

    @staticmethod
    def _drop_forged_ids(request):
        """Ids that are no ids would be a server error in Django's actions."""
        data = request.POST.copy()
        name = admin.helpers.ACTION_CHECKBOX_NAME
        data.setlist(name, [pk for pk in data.getlist(name) if is_id(pk)])
        request.POST = data

    def delete_queryset(self, request, queryset):
        """One by one, so that every record's own rules and signals apply."""
        lock_chosen(self.model, queryset, deleting=True)
        for pk in list(queryset.values_list("pk", flat=True)):
            if record := self.model._default_manager.filter(pk=pk).first():
                record.delete()


class RecordAdmin(CodedAdmin):
    """A record with a publication state.

    Without the right to publish, only drafts may be changed: a published record would change in
    public at the moment it is saved.
    """

    form = RecordForm
    publication = (
        gettext_lazy("Publication"),
        {"fields": ["status", "publish_at"], "classes": ["publication"]},
    )
    actions = ["publish_selected", "return_to_draft", "archive_selected"]

    def has_publish_permission(self, request):
        return may_publish(request.user, self.model)

    def has_change_permission(self, request, obj=None):
        allowed = super().has_change_permission(request, obj)
        return allowed and (not self._is_out(obj) or self.has_publish_permission(request))

    def has_delete_permission(self, request, obj=None):
        allowed = super().has_delete_permission(request, obj)
        return allowed and (not self._is_out(obj) or self.has_publish_permission(request))

    @staticmethod
    def _is_out(record):
        """Whether the record has left the drafts; what a refused form typed does not count."""
        if record is None or record.pk is None:
            return False
        stored = type(record)._base_manager.filter(pk=record.pk).values_list("status", flat=True)
        return stored.first() not in (None, Status.DRAFT)

    def get_readonly_fields(self, request, obj=None):
        fields = list(super().get_readonly_fields(request, obj))
        if not self.has_publish_permission(request):
            fields += ["status", "publish_at"]
        return fields

    @admin.display(description=gettext_lazy("state"), ordering="status")
    def state(self, record):
        key = state_of(record)
        badge = format_html('<span class="state state-{}">{}</span>', key, STATES[key])
        if key == SCHEDULED:
            return format_html("{} {}", badge, moment(record.publish_at))
        return badge

    def view_on_site(self, record):
        try:
            return record.get_absolute_url() or None  # "": a refused address
        except (AttributeError, NoReverseMatch):  # no page of its own
            return None

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        if request.method == "POST" and self.has_publish_permission(request):
            for button, status in (("_draft", Status.DRAFT), ("_publish", Status.PUBLISHED)):
                if button in request.POST:
                    request.POST = request.POST.copy()
                    request.POST["status"] = status
        return super().changeform_view(request, object_id, form_url, extra_context)

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        may = self.has_publish_permission(request)
        context["may_publish"] = may
        context["out_of_reach"] = bool(
            change
            and not may
            and self._is_out(obj)
            and super().has_change_permission(request, None)
        )
        context["state_key"] = state_of(obj) if obj and obj.pk else ""
        context["state_label"] = STATES.get(context["state_key"], "")
        return super().render_change_form(request, context, add, change, form_url, obj)

    def publishing_problems(self, record):
        """Sentences on why the record is not fit to be published, besides its own validation."""
        return []

    def _set_status(self, request, queryset, status):
        lock_chosen(self.model, queryset)
        done = []
        for record in queryset:
            if not self.has_change_permission(request, record):
                self.message_user(
                    request,
                    _("You may not change “%(name)s”.") % {"name": record},
                    messages.ERROR,
                )
                continue
            if status == Status.PUBLISHED and (sentences := self._why_not(record)):
                self.message_user(
                    request,
                    _("“%(name)s” was not published. %(reasons)s")
                    % {"name": record, "reasons": " ".join(sentences)},
                    messages.ERROR,
                )
                continue
            if record.status != status:
                record.status = status
                record.save(update_fields=["status", "updated_at"])
                done.append(record)
        for record in done:
            LogEntry.objects.log_actions(
                request.user.pk,
                [record],
                CHANGE,
                change_message=[{"changed": {"fields": [str(_("status"))]}}],
                single_object=True,
            )
        return len(done)

    def _why_not(self, record):
        sentences = list(self.publishing_problems(record))
        try:
            record.full_clean()
        except ValidationError as error:
            sentences += error.messages
        return sentences

    @admin.action(description=gettext_lazy("Publish"), permissions=["publish"])
    def publish_selected(self, request, queryset):
        if count := self._set_status(request, queryset, Status.PUBLISHED):
            self.message_user(
                request,
                ngettext("%(n)s record is published.", "%(n)s records are published.", count)
                % {"n": count},
                messages.SUCCESS,
            )

    @admin.action(description=gettext_lazy("Return to draft"), permissions=["publish"])
    def return_to_draft(self, request, queryset):
        if count := self._set_status(request, queryset, Status.DRAFT):
            self.message_user(
                request,
                ngettext("%(n)s record is a draft again.", "%(n)s records are drafts again.", count)
                % {"n": count},
                messages.SUCCESS,
            )

    @admin.action(description=gettext_lazy("Archive"), permissions=["publish"])
    def archive_selected(self, request, queryset):
        if count := self._set_status(request, queryset, Status.ARCHIVED):
            self.message_user(
                request,
                ngettext("%(n)s record is archived.", "%(n)s records are archived.", count)
                % {"n": count},
                messages.SUCCESS,
            )


__all__ = [
    "CodedAdmin",
    "PlainRowInline",
    "RecordAdmin",
    "Refused",
    "RowInline",
    "StateFilter",
    "folded_matches",
]
