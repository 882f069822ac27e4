"""Nothing that can be written into an address, a form or a header is answered with a 500."""

import pytest
from django.contrib import admin
from django.db import connection
from django.db.models import CharField, TextField
from django.test import Client
from django.urls import reverse

from mia_site.request_id import current_request_id
from tests.extent import FULL
from tests.safety.addresses import arguments, fill, patterns

ROUTES = [route for route, _pattern in patterns()]

# Values for the parts of an address: wrong, huge, hostile, in other letters.
PARTS = [
    "no-such-thing", "0", "-1", "1", "99999999999999999999999999", "1.5", "%00", "a%00b", "%FF%FE",
    "..%2F..%2Fetc%2Fpasswd", "%F0%9F%98%80", "%D9%85", "Ə" * 300, "'%22%3Cscript%3E", "1%27--",
    "%0d%0aX-Bad:%201", "_00", "_5F_2F", "a" * 3000,
]  # fmt: skip
QUERIES = [
    "q=%00", "q=%22", "q=%27%20OR%201=1--", "q=%25%5F%5C", "q=" + "a" * 5000, "q=%F0%9F%98%80",
    "q=*%20AND%20(%22", "q=%ED%A0%80", "page=0", "page=-1", "page=99999999999999999999999",
    "page=abc", "page=1e9", "p=99999999999999999999", "on=2023-02-30", "on=9999999999",
    "on=-5000", "on=" + "X" * 500, "on=../..", "from=abc&to=%00", "kind=nope&kind=other",
    "unit=%00", "unit=99999999999999999999999", "letter=%C6%8F", "letter=%00", "o=99.-99.abc",
    "o=1.2.3.4.5.6.7.8.9", "next=//evil.example", "next=javascript:alert(1)", "branch=zzz",
    "_popup=1&_to_field=id", "_to_field=password", "id__exact=99999999999999999999999999",
    "status__exact=nope", "nope__nope__nope=1", "parent__id__exact=abc", "user__password=x",
    "publish_at__gte=99999-99-99", "all=", "e=1", "text=%00", "text=28.05.1918",
    "app_label=units&model_name=unit&field_name=parent&term=%00",
    "app_label=units&model_name=unit&field_name=parent&term=x&page=99999999999",
    "app_label=auth&model_name=user&field_name=password", "a&b&&&===", "&".join(["q=1"] * 900),
    "_changelist_filters=%00", "initial-TOTAL_FORMS=9999999",
]  # fmt: skip
METHODS = ["PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "BREW", "HEAD", "POST"]
FORMS = [
    {},
    {"name_az": "x" * 100_000},
    {
        "csrfmiddlewaretoken": "no",
        "action": "delete_selected",
        "_selected_action": "99999999999999",
    },
    {"action": "delete_selected", "_selected_action": "abc", "post": "yes"},
    {"action": "no_such_action", "_selected_action": ["1", "2"]},
    {"form-TOTAL_FORMS": "abc", "form-INITIAL_FORMS": "-1"},
    {"form-TOTAL_FORMS": "999999999", "form-INITIAL_FORMS": "999999999"},
    {
        "cmd": "move_node",
        "position": "nowhere",
        "cut_item": "99999999999999999999",
        "pasted_on": "x",
    },
    {"unit": "1", "parent": "1", "position": "-99999999999999999999", "target": "abc"},
    {"next": "//evil.example", "language": "xx", "theme": "xx", "sight": "xx"},
    {"login": "a\ud7ff" * 300, "password": "p" * 5000, "code": "9" * 400},
]
BODIES = [
    ("application/json", b"{"),
    (
        "application/json",
        b'{"unit": "\\ud800", "parent": [1], "target": {"a": 1}}',
    ),
    ("application/json", b"[" * 20_000),
    ("application/json", b"null"),
    ("application/json", b'"\\u0000"'),
    ("multipart/form-data", b"no boundary"),
    (
        "multipart/form-data; boundary=x",
        b"--x\r\nContent-Disposition: form-data; name=\xff\r\n",
    ),
    ("multipart/form-data; boundary=" + "b" * 300, b"--"),
    ("application/x-www-form-urlencoded", b"name=%FF%FE&a=%00"),
    ("application/x-www-form-urlencoded; charset=utf-7", b"name=+ADw-"),
    ("application/x-www-form-urlencoded; charset=no-such", b"name=x"),
    ("text/xml", b"<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><a>&b;</a>"),
    ("", b"x"),
]
LEAVES = ("admin/logout/", "accounts/logout/")  # visited by nobody, or the rest meets no session


def routes():
    return [route for route in ROUTES if route not in LEAVES]


def problem(response):
    """What is wrong with an answer, or None: a 500, or a refusal that explains nothing."""
    if response.status_code >= 500:
        return response.status_code
    refused = response.status_code in (400, 403, 404, 405, 413, 429)
    if refused and response.request["REQUEST_METHOD"] != "HEAD":
        html = response.get("Content-Type", "").startswith("text/html")
        if not response.content.strip() or (html and b"<h1" not in response.content):
            return f"{response.status_code} without words"
    return None


def assert_clear(response, what):
    assert problem(response) is None, what


class Sample:
    """Goes round a list, so that over all addresses every value has its turn.

    What has its turn is tried on one of the two databases, the next on the other, unless ``whole``.
    ``make full`` tries every value at every address on both (some ten minutes).
    """

    def __init__(self, values, count, *, whole=False):
        self.values = list(values)
        self.whole = whole or FULL
        self.count = len(self.values) if FULL else count
        self.place = 0

    def next(self):
        turns = range(self.place, self.place + self.count)
        self.place += self.count
        return [self.values[turn % len(self.values)] for turn in turns if self._is_for_here(turn)]

    def _is_for_here(self, turn):
        # Each round begins with the other database, so that both try every value somewhere.
        on_sqlite = (turn + turn // len(self.values)) % 2 == 0
        return self.whole or on_sqlite == (connection.vendor == "sqlite")


def walk(visitors, values, count, public=True):
    """Yields ``(who, client, route, values)``: who may enter a place tries more there."""
    sample = Sample(values, count)
    for who, client in visitors:
        for route in routes():
            staff_only = route.startswith("admin/")
            if route.startswith("en/") and not public:
                continue
            if staff_only == (who == "anonymous") and not FULL:
                yield who, client, route, sample.next()[:1]
            else:
                yield who, client, route, sample.next()


def test_the_resolver_is_walked():
    assert len(ROUTES) > 100
    for known in ("en/units/<slug>/", "admin/units/unit/<object_id>/change/", "readyz"):
        assert known in ROUTES


def test_addresses_with_wrong_parts(content, visitors):
    problems = []
    for who, client, route, parts in walk(visitors, PARTS, 3):
        for part in parts if arguments(route) else [""]:
            address = fill(route, part)
            problems += [(found, who, address)] if (found := problem(client.get(address))) else []
    assert not problems


def test_addresses_with_wrong_queries(content, visitors):
    problems = []
    for who, client, route, queries in walk(visitors, QUERIES, 3):
        for query in queries:
            address = f"{fill(route, '1')}?{query}"
            problems += [(found, who, address)] if (found := problem(client.get(address))) else []
    assert not problems


def changelists():
    for model, model_admin in admin.site._registry.items():
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist"
        yield reverse(name), model, model_admin


def test_lists_of_the_admin_filtered_by_nonsense(content, visitors):
    """Every filter of every list, also by columns that are not offered as filters."""
    problems = []
    numbers = Sample(["9" * 25, "-" + "9" * 25, str(2**63), "abc", "1,2", "", "None"], 3)
    client = dict(visitors)["superuser"]
    for address, model, _model_admin in changelists():
        for field in model._meta.concrete_fields:
            if isinstance(field, CharField | TextField):
                continue  # any text is a value of theirs
            for value in numbers.values if field.is_relation else numbers.next():
                query = f"{address}?{field.name}={value}"
                if found := problem(client.get(query)):
                    problems.append((found, query))
    assert not problems


def test_actions_of_the_admin_with_nonsense(content, visitors):
    problems = []
    for who, client in visitors:
        if who == "anonymous":
            continue
        for address, _model, model_admin in changelists():
            for action in ["delete_selected", "nope", *dict(_actions(model_admin))]:
                for chosen in ("abc", "9" * 30, "1"):
                    form = {"action": action, "_selected_action": chosen, "index": "0"}
                    if found := problem(client.post(address, form)):
                        problems.append((found, who, address, form))
    assert not problems


def _actions(model_admin):
    return [(a if isinstance(a, str) else a.__name__, a) for a in model_admin.actions]


def test_wrong_methods(content, visitors):
    for who, client, route, methods in walk(visitors, METHODS, 2):
        address = fill(route, "1")
        for method in methods:
            response = client.generic(method, address)
            assert_clear(response, (who, method, address))
            if method == "OPTIONS" and address.startswith("/api/"):
                assert response.status_code == 204  # asked by pages of other sites before they read
            elif method not in ("HEAD", "POST"):
                assert response.status_code in (405, 403), (who, method, address)
                assert response.status_code == 403 or "GET" in response["Allow"]


def test_public_pages_take_no_forms(content, client):
    for route in routes():
        if route.startswith("en/"):
            response = client.post(fill(route, "mia"))
            assert response.status_code == 405, route
            assert response["Allow"] == "GET, HEAD"


def test_wrong_forms(content, visitors):
    problems = []
    for who, client, route, forms in walk(visitors, FORMS, 2, public=False):
        for form in forms:
            response = client.post(fill(route, "1"), form)
            if found := problem(response):
                problems.append((found, who, route, str(form)[:90]))
    assert not problems


def test_wrong_bodies(content, visitors):
    problems = []
    for who, client, route, bodies in walk(visitors, BODIES, 2, public=False):
        for kind, body in bodies:
            response = client.generic("POST", fill(route, "1"), body, content_type=kind)
            if found := problem(response):
                problems.append((found, who, route, kind, body[:40]))
    assert not problems


@pytest.mark.parametrize("value", [r'"\000"', r'"a\000b"', "\x7f", "x" * 7000, '"', "=;=;", "é"])
@pytest.mark.parametrize(
    "cookie", ["sessionid", "django_language", "csrftoken", "messages", "display"]
)
def test_wrong_cookies(db, cookie, value):
    """A quoted cookie may spell a NUL as \\000; PostgreSQL would fail on it, at the session."""
    client = Client(raise_request_exception=False)
    for address in ("/", "/en/", "/admin/", "/accounts/login/"):
        response = client.get(address, headers={"cookie": f"{cookie}={value}"})
        assert_clear(response, (address, cookie, value))


@pytest.mark.parametrize("cookie", ["sessionid", "django_language", "csrftoken", "messages"])
def test_a_nul_in_a_cookie_is_a_bad_request(db, client, cookie):
    response = client.get("/admin/", headers={"cookie": rf'{cookie}="a\000b"'})
    assert response.status_code == 400


@pytest.mark.parametrize(
    "headers",
    [
        {"accept-language": "x" * 5000}, {"accept-language": "az;q=nan,\x00"},
        {"accept-encoding": "br;q=9" * 999}, {"if-modified-since": "yesterday"},
        {"if-none-match": '"' * 99}, {"range": "bytes=9-1,abc"}, {"referer": "::::"},
        {"x-forwarded-for": "'"}, {"x-forwarded-host": "evil"}, {"x-forwarded-proto": "gopher"},
        {"content-length": "abc"}, {"content-length": "-5"}, {"x-requested-with": "XMLHttpRequest"},
        {"accept": "application/json"}, {"origin": "null"}, {"user-agent": "\xff" * 500},
    ],
)  # fmt: skip
def test_wrong_headers(db, headers):
    client = Client(raise_request_exception=False, enforce_csrf_checks=True)
    for address in ("/", "/en/", "/az/search/?q=a", "/admin/", "/accounts/login/", "/readyz"):
        assert_clear(client.get(address, headers=headers), (address, headers))
        assert_clear(client.post(address, {"login": "a"}, headers=headers), (address, headers))


@pytest.mark.parametrize("host", ["evil.example", "a b", "127.0.0.1:abc", "", "[::1", "x" * 300])
@pytest.mark.parametrize("address", ["/en/", "/admin/", "/accounts/login/", "/no-such-page", "/"])
def test_a_wrong_host_is_a_clear_400(db, client, host, address):
    client.raise_request_exception = False
    response = client.get(address, headers={"host": host, "accept-language": "en"})
    assert response.status_code == 400
    assert b"cannot be read" in response.content


def test_a_body_beyond_all_measure_is_refused_unread(db, client, settings):
    settings.REQUEST_MAX_BYTES = 1000
    response = client.post("/accounts/login/", {"login": "x" * 2000})
    assert response.status_code == 413
    assert b"<h1>" in response.content


def test_text_fields_beyond_measure_are_refused(db, client):
    client.raise_request_exception = False
    assert client.post("/accounts/login/", {"login": "x" * 6_000_000}).status_code == 400
    assert client.post("/accounts/login/", {f"f{n}": "1" for n in range(5001)}).status_code == 400


def test_a_form_without_its_token_is_explained(db):
    client = Client(enforce_csrf_checks=True)
    response = client.post("/accounts/login/", {"login": "a"}, headers={"accept-language": "en"})
    assert response.status_code == 403
    assert b"The form was not accepted" in response.content


def test_a_line_break_in_an_address_forges_no_line_in_the_log(db, client, caplog):
    with caplog.at_level("INFO", "mia_site.requests"):
        client.get("/en/a%0Ab%1B[31m/")
    line = next(r.getMessage() for r in caplog.records if r.name == "mia_site.requests")
    assert "\n" not in line
    assert "\x1b" not in line
    assert current_request_id.get() == "-"


def test_what_visitors_search_for_stays_out_of_the_log(db, client, caplog):
    with caplog.at_level("INFO", "mia_site.requests"):
        client.get("/en/search/?q=secret-words")
    assert "secret-words" not in caplog.text
