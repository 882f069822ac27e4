"""The admin of a record with a permanent code."""

from django.conf import settings
from django.contrib import admin, messages
from django.contrib.admin.options import IS_POPUP_VAR
from django.contrib.admin.utils import unquote
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from modeltranslation.admin import (
    TranslationAdmin,
)

from chronology.forms import conversions_in
from publishing.text import capitalised
from staff.autocomplete import (
    is_id,
)
from staff.fields import LanguageFieldsMixin
from staff.form_guard import labels_of_parts, lock_chosen, lock_for_deletion, version_for
from staff.forms import VersionedForm
from staff.lists import FoldedSearchMixin
from staff.log_words import in_words
from staff.models import SentForm
from staff.refusals import HonestMixin, Refused
from staff.second_look import Contradicted, judged, take_back


class CodedAdmin(HonestMixin, FoldedSearchMixin, LanguageFieldsMixin, TranslationAdmin):
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
    # What other apps offer for chosen rows of every list; see offer().
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
        """Lets an app offer an action in every list. ``allowed(model_admin, request)``: to whom."""
        CodedAdmin.offered = [*CodedAdmin.offered, (action, allowed)]

    def get_actions(self, request):
        actions = super().get_actions(request)
        if self.actions is None or IS_POPUP_VAR in request.GET:
            return actions
        offered = [action for action, allowed in self.offered if allowed(self, request)]
        return actions | {a.__name__: (a, a.__name__, a.short_description) for a in offered}

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

        return self.answering(request, answer_judged)

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

        return self.answering(request, answer)

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
        return self.answering(request, lambda: view(request, extra_context))

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
