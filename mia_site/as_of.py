"""Gives every request the date that its pages answer for."""

from django.utils.functional import SimpleLazyObject

from units.as_of import AsOf


class AsOfMiddleware:
    """Sets ``request.as_of`` (:class:`units.as_of.AsOf`) for views and templates."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.as_of = SimpleLazyObject(lambda: AsOf(on=None, user=request.user))
        return self.get_response(request)
