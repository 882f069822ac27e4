"""Whatever an address asks of a list of the admin, the answer is a list, a way back or a refusal.

Every registered model, every field that can be filtered, every look-up that Django knows for it:
read off the register, so that a model or a package that comes later is walked, too.
``make full`` tries every value at every place.
"""

import itertools
from urllib.parse import urlencode

import pytest
from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ChangeList
from django.contrib.auth.models import Group
from django.core.exceptions import SuspiciousOperation
from django.db import OperationalError, transaction
from django.http import QueryDict
from django.test import RequestFactory
from django.urls import reverse

from tests import factories
from tests.safety.test_fuzz import Sample, problem

VALUES = [
    "(", "[", "*", "a{2,1}", "\\", "(?P<", "9" * 25, "-" + "9" * 25, str(2**63), str(2**31),
    "99999",
    "9999", "0", "-1", "", "abc", "1,2", f"1,{'9' * 25}", ",", "1.5", "1e400", "nan", "inf",
    "2020-02-30", "99999-01-01", "0001-01-01", "9999-12-31", "9999-12-31 23:59:59", "24:61",
    "2020-01-01T00:00:00+99:99", "true", "None", "{", '{"a": [1', "'", '"', "%", "_",
    "\N{REPLACEMENT CHARACTER}", "\ud800", "Ə" * 6000, ",".join(map(str, range(40_000))),
]  # fmt: skip
# Look-ups of look-ups, and names that are none.
NESTED = [
    "date__year__gt", "date__month", "year__in", "year__range", "hour__lt", "isnull__exact",
    "nope",
    "pk", "id__in", "__", "exact__exact", "time__hour", "in__in", "regex__regex", "len",
    "0", "a__b",
]  # fmt: skip
# What a list takes beside its filters.
ADDRESSES = [
    "_to_field=password", "_to_field=id", "_to_field=nope", "_popup=1", "_popup=1&_to_field=id",
    "p=0", "p=-1", "p=1.5", "p=abc", "p=" + "9" * 25, "p=%D9%A1", "o=", "o=-", "o=99", "o=-99.1",
    "o=1.1.1", "o=abc", "o=" + "9" * 5000, "all=", "all=1&p=99", "q=(", "q=%22", "q=%27", "q=%5C",
    "q=%22a%20%27", "q=" + "a%20" * 3000, "q=%EF%BF%BD", "q=%ED%A0%80", "e=1", "e=1&id__in=abc",
    "e=1&p=9", "_facets=True", "_facets=True&id__in=abc", "_changelist_filters=", "=", "&&&",
    "_changelist_filters=%26%3D%25", "_changelist_filters=id__in%3Dabc", "under=abc", "state=nope",
    "under=" + "9" * 30, "__=1", "id=1&id=abc", "pk=abc", "pk__in=" + "9" * 25, "%00=1", "q=%00",
]  # fmt: skip
DATES = [
    {"year": "9999"}, {"year": "0"}, {"year": "-1"}, {"year": "99999"}, {"year": "abc"},
    {"year": "1.5"}, {"year": ""}, {"month": "5"}, {"day": "31"}, {"month": "13", "day": "40"},
    {"year": "2000", "month": "13"}, {"year": "2000", "month": "2", "day": "30"},
    {"year": "9999", "month": "12"}, {"year": "9999", "month": "12", "day": "31"},
    {"year": "1", "month": "1", "day": "1"}, {"year": "2000", "day": "x"}, {"year": "9" * 30},
    {"month": "9" * 30}, {"year": "2000", "month": "abc"},
]  # fmt: skip


def lookups():
    """``(model, ModelAdmin, name of a look-up)`` for all that an address can name."""
    for model, model_admin in admin.site._registry.items():
        for field in model._meta.get_fields():
            if not hasattr(field, "get_lookups"):
                continue
            for lookup in ["", *sorted(field.get_lookups())]:
                yield model, model_admin, f"{field.name}__{lookup}" if lookup else field.name
        for lookup in NESTED:
            for field in (model._meta.pk, model._meta.fields[-1]):
                yield model, model_admin, f"{field.name}__{lookup}"


def list_of(model):
    opts = model._meta
    return reverse(f"admin:{opts.app_label}_{opts.model_name}_changelist")


@pytest.fixture
def asks(visitors):
    """``asks(address)``: what is wrong with the answer to a superuser, or None."""
    client = dict(visitors)["superuser"]

    def ask(address):
        # Leaves the test's own transaction usable, whatever the request did to it.
        point = transaction.savepoint()
        found = problem(client.get(address))
        transaction.savepoint_rollback(point)
        return found

    return ask


def test_the_register_is_walked():
    found = {f"{model._meta.label_lower} {name}" for model, _model_admin, name in lookups()}
    assert {
        "auth.group name__regex",
        "auth.user date_joined__year",
        "units.unit parent__in",
    } <= found
    assert len(found) > 5000


@pytest.mark.parametrize(
    "address",
    [
        "auth/group/?name__regex=(", "auth/user/?username__regex=(", "auth/user/?email__regex=(",
        "auth/user/?date_joined__year=99999",
        "units/unit/?name_az__iregex=(", "people/post/?order__range=1",
        "pages/page/?status__year=1",
        "history/event/?date_earliest__year=9999", "history/event/?date_earliest__year=0",
        "publishing/retiredslug/?retired_at__year=99999", "auth/group/?e=1&name__unaccent__nope=x",
        # Some minutes of work for 30 letters; nobody waits for it.
        "auth/group/?name__regex=(a%2B)%2B%24", "units/unitkind/?code__regex=(a%2B)%2B%24",
    ],
)  # fmt: skip
def test_what_cannot_be_asked_leads_to_the_whole_list_with_a_sentence(
    content, visitors, superuser, address
):
    Group.objects.create(name="a" * 30 + "!")
    factories.make_unit_kind(code="a" * 30 + "!")
    client = dict(visitors)["superuser"]
    client.cookies["django_language"] = "en"
    response = client.get(f"/admin/{address}")
    path = f"/admin/{address.partition('?')[0]}"
    assert (response.status_code, response["Location"]) == (302, f"{path}?e=1")
    page = client.get(response["Location"])
    assert page.status_code == 200
    assert b"so all of it is shown" in page.content
    assert b"so all of it is shown" not in client.get(path).content


def test_a_number_larger_than_the_database_holds_is_nobodys(content, visitors):
    """PostgreSQL compares it and finds none, SQLite cannot be asked for it."""
    client = dict(visitors)["superuser"]
    for name in ("auth/group/?id__in", "units/unit/?parent__in", "history/figure/?value__range"):
        response = client.get(f"/admin/{name}={'9' * 20},{'9' * 21}", follow=True)
        assert response.status_code == 200


def test_a_failing_database_is_not_blamed_on_the_address(content, visitors, monkeypatch):
    def fails(*args):
        raise OperationalError("the disk is full")

    monkeypatch.setattr(ChangeList, "get_results", fails)
    client = dict(visitors)["superuser"]
    for query in ("", "?e=1"):
        assert client.get(f"/admin/auth/group/{query}").status_code == 500


def test_what_the_admin_itself_asks_is_answered(content, visitors):
    client = dict(visitors)["superuser"]
    for query in ("state=draft", "kind__id__exact=1", "q=polis", "under=1", "p=1", "o=1", "all="):
        response = client.get(f"/admin/units/unit/?{query}")
        assert response.status_code == 200, query
        assert b"so all of it is shown" not in response.content


def test_no_look_up_fails(content, superuser):
    values = Sample(VALUES, 1)
    problems = []
    request = RequestFactory().get("/")
    request.user = superuser
    for _model, model_admin, name in lookups():
        for value in values.next():
            request.GET = QueryDict(mutable=True)
            request.GET[name] = value
            point = transaction.savepoint()
            try:
                model_admin.get_changelist_instance(request)
            except (IncorrectLookupParameters, SuspiciousOperation):
                pass
            except Exception as error:  # noqa: BLE001 - each kind is a server error
                problems.append(f"{model_admin.opts.label} {name}={value[:30]!r}: {error!r}"[:200])
            transaction.savepoint_rollback(point)
    assert not problems, "\n".join(map(str, problems))


def test_no_list_fails(content, asks):
    """The same as a whole page: each look-up of each class of fields."""
    values, seen, problems = Sample(VALUES, 1), set(), []
    for model, _model_admin, name in lookups():
        field, _sign, lookup = name.partition("__")
        kind = (type(model._meta.get_field(field)).__name__, lookup)
        if kind in seen:
            continue
        seen.add(kind)
        for value in values.next():
            query = urlencode({name: value}, errors="surrogatepass")
            if found := asks(f"{list_of(model)}?{query}"):
                problems.append((found, model._meta.label, query[:80]))
    assert not problems, "\n".join(map(str, problems))


def test_no_page_order_search_or_date_fails(content, asks):
    problems = []
    addresses = Sample(ADDRESSES, 15)
    for model, model_admin in admin.site._registry.items():
        queries = list(addresses.next())
        if name := model_admin.date_hierarchy:
            queries += [urlencode({f"{name}__{k}": v for k, v in one.items()}) for one in DATES]
        for query in queries:
            if found := asks(f"{list_of(model)}?{query}"):
                problems.append((found, model._meta.label, query[:80]))
    assert not problems, "\n".join(map(str, problems))


def test_the_export_page_takes_no_filter_that_a_list_refuses(content, asks):
    problems = []
    values = Sample(VALUES, 3)
    for kind, field in (("units", "name_az"), ("events", "publish_at"), ("figures", "value")):
        for lookup in ("regex", "in", "year", "gt", "range", "exact", "contains"):
            for value in values.next():
                query = urlencode({f"{field}__{lookup}": value}, errors="surrogatepass")
                address = f"{reverse('admin:exchange_export', args=[kind])}?filter={query}"
                if found := asks(f"{address}{urlencode({'filter': query})}"):
                    problems.append((found, kind, query[:80]))
    assert not problems, "\n".join(map(str, problems))


def test_no_autocomplete_fails(content, asks):
    problems = []
    terms, pages = Sample([*VALUES, "a" * 5000, "a " * 3000], 1), Sample(["1", "9" * 25], 1)
    address = reverse("admin:autocomplete")
    for model in admin.site._registry:
        for field in model._meta.get_fields():
            for term, page in itertools.product(terms.next(), pages.next()):
                query = {
                    "app_label": model._meta.app_label, "model_name": model._meta.model_name,
                    "field_name": field.name, "term": term, "page": page,
                }  # fmt: skip
                if found := asks(f"{address}?{urlencode(query, errors='surrogatepass')}"):
                    problems.append((found, model._meta.label, field.name, term[:30], page))
    assert not problems, "\n".join(map(str, problems))
