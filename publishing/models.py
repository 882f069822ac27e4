"""What every published record has: a permanent code and a state that says who may see it."""

import re

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from publishing.retired_slugs import RetiredSlug
from publishing.text import slugify
from publishing.visible import refuse_invisible


def validate_code(value):
    """A code may hold anything that other registers use (``/ : . #``) except what nobody can see.

    Codes are compared exactly; blanks at either end would make two codes look alike.
    """
    if value != value.strip():
        raise ValidationError(_("Remove the blank at the beginning or the end of the code."))
    refuse_invisible(
        value,
        sentence=_("The code has the invisible character %(character)s. Type the code again."),
    )


class CodedQuerySet(models.QuerySet):
    """Records that have a permanent code."""

    def get_by_natural_key(self, code):
        """The record with this code; used by fixtures."""
        return self.get(code=code)


class Coded(models.Model):
    """A record with a permanent identifier: unique, never reused, used by files and addresses."""

    code = models.CharField(
        _("code"),
        max_length=100,
        unique=True,
        validators=[validate_code],
        help_text=_("Permanent identifier. It is never changed and never used again."),
    )

    objects = CodedQuerySet.as_manager()

    # Rows that belong to another record number their codes from the first one on.
    numbered_codes = False

    class Meta:
        abstract = True

    def save(self, *args, **kwargs):
        if not self.code:
            self.code = self.free_code()
        super().save(*args, **kwargs)

    def natural_key(self):
        return (self.code,)

    @classmethod
    def title_fields(cls):
        """The columns of the text by which people know the record, one per language.

        ``["name_az", "name_en"]``; empty for records without such a text (a term of office).
        """
        names = {field.name for field in cls._meta.concrete_fields}
        for stem in ("name", "title", "label"):
            found = [f"{stem}_{code}" for code, _name in settings.LANGUAGES]
            found = [name for name in found if name in names]
            if found:
                return found
        return []

    @property
    def own_title(self):
        """Its name or title in the first language that has one, or ""."""
        return next((t for name in self.title_fields() if (t := getattr(self, name))), "")

    def code_stem(self):
        """What a code made by the site begins with; rows of another record begin with its code."""
        return slugify(self.own_title)

    def free_code(self):
        """A code that no record of this kind has or ever had: the stem, or the stem and a number.

        ``police-name-2``: rows that belong to another record (``numbered_codes``) are always
        numbered, main records only when the stem is taken.
        """
        stem = self.code_stem()[:80].strip("-") or self._meta.model_name
        model = type(self)
        manager = model._base_manager
        taken = {stem} & set(manager.filter(code=stem).values_list("code", flat=True))
        taken.update(manager.filter(code__startswith=f"{stem}-").values_list("code", flat=True))
        taken.update(
            RetiredCode.objects.filter(
                Q(code=stem) | Q(code__startswith=f"{stem}-"), kind=model._meta.label_lower
            ).values_list("code", flat=True)
        )
        if stem not in taken and not self.numbered_codes:
            return stem
        number = re.compile(re.escape(stem) + r"-([0-9]{1,9})")
        used = [int(match[1]) for code in taken if (match := number.fullmatch(code))]
        return f"{stem}-{max(used, default=0 if self.numbered_codes else 1) + 1}"

    def clean_fields(self, exclude=None):
        # The title's own column repeats the translations; clean() asks for one of those.
        stems = {name.rsplit("_", 1)[0] for name in self.title_fields()}
        super().clean_fields(exclude=set(exclude or ()) | stems)

    def clean(self):
        super().clean()
        if self.title_fields() and not self.own_title:
            raise ValidationError(
                _("Write the name or title in at least one language."), code="no_title"
            )
        if (
            self._state.adding
            and self.code
            and RetiredCode.objects.filter(kind=self._meta.label_lower, code=self.code).exists()
        ):
            raise ValidationError(
                _(
                    "The code “%(code)s” belonged to a record that was deleted. Codes are never "
                    "used again; choose another one."
                ),
                code="retired_code",
                params={"code": self.code},
            )

    def validate_unique(self, exclude=None):
        """Neither another record's address nor one that still leads to another record."""
        super().validate_unique(exclude=exclude)
        if "slug" in (exclude or ()) or not getattr(self, "slug", ""):
            return
        if owner := RetiredSlug.objects.owner_against(self):
            message = _(
                "The address “%(slug)s” was that of “%(record)s” and still leads there. "
                "Choose another one."
            )
            params = {"slug": self.slug, "record": owner}
            raise ValidationError(
                {"slug": ValidationError(message, code="retired_slug", params=params)}
            )


class RetiredCode(models.Model):
    """A code whose record was deleted. It is kept so that no other record gets it."""

    kind = models.CharField(_("kind of record"), max_length=60)
    code = models.CharField(_("code"), max_length=100)
    retired_at = models.DateTimeField(_("deleted"), auto_now_add=True)

    class Meta:
        verbose_name = _("retired code")
        verbose_name_plural = _("retired codes")
        ordering = ["kind", "code"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "code"], name="publishing_retiredcode_once")
        ]

    def __str__(self):
        return f"{self.kind} {self.code}"


def retire_code(sender, instance, using, **kwargs):
    """Keeps the code of a deleted record from being used again (a ``post_delete`` receiver)."""
    RetiredCode.objects.using(using).get_or_create(
        kind=sender._meta.label_lower, code=instance.code
    )


class Status(models.TextChoices):
    DRAFT = "draft", _("Draft")
    PUBLISHED = "published", _("Published")
    ARCHIVED = "archived", _("Archived")


class PublishableQuerySet(CodedQuerySet):
    """Records that the public sees only when they are published."""

    def published(self, at=None):
        """What the public may see at the moment ``at`` (an aware datetime; now by default).

        No ``publish_at`` means: from the moment the status was set.
        """
        at = at or timezone.now()
        return self.filter(
            Q(publish_at__isnull=True) | Q(publish_at__lte=at), status=Status.PUBLISHED
        )

    def visible_to(self, user, at=None):
        """Everything to those who may edit such records, the published ones to the rest."""
        return self if may_edit(user, self.model) else self.published(at)


def may_edit(user, model):
    """Whether ``user`` (None and anonymous included) may change records of ``model``."""
    if user is None or not user.is_active or not user.is_staff:
        return False
    opts = model._meta
    return user.has_perm(f"{opts.app_label}.change_{opts.model_name}")


def may_publish(user, model):
    """Whether ``user`` may decide what the public sees of ``model``: publish, change, withdraw."""
    if user is None or not user.is_active or not user.is_staff:
        return False
    opts = model._meta
    return user.has_perm(f"{opts.app_label}.publish_{opts.model_name}")


def refers_to(name, records):
    """The condition that the field ``name`` refers to one of ``records``, a QuerySet.

    Asked row by row. As ``name__in=records`` SQLite makes a list of all ``records`` first: of
    200,000 units, to show the two posts that there are.
    """
    return Exists(records.order_by().filter(pk=OuterRef(name)))


class Publishable(Coded):
    """A record with a publication state."""

    status = models.CharField(
        _("status"), max_length=10, choices=Status.choices, default=Status.DRAFT
    )
    publish_at = models.DateTimeField(
        _("publish at"),
        null=True,
        blank=True,
        help_text=_(
            "Leave empty to publish at once. A later time keeps the record hidden until then."
        ),
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("last changed"), auto_now=True)

    objects = PublishableQuerySet.as_manager()

    class Meta(Coded.Meta):
        abstract = True
        # Sub-classes inherit this through ``class Meta(Publishable.Meta)``.
        default_permissions = ("add", "change", "delete", "view", "publish")

    @property
    def is_public(self):
        """Whether the public sees this record now; the same rule as ``published()``."""
        return self.status == Status.PUBLISHED and (
            self.publish_at is None or self.publish_at <= timezone.now()
        )

    @property
    def is_scheduled(self):
        """Published, but only at a later moment."""
        return self.status == Status.PUBLISHED and not self.is_public
