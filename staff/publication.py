"""The admin of a record with a publication state."""

from django.contrib import admin, messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.core.exceptions import ValidationError
from django.urls import NoReverseMatch
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from publishing.models import Status, may_publish
from publishing.preview import SCHEDULED, STATES, moment, state_of
from staff.form_guard import lock_chosen
from staff.forms import RecordForm
from staff.records import CodedAdmin


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
