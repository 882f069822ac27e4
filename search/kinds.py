"""What is searched: the kinds of records, and which of their fields weigh how much."""

from dataclasses import dataclass
from functools import cached_property

from django.utils.translation import gettext_lazy as _

from history.models import Event
from pages.models import Page
from people.models import Person, Term
from search.texts import language_codes
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
        """{part: columns by language}: ``{"name": [["name_az"], ["name_en"]], …}``.

        Fields without a translation stand with the first language.
        """
        stems = [stem for part in PARTS for stem in getattr(self, part)]
        known = {column for stem in stems for column in _columns_beside(self.model, stem)}
        languages = language_codes()
        found = {}
        for part in PARTS:
            stems = getattr(self, part)
            found[part] = [
                [
                    column
                    for stem in stems
                    for column in (
                        [f"{stem}_{code}"]
                        if f"{stem}_{code}" in known
                        else [stem]
                        if number == 0 and f"{stem}_{languages[0]}" not in known
                        else []
                    )
                ]
                for number, code in enumerate(languages)
            ]
        return found

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


def _columns_beside(model, stem):
    """The columns of the model in which a stem ends, led to as the stem is."""
    *way, _last = stem.split("__")
    for name in way:
        model = model._meta.get_field(name).related_model
    return ["__".join([*way, field.name]) for field in model._meta.concrete_fields]


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
