"""The description of the API: as OpenAPI, and its parts for the page that shows it."""

from functools import cache

from django.conf import settings
from django.urls import reverse
from django.utils import translation

from chronology.languages import SOURCE
from open_data.api import api
from open_data.linked.names import segment

PROBLEM = "application/problem+json"


def address_of(kind, code):
    """Where a record stands in the API; any character of its code is kept."""
    return reverse(f"api:{kind.name}_list") + "/" + segment(code)


def description(request):
    """The OpenAPI document as a dictionary, in English."""
    found = _description()
    licence = {"name": "Licence of the data", "url": settings.OPEN_DATA_LICENCE}
    return {
        **found,
        "info": {**found["info"], "license": licence},
        "servers": [{"url": request.build_absolute_uri("/").rstrip("/")}],
    }


@cache
def _description():
    with translation.override(SOURCE):
        found = api.get_openapi_schema(path_prefix="/api/v1/")
    for operations in found["paths"].values():
        for operation in operations.values():
            for status, answer in operation["responses"].items():
                _tell(str(status), answer)
            operation["responses"][304] = {
                "description": "Unchanged since the copy whose ETag was sent."
            }
    return found


def _tell(status, answer):
    if status == "200":
        answer["description"] = "The data."
        answer["headers"] = {
            "ETag": {"description": "Tag of these bytes.", "schema": {"type": "string"}},
            "Last-Modified": {
                "description": "When anything on the site last changed.",
                "schema": {"type": "string"},
            },
        }
        return
    answer["description"] = {
        "400": "A parameter cannot be read; the sentence says what to write.",
        "404": "There is no public record with this code.",
    }[status]
    content = answer["content"]
    content[PROBLEM] = content.pop("application/json")


def groups(request):
    """``[{"title", "told", "operations": […]}]`` for the page; kinds in their order."""
    document = description(request)
    found = {}
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            tag = operation["tags"][0]
            group = found.setdefault(tag, {"title": tag, "operations": []})
            group["operations"].append(
                {
                    "method": method.upper(),
                    "path": path,
                    "summary": operation["summary"],
                    "told": operation["description"],
                    "parameters": [_parameter(one) for one in operation.get("parameters", [])],
                }
            )
            group["fields"] = _fields(document, operation)
    return list(found.values())


def _parameter(one):
    schema = one["schema"]
    plain = next((s for s in schema.get("anyOf", [schema]) if s.get("type") != "null"), schema)
    return {
        "name": one["name"],
        "told": one.get("description") or schema.get("description", ""),
        "required": one.get("required", False),
        "words": schema.get("enum") or plain.get("enum") or [],
        "default": schema.get("default"),
    }


def _fields(document, operation):
    """The fields of one record that an operation answers with."""
    schema = operation["responses"][200]["content"]["application/json"]["schema"]
    name = schema["$ref"].rsplit("/", 1)[-1]
    properties = document["components"]["schemas"][name]["properties"]
    return [
        {"name": field, "told": one.get("description", ""), "type": _type(one)}
        for field, one in properties.items()
    ]


def _type(schema):
    if "anyOf" in schema:
        return " or ".join(_type(one) for one in schema["anyOf"])
    if "$ref" in schema:
        return schema["$ref"].rsplit("/", 1)[-1]
    if schema.get("type") == "array":
        return f"list of {_type(schema['items'])}"
    if "enum" in schema:
        return "word"
    return {"string": "text", "integer": "whole number", "boolean": "true or false"}.get(
        schema.get("type"), schema.get("type", "value")
    )
