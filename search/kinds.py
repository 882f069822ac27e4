"""What is searched: the kinds of records, and which of their fields weigh how much."""

from dataclasses import dataclass
from functools import cached_property

from people.models import Term
from publishing.record_kinds import Searched, all_kinds, model_at
from search.texts import language_codes


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
    way, separator, _last = stem.rpartition("__")
    model = model_at(model, way) if way else model
    return [f"{way}{separator}{field.name}" for field in model._meta.concrete_fields]


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
