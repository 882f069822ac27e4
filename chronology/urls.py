from django.urls import path

from . import views

app_name = "chronology"
urlpatterns = [path("reading/", views.reading, name="reading")]
