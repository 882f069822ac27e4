"""Atom feeds (RFC 4287) of records, whose texts are plain."""

from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape


class PlainTextFeed(Atom1Feed):
    """Atom whose summaries are plain text. Django declares them as HTML: they become that."""

    def add_item(self, title, link, description, **fields):
        super().add_item(title, link, escape(description), **fields)
