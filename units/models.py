"""What exists: the units of the institution as a tree, their former names and superiors.

The row of a unit holds the present; the past stands in dated rows (``DatedName``,
``DatedSuperior``). ``parent`` is the truth of the tree; ``lft, rght, level, tree_id`` are an index
of it that ``units.tree`` keeps.
"""

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from mptt.fields import TreeForeignKey

from chronology import HistoricalDateField, Period, validate_period
from chronology.languages import site_codes
from chronology.recorded import may_have_begun
from publishing.addresses import address_of
from publishing.fields import (
    AddressField,
    LineField,
    LinesField,
    SearchTextField,
    WebAddressField,
    has_address,
    validate_phone,
)
from publishing.images import PictureField
from publishing.models import (
    Coded,
    CodedQuerySet,
    Publishable,
    PublishableQuerySet,
    refers_to,
)
from publishing.richtext import MarkdownField
from publishing.to_come import ToComeQuerySet
from publishing.translated import column, texts
from sources.models import cited_sources
from units.existence import certainly, life_of, life_outside, possibly
from units.first_public import (
    effect_day,
    first_public_day,
    has_been_public,
    refuse_vague_future,
    settle,
    settle_partnership,
)
from units.tree.guard import PlacedManager, PlacedModel, PlacedQuerySet


class UnitKind(Coded):
    """The editable vocabulary of kinds: ministry, main department, troops, school, society …"""

    name = LineField(_("name"), max_length=100)
    order = models.PositiveIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("kind of unit")
        verbose_name_plural = _("kinds of units")
        ordering = ["order", "code"]

    def __str__(self):
        return self.name or self.code


class ClosingReason(models.TextChoices):
    ABOLISHED = "abolished", _("Abolished")
    REPLACED = "replaced", _("Replaced by a successor")
    MERGED = "merged", _("Merged")
    SPLIT = "split", _("Split")
    TRANSFERRED = "transferred-out", _("Transferred to another institution")

    @classmethod
    def with_successors(cls):
        """The reasons that say that somebody came after the unit."""
        return (cls.REPLACED, cls.MERGED, cls.SPLIT)


class UnitQuerySet(PlacedQuerySet, PublishableQuerySet):
    """Units, in the words an editor would use."""

    def current(self):
        """Units that exist today for all we know, as ``possibly_in_force`` has it."""
        return self.possibly_in_force(None)

    def in_force(self, on):
        """Units that certainly existed on (at any time in) ``on``: a HistoricalDate or a day, or
        None for today."""
        return self.filter(certainly(on))

    def possibly_in_force(self, on):
        """Units that certainly or possibly existed on (at any time in) ``on``."""
        return self.filter(possibly(on))


# The columns that decide whether a unit is shown on a date.
_SHOWN = [
    "status", "publish_at", "founded_earliest", "dissolved_earliest", "dissolved_latest",
]  # fmt: skip


class Unit(PlacedModel, Publishable):
    """One body of the institution, the same through renamings, moves and new heads."""

    slug = AddressField(
        _("address"), help_text=_("The last part of the web address. Filled in from the name.")
    )
    parent = TreeForeignKey(
        "self",
        verbose_name=_("superior"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="children",
        db_index=False,  # units_unit_below begins with it
    )
    # As django-mptt would add it, but for an index of its own: units_unit_tree begins with it.
    tree_id = models.PositiveIntegerField(editable=False)
    order = models.PositiveIntegerField(
        _("position"), default=0, help_text=_("Place among the units of the same superior.")
    )
    kind = models.ForeignKey(
        UnitKind, verbose_name=_("kind"), on_delete=models.PROTECT, related_name="units"
    )

    name = LineField(_("name"), max_length=500)
    short_name = LineField(_("short name"), max_length=120, blank=True)
    abbreviation = LineField(_("abbreviation"), max_length=30, blank=True)
    native_name = LineField(
        _("native name"),
        max_length=500,
        blank=True,
        help_text=_("The official name in the language of the state, as its acts write it."),
    )
    summary = LinesField(
        _("summary"), blank=True, help_text=_("One or two sentences for lists and search.")
    )
    body = MarkdownField(_("text"), blank=True, help_text=_("Markdown."))
    mandate = MarkdownField(
        _("mandate"), blank=True, help_text=_("What the unit is responsible for. Markdown.")
    )
    jurisdiction = LineField(_("jurisdiction"), max_length=250, blank=True)

    address = LineField(_("postal address"), max_length=250, blank=True)
    latitude = models.DecimalField(
        _("latitude"),
        max_digits=9,
        decimal_places=6,
        null=True,
        blank=True,
        validators=[MinValueValidator(-90), MaxValueValidator(90)],
        help_text=_("In degrees (WGS 84), north is positive."),
    )
    longitude = models.DecimalField(
        _("longitude"),
        max_digits=9,
        decimal_places=6,
        null=True,
        blank=True,
        validators=[MinValueValidator(-180), MaxValueValidator(180)],
        help_text=_("In degrees (WGS 84), east is positive."),
    )
    phone = models.CharField(_("telephone"), max_length=40, blank=True, validators=[validate_phone])
    email = models.EmailField(_("e-mail"), blank=True)
    website = WebAddressField(_("website"), blank=True)
    opening_hours = LinesField(_("opening hours"), blank=True)

    emblem = PictureField(
        _("emblem"),
        upload_to="emblems/",
        blank=True,
        help_text=_("JPEG, PNG or WebP."),
    )
    emblem_caption = LineField(_("caption of the emblem"), max_length=250, blank=True)
    emblem_alt = LineField(
        _("alternative text of the emblem"),
        max_length=250,
        blank=True,
        help_text=_("What the picture shows, for people who cannot see it."),
    )

    founded = HistoricalDateField(_("founded"), blank=True, periods=True)
    dissolved = HistoricalDateField(
        _("dissolved"),
        blank=True,
        periods=True,
        empty="open",
        help_text=_("The first day on which the unit no longer existed. Empty: it still exists."),
    )
    attested = HistoricalDateField(
        _("known to exist since"),
        blank=True,
        help_text=_(
            "The earliest day on which the unit is known to have existed, where the founding is "
            "not known. Filled in when the unit is first public."
        ),
    )
    name_since = HistoricalDateField(
        _("name since"),
        blank=True,
        periods=True,
        help_text=_(
            "Since when the names above hold. Empty: not known; the site then writes the day on "
            "which the unit is first public."
        ),
    )
    superior_since = HistoricalDateField(
        _("superior since"),
        blank=True,
        periods=True,
        help_text=_(
            "Since when the superior above holds. Empty: not known; the site then writes the day "
            "on which the unit is first public."
        ),
    )
    founding_sources = cited_sources(_("sources of the founding"), related_name="+")
    closing_sources = cited_sources(_("sources of the dissolution"), related_name="+")
    closing_reason = models.CharField(
        _("closing reason"), max_length=20, choices=ClosingReason.choices, blank=True
    )
    search_text = SearchTextField(
        sources=["name", "short_name", "abbreviation", "native_name", "code"]
    )

    objects = PlacedManager.from_queryset(UnitQuerySet)()

    class MPTTMeta:
        order_insertion_by = ["order", "code"]

    class Meta(Publishable.Meta):
        verbose_name = _("unit")
        verbose_name_plural = _("units")
        ordering = ["tree_id", "lft"]
        # So that unit.children.add() and its like keep the tree, too.
        base_manager_name = "objects"
        # django-mptt adds this index behind the migrations' back unless it is declared (mptt #682).
        indexes = [
            models.Index(fields=["tree_id", "lft"], name="units_unit_tree"),
            # What a page may count and list without reading the rows themselves.
            models.Index(fields=_SHOWN, name="units_unit_shown"),
            models.Index(
                fields=["parent", *_SHOWN, "superior_since_earliest", "superior_since_certain"],
                name="units_unit_below",
            ),
            # Asked whenever a picture is (publishing.shown_pictures).
            models.Index(fields=["emblem", "status"], name="units_unit_emblem"),
            *(
                models.Index(
                    fields=[column("name", code), *_SHOWN],
                    opclasses=["varchar_pattern_ops", "varchar_ops", "timestamptz_ops"]
                    + ["date_ops"] * 3,
                    name=f"units_unit_a_z_{code}",
                )
                for code in site_codes()
            ),
        ]
        constraints = [
            has_address("units_unit_has_address"),
            models.CheckConstraint(
                condition=Q(parent__isnull=True) | ~Q(parent=models.F("id")),
                name="units_unit_not_its_own_superior",
                violation_error_message=_("A unit cannot be its own superior."),
            ),
            models.CheckConstraint(
                condition=Q(latitude__isnull=True, longitude__isnull=True)
                | Q(latitude__isnull=False, longitude__isnull=False),
                name="units_unit_whole_position",
                violation_error_message=_("Give both latitude and longitude, or neither."),
            ),
        ]

    def __str__(self):
        return self.name or self.code

    def save(self, *, update_fields=None, **kwargs):
        changed = settle(self)
        if update_fields is not None:
            update_fields = {*update_fields, *changed}
        super().save(update_fields=update_fields, **kwargs)

    @property
    def has_been_public(self):
        """Whether visitors may have seen it: it is published, or it was and its dates tell."""
        return has_been_public(self.status, self.name_since, self.superior_since)

    def clean(self):
        super().clean()
        validate_period(self.founded, self.dissolved)
        if self.attested and self.attested.certain is None:
            sentence = _(
                "Write only what is certain here, without a question mark or a per cent sign."
            )
            raise ValidationError({"attested": sentence}, code="doubtful")
        day = first_public_day(self.publish_at)
        for name in ("name_since", "superior_since"):
            since = getattr(self, name)
            if since and not may_have_begun(since, day):
                sentence = _("This date lies in the future. Write since when it holds today.")
                raise ValidationError({name: sentence}, code="future")
        if self.closing_reason and not self.dissolved:
            raise ValidationError(
                {
                    "dissolved": _(
                        "A closing reason is chosen, so say when the unit was dissolved. If only "
                        "the earliest date is known, write it with a stroke behind: 1920/"
                    )
                }
            )

    def get_absolute_url(self):
        return address_of("units:detail", self.slug)


class ExternalBodyKind(models.TextChoices):
    STATE = "state", _("Body of a state")
    INTERNATIONAL = "international", _("International organisation")
    REGIONAL = "regional", _("Regional organisation")
    OTHER = "other", _("Other")


class ExternalBody(Publishable):
    """A body outside the institution that it answered to or works with."""

    slug = AddressField(_("address"))
    name = LineField(_("name"), max_length=500)
    abbreviation = LineField(_("abbreviation"), max_length=30, blank=True)
    kind = models.CharField(_("kind"), max_length=20, choices=ExternalBodyKind.choices)
    is_partner = models.BooleanField(
        _("partner"), default=False, help_text=_("Shown under international relations.")
    )
    partner_since = HistoricalDateField(_("partner since"), blank=True, periods=True)
    founded = HistoricalDateField(
        _("founded"),
        blank=True,
        periods=True,
        help_text=_("Empty: not known; nothing is then thought to be less certain."),
    )
    dissolved = HistoricalDateField(
        _("dissolved"),
        blank=True,
        periods=True,
        empty="open",
        help_text=_("The first day on which it no longer existed. Empty: it still exists."),
    )
    summary = LinesField(_("summary"), blank=True)
    website = WebAddressField(_("website"), blank=True)
    order = models.PositiveIntegerField(_("order"), default=0)
    search_text = SearchTextField(sources=["name", "abbreviation", "code"])

    class Meta(Publishable.Meta):
        verbose_name = _("external body")
        verbose_name_plural = _("external bodies")
        ordering = ["order", "code"]
        constraints = [has_address("units_externalbody_has_address")]

    def __str__(self):
        return self.name or self.code

    def clean(self):
        super().clean()
        validate_period(self.founded, self.dissolved, field="dissolved")

    def save(self, *, update_fields=None, **kwargs):
        changed = settle_partnership(self)
        if update_fields is not None:
            update_fields = {*update_fields, *changed}
        super().save(update_fields=update_fields, **kwargs)

    def get_absolute_url(self):
        return address_of("units:external_body", self.slug)


class DatedRowQuerySet(ToComeQuerySet):
    def visible_to(self, user):
        """Rows whose unit ``user`` may see, that have begun or are announced."""
        units = Unit.objects.visible_to(user)
        return self.begun_or_announced(user).filter(refers_to("unit", units))


class DatedRow(Coded):
    """What held of a unit in another period than the present, past or to come. Half-open: the end
    is the first day outside. What follows is not said: another row does, or the unit's own since.

    A row to come begins on a day and has no end: on that day it takes the place of what stands on
    the unit's row (``takes_effect``), and until then only editors see it unless it is announced.
    """

    begin = HistoricalDateField(_("from"), blank=True, periods=True)
    end = HistoricalDateField(
        _("until"),
        blank=True,
        periods=True,
        help_text=_("The first day on which this did not hold any more. Empty: not known."),
    )
    announced = models.BooleanField(
        _("announced"),
        default=False,
        help_text=_("Shown to everybody before its day. Otherwise hidden until it begins."),
    )
    takes_effect = models.DateField(null=True, editable=False)
    note = LinesField(_("note"), blank=True)
    sources = cited_sources(related_name="+")

    objects = DatedRowQuerySet.as_manager()

    numbered_codes = True
    told_with = "unit"

    class Meta:
        abstract = True
        ordering = ["begin_earliest", "code"]

    def save(self, *, update_fields=None, **kwargs):
        self.takes_effect = self.effect_day()
        if update_fields is not None:
            update_fields = {*update_fields, "takes_effect"}
        super().save(update_fields=update_fields, **kwargs)

    def effect_day(self):
        """The day on which it takes effect, a date, or None; see ``units.first_public``."""
        since = getattr(self.unit, self.since)
        return effect_day(self.begin, self.end, since, fits=self.fits_the_present)

    def clean(self):
        super().clean()
        validate_period(self.begin, self.end)
        refuse_vague_future(self.begin, self.end)


def _indexes(model):
    return [
        models.Index(fields=["unit", "end_latest"], name=f"units_{model}_over"),
        models.Index(
            fields=["takes_effect"],
            condition=Q(takes_effect__isnull=False),
            name=f"units_{model}_to_come",
        ),
    ]


class DatedName(DatedRow):
    """What a unit was called in a period. A row without any name says that it is not known."""

    title_required = False
    since = "name_since"

    unit = models.ForeignKey(
        Unit, verbose_name=_("unit"), on_delete=models.CASCADE, related_name="dated_names"
    )
    name = LineField(
        _("name"),
        max_length=500,
        blank=True,
        help_text=_("Without a name the row says: what it was called then is not known."),
    )
    short_name = LineField(_("short name"), max_length=120, blank=True)
    abbreviation = LineField(_("abbreviation"), max_length=30, blank=True)
    native_name = LineField(_("native name"), max_length=500, blank=True)
    search_text = SearchTextField(sources=["name"])

    class Meta(DatedRow.Meta):
        verbose_name = _("former name")
        verbose_name_plural = _("former names")
        indexes = _indexes("datedname")

    def code_stem(self):
        return f"{self.unit.code}-name"

    def __str__(self):
        return self.name or self.code

    @property
    def period(self):
        """The Period in which the name held while its unit existed."""
        return Period.of_record(self).within(life_of(self.unit))

    @property
    def is_unknown(self):
        """Whether it says that the name is not known."""
        return not any(texts(self, "name"))

    @property
    def fits_the_present(self):
        """Whether the row of the unit can hold it: that has a name."""
        return not self.is_unknown


class DatedSuperiorQuerySet(DatedRowQuerySet):
    def visible_to(self, user):
        """Also: ``user`` may see the superior, where there is one."""
        seen = refers_to("parent", Unit.objects.visible_to(user))
        seen |= refers_to("external_body", ExternalBody.objects.visible_to(user))
        nobody = Q(parent__isnull=True, external_body__isnull=True)
        return super().visible_to(user).filter(nobody | seen)


class DatedSuperior(DatedRow):
    """Whom a unit answered to in a period: another unit, a body outside, or nobody (``at_top``).

    A row with none of these says that its superior in this period is not known.
    """

    since = "superior_since"

    unit = models.ForeignKey(
        Unit, verbose_name=_("unit"), on_delete=models.CASCADE, related_name="dated_superiors"
    )
    parent = models.ForeignKey(
        Unit,
        verbose_name=_("superior unit"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="dated_children",
    )
    external_body = models.ForeignKey(
        ExternalBody,
        verbose_name=_("superior outside"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="dated_children",
    )
    at_top = models.BooleanField(
        _("at the top"),
        default=False,
        help_text=_(
            "It stood under nobody. Without a superior and without this mark the row says: whom it "
            "answered to then is not known."
        ),
    )

    objects = DatedSuperiorQuerySet.as_manager()

    class Meta(DatedRow.Meta):
        verbose_name = _("former superior")
        verbose_name_plural = _("former superiors")
        indexes = _indexes("datedsuperior")
        constraints = [
            models.CheckConstraint(
                condition=Q(parent__isnull=True, external_body__isnull=True)
                | Q(parent__isnull=True, at_top=False)
                | Q(external_body__isnull=True, at_top=False),
                name="units_datedsuperior_one_superior",
                violation_error_message=_(
                    "Give one of the three only: a superior unit, a superior outside, or that it "
                    "stood at the top."
                ),
            ),
            models.CheckConstraint(
                condition=Q(parent__isnull=True) | ~Q(parent=models.F("unit")),
                name="units_datedsuperior_not_itself",
                violation_error_message=_("A unit cannot be its own superior."),
            ),
        ]

    def code_stem(self):
        return f"{self.unit.code}-superior"

    def __str__(self):
        return f"{self.unit} ← {self.superior or ('–' if self.at_top else '?')}"

    @property
    def period(self):
        """The Period in which it held while the units that it joins existed."""
        lives = [life_of(one) for one in (self.unit, self.parent) if one]
        if self.external_body:
            lives.append(life_outside(self.external_body))
        return Period.of_record(self).within(*lives)

    @property
    def is_unknown(self):
        """Whether it says that the superior is not known."""
        return not (self.parent_id or self.external_body_id or self.at_top)

    @property
    def fits_the_present(self):
        """Whether the row of the unit can hold it: a superior unit, or that it is at the top. Under
        a body outside a unit only ever is by a dated row."""
        return bool(self.parent_id or self.at_top)

    @property
    def superior(self):
        """The unit or external body that it answered to."""
        return self.parent or self.external_body


class LinkQuerySet(CodedQuerySet):
    def visible_to(self, user):
        """Links whose unit ``user`` may see, and whose target too where that is a unit."""
        units = Unit.objects.visible_to(user)
        seen = Q(target__isnull=True) | refers_to("target", units)
        return self.filter(refers_to("unit", units), seen)


class Link(Coded):
    """“See also”: another unit or an outside page, or only a title where there is no page yet."""

    unit = models.ForeignKey(
        Unit, verbose_name=_("unit"), on_delete=models.CASCADE, related_name="links"
    )
    title = LineField(_("title"), max_length=250)
    target = models.ForeignKey(
        Unit,
        verbose_name=_("unit it leads to"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="linked_from",
    )
    url = WebAddressField(_("web address"), blank=True)
    order = models.PositiveIntegerField(_("order"), default=0)

    objects = LinkQuerySet.as_manager()

    class Meta:
        verbose_name = _("see also")
        verbose_name_plural = _("see also")
        ordering = ["order", "code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(target__isnull=True) | Q(url=""),
                name="units_link_one_target",
                violation_error_message=_("Give either a unit or a web address, not both."),
            )
        ]

    numbered_codes = True

    def code_stem(self):
        return f"{self.unit.code}-link"

    def __str__(self):
        return self.title or self.code
