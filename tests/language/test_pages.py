"""In Azerbaijani, no page of the site or of its admin speaks English."""

import json
import re

import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.urls import reverse
from django.utils import translation

from history.models import Event, Figure, Observance
from pages.models import Page
from people.models import Person, Post
from sources.models import Source
from staff.log_words import field_in_words, in_words
from tests.factories import make_unit
from tests.language.reading import texts
from units.models import ExternalBody, Unit

# Words that an interface in English cannot do without, and no Azerbaijani sentence has. Proper
# names and codes (internal-security) do not count: a hyphen on either side excuses a word.
TELLTALES = re.compile(
    r"(?<![\w-])(the|and|with|this|that|which|was|were|has|have|not|your|you|please|"
    r"add|change|changed|delete|deleted|save|search|select|selected|show|view|remove|clear|"
    r"history|unit|units|event|events|person|people|page|pages|home|language|published|draft|"
    r"archived|name|date|superior|structure|since|until|yes|none|error|next|previous|filter|"
    r"action|today|now|all|user|users|group|password|field|required|choose|available|can)(?![\w-])",
    re.IGNORECASE,
)
# What the sources themselves write in English is quoted.
QUOTED = re.compile("“[^”]*”")


def english(html):
    """The texts of a page that hold a telltale English word outside of quotation marks."""
    return [text for text in texts(html) if TELLTALES.search(QUOTED.sub("", text))]


def test_english_is_recognised_where_it_is_not_marked():
    assert english("<html lang=az><p>Show more</p></html>") == ["Show more"]
    assert english('<html lang="az"><a title="Next page">→</a></html>') == ["Next page"]
    assert english('<html lang="az"><p lang="en">Show <b>more</b></p><p>Yenə</p></html>') == []
    assert english('<html lang="az"><br><p lang="en">a</p><input><p>Add a unit</p></html>') != []


@pytest.fixture
def boss(client, django_user_model):
    client.force_login(
        django_user_model.objects.create_superuser("rəis", "reis@example.org", "uzun bir söz")
    )
    client.cookies["django_language"] = "az"
    return client


def test_every_public_page_in_azerbaijani_is_in_azerbaijani(client, content):
    """All pages that links lead to from the home page, with the whole content."""
    waiting, seen, found = ["/az/"], {"/az/"}, {}
    while waiting:
        address = waiting.pop()
        response = client.get(address)
        assert response.status_code == 200, address
        if not response["Content-Type"].startswith("text/html"):
            continue  # files for machines
        html = response.content.decode()
        if mixed := english(html):
            found[address] = mixed
        for link in re.findall(r'href="(/az/[^"?#]*)', html):
            if link not in seen:
                seen.add(link)
                waiting.append(link)
    assert len(seen) > 90
    assert found == {}


@pytest.mark.parametrize(
    "address",
    [
        "/az/search/?q=polis",
        "/az/search/?q=zzzz",
        "/az/structure/?q=polis",
        "/az/history/?q=akademiya&kind=founding",
        "/az/history/?kind=wrong",
        "/az/days/?day=05-28",
        "/az/days/?day=02-31",
        "/az/nowhere/",
        "/preferences/",
        "/accounts/login/",
    ],
)
def test_answers_to_visitors_are_in_azerbaijani(client, content, address):
    response = client.get(address, headers={"accept-language": "az"})
    assert english(response.content.decode()) == []


def test_refusals_of_signing_in_are_in_azerbaijani(client, db):
    form = {"login": "kimsə", "password": "yanlış"}
    response = client.post("/accounts/login/", form, headers={"accept-language": "az"})
    assert "İstifadəçi adı və ya şifrə səhvdir." in response.content.decode()
    assert english(response.content.decode()) == []


@pytest.mark.parametrize(
    "model",
    [Unit, ExternalBody, Person, Post, Event, Figure, Observance, Source, Page],
    ids=lambda model: model.__name__,
)
def test_the_admin_of_a_kind_is_in_azerbaijani(boss, content, model):
    """Its list, its forms empty, filled and refused, its history and its deletion."""
    name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
    pk = model.objects.order_by("pk").values_list("pk", flat=True)[0]
    found = {}
    for view, arguments in (
        ("changelist", []), ("add", []), ("change", [pk]), ("history", [pk]), ("delete", [pk]),
    ):  # fmt: skip
        response = boss.get(reverse(f"{name}_{view}", args=arguments))
        assert response.status_code == 200, view
        found[view] = english(response.content.decode())
    refused = boss.post(reverse(f"{name}_add"), {})
    assert refused.status_code == 200
    found["refused"] = english(refused.content.decode())
    assert {view: mixed for view, mixed in found.items() if mixed} == {}


@pytest.mark.parametrize(
    "address",
    [
        "/admin/",
        "/admin/guide/",
        "/admin/auth/user/",
        "/admin/auth/user/add/",
        "/admin/auth/group/",
        "/admin/auth/group/add/",
        "/admin/password_change/",
        "/accounts/2fa/",
        "/accounts/logout/",
    ],
)
def test_pages_of_the_staff_are_in_azerbaijani(boss, address):
    assert english(boss.get(address, follow=True).content.decode()) == []


def test_pages_of_a_user_and_a_group_name_rights_in_azerbaijani(boss, django_user_model):
    user = django_user_model.objects.get()
    for address in (
        reverse("admin:auth_user_change", args=[user.pk]),
        reverse("admin:auth_user_password_change", args=[user.pk]),
    ):
        assert english(boss.get(address).content.decode()) == []
    html = boss.get(reverse("admin:auth_group_add")).content.decode()
    assert "qurum: dərc etmək" in html


def test_the_words_for_the_scripts_of_the_admin_are_azerbaijani(boss):
    script = boss.get("/admin/jsi18n/").content.decode()
    words = json.loads(re.search(r"newcatalog = (\{.*?\n  \});", script, re.DOTALL)[1])
    assert words["Cancel"] == "İmtina et"
    assert words["%(sel)s of %(cnt)s selected"] == ["Seçilib: %(sel)s / %(cnt)s"] * 2


def test_the_history_of_a_record_names_its_fields_in_azerbaijani(boss, db):
    unit = make_unit(name_az="Katiblik", summary_az="Bir")
    fields = ["Name (Azərbaycanca)", "Postal address (English)", "Summary (English)", "founded"]
    boss_id = int(boss.session["_auth_user_id"])
    LogEntry.objects.log_actions(
        boss_id,
        [unit],
        CHANGE,
        change_message=[{"changed": {"fields": fields}}],
        single_object=True,
    )
    address = reverse("admin:units_unit_history", args=[unit.pk])
    expected = "ad (Azərbaycanca), poçt ünvanı (English), qısa məzmun (English) və yaradılıb"
    assert f"Dəyişdirilən sahələr: {expected}." in boss.get(address).content.decode()
    boss.cookies["django_language"] = "en"
    assert "Name (Azərbaycanca), Postal address" in boss.get(address).content.decode()


def test_a_log_that_is_no_list_is_shown_as_it_is():
    with translation.override("az"):
        assert in_words("Köçürüldü") == "Köçürüldü"
        assert in_words("7") == "7"
        assert in_words("[7]") == "[7]"
        assert json.loads(in_words('[{"added": {}}]')) == [{"added": {}}]
        assert field_in_words("") == ""
