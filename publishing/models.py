"""What every published record has: a permanent code and a state that says who may see it."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from publishing.text import invisible_character


def validate_code(value):
    """A code may hold anything that other registers use (``/ : . #``) except what nobody can see.

    Codes are compared exactly; blanks at either end would make two codes look alike.
    """
    if value != value.strip():
        raise ValidationError(_("Remove the blank at the beginning or the end of the code."))
    if found := invisible_character(value):
        raise ValidationError(
            _("The code has the invisible character %(character)s. Type the code again."),
            params={"character": found},
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

    class Meta:
        abstract = True

    def natural_key(self):
        return (self.code,)


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

    def visible_to(self, user):
        """Everything to those who may edit such records, the published ones to the rest."""
        return self if may_edit(user, self.model) else self.published()


def may_edit(user, model):
    """Whether ``user`` (None and anonymous included) may change records of ``model``."""
    if user is None or not user.is_active or not user.is_staff:
        return False
    opts = model._meta
    return user.has_perm(f"{opts.app_label}.change_{opts.model_name}")


class Publishable(Coded):
    """A record with a publication state."""

    status = models.CharField(
        _("status"), max_length=10, choices=Status.choices, default=Status.DRAFT, db_index=True
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
