"""Texts that a record has in each language of the site, one column a language (``name_az``).

django-modeltranslation makes the columns. Whoever needs all of them, or a certain one, asks here,
so that no other code names a language.
"""

from functools import cache

from django.utils.translation import get_language
from modeltranslation.utils import build_localized_fieldname

from chronology.languages import language, reading_order, site_codes


@cache
def column(stem, code):
    """The column of a translated text in one language: ``name_az``, ``name_pt_br`` of pt-br."""
    return build_localized_fieldname(stem, code)


def columns(*stems):
    """The columns of translated texts in every language: ``["name_az", "name_en", …]``."""
    return [column(stem, code) for stem in stems for code in site_codes()]


def texts(record, stem):
    """The text of a record, or of a row with such columns, in each language of the site; "" where
    it has none. A tuple in the order of ``settings.LANGUAGES``."""
    return tuple(getattr(record, name, None) or "" for name in columns(stem))


def by_column(stem, texts):
    """``{"name_az": …, "name_en": …}`` of texts as ``texts()`` gives them; all "" for None."""
    names = columns(stem)
    return dict(zip(names, texts or [""] * len(names), strict=True))


def shown(texts, own=None):
    """``(text, language)`` of texts as ``texts()`` gives them: in the reader's language (``own``,
    the active one unless given) and "", else in the first that has one, with its code;
    ``("", "")`` where none has."""
    codes, own = site_codes(), own or get_language()
    if own in codes and (text := texts[codes.index(own)]):
        return text, ""
    # A plain loop: asked for every name on a page.
    for code, text in zip(codes, texts, strict=True):
        if text:
            return text, code
    return "", ""


def shown_columns(stem, code):
    """The columns of a text in the order in which a reader of the language ``code`` is shown them:
    in theirs, else in the next. Of a language that the site has not, in that which stands in."""
    codes = site_codes()
    own = code if code in codes else language(code).code
    return [column(stem, one) for one in reading_order(own)]


def language_of_column(name):
    """The language of a column (``az`` of ``name_az``), "" where it is of none."""
    return next((code for code in site_codes() if name.endswith(column("", code))), "")


def own_first(columns, code=None):
    """``columns``, those in the language ``code`` (the active one unless given) first."""
    own = code or get_language()
    return sorted(columns, key=lambda name: language_of_column(name) != own)
