from django.http import Http404, HttpResponse


def leadership(request):
    return HttpResponse("stub")


def person(request, slug):
    raise Http404
