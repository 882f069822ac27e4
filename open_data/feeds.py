"""Atom feeds: what was published or changed, for the whole site and for one unit."""

from datetime import UTC, datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from history.models import Event
from open_data import answers
from open_data.kinds import KINDS
from open_data.linked.names import segment
from publishing.feeds import PlainTextFeed
from publishing.record_kinds import kind_of
from structure.as_of import AsOf
from units.models import Unit

NEWEST = 40


class News(Feed):
    """Events and units that were published or changed last; texts in the address's language."""

    feed_type = PlainTextFeed

    def __call__(self, request, *args, **kwargs):
        self.host = urlsplit(settings.SITE_ADDRESS).netloc or request.get_host()
        return answers.kept(request, super().__call__(request, *args, **kwargs))

    def get_object(self, request, **kwargs):
        return None

    def tag(self, name):
        """A permanent identifier (RFC 4151) that does not depend on addresses."""
        host = urlsplit(f"//{self.host}").hostname
        return f"tag:{segment(host)},2026:{name}"

    def title(self, unit):
        return _("Ministry of Internal Affairs of Azerbaijan: what is new")

    def subtitle(self, unit):
        return _("Events and units that were published or changed last.")

    def link(self, unit):
        return reverse("home")

    def feed_guid(self, unit):
        return self.tag(f"news/{get_language()}")

    def author_name(self, unit):
        return _("Ministry of Internal Affairs of Azerbaijan")

    def items(self, unit):
        newest = [
            record
            for kind in KINDS
            if kind.is_news
            for record in kind.public().order_by("-updated_at", "pk")[:NEWEST]
        ]
        return sorted(newest, key=changed, reverse=True)[:NEWEST]

    def item_title(self, record):
        if isinstance(record, Unit):
            return AsOf(None, None).name(record)
        return str(record)

    def item_description(self, record):
        return record.summary or ""

    def item_link(self, record):
        return record.get_absolute_url()

    def item_guid(self, record):
        return self.tag(f"{kind_of(type(record)).name}/{segment(record.code)}")

    item_guid_is_permalink = False

    def item_pubdate(self, record):
        return record.publish_at or record.created_at

    def item_updateddate(self, record):
        return changed(record)


class UnitNews(News):
    """The events of one unit and the changes of its page."""

    def get_object(self, request, slug, **kwargs):
        return get_object_or_404(Unit.objects.visible_to(None), slug=slug)

    def title(self, unit):
        return AsOf(None, None).name(unit)

    def subtitle(self, unit):
        return _("The events of this unit, and changes of its page.")

    def link(self, unit):
        return unit.get_absolute_url()

    def feed_guid(self, unit):
        return self.tag(f"news/{get_language()}/units/{segment(unit.code)}")

    def items(self, unit):
        events = Event.objects.visible_to(None).with_unit(unit)
        found = [unit, *events.order_by("-updated_at", "pk")[:NEWEST]]
        return sorted(found, key=changed, reverse=True)


def changed(record):
    """When the public saw the record change last."""
    return max(record.updated_at, record.publish_at or datetime.min.replace(tzinfo=UTC))
