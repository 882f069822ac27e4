"""The API gives every public record to everybody, and nothing else to anybody."""

import json
from datetime import timedelta
from urllib.parse import quote

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

import exchange
from open_data.kinds import KINDS
from tests.factories import (
    make_dated_name,
    make_dated_superior,
    make_event,
    make_figure,
    make_person,
    make_post,
    make_staff,
    make_term,
    make_unit,
)
from units.models import Unit

NAMES = [kind.name for kind in KINDS]


def get(client, path, status=200, **headers):
    response = client.get(f"/api/v1/{path}", headers=headers)
    assert response.status_code == status, response.content
    return json.loads(response.content)


def codes(client, path):
    return [row["code"] for row in get(client, path)["results"]]


@pytest.mark.parametrize("kind", NAMES)
def test_every_kind_has_a_list_and_single_records(client, ministry, kind):
    page = get(client, kind)
    assert page["count"] == len(page["results"]) >= 1
    one = page["results"][0]
    assert get(client, f"{kind}/{one['code']}") == one


def test_every_column_of_a_file_but_those_of_staff_is_in_the_answers(client, ministry):
    for kind in KINDS:
        row = get(client, kind.name)["results"][0]
        for column in exchange.resource_for(kind.name).columns():
            assert (column.name in row) == (column.name not in ("status", "publish_at")), column


def test_the_kinds_are_those_of_files():
    for_staff = {"legacy_addresses"}  # of a redirect, it is public that it happens
    assert set(NAMES) == set(exchange.kinds()) - for_staff


def test_a_code_may_hold_signs_of_addresses(client, ministry):
    for code in ("a/b", "a b", "ş#1?x=%41", ".", "a.b:c"):
        make_unit(code=code)
        assert get(client, f"units/{quote(code, safe='')}")["code"] == code


def test_a_unit_answers_for_a_date(client, ministry):
    now = get(client, "units/police")
    assert (now["existence"], now["name_en"], now["parent"]) == ("certain", "Police", "top")
    assert [head["person"] for head in now["heads"]] == ["eyvazov"]
    then = get(client, "units/police?on=1993")
    assert (then["name_en"], then["parent"]) == ("Militia", None)
    assert then["superiors"][0]["external_body"] == "nkvd"
    assert then["heads"] == []
    assert then["founded"] == {
        "edtf": "1992", "precision": "year", "earliest": "1992-01-01", "latest": "1992-12-31",
    }  # fmt: skip


def test_certain_and_possible_are_told_apart(client, ministry):
    make_unit(code="undated")
    assert get(client, "units/police?on=1992-06-01")["existence"] == "possible"
    assert get(client, "units/police?on=1993")["existence"] == "certain"
    assert get(client, "units/police?on=1900")["existence"] == "no"
    assert codes(client, "units?on=1900") == ["undated"]
    assert get(client, "units?on=1900")["results"][0]["existence"] == "possible"


@pytest.mark.parametrize("text", ["1993", "1993-06", "24.11.1993", "June 1993", "1993?", "199X"])
def test_a_date_is_written_as_on_pages(client, ministry, text):
    assert codes(client, f"units?on={text}") == ["top", "police"]


def test_children_of_a_date(client, ministry):
    assert codes(client, "units?parent=top") == ["police"]
    assert codes(client, "units?parent=top&on=1993") == []
    assert codes(client, "units?parent=top&on=2010") == ["police"]


def test_filters(client, ministry):
    assert codes(client, "units?q=POLIS") == ["police"]
    assert codes(client, "units?q=nothing") == []
    assert codes(client, "events?unit=police") == ["split"]
    assert codes(client, "events?external_body=nkvd&kind=split") == ["split"]
    assert codes(client, "events?kind=merger") == []
    assert codes(client, f"events?era={ministry.event.era.code}") == ["split"]
    assert codes(client, "posts?unit=police") == ["chief"]
    assert codes(client, "posts?unit=nowhere") == []
    assert codes(client, "terms?person=eyvazov&on=2020") == ["chief-1"]
    assert codes(client, "terms?on=2018") == []
    Unit.objects.filter(code="top").update(updated_at=timezone.now() - timedelta(days=9))
    since = (timezone.now() - timedelta(days=1)).isoformat().replace("+", "%2B")
    assert codes(client, f"units?updated_since={since}") == ["police"]


@pytest.mark.parametrize(
    ("path", "status", "parameter"),
    [
        ("units?on=2023-02-30", 400, "on"),
        ("units?on=03/04/1905", 400, "on"),
        ("units?cursor=abc", 400, "cursor"),
        ("units?cursor=ZXZlbnRzOjE", 400, "cursor"),  # of the list of events
        ("units?cursor=%C6%8F", 400, "cursor"),
        ("units?limit=0", 400, "limit"),
        ("units?limit=501", 400, "limit"),
        ("units?limit=ten", 400, "limit"),
        ("units?colour=red", 400, "colour"),
        ("units?q=" + "a" * 201, 400, "q"),
        ("units?updated_since=yesterday", 400, "updated_since"),
        ("events?kind=party", 400, "kind"),
        ("units/nobody", 404, "code"),
        ("nothing", 404, None),
        ("units/", 404, None),
    ],
)
def test_refusals_are_problem_objects_with_a_sentence(client, ministry, path, status, parameter):
    response = client.get(f"/api/v1/{path}")
    problem = json.loads(response.content)
    assert response["Content-Type"] == "application/problem+json"
    assert (response.status_code, problem["status"]) == (status, status)
    assert problem.get("parameter") == parameter
    assert problem["detail"].endswith(".")
    assert len(problem["detail"].split()) > 3


def test_sentences_come_in_the_language_that_is_asked_for(client, ministry):
    assert "parameter" in get(client, "units?x=1", 400)["detail"]
    assert "parametr" in get(client, "units?x=1", 400, accept_language="az")["detail"]


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_nothing_can_be_written(client, ministry, method):
    response = getattr(client, method)("/api/v1/units")
    assert response.status_code == 405
    assert response["Allow"] == "GET, HEAD, OPTIONS"
    assert json.loads(response.content)["status"] == 405


def test_every_page_of_the_web_may_read_it_but_sends_no_cookies(client, ministry):
    for address in ("/api/v1/units", "/api/v1/nothing", "/api/v1/units?x=1"):
        for method in (client.get, client.head, client.options):
            response = method(address, headers={"origin": "https://elsewhere.example"})
            assert response["Access-Control-Allow-Origin"] == "*"
            assert "Access-Control-Allow-Credentials" not in response
            assert "Set-Cookie" not in response


def test_what_has_not_changed_is_not_sent_again(client, ministry):
    first = client.get("/api/v1/units/police")
    again = client.get("/api/v1/units/police", headers={"if-none-match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again["ETag"] == first["ETag"]
    ministry.police.name_en = "New police"
    ministry.police.save()
    changed = client.get("/api/v1/units/police", headers={"if-none-match": first["ETag"]})
    assert changed.status_code == 200


def test_a_changed_head_changes_the_tag_of_the_unit(client, ministry):
    first = client.get("/api/v1/units/police")
    ministry.term.end = "2024"
    ministry.term.save()
    again = client.get("/api/v1/units/police", headers={"if-none-match": first["ETag"]})
    assert again.status_code == 200
    assert json.loads(again.content)["heads"] == []


def test_letters_are_written_as_they_are(client, ministry):
    assert "Polis İdarəsi" in client.get("/api/v1/units/police").content.decode()


def test_an_editor_gets_what_the_public_gets(client, ministry):
    draft = make_unit(code="draft", status="draft", parent=ministry.top)
    public = client.get("/api/v1/units").content
    client.force_login(make_staff())
    assert client.get("/api/v1/units").content == public
    assert get(client, f"units/{draft.code}", 404)["status"] == 404


def test_references_to_what_is_hidden_are_left_out(client, ministry):
    hidden = make_unit(code="hidden", status="draft", parent=ministry.top)
    event = make_event(code="hidden-event", status="archived")
    make_unit(code="below", parent=Unit.objects.get(code="hidden"))
    make_figure(code="f", unit=hidden, event=event)
    make_event(code="e", after=[hidden, ministry.police])
    make_dated_superior(ministry.police, code="fp", parent=hidden, begin="1980", end="1990")
    # As on its page, a superior that may not be seen is passed over today.
    (superior,) = get(client, "units/below")["superiors"]
    assert (superior["unit"], superior["begin"]) == ("top", None)
    assert get(client, "units/below")["parent"] is None
    figure = get(client, "figures/f")
    assert (figure["unit"], figure["event"]) == (None, None)
    assert get(client, "events/e")["units_after"] == ["police"]
    assert get(client, "dated_superiors/fp", 404)["status"] == 404
    assert codes(client, "units?parent=hidden") == codes(client, "events?unit=hidden") == []


def test_pages_follow_each_other_while_records_come(client, ministry):
    for number in range(5):
        make_unit(code=f"u{number}")
    first = get(client, "units?limit=3")
    assert first["count"] == 7
    make_unit(code="late")
    Unit.objects.filter(code="u1").update(status="draft")
    found = [row["code"] for row in first["results"]]
    while page := (first["next"] and json.loads(client.get(first["next"]).content)):
        found += [row["code"] for row in page["results"]]
        first = page
    assert found == ["top", "police", "u0", "u2", "u3", "u4", "late"]


def test_every_page_of_a_list_counts_the_whole_list(client, ministry):
    for number in range(5):
        make_unit(code=f"u{number}")
    first = get(client, "units?limit=3")
    assert first["count"] == 7
    assert json.loads(client.get(first["next"]).content)["count"] == 7
    assert get(client, "units?limit=1&q=u3")["count"] == 1


@pytest.mark.parametrize(
    ("kind", "query"),
    [
        ("units", "limit=2"), ("units", "limit=2&on=1993"), ("units", "limit=2&on=2020"),
        ("events", "limit=1"), ("terms", "limit=1"), ("terms", "limit=1&on=2020"),
        ("dated_superiors", "limit=1&on=1993"), ("people", "limit=1"), ("posts", "limit=1"),
    ],
)  # fmt: skip
def test_a_longer_list_asks_no_more(client, ministry, kind, query):

    def asked(query):
        get(client, f"{kind}?{query}")  # after a change, a process reads the state anew once
        with CaptureQueriesContext(connection) as queries:
            get(client, f"{kind}?{query}")
        return len(queries)

    before = asked(query)
    for number in range(8):
        unit = make_unit(code=f"more-{number}", parent=ministry.top, founded="1950")
        make_dated_superior(unit, external_body=ministry.body, begin="1992", end="1995")
        make_dated_name(unit, begin="1992", end="1994")
        make_term(make_post(unit), make_person(), begin="1992")
        make_event(before=[unit], after=[ministry.top], concerned=[ministry.body])
    assert asked(query.replace("limit=", "limit=10")) == before <= 16


def test_the_description_is_complete(client, db):
    found = json.loads(client.get("/api/v1/openapi.json").content)
    assert found["openapi"].startswith("3.1")
    assert found["info"]["license"]["url"]
    operations = [(p, o) for p, ways in found["paths"].items() for o in ways.values()]
    assert len(operations) == 2 * len(KINDS) + 1
    for path, operation in operations:
        assert operation["summary"], path
        assert operation["description"], path
        for parameter in operation.get("parameters", []):
            told = parameter.get("description") or parameter["schema"].get("description")
            assert told, (path, parameter["name"])
        schema = operation["responses"]["200"]["content"]["application/json"]["schema"]
        assert schema["$ref"], path
    for name, schema in found["components"]["schemas"].items():
        for field, about in schema["properties"].items():
            assert about.get("description"), (name, field)


def test_a_permanent_address_leads_people_to_the_page_and_programs_to_the_data(client, ministry):
    page = client.get("/id/units/police", headers={"accept": "text/html"})
    assert (page.status_code, page["Location"]) == (303, f"/az/units/{ministry.police.slug}/")
    data = client.get("/id/units/police", headers={"accept": "application/ld+json"})
    assert data["Location"] == "/api/v1/units/police"
    assert client.get("/id/units/nobody").status_code == 404
    assert client.get("/id/colours/red").status_code == 404


@pytest.mark.parametrize("path", ["", "units", "units/police", "units?limit=1", "openapi.json"])
def test_head_answers_as_get_does_without_a_body(client, ministry, path):
    full, head = client.get(f"/api/v1/{path}"), client.head(f"/api/v1/{path}")
    assert head.status_code == full.status_code == 200
    assert head.content == b""
    for name in ("Content-Type", "ETag", "Cache-Control", "Access-Control-Allow-Origin"):
        assert head[name] == full[name]
    assert client.head("/api/v1/units/none").status_code == 404
    assert client.head("/api/v1/units?x=1").status_code == 400
