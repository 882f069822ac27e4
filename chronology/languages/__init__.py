"""The languages that the code knows: one file each, named by its code (``az.py``).

Which of them the site is written in, settings say: ``LANGUAGES``. A file tells how a language words
and reads dates, its alphabet, its capital letters, how it groups digits. For a language of the site
that has no file yet, SOURCE stands in. Nothing outside of this package and of settings names a
language by its code: the rest asks here, or asks for the columns of a text in every language
(``publishing.translated``).

To add one, see CONTRIBUTING.md, "A language".
"""

import pkgutil
from functools import cache
from importlib import import_module

from django.conf import settings
from django.utils.translation import get_language

from chronology.languages.language import Language

# The language of the message ids, so of all that is not translated.
SOURCE = "en"

# The files of this package that are no language.
_OTHERS = {"language"}


@cache
def known() -> dict[str, Language]:
    """``{code: Language}`` of every file of this package, by code."""
    names = sorted(one.name for one in pkgutil.iter_modules(__path__))
    return {
        name: import_module(f"{__name__}.{name}").LANGUAGE for name in names if name not in _OTHERS
    }


def language(code: str | None = None) -> Language:
    """The Language with this code (``az``, also ``az-latn``), the active one unless given.

    Where there is none, that of SOURCE.
    """
    code = (code or get_language() or SOURCE).split("-")[0].lower()
    return known().get(code) or known()[SOURCE]


def site_codes() -> list[str]:
    """The codes of the languages of the site, in the order of ``settings.LANGUAGES``."""
    return [code for code, _name in settings.LANGUAGES]


def reading_order(own: str | None = None) -> list[str]:
    """The codes of the languages of the site, ``own`` (the active one unless given) first: the
    order in which a reader is offered a text that may be missing in some of them."""
    own = own or get_language()
    return sorted(site_codes(), key=lambda code: code != own)
