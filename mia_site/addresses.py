"""The same page in another language, and the one address that search engines should keep."""

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.urls import translate_url
from django.utils.encoding import escape_uri_path
from django.utils.http import urlencode

# Parts of a list that are cut by it are not the same in another language.
_OF_ONE_LANGUAGE = {"letter"}
FIRST = ("page", 1)


def languages_of(request):
    """``(code, name, address)`` for each language, the query kept.

    Where a page has no language in its address (signing in, errors), the address is the home page.
    """
    query = request.META.get("QUERY_STRING", "") if has_languages(request.path) else ""
    for code, name in settings.LANGUAGES:
        address = in_language(request.path, code)
        yield code, name, f"{address}?{query}" if query else address


def in_language(path, code):
    """The path of the same page in the language ``code``; that language's home if it has none.

    ``path`` as a request has it, with its signs as they are; what is given is percent-encoded.
    """
    if not has_languages(path):
        return f"/{code}/"
    escaped = escape_uri_path(path)
    found = translate_url(escaped, code)
    if found == escaped:  # no page has this address
        found = "/".join(["", code, *escaped.split("/")[2:]])
    return found


def canonical(request):
    """The page's absolute address without parameters that do not change what it is about.

    Those that do are told by the view in ``request.page_parameters`` ({name: value}); the first
    page and what is empty need no parameter.
    """
    return _absolute(request, escape_uri_path(request.path))


def alternates(request):
    """``(code, absolute address)`` of this page in each language, for ``hreflang``, and of the one
    for those who read none of them (``x-default``): the one in the language of the site itself.

    Empty for a page whose canonical address is another one: search engines would be told of
    translations of what they are told to forget.
    """
    kept = _kept_parameters(request)
    is_canonical = list(request.GET.lists()) == [(name, [text]) for name, text in kept.items()]
    if not has_languages(request.path) or not is_canonical or _OF_ONE_LANGUAGE & kept.keys():
        return []
    found = {
        code: _absolute(request, in_language(request.path, code))
        for code, _name in settings.LANGUAGES
    }
    return [*found.items(), ("x-default", found[settings.LANGUAGE_CODE])]


def _kept_parameters(request):
    told = getattr(request, "page_parameters", {})
    return {name: str(value) for name, value in told.items() if value and (name, value) != FIRST}


def has_languages(path):
    """Whether an address begins with a language, as those of all pages that show records do."""
    return path.split("/")[1] in dict(settings.LANGUAGES)


def _absolute(request, path):
    kept = _kept_parameters(request)
    try:
        return request.build_absolute_uri(f"{path}?{urlencode(kept)}" if kept else path)
    except DisallowedHost:  # the page that says so has to be shown too
        return path


def with_parameters(request, **changes):
    """``?…`` of this page with some parameters changed; an empty value takes one away."""
    parameters = request.GET.copy()
    for name, value in changes.items():
        if value in ("", None):
            parameters.pop(name, None)
        else:
            parameters[name] = str(value)
    return f"?{parameters.urlencode()}" if parameters else request.path
