"""Addresses that keep the date for which a page answers."""

from functools import lru_cache

from django.utils.http import urlencode


def dated(address, as_of):
    """``{{ unit.get_absolute_url|dated:as_of }}``: the address with the page's ``?on=``, if any."""
    if not as_of or as_of.on is None:
        return address
    path, mark, fragment = str(address).partition("#")
    joint = "&" if "?" in path else "?"
    return f"{path}{joint}{on_parameter(as_of)}{mark}{fragment}"


def on_parameter(as_of):
    """``on=1920`` of a page with a date."""
    return _parameter_of(str(as_of.on))


@lru_cache(maxsize=256)
def _parameter_of(date):
    return urlencode({"on": date})
