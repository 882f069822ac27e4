from django.urls import path

from history import views

app_name = "history"

urlpatterns = [
    path("history/", views.timeline, name="timeline"),
    path("history/<slug:slug>/", views.event, name="event"),
    path("figures/", views.figures, name="figures"),
    path("days/", views.days, name="days"),
]
