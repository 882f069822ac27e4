"""The addresses of exporting, inside the admin's."""

from django.urls import path

from exchange.desk.exports import views


def patterns(admin_site):
    """For ``AdminSite.get_urls``."""
    own = admin_site.admin_view
    return [
        path("export/", own(views.kinds_to_export), name="exchange_exports"),
        path("export/<slug:kind>/", own(views.export), name="exchange_export"),
        path("examples/<slug:kind>/", own(views.columns), name="exchange_columns"),
        path(
            "examples/<slug:kind>/<slug:file_format>/",
            own(views.example),
            name="exchange_example",
        ),
    ]
