from django.urls import path

from people import views

app_name = "people"

urlpatterns = [
    path("leadership/", views.leadership, name="leadership"),
    path("people/<slug:slug>/", views.person, name="person"),
]
