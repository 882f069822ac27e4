"""The addresses beside the API: its description, permanent addresses, files, site map, robots."""

from django.http import (
    FileResponse,
    Http404,
    HttpResponse,
    HttpResponseRedirect,
    StreamingHttpResponse,
)
from django.shortcuts import render
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from open_data import answers, documentation, files, problems, sitemap, structure
from open_data.kinds import BY_NAME
from open_data.linked import Names
from open_data.lists import date_asked
from open_data.problems import Refused
from publishing.text import invisible_character

XML = "application/xml; charset=utf-8"


@require_safe
def openapi(request):
    """The description of the API, OpenAPI 3.1."""
    return answers.as_json(request, documentation.description(request))


@require_safe
def api_pages(request):
    """The description as a page for people."""
    return render(request, "open_data/api.html", {"groups": documentation.groups(request)})


def no_such_address(request, rest=""):
    """Everything else under /api/."""
    return problems.answer(404)


@require_safe
def identified(request, kind, code):
    """A permanent address: leads people to the page and programs to the data (303)."""
    kind = BY_NAME.get(kind)
    record = None
    if kind and not invisible_character(code):
        record = kind.public().filter(code=code).first()
    if record is None:
        raise Http404(_("There is no public record with this code."))
    response = HttpResponseRedirect(_place(request, kind, record))
    response.status_code = 303
    patch_vary_headers(response, ["Accept", "Accept-Language"])
    return response


def _place(request, kind, record):
    types = ["text/html", "application/json", "application/ld+json"]
    if kind.page and request.get_preferred_type(types) == "text/html":
        with translation.override(translation.get_language_from_request(request)):
            if address := record.get_absolute_url():
                return address
    return documentation.address_of(kind, record.code)


@require_safe
def file_of_everything(request, name):
    """One of the files with all public data, made if this state has none yet."""
    if name not in files.BY_FILE:
        raise Http404
    found = files.made(name, Names(request).base)
    stem, ending = name.split(".", 1)
    day = timezone.localtime(found.moment).date().isoformat()
    response = FileResponse(
        open(found.path, "rb"),  # noqa: SIM115 - the response closes it
        as_attachment=True,
        filename=f"mia-{stem}-{day}.{ending}",
        content_type=found.format.content_type,
    )
    return answers.tagged(request, response, found.sha256, found.moment)


@require_safe
def structure_on(request, ending):
    """``?on=``: the structure on a date as a table, streamed."""
    try:
        on = date_asked(request.GET.get("on"))
    except Refused as refused:
        return problems.answer(refused.status, refused.detail, refused.parameter)
    writers = {"csv": (structure.as_csv, "text/csv; charset=utf-8")}
    writers["json"] = (structure.as_json, answers.JSON)
    write, content_type = writers[ending]
    response = StreamingHttpResponse(write(on), content_type=content_type)
    day = timezone.localdate().isoformat() if on is None else on.text.replace("/", "--")
    response["Content-Disposition"] = f'attachment; filename="mia-structure-{day}.{ending}"'
    return response


@require_safe
def sitemap_index(request):
    text = sitemap.index(request.build_absolute_uri)
    return answers.kept(request, HttpResponse(text, content_type=XML))


@require_safe
def sitemap_part(request, name, number):
    lines = sitemap.part(name, number, request.build_absolute_uri)
    if lines is None:
        raise Http404
    return StreamingHttpResponse(lines, content_type=XML)


@require_safe
def robots(request):
    text = sitemap.robots(request.build_absolute_uri)
    return HttpResponse(text, content_type="text/plain; charset=utf-8")


@require_safe
def site_map(request):
    """All sections of the site on one page, for people."""
    as_of = request.as_of
    institution = as_of.institution
    context = {"institution": institution}
    if institution:
        context["sub_units"] = as_of.sub_units(institution)[:100]
    return render(request, "open_data/site_map.html", context)
