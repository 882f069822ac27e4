"""The entrance: language choice, home page, search, display preferences."""

from django.http import HttpResponse


def choose_language(request):
    return HttpResponse("stub")


def set_preferences(request):
    return HttpResponse("stub")


def home(request):
    return HttpResponse("stub")


def search(request):
    return HttpResponse("stub")
