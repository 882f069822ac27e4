"""The addresses of importing, inside the admin's."""

from django.urls import path

from exchange.desk.imports import views


def patterns(admin_site):
    """For ``AdminSite.get_urls``."""
    own = admin_site.admin_view
    at = "import/<str:key>/"
    return [
        path("import/", own(views.begin), name="exchange_import"),
        path(at, own(views.job), name="exchange_import_job"),
        path(f"{at}progress/", own(views.how_far), name="exchange_import_progress"),
        path(f"{at}confirm/", own(views.confirm), name="exchange_import_confirm"),
        path(f"{at}since-when/", own(views.since_when), name="exchange_import_since_when"),
        path(f"{at}cancel/", own(views.cancel), name="exchange_import_cancel"),
        path(f"{at}again/", own(views.again), name="exchange_import_again"),
        path(f"{at}problems/", own(views.copy), name="exchange_import_problems"),
    ]
