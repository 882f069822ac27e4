"""Forged forms of the admin: refused in words or harmless, never a server error, never a copy.

Each form of the register is filled as its page fills it, then one thing is changed.
``make full`` tries every value at every place.
"""

import pytest
from django.db import models, transaction
from django.urls import reverse

from tests.admin.forms import fields_of
from tests.admin.full_records import changeable, full_records
from tests.safety.test_fuzz import Sample, problem

VALUES = [
    "", "abc", "(", "9" * 30, "-" + "9" * 30, str(2**63), str(2**31), "-1", "1.5", "nan", "1e400",
    "inf", "2020-02-30", "99999-01-01", "9999-12-31/..", "../0001", "\ud800",
    "\N{REPLACEMENT CHARACTER}",
    "\x01\u200b", "Ə" * 6000, "<script>", "a\r\nb", "'\"", "javascript:alert(1)", "on", "{", "[]",
]  # fmt: skip
# What the hidden fields of a table of rows may say; {} is the number of rows that there are.
MANAGEMENT = [
    {"TOTAL_FORMS": None}, {"INITIAL_FORMS": None}, {"TOTAL_FORMS": None, "INITIAL_FORMS": None},
    {"TOTAL_FORMS": "-1"}, {"TOTAL_FORMS": ""}, {"TOTAL_FORMS": "abc"},
    {"INITIAL_FORMS": "9" * 25}, {"INITIAL_FORMS": "-1"},
    {"INITIAL_FORMS": "0"}, {"INITIAL_FORMS": "7", "TOTAL_FORMS": "7"}, {"INITIAL_FORMS": "1.5"},
    {"TOTAL_FORMS": "0", "INITIAL_FORMS": "0"}, {"MIN_NUM_FORMS": "abc", "MAX_NUM_FORMS": "-5"},
    {"0-id": "abc"}, {"0-id": "9" * 30}, {"0-id": None}, {"0-id": "0"}, {"0-DELETE": "on"},
    {"1-id": "1"}, {"0-id": "\ud800"},
]  # fmt: skip
BUTTONS = ["_save", "_continue", "_addanother", "_saveasnew", "_publish", "_draft", "_nope"]


@pytest.fixture
def boss(superuser, client):
    client.raise_request_exception = False
    client.force_login(superuser)
    client.cookies["django_language"] = "en"
    return client


@pytest.fixture
def posts(boss):
    """``posts(address, form)``: what is wrong with the answer, or None. Nothing is kept of it."""

    def post(address, form):
        form = {name: value for name, value in form.items() if value is not None}
        point = transaction.savepoint()
        found = problem(boss.post(address, form))
        transaction.savepoint_rollback(point)
        return found

    return post


def address_of(record, act="change"):
    opts = record._meta
    return reverse(f"admin:{opts.app_label}_{opts.model_name}_{act}", args=[record.pk])


def counts():
    return {model: models.QuerySet(model).count() for model, _model_admin in changeable()}


def test_no_form_makes_a_copy_that_its_page_does_not_offer(db, boss):
    for record in full_records().values():
        before, form = counts(), fields_of(boss.get(address_of(record)))
        for asked in ({**form, "_saveasnew": "1"}, {"_saveasnew": "1"}):
            for address in (address_of(record), address_of(record).replace("change", "add")):
                response = boss.post(address, asked, follow=True)
                assert response.status_code in (200, 404), record
        assert counts() == before
        page = boss.post(address_of(record), {**form, "_saveasnew": "1"}, follow=True)
        assert b"cannot be copied with this form" in page.content
        assert fields_of(page) == form


def test_no_forged_field_fails(db, boss, posts):
    values, buttons, problems = Sample(VALUES, 1), Sample(BUTTONS, 1, whole=True), []
    for record in full_records().values():
        address = address_of(record)
        form = fields_of(boss.get(address))
        for name in [*form, "_to_field", "_popup", "status", "next", "initial-position"]:
            for value in values.next():
                button = buttons.next()[0]
                value = value.encode("utf-8", "surrogatepass")
                if found := posts(address, {**form, name: value, button: "1"}):
                    problems.append((found, address, name, value[:30], button))
    assert not problems, "\n".join(map(str, problems))


def test_no_forged_table_of_rows_fails(db, boss, posts):
    tables, problems = Sample(MANAGEMENT, 8), []
    for record in full_records().values():
        address = address_of(record)
        form = fields_of(boss.get(address))
        prefixes = [name.removesuffix("-TOTAL_FORMS") for name in form if "-TOTAL_FORMS" in name]
        for place, prefix in enumerate(prefixes):
            # Two thousand rows are read before they are refused: once a form.
            for forged in [*tables.next(), *([{"TOTAL_FORMS": "9" * 25}] if not place else [])]:
                changes = {
                    f"{prefix}-{name}": value and value.encode("utf-8", "surrogatepass")
                    for name, value in forged.items()
                }
                if found := posts(address, {**form, **changes, "_save": "1"}):
                    problems.append((found, address, prefix, forged))
    assert not problems, "\n".join(map(str, problems))


def test_no_forged_list_fails(content, boss, posts):
    """Values for columns that no list lets edit, and actions that nobody offers."""
    forms = [
        {"_save": "1"}, {"_save": "1", "form-TOTAL_FORMS": "9" * 25, "form-INITIAL_FORMS": "1"},
        {"_save": "1", "form-TOTAL_FORMS": "1", "form-0-id": "abc", "form-0-name": "x"},
        {"_save": "1", "form-0-id": "9" * 30},
        {"action": "", "index": "0", "_selected_action": "1"},
        {"action": "__class__", "index": "0", "_selected_action": "1"}, {"index": "9" * 30},
        {"action": "delete_selected", "index": "a", "_selected_action": "1", "select_across": "x"},
        {"action": "delete_selected", "_selected_action": str(2**63 - 1), "post": "yes"},
        {"action": "delete_selected", "_selected_action": "0", "index": "-9", "select_across": "9"},
        {"action": "publish_selected", "select_across": "1", "index": "0", "_selected_action": "1"},
        {"action": "export_selected", "select_across": "1", "index": "0", "_selected_action": "1"},
    ]  # fmt: skip
    queries = Sample(["", "?id__in=" + "9" * 25, "?p=abc&o=99"], 1)
    problems = []
    for model, _model_admin in changeable():
        opts = model._meta
        address = reverse(f"admin:{opts.app_label}_{opts.model_name}_changelist")
        for form in forms:
            for query in queries.next():
                if found := posts(address + query, form):
                    problems.append((found, address + query, form))
    assert not problems, "\n".join(map(str, problems))


def test_no_other_page_of_a_record_fails(content, boss, posts):
    queries = Sample(["", "?_to_field=password", "?_to_field=id&_popup=1", "?p=abc"], 1)
    ids = ["0", "abc", "9" * 30, "_5F", "1_2F", "%F0%9F%98%80", "-1", "1.5", "%20", "1%0a", "_"]
    problems = []
    for model, model_admin in changeable():
        opts = model._meta
        for pattern in model_admin.get_urls():
            route = str(pattern.pattern)
            if "<" not in route:
                continue
            base = reverse(f"admin:{opts.app_label}_{opts.model_name}_changelist")
            for number in ids:
                address = base + route.replace("<path:object_id>", number)
                address = address.replace("<int:pk>", number).replace("<id>", number)
                for query in queries.next():
                    point = transaction.savepoint()
                    if found := problem(boss.get(address + query)):
                        problems.append((found, "GET", address + query))
                    transaction.savepoint_rollback(point)
                if found := posts(address, {"post": "yes", "_popup": "1", "_to_field": "nope"}):
                    problems.append((found, "POST", address))
    assert not problems, "\n".join(map(str, problems))
