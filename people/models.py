"""Who leads: persons, the posts of units, and who held which post when."""

import datetime
from dataclasses import replace

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Prefetch, Q, Value, When
from django.db.models.functions import Coalesce, NullIf
from django.db.models.lookups import LessThanOrEqual
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from chronology import (
    HistoricalDateField,
    Period,
    days_of,
    in_force,
    overlap,
    possibly_in_force,
    validate_period,
)
from publishing.addresses import address_of
from publishing.fields import AddressField, LineField, LinesField, SearchTextField, has_address
from publishing.images import PictureField
from publishing.models import Coded, CodedQuerySet, Publishable, refers_to
from publishing.richtext import MarkdownField
from publishing.to_come import ToComeQuerySet
from sources.models import cited_sources
from units import existence
from units.models import Unit


class Person(Publishable):
    """A person named on the site."""

    slug = AddressField(_("address"))
    name = LineField(_("name"), max_length=200)
    name_variants = LineField(
        _("other spellings"),
        max_length=250,
        blank=True,
        help_text=_("Other ways in which sources write the name, separated by semicolons."),
    )
    rank = LineField(_("rank"), max_length=120, blank=True)
    summary = LinesField(_("summary"), blank=True)
    body = MarkdownField(_("text"), blank=True, help_text=_("Markdown."))
    portrait = PictureField(
        _("portrait"), upload_to="portraits/", blank=True, help_text=_("JPEG, PNG or WebP.")
    )
    portrait_alt = LineField(
        _("alternative text of the portrait"),
        max_length=250,
        blank=True,
        help_text=_("What the picture shows, for people who cannot see it."),
    )
    search_text = SearchTextField(sources=["name", "name_variants", "code"])

    class Meta(Publishable.Meta):
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = ["code"]
        constraints = [has_address("people_person_has_address")]
        # Asked whenever a picture is (publishing.shown_pictures).
        indexes = [models.Index(fields=["portrait", "status"], name="people_person_portrait")]

    def __str__(self):
        return self.name or self.code

    def get_absolute_url(self):
        return address_of("people:person", self.slug)

    @property
    def spellings(self):
        """The other spellings of the name, as a list."""
        return [one.strip() for one in self.name_variants.split(";") if one.strip()]

    @property
    def initials(self):
        """What stands in place of a portrait: the first letters of the first and last word."""
        words = self.name.split()
        return "".join(word[0] for word in (words[:1] + words[1:][-1:]))


class PostQuerySet(CodedQuerySet):
    def visible_to(self, user):
        """Posts of the units that ``user`` may see."""
        return self.filter(refers_to("unit", Unit.objects.visible_to(user)))

    def heads(self):
        """The posts that lead their units."""
        return self.filter(is_head=True)

    def in_tree_order(self):
        """Unit by unit as the tree has them, the head of each first."""
        return self.order_by("unit__tree_id", "unit__lft", "-is_head", "order", "code")

    def with_holders(self, user, on=None):
        """Each post with ``holders`` and ``is_vacant``, on a HistoricalDate or today.

        ``holders``: the terms in office that ``user`` may see, the likeliest first.
        ``is_vacant``: nobody holds it; asked of today only, since records of the past have gaps.
        A holder whom ``user`` may not see yet leaves ``holders`` empty without making the post
        vacant: the page then says nothing rather than a falsehood.
        """
        terms = Term.objects.in_office(on)
        vacant = ~Exists(terms.filter(post=OuterRef("pk")).order_by())
        seen = terms.visible_to(user).select_related("person", "post__unit").likeliest_first(on)
        posts = self.annotate(is_vacant=vacant if on is None else Value(False))
        return posts.prefetch_related(Prefetch("terms", queryset=seen, to_attr="holders"))


class Post(Coded):
    """An office in a unit, held by one person after another."""

    unit = models.ForeignKey(
        Unit, verbose_name=_("unit"), on_delete=models.CASCADE, related_name="posts"
    )
    title = LineField(_("title"), max_length=200)
    is_head = models.BooleanField(_("head of the unit"), default=False)
    how_filled = LinesField(
        _("how it is filled"),
        blank=True,
        help_text=_("Who appoints and removes the holder, and under which act."),
    )
    order = models.PositiveIntegerField(_("order"), default=0)

    objects = PostQuerySet.as_manager()

    class Meta:
        verbose_name = _("post")
        verbose_name_plural = _("posts")
        ordering = ["order", "code"]
        constraints = [
            models.UniqueConstraint(
                fields=["unit"],
                condition=Q(is_head=True),
                name="people_post_one_head",
                violation_error_message=_("The unit already has a post marked as its head."),
            )
        ]

    numbered_codes = True

    def code_stem(self):
        return f"{self.unit.code}-post"

    def __str__(self):
        return self.title or self.code

    def validate_constraints(self, exclude=None):
        """Also: a post that several hold at once leads no unit."""
        super().validate_constraints(exclude=exclude)
        self.validate_holders()

    def validate_holders(self):
        """Raise ValidationError where it is a head post and two of its stored terms overlap."""
        if not self.is_head or self.pk is None:
            return
        looked_at = []
        for term in self.terms.select_related("person"):
            if other := term.overlapping(looked_at):
                raise two_heads(other)
            looked_at.append(term)


# Years.
LONGEST_TERM = 60


class TermQuerySet(ToComeQuerySet):
    def visible_to(self, user):
        """Terms whose person and unit ``user`` may both see, if begun or announced."""
        return self.begun_or_announced(user).filter(
            refers_to("person", Person.objects.visible_to(user)),
            refers_to("post__unit", Unit.objects.visible_to(user)),
        )

    def in_office(self, on=None):
        """Terms that certainly or possibly run on ``on`` (a HistoricalDate or a day; today by
        default) while their unit exists.

        A begin that is not known does not keep a term out: its row says that it runs. But nobody
        serves for longer than ``LONGEST_TERM`` years: so long before the end, or before today,
        such a term did not run; nor does one whose end is open so long after it had begun.
        """
        terms = self.filter(
            possibly_in_force(existence.day_asked(on)),
            existence.possibly(on, "post__unit__"),
            existence.may_meet("begin", "end", "post__unit__"),
        )
        if on is None:
            return terms
        first, last = days_of(on)
        today = timezone.localdate()
        if first > today:
            begun = Coalesce(F("begin_latest"), Value(today))
            ended = datetime.date(max(first.year - LONGEST_TERM - 1, 1), 12, 31)
            return terms.exclude(LessThanOrEqual(begun, ended), end_earliest=datetime.date.max)
        if last.year + LONGEST_TERM >= today.year:
            return terms
        begun = datetime.date(last.year + LONGEST_TERM, 12, 31)
        return terms.exclude(begin_earliest__isnull=True, end_earliest__gt=begun)

    def ended(self, on=None):
        """Terms that were over before ``on``, however vague their end is known."""
        day = timezone.localdate() if on is None else days_of(on)[0]
        return self.filter(end_latest__lte=day)

    def latest_first(self):
        """By the day they began; those whose beginning nobody knows come last."""
        return self.order_by(*self._latest_first())

    def likeliest_first(self, on=None):
        """Who certainly held the post on ``on`` (as for ``in_office``) before who possibly did,
        of equals the one who began last.

        As if the unit certainly existed. The one order of those who hold a post on a date: whoever
        stands first is named where a page, a file or an answer names one holder only.
        """
        sure = in_force(existence.day_asked(on))
        if existence.surely_has_today(on):  # the row says that it runs
            today = timezone.localdate()
            begun = Q(begin_earliest__isnull=True) | Q(begin_earliest__lte=today)
            sure |= begun & Q(end_earliest__gt=today)
        doubt = Case(When(sure, then=Value(0)), default=Value(1))
        return self.order_by(doubt, *self._latest_first())

    @staticmethod
    def _latest_first():
        ended = NullIf(F("end_earliest"), Value(datetime.date.max))  # an open end is no date
        began = Coalesce(F("begin_earliest"), ended, Value(datetime.date.min))
        return began.desc(), "code"


class Term(Coded):
    """A person in a post for a period. Half-open; an empty end means: still in office."""

    post = models.ForeignKey(
        Post, verbose_name=_("post"), on_delete=models.CASCADE, related_name="terms"
    )
    person = models.ForeignKey(
        Person, verbose_name=_("person"), on_delete=models.PROTECT, related_name="terms"
    )
    begin = HistoricalDateField(_("from"), blank=True, periods=True)
    end = HistoricalDateField(
        _("until"),
        blank=True,
        periods=True,
        empty="open",
        help_text=_("The first day out of office. Empty: still in office."),
    )
    acting = models.BooleanField(_("acting"), default=False)
    announced = models.BooleanField(
        _("announced"),
        default=False,
        help_text=_("Shown to everybody before its day. Otherwise hidden until it begins."),
    )
    note = LinesField(_("note"), blank=True)
    sources = cited_sources(related_name="+")

    objects = TermQuerySet.as_manager()

    class Meta:
        verbose_name = _("term of office")
        verbose_name_plural = _("terms of office")
        ordering = ["begin_earliest", "code"]
        indexes = [
            models.Index(
                fields=["begin_earliest"],
                condition=Q(announced=True),
                name="people_term_announced",
            )
        ]

    numbered_codes = True
    told_with = "person"

    def code_stem(self):
        return f"{self.post.code}-term"

    def __str__(self):
        return f"{self.person} – {self.post}"

    def clean(self):
        super().clean()
        validate_period(self.begin, self.end)

    def validate_constraints(self, exclude=None):
        """Also: of one unit there are never two heads."""
        super().validate_constraints(exclude=exclude)
        if self.post_id and self.post.is_head:
            others = self.post.terms.exclude(pk=self.pk).select_related("person")
            if other := self.overlapping(others):
                raise two_heads(other)

    @property
    def period(self):
        """The Period in which the person held the post while its unit existed."""
        period, today = existence.witnessed(Period.of_record(self)), timezone.localdate()
        if self.end is None:
            begun = (self.begin and self.begin.latest) or today
            last = datetime.date(min(begun.year + LONGEST_TERM, 9998), 12, 31)
            period = replace(period, end_latest=max(last, today) + datetime.timedelta(days=1))
        if period.begin_earliest is None:
            last = min(period.end_earliest or today, today)
            begun = datetime.date(max(last.year - LONGEST_TERM, 1), 1, 1)
            period = replace(period, begin_earliest=begun)
        return period.within(existence.life_of(self.post.unit))

    def overlapping(self, others):
        """The first of the terms ``others`` that certainly has a day in common with this one."""
        own = self.begin, self.end
        return next((one for one in others if overlap(own, (one.begin, one.end))), None)


def two_heads(other):
    """The ValidationError for a term of a head post during which the term ``other`` runs, too."""
    return ValidationError(
        _("On some days %(person)s holds this post too. Two heads cannot overlap: "
          "end the earlier term on the day the next one begins."),
        code="two_heads",
        params={"person": other.person},
    )  # fmt: skip
