"""People, posts and terms of office; posts also stand on the page of their unit."""

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from people.models import Person, Post, Term
from publishing.admin import CodedAdmin, RecordAdmin, RowInline, StateFilter
from publishing.forms import VersionedForm
from publishing.models import Status, may_publish
from units.admin import UnitAdmin
from units.models import Unit


class TermOfPostInline(RowInline):
    model = Term
    fields = ["person", "begin", "end", "acting", "note"]
    autocomplete_fields = ["person"]


class TermOfPersonInline(RowInline):
    model = Term
    fields = ["post", "begin", "end", "acting", "note"]
    autocomplete_fields = ["post"]


class PostInline(RowInline):
    """The posts of a unit; their holders are entered on the page of the post."""

    model = Post
    fields = ["title", "is_head", "how_filled", "order"]
    show_change_link = True


UnitAdmin.add_inline(PostInline)


@admin.register(Person)
class PersonAdmin(RecordAdmin):
    list_display = ["name", "rank", "state"]
    list_filter = [StateFilter]
    inlines = [TermOfPersonInline]
    fieldsets = [
        (None, {"fields": ["name", "name_variants", "rank", "slug", "code"]}),
        RecordAdmin.publication,
        (gettext_lazy("Text"), {"fields": ["summary", "body"]}),
        (gettext_lazy("Portrait"), {"fields": ["portrait", "portrait_alt"]}),
    ]


class PostForm(VersionedForm):
    """A post; what is added to a published unit is public at once, so it asks for that right."""

    def clean_unit(self):
        unit = self.cleaned_data["unit"]
        if self.user and unit.status != Status.DRAFT and not may_publish(self.user, Unit):
            raise ValidationError(
                _("“%(unit)s” is published. Only those who may publish can change its posts.")
                % {"unit": unit}
            )
        return unit


@admin.register(Post)
class PostAdmin(CodedAdmin):
    form = PostForm
    list_display = ["title", "unit", "is_head"]
    list_filter = ["is_head"]
    list_select_related = ["unit"]
    folded_fields = ["unit__search_text"]
    autocomplete_fields = ["unit"]
    inlines = [TermOfPostInline]
    fields = ["unit", "title", "is_head", "how_filled", "order", "code"]

    def _may_change_unit_of(self, request, post):
        if post is None or post.unit.status == Status.DRAFT:
            return True
        return may_publish(request.user, Unit)

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and self._may_change_unit_of(
            request, obj
        )

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and self._may_change_unit_of(
            request, obj
        )
