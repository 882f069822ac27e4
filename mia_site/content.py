"""The content that the site starts with: the fixtures, in the order in which they refer back."""

# One file per record kind; each name is a file in ``fixtures/`` without ``.json``.
CONTENT_FIXTURES = (
    "sources",
    "unit_kinds",
    "units",
    "external_bodies",
    "dated_names",
    "dated_superiors",
    "links",
    "people",
    "posts",
    "terms",
    "eras",
    "events",
    "participations",
    "figure_groups",
    "figures",
    "observances",
    "pages",
)
