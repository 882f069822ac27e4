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
    Source,
)
from pages.models import Page
from people.models import Person, Post, Term
from publishing.models import Publishable
from tests.factories import make_unit, make_unit_kind
from units.models import ExternalBody, FormerParent, Link, Unit

# Stands in every text of a hidden record, and nowhere else.
MARK = "Gizlinxyz"


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
    """A small public institution, with one hidden record of ``model`` fastened to all of it."""

    def __init__(self, model, state):
        self.today = timezone.localdate()
        self._make_public()
        make_hidden = getattr(self, f"_hide_{model._meta.model_name}")
        self.hidden = make_hidden(**hidden_states()[state])

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

    def _hide_unit(self, **state):
        hidden = make_unit(
            code="hidden", slug="hidden", parent=self.root, native_name=MARK, founded="1918-05-28",
            phone="+994 12 345 67 89", **texts(MARK), **state,
        )  # fmt: skip
        # A public unit below a hidden one, and one that used to be.
        make_unit(code="below", slug="below", parent=Unit.objects.get(pk=hidden.pk))
        FormerParent.objects.create(code="fp", unit=self.unit, parent=hidden, end="2000")
        Link.objects.create(code="link", unit=self.unit, title_az=MARK, target=hidden)
        Participation.objects.create(event=self.event, unit=hidden, side="before")
        self._figure(label_az="Say", label_en="Number", unit=hidden, status="published")
        self._observance(title_az="Gün", title_en="Day", unit=hidden, status="published")
        post = Post.objects.create(
            code="post", unit=hidden, title_az=MARK, title_en=MARK, is_head=True
        )
        Term.objects.create(code="hidden-term", post=post, person=self.person)
        return hidden

    def _hide_externalbody(self, **state):
        hidden = ExternalBody.objects.create(
            code="hidden", slug="hidden", kind="state", is_partner=True, **texts(MARK), **state
        )
        FormerParent.objects.create(code="fp", unit=self.unit, external_body=hidden, end="2000")
        Participation.objects.create(event=self.event, external_body=hidden, side="subject")
        return hidden

    def _hide_person(self, **state):
        hidden = Person.objects.create(
            code="hidden", slug="hidden", name_variants=MARK, **texts(MARK), **state
        )
        Term.objects.create(code="hidden-term", post=self.head, person=hidden, begin="2001")
        Term.objects.create(
            code="hidden-past", post=self.seat, person=hidden, begin="1990", end="2001"
        )
        return hidden

    def _hide_event(self, **state):
        today = date(1990, self.today.month, min(self.today.day, 28))
        hidden = Event.objects.create(
            code="hidden", slug="hidden", date=today.isoformat(), kind="abolition", era=self.era,
            weight=3, place_az=MARK, place_en=MARK, **texts(MARK, "title"), **state,
        )  # fmt: skip
        Participation.objects.create(event=hidden, unit=self.unit, side="before")
        Participation.objects.create(event=hidden, unit=self.root, side="subject")
        Participation.objects.create(event=hidden, external_body=self.body, side="subject")
        self._figure(label_az="Say", label_en="Number", event=hidden, status="published")
        self._observance(title_az="Gün", title_en="Day", origin=hidden, status="published")
        return hidden

    def _hide_figure(self, **state):
        return self._figure(label_az=MARK, label_en=MARK, unit=self.unit, event=self.event, **state)

    def _hide_observance(self, **state):
        return self._observance(unit=self.unit, origin=self.event, **texts(MARK, "title"), **state)

    def _hide_page(self, **state):
        for placement in ("footer", "none"):
            Page.objects.create(
                code=f"hidden-{placement}", slug=f"hidden-{placement}", placement=placement,
                **texts(MARK, "title"), **state,
            )  # fmt: skip
        return Page.objects.create(
            code="hidden", slug="hidden", placement="navigation", **texts(MARK, "title"), **state
        )

    def _figure(self, **fields):
        return Figure.objects.create(
            code="hidden", group=self.group, value=7, on_home_page=True, **fields
        )

    def _observance(self, **fields):
        return Observance.objects.create(
            code="hidden", month=self.today.month, day=self.today.day, **fields
        )
