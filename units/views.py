from django.http import Http404, HttpResponse


def structure(request):
    return HttpResponse("stub")


def index(request):
    return HttpResponse("stub")


def detail(request, slug):
    raise Http404


def international(request):
    return HttpResponse("stub")


def external_body(request, slug):
    raise Http404
