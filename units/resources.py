"""Units and what belongs to them, as rows of files."""

from contextlib import contextmanager
from types import SimpleNamespace

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

import units.translation  # noqa: F401 - the columns of translations must exist
from chronology import HistoricalDate
from exchange.columns import FilledDateColumn, SinceColumn
from exchange.planning.vocabulary import VocabularyColumn
from exchange.problems import Refused
from exchange.resource import RecordResource
from exchange.writing.locking import Busy
from publishing.record_kinds import kind_of
from units import changed_in_files, rights, tree
from units.first_public import refuse_vague_future, settle, settle_partnership
from units.models import DatedName, DatedSuperior, ExternalBody, Link, Unit

# What decides since when a unit's facts are certain.
SETTLED = (
    "status", "publish_at", "founded", "dissolved", "attested", "name_since", "superior_since",
)  # fmt: skip

# What a unit gets whose row names no kind.
ANY_UNIT = ("unit", _("Unit"))


@contextmanager
def _lock_of_the_tree():
    try:
        with tree.writing():
            yield
    except tree.TreeBusy as error:
        raise Busy from error


class UnitResource(RecordResource):
    """One row ↔ one unit; ``parent`` is the code of its superior."""

    tree = True
    closes = "dissolved"
    makes = ("unit_kinds", "dated_names", "dated_superiors")
    lock = staticmethod(_lock_of_the_tree)
    also_called = {
        "founded": (
            "established", "created", "creation date", "start", "start date", "from", "valid from",
            "date from", "opened", "open date", "begin", "since", "founding date",
        ),
        "dissolved": (
            "abolished", "closed", "closed date", "closed at", "end", "end date", "to", "valid to",
            "valid until", "until", "date to", "ended", "dissolution date",
        ),
        "closing_reason": ("reason", "closed reason", "govuk closed status"),
    }  # fmt: skip

    class Meta(RecordResource.Meta):
        model = Unit
        fields = [*kind_of(Unit).columns]

    @classmethod
    def field_from_django_field(cls, field_name, django_field, readonly):
        if field_name == "kind":
            return VocabularyColumn("kind", django_field, fallback=ANY_UNIT)
        if field_name == "attested":
            return FilledDateColumn(field_name, django_field)
        if field_name in ("name_since", "superior_since", "dissolved"):
            return SinceColumn(field_name, django_field)
        return super().field_from_django_field(field_name, django_field, readonly)

    @classmethod
    def in_order(cls, rows):
        return rows.order_by("tree_id", "lft")

    def may_change(self, user, old, new):
        """Both ends of a move count; the top is for those who may publish units."""
        if old is not None and old["parent"] == new["parent"]:
            return True
        ends = {new["parent"], old["parent"]} if old else {new["parent"]}
        return "" not in ends or rights.may_change(user, None)

    def ask(self, part):
        changed_in_files.ask(part)

    def settle(self, part):
        """What nobody has dated of units that are public is certain from today on."""
        memory = {}

        def settled(*texts):
            if texts not in memory:
                dates = [self.fields[n].value(t) for n, t in zip(SETTLED, texts, strict=True)]
                unit = SimpleNamespace(**dict(zip(SETTLED, dates, strict=True)))
                memory[texts] = {name: str(getattr(unit, name)) for name in settle(unit)}
            return memory[texts]

        part.rewrite(SETTLED, settled)

    def numbers_for_new(self, part, writer):
        """Numbers of all units, computed before writing where most of them are new.

        Otherwise the rows that are there are the larger part, and one renumbering afterwards,
        which writes only what changed, is the shorter way.
        """
        count = self.rows().count()
        if len(part.creates) * 2 < count:
            return None
        moves = {}
        parent_at, order_at = part.position["parent"], part.position["order"]
        for update in part.updates:
            if parent_at in update.changed or order_at in update.changed:
                code = update.new[parent_at]
                superior = writer.pk(Unit, code) if code else None
                moves[update.pk] = (superior, int(update.new[order_at]))
        known = writer.known(Unit)
        ids = writer.ids[self.kind]
        added = [
            (ids[code], known[parent] if parent else None, code, int(order))
            for code, parent, order in zip(
                part.new_texts_of("code"),
                part.new_texts_of("parent"),
                part.new_texts_of("order"),
                strict=True,
            )
        ]
        numbers, self._changed = tree.numbers_after(added, moves)
        return numbers

    def after_write(self, part, numbered):
        if numbered:
            tree.write_numbers(self._changed)
            return
        places = {part.position["parent"], part.position["order"]}
        if part.creates or any(places & set(update.changed) for update in part.updates):
            tree.renumber()


class ExternalBodyResource(RecordResource):
    @classmethod
    def field_from_django_field(cls, field_name, django_field, readonly):
        if field_name == "partner_since":
            return SinceColumn(field_name, django_field)
        return super().field_from_django_field(field_name, django_field, readonly)

    def settle(self, part):
        """Since when a public body has been a partner is certain from today on, if not before."""
        names = ("status", "publish_at", "is_partner", "partner_since")

        def settled(*texts):
            values = [self.fields[n].value(t) for n, t in zip(names, texts, strict=True)]
            body = SimpleNamespace(**dict(zip(names, values, strict=True)))
            return {name: str(body.partner_since) for name in settle_partnership(body)}

        part.rewrite(names, settled)

    class Meta(RecordResource.Meta):
        model = ExternalBody
        fields = [*kind_of(ExternalBody).columns]


class DatedRowResource(RecordResource):
    """Rows that may be to come. Bulk writes know no ``save()``, so their day is written after."""

    belongs_to = ("unit",)

    class Meta:
        abstract = True

    def after_write(self, part, numbered):
        """The day on which each new or changed row takes effect; by then the units are written."""
        model = self.model()
        rows = models.QuerySet(model).select_related("unit").order_by("pk")
        codes = [*part.new_texts_of("code"), *(u.new[part.position["code"]] for u in part.updates)]
        changed = []
        for start in range(0, len(codes), 500):
            # Only such a row can be to come, or have been.
            some = rows.filter(code__in=codes[start : start + 500])
            for row in some.filter(Q(end="") | Q(takes_effect__isnull=False)):
                day = row.effect_day()
                if day != row.takes_effect:
                    row.takes_effect = day
                    changed.append(row)
        model.objects.bulk_update(changed, ["takes_effect"], batch_size=500)


class DatedNameResource(DatedRowResource):
    def check(self, part):
        _check_to_come(part)

    class Meta(RecordResource.Meta):
        model = DatedName
        fields = [*kind_of(DatedName).columns]


class DatedSuperiorResource(DatedRowResource):
    class Meta(RecordResource.Meta):
        model = DatedSuperior
        fields = [*kind_of(DatedSuperior).columns]

    @classmethod
    def sample(cls, number):
        years = {"begin": str(1996 + 2 * number), "end": str(1997 + 2 * number)}
        return {"unit": "example-2", "parent": "example-1", **years}

    def check(self, part):
        _check_to_come(part)


def _check_to_come(part):
    """Refuse at their cells rows to come that do not begin on a day or have an end."""
    for index, _pk, text in part.final_rows():
        if index is None:
            continue
        written = {name: text(part.position[name]) for name in ("begin", "end")}
        dates = [HistoricalDate.parse(one) if one else None for one in written.values()]
        try:
            refuse_vague_future(*dates)
        except ValidationError as error:
            for name, sentences in error.message_dict.items():
                part.refuse(Refused("to_come", *sentences), index, name, written[name])


class LinkResource(RecordResource):
    belongs_to = ("unit",)

    class Meta(RecordResource.Meta):
        model = Link
        fields = [*kind_of(Link).columns]

    @classmethod
    def sample(cls, number):
        return {"url": "https://example.org/"} if number else {"target": "example-2"}
