"""What happened: events, who took part in them, figures, yearly days, and where it is written."""

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from chronology import HistoricalDateField
from publishing.fields import LineField, LinesField, SearchTextField, WebAddressField
from publishing.models import Coded, Publishable
from publishing.richtext import MarkdownField
from units.models import ExternalBody, Unit


class Era(Coded):
    """A named stretch of the timeline."""

    slug = models.SlugField(_("address"), max_length=100, unique=True)
    name = LineField(_("name"), max_length=150)
    summary = LinesField(_("summary"), blank=True)
    begin = HistoricalDateField(_("from"), blank=True)
    end = HistoricalDateField(_("until"), blank=True, empty="open")
    order = models.PositiveIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("era")
        verbose_name_plural = _("eras")
        ordering = ["order", "code"]

    def __str__(self):
        return self.name or self.code


class SourceKind(models.TextChoices):
    DECREE = "decree", _("Decree")
    LAW = "law", _("Law")
    ORDER = "order", _("Order")
    DECISION = "decision", _("Decision")
    ARTICLE = "article", _("Article")
    BOOK = "book", _("Book")
    PAGE = "page", _("Web page")


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
    search_text = SearchTextField(sources=["title_az", "title_en", "number", "code"])

    class Meta:
        verbose_name = _("source")
        verbose_name_plural = _("sources")
        ordering = ["code"]

    def __str__(self):
        return self.title or self.code


class EventKind(models.TextChoices):
    FOUNDING = "founding", _("Founding")
    RENAMING = "renaming", _("Renaming")
    TRANSFER = "transfer", _("Transfer")
    RELOCATION = "relocation", _("Relocation")
    MERGER = "merger", _("Merger")
    ABSORPTION = "absorption", _("Absorption")
    SPLIT = "split", _("Split")
    SEPARATION = "separation", _("Separation")
    REORGANISATION = "reorganisation", _("Reorganisation")
    SUBORDINATION = "subordination", _("Subordination")
    ABOLITION = "abolition", _("Abolition")
    AWARD = "award", _("Award")
    MEMBERSHIP = "membership", _("Membership")
    LEGAL_ACT = "legal-act", _("Legal act")
    OTHER = "other", _("Other")


class Event(Publishable):
    """Something that happened, dated as precisely as is known."""

    slug = models.SlugField(_("address"), max_length=100, unique=True)
    date = HistoricalDateField(
        _("date"), periods=True, blank=True, help_text=_("Empty when no source gives a date.")
    )
    kind = models.CharField(_("kind"), max_length=20, choices=EventKind.choices)
    era = models.ForeignKey(
        Era, verbose_name=_("era"), on_delete=models.PROTECT, related_name="events"
    )
    title = LineField(_("title"), max_length=250)
    summary = LinesField(_("summary"), blank=True)
    body = MarkdownField(_("text"), blank=True, help_text=_("Markdown."))
    place = LineField(_("place"), max_length=200, blank=True)
    weight = models.PositiveSmallIntegerField(
        _("weight"),
        default=2,
        validators=[MinValueValidator(1), MaxValueValidator(3)],
        help_text=_("1: detail, 2: ordinary, 3: milestone, shown on the home page."),
    )
    order = models.PositiveIntegerField(
        _("order"), default=0, help_text=_("Among events of the same date.")
    )
    sources = models.ManyToManyField(
        Source, verbose_name=_("sources"), blank=True, related_name="events"
    )
    search_text = SearchTextField(sources=["title_az", "title_en", "place_az", "place_en", "code"])

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        ordering = ["era__order", "date_earliest", "order", "code"]

    def __str__(self):
        return self.title or self.code

    def get_absolute_url(self):
        return reverse("history:event", args=[self.slug])


class Side(models.TextChoices):
    BEFORE = "before", _("Before")
    AFTER = "after", _("After")
    SUBJECT = "subject", _("Concerned")


class ParticipationQuerySet(models.QuerySet):
    def get_by_natural_key(self, event, unit, external_body, side):
        return self.get(
            event__code=event,
            unit__code=unit,
            external_body__code=external_body,
            side=side,
        )

    def visible_to(self, user):
        """Participations whose event, and whose unit or body, ``user`` may both see."""
        return self.filter(
            Q(unit__in=Unit.objects.visible_to(user))
            | Q(external_body__in=ExternalBody.objects.visible_to(user)),
            event__in=Event.objects.visible_to(user),
        )


class Participation(models.Model):
    """A unit, or a body outside, in an event: there before it, there after it, or concerned."""

    event = models.ForeignKey(
        Event, verbose_name=_("event"), on_delete=models.CASCADE, related_name="participations"
    )
    unit = models.ForeignKey(
        Unit,
        verbose_name=_("unit"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="participations",
    )
    external_body = models.ForeignKey(
        ExternalBody,
        verbose_name=_("body outside"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="participations",
    )
    side = models.CharField(_("side"), max_length=10, choices=Side.choices, default=Side.SUBJECT)

    objects = ParticipationQuerySet.as_manager()

    class Meta:
        verbose_name = _("participation")
        verbose_name_plural = _("participations")
        ordering = ["event", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["event", "unit", "side"],
                name="history_participation_unit_once",
                violation_error_message=_("This unit already stands on this side of the event."),
            ),
            models.UniqueConstraint(
                fields=["event", "external_body", "side"],
                name="history_participation_body_once",
                violation_error_message=_("This body already stands on this side of the event."),
            ),
            models.CheckConstraint(
                condition=Q(unit__isnull=True, external_body__isnull=False)
                | Q(unit__isnull=False, external_body__isnull=True),
                name="history_participation_one_participant",
                violation_error_message=_("Give either a unit or a body outside."),
            ),
        ]

    def __str__(self):
        return f"{self.participant} ({self.get_side_display()})"

    @property
    def participant(self):
        """The unit or external body."""
        return self.unit or self.external_body

    def natural_key(self):
        return (
            self.event.code,
            self.unit.code if self.unit else None,
            self.external_body.code if self.external_body else None,
            self.side,
        )

    natural_key.dependencies = ["history.event", "units.unit", "units.externalbody"]


class FigureGroup(Coded):
    """What figures are shown together: the fallen, the decorated, education …"""

    name = LineField(_("name"), max_length=150)
    summary = LinesField(_("summary"), blank=True)
    order = models.PositiveIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("group of figures")
        verbose_name_plural = _("groups of figures")
        ordering = ["order", "code"]

    def __str__(self):
        return self.name or self.code


class Figure(Publishable):
    """A number with its meaning."""

    group = models.ForeignKey(
        FigureGroup, verbose_name=_("group"), on_delete=models.PROTECT, related_name="figures"
    )
    event = models.ForeignKey(
        Event,
        verbose_name=_("event"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="figures",
    )
    unit = models.ForeignKey(
        Unit,
        verbose_name=_("unit"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="figures",
    )
    value = models.BigIntegerField(_("number"))
    approximate = models.BooleanField(_("approximate"), default=False)
    label = LineField(_("what is counted"), max_length=200)
    note = LinesField(_("note"), blank=True)
    on_home_page = models.BooleanField(_("on the home page"), default=False)
    order = models.PositiveIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("figure")
        verbose_name_plural = _("figures")
        ordering = ["group__order", "order", "code"]

    def __str__(self):
        return f"{self.value} {self.label}"


class Observance(Publishable):
    """A day kept every year."""

    title = LineField(_("title"), max_length=200)
    month = models.PositiveSmallIntegerField(
        _("month"), validators=[MinValueValidator(1), MaxValueValidator(12)]
    )
    day = models.PositiveSmallIntegerField(
        _("day"), validators=[MinValueValidator(1), MaxValueValidator(31)]
    )
    unit = models.ForeignKey(
        Unit,
        verbose_name=_("unit"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="observances",
    )
    since = HistoricalDateField(_("since"), blank=True)
    origin = models.ForeignKey(
        Event,
        verbose_name=_("event it recalls"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="observances",
    )
    summary = LinesField(_("summary"), blank=True)

    class Meta:
        verbose_name = _("yearly day")
        verbose_name_plural = _("yearly days")
        ordering = ["month", "day", "code"]

    def __str__(self):
        return self.title or self.code

    def clean(self):
        super().clean()
        longest = {2: 29, 4: 30, 6: 30, 9: 30, 11: 30}
        if self.month and self.day and self.day > longest.get(self.month, 31):
            raise ValidationError({"day": _("This month has no such day.")})
