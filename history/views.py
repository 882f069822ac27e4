from django.http import Http404, HttpResponse


def timeline(request):
    return HttpResponse("stub")


def figures(request):
    return HttpResponse("stub")


def days(request):
    return HttpResponse("stub")


def event(request, slug):
    raise Http404
