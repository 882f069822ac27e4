"""Every address of the site. Public pages stand under their language; the admin does not."""

from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path, re_path

from accounts.sign_in import take_over_sign_in
from mia_site import health, media, views
from open_data import urls as open_data

take_over_sign_in(admin.site)

urlpatterns = [
    path("", views.choose_language, name="choose_language"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("preferences/", views.set_preferences, name="preferences"),
    path("i18n/", include("django.conf.urls.i18n")),
    path("admin/chronology/", include("chronology.urls")),
    path("admin/", admin.site.urls),
    path("accounts/", include("accounts.urls")),
    re_path(r"^media/(?P<path>.+)$", media.serve_media, name="media"),
    path("", include((open_data.under_none, "open_data"))),
    *open_data.api_addresses,
    *i18n_patterns(
        path("", views.home, name="home"),
        path("search/", include("search.urls")),
        path("", include((open_data.under_language, "data"))),
        path("", include("structure.urls")),
        path("", include("people.urls")),
        path("", include("history.urls")),
        path("", include("pages.urls")),  # last: any other single word is an editorial page
        prefix_default_language=True,
    ),
]

handler400 = "mia_site.errors.bad_request"
handler403 = "mia_site.errors.permission_denied"
handler404 = "mia_site.errors.page_not_found"
handler429 = "mia_site.errors.too_many_attempts"
handler500 = "mia_site.errors.server_error"
