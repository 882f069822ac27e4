"""Users and groups: superusers only, whatever rights a group was given."""

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.forms import UserChangeForm
from django.contrib.auth.models import Group, User

from accounts.rights import InWordsMixin, PasswordForm
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


for _model in (User, Group):
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
