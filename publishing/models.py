"""What every published record has: a permanent code and a state that says who may see it."""

import re

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, router, transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from publishing.free_addresses import give_addresses
from publishing.retired_slugs import RetiredSlug
from publishing.text import slugify
from publishing.translated import columns
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


# How often what the site makes of a name is made anew when others took it meanwhile. Each time one
# of the others got on, so it ends; this many are for something that repeats for another reason.
_TRIES = 100


class CodedQuerySet(models.QuerySet):
    """Records that have a permanent code."""

    def bulk_create(self, objs, *args, **kwargs):
        """As Django's; records without a code or an address get one, as ``save()`` gives it."""
        objs, made = list(objs), set()
        for record in objs:
            if not record.code:
                record.code = record.free_code(made)
                made.add(record.code)
        if objs and hasattr(objs[0], "slug"):
            give_addresses(objs)
        return super().bulk_create(objs, *args, **kwargs)

    bulk_create.alters_data = True

    def visible_to(self, user):
        """All of them: what has no state of its own and belongs to nothing is public."""
        return self

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
    # Whether it needs a name or title in one language at least.
    title_required = True

    class Meta:
        abstract = True

    def save(self, *, using=None, update_fields=None, **kwargs):
        """A code or an address that nobody wrote is made, and made anew if another process has
        taken it before this record is stored."""
        options = {"using": using, "update_fields": update_fields, **kwargs}
        empty = [
            name
            for name in ("code", "slug")
            if self.__dict__.get(name, self) in ("", None)
            and (update_fields is None or name in update_fields)
        ]
        if not empty:
            return super().save(**options)
        using = using or router.db_for_write(type(self), instance=self)
        for tries_left in reversed(range(_TRIES)):
            for name in empty:
                setattr(self, name, "")
            try:
                with transaction.atomic(using=using):
                    self.code = self.code or self.free_code()
                    return super().save(**options)  # AddressField makes the address
            except IntegrityError:
                if not tries_left or not self._took(empty, using):
                    raise

    save.alters_data = True

    def _took(self, names, using):
        """Whether another record has what was made for one of these fields."""
        others = models.QuerySet(type(self), using=using).exclude(pk=self.pk)
        return any(others.filter(**{name: getattr(self, name)}).exists() for name in names)

    def natural_key(self):
        return (self.code,)

    @classmethod
    def title_fields(cls):
        """The columns of the text by which people know the record, one per language.

        ``["name_az", …]``; empty for records without such a text (a term of office).
        """
        names = {field.name for field in cls._meta.concrete_fields}
        for stem in ("name", "title", "label"):
            if found := [name for name in columns(stem) if name in names]:
                return found
        return []

    @property
    def own_title(self):
        """Its name or title in the first language that has one, or ""."""
        return next((t for name in self.title_fields() if (t := getattr(self, name))), "")

    def code_stem(self):
        """What a code made by the site begins with; rows of another record begin with its code."""
        return slugify(self.own_title)

    def free_code(self, also_taken=()):
        """A code that no record of this kind has or ever had: the stem, or the stem and a number.

        ``police-name-2``: rows that belong to another record (``numbered_codes``) are always
        numbered, main records only when the stem is taken.
        """
        stem = self.code_stem()[:80].strip("-") or self._meta.model_name
        model = type(self)
        manager = model._base_manager
        taken = set(also_taken)
        taken.update(manager.filter(code=stem).values_list("code", flat=True))
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
        if self.title_required and self.title_fields() and not self.own_title:
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
        exclude = self._and_what_is_made(exclude)
        super().validate_unique(exclude=exclude)
        if "slug" in exclude or not hasattr(self, "slug"):
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

    def validate_constraints(self, exclude=None):
        super().validate_constraints(exclude=self._and_what_is_made(exclude))

    def _and_what_is_made(self, exclude):
        """``exclude`` with an address that is empty and will be made when the record is saved."""
        return {*(exclude or ()), *(["slug"] if not getattr(self, "slug", "-") else [])}


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


def is_published(at=None, path=""):
    """What the public may see, as a Q; ``path``: ``"unit__"`` and the like, from the records that
    are asked for. See ``PublishableQuerySet.published``."""
    now = Q(**{f"{path}publish_at__isnull": True})
    now |= Q(**{f"{path}publish_at__lte": at or timezone.now()})
    return now & Q(**{f"{path}status": Status.PUBLISHED})


class PublishableQuerySet(CodedQuerySet):
    """Records that the public sees only when they are published."""

    def published(self, at=None):
        """What the public may see at the moment ``at`` (an aware datetime; now by default).

        No ``publish_at`` means: from the moment the status was set.
        """
        return self.filter(is_published(at))

    def visible_to(self, user, at=None):
        """Everything to those who may edit such records, the published ones to the rest."""
        return self if may_edit(user, self.model) else self.published(at)

    def hidden_from(self, user, at=None):
        """All that ``visible_to`` leaves out."""
        if may_edit(user, self.model):
            return self.none()
        not_published, not_yet = _hidden(at)
        return self.filter(not_published | not_yet)

    def hidden_from_the_public(self, at=None):
        """The same for the public as two querysets, those that are not published and those that are
        not yet. For whoever asks whether there are any: each is found by the index of the status;
        asked for both at once, SQLite reads all of it."""
        return [self.order_by().filter(hidden) for hidden in _hidden(at)]


def _hidden(at):
    later = Q(status=Status.PUBLISHED, publish_at__gt=at or timezone.now())
    return Q(status__in=[Status.DRAFT, Status.ARCHIVED]), later


def may_edit(user, model):
    """Whether ``user`` (None and anonymous included) may change records of ``model``."""
    if user is None or not user.is_active or not user.is_staff:
        return False
    opts = model._meta
    return user.has_perm(f"{opts.app_label}.change_{opts.model_name}")


def why_not_add(user, model):
    """Why ``user`` (None: a command, which may) cannot make a change that writes a record of
    ``model`` beside it, as a sentence; "" where they can."""
    opts = model._meta
    if user is None or user.has_perm(f"{opts.app_label}.add_{opts.model_name}"):
        return ""
    return _(
        "This change would also write a row of “%(kind)s”, and you may not add those. Ask somebody "
        "who may."
    ) % {"kind": opts.verbose_name_plural}


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


def is_public_at(moment, status, publish_at):
    """Whether the public sees a record with these two at ``moment``; as ``published()`` finds."""
    return status == Status.PUBLISHED and (publish_at is None or publish_at <= moment)


def hides_public(moment, before, after):
    """Whether a change would hide what is public at ``moment`` by a time that is still to come.

    ``before``, ``after``: (status, publish_at). A record that is made a draft or archived is taken
    back on purpose; a time says when something appears, never that it disappears until then.
    """
    if after[0] != Status.PUBLISHED or is_public_at(moment, *after):
        return False
    return is_public_at(moment, *before)


HIDES_PUBLIC = _(
    "The public sees this record now; a later time would hide it. Choose a time that has passed "
    "or none. To take the record back, make it a draft or archive it."
)


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

    def save(self, *, update_fields=None, **kwargs):
        """Raises ValidationError (on ``publish_at``) rather than hide what is public now."""
        self._refuse_to_hide(update_fields)
        super().save(update_fields=update_fields, **kwargs)

    save.alters_data = True

    @property
    def is_public(self):
        """Whether the public sees this record now; the same rule as ``published()``."""
        return is_public_at(timezone.now(), self.status, self.publish_at)

    @property
    def is_scheduled(self):
        """Published, but only at a later moment."""
        return self.status == Status.PUBLISHED and not self.is_public

    def clean(self):
        super().clean()
        self._refuse_to_hide()

    def _refuse_to_hide(self, written=None):
        """``written``: names of the fields that are written; None for all in hand.

        What is stored counts, not what this copy remembers; it is asked for only where a time to
        come is to be written.
        """
        if self.pk is None or "publish_at" not in self.__dict__:
            return
        if written is not None and "publish_at" not in written:
            return
        now = timezone.now()
        publish_at = self._meta.get_field("publish_at").get_prep_value(self.publish_at)
        if is_public_at(now, Status.PUBLISHED, publish_at):
            return
        rows = type(self)._base_manager.filter(pk=self.pk)
        before = rows.values_list("status", "publish_at").first()
        if before is None:
            return
        status = self.status if written is None or "status" in written else before[0]
        if hides_public(now, before, (status, publish_at)):
            error = ValidationError(HIDES_PUBLIC, code="hides_public")
            raise ValidationError({"publish_at": error})
