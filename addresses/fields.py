"""How addresses of the former site are written, so that each is found however it is asked for."""

import re
from urllib.parse import quote, unquote

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.http.request import split_domain_port, validate_host
from django.urls import Resolver404, resolve
from django.utils import translation
from django.utils.translation import gettext_lazy as _

LONGEST = 500
_OWN_ADDRESS = re.compile(r"(?i)https?://([^/?#]*)")


def key_of(path, query=""):
    """The one way of writing an address: percent signs read, no slash at the end, case kept.

    Returns "" for what can be no such address. ``query``: without its question mark.
    """
    key = unquote(path).rstrip("/") or "/"
    if query := unquote(query).rstrip("/"):
        key += f"?{query}"
    return key if len(key) <= LONGEST and _storable(key) else ""


def _storable(text):
    """What every database holds: no NUL, no half of a surrogate pair, nothing unseen."""
    return text.isprintable()


def old_address(text):
    """The key of an address as somebody copied it, with or without the site's name before it.

    Raises ValidationError, with a sentence, for what is no old address.
    """
    text = _OWN_ADDRESS.sub("", text.strip(), count=1).partition("#")[0]
    text = text if text.startswith("/") else f"/{text}"
    path, _sign, query = text.partition("?")
    key = key_of(path, query)
    if not key:
        raise ValidationError(
            _("This address is too long or has characters that nobody can see. Copy it again."),
            code="unreadable",
        )
    if key == "/" or (key.startswith("/?") and not key.startswith("/?/")):
        raise ValidationError(
            _(
                "This is the home page of the site, which needs no redirect. An address of the "
                "former site looks like /?/az/content/28998/ or /az/news/17.html"
            ),
            code="home",
        )
    return key


def local_target(text):
    """A path of this site, as an address bar shows it. Raises ValidationError for anything else.

    ``https://`` and the site's own name before it are taken off; no other site can be meant.
    """
    text = text.strip()
    own = _OWN_ADDRESS.match(text)
    if own:
        host, _port = split_domain_port(own[1])
        if not host or not validate_host(host, settings.ALLOWED_HOSTS):
            raise ValidationError(
                _("A redirect leads only to pages of this site."), code="another_site"
            )
        text = text[own.end() :] or "/"
    if not text.startswith("/") or text.startswith("//") or "\\" in text or not _storable(text):
        raise ValidationError(
            _("Write the address of a page of this site, such as /az/units/ or /en/contact/."),
            code="not_local",
        )
    path, sign, rest = re.fullmatch(r"([^?#]*)([?#]?)(.*)", text).groups()
    path = quote(unquote(path), safe="/~!$&'()*+,;=:@")
    language = path.split("/")[1]
    if language not in dict(settings.LANGUAGES) or not _is_page(path, language):
        raise ValidationError(
            _(
                "This site has no page at %(address)s. Open the page in the browser and copy its "
                "address."
            ),
            code="no_page",
            params={"address": path[:100]},
        )
    return path + sign + quote(rest, safe="/~!$&'()*+,;=:@?#%")


def _is_page(path, language):
    with translation.override(language):
        try:
            resolve(unquote(path))
        except Resolver404:
            return False
    return True


class _AddressField(models.CharField):
    """An address that is kept in its one way of writing."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **{"max_length": LONGEST, **kwargs})

    def deconstruct(self):
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.CharField", args, kwargs

    def clean(self, value, model_instance):
        return super().clean(self.written(value) if value else value, model_instance)

    def pre_save(self, model_instance, add):
        """What is saved without a form is written in the same way, and refused for the same."""
        value = self.written(getattr(model_instance, self.attname))
        setattr(model_instance, self.attname, value)
        return value


class OldAddressField(_AddressField):
    """See ``old_address``."""

    written = staticmethod(old_address)


class LocalAddressField(_AddressField):
    """See ``local_target``."""

    written = staticmethod(local_target)
