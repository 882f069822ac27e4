"""What is searched: the kinds of records, and which of their fields weigh how much."""

from dataclasses import dataclass
from functools import cached_property

from chronology.languages import site_codes
from people.models import Term
from publishing.record_kinds import Searched, all_kinds
from publishing.translated import column as translated_column


@dataclass(frozen=True)
class Kind(Searched):
    """A kind of record that is searched, with its ``model``. ``of_today``: the stems of fields that
    are shown only where the date has today in it."""

    model: type = None
    of_today: tuple = ()

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

KINDS = tuple(
    sorted(
        (
            Kind(**vars(kind.searched), model=kind.model, of_today=kind.of_today)
            for kind in all_kinds()
            if kind.searched
        ),
        key=lambda kind: kind.number,
    )
)
BY_KEY = {kind.key: kind for kind in KINDS}
BY_NUMBER = {kind.number: kind for kind in KINDS}
BY_MODEL = {kind.model: kind for kind in KINDS}
