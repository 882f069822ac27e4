"""Addresses that records have left behind. They lead to their record for ever (ADR 17).

Rows are written by the database itself, by a trigger on every table with a slug
(``publishing/slug_triggers.py``), so that no way of writing can forget them.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _


class RetiredSlugQuerySet(models.QuerySet):
    """What became of slugs that are no longer borne."""

    def of(self, model):
        return self.filter(kind=model._meta.label_lower)

    def present_record(self, model, slug, user):
        """The record that bore ``slug`` before, where ``user`` may see it; else None.

        A slug that a record bears today is that record's alone, whether it may be seen or not.
        """
        code = self.of(model).filter(slug=slug).values_list("code", flat=True).first()
        if code is None or model._base_manager.filter(slug=slug).exists():
            return None
        return model._default_manager.visible_to(user).filter(code=code).first()

    def owner_against(self, record):
        """The other record whose former address ``record`` is about to take, or None.

        A record that bears the slug in the database already may keep it.
        """
        model = type(record)
        code = self.of(model).filter(slug=record.slug).values_list("code", flat=True).first()
        if code is None:
            return None
        others = model._base_manager.exclude(pk=record.pk)
        if model._base_manager.filter(pk=record.pk, slug=record.slug).exists():
            return None
        return others.filter(code=code).first()


class RetiredSlug(models.Model):
    """A slug that a record bore before. Named by the record's code, which never changes."""

    kind = models.CharField(_("kind of record"), max_length=60)
    slug = models.CharField(_("former address"), max_length=100)
    code = models.CharField(_("code"), max_length=100, db_index=True)
    retired_at = models.DateTimeField(_("changed"), auto_now_add=True)

    objects = RetiredSlugQuerySet.as_manager()

    class Meta:
        verbose_name = _("former address")
        verbose_name_plural = _("former addresses")
        ordering = ["-retired_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "slug"], name="publishing_retiredslug_once")
        ]

    def __str__(self):
        return self.slug
