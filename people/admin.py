"""People, posts and terms of office; posts also stand on the page of their unit."""

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from people.models import Person, Post, Term, two_heads
from publishing.models import Status, may_publish
from staff.forms import VersionedForm
from staff.formsets import OwnConstraints, RowFormSet
from staff.inlines import RowInline
from staff.lists import StateFilter
from staff.publication import RecordAdmin
from staff.records import CodedAdmin
from units.admin import UnitAdmin
from units.models import Unit


class TermFormSet(RowFormSet):
    """Terms of one post, or of one person in several posts: two heads do not overlap."""

    def judge(self, forms):
        super().judge(forms)
        posts = {form.instance.post_id for form in forms}
        if self.fk.name == "post":  # its own box "head of the unit" may have been ticked just now
            heads = posts if self.instance.is_head else set()
        else:
            heads = set(Post.objects.heads().filter(pk__in=posts).values_list("pk", flat=True))
        terms = {post: [] for post in heads}
        for term in self.elsewhere().filter(post__in=heads).select_related("person"):
            terms[term.post_id].append(term)
        for form in forms:
            term = form.instance
            if term.post_id in heads:
                if other := term.overlapping(terms[term.post_id]):
                    form.add_error(None, two_heads(other))
                terms[term.post_id].append(term)


class TermOfPostInline(RowInline):
    model = Term
    formset = TermFormSet
    fields = ["person", "begin", "end", "acting", "announced", "note", "sources"]
    autocomplete_fields = ["person", "sources"]


class TermOfPersonInline(RowInline):
    model = Term
    formset = TermFormSet
    fields = ["post", "begin", "end", "acting", "announced", "note", "sources"]
    autocomplete_fields = ["post", "sources"]


class PostFormSet(RowFormSet):
    """The posts of a unit: one that several hold at once does not become its head."""

    def judge(self, forms):
        super().judge(forms)
        for form in forms:
            if "is_head" in form.changed_data:
                try:
                    form.instance.validate_holders()
                except ValidationError as error:
                    form.add_error(None, error)


class PostInline(RowInline):
    """The posts of a unit; their holders are entered on the page of the post."""

    model = Post
    formset = PostFormSet
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


class PostForm(OwnConstraints, VersionedForm):
    """A post; what is added to a published unit is public at once, so it asks for that right."""

    def clean_unit(self):
        unit = self.cleaned_data["unit"]
        if self.user and unit.status != Status.DRAFT and not may_publish(self.user, Unit):
            raise ValidationError(
                _("“%(unit)s” is published. Only those who may publish can change its posts.")
                % {"unit": unit}
            )
        return unit

    def validate_own_constraints(self, exclude=None):
        """All but whether its terms overlap, which TermFormSet asks of the rows of this page."""
        super(Post, self.instance).validate_constraints(exclude)


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
