"""Users and groups (superusers only, whatever rights a group was given); kept addresses."""

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.forms import UserChangeForm
from django.contrib.auth.models import Group, User
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django_tasks_db import admin as tasks_admin  # registers what is taken out again below

from mia_site.models import LegacyAddress
from mia_site.rights import InWordsMixin, PasswordForm
from publishing.models import RetiredSlug
from publishing.slug_triggers import models_with_slugs
from publishing.text import capitalised
from staff.records import CodedAdmin
from staff.unchanged import UnchangedFieldsMixin


class SuperusersOnly:
    """An admin page that no right opens but being a superuser."""

    def _is_superuser(self, request, obj=None):
        return request.user.is_active and request.user.is_superuser

    has_view_permission = has_change_permission = has_delete_permission = _is_superuser

    def has_add_permission(self, request):
        return self._is_superuser(request)

    def has_module_permission(self, request):
        return self._is_superuser(request)


# Nothing in a waiting task is for people to change.
for _model in (User, Group, tasks_admin.DBTaskResult):
    admin.site.unregister(_model)


class StaffForm(UnchangedFieldsMixin, UserChangeForm):
    pass


class StaffGroupForm(UnchangedFieldsMixin, forms.ModelForm):
    pass


@admin.register(User)
class StaffAdmin(InWordsMixin, SuperusersOnly, UserAdmin):
    form = StaffForm
    change_password_form = PasswordForm
    list_display = ["username", "first_name", "last_name", "email", "is_staff", "last_login"]
    list_filter = ["is_active", "is_staff", "is_superuser", "groups"]


@admin.register(Group)
class StaffGroupAdmin(InWordsMixin, SuperusersOnly, GroupAdmin):
    form = StaffGroupForm


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
