"""Gives every request the date that its pages answer for."""

from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from chronology import InvalidDate, read_date
from structure.as_of import AsOf

PARAMETER = "on"


class AsOfMiddleware:
    """Sets ``request.as_of`` (:class:`structure.as_of.AsOf`) for views and templates."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.as_of = SimpleLazyObject(
            lambda: asked_for(request.GET.get(PARAMETER, ""), request.user)
        )
        return self.get_response(request)


def asked_for(text, user):
    """The AsOf for what a visitor wrote as a date, in any way that ``read_date`` knows.

    Nothing, or the day of today, means today. So does what cannot be used: no date, or one that we
    do not keep; ``problem`` then says so in a sentence.
    """
    text = text.strip()
    if not text:
        return AsOf(on=None, user=user)
    try:
        on = read_date(text)
    except InvalidDate as error:
        return AsOf(on=None, user=user, asked=text[:60], problem=str(error))
    return AsOf(on=None if on.exact == timezone.localdate() else on, user=user)
