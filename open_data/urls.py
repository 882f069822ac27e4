"""Addresses under no language (``open_data:…``, ``api:…``) and under each one (``data:…``)."""

from django.urls import path, re_path

from open_data import feeds, views
from open_data.api import api

under_none = [
    path("api/v1/openapi.json", views.openapi, name="openapi"),
    path("id/<str:kind>/<path:code>", views.identified, name="identified"),
    path("open-data/files/<str:name>", views.file_of_everything, name="file"),
    re_path(r"^open-data/structure\.(?P<ending>csv|json)$", views.structure_on, name="structure"),
    path("robots.txt", views.robots, name="robots"),
    path("sitemap.xml", views.sitemap_index, name="sitemap"),
    path("sitemap-<slug:name>-<int:number>.xml", views.sitemap_part, name="sitemap_part"),
]
api_addresses = [
    path("api/v1/", api.urls),
    re_path(r"^api/(?P<rest>.*)$", views.no_such_address),
]
under_language = [
    path("open-data/api/", views.api_pages, name="api"),
    path("news.atom", feeds.News(), name="news"),
    path("units/<slug:slug>/news.atom", feeds.UnitNews(), name="unit_news"),
    path("site-map/", views.site_map, name="site_map"),
]
