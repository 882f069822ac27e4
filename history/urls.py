from django.urls import path, re_path

from history import ical_views, views
from history.comparison import views as comparison

app_name = "history"

urlpatterns = [
    path("history/", views.timeline, name="timeline"),
    re_path(r"^history/(?P<key>[0-9]{4}|[0-9]{3}X|[0-9]{2}XX)/$", views.span, name="span"),
    path("history/<slug:slug>/", views.event, name="event"),
    path("compare/", comparison.compare, name="compare"),
    path("compare/changes.csv", comparison.compare_csv, name="compare_csv"),
    path("compare/changes.json", comparison.compare_json, name="compare_json"),
    path("compare/changes.atom", comparison.compare_atom, name="compare_atom"),
    path("units/<slug:slug>/lineage/", views.lineage, name="lineage"),
    path("units/<slug:slug>/lineage.svg", views.lineage_file, name="lineage_file"),
    path("figures/", views.figures, name="figures"),
    path("days/", views.days, name="days"),
    path("days.ics", ical_views.days, name="days_calendar"),
    path("days/<path:code>.ics", ical_views.day, name="day_calendar"),
]
