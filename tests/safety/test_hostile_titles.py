"""A name is shown as it was typed, wherever changes, findings and announcements repeat it."""

import csv
import datetime
import html
import io

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from tests.admin.forms import SUPERIOR_CORRECTED, changed_since, fields_of, save
from tests.admin.test_tree import drop
from tests.exchange_desk.desk import answer, confirm, job_of, upload
from tests.factories import (
    make_dated_name,
    make_person,
    make_post,
    make_source,
    make_staff,
    make_term,
    make_unit,
)
from units.models import DatedName, DatedSuperior

pytestmark = pytest.mark.django_db

TOMORROW = (timezone.localdate() + datetime.timedelta(days=1)).isoformat()
HOSTILE = ["<b>x</b>", '"><script>hostile()</script>', "'><img src=x onerror=hostile()>"]
AS_MARKUP = ("<b>x", "<script>hostile", "<img src=x")


@pytest.fixture(params=HOSTILE, ids=["element", "attribute", "quote"])
def hostile(request):
    return request.param


@pytest.fixture
def boss(settings, tmp_path):
    settings.VAR_DIR = tmp_path
    client = Client(headers={"accept-language": "en"})
    client.user = make_staff("boss", None)
    client.force_login(client.user)
    with translation.override("en"):
        yield client


def shown(response, text):
    """The page repeats the text, as text."""
    body = (b"".join(response) if response.streaming else response.content).decode()
    assert not [one for one in AS_MARKUP if one in body]
    assert text in html.unescape(body)
    return body


def address(record):
    opts = record._meta
    return reverse(f"admin:{opts.app_label}_{opts.model_name}_change", args=[record.pk])


def test_the_question_since_when(boss, hostile):
    unit = make_unit(name_en=hostile, founded="1990")
    shown(boss.get(address(unit)), hostile)
    refused = save(boss, address(unit), name_en=f"New {hostile}")
    assert refused.status_code == 200
    shown(refused, f"New {hostile}")
    wrong = save(boss, address(unit), name_en="New", **changed_since("name", hostile))
    assert wrong.status_code == 200
    shown(wrong, hostile)


@pytest.mark.parametrize(
    ("end", "words"), [("1955/1958", "needs a second look"), ("1958-01-01", "two names hold")]
)
def test_findings_of_a_form(boss, hostile, end, words):
    unit = make_unit(name_en="Now", founded="1900", name_since="1960")
    make_dated_name(unit, name_en=f"Old {hostile}", begin="1900", end=end)
    names = {"name_en": f"Other {hostile}", "begin": "1957-01-01", "end": "1959-01-01"}
    added = {f"dated_names-1-{name}": value for name, value in names.items()}
    looked = save(boss, address(unit), **added, **{"dated_names-TOTAL_FORMS": 2})
    assert looked.status_code == 200
    assert words in shown(looked, f"“Old {hostile}” (")
    shown(looked, f"“Other {hostile}” (")


def test_what_became_of_a_change_in_the_message_and_the_history(boss, hostile):
    unit = make_unit(code="u", name_en="Police", founded="1990")
    said = changed_since("name", TOMORROW, announced="on")
    assert save(boss, address(unit), name_en=hostile, **said).status_code == 302
    shown(boss.get(address(unit)), f"The name changes to “{hostile}”")
    shown(boss.get(f"{address(unit).removesuffix('change/')}history/"), hostile)


def test_a_move_its_refusal_its_question_and_its_message(boss, hostile):
    root = make_unit(code="root", name_en=f"Root {hostile}", founded="1980")
    other = make_unit(code="a", name_en=f"Alpha {hostile}", parent=root, founded="1980")
    unit = make_unit(code="b", name_en=f"Beta {hostile}", parent=root, founded="1990")
    place = reverse("admin:units_unit_place", args=[unit.pk])
    page = boss.get(place)
    shown(page, f"Beta {hostile}")
    fields = {n: v for n, v in fields_of(page).items() if not n.startswith("superior-")}
    shown(boss.post(place, {**fields, "superior": other.pk}), f"Beta {hostile}")
    step = reverse("admin:units_unit_step", args=[other.pk])
    shown(boss.post(step, {"direction": "up"}), f"“Alpha {hostile}” is the first already.")
    said = changed_since("superior", TOMORROW)
    assert drop(boss, unit, "inside", other, **said).status_code == 200
    shown(boss.get("/admin/units/unit/"), f"The unit moves under “Alpha {hostile}”")
    assert drop(boss, unit, "inside", other, **SUPERIOR_CORRECTED).status_code == 200
    shown(boss.get("/admin/units/unit/"), f"“Beta {hostile}” now stands under “Alpha {hostile}”")


@pytest.mark.parametrize("path", ["/en/units/u/", "/en/structure/", f"/en/units/u/?on={TOMORROW}"])
def test_announced_changes(hostile, path):
    top = make_unit(code="top", slug="top", name_en=f"Top {hostile}", founded="1950")
    unit = make_unit(code="u", slug="u", name_en=f"Unit {hostile}", founded="1990")
    said = {"unit": unit, "begin": TOMORROW, "announced": True}
    DatedName.objects.create(code="n", name_en=f"Next {hostile}", **said)
    DatedSuperior.objects.create(code="s", parent=top, **said)
    make_term(make_post(unit, title_en=f"Chief {hostile}"), make_person(name_en=f"Ann {hostile}"),
              begin=TOMORROW, announced=True)  # fmt: skip
    response = Client().get(path)
    for word in ("Top", "Unit", "Next", "Chief", "Ann"):
        shown(response, f"{word} {hostile}")


def test_the_titles_of_acts(boss, hostile):
    unit = make_unit(code="u", slug="u", founded="1990", name_since="2000")
    act = make_source(title_en=f"Act {hostile}", publisher=f"By {hostile}")
    make_dated_name(unit, name_en="Old", begin="1990", end="2000").sources.add(act)
    unit.founding_sources.add(act)
    shown(Client().get("/en/units/u/"), f"Act {hostile}")
    shown(boss.get(address(unit)), f"Act {hostile}")
    refused = save(boss, address(unit), name_en="New", **{"name-sources": [act.pk]})
    shown(refused, f"Act {hostile}")


def test_the_preview_of_a_file_with_its_question_meanings_and_findings(boss, hostile):
    unit = make_unit(code="u", name_en=f"Was {hostile}", founded="1900", name_since="2000",
                     superior_since="2000")  # fmt: skip
    make_dated_name(unit, name_en=f"Old {hostile}", begin="1900", end="1990/2005")
    unit.name_since = "1995/2000"
    unit.save()
    new = f"Now {hostile}"
    file = io.StringIO()
    csv.writer(file).writerows([("code", "name_en"), ("u", new)])
    asked = upload(boss, file.getvalue().encode())
    assert "What does that mean?" in shown(asked, new)
    preview = answer(boss, meant="change", since="2003")
    body = shown(preview, new)
    shown(preview, f"Was {hostile}")
    assert "changed since 2003" in body
    assert "second look" in body
    shown(preview, f"Old {hostile}")
    shown(confirm(boss, job_of(boss), looked_at="on"), "u")
