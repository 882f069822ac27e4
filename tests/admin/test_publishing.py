"""Who may make what public, and what each of the three groups can reach."""

import datetime

import pytest
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.urls import reverse
from django.utils import timezone

from history.models import Era, Event
from pages.models import Page
from people.models import Person, Post
from publishing.models import Publishable
from tests.admin.forms import errors_of, fields_of, messages_of, save
from tests.factories import make_staff, make_unit
from units.models import Unit, UnitKind


def make_event(**fields):
    era = Era.objects.first() or Era.objects.create(code="era", slug="era", name_en="Era")
    return Event.objects.create(
        **{"code": "e", "slug": "e", "title_en": "Event", "kind": "other", "era": era} | fields
    )


def add_page(client, button, **more):
    return save(client, "/admin/pages/page/add/", button, title_en="Press room", **more)


class TestStates:
    @pytest.mark.parametrize(
        ("button", "status"), [("_publish", "published"), ("_draft", "draft"), ("_save", "draft")]
    )
    def test_buttons_set_the_state(self, publisher, button, status):
        assert add_page(publisher, button).status_code == 302
        assert Page.objects.get().status == status

    def test_a_later_moment_makes_it_scheduled(self, publisher):
        tomorrow = timezone.localdate() + datetime.timedelta(days=1)
        add_page(publisher, "_publish", publish_at_0=str(tomorrow), publish_at_1="10:00")
        page = Page.objects.get()
        assert page.is_scheduled
        assert not Page.objects.published().exists()
        for state, found in (("scheduled", 1), ("published", 0), ("draft", 0)):
            listed = publisher.get("/admin/pages/page/", {"state": state})
            assert len(listed.context["cl"].result_list) == found, state
        assert "Scheduled" in publisher.get("/admin/").content.decode()

    def test_start_page_names_what_waits(self, editor):
        add_page(editor, "_save")
        assert "Press room" in editor.get("/admin/").content.decode()

    def test_actions_publish_withdraw_and_log(self, publisher):
        add_page(publisher, "_draft")
        page = Page.objects.get()
        for action, status in (
            ("publish_selected", "published"),
            ("return_to_draft", "draft"),
            ("archive_selected", "archived"),
        ):
            publisher.post("/admin/pages/page/", {"action": action, "_selected_action": [page.pk]})
            page.refresh_from_db()
            assert page.status == status
        assert LogEntry.objects.filter(change_message__contains="changed").count() == 3

    def test_what_is_incomplete_is_not_published_by_an_action(self, publisher):
        event = make_event(kind="merger")
        answer = publisher.post(
            "/admin/history/event/",
            {"action": "publish_selected", "_selected_action": [event.pk]},
        )
        assert "at least two units before it" in " ".join(messages_of(answer))
        event.refresh_from_db()
        assert event.status == "draft"


class TestEditorsAndPublishedRecords:
    def test_an_editor_writes_drafts(self, editor):
        page = editor.get("/admin/pages/page/add/").content.decode()
        assert 'name="_publish"' not in page
        assert 'name="status"' not in page
        add_page(editor, "_save")
        assert Page.objects.get().status == "draft"

    @pytest.mark.parametrize("button", ["_publish", "_save"])
    def test_a_forged_form_publishes_nothing(self, editor, button):
        add_page(editor, button, status="published", publish_at_0="2020-01-01", publish_at_1="1:00")
        assert Page.objects.get().status == "draft"

    def test_an_editor_reads_but_does_not_change_what_is_public(self, editor, publisher):
        add_page(publisher, "_publish")
        address = reverse("admin:pages_page_change", args=[Page.objects.get().pk])
        page = editor.get(address)
        assert page.status_code == 200
        assert "This record is already published" in page.content.decode()
        assert 'name="title_en"' not in page.content.decode()
        assert editor.post(address, {"title_en": "Changed"}).status_code == 403
        assert Page.objects.get().title_en == "Press room"

    def test_nor_what_hangs_on_it(self, editor):
        unit = make_unit()
        post = Post.objects.create(unit=unit, title_en="Head")
        address = reverse("admin:people_post_change", args=[post.pk])
        assert editor.post(address, {"title_en": "Chief"}).status_code == 403
        answer = save(editor, "/admin/people/post/add/", unit=unit.pk, title_en="Deputy")
        assert any("is published" in error for error in errors_of(answer))
        assert Post.objects.count() == 1
        unit_page = reverse("admin:units_unit_change", args=[unit.pk])
        assert editor.post(unit_page, {"name_en": "Changed"}).status_code == 403

    def test_actions_are_offered_to_publishers_only(self, editor, publisher):
        add_page(editor, "_save")
        page = Page.objects.get()
        assert "publish_selected" not in editor.get("/admin/pages/page/").content.decode()
        editor.post(
            "/admin/pages/page/", {"action": "publish_selected", "_selected_action": [page.pk]}
        )
        page.refresh_from_db()
        assert page.status == "draft"
        assert "publish_selected" in publisher.get("/admin/pages/page/").content.decode()


class TestGroups:
    # what may be done: [view, add, change, delete] on the page of each record kind
    RIGHTS = {
        "editor": {
            "units.unit": "vac", "units.unitkind": "v", "units.externalbody": "vac",
            "people.person": "vac", "people.post": "vacd", "history.event": "vac",
            "history.era": "v", "sources.source": "va", "history.figure": "vac",
            "history.figuregroup": "v", "history.observance": "vac", "pages.page": "vac",
        },
        "publisher": {
            "units.unit": "vacd", "units.unitkind": "vc", "units.externalbody": "vacd",
            "people.person": "vacd", "people.post": "vacd", "history.event": "vacd",
            "history.era": "vc", "sources.source": "vac", "history.figure": "vacd",
            "history.figuregroup": "vc", "history.observance": "vacd", "pages.page": "vacd",
            "addresses.legacyaddress": "vacd", "publishing.retiredslug": "v",
        },
        "administrator": {
            "units.unit": "vacd", "units.unitkind": "vacd", "units.externalbody": "vacd",
            "people.person": "vacd", "people.post": "vacd", "history.event": "vacd",
            "history.era": "vacd", "sources.source": "vacd", "history.figure": "vacd",
            "history.figuregroup": "vacd", "history.observance": "vacd", "pages.page": "vacd",
            "addresses.legacyaddress": "vacd", "publishing.retiredslug": "v",
        },
    }  # fmt: skip

    @pytest.mark.parametrize("group", RIGHTS)
    def test_every_page_opens_to_those_who_may_and_to_no_one_else(self, signed_in, group):
        client = signed_in(group)
        client.get("/admin/")  # the addresses decide what the admin holds
        others = {m._meta.label_lower for m in admin.site._registry} - set(self.RIGHTS[group])
        assert others >= {"auth.user", "auth.group"}
        for label in [*self.RIGHTS[group], *others]:
            app, model = label.split(".")
            may = self.RIGHTS[group].get(label, "")
            got = client.get(f"/admin/{app}/{model}/").status_code
            assert got == (200 if "v" in may else 403), label
            got = client.get(f"/admin/{app}/{model}/add/").status_code
            assert got == (200 if "a" in may else 403), label

    @pytest.mark.parametrize("group", RIGHTS)
    def test_changing_and_deleting_drafts(self, signed_in, group):
        client = signed_in(group)
        era = Era.objects.create(code="era", slug="era", name_en="Era")
        unit = make_unit(status="draft")
        records = {
            "units.unit": unit,
            "units.unitkind": UnitKind.objects.create(code="k", name_en="Kind"),
            "people.person": Person.objects.create(code="p", slug="p", name_en="Person"),
            "people.post": Post.objects.create(unit=unit, title_en="Head"),
            "history.event": make_event(),
            "history.era": era,
            "pages.page": Page.objects.create(code="p", slug="p", title_en="Page"),
        }
        for label, record in records.items():
            may = self.RIGHTS[group][label]
            address = reverse(f"admin:{label.replace('.', '_')}_change", args=[record.pk])
            page = client.get(address)
            assert page.status_code == 200, label
            shown = 'name="_save"' in page.content.decode()
            assert shown == ("c" in may), label
            if "c" not in may:
                assert client.post(address, fields_of(page)).status_code == 403, label
            delete = reverse(f"admin:{label.replace('.', '_')}_delete", args=[record.pk])
            assert client.get(delete).status_code == (200 if "d" in may else 403), label

    @pytest.mark.parametrize("group", RIGHTS)
    def test_users_are_managed_by_superusers_only(self, signed_in, group):
        """Even with the permissions given by mistake."""
        from django.contrib.auth.models import Permission

        client = signed_in(group)
        client.user.user_permissions.set(Permission.objects.all())
        other = make_staff("other", "editor")
        for address in (
            "/admin/auth/user/",
            "/admin/auth/user/add/",
            f"/admin/auth/user/{other.pk}/change/",
            f"/admin/auth/user/{other.pk}/password/",
            f"/admin/auth/user/{other.pk}/delete/",
            "/admin/auth/group/",
        ):
            assert client.get(address).status_code == 403, address
        assert "/admin/auth/" not in client.get("/admin/").content.decode()

    def test_superusers_do(self, boss):
        other = make_staff("other", "editor")
        assert boss.get(f"/admin/auth/user/{other.pk}/change/").status_code == 200

    def test_every_publishable_kind_has_its_publish_right(self):
        from django.apps import apps

        for model in apps.get_models():
            if issubclass(model, Publishable):
                assert "publish" in model._meta.default_permissions, model


class TestPreview:
    def test_the_banner_tells_staff_and_only_staff(self, editor, client, rf):
        from django.contrib.auth.models import AnonymousUser

        from publishing.preview import banner

        unit = make_unit(status="draft")
        assert "Draft – not public" in banner(unit, editor.user).text
        assert banner(unit, editor.user).admin_url == f"/admin/units/unit/{unit.pk}/change/"
        assert banner(unit, AnonymousUser()) is None
        unit.status = "published"
        assert banner(unit, editor.user) is None
        unit.publish_at = timezone.now() + datetime.timedelta(days=1)
        assert "Not public yet" in banner(unit, editor.user).text
        unit.status = "archived"
        assert "Archived" in banner(unit, editor.user).text

    def test_the_form_leads_to_the_page(self, editor):
        unit = make_unit(status="draft", slug="secret")
        page = editor.get(reverse("admin:units_unit_change", args=[unit.pk])).content.decode()
        assert 'href="/en/units/secret/" class="viewsitelink">Preview</a>' in page
        assert Unit.objects.visible_to(editor.user).filter(pk=unit.pk).exists()
