"""``/api/v1/``: every public record, read-only.

Answers are the same for everybody: no session is asked, and a signed-in editor gets what the
public gets.
"""

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from ninja import NinjaAPI, Path, Query
from ninja.errors import ValidationError

from chronology.languages import SOURCE
from open_data import answers, cursor, linked, lists, problems, schemas
from open_data.kinds import KINDS, date_value
from open_data.problems import Refused
from open_data.rows import rows_of
from publishing.text import invisible_character

DESCRIPTION = f"""Every public record of the site, in {schemas.LANGUAGES}.

* **Dates** are given as precisely as they are known, in EDTF: `1992` is the whole year and never
  1 January 1992. `earliest` and `latest` say between which days it lies.
* **Periods** are half-open: `end` is the first day outside.
* **For any date**: `on` asks what was so then; answers tell certain from possible.
* **Codes** are permanent. They are never used again.
* **Pages**: follow `next` until it is `null`. Records that come or go meanwhile move no other one.
* **Copies**: send `If-None-Match` with the `ETag` you have; an unchanged answer is a 304 without a
  body.
* **Refusals** are problem objects (RFC 9457) with a sentence, in the language that
  `Accept-Language` asks for.

No key is needed and no cookie is read. Every address also answers HEAD and OPTIONS, from any page.
"""

api = NinjaAPI(
    title="Ministry of Internal Affairs of Azerbaijan: open data",
    version="1",
    description=DESCRIPTION,
    docs_url=None,
    openapi_url=None,
    urls_namespace="api",
)


@api.exception_handler(Refused)
def refused(request, error):
    return problems.answer(error.status, error.detail, error.parameter)


@api.exception_handler(ValidationError)
def misread(request, error):
    """A value of the wrong type: which parameter, and what it takes."""
    first = error.errors[0]
    name = str(first["loc"][-1])
    words = {
        "string_too_long": _("Write at most %(number)s characters.") % {"number": lists.LONGEST},
    }.get(first["type"], _("Write a whole number from 1 to %(most)s.") % {"most": lists.MOST})
    return problems.answer(400, words, name)


_PROBLEMS = {400: schemas.Problem, 404: schemas.Problem}
_CODE = {
    "min_length": 1, "max_length": 100, "examples": ["mia"],
    "description": "The permanent code of the record.",
}  # fmt: skip


def _asked(request):
    """The parameters as they were written, to find unknown ones; the last of each counts."""
    return request.GET.dict()


def _offer(kind):
    """The two addresses of a kind: its list and a single record."""
    parameters = lists.parameters_of(kind.name)

    @api.get(
        f"/{kind.name}",
        operation_id=f"list_{kind.name}",
        summary=kind.many,
        description=kind.told,
        tags=[kind.many],
        response={200: schemas.list_of(kind.name), 400: schemas.Problem},
        url_name=f"{kind.name}_list",
    )
    def many(request, asked: parameters = Query(...)):  # noqa: B008
        values = _asked(request) | {"limit": asked.limit}
        rows, on = lists.narrowed(kind, values)
        limit, page = asked.limit, lists.after(kind, rows, asked.cursor)
        found = list(page.order_by("pk")[: limit + 1])
        more = len(found) > limit
        whole = not more and not asked.cursor  # they all stand on this page
        body = {
            "count": len(found) if whole else rows.order_by().count(),
            "on": date_value(on),
            "next": _next(request, kind, found[limit - 1].pk) if more else None,
            "results": rows_of(kind, found[:limit], on),
        }
        return answers.as_json(request, body)

    def plain(request, code: str = Path(..., **_CODE)):
        return _one(request, kind, code)

    def dated(
        request,
        code: str = Path(..., **_CODE),
        on: str | None = Query(None, max_length=lists.LONGEST, description=lists.TOLD["on"]),
    ):
        return _one(request, kind, code)

    api.get(
        f"/{kind.name}/{{path:code}}",
        operation_id=f"one_{kind.name}",
        summary=kind.one,
        description=f"One record by its code. {kind.told}"
        + (
            " `Accept: application/ld+json` gets it as linked data (JSON-LD)."
            if kind.linked
            else ""
        ),
        tags=[kind.many],
        response={200: schemas.record_of(kind.name), **_PROBLEMS},
        url_name=f"{kind.name}_one",
    )(dated if kind.period else plain)


def _one(request, kind, code):
    """A single record: as JSON, or as linked data where that is asked for."""
    known = ["on"] if kind.period else []
    if unknown := set(request.GET) - set(known):
        name = min(unknown)[:50]
        raise Refused(400, _("There is no parameter “%(name)s” here.") % {"name": name}, name)
    on = lists.date_asked(request.GET.get("on"))
    record = None if invisible_character(code) else kind.public().filter(code=code).first()
    if record is None:
        raise Refused(404, _("There is no public record with this code."), "code")
    if kind.linked and linked.wanted(request):
        body, content_type = linked.document(kind, record, request, on), answers.JSON_LD
    else:
        body, content_type = rows_of(kind, [record], on)[0], answers.JSON
    response = answers.as_json(request, body, content_type)
    if kind.linked:
        patch_vary_headers(response, ["Accept"])
    return response


def _next(request, kind, last):
    kept = {name: text for name, text in request.GET.items() if name != "cursor"}
    query = urlencode(kept | {"cursor": cursor.written(kind.name, last)})
    return request.build_absolute_uri(f"{request.path}?{query}")


@api.get(
    "/",
    operation_id="entrance",
    summary="All kinds of records",
    description="Where everything is, and under which licence.",
    tags=["Entrance"],
    response={200: schemas.Entrance},
    url_name="entrance",
)
def entrance(request):
    address = request.build_absolute_uri
    body = {
        "licence": settings.OPEN_DATA_LICENCE,
        "description": address(reverse("open_data:openapi")),
        "downloads": address(f"/{SOURCE}/open-data/"),
        "kinds": [
            {
                "kind": kind.name,
                "title": kind.many,
                "description": kind.told,
                "address": address(reverse(f"api:{kind.name}_list")),
            }
            for kind in KINDS
        ],
    }
    return answers.as_json(request, body)


for _kind in KINDS:
    with translation.override(SOURCE):
        _offer(_kind)
