from django.urls import path

from structure import views

app_name = "units"

urlpatterns = [
    path("structure/", views.structure, name="structure"),
    path("structure/chart/", views.chart, name="chart"),
    path("structure/chart.svg", views.chart_file, name="chart_file"),
    path("c/<path:code>/", views.by_code, name="by_code"),
    path("units/", views.index, name="index"),
    path("units/<slug:slug>/", views.detail, name="detail"),
    path("international/", views.international, name="international"),
    path("international/<slug:slug>/", views.external_body, name="external_body"),
]
