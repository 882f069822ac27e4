"""What is searched: the kinds of records, and which of their fields weigh how much."""

from dataclasses import dataclass
from functools import cached_property

from django.utils.translation import gettext_lazy as _

from chronology.languages import site_codes
from history.models import Event
from pages.models import Page
from people.models import Person, Term
from publishing.translated import column as translated_column
from units.models import ExternalBody, Unit


@dataclass(frozen=True)
class Kind:
    """A kind of record that is searched.

    ``number``: its part of the keys of entries; never change it. ``name`` … ``body``: stems of the
    fields, from the weightiest to the lightest part, over references too (``post__title``).
    ``of_today``: those of them that are shown only where the date has today in it.
    ``shown_as``: the key of the kind as which it is shown and counted, if not its own.
    """

    key: str
    number: int
    model: type
    title: str
    one: str
    name: tuple
    former: tuple = ()
    short: tuple = ("code",)
    summary: tuple = ()
    body: tuple = ()
    of_today: tuple = ()
    shown_as: str = ""

    @property
    def shown(self):
        return self.shown_as or self.key

    @cached_property
    def columns(self):
        """{part: columns by language}: ``{"name": [["name_az"], …], …}``.

        Fields without a translation stand with the first language.
        """
        return {
            part: [_in_language(self.model, getattr(self, part), code) for code in site_codes()]
            for part in PARTS
        }

    def visible(self, as_of, existing=False):
        """The records that the reader may see; ``existing``: only those there on the date."""
        if self.key == "unit":
            return as_of.units() if existing else as_of.reader.units()
        if self.key == "body":
            return as_of.reader.bodies()
        if self.key == "term":
            terms = Term.objects.visible_to(as_of.user)
            return terms.in_office(as_of.on) if existing else terms
        return self.model.objects.visible_to(as_of.user)


def _in_language(model, stems, code):
    """The columns of texts in one language, led to as the stems are; a text without translations
    is there in the first language only."""
    found = []
    for stem in stems:
        *way, last = stem.split("__")
        end = model
        for name in way:
            end = end._meta.get_field(name).related_model
        known = {field.name for field in end._meta.concrete_fields}
        if (translated := translated_column(last, code)) in known:
            found.append("__".join([*way, translated]))
        elif code == site_codes()[0]:
            found.append(stem)
    return found


PARTS = ("name", "former", "short", "summary", "body")

KINDS = (
    Kind(
        "unit", 1, Unit, _("Units"), _("Unit"),
        name=("name",),
        short=("abbreviation", "short_name", "native_name", "code"),
        summary=("summary",),
        body=("jurisdiction", "address", "mandate", "body"),
        of_today=("address",),
    ),
    Kind(
        "person", 2, Person, _("People"), _("Person"),
        name=("name",), former=("name_variants",), summary=("rank", "summary"), body=("body",),
    ),
    Kind(
        "event", 3, Event, _("Events"), _("Event"),
        name=("title",), summary=("place", "summary"), body=("body",),
    ),
    Kind(
        "body", 4, ExternalBody, _("Organisations"), _("Organisation"),
        name=("name",), short=("abbreviation", "code"), summary=("summary",),
    ),
    Kind(
        "page", 5, Page, _("Pages"), _("Page"),
        name=("title",), summary=("summary",), body=("body",),
    ),
    # Whoever is found by a post held is shown as a person (``search.holders``).
    Kind(
        "term", 6, Term, _("Terms of office"), _("Term of office"),
        name=("post__title",), former=("person__name",), short=(), shown_as="person",
    ),
)  # fmt: skip
BY_KEY = {kind.key: kind for kind in KINDS}
BY_NUMBER = {kind.number: kind for kind in KINDS}
BY_MODEL = {kind.model: kind for kind in KINDS}
