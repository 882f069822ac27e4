"""One record of every kind, each tied to public records at every place where it could show."""

from datetime import date, timedelta

from django.apps import apps
from django.utils import timezone

from history.models import (
    Era,
    Event,
    Figure,
    FigureGroup,
    Observance,
    Participation,
)
from pages.models import Page
from people.models import Person, Post, Term
from publishing.models import Publishable
from sources.models import Source
from tests.factories import make_unit, make_unit_kind
from units.models import DatedName, DatedSuperior, ExternalBody, Link, Unit

# Stands in every text of a hidden record, and nowhere else.
MARK = "Gizlinxyz"


def mark_of(model):
    """The word that only the hidden records of this model have, beside ``MARK``.

    A word of its own: what a search highlights (``MARK``) may have tags around it.
    """
    return f"Yad{model._meta.model_name}"


def hidden_text(model):
    return f"{MARK} {mark_of(model)}"


def publishable_models():
    """Every model with a publication state."""
    return [model for model in apps.get_models() if issubclass(model, Publishable)]


def hidden_states():
    """The fields of each way in which a record is not public."""
    return {
        "draft": {"status": "draft"},
        "archived": {"status": "archived"},
        "scheduled": {"status": "published", "publish_at": timezone.now() + timedelta(hours=1)},
    }


def texts(title, stem="name"):
    return {f"{stem}_az": title, f"{stem}_en": title, "summary_az": title, "summary_en": title}


class PublicWorld:
    """A small public institution, with a hidden record of every model fastened to all of it.

    ``hidden``: that record by its model. They know nothing of each other, so that each one shows as
    if it were alone.
    """

    def __init__(self, state):
        self.today = timezone.localdate()
        self._make_public()
        self.hidden = {}
        for model in publishable_models():
            make_hidden = getattr(self, f"_hide_{model._meta.model_name}")
            self.hidden[model] = make_hidden(hidden_text(model), **hidden_states()[state])

    def _make_public(self):
        published = {"status": "published"}
        make_unit_kind()
        self.root = make_unit(code="root", slug="root", founded="1918-05-28")
        self.unit = make_unit(code="child", slug="child", parent=self.root, order=1)
        self.body = ExternalBody.objects.create(
            code="body", slug="body", kind="state", is_partner=True, **texts("Body"), **published
        )
        self.era = Era.objects.create(
            code="era", slug="era", name_az="Dövr", name_en="Era", begin="1900"
        )
        self.source = Source.objects.create(
            code="source", title_az="Mənbə", title_en="Source", kind="article"
        )
        self.event = Event.objects.create(
            code="event", slug="event", date="1918-05-28", kind="founding", era=self.era,
            weight=3, **texts("Event", "title"), **published,
        )  # fmt: skip
        self.event.sources.add(self.source)
        Participation.objects.create(event=self.event, unit=self.unit, side="after")
        self.group = FigureGroup.objects.create(code="group", name_az="Qrup", name_en="Group")
        self.person = Person.objects.create(
            code="person", slug="person", **texts("Person"), **published
        )
        self.head = Post.objects.create(
            code="head", unit=self.root, title_az="Nazir", title_en="Minister", is_head=True
        )
        self.seat = Post.objects.create(
            code="seat", unit=self.unit, title_az="Rəis", title_en="Chief", is_head=True
        )
        Term.objects.create(code="term", post=self.seat, person=self.person, begin="2001")

    def _hide_unit(self, mark, **state):
        hidden = make_unit(
            code="hidden", slug="hidden", parent=self.root, native_name=mark, founded="1918-05-28",
            phone="+994 12 345 67 89", **texts(mark), **state,
        )  # fmt: skip
        # A public unit below a hidden one, and one that used to be.
        make_unit(code="below", slug="below", parent=Unit.objects.get(pk=hidden.pk))
        DatedSuperior.objects.create(code="unit-fp", unit=self.unit, parent=hidden, end="2000")
        Link.objects.create(code="link", unit=self.unit, title_az=mark, target=hidden)
        # What belongs to it.
        DatedName.objects.create(code="name", unit=hidden, name_az=mark, name_en=mark, end="2000")
        DatedSuperior.objects.create(code="fp", unit=hidden, at_top=True, note_az=mark, end="2000")
        Link.objects.create(code="own-link", unit=hidden, title_az=mark, url="https://example.org/")
        Participation.objects.create(event=self.event, unit=hidden, side="before")
        self._figure(
            "unit-figure", label_az="Say", label_en="Number", unit=hidden, status="published"
        )
        self._observance(
            "unit-day", title_az="Gün", title_en="Day", unit=hidden, status="published"
        )
        post = Post.objects.create(
            code="post", unit=hidden, title_az=mark, title_en=mark, is_head=True
        )
        Term.objects.create(code="unit-term", post=post, person=self.person)
        return hidden

    def _hide_externalbody(self, mark, **state):
        hidden = ExternalBody.objects.create(
            code="hidden", slug="hidden", kind="state", is_partner=True, **texts(mark), **state
        )
        DatedSuperior.objects.create(
            code="externalbody-fp", unit=self.unit, external_body=hidden, end="2000"
        )
        Participation.objects.create(event=self.event, external_body=hidden, side="subject")
        return hidden

    def _hide_person(self, mark, **state):
        hidden = Person.objects.create(
            code="hidden", slug="hidden", name_variants=mark, **texts(mark), **state
        )
        Term.objects.create(code="person-term", post=self.head, person=hidden, begin="2001")
        Term.objects.create(
            code="hidden-past", post=self.seat, person=hidden, begin="1990", end="2001"
        )
        return hidden

    def _hide_event(self, mark, **state):
        today = date(1990, self.today.month, min(self.today.day, 28))
        hidden = Event.objects.create(
            code="hidden", slug="hidden", date=today.isoformat(), kind="abolition", era=self.era,
            weight=3, place_az=mark, place_en=mark, **texts(mark, "title"), **state,
        )  # fmt: skip
        Participation.objects.create(event=hidden, unit=self.unit, side="before")
        Participation.objects.create(event=hidden, unit=self.root, side="subject")
        Participation.objects.create(event=hidden, external_body=self.body, side="subject")
        self._figure(
            "event-figure", label_az="Say", label_en="Number", event=hidden, status="published"
        )
        self._observance(
            "event-day", title_az="Gün", title_en="Day", origin=hidden, status="published"
        )
        return hidden

    def _hide_figure(self, mark, **state):
        return self._figure(
            "figure-figure", label_az=mark, label_en=mark, unit=self.unit, event=self.event, **state
        )

    def _hide_observance(self, mark, **state):
        return self._observance(
            "observance-day", unit=self.unit, origin=self.event, **texts(mark, "title"), **state
        )

    def _hide_page(self, mark, **state):
        for placement in ("footer", "none"):
            Page.objects.create(
                code=f"hidden-{placement}", slug=f"hidden-{placement}", placement=placement,
                **texts(mark, "title"), **state,
            )  # fmt: skip
        return Page.objects.create(
            code="hidden", slug="hidden", placement="navigation", **texts(mark, "title"), **state
        )

    def _figure(self, code, **fields):
        return Figure.objects.create(
            code=code, group=self.group, value=7, on_home_page=True, **fields
        )

    def _observance(self, code, **fields):
        return Observance.objects.create(
            code=code, month=self.today.month, day=self.today.day, **fields
        )
