"""Whether a form was sent from a page of this site, told by what browsers say of themselves.

For forms of visitors, who get no cookie with a token: what they change is only how pages look to
them. Forms of staff ask for the token of Django (docs/adr/0018-visitors-without-cookies.md).
"""

from urllib.parse import urlsplit

from django.conf import settings


def sent_from_here(request):
    """Whether the browser says that this site's own page sent the form.

    Every browser says it by one of three headers, which no page can write: Sec-Fetch-Site (only
    over https and on this machine), Origin, Referer. None of them means no.
    """
    # By whatever name the visitor knows the site: a proxy may have changed the host.
    if request.headers.get("Sec-Fetch-Site") == "same-origin":
        return True
    origin = request.headers.get("Origin") or _origin_of(request.headers.get("Referer", ""))
    return origin in (f"{request.scheme}://{request.get_host()}", *settings.CSRF_TRUSTED_ORIGINS)


def _origin_of(address):
    try:
        found = urlsplit(address)
    except ValueError:
        return ""
    return f"{found.scheme}://{found.netloc}"
