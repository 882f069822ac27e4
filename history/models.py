"""What happened: events, who took part in them, figures, yearly days, and where it is written."""

import calendar
import datetime

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Case, Count, F, Prefetch, Q, Value, When, Window
from django.db.models.functions import Coalesce, ExtractYear, RowNumber, Substr
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chronology import HistoricalDateField
from history import event_kinds
from publishing.addresses import address_of
from publishing.fields import (
    AddressField,
    LineField,
    LinesField,
    SearchTextField,
    has_address,
)
from publishing.matching import matching
from publishing.models import (
    Coded,
    Publishable,
    PublishableQuerySet,
    refers_to,
)
from publishing.richtext import MarkdownField
from sources.models import cited_sources
from units.models import ExternalBody, Unit


class Era(Coded):
    """A named stretch of the timeline."""

    slug = AddressField(_("address"))
    name = LineField(_("name"), max_length=150)
    summary = LinesField(_("summary"), blank=True)
    begin = HistoricalDateField(_("from"), blank=True)
    end = HistoricalDateField(_("until"), blank=True, empty="open")
    order = models.PositiveIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("era")
        verbose_name_plural = _("eras")
        ordering = ["order", "code"]
        constraints = [has_address("history_era_has_address")]

    def __str__(self):
        return self.name or self.code


class EventQuerySet(PublishableQuerySet):
    """Events, in the words of a historian."""

    def in_time_order(self):
        """Era by era, each from its first event to its last; what has no date closes its era.

        Also gives every event ``sort_day``, the day that orders it.
        """
        return self.annotate(
            sort_day=Coalesce("date_earliest", "date_latest", Value(datetime.date.max))
        ).order_by(*TIME_ORDER)

    def first_of_each_era(self, number):
        """The first ``number`` events of every era, in the order of time."""
        place = Window(
            RowNumber(), partition_by="era", order_by=[F(name).asc() for name in TIME_ORDER[2:]]
        )
        return self.in_time_order().annotate(place_in_era=place).filter(place_in_era__lte=number)

    def count_by_era(self):
        """How many events each era has: ``{era id: number}``; one query."""
        return dict(self.order_by().values_list("era").annotate(number=Count("pk", distinct=True)))

    def milestones(self):
        """The events that stand on the home page."""
        return self.filter(weight=MILESTONE)

    def with_unit(self, unit):
        """Events in which ``unit`` takes part."""
        return self.filter(pk__in=Participation.objects.filter(unit=unit).values("event"))

    def with_body(self, body):
        """Events in which the external ``body`` takes part."""
        return self.filter(pk__in=Participation.objects.filter(external_body=body).values("event"))

    def matching(self, text, user):
        """Events with the words of ``text`` in their title and place, or in one participant.

        A participant that ``user`` may not see is not looked at.
        """
        asked = matching(text)
        units = Unit.objects.visible_to(user).filter(asked)
        bodies = ExternalBody.objects.visible_to(user).filter(asked)
        named = Participation.objects.filter(Q(unit__in=units) | Q(external_body__in=bodies))
        return self.filter(asked | Q(pk__in=named.values("event")))

    def begun_by(self, day):
        """Events that had begun by ``day``, or may have; all of them where ``day`` is None.

        What has no date at all may be later: it is left out.
        """
        if day is None:
            return self
        unknown = Q(date_earliest__isnull=True, date_latest__isnull=False)
        return self.filter(Q(date_earliest__lte=day) | unknown)

    def within(self, first, last):
        """Events that certainly happened from the day ``first`` to the day ``last``.

        "About 1992" is kept with the days of 1992, but it may lie outside of them.
        """
        return self.filter(date_earliest__gte=first, date_latest__lte=last).exclude(DOUBTFUL)

    def perhaps_within(self, first, last):
        """Events that may have happened then, or that lasted through a part of it; no others."""
        begun = Q(date_earliest__lte=last) | Q(date_earliest__isnull=True)
        not_over = Q(date_latest__gte=first) | Q(date_latest__isnull=True)
        undated = Q(date_earliest__isnull=True, date_latest__isnull=True)
        surely = Q(
            date_earliest__isnull=False, date_earliest__gte=first,
            date_latest__isnull=False, date_latest__lte=last,
        ) & ~DOUBTFUL  # fmt: skip
        return self.filter(begun, not_over).exclude(undated).exclude(surely)

    def count_by_years(self):
        """``{(year of the first day it can mean, year of the last): number}``, None where that
        side is not known, and for the last of what is dated "about" or "possibly"; one query."""
        doubtful = When(DOUBTFUL & Q(date_earliest__isnull=False), then=None)
        years = {
            "first": ExtractYear("date_earliest"),
            "last": Case(doubtful, default=ExtractYear("date_latest")),
        }
        rows = self.order_by().annotate(**years).values_list("first", "last")
        return {
            (first, last): number
            for first, last, number in rows.annotate(number=Count("pk", distinct=True))
        }

    def known_to_the_day(self):
        """Events whose date is one certain day: no "about", no month, no period."""
        one_day = Q(date_earliest=F("date_latest"), date__regex=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$")
        return self.filter(one_day)

    def recalled_on(self, day):
        """Events with their anniversary on ``day`` (a date), the latest first.

        A year without 29 February recalls what happened on it on the 28th.
        """
        found = self.known_to_the_day().filter(date_earliest__month=day.month)
        return found.filter(date_earliest__day__in=days_recalled_on(day)).order_by(
            "-date_earliest", "order", "code"
        )

    def days_of_the_year(self):
        """``{(month, day), …}`` of all anniversaries, at most 366; one query."""
        texts = self.known_to_the_day().order_by().values_list(Substr("date", 6), flat=True)
        return {(int(text[:2]), int(text[3:])) for text in map(str, texts.distinct())}

    def recalled_after(self, day, number):
        """The events with the next anniversaries after ``day`` (a date), soonest first, as a list
        of at most ``number``. Goes on into the next year; two queries."""
        today = (day.month, day.day)
        days = sorted(self.days_of_the_year() - {today}, key=lambda one: (one < today, one))
        places = {one: place for place, one in enumerate(days[:number])}
        if not places:
            return []
        on_them = Q()
        for month, number_of_day in places:
            on_them |= Q(date_earliest__month=month, date_earliest__day=number_of_day)
        events = self.known_to_the_day().filter(on_them).order_by("date_earliest", "order", "code")
        in_turn = sorted(events, key=lambda e: places[e.date_earliest.month, e.date_earliest.day])
        return in_turn[:number]

    def with_participants(self, user):
        """Each event with ``visible_participations``: those that ``user`` may see."""
        return self.prefetch_related(participants_seen_by(user))

    def just_before(self, event):
        """The event before ``event`` in the order of time, or None."""
        return self._beside(event, "lt").reverse().first()

    def just_after(self, event):
        """The event after ``event`` in the order of time, or None."""
        return self._beside(event, "gt").first()

    def _beside(self, event, comparison):
        """Events that differ from ``event`` in time order: the first differing key decides."""
        keys = {
            "era__order": event.era.order,
            "era__code": event.era.code,
            "sort_day": event.date_earliest or event.date_latest or datetime.date.max,
            "order": event.order,
            "code": event.code,
        }
        condition, equal = Q(), Q()
        for name in TIME_ORDER:
            condition |= equal & Q(**{f"{name}__{comparison}": keys[name]})
            equal &= Q(**{name: keys[name]})
        return self.in_time_order().filter(condition)


# Dated with "about", "possibly" or both.
DOUBTFUL = Q(date__contains="~") | Q(date__contains="?") | Q(date__contains="%")
TIME_ORDER = ("era__order", "era__code", "sort_day", "order", "code")
MILESTONE = 3


def days_recalled_on(day):
    """The days of ``day``'s month that are kept on ``day``: its own, and 29 February on the 28th
    of a year that has no 29th."""
    if (day.month, day.day) == (2, 28) and not calendar.isleap(day.year):
        return [28, 29]
    return [day.day]


def participants_seen_by(user):
    """What reads the ``visible_participations`` of events."""
    seen = Participation.objects.visible_to(user).order_by("id")
    return Prefetch(
        "participations",
        queryset=seen.prefetch_related("unit", "external_body"),
        to_attr="visible_participations",
    )


class Event(Publishable):
    """Something that happened, dated as precisely as is known."""

    slug = AddressField(_("address"))
    date = HistoricalDateField(
        _("date"), periods=True, blank=True, help_text=_("Empty when no source gives a date.")
    )
    kind = models.CharField(_("kind"), max_length=20, choices=event_kinds.choices)
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
    sources = cited_sources(related_name="events")
    search_text = SearchTextField(sources=["title", "place", "code"])

    objects = EventQuerySet.as_manager()

    class Meta(Publishable.Meta):
        verbose_name = _("event")
        verbose_name_plural = _("events")
        ordering = ["era__order", "date_earliest", "order", "code"]
        constraints = [has_address("history_event_has_address")]

    def __str__(self):
        return self.title or self.code

    @property
    def event_kind(self):
        """What is declared of its kind, an EventKind."""
        return event_kinds.event_kind(self.kind)

    @property
    def is_moment(self):
        """Whether it happened once, even if its date is known only within bounds.

        A founding dated ``1828/`` took place "in 1828 or later"; a war lasts "since 1828".
        """
        return self.event_kind.is_moment

    def get_absolute_url(self):
        return address_of("history:event", self.slug)

    @property
    def is_milestone(self):
        return self.weight == MILESTONE

    def _on(self, side):
        return [one for one in self.visible_participations if one.side == side]

    # These three need ``with_participants(user)``: without it there is no telling who may be shown.
    @property
    def before(self):
        return self._on(Side.BEFORE)

    @property
    def after(self):
        return self._on(Side.AFTER)

    @property
    def concerned(self):
        return self._on(Side.SUBJECT)


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
            refers_to("unit", Unit.objects.visible_to(user))
            | refers_to("external_body", ExternalBody.objects.visible_to(user)),
            refers_to("event", Event.objects.visible_to(user)),
        )

    def of_lineage(self):
        """Participations in events that turn what stands before into what stands after."""
        return self.filter(event__kind__in=event_kinds.kinds_that("makes_successors"))


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


class LinkedQuerySet(PublishableQuerySet):
    """Records that point to a unit and an event, each of which may be hidden from a reader."""

    event_field = "event"

    def with_links(self, user):
        """Each record with its unit and event; those that ``user`` may not see read as None."""
        return self.prefetch_related(
            Prefetch("unit", queryset=Unit.objects.visible_to(user)),
            Prefetch(self.event_field, queryset=Event.objects.visible_to(user)),
        )


class FigureQuerySet(LinkedQuerySet):
    """Numbers with their meaning."""

    def known_by(self, day, user):
        """Those of events that ``user`` may see and that had begun by ``day``, or may have; all of
        them where ``day`` is None. A number without an event has no date: it is today's."""
        if day is None:
            return self
        return self.filter(event__in=Event.objects.visible_to(user).begun_by(day))

    def in_groups(self):
        """Group after group, for ``{% regroup %}``."""
        return self.order_by("group__order", "group__code", "order", "code")


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
    value = models.BigIntegerField(pgettext_lazy("how many", "number"))
    approximate = models.BooleanField(_("approximate"), default=False)
    label = LineField(_("what is counted"), max_length=200)
    note = LinesField(_("note"), blank=True)
    on_home_page = models.BooleanField(_("on the home page"), default=False)
    order = models.PositiveIntegerField(_("order"), default=0)

    objects = FigureQuerySet.as_manager()

    class Meta(Publishable.Meta):
        verbose_name = _("figure")
        verbose_name_plural = _("figures")
        ordering = ["group__order", "order", "code"]

    def __str__(self):
        return f"{self.value} {self.label}"


class ObservanceQuerySet(LinkedQuerySet):
    """Yearly days."""

    event_field = "origin"

    def known_by(self, day):
        """Those kept since then or earlier, or possibly so; all of them where ``day`` is None.

        Where nobody knows since when, nothing says that the day was kept before today.
        """
        return self if day is None else self.filter(since_earliest__lte=day)

    def kept_on(self, day):
        """Days kept on ``day`` (a date); 29 February on the 28th where the year has no 29th."""
        return self.filter(month=day.month, day__in=days_recalled_on(day))

    def ahead_of(self, day, number):
        """The next ``number`` days kept after ``day``, soonest first, as a list.

        Goes on into the next year. At most two queries.
        """
        last = days_recalled_on(day)[-1]
        later = Q(month__gt=day.month) | Q(month=day.month, day__gt=last)
        this_year = list(self.filter(later).order_by("month", "day", "code")[:number])
        missing = number - len(this_year)
        next_year = self.exclude(later).exclude(month=day.month, day__in=days_recalled_on(day))
        return this_year + (
            list(next_year.order_by("month", "day", "code")[:missing]) if missing else []
        )


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

    objects = ObservanceQuerySet.as_manager()

    class Meta(Publishable.Meta):
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

    def next_after(self, day):
        """The first date after ``day`` on which it is kept."""
        year = day.year if self._in(day.year) > day else day.year + 1
        return self._in(year)

    def _in(self, year):
        last = calendar.monthrange(year, self.month)[1]
        return datetime.date(year, self.month, min(self.day, last))
