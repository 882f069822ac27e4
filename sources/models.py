"""Where statements come from: decrees, laws, books, web pages."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from chronology import HistoricalDateField
from publishing.fields import LineField, LinesField, SearchTextField, WebAddressField
from publishing.models import Coded, CodedQuerySet, may_edit


class SourceKind(models.TextChoices):
    DECREE = "decree", _("Decree")
    LAW = "law", _("Law")
    ORDER = "order", _("Order")
    DECISION = "decision", _("Decision")
    ARTICLE = "article", _("Article")
    BOOK = "book", _("Book")
    PAGE = "page", _("Web page")


class SourceQuerySet(CodedQuerySet):
    def visible_to(self, user):
        """Sources that a statement cites which ``user`` may see; all of them to those who may
        edit sources."""
        if may_edit(user, self.model):
            return self
        cited = Q(pk__in=[])
        for relation in _citations():
            cites = relation.related_model._default_manager
            seen = cites.visible_to(user).order_by().values("pk")
            rows = relation.through.objects.filter(
                **{f"{relation.field.m2m_field_name()}__in": seen}
            )
            cited |= Q(pk__in=rows.values("source"))
        return self.filter(cited)


def _citations():
    """The relations by which records cite sources, see ``cited_sources()``."""
    relations = Source._meta.get_fields(include_hidden=True)
    return [one for one in relations if one.many_to_many and one.auto_created]


class Source(Coded):
    """Where a statement comes from."""

    title = LineField(_("title"), max_length=300)
    kind = models.CharField(_("kind"), max_length=20, choices=SourceKind.choices)
    number = LineField(_("number"), max_length=60, blank=True)
    publisher = LineField(_("publisher"), max_length=200, blank=True)
    date = HistoricalDateField(_("date"), blank=True)
    url = WebAddressField(_("web address"), blank=True)
    accessed = models.DateField(_("read on"), null=True, blank=True)
    note = LinesField(_("note"), blank=True)
    search_text = SearchTextField(sources=["title", "number", "code"])

    objects = SourceQuerySet.as_manager()

    class Meta:
        verbose_name = _("source")
        verbose_name_plural = _("sources")
        ordering = ["code"]

    def __str__(self):
        return self.title or self.code


def cited_sources(verbose_name=None, **options):
    """A field for the sources that a statement rests on."""
    return models.ManyToManyField(
        Source, verbose_name=verbose_name or _("sources"), blank=True, **options
    )
