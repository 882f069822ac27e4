"""Units and the bodies outside. Rooms above add inlines: ``UnitAdmin.add_inline(PostInline)``."""

from contextlib import suppress
from copy import copy

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import flatten
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponseRedirect, JsonResponse
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from publishing.to_come import is_hidden
from staff import second_look
from staff.autocomplete import is_id
from staff.forms import RecordForm
from staff.inlines import RowInline
from staff.lists import StateFilter, date_column
from staff.publication import RecordAdmin
from staff.records import CodedAdmin
from staff.refusals import Refused
from staff.second_look import Contradicted, SecondLook
from units import admin_tree, rights, tree
from units.change_form import ChangeForm, Questions, superior_question
from units.change_words import outcome
from units.changes import SUPERIOR, changed, keep
from units.models import DatedName, DatedSuperior, ExternalBody, Link, Unit, UnitKind


@admin.register(UnitKind)
class UnitKindAdmin(CodedAdmin):
    list_display = ["name", "code", "order"]
    fields = ["name", "order", "code"]


class DatedNameInline(RowInline):
    model = DatedName
    autocomplete_fields = ["sources"]
    fields = [
        "name", "short_name", "abbreviation", "native_name", "begin", "end", "announced", "note",
        "sources",
    ]  # fmt: skip


class DatedSuperiorInline(RowInline):
    model = DatedSuperior
    fk_name = "unit"
    fields = ["parent", "external_body", "at_top", "begin", "end", "announced", "note", "sources"]
    autocomplete_fields = ["parent", "external_body", "sources"]


class LinkInline(RowInline):
    model = Link
    fk_name = "unit"
    fields = ["title", "target", "url", "order"]
    autocomplete_fields = ["target"]


class UnitForm(RecordForm):
    """A unit with its superior and its place among the sub-units of that superior.

    ``questions``: what a changed name or superior means; asked where readers have seen the unit.
    """

    position = forms.IntegerField(
        label=gettext_lazy("Position"),
        required=False,
        min_value=1,
        max_value=1_000_000,
        help_text=gettext_lazy("1 is the first place under the superior. Empty: the last place."),
        # Compared with the number that the page showed: when others come and go, that of the unit
        # changes without anybody having typed one.
        show_hidden_initial=True,
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.questions = Questions(self, copy(self.instance) if self.instance.pk else None)
        if self.instance.pk:
            self.fields["position"].widget.attrs["data-superior"] = self.instance.parent_id or ""
            with suppress(tree.UnitGone):  # deleted a moment ago: saving will say so
                self.initial["position"] = tree.placement_of(self.instance).position + 1

    def clean(self):
        self.questions.judge()  # before what stops at the first error
        return super().clean()

    def carry_out(self):
        """Do in the unit, before it is saved, what the answers say of it, and give what they come
        to: ``[(Fact, Change, dated row to be saved or None)]``."""
        stored = self.questions.stored
        return [
            (fact, change, changed(fact, self.instance, stored, change))
            for fact, change in self.questions.answers()
        ]

    def clean_parent(self):
        superior = self.cleaned_data["parent"]
        old = Unit.objects.filter(pk=self.instance.pk).select_related("parent").first()
        moved = old is None or old.parent_id != (superior.pk if superior else None)
        if not moved or self.user is None:
            return superior
        ends = [superior] if old is None else [old.parent, superior]
        for one in ends:
            if not rights.may_change(self.user, one):
                raise ValidationError(
                    _("You may not add or move units at the top of the structure.")
                    if one is None
                    else _("You may not change “%(unit)s”.") % {"unit": one}
                )
        try:
            tree.check_superior(self.instance.pk, superior.pk if superior else None)
        except ValidationError as error:
            raise ValidationError(error.messages) from error
        return superior


def _with_question(options, questions):
    """The options of a group of fields, with the question about one of these at its top."""
    for fact, question in questions.by_fact.items():
        if fact.since in flatten(options["fields"]):
            return {**options, "description": question}
    return options


@admin.register(Unit)
class UnitAdmin(RecordAdmin):
    form = UnitForm
    # Its place among its siblings changes whenever one of them moves; the form asks for a position.
    not_compared = ("order",)
    list_display = [
        "branch", "kind", date_column("founded", gettext_lazy("founded")), "state", "place",
    ]  # fmt: skip
    list_display_links = None
    list_filter = [StateFilter, "kind"]
    list_select_related = ["kind", "parent"]
    list_per_page = 200
    change_list_template = "admin/units/unit/change_list.html"
    autocomplete_fields = ["parent", "kind", "founding_sources", "closing_sources"]
    inlines = [DatedNameInline, DatedSuperiorInline, LinkInline]
    fieldsets = [
        (
            None,
            {
                "fields": [
                    "name", "short_name", "abbreviation", "native_name", "name_since", "slug",
                    "code",
                ]
            },
        ),
        (
            gettext_lazy("Place in the structure"),
            {"fields": ["kind", "parent", "superior_since", "position"]},
        ),
        RecordAdmin.publication,
        (gettext_lazy("Text"), {"fields": ["summary", "mandate", "body", "jurisdiction"]}),
        (gettext_lazy("Dates"), {
                "fields": [
                    "founded", "founding_sources", "attested", "dissolved", "closing_reason",
                    "closing_sources",
                ]
            },
        ),
        (
            gettext_lazy("Contact"),
            {
                "fields": [
                    "address", ("latitude", "longitude"), "phone", "email", "website",
                    "opening_hours",
                ],
                "classes": ["collapse"],
            },
        ),
        (
            gettext_lazy("Emblem"),
            {"fields": ["emblem", "emblem_caption", "emblem_alt"], "classes": ["collapse"]},
        ),
    ]  # fmt: skip

    class Media:
        js = ["admin_site/tree.js"]
        css = {"all": ["admin_site/tree.css"]}

    @classmethod
    def add_inline(cls, inline):
        """Lets an app above show its rows on the unit's page (posts of ``people``)."""
        if inline not in cls.inlines:
            cls.inlines = [*cls.inlines, inline]

    def writing(self):
        return tree.writing()

    def answering(self, request, view):
        try:
            return super().answering(request, view)
        except tree.TreeRefusal as refusal:
            status = 503 if isinstance(refusal, tree.TreeBusy) else 409
            return self.refusal_response(request, Refused(str(refusal), status))

    def get_changelist(self, request, **kwargs):
        return admin_tree.TreeChangeList

    def get_ordering(self, request):
        return ["tree_id", "lft"]

    def save_model(self, request, obj, form, change):
        done = form.carry_out()
        hidden = [fact for fact, _said, row in done if is_hidden(row)]
        kept_back = {name for fact in hidden for name in fact.fields} | {"position"}
        if not (hidden and set(form.changed_data) <= kept_back):
            super().save_model(request, obj, form, change)
        for _fact, said, row in done:
            if row:
                keep(row, said)
        request.changed_facts = [outcome(*one) for one in done]
        stays = any(fact is SUPERIOR and said.is_to_come for fact, said, _row in done)
        if not stays and (not change or {"parent", "position"} & set(form.changed_data)):
            position = form.cleaned_data.get("position")
            tree.move(obj, obj.parent, None if position is None else position - 1)

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        for sentence in getattr(request, "changed_facts", ()):
            self.message_user(request, sentence)

    def log_change(self, request, obj, message):
        for sentence in getattr(request, "changed_facts", ()):
            super().log_change(request, obj, sentence)
        return super().log_change(request, obj, message)

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        form = context["adminform"].form
        asked = getattr(form, "questions", None)
        if asked and asked.by_fact:
            context["media"] += ChangeForm(fact=SUPERIOR, stored_since=None, cites=True).media
            context["adminform"].fieldsets = [
                (name, _with_question(options, asked))
                for name, options in context["adminform"].fieldsets
            ]
        return super().render_change_form(request, context, add, change, form_url, obj)

    def delete_queryset(self, request, queryset):
        super().delete_queryset(request, queryset.order_by("-level", "-lft"))

    # --- the list as a tree -------------------------------------------------------------------

    @admin.display(description=gettext_lazy("unit"))
    def branch(self, unit):
        """The unit's name with its depth, its arrow and its handle; tree.js finds its way by it."""
        return render_to_string("admin/units/unit/_branch.html", {"unit": unit})

    @admin.display(description=gettext_lazy("place"))
    def place(self, unit):
        """Moving without a mouse: one up, one down, anywhere."""
        return render_to_string("admin/units/unit/_place.html", {"unit": unit})

    def get_list_display(self, request):
        shown = super().get_list_display(request)
        return shown if self.has_change_permission(request) else [n for n in shown if n != "place"]

    def changelist_view(self, request, extra_context=None):
        question = superior_question(None)
        question.is_asked = True
        extra_context = {
            "title": capfirst(self.opts.verbose_name_plural),
            "question": question,
            "media": self.media + question.media,
            "may_arrange": self.has_change_permission(request),
            "move_url": reverse("admin:units_unit_move"),
            **(extra_context or {}),
        }
        response = super().changelist_view(request, extra_context)
        wants_rows = request.headers.get("X-Requested-With") == "branch"
        if wants_rows and "cl" in (getattr(response, "context_data", None) or {}):
            response.template_name = "admin/units/unit/branch.html"
        return response

    # --- moving -------------------------------------------------------------------------------

    def get_urls(self):
        def view(function):
            return self.admin_site.admin_view(function)

        return [
            path("move/", view(self.move_view), name="units_unit_move"),
            path("undo-move/", view(self.undo_view), name="units_unit_undo_move"),
            path("<int:pk>/step/", view(self.step_view), name="units_unit_step"),
            path("<int:pk>/place/", view(self.place_view), name="units_unit_place"),
            *super().get_urls(),
        ]

    def _act(self, request, act):
        """Answers a move: to the scripts as JSON, to a plain form with a page or a redirect."""
        wants_json = request.headers.get("X-Requested-With") == "tree"
        try:
            if not self.has_view_or_change_permission(request):
                raise PermissionDenied
            if request.method != "POST":
                raise Refused(_("This address only takes the site's own buttons."), 405)
            move = act()
        except Refused as refusal:
            if wants_json:
                return JsonResponse({"sentence": refusal.sentence}, status=refusal.status)
            response = self.refusal_response(request, refusal)
            if refusal.status == 405:
                response["Allow"] = "POST"
            return response
        self._tell(request, move)
        if wants_json:
            return JsonResponse({"moved": move.unit.pk})
        return HttpResponseRedirect(reverse("admin:units_unit_changelist"))

    def _tell(self, request, move):
        undo = reverse("admin:units_unit_undo_move")
        if move.is_to_come:
            sentence = _("“%(unit)s” stays where it is for now.")
        elif move.unit.parent:
            sentence = _("“%(unit)s” now stands under “%(superior)s”, at position %(position)s.")
        else:
            sentence = _("“%(unit)s” now stands at the top, at position %(position)s.")
        words = {
            "unit": move.unit,
            "superior": move.unit.parent,
            "position": move.now.position + 1,
        }
        self.message_user(
            request,
            format_html(
                '{} {} <a class="tree-undo" href="{}?token={}">{}</a>',
                sentence % words,
                move.outcome,
                undo,
                move.undo_token(request.user),
                _("Undo"),
            ),
            messages.SUCCESS,
        )

    def move_view(self, request):
        """POST unit, target, where (before, after, inside), superior (as the page had it), and
        what a new superior means. An answer that cannot be gets the question once more, as HTML."""
        data = request.POST
        unit = is_id(data.get("unit")) and Unit.objects.filter(pk=data["unit"]).first()
        question = superior_question(unit or None, data)
        if question.is_answered and not question.is_valid():
            question.is_asked = True
            return JsonResponse({"question": question.render()})
        try:
            return self._act(
                request,
                lambda: admin_tree.move_beside(
                    request.user,
                    data.get("unit"),
                    data.get("target"),
                    data.get("where"),
                    data.get("superior"),
                    question.change,
                    data.get(second_look.FIELD, ""),
                ),
            )
        except Contradicted as contradicted:
            question.second_look, question.is_asked = SecondLook(contradicted), True
            return JsonResponse({"question": question.render()})

    def step_view(self, request, pk):
        """POST direction (up, down)."""
        return self._act(
            request, lambda: admin_tree.step(request.user, pk, request.POST.get("direction"))
        )

    def undo_view(self, request):
        """GET asks, POST puts the unit back to where it stood."""
        if request.method in ("GET", "HEAD"):
            token = request.GET.get("token", "")
            try:
                move = admin_tree.read_token(request.user, token)
            except Refused as refusal:
                return self.refusal_response(request, refusal)
            context = {
                **self.admin_site.each_context(request),
                "title": _("Undo the move"),
                "opts": self.opts,
                "token": token,
                "unit": Unit.objects.filter(code=move.unit).first() or move.unit,
                "former": Unit.objects.filter(code=move.former.parent).first(),
                "position": move.former.position + 1,
                "stays": move.written is not None and move.written.is_to_come,
            }
            return TemplateResponse(request, "admin/units/unit/undo.html", context)
        return self._act(
            request, lambda: admin_tree.undo(request.user, request.POST.get("token", ""))
        )

    def _place(self, request, unit, form, question):
        """Do what the page "Place…" says; whether that is done."""
        chosen = form.cleaned_data
        if not form.has_changed():
            return True
        asks = question.is_asked and chosen["superior"] != unit.parent
        if asks and question.is_answered and not question.is_valid():
            return False
        try:
            move = admin_tree.move_to_position(
                request.user,
                unit.pk,
                chosen["superior"],
                chosen["position"],
                chosen["seen_superior"],
                question.change if asks else None,
                request.POST.get(second_look.FIELD, ""),
            )
        except Refused as refusal:
            form.add_error(None, refusal.sentence)
            return False
        except Contradicted as contradicted:
            question.second_look = SecondLook(contradicted)
            return False
        self._tell(request, move)
        return True

    def place_view(self, request, pk):
        """The form in which superior and position are chosen by keyboard."""
        unit = self.get_object(request, str(pk))
        if unit is None:
            refusal = Refused(_("This unit is no longer there. Load the list again."), 404)
            return self.refusal_response(request, refusal)
        if not self.has_change_permission(request, unit):
            raise PermissionDenied
        here = tree.placement_of(unit)
        form = admin_tree.PlaceForm(
            request.POST or None,
            admin_site=self.admin_site,
            initial={"superior": unit.parent_id, "position": here.position + 1},
        )
        question = superior_question(unit, request.POST or None, field="superior")
        question.is_asked = unit.has_been_public
        if (
            request.method == "POST"
            and form.is_valid()
            and self._place(request, unit, form, question)
        ):
            return HttpResponseRedirect(reverse("admin:units_unit_changelist"))
        context = {
            **self.admin_site.each_context(request),
            "title": _("Place a unit"),
            "subtitle": str(unit),
            "opts": self.opts,
            "unit": unit,
            "form": form,
            "question": question,
            "siblings": Unit.objects.filter(parent_id=unit.parent_id).order_by("lft")[:100],
            "media": self.media + form.media + question.media,
        }
        return TemplateResponse(request, "admin/units/unit/place.html", context)


@admin.register(ExternalBody)
class ExternalBodyAdmin(RecordAdmin):
    list_display = ["name", "abbreviation", "kind", "is_partner", "state"]
    list_filter = [StateFilter, "kind", "is_partner"]
    fieldsets = [
        (None, {"fields": ["name", "abbreviation", "kind", "slug", "code"]}),
        RecordAdmin.publication,
        (gettext_lazy("Existence"), {"fields": ["founded", "dissolved"]}),
        (
            gettext_lazy("About"),
            {"fields": ["summary", "website", "is_partner", "partner_since", "order"]},
        ),
    ]
