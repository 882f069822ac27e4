"""Editorial pages: about, contact, accessibility statement, open data, privacy."""

from django.db import models
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from publishing.addresses import address_of
from publishing.fields import AddressField, LineField, LinesField, SearchTextField, has_address
from publishing.models import Publishable, PublishableQuerySet
from publishing.richtext import MarkdownField


class Placement(models.TextChoices):
    NAVIGATION = "navigation", _("Navigation")
    FOOTER = "footer", _("Footer")
    NONE = "none", _("Not linked")


class PageQuerySet(PublishableQuerySet):
    """Pages of text."""

    def linked(self):
        """What menus show of the pages that they link: those of the navigation, then the others."""
        linked = self.filter(placement__in=(Placement.NAVIGATION, Placement.FOOTER))
        linked = linked.only("code", "slug", "placement", *Page.title_fields())
        return linked.order_by(F("placement").desc(), "order", "code")  # n before f


class Page(Publishable):
    """A page of text."""

    slug = AddressField(_("address"))
    title = LineField(_("title"), max_length=200)
    summary = LinesField(_("summary"), blank=True)
    body = MarkdownField(_("text"), blank=True, help_text=_("Markdown."))
    placement = models.CharField(
        _("place"), max_length=12, choices=Placement.choices, default=Placement.FOOTER
    )
    order = models.PositiveIntegerField(_("order"), default=0)
    search_text = SearchTextField(sources=["title", "code"])

    objects = PageQuerySet.as_manager()

    class Meta(Publishable.Meta):
        verbose_name = _("page")
        verbose_name_plural = _("pages")
        ordering = ["order", "code"]
        constraints = [has_address("pages_page_has_address")]

    def __str__(self):
        return self.title or self.code

    def get_absolute_url(self):
        return address_of("pages:page", self.slug)
