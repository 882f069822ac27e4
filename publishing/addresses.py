"""Addresses of the pages of records: those of one kind differ by the slug alone."""

import re
from functools import lru_cache

from django.urls import get_script_prefix, get_urlconf, reverse
from django.utils.translation import get_language

_PLACE = "--slug--"
_SLUG = re.compile(r"[-a-zA-Z0-9_]+")


def address_of(view, slug):
    """What ``reverse(view, args=[slug])`` gives, quickly: lists ask for hundreds of addresses.

    "" for what is no slug, so that one bad record takes no list away that others stand in.
    """
    if not _SLUG.fullmatch(slug):
        return ""
    return _pattern(view, get_language(), get_urlconf(), get_script_prefix()).replace(_PLACE, slug)


@lru_cache(maxsize=256)
def _pattern(view, language, urlconf, prefix):
    # What the address depends on beside the slug; reverse() reads the same from its surroundings.
    return reverse(view, args=[_PLACE])
