"""Units and what belongs to them, as rows of files."""

from contextlib import contextmanager

from django.db import connection
from django.db.models import Q

import units.translation  # noqa: F401 - the columns of translations must exist
from exchange import register
from exchange.columns import translated
from exchange.locking import Busy
from exchange.resource import RecordResource
from exchange.vocabulary import VocabularyColumn
from units import rights, tree
from units.models import ExternalBody, FormerName, FormerParent, Link, Unit, UnitKind
from units.tree import numbering

# What a unit gets whose row names no kind.
ANY_UNIT = ("unit", {"az": "Qurum", "en": "Unit", "ru": "Подразделение"})


@register
class UnitKindResource(RecordResource):
    kind = "unit_kinds"

    class Meta(RecordResource.Meta):
        model = UnitKind
        fields = ["code", *translated("name"), "order"]


@register
class UnitResource(RecordResource):
    """One row ↔ one unit; ``parent`` is the code of its superior."""

    kind = "units"
    tree = True
    closes = "dissolved"
    makes = ("unit_kinds",)

    class Meta(RecordResource.Meta):
        model = Unit
        fields = [
            "code", "parent", "order", "kind", *translated("name", "short_name", "abbreviation"),
            "native_name", "slug", *translated("summary", "body", "mandate", "jurisdiction"),
            *translated("address"), "latitude", "longitude", "phone", "email", "website",
            *translated("opening_hours"), "emblem", *translated("emblem_caption", "emblem_alt"),
            "founded", "dissolved", "closing_reason", "status", "publish_at",
        ]  # fmt: skip

    @classmethod
    def field_from_django_field(cls, field_name, django_field, readonly):
        if field_name == "kind":
            return VocabularyColumn("kind", django_field, fallback=ANY_UNIT)
        return super().field_from_django_field(field_name, django_field, readonly)

    @classmethod
    def in_order(cls, rows):
        return rows.order_by("tree_id", "lft")

    @classmethod
    @contextmanager
    def writing(cls):
        try:
            with tree.writing():
                yield
        except tree.TreeBusy as error:
            raise Busy from error

    def may_change(self, user, old, new):
        """Both ends of a move count; the top is for those who may publish units."""
        if old is not None and old["parent"] == new["parent"]:
            return True
        ends = {new["parent"], old["parent"]} if old else {new["parent"]}
        return "" not in ends or rights.may_change(user, None)

    def numbers_for_new(self, part, writer):
        """Numbers of all units, computed before writing where most of them are new.

        Otherwise the rows that are there are the larger part, and one renumbering afterwards,
        which writes only what changed, is the shorter way.
        """
        count = self.rows().count()
        if len(part.creates) * 2 < count:
            return None
        rows = numbering._read(connection.alias)
        moves = {}
        parent_at, order_at = part.position["parent"], part.position["order"]
        for update in part.updates:
            if parent_at in update.changed or order_at in update.changed:
                moves[update.pk] = (update.new[parent_at], int(update.new[order_at]))
        for row in rows:
            if row.id in moves:
                code, row.order = moves[row.id]
                row.parent_id = writer.pk(Unit, code) if code else None
        ids = writer.ids[self.kind]
        for index in part.creates:
            code = part.new_text(index, "code")
            parent = part.new_text(index, "parent")
            rows.append(
                numbering._Row(
                    ids[code],
                    writer.pk(Unit, parent) if parent else None,
                    code,
                    int(part.new_text(index, "order")),
                    0,
                    0,
                    0,
                    0,
                )
            )
        rank = _ranks([row.code for row in rows])
        rows.sort(key=lambda row: (row.order, rank[row.code]))
        numbers = numbering._numbers(numbering._children_of(rows))
        new = set(ids.values())
        self._changed = [
            (row.id, *numbers[row.id])
            for row in rows
            if row.id not in new and row.numbers != numbers[row.id]
        ]
        return numbers

    def after_write(self, part, numbered):
        if numbered:
            numbering._write(self._changed, connection.alias)
            return
        places = {part.position["parent"], part.position["order"]}
        if part.creates or any(places & set(update.changed) for update in part.updates):
            tree.renumber()


def _ranks(codes):
    """{code: rank} in the order of the database, which decides among units of one order."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT code FROM unnest(%s::text[]) AS t (code) ORDER BY code", [codes])
            return {code: rank for rank, (code,) in enumerate(cursor.fetchall())}
    return {code: rank for rank, code in enumerate(sorted(codes))}


@register
class ExternalBodyResource(RecordResource):
    kind = "external_bodies"

    class Meta(RecordResource.Meta):
        model = ExternalBody
        fields = [
            "code", *translated("name", "abbreviation"), "slug", "kind", "is_partner",
            "partner_since", *translated("summary"), "website", "order", "status", "publish_at",
        ]  # fmt: skip


@register
class FormerNameResource(RecordResource):
    kind = "former_names"
    belongs_to = ("unit",)

    class Meta(RecordResource.Meta):
        model = FormerName
        fields = ["code", "unit", *translated("name"), "begin", "end", *translated("note")]


@register
class FormerParentResource(RecordResource):
    kind = "former_parents"
    belongs_to = ("unit",)

    class Meta(RecordResource.Meta):
        model = FormerParent
        fields = ["code", "unit", "parent", "external_body", "begin", "end", *translated("note")]

    @classmethod
    def visible_to(cls, user):
        """Rows whose unit and whose superior may both be seen."""
        units = Unit.objects.visible_to(user).order_by().values("pk")
        bodies = ExternalBody.objects.visible_to(user).order_by().values("pk")
        return super().visible_to(user).filter(Q(parent__in=units) | Q(external_body__in=bodies))


@register
class LinkResource(RecordResource):
    kind = "links"
    belongs_to = ("unit",)

    class Meta(RecordResource.Meta):
        model = Link
        fields = ["code", "unit", *translated("title"), "target", "url", "order"]
