from django.urls import path

from units import views

app_name = "units"

urlpatterns = [
    path("structure/", views.structure, name="structure"),
    path("units/", views.index, name="index"),
    path("units/<slug:slug>/", views.detail, name="detail"),
    path("international/", views.international, name="international"),
    path("international/<slug:slug>/", views.external_body, name="external_body"),
]
