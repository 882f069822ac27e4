"""The entrance: language choice, home page, display preferences."""

from django.conf import settings
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from mia_site import errors
from mia_site.home import glance, places_to_start
from mia_site.origins import sent_from_here
from mia_site.preferences import COOKIE, COOKIE_AGE, Preferences
from structure.as_of.partners import partners


@require_safe
def choose_language(request):
    """``/`` leads to the home page in the visitor's language: by cookie, then by the browser."""
    with translation.override(translation.get_language_from_request(request)):
        response = redirect(reverse("home"))
    patch_vary_headers(response, ["Accept-Language", "Cookie"])
    return response


@never_cache
@csrf_exempt  # needs a cookie, which visitors do not get; the origin is checked instead
@require_http_methods(["GET", "HEAD", "POST"])
def set_preferences(request):
    """A page with the display settings; POST (``theme``, ``sight``) keeps them in a cookie.

    ``next``: the page to go back to; only an address of this site is followed.
    """
    if request.method != "POST":
        context = {"next": _safe_next(request, request.GET.get("next", ""))}
        return render(request, "preferences.html", context)
    if not sent_from_here(request):
        return errors.foreign_form(request)
    preferences = Preferences.read(request).changed_by(request.POST)
    response = redirect(_safe_next(request, request.POST.get("next", "")))
    response.set_cookie(
        COOKIE,
        preferences.cookie,
        max_age=COOKIE_AGE,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response


def _safe_next(request, address):
    hosts = {request.get_host()}
    if address.startswith("/") and url_has_allowed_host_and_scheme(
        address, hosts, require_https=request.is_secure()
    ):
        return address
    return reverse("home")


@require_safe
def home(request):
    """What the Ministry is, who leads it, what it consists of, what happened, what is near."""
    as_of = request.as_of
    institution = as_of.institution
    context = {"institution": institution, "glance": glance(as_of, institution)}
    if as_of.on is None:
        context["starts"] = places_to_start(as_of, institution) if institution else []
        context["unit_count"] = as_of.units().count()
        context["partners"] = partners(as_of)
    elif institution:
        context["held_superiors"] = as_of.held_superiors(institution)
    return render(request, "home.html", context)
