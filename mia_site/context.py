"""What every template knows."""

from django.utils.functional import SimpleLazyObject

from mia_site import addresses
from mia_site.preferences import Preferences


def site(request):
    """``as_of``: the date the page answers for. ``preferences``: how the visitor wants it shown.

    ``languages``, ``canonical``, ``alternates``: the addresses of this page (mia_site.addresses).
    """
    return {
        "as_of": getattr(request, "as_of", None),
        "preferences": Preferences.read(request),
        "languages": SimpleLazyObject(lambda: list(addresses.languages_of(request))),
        "canonical": SimpleLazyObject(lambda: addresses.canonical(request)),
        "alternates": SimpleLazyObject(lambda: addresses.alternates(request)),
    }
