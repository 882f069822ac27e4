"""Rights and groups in the language of the reader: Django stores their names in English."""

from django.contrib.auth.forms import AdminPasswordChangeForm, SetUnusablePasswordMixin
from django.contrib.auth.models import Group, Permission
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

ACTIONS = {
    "view": pgettext_lazy("right", "view"),
    "add": pgettext_lazy("right", "add"),
    "change": pgettext_lazy("right", "change"),
    "delete": pgettext_lazy("right", "delete"),
    "publish": pgettext_lazy("right", "publish"),
    "import": pgettext_lazy("right", "import"),
    "close_missing": pgettext_lazy("right", "close or delete what a file does not mention"),
}
# The groups that the site makes itself (``accounts/migrations/0001_groups.py``).
GROUPS = {
    "editor": pgettext_lazy("group", "editor"),
    "publisher": pgettext_lazy("group", "publisher"),
    "administrator": pgettext_lazy("group", "administrator"),
}


def right_in_words(permission):
    """A permission as "unit: publish"; one that is not ours keeps its stored name."""
    model = permission.content_type.model_class()
    action = permission.codename.removesuffix(f"_{permission.content_type.model}")
    if action not in ACTIONS or model is None:
        return str(permission)
    return f"{model._meta.verbose_name}: {ACTIONS[action]}"


def group_in_words(group):
    """A group by the translated name of those the site makes, others as they are called."""
    return str(GROUPS.get(group.name, group.name))


class InWordsMixin:
    """For the admin of users and groups: choices of rights and groups in words."""

    def formfield_for_manytomany(self, db_field, request=None, **kwargs):
        field = super().formfield_for_manytomany(db_field, request, **kwargs)
        if db_field.related_model is Permission:
            field.queryset = field.queryset.select_related("content_type")
            field.label_from_instance = right_in_words
        elif db_field.related_model is Group:
            field.label_from_instance = group_in_words
        return field


class PasswordForm(AdminPasswordChangeForm):
    """Django's, with its warning translated: there it is plain English, joined at import."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "usable_password" in self.fields:
            self.fields["usable_password"].help_text = format_html(
                '{}<ul id="id_unusable_warning" class="messagelist">'
                '<li class="warning">{}</li></ul>',
                SetUnusablePasswordMixin.usable_password_help_text,
                _("If disabled, the current password for this user will be lost."),
            )
