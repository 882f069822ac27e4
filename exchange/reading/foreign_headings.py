"""What other registers call our columns, so that an unknown heading gets the right advice.

Nothing is taken by such a word alone: ``valid_from`` may mean a record or a version of it. The
editor is told which column it probably is and renames it.
"""

import re

from exchange.columns import nearest
from publishing.translated import columns, own_first

# Words that hold for every kind of record; a resource adds its own (``also_called``). A stem such
# as ``name`` stands for the column of each language.
ALSO_CALLED = {
    "code": (
        "id", "key", "identifier", "uid", "uri", "number", "no", "ref", "reference", "kennung",
    ),
    "parent": (
        "parent id", "parent code", "parent key", "parent name", "superior", "part of",
        "belongs to", "reports to", "parent organisation", "parent organization", "parent unit",
        "higher unit", "hierarchy",
    ),
    "name": ("title", "label", "organisation", "organization", "full name", "official name",
             "designation", "bezeichnung", "nom", "nombre"),
    "title": ("name", "label", "heading"),
    "abbreviation": ("acronym", "abbr", "initials"),
    "short_name": ("short title",),
    "kind": ("type", "category", "class", "form", "legal form"),
    "begin": ("from", "start", "start date", "valid from", "since", "date from"),
    "end": ("to", "until", "till", "end date", "valid to", "valid until", "date to"),
    "website": ("url", "web", "homepage", "home page", "link", "web address", "site"),
    "email": ("e mail", "mail", "contact email"),
    "phone": ("tel", "telephone", "telephone number", "phone number"),
    "address": ("street", "street address", "postal address", "location"),
    "latitude": ("lat",),
    "longitude": ("lon", "lng", "long"),
    "order": ("position", "sort", "sort order", "rank", "sequence"),
    "summary": ("description", "notes", "note", "remarks", "about", "comment"),
    "note": ("notes", "remarks", "comment"),
}  # fmt: skip


def meant_by(resource, heading):
    """Names of the columns that a foreign heading probably means; several only for languages."""
    word = re.sub(r"[\s_.:-]+", " ", heading).strip().casefold()
    names = {column.name for column in resource.columns()}
    sources = (resource.also_called, ALSO_CALLED)
    for called in sources:
        for stem, words in called.items():
            found = [n for n in (stem, *columns(stem)) if n in names]
            if found and word in (*words, stem.replace("_", " ")):
                return own_first(found)
    return []


def suggestion(resource, heading):
    """The names of columns, or one heading in the editor's language, that this one resembles."""
    if found := meant_by(resource, heading):
        return found
    names = [column.name for column in resource.columns()]
    labels = {label for column in resource.columns() for label in column.headings(None)}
    # Of words that differ in capitals alone the last one is taken: the name, not the label.
    guess = nearest(heading, [*sorted(labels), *names])
    return [guess] if guess else []
