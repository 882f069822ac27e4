"""Two questions of the machines around the site: does it run, can it work."""

from django.http import HttpResponse


def healthz(request):
    return HttpResponse("ok\n", content_type="text/plain")


def readyz(request):
    return HttpResponse("ok\n", content_type="text/plain")
